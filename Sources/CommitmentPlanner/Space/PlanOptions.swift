public import PlimsollCore

/// What a commitment plan may buy.
public struct PlanOptions: Hashable, Sendable {
    /// Offers that may be bought; nil = every one the providers' rules know.
    public var offers: [Offer]?
    /// Terms that may be bought.
    public var terms: [Term]
    /// Payment options that may be bought.
    public var payments: [Payment]

    /// Any offer, one and three years, every payment option, unless said otherwise.
    public init(
        offers: [Offer]? = nil, terms: [Term] = [.oneYear, .threeYears], payments: [Payment] = Payment.allCases
    ) {
        self.offers = offers
        self.terms = terms
        self.payments = payments
    }
}
