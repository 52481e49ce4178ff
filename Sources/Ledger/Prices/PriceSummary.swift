/// Which rows of a price list are taken; an empty list takes all.
public struct PriceFilter: Hashable, Sendable, Codable {
    /// Regions.
    public var regions: [String]
    /// Services.
    public var services: [String]
    /// SKUs.
    public var skus: [String]
    /// Offers.
    public var offers: [String]

    /// A filter; without arguments it takes all rows.
    public init(regions: [String] = [], services: [String] = [], skus: [String] = [], offers: [String] = []) {
        self.regions = regions
        self.services = services
        self.skus = skus
        self.offers = offers
    }

    /// The condition on rows of the contract.
    var condition: String {
        let parts = [("region", regions), ("service", services), ("sku", skus), ("offer", offers)].compactMap {
            name, words in
            words.isEmpty ? nil : "\(name) IN (\(words.map(SQL.text).joined(separator: ", ")))"
        }
        return parts.isEmpty ? "true" : parts.joined(separator: " AND ")
    }
}

/// What an import of price lists did: rows in + inside = prices + fees + duplicates + outside + left out + rejected.
public struct PriceSummary: Hashable, Sendable, Codable {
    /// Rows left out for one reason.
    public struct LeftOut: Hashable, Sendable, Codable {
        /// Why, as the end of "left out, because …".
        public var reason: String
        /// How many.
        public var rows: Int
    }

    /// Formats found, one a file.
    public var formats: [String] = []
    /// Rows of the files.
    public var rowsIn = 0
    /// Further prices inside of those rows.
    public var inside = 0
    /// Prices of the book.
    public var prices = 0
    /// Upfront fees that became part of their rate's price.
    public var fees = 0
    /// Rows that say again what another says.
    public var duplicates = 0
    /// Rows that the filter keeps out.
    public var outside = 0
    /// Rows that are no price, by reason, most first.
    public var leftOut: [LeftOut] = []
    /// Rows with a cell that cannot be read.
    public var rejected = 0
    /// Rows with fewer cells than the header, the missing ones taken as empty.
    public var padded = 0
    /// Numbers finer than 12 places, rounded half-even.
    public var rounded = 0
    /// Prices that differ though all that tells prices apart is the same; the cheapest counts.
    public var ambiguous = 0
    /// The SKU of the first of those.
    public var ambiguousExample = ""
    /// SKUs with facts for a catalogue.
    public var catalog = 0

    /// Nothing yet.
    public init() {}
}

/// A file that an import read.
public struct PriceInput: Hashable, Sendable, Codable {
    /// Name without its folder.
    public var name: String
    /// SHA-256 of its bytes.
    public var sha256: String
    /// Size.
    public var bytes: Int
}

/// A finished import, not yet where it belongs.
public struct PriceDraft: Sendable {
    /// What it did.
    public var summary: PriceSummary
    /// What it read.
    public var inputs: [PriceInput]
    /// SHA-256 of everything the book is made from.
    public var key: String
    /// Rows that could not be read: CSV with file, row, column, value, reason; empty = there are none.
    public var rejects: [UInt8]
    /// The book: Parquet.
    var book: String
    /// Facts of SKUs: CSV.
    var catalog: String
}
