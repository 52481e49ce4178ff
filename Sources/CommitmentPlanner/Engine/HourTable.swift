/// Whole numbers by row and hour, every row in as few bytes as it needs.
///
/// A year of a hundred thousand workloads is 900 million numbers: usage mostly fits 32 bits, and the prices of a
/// certificate mostly follow from one row and a rule.
public struct HourTable: Sendable, Hashable {
    /// Hours of a row.
    public let hours: Int

    private enum Row: Sendable, Hashable {
        case narrow([Int32])
        case wide([Int64])
        case spent(SpentRow)
    }

    private var rows: [Row] = []

    /// No rows of so many hours.
    public init(hours: Int) { self.hours = hours }

    /// Rows of `hours`, one after the other; numbers beyond the last whole row are a shorter row.
    public init(_ values: [Int64], hours: Int) {
        self.init(hours: hours)
        guard hours > 0 else { return }
        for start in stride(from: 0, to: values.count, by: hours) {
            append(Array(values[start..<min(start + hours, values.count)]))
        }
    }

    /// So many rows of zeros.
    public init(rows: Int, hours: Int) {
        self.init(hours: hours)
        self.rows = Array(repeating: .narrow([Int32](repeating: 0, count: hours)), count: rows)
    }

    /// How many rows there are.
    public var rowCount: Int { rows.count }

    /// How many numbers there are.
    public var count: Int { rows.reduce(0) { $0 + Self.length($1) } }

    /// The row as plain numbers.
    public func row(_ index: Int) -> [Int64] {
        switch rows[index] {
        case .narrow(let values): values.map(Int64.init)
        case .wide(let values): values
        case .spent(let row): row.values()
        }
    }

    /// One number. Whole rows are read faster by ``row(_:)``.
    public subscript(row: Int, hour: Int) -> Int64 {
        get {
            switch rows[row] {
            case .narrow(let values): Int64(values[hour])
            case .wide(let values): values[hour]
            case .spent(let values): values[hour]
            }
        }
        set {
            var values = self.row(row)
            values[hour] = newValue
            replace(row, with: values)
        }
    }

    /// Adds a row.
    public mutating func append(_ values: [Int64]) { rows.append(Self.packed(values)) }

    /// Puts other numbers in place of a row's.
    public mutating func replace(_ row: Int, with values: [Int64]) { rows[row] = Self.packed(values) }

    mutating func replace(_ row: Int, with values: SpentRow) { rows[row] = .spent(values) }

    private static func packed(_ values: [Int64]) -> Row {
        let range = Int64(Int32.min)...Int64(Int32.max)
        return values.allSatisfy(range.contains) ? .narrow(values.map { Int32(truncatingIfNeeded: $0) }) : .wide(values)
    }

    private static func length(_ row: Row) -> Int {
        switch row {
        case .narrow(let values): values.count
        case .wide(let values): values.count
        case .spent(let row): row.count
        }
    }
}

/// Prices of a group's pool that follow from the wide pool's: what the hours marked are worth, one hour paid in part,
/// and what was left of the fee shared out over all hours.
struct SpentRow: Sendable, Hashable {
    /// What a unit of the pool is worth in an hour.
    struct Worth: Sendable, Hashable {
        /// On-demand price of a group's unit, in currency.
        var price: Double
        /// What a group's unit takes of the wide pool; infinite where that does not serve it.
        var wideRate: Double
        /// How many of the group's units one of the pool is.
        var size: Double

        /// A little more than the product in floats, in 10⁻¹²: never less than what the hour is worth.
        func callAsFunction(_ widePrice: Int64) -> Int64 {
            let worth = wideRate.isFinite ? min(price, Double(widePrice) / 1e12 * wideRate) : price
            return Int64(min(worth * size * 1e12, 9e18)) + 2
        }
    }

    /// The wide pool's prices, one array for all rows.
    private let base: [Int64]
    private let worth: Worth
    /// Hours paid for, a bit each.
    private var paid: [UInt64]
    private var last: (hour: Int, price: Int64)?
    private var each: Int64 = 0
    private var extra = 0

    var count: Int { base.count }

    init(_ base: [Int64], _ worth: Worth) {
        (self.base, self.worth) = (base, worth)
        paid = Array(repeating: 0, count: (base.count + 63) / 64)
    }

    /// Pays for an hour out of what is left.
    mutating func pay(_ hour: Int, from rest: inout Int64) {
        let whole = worth(base[hour])
        paid[hour / 64] |= 1 << UInt64(hour % 64)
        if whole > rest { last = (hour, rest) }
        rest -= min(whole, rest)
    }

    /// Shares out what is left over all hours, the remainder over the first ones.
    mutating func share(_ rest: Int128) {
        guard rest > 0, count > 0 else { return }
        let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: Int128(count))
        (each, extra) = (Int64(clamping: quotient), Int(remainder))
    }

    subscript(hour: Int) -> Int64 {
        let shared = each + (hour < extra ? 1 : 0)
        guard paid[hour / 64] >> UInt64(hour % 64) & 1 == 1 else { return shared }
        if let last, last.hour == hour { return last.price + shared }
        return worth(base[hour]) + shared
    }

    func values() -> [Int64] {
        // Without bounds checks and reference counts for every hour: certificates of many groups are all such rows.
        [Int64](unsafeUninitializedCapacity: count) { values, written in
            base.withUnsafeBufferPointer { base in
                paid.withUnsafeBufferPointer { paid in
                    for hour in base.indices {
                        let isPaid = paid[hour / 64] >> UInt64(hour % 64) & 1 == 1
                        values[hour] = each + (hour < extra ? 1 : 0) + (isPaid ? worth(base[hour]) : 0)
                    }
                }
            }
            if let last { values[last.hour] = self[last.hour] }
            written = count
        }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.base == right.base && left.worth == right.worth && left.paid == right.paid && left.each == right.each
            && left.extra == right.extra && left.last?.hour == right.last?.hour && left.last?.price == right.last?.price
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(worth)
        hasher.combine(paid)
        hasher.combine(each)
    }
}
