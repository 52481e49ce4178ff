/// A term of a contract that works on a whole bill, month by month and billing account by billing account.
///
/// They apply in the order discount, support, floor, tax, credit, each on what the ones before left.
public struct Agreement: Hashable, Sendable {
    /// What it does.
    public enum Kind: Hashable, Sendable {
        /// Takes `percent` off usage and fees in scope (a private discount).
        case discount(percent: Quantity)
        /// Adds a percentage of the month's charges, by marginal tiers (a support plan), at least `minimum`.
        case support(tiers: [PercentTier], minimum: Money)
        /// Raises the month's charges in scope to at least `amount` (EDP, MACC, spend commitments).
        case floor(amount: Money)
        /// Adds `percent` of all charges (tax).
        case tax(percent: Quantity)
        /// Takes up to `amount` off charges in scope, until used up or `expires`.
        case credit(amount: Money, expires: Day?)
        /// Adds `amount` every month (fixed), or once in the month of `on`.
        case fixed(amount: Money, on: Day?)
    }

    /// The part of a month's charges from `from` (up to the next tier) is charged `percent` of itself.
    public struct PercentTier: Hashable, Sendable {
        /// Lower end of the tier, in the bill's currency.
        public var from: Money
        /// Percent of the part within the tier.
        public var percent: Quantity

        /// A marginal tier.
        public init(from: Money, percent: Quantity) {
            self.from = from
            self.percent = percent
        }
    }

    /// Name for the bill.
    public var name: String
    /// Billing account; empty = every one.
    public var billingAccount: String
    /// Service; empty = every one, commitments' fees included.
    public var service: String
    /// What it does.
    public var kind: Kind

    /// An agreement.
    public init(name: String, billingAccount: String = "", service: String = "", kind: Kind) {
        self.name = name
        self.billingAccount = billingAccount
        self.service = service
        self.kind = kind
    }
}

/// What kind of charge a line of a bill is.
public enum ChargeKind: String, Sendable, Codable, CaseIterable, Comparable {
    /// Price × quantity.
    case usage
    /// A commitment's fee, used or not.
    case commitmentFee = "commitment-fee"
    /// Fixed or one-time.
    case fixed
    /// A share of other charges: support, tax, private discounts.
    case percentOf = "percent-of"
    /// What a spend floor adds.
    case floor
    /// Taken off.
    case credit
    /// Taken over as it is: spot market, marketplace, anything no rule models.
    case carried

    /// Order as declared.
    public static func < (left: ChargeKind, right: ChargeKind) -> Bool {
        let order = ChargeKind.allCases
        return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }

    /// Where the amount comes from: a rule and a price (`rated`), other charges (`derived`), or the
    /// bill it was taken from (`carried`).
    public var basis: String {
        switch self {
        case .usage, .commitmentFee, .fixed: "rated"
        case .percentOf, .floor, .credit: "derived"
        case .carried: "carried"
        }
    }
}
