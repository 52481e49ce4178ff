/// A change a lever proposes: a pure function on usage lines or on the commitments held.
public enum Action: Hashable, Sendable {
    /// Take a resource away.
    case release(resource: String)
    /// Replace the SKU of a resource.
    case resize(resource: String, to: String)
    /// Run only in some hours of the week.
    case schedule(resource: String, hoursOfWeek: [Int])
    /// Buy a commitment.
    case commit(Commitment)
}

/// What a recommender says of one resource or pool it looked at. Nothing is silently left out.
public struct Verdict: Hashable, Sendable, Codable {
    /// The outcome.
    public enum Outcome: Hashable, Sendable, Codable {
        /// Do it: the evidence.
        case recommend(evidence: String)
        /// Leave it: the reason.
        case keep(reason: String)
        /// Could not be judged: what is missing, and what would supply it.
        case notEvaluated(missing: String, remedy: String)
    }

    /// Which recommender or planner.
    public var recommender: String
    /// The resource, SKU or pool.
    public var subject: String
    /// What it says.
    public var outcome: Outcome

    /// A verdict on `subject`.
    public init(recommender: String, subject: String, outcome: Outcome) {
        self.recommender = recommender
        self.subject = subject
        self.outcome = outcome
    }
}

/// How far a plan is from the best possible one.
///
/// `lowerBound ≤ relaxation ≤ cost`: no plan of the same space costs less than the lower bound; the
/// relaxation is the purchases' cost under the best hourly allocation; the cost is by the vendor's order.
public struct Certificate: Hashable, Sendable, Codable {
    /// No plan in the space costs less.
    public var lowerBound: Money
    /// The purchases' cost if each hour were allocated at its best.
    public var relaxation: Money
    /// The purchases' cost by the vendor's order.
    public var cost: Money
    /// The part of the cost that purchases can change: without commitments already held, spot and usage no
    /// offer reaches. Gaps are given over it.
    public var eligibleCost: Money
    /// On-demand cost of all usage.
    public var onDemandCost: Money

    /// The bill with the purchases on the effective lens; the cost, unless that is valued by a discount rate or by
    /// what outlasts the window.
    public var billed: Money
    /// Limits over several purchases, as far as the plan has any.
    public var limits: [Limit] = []

    /// A limit that the plan keeps, and what easing it would be worth.
    public struct Limit: Hashable, Sendable, Codable {
        /// Its name: `upfront 2027-01`.
        public var name: String
        /// The most that is allowed.
        public var limit: Money
        /// What the purchases take of it.
        public var used: Money
        /// What the bound falls by, per unit, where a little more is allowed.
        public var price: Money

        /// A limit.
        public init(name: String, limit: Money, used: Money, price: Money) {
            (self.name, self.limit, self.used, self.price) = (name, limit, used, price)
        }
    }

    /// A certificate of the four costs.
    public init(lowerBound: Money, relaxation: Money, cost: Money, eligibleCost: Money, onDemandCost: Money) {
        billed = cost
        self.lowerBound = lowerBound
        self.relaxation = relaxation
        self.cost = cost
        self.eligibleCost = eligibleCost
        self.onDemandCost = onDemandCost
    }
}

/// What a planner proposes.
public struct Plan: Hashable, Sendable {
    /// What to do.
    public var actions: [Action]
    /// How good it is.
    public var certificate: Certificate?
    /// What it says of everything it looked at.
    public var verdicts: [Verdict]

    /// A plan of `actions`.
    public init(actions: [Action], certificate: Certificate?, verdicts: [Verdict]) {
        self.actions = actions
        self.certificate = certificate
        self.verdicts = verdicts
    }
}
