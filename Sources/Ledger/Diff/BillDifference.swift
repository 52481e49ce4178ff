public import PlimsollCore

/// What one period cost, summed by what was bought: the input of ``BillDifference``.
public struct BillItem: Hashable, Sendable {
    /// FOCUS charge categories, with commitments apart from usage and purchases.
    public enum Category: String, Sendable, CaseIterable {
        /// Consumption, also where a commitment paid for it.
        case usage
        /// Commitments bought, and the part of them that nothing used.
        case commitment
        /// Other things bought.
        case purchase
        /// Taxes.
        case tax
        /// Credits.
        case credit
        /// Corrections and adjustments.
        case adjustment
    }

    /// What is compared with itself in the other period: provider, service, SKU, region, unit, …
    public var name: [String]
    /// Items of one group can take each other's place: a change of their shares is mix, not usage.
    public var group: [String]
    /// Currency of the costs.
    public var currency: String
    /// What kind of charge.
    public var category: Category
    /// Units; nil where the bill has none.
    public var quantity: Quantity?
    /// At list prices; nil where the bill does not say.
    public var list: Money?
    /// In the lens that is compared.
    public var cost: Money

    /// An item with all its fields.
    public init(
        name: [String], group: [String], currency: String, category: Category, quantity: Quantity?, list: Money?,
        cost: Money
    ) {
        self.name = name
        self.group = group
        self.currency = currency
        self.category = category
        self.quantity = quantity
        self.list = list
        self.cost = cost
    }
}

/// Why a bill changed between two periods: effects that add up to the difference exactly.
///
/// For an item that both periods have, with E = the second quantity at the first period's unit cost and
/// L = the same at its list price: `price` = list₂ − L; `commitment` = (cost₂ − list₂) − (E − L), that is
/// discounts and commitments; `usage` and `mix` share E − cost₁: usage is the group's change of quantity at
/// the group's mean unit cost, mix the rest. Method: price–volume–mix analysis. Each division is rounded
/// half-even to 12 places once and the rounded value used on both sides, so that the sum stays exact.
public struct BillDifference: Hashable, Sendable {
    /// One cause of a change.
    public enum Effect: String, Sendable, CaseIterable {
        /// List prices went up or down.
        case price
        /// More or less was used.
        case usage
        /// Dearer or cheaper items took the place of others in their group.
        case mix
        /// Commitments and discounts covered more or less, cost more or less, or were wasted.
        case commitment
        /// Credits.
        case credit
        /// Taxes.
        case tax
        /// Corrections and adjustments.
        case adjustment
        /// One-off and recurring purchases other than usage.
        case purchase
        /// What only the second period has.
        case new
        /// What only the first period has.
        case gone
    }

    /// What one item contributed.
    public struct Contribution: Hashable, Sendable {
        /// Name of the item.
        public var name: [String]
        /// Its kind.
        public var category: BillItem.Category
        /// Its cost before.
        public var before: Money
        /// Its cost after.
        public var after: Money
        /// Its effects; they add up to `after` − `before`.
        public var effects: [Effect: Money]
        /// The change.
        public var change: Money { after - before }
    }

    /// Currency of all amounts.
    public var currency: String
    /// Cost of the first period.
    public var before: Money
    /// Cost of the second.
    public var after: Money
    /// Effects of all items; they add up to `after` − `before`.
    public var effects: [Effect: Money]
    /// By falling size of change, then by name.
    public var contributions: [Contribution]

    /// Compares two periods, a result for each currency, by its code. Throws ``Failure`` where an amount
    /// leaves the range of exact money.
    public static func compare(_ first: [BillItem], _ second: [BillItem]) throws(Failure) -> [BillDifference] {
        let currencies = Set(first.map(\.currency)).union(second.map(\.currency)).sorted()
        var result: [BillDifference] = []
        for currency in currencies {
            let analysis = Analysis(
                first.filter { $0.currency == currency }, second.filter { $0.currency == currency })
            result.append(try analysis.difference(currency))
        }
        return result
    }
}

/// The comparison of two periods in one currency.
private struct Analysis {
    private struct Key: Hashable {
        var name: [String]
        var category: BillItem.Category
    }
    private struct Pair {
        var first: BillItem?
        var second: BillItem?
    }
    /// Quantities of a group's items that both periods have.
    private struct Group {
        var quantities: (Int128, Int128) = (0, 0)
    }

    private var pairs: [Key: Pair] = [:]

    init(_ first: [BillItem], _ second: [BillItem]) {
        for item in first { pairs[Key(name: item.name, category: item.category), default: Pair()].first.add(item) }
        for item in second { pairs[Key(name: item.name, category: item.category), default: Pair()].second.add(item) }
    }

