/// How a commitment is bought, in the vendor's own words: what to look up, what to run, and how to undo it.
public struct PurchaseSteps: Hashable, Sendable {
    /// Command that finds the offering's id; empty where none is needed.
    public var lookup: String
    /// Command that buys, with placeholders in capitals between `<` and `>`.
    public var buy: String
    /// What the vendor calls it, with its term and payment.
    public var title: String
    /// How to undo it, or the statement that there is no way.
    public var undo: String
    /// What to look at before buying.
    public var checks: [String]

    /// Steps in the vendor's words.
    public init(title: String, lookup: String, buy: String, undo: String, checks: [String]) {
        self.title = title
        self.lookup = lookup
        self.buy = buy
        self.undo = undo
        self.checks = checks
    }
}
