public import CommitmentPlanner
public import PlimsollCore
public import Rating

/// What a commitment planner is asked.
public struct CommitRequest: Sendable {
    /// The estate to plan for; `window` bounds it.
    public var input: RatingInput
    /// What may be bought.
    public var options: PlanOptions
    /// Inputs by name, for the plan's hashes; empty where they are written with the plan.
    public var inputs: [String: [UInt8]]

    /// A request.
    public init(input: RatingInput, options: PlanOptions, inputs: [String: [UInt8]]) {
        self.input = input
        self.options = options
        self.inputs = inputs
    }
}

/// What a commitment planner answers.
public struct CommitPlan: Sendable {
    /// What to buy.
    public var purchases: [Commitment]
    /// How good that is; nil where there was nothing to plan.
    public var certificate: Certificate?
    /// What was looked at and what was found.
    public var verdicts: [Verdict]
    /// `plan.json` and what belongs to it.
    public var files: [OutputFile]
    /// For people.
    public var summary: String

    /// An answer.
    public init(
        purchases: [Commitment], certificate: Certificate?, verdicts: [Verdict], files: [OutputFile], summary: String
    ) {
        self.purchases = purchases
        self.certificate = certificate
        self.verdicts = verdicts
        self.files = files
        self.summary = summary
    }
}

/// Finds what to buy. Pure: the answer depends on the request alone.
public protocol CommitPlanning: Sendable {
    /// The best purchases found, with a certificate.
    func plan(_ request: CommitRequest) throws(Failure) -> CommitPlan
}

/// Stands in where no planner is wired: buys nothing and says so.
public struct UnwiredPlanner: CommitPlanning {
    /// What commands that need a planner say.
    public static let failure = Failure(
        .missingTool, "plan.no-planner", "this build has no commitment planner", hint: "use a build that has one")

    /// A planner that buys nothing.
    public init() {}

    /// Nothing to buy, and a verdict that says why.
    public func plan(_ request: CommitRequest) throws(Failure) -> CommitPlan {
        let verdict = Verdict(
            recommender: "commitments", subject: "all usage",
            outcome: .notEvaluated(missing: "a commitment planner", remedy: "use a build that has one"))
        let document = JSONValue.object(["purchases": .array([]), "inputs": .object([:]), "certificate": .null])
        return CommitPlan(
            purchases: [], certificate: nil, verdicts: [verdict], files: [OutputFile("plan.json", document.text)],
            summary: "nothing to buy: this build has no commitment planner\n")
    }
}
