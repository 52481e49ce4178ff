public import PlimsollCore

/// What a commitment plan may buy.
public struct PlanOptions: Hashable, Sendable {
    /// Offers that may be bought; nil = every one the providers' rules know.
    public var offers: [Offer]?
    /// Terms that may be bought.
    public var terms: [Term]
    /// Payment options that may be bought.
    public var payments: [Payment]
    /// Months between the days on which purchases may begin; nil = everything is held throughout the window.
    public var ladder: Int?
    /// Yearly rate at which later money counts for less, in ten-thousandths.
    public var discount = 0
    /// Share of what is left of a commitment after the window that it is still worth, in ten-thousandths: all of it,
    /// unless said otherwise, so that a term longer than the window is charged for the window.
    public var terminal = 10_000
    /// Limits that purchases keep.
    public var constraints = PurchaseConstraints()

    /// Any offer, one and three years, every payment option, unless said otherwise.
    public init(
        offers: [Offer]? = nil, terms: [Term] = [.oneYear, .threeYears], payments: [Payment] = Payment.allCases
    ) {
        self.offers = offers
        self.terms = terms
        self.payments = payments
    }
}
