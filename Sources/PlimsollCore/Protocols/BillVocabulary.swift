/// A provider's words in its bills, by which a ledger's rows become usage lines, prices, commitments and
/// agreements.
public struct BillVocabulary: Hashable, Sendable {
    /// Where what a commitment costs an hour is read.
    public enum FeeSource: Hashable, Sendable {
        /// From its recurring fee rows: each stands for the hours of its charge period.
        case fees
        /// From what its used and unused parts cost together in a charge period.
        case use
    }

    /// An amount that a usage row holds within its own cost, to be told apart from it.
    public struct InnerAmount: Hashable, Sendable {
        /// What it is.
        public enum Role: Hashable, Sendable {
            /// A discount of the customer's own.
            case discount
            /// Something no rule bills.
            case carried
        }

        /// Column of the ledger: an amount in the billing currency.
        public var column: String
        /// Whether the column counts what was taken off as a positive number.
        public var isDeduction: Bool
        /// The bill's word for it.
        public var name: String
        /// What it is.
        public var role: Role

        /// An amount in `column`.
        public init(column: String, isDeduction: Bool, name: String, role: Role) {
            self.column = column
            self.isDeduction = isDeduction
            self.name = name
            self.role = role
        }
    }

    /// A support plan with the percentages its vendor publishes.
    public struct SupportPlan: Hashable, Sendable {
        /// `x_ServiceCode` of its charges.
        public var service: String
        /// Name for people.
        public var name: String
        /// Marginal percentages of a month's charges, lowest first.
        public var tiers: [Agreement.PercentTier]
        /// The least that a month costs.
        public var minimum: Money

        /// A plan.
        public init(service: String, name: String, tiers: [Agreement.PercentTier], minimum: Money) {
            self.service = service
            self.name = name
            self.tiers = tiers
            self.minimum = minimum
        }
    }

    /// The provider's word in the interchange files.
    public var provider: String
    /// Its names in the column ProviderName, in lower case.
    public var names: [String]
    /// Offer of a spend plan by `x_PlanType`.
    public var planOffers: [String: Offer]
    /// Offer of a reservation by `x_OfferingClass`, in lower case; empty where the bill names no class.
    public var reservationOffers: [String: Offer]
    /// Where what a commitment costs an hour is read.
    public var feeSource = FeeSource.fees
    /// `x_LineItemType` of discounts that stand as rows of their own, in the order they are taken.
    public var discounts: [String] = []
    /// `x_LineItemType` of rows that are part of a commitment's fee, whatever their category.
    public var feeParts: [String] = []
    /// `x_LineItemType` of purchases of one resource for a time: kept as commitments that serve nothing.
    public var subscriptions: [String] = []
    /// Amounts within the cost of usage rows.
    public var innerAmounts: [InnerAmount] = []
    /// Column with the credit of usage that a counted commitment paid for, where the bill does not say
    /// which one: it belongs to the only commitment of the SKU in the region.
    public var creditedUse: String?
    /// Support plans.
    public var supportPlans: [SupportPlan] = []
    /// How to learn how far a commitment is shared, where the bill does not say it; nil where it goes without
    /// saying.
    public var scopeRemedy: String?

    /// A vocabulary.
    public init(
        provider: String, names: [String], planOffers: [String: Offer] = [:], reservationOffers: [String: Offer] = [:]
    ) {
        self.provider = provider
        self.names = names
        self.planOffers = planOffers
        self.reservationOffers = reservationOffers
    }
}
