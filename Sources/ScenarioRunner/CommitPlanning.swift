public import PlimsollCore
public import Rating

/// Whatever finds the commitments to buy: the runner is handed one and knows no planner by name.
public protocol CommitPlanning: Sendable {
    /// The purchases for `input`, on top of the commitments it has.
    func plan(_ input: RatingInput, _ options: CommitOptions) throws(Failure) -> CommitPlan
}

/// What a `commit` lever allows.
public struct CommitOptions: Hashable, Sendable {
    /// Offers to choose from; nil = every one the price book has.
    public var offers: [Offer]?
    /// Terms to choose from; empty = all.
    public var terms: [Term]
    /// Ways of payment to choose from; empty = all.
    public var payments: [Payment]
    /// Months between the days on which purchases may begin; nil = everything is held throughout the window.
    public var ladder: Int?
    /// Yearly rate at which later money counts for less, in ten-thousandths.
    public var discount = 0
    /// Share of what is left of a commitment after the window that it is still worth, in ten-thousandths.
    public var terminal = 10_000
    /// Limits that purchases keep.
    public var constraints = PurchaseConstraints()

    /// Choices without a ladder or limits.
    public init(offers: [Offer]? = nil, terms: [Term] = [], payments: [Payment] = []) {
        self.offers = offers
        self.terms = terms
        self.payments = payments
    }
}

/// What a planner gives back.
public struct CommitPlan: Sendable {
    /// What to buy.
    public var purchases: [Commitment]
    /// How good it is.
    public var certificate: Certificate
    /// What it says of everything it looked at.
    public var verdicts: [Verdict]
    /// Files of the plan, to be written beside the report.
    public var files: [(name: String, bytes: [UInt8])]

    /// A plan.
    public init(
        purchases: [Commitment], certificate: Certificate, verdicts: [Verdict],
        files: [(name: String, bytes: [UInt8])]
    ) {
        self.purchases = purchases
        self.certificate = certificate
        self.verdicts = verdicts
        self.files = files
    }
}
