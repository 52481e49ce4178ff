public import PlimsollCore

/// Finds prices: rows indexed by provider, SKU and offer; the most specific row wins.
public struct PriceBook: Sendable {
    /// The price of one unit of usage, in one or several tiers of the month's quantity.
    public struct Price: Hashable, Sendable {
        /// One tier: from a quantity of the month on.
        public struct Tier: Hashable, Sendable {
            /// Lower end, included.
            public var from: Quantity
            /// Price per unit within the tier.
            public var price: Money
        }
        /// Tiers by rising `from`; the last one has no end.
        public var tiers: [Tier]
        /// Paid once per unit for the whole term.
        public var upfront: Money

        /// The first tier's price.
        public var first: Money { tiers.first?.price ?? .zero }
        /// Whether the price depends on the month's quantity.
        public var isTiered: Bool { tiers.count > 1 }
        /// The lowest price of any tier.
        public var lowest: Money { tiers.map(\.price).min() ?? .zero }
    }

    private struct Key: Hashable {
        var provider: String
        var sku: String
        var offer: Offer
    }

    private var index: [Key: [PriceRow]] = [:]
    /// First hours of days on which some row begins or ceases to hold, rising.
    public private(set) var boundaries: [Hour] = []

    /// An index over `rows`.
    public init(_ rows: [PriceRow]) {
        var days: Set<Day> = []
        for row in rows {
            index[Key(provider: row.provider, sku: row.sku, offer: row.offer), default: []].append(row)
            if let from = row.validFrom { days.insert(from) }
            if let to = row.validTo { days.insert(to) }
        }
        boundaries = days.sorted().map(\.firstHour)
    }

    /// The price of usage `key` under `offer` on `day`, or nil where the book has none.
    ///
    /// Among matching rows the one with the fewest `*` wins, then the one that names the zone, then
    /// the one that became valid last; rows equal in all that are tiers of one price.
    public func price(
        of key: UsageKey, offer: Offer, term: String = "", payment: String = "", on day: Day
    ) -> Price? {
        var best: [PriceRow] = []
        var bestRank = (-1, -1, Int.min)
        for sku in [key.sku, "*"] {
            for row in index[Key(provider: key.provider, sku: sku, offer: offer)] ?? [] {
                guard Self.holds(row, key, term, payment, day) else { continue }
                let rank = (Self.exactFields(row), row.zone.isEmpty ? 0 : 1, row.validFrom?.index ?? Int.min + 1)
                if rank > bestRank {
                    best = [row]
                    bestRank = rank
                } else if rank == bestRank {
                    best.append(row)
                }
            }
        }
        return best.isEmpty ? nil : Self.assemble(best)
    }

    /// Whether the book has a price under another unit: for the message about an unpriced line.
    public func unitsKnown(for key: UsageKey, offer: Offer, on day: Day) -> [String] {
        var units: Set<String> = []
        for row in index[Key(provider: key.provider, sku: key.sku, offer: offer)] ?? [] {
            var asked = key
            asked.unit = row.unit
            if Self.holds(row, asked, row.term, row.payment, day) { units.insert(row.unit) }
        }
        return units.sorted()
    }

    /// Term and payment combinations the book has for `offer` of `key` on `day`, in a fixed order.
    public func variants(of key: UsageKey, offer: Offer, on day: Day) -> [(term: String, payment: String)] {
        var found: Set<[String]> = []
        for sku in [key.sku, "*"] {
            for row in index[Key(provider: key.provider, sku: sku, offer: offer)] ?? []
            where Self.holds(row, key, row.term, row.payment, day) {
                found.insert([row.term, row.payment])
            }
        }
        return found.sorted { $0.lexicographicallyPrecedes($1) }.map { ($0[0], $0[1]) }
    }

    private static func holds(
        _ row: PriceRow, _ key: UsageKey, _ term: String, _ payment: String, _ day: Day
    ) -> Bool {
        func same(_ cell: String, _ value: String) -> Bool { cell == value || cell == "*" }
        guard same(row.region, key.region), row.zone.isEmpty || same(row.zone, key.zone) else { return false }
        guard same(row.service, key.service), same(row.os, key.os), same(row.license, key.license) else {
            return false
        }
        guard same(row.tenancy, key.tenancy), same(row.unit, key.unit) else { return false }
        guard same(row.term, term), same(row.payment, payment) else { return false }
        if let from = row.validFrom, day < from { return false }
        if let to = row.validTo, day >= to { return false }
        return true
    }

    private static func exactFields(_ row: PriceRow) -> Int {
        [row.sku, row.region, row.service, row.os, row.license, row.tenancy, row.term, row.payment, row.unit]
            .count { $0 != "*" }
    }

    /// Rows of one price, as tiers. Of rows that contradict each other the cheapest counts, so that the
    /// order of rows in the file never matters.
    private static func assemble(_ rows: [PriceRow]) -> Price {
        var tiers: [Price.Tier] = []
        let sorted = rows.sorted { ($0.tierFrom, $0.price, $0.upfront) < ($1.tierFrom, $1.price, $1.upfront) }
        for row in sorted where tiers.last?.from != row.tierFrom {
            tiers.append(Price.Tier(from: row.tierFrom, price: row.price))
        }
        return Price(tiers: tiers, upfront: sorted.first?.upfront ?? .zero)
    }
}

/// Families and size factors of SKUs: the catalogue's, else by the vendor's naming.
public struct SKUFacts: Sendable {
    private var rows: [String: [String: CatalogRow]] = [:]
    private var naming: [String: SKUNaming] = [:]

    /// Facts from a catalogue and the naming rules of the programs.
    public init(catalog: [CatalogRow], programs: [BenefitProgram]) {
        for row in catalog { rows[row.provider, default: [:]][row.sku] = row }
        for program in programs { naming[program.provider] = program.naming }
    }

    /// The family of a SKU; the SKU itself where nothing is known.
    public func family(_ provider: String, _ sku: String) -> String {
        if let family = rows[provider]?[sku]?.family, !family.isEmpty { return family }
        return naming[provider]?.family(of: sku) ?? sku
    }

    /// The size factor of a SKU in its vendor's unit; nil where nothing is known.
    public func sizeFactor(_ provider: String, _ sku: String) -> Quantity? {
        rows[provider]?[sku]?.sizeFactor ?? naming[provider]?.sizeFactor(of: sku)
    }
}
