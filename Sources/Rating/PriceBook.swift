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

        // Books are of few providers: leaving them out of the hash saves time.
        func hash(into hasher: inout Hasher) {
            hasher.combine(sku)
            hasher.combine(offer)
        }
    }

    private let rows: [PriceRow]
    /// The last row of each key …
    private var last: [Key: Int] = [:]
    /// … and the row of the same key before each one; −1 = none.
    private var previous: [Int] = []
    /// First hours of days on which some row begins or ceases to hold, rising.
    public private(set) var boundaries: [Hour] = []

    /// An index over `rows`.
    public init(_ rows: [PriceRow]) {
        self.rows = rows
        var days: Set<Day> = []
        previous.reserveCapacity(rows.count)
        last.reserveCapacity(rows.count)
        for position in rows.indices {
            let key = Key(provider: rows[position].provider, sku: rows[position].sku, offer: rows[position].offer)
            let before = last.updateValue(position, forKey: key)
            previous.append(before ?? -1)
            if let from = rows[position].validFrom { days.insert(from) }
            if let to = rows[position].validTo { days.insert(to) }
        }
        boundaries = days.sorted().map(\.firstHour)
    }

    /// Calls `body` with the position of every row of a provider's SKU under an offer.
    private func forEach(_ provider: String, _ sku: String, _ offer: Offer, _ body: (Int) -> Void) {
        var position = last[Key(provider: provider, sku: sku, offer: offer)] ?? -1
        while position >= 0 {
            body(position)
            position = previous[position]
        }
    }

    /// The price of usage `key` under `offer` on `day`, or nil where the book has none.
    ///
    /// Among matching rows the one with the fewest `*` wins, then the one that names the zone, then
    /// the one that became valid last; rows equal in all that are tiers of one price.
    public func price(
        of key: UsageKey, offer: Offer, term: String = "", payment: String = "", on day: Day
    ) -> Price? {
        var best = -1
        var equals: [Int] = []
        var bestRank = (-1, -1, Int.min)
        func look(_ position: Int) {
            guard Self.holds(rows[position], key, term, payment, day) else { return }
            let rank = Self.rank(rows[position])
            if rank > bestRank {
                (best, bestRank) = (position, rank)
                equals.removeAll()
            } else if rank == bestRank {
                equals.append(position)
            }
        }
        forEach(key.provider, key.sku, offer, look)
        forEach(key.provider, "*", offer, look)
        guard best >= 0 else { return nil }
        if equals.isEmpty {
            let row = rows[best]
            return Price(tiers: [Price.Tier(from: row.tierFrom, price: row.price)], upfront: row.upfront)
        }
        return Self.assemble(equals.reduce(into: [rows[best]]) { $0.append(rows[$1]) })
    }

    private static func rank(_ row: PriceRow) -> (Int, Int, Int) {
        func exact(_ cell: String) -> Int { cell == "*" ? 0 : 1 }
        let place = exact(row.sku) + exact(row.region) + exact(row.service)
        let kind = exact(row.os) + exact(row.license) + exact(row.tenancy) + exact(row.unit)
        let terms = exact(row.term) + exact(row.payment)
        return (place + kind + terms, row.zone.isEmpty ? 0 : 1, row.validFrom?.index ?? Int.min + 1)
    }

    /// Whether the book has a price under another unit: for the message about an unpriced line.
    public func unitsKnown(for key: UsageKey, offer: Offer, on day: Day) -> [String] {
        var units: Set<String> = []
        forEach(key.provider, key.sku, offer) { position in
            let row = rows[position]
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
            forEach(key.provider, sku, offer) { position in
                let row = rows[position]
                if Self.holds(row, key, row.term, row.payment, day) { found.insert([row.term, row.payment]) }
            }
        }
        return found.sorted { $0.lexicographicallyPrecedes($1) }.map { ($0[0], $0[1]) }
    }

    /// Where the rows for `key` under `offer` on `day` are from, whatever their term and payment.
    func sources(of key: UsageKey, offer: Offer, on day: Day) -> Set<String> {
        var found: Set<String> = []
        for sku in [key.sku, "*"] {
            forEach(key.provider, sku, offer) { position in
                let row = rows[position]
                if Self.holds(row, key, row.term, row.payment, day) { found.insert(row.source) }
            }
        }
        return found
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
