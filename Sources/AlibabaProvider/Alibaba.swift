public import PlimsollCore

/// Alibaba Cloud: how its bills read.
public enum Alibaba {
    /// What this module is.
    public static let descriptor = ProviderDescriptor(
        id: "alibaba", name: "Alibaba Cloud",
        capabilities: ["bills: bill details with English headers"],
        permissions: [],
        notCovered: [
            "benefit programs, built-in prices",
            "upgraded bills (by invitation), split bills, Chinese headers",
            "the unused part of a savings plan, which the bill does not state",
            "reading an account: inventory, metrics, billing files",
        ])
}
