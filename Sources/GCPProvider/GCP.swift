public import PlimsollCore

/// Google Cloud: how its bills read, and how its discounts apply.
public enum GCP {
    /// What this module is.
    public static let descriptor = ProviderDescriptor(
        id: "gcp", name: "Google Cloud",
        capabilities: [
            "bills: standard and detailed usage cost exports",
            "price lists: the billing catalogue",
            "benefit programs: resource-based and Compute flexible committed-use discounts",
        ],
        permissions: [],
        notCovered: [
            "built-in prices; machine types as the sum of their vCPU and memory",
            "sustained-use discounts: what a bill shows of them is carried",
            "flexible commitments before 2026-01-21, spend-based commitments of other services",
            "commitments of GPUs and local SSDs",
            "the exports of prices and of commitments' metadata",
            "reading an account: inventory, metrics, billing files",
        ])
}
