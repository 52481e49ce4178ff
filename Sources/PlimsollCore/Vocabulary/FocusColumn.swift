/// One column of FOCUS, the FinOps Open Cost and Usage Specification.
public struct FocusColumn: Hashable, Sendable {
    /// What a cell holds.
    public enum Kind: String, Sendable {
        /// Text.
        case string
        /// Exact decimal.
        case decimal
        /// UTC time.
        case time
        /// JSON text.
        case json
    }

    /// Name in the header.
    public var name: String
    /// What a cell holds.
    public var kind: Kind

    private init(_ name: String, _ kind: Kind = .string) {
        self.name = name
        self.kind = kind
    }

    /// The columns of version 1.2, in the specification's alphabetical order.
    public static let all: [FocusColumn] = [
        .init("AvailabilityZone"), .init("BilledCost", .decimal), .init("BillingAccountId"),
        .init("BillingAccountName"), .init("BillingAccountType"), .init("BillingCurrency"),
        .init("BillingPeriodEnd", .time), .init("BillingPeriodStart", .time), .init("CapacityReservationId"),
        .init("CapacityReservationStatus"), .init("ChargeCategory"), .init("ChargeClass"),
        .init("ChargeDescription"), .init("ChargeFrequency"), .init("ChargePeriodEnd", .time),
        .init("ChargePeriodStart", .time), .init("CommitmentDiscountCategory"), .init("CommitmentDiscountId"),
        .init("CommitmentDiscountName"), .init("CommitmentDiscountQuantity", .decimal),
        .init("CommitmentDiscountStatus"), .init("CommitmentDiscountType"), .init("CommitmentDiscountUnit"),
        .init("ConsumedQuantity", .decimal), .init("ConsumedUnit"), .init("ContractedCost", .decimal),
        .init("ContractedUnitPrice", .decimal), .init("EffectiveCost", .decimal), .init("InvoiceId"),
        .init("InvoiceIssuerName"), .init("ListCost", .decimal), .init("ListUnitPrice", .decimal),
        .init("PricingCategory"), .init("PricingCurrency"), .init("PricingCurrencyContractedUnitPrice", .decimal),
        .init("PricingCurrencyEffectiveCost", .decimal), .init("PricingCurrencyListUnitPrice", .decimal),
        .init("PricingQuantity", .decimal), .init("PricingUnit"), .init("ProviderName"), .init("PublisherName"),
        .init("RegionId"), .init("RegionName"), .init("ResourceId"), .init("ResourceName"), .init("ResourceType"),
        .init("ServiceCategory"), .init("ServiceName"), .init("ServiceSubcategory"), .init("SkuId"),
        .init("SkuMeter"), .init("SkuPriceDetails", .json), .init("SkuPriceId"), .init("SubAccountId"),
        .init("SubAccountName"), .init("SubAccountType"), .init("Tags", .json),
    ]

    /// Columns without which a row means nothing.
    public static let essential: Set<String> = [
        "BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodStart", "ChargePeriodStart",
        "ChargePeriodEnd", "ChargeCategory", "EffectiveCost", "ProviderName",
    ]
}
