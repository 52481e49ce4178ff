public import PlimsollCore

/// Google Cloud: how its bills read.
public enum GCP {
    /// What this module is.
    public static let descriptor = ProviderDescriptor(
        id: "gcp", name: "Google Cloud",
        capabilities: ["bills: standard and detailed usage cost exports", "price lists: the billing catalogue"],
        permissions: [],
        notCovered: [
            "benefit programs, built-in prices",
            "the exports of prices and of commitments' metadata",
            "reading an account: inventory, metrics, billing files",
        ])
}
