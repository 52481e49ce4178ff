public import PlimsollCore

extension AWS {
    /// Prices that scenarios use where they bring none.
    public static let builtInPrices: [PriceRow] = []
    /// Facts of common SKUs.
    public static let builtInCatalog: [CatalogRow] = []
}
