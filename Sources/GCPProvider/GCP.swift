public import PlimsollCore

/// Google Cloud: how its bills read, and how its discounts apply.
public enum GCP {
    /// What this module is.
    public static let descriptor = ProviderDescriptor(
        id: "gcp", name: "Google Cloud",
        capabilities: [
            "bills: standard and detailed usage cost exports",
            "price lists: the billing catalogue",
            "benefit programs: resource-based commitments, Compute flexible ones of both models, sustained use, "
                + "machine types as the sum of their vCPU, memory and GPUs",
            "projects: inventory, metrics, commitments, Google's own recommendations",
        ],
        permissions: permissions,
        notCovered: [
            "built-in prices; prices of GPUs and local SSDs in price lists and bills",
            "spend-based commitments of other services",
            "what flexible commitments before 2026-01-21 commit: a bill shows their fee alone",
            "the exports of prices and of commitments' metadata",
            "flexible commitments, which are in no API; the billing export by API",
        ])
}
