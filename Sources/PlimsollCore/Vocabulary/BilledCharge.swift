/// Charges of a real bill, summed over a month by what they are for: what a re-rated past is compared with.
public struct BilledCharge: Hashable, Sendable {
    /// How finely the bill tells when it was used.
    public enum Shape: String, Sendable, Codable, CaseIterable {
        /// By the hour; empty in files.
        case hour
        /// By the day or a part of it: spread over its hours.
        case day
        /// By more than a day: spread over its hours.
        case longer
    }

    /// First day of the month.
    public var month: Day
    /// What kind of charge.
    public var kind: ChargeKind
    /// The bill's words for it, where it is no usage: a tax, a credit, a support plan.
    public var name: String
    /// What was used, for usage; else only who pays and which service.
    public var key: UsageKey
    /// The commitment that paid for the usage, or whose fee it is; empty = none.
    public var commitment: String
    /// How finely the bill tells when it was used.
    public var shape: Shape
    /// Units; negative for corrections.
    public var quantity: Quantity
    /// At on-demand prices.
    public var list: Money
    /// At the customer's own prices.
    public var contracted: Money
    /// Amortised.
    public var effective: Money
    /// Cash.
    public var billed: Money
    /// ISO 4217 code of the amounts.
    public var currency: String

    /// A charge of nothing.
    public init(month: Day, kind: ChargeKind, key: UsageKey) {
        self.month = month
        self.kind = kind
        self.key = key
        name = ""
        commitment = ""
        shape = .hour
        quantity = .zero
        list = .zero
        contracted = .zero
        effective = .zero
        billed = .zero
        currency = ""
    }
}

/// How much usage a commitment paid for in one hour, by the bill.
public struct BilledCoverage: Hashable, Sendable {
    /// The hour.
    public var hour: Hour
    /// Id of the commitment.
    public var commitment: String
    /// Units of usage, whatever their sizes.
    public var quantity: Quantity

    /// Coverage of one hour.
    public init(hour: Hour, commitment: String, quantity: Quantity) {
        self.hour = hour
        self.commitment = commitment
        self.quantity = quantity
    }
}
