public import PlimsollCore

/// Alibaba Cloud: how its bills read, and how its discounts apply.
public enum Alibaba {
    /// What this module is.
    public static let descriptor = ProviderDescriptor(
        id: "alibaba", name: "Alibaba Cloud",
        capabilities: [
            "bills: bill details with English headers",
            "benefit programs: reserved instances of a size and of a family, ECS and general-purpose savings plans",
            "accounts: inventory, metrics, spot prices, commitments",
        ],
        permissions: permissions,
        notCovered: [
            "built-in prices; reserved instances that serve other sizes; storage capacity units",
            "the order of billing times within an hour, where a plan cannot pay for all: rows keep the order of the usage file",
            "rows that a savings plan pays for in part",
            "upgraded bills (by invitation), split bills, Chinese headers",
            "the unused part of a savings plan, which the bill does not state",
            "objects in OSS, application and network load balancers, fees of reserved instances, list prices by API",
        ])
}
