/// A discount that grows with the part of a month something is in use, as data.
///
/// It is for usage that no commitment serves, month by month. Per billing account, region, family and kind of
/// part, usage is pooled: what is used in an hour stands in layers one above the other, and each layer pays by
/// how long it was in use in the calendar month so far, whichever machine used it.
public struct SustainedUse: Hashable, Sendable, Codable {
    /// Name for people.
    public var name: String
    /// Families that have it.
    public var families: [String]
    /// Services whose usage has it not.
    public var exceptServices: [String]
    /// What the equal parts of a month are charged, of the price, as decimal strings that do not rise:
    /// `["1", "0.8", "0.6", "0.4"]` for its quarters.
    public var rates: [String]

    /// A discount of `families`.
    public init(name: String, families: [String], exceptServices: [String] = [], rates: [String]) {
        self.name = name
        self.families = families
        self.exceptServices = exceptServices
        self.rates = rates
    }
}
