/// A provider's words in its bills, by which a ledger's rows become usage lines and commitments.
public struct BillVocabulary: Hashable, Sendable {
    /// The provider's word in the interchange files.
    public var provider: String
    /// Its names in the column ProviderName, in lower case.
    public var names: [String]
    /// Offer of a spend plan by `x_PlanType`.
    public var planOffers: [String: Offer]
    /// Offer of a reservation by `x_OfferingClass`, in lower case.
    public var reservationOffers: [String: Offer]

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