    func difference(_ currency: String) throws(Failure) -> BillDifference {
        let keys = pairs.keys.sorted {
            $0.name != $1.name
                ? $0.name.lexicographicallyPrecedes($1.name) : $0.category.rawValue < $1.category.rawValue
        }
        var contributions: [BillDifference.Contribution] = []
        var moved: [Int] = []
        for key in keys {
            guard let pair = pairs[key] else { continue }
            var item = BillDifference.Contribution(
                name: key.name, category: key.category, before: pair.first?.cost ?? .zero,
                after: pair.second?.cost ?? .zero, effects: [:])
            item.effects = try effects(key, pair)
            if item.effects[.mix] != nil { moved.append(contributions.count) }
            contributions.append(item)
        }
        try splitUsage(&contributions, moved)
        var result = BillDifference(
            currency: currency, before: .zero, after: .zero, effects: [:], contributions: [])
        for index in contributions.indices {
            contributions[index].effects = contributions[index].effects.filter { $0.value != .zero }
            result.before += contributions[index].before
            result.after += contributions[index].after
            for (effect, amount) in contributions[index].effects { result.effects[effect, default: .zero] += amount }
        }
        let order = contributions.indices.sorted { left, right in
            let (a, b) = (contributions[left].change.raw.magnitude, contributions[right].change.raw.magnitude)
            return a != b ? a > b : left < right
        }
        result.contributions = order.map { contributions[$0] }
        return result
    }

    /// An item's effects; what more or less usage did is all under `mix` until its group is known.
    private func effects(_ key: Key, _ pair: Pair) throws(Failure) -> [BillDifference.Effect: Money] {
        let (before, after) = (pair.first?.cost ?? .zero, pair.second?.cost ?? .zero)
        switch key.category {
        case .tax: return [.tax: after - before]
        case .credit: return [.credit: after - before]
        case .adjustment: return [.adjustment: after - before]
        case .commitment: return [.commitment: after - before]
        case .purchase: return [.purchase: after - before]
        case .usage: break
        }
        guard let first = pair.first else { return [.new: after] }
        guard let second = pair.second else { return [.gone: -before] }
        guard let had = first.quantity?.raw, let has = second.quantity?.raw, had > 0, has > 0 else {
            return [.price: after - before]
        }
        let expected = try Self.scaled(first.cost.raw, has, had, key)
        guard let firstList = first.list, let secondList = second.list else {
            return [.mix: Money(raw: expected) - before, .price: after - Money(raw: expected)]
        }
        let list = Money(raw: try Self.scaled(firstList.raw, has, had, key))
        return [
            .mix: Money(raw: expected) - before, .price: secondList - list,
            .commitment: (after - secondList) - (Money(raw: expected) - list),
        ]
    }

    /// Divides what more or less usage did into the group's growth and the change of shares within it.
    private func splitUsage(_ contributions: inout [BillDifference.Contribution], _ moved: [Int]) throws(Failure) {
        var groups: [[String]: Group] = [:]
        for index in moved {
            let key = Key(name: contributions[index].name, category: contributions[index].category)
            guard let first = pairs[key]?.first, let second = pairs[key]?.second else { continue }
            var group = groups[first.group] ?? Group()
            group.quantities.0 += first.quantity?.raw ?? 0
            group.quantities.1 += second.quantity?.raw ?? 0
            groups[first.group] = group
        }
        for index in moved {
            let key = Key(name: contributions[index].name, category: contributions[index].category)
            guard let first = pairs[key]?.first, let group = groups[first.group] else { continue }
            let (had, has) = group.quantities
            // Everything of the group grown alike: this item's part of the group's usage effect.
            let alike = try Self.scaled(first.cost.raw, has, had, key)
            let usage = Money(raw: alike) - first.cost
            let both = contributions[index].effects[.mix] ?? .zero
            contributions[index].effects[.usage] = usage
            contributions[index].effects[.mix] = both - usage
        }
    }

    private static func scaled(_ value: Int128, _ by: Int128, _ over: Int128, _ key: Key) throws(Failure) -> Int128 {
        if let result = FixedPoint.scaled(value, by: by, over: over), result.magnitude < UInt128(FixedPoint.limit) {
            return result
        }
        throw Failure(
            .badInput, "diff.out-of-range",
            "the quantities of `\(key.name.joined(separator: " / "))` in the two periods cannot be compared",
            hint: "look at its rows with `plimsoll sql`")
    }
}

extension BillItem? {
    /// Sums items of the same name and category.
    fileprivate mutating func add(_ item: BillItem) {
        guard var sum = self else {
            self = item
            return
        }
        sum.cost += item.cost
        sum.list = sum.list.flatMap { list in item.list.map { list + $0 } }
        sum.quantity = sum.quantity.flatMap { quantity in item.quantity.map { quantity + $0 } }
        self = sum
    }
}
