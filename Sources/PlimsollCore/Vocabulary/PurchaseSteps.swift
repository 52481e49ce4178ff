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

    /// The purchase as a resource; nil where there is none.
    public var resource: PurchaseResource?
    /// Why there is no resource; empty where there is one.
    public var noResource: String
    /// The purchase as the console's page asks for it; nil where it is not known.
    public var form: PurchaseForm?

    /// Steps in the vendor's words.
    public init(
        title: String, lookup: String, buy: String, undo: String, checks: [String],
        resource: PurchaseResource? = nil, noResource: String = "", form: PurchaseForm? = nil
    ) {
        self.resource = resource
        self.noResource = noResource
        self.form = form
        self.title = title
        self.lookup = lookup
        self.buy = buy
        self.undo = undo
        self.checks = checks
    }
}
