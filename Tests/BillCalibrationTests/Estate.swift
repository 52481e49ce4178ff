import PlimsollCore

/// A small estate that every cloud's bill is made of: four days over the end of a month, machines of two
/// accounts, storage, a reservation, a plan. What serves what is worked out here, by hand as it were, and not
/// by the rater.
struct Estate {
    struct Machine {
        var sku: String
        var family: String
        /// In the vendor's unit.
        var size: Int128
        var account: String
        /// Pay as you go.
        var list: Money
        /// The customer's own price.
        var own: Money
        /// Under the plan.
        var rate: Money
        /// How many run, by day.
        var counts: [Int]
    }

    /// What of a machine's usage of an hour is paid how.
    struct Share {
        var machine: Int
        var quantity: Quantity
        /// `nil` = pay as you go.
        var commitment: Held?
    }

    enum Held { case reservation, plan }

    /// An hour of a day: they are all alike.
    struct Day {
        var index: Int
        var shares: [Share] = []
        /// Units of the reserved size that nothing used.
        var reservedUnused = Quantity.zero
        var planUnused = Money.zero
    }

    var machines: [Machine]
    /// Units of the first machine's size that are reserved, and what one costs an hour.
    var reserved: Int
    var reservedFee = Money("0.06") ?? .zero
    /// Whether the reservation serves the other sizes of the family.
    var isFlexible: Bool
    var hourlyPlan = Money("0.3") ?? .zero
    /// Units of storage an hour, and the price of one.
    let storage = 5
    let storagePrice = Money("0.02") ?? .zero

    static let first = Hour(index: 493_728)  // 2026-04-29T00:00:00Z
    static let days = 4

    init(_ skus: [(sku: String, family: String)], reserved: Int, isFlexible: Bool, own: String = "0.2") {
        func machine(_ index: Int, _ size: Int128, _ account: String, _ prices: [String], _ counts: [Int]) -> Machine {
            let money = prices.map { Money($0) ?? .zero }
            return Machine(
                sku: skus[index].sku, family: skus[index].family, size: size, account: account, list: money[0],
                own: money[1], rate: money[2], counts: counts)
        }
        machines = [
            machine(0, 1, "a1", ["0.1", "0.1", "0.064"], [3, 2, 4, 1]),
            machine(1, 2, "a2", ["0.2", own, "0.16"], [2, 2, 1, 3]),
            machine(2, 1, "a1", ["0.08", "0.08", "0.04"], [4, 3, 5, 2]),
        ]
        self.reserved = reserved
        self.isFlexible = isFlexible
    }

    /// The reservation first, small sizes before large ones; then the plan, highest saving first (or in
    /// `planOrder`); the rest as you go.
    func day(_ index: Int, planOrder: [Int] = [2, 0, 1]) -> Day {
        var day = Day(index: index)
        var left = machines.map { Quantity($0.counts[index]) }
        var units = Quantity(reserved)
        for machine in isFlexible ? [0, 1] : [0] {
            let taken = min(left[machine], Quantity(raw: units.raw / machines[machine].size))
            guard taken > .zero else { continue }
            day.shares.append(Share(machine: machine, quantity: taken, commitment: .reservation))
            left[machine].raw -= taken.raw
            units.raw -= taken.raw * machines[machine].size
        }
        day.reservedUnused = units
        var money = hourlyPlan
        for machine in planOrder {
            let rate = machines[machine].rate
            let most = FixedPoint.scaled(money.raw, by: FixedPoint.one, over: rate.raw) ?? 0
            let taken = Quantity(raw: min(left[machine].raw, most))
            guard taken > .zero else { continue }
            day.shares.append(Share(machine: machine, quantity: taken, commitment: .plan))
            left[machine].raw -= taken.raw
            money -= rate * taken
        }
        day.planUnused = money
        for machine in machines.indices where left[machine] > .zero {
            day.shares.append(Share(machine: machine, quantity: left[machine], commitment: nil))
        }
        return day
    }

    /// What of a day's hour is billed: usage as you go, storage, both commitments in full.
    func billed(_ day: Day) -> Money {
        let usage = day.shares.filter { $0.commitment == nil }
            .reduce(Money.zero) { $0 + machines[$1.machine].own * $1.quantity }
        return usage + storageCost + reservedFee * Quantity(reserved) + hourlyPlan
    }

    var storageCost: Money { storagePrice * Quantity(storage) }

    func hour(_ day: Int, _ hour: Int = 0) -> Hour { Self.first.advanced(by: 24 * day + hour) }
}

extension Money {
    static func * (left: Money, right: Quantity) -> Money {
        Money(raw: FixedPoint.scaled(left.raw, by: right.raw, over: FixedPoint.one) ?? 0)
    }

    /// A percentage.
    func percent(_ percent: Int) -> Money { Money(raw: raw * Int128(percent) / 100) }

    static func text(_ text: String) -> Money { Money(text) ?? .zero }
}

/// Rows of text with a header.
struct Sheet {
    var columns: [String]
    var rows: [[String: String]] = []

    init(_ columns: [String] = []) { self.columns = columns }

    mutating func add(_ row: [String: String]) {
        for name in row.keys.sorted() where !columns.contains(name) { columns.append(name) }
        rows.append(row)
    }

    var csv: String {
        var out = CSVWriter(header: columns)
        for row in rows { out.add(columns.map { row[$0] ?? "" }) }
        return String(decoding: out.bytes, as: UTF8.self)
    }
}

/// A bill with what it was made of.
struct KnownBill {
    /// Files by name, with the format that reads them.
    var files: [(name: String, format: String, text: String)]
    var commitments: [Commitment]
    var agreements: [Agreement]
    /// Prices by SKU and offer, as `sku offer`.
    var prices: [String: Money]
    /// Service of the storage.
    var storage: String
    /// What the files bill and the scenario does not: rounding, refunds.
    var beside = Money.zero
    /// Gaps that have to be named.
    var gaps: [String] = []
    var hasHours = true
    /// Whether the files state all of what commitments cost, used and unused.
    var hasEffective = true
}
