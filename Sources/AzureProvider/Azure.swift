public import PlimsollCore

/// Microsoft Azure: how its bills read.
public enum Azure {
    /// What this module is.
    public static let descriptor = ProviderDescriptor(
        id: "azure", name: "Microsoft Azure",
        capabilities: [
            "bills: cost details, actual and amortised, of Enterprise and Customer Agreements",
            "price lists: retail prices",
        ],
        permissions: [],
        notCovered: [
            "benefit programs, built-in prices",
            "cost details of pay-as-you-go offers without billing periods",
            "reading an account: inventory, metrics, billing files",
        ])
}
