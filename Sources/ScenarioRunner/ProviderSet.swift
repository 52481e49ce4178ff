public import PlimsollCore

/// What the registered providers bring: how discounts apply, and prices and facts for runs that bring none.
public struct ProviderSet: Sendable {
    /// How each provider's discounts apply.
    public var programs: [BenefitProgram]
    /// The built-in price book.
    public var prices: [PriceRow]
    /// Built-in facts of SKUs.
    public var catalog: [CatalogRow]

    /// What providers bring.
    public init(programs: [BenefitProgram], prices: [PriceRow], catalog: [CatalogRow]) {
        self.programs = programs
        self.prices = prices
        self.catalog = catalog
    }
}
