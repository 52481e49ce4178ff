public import PlimsollCore

/// Microsoft Azure: how its bills read, and how its discounts apply.
public enum Azure {
    /// What this module is.
    public static let descriptor = ProviderDescriptor(
        id: "azure", name: "Microsoft Azure",
        capabilities: [
            "bills: cost details, actual and amortised, of Enterprise and Customer Agreements",
            "price lists: retail prices",
            "benefit programs: reservations of virtual machines, savings plan for compute, licences apart",
            "subscriptions: inventory, metrics, reservations, savings plans",
        ],
        permissions: permissions,
        notCovered: [
            "built-in prices; ratios of sizes other than those the bill shows",
            "licences that a reservation leaves to be paid (Windows, SQL)",
            "reservations of other services than virtual machines, and of capacity bought ahead",
            "refunds and exchanges of reservations",
            "cost details of pay-as-you-go offers without billing periods",
            "usage details and exports by API; what reservations cost and their flexibility groups",
        ])
}
