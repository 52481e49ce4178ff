public import PlimsollCore
public import Rating

/// The space of plans for an estate: which usage can be served by which purchasable pool at what price,
/// in the integers of ``PlanningModel``.
public struct PlanningSpace: Sendable {
    /// What a pool of the model means.
    public struct Scope: Sendable {
        /// A commitment of this pool, with quantity and amounts still zero.
        public var template: Commitment
        /// SKUs a counted pool can be bought as, cheapest per unit first, with the size of one.
        public var sizes: [Size]
        /// Whether it can be bought (else it is held already).
        public var isPurchase: Bool
    }

    /// One SKU a counted pool can be bought as.
    public struct Size: Sendable, Hashable {
        /// The SKU.
        public var sku: String
        /// Pool units one of it holds, in 10⁻¹².
        public var units: Int128
        /// Paid every hour for one.
        public var hourly: Money
        /// Paid once for one.
        public var upfront: Money
        /// Hours the upfront part is spread over.
        public var termHours: Int

        /// Cost of one over its term, in 10⁻¹² currency.
        var perTerm: Int128 { hourly.raw * Int128(termHours) + upfront.raw }

        /// Whether it is cheaper per pool unit and hour than `other`; at the same price the smaller size first.
        func precedes(_ other: Size) -> Bool {
            let mine = perTerm * Int128(other.termHours) * (other.units / 1_000_000_000)
            let theirs = other.perTerm * Int128(termHours) * (units / 1_000_000_000)
            if mine != theirs { return mine < theirs }
            return units != other.units ? units < other.units : sku < other.sku
        }
    }

    /// The problem.
    public internal(set) var model: PlanningModel
    /// What each pool of the model means, in the same order.
    public internal(set) var scopes: [Scope] = []
    /// Usage lines of the model's cells, in the same order.
    public internal(set) var keys: [UsageKey] = []
    /// First hours of the model's cells, in the same order.
    public internal(set) var starts: [Hour] = []
    /// On-demand cost of usage that no pool of the model reaches, rounded down, in 10⁻¹² currency.
    public internal(set) var unreached: Int128 = 0
    /// On-demand cost of usage that some offer reaches, rounded down, in 10⁻¹² currency.
    public internal(set) var reached: Int128 = 0
    /// A pool of the space that the model does without.
    public struct LeftOut: Sendable, Hashable {
        /// Its name.
        public var pool: String
        /// Why no plan is worse for it.
        public var why: String
    }

    /// Purchasable pools that no best plan needs.
    public internal(set) var leftOut: [LeftOut] = []
    /// Usage no pool reaches, and why.
    public internal(set) var verdicts: [Verdict] = []
    /// Hours planned for.
    public internal(set) var window: HourGrid
    /// What money counts for by time.
    var valuation: Valuation
    /// Rules by commitment and day: the part of the hourly fee that is paid, in 10⁻¹².
    var rules: CoverageRules

    /// What a purchase costs, by the valuation.
    func cost(of item: Commitment) -> Money {
        valuation.cost(of: item) { rules.prepare(item, on: $0)?.feeShare ?? FixedPoint.one }
    }
}

extension PlanningSpace {
    /// The space of `options` over the usage of `input`. The window is the usage's, or the input's.
    public init(_ input: RatingInput, _ options: PlanOptions) throws(Failure) {
        var builder = try SpaceBuilder(input, options)
        self = try builder.build()
    }
}
