public import PlimsollCore

/// One hour of a bill at a glance: what is used, what commitments leave of it, and what they cost.
///
/// Demand and what is left are at on-demand list prices; a price with tiers counts at its first tier, and
/// discounts for sustained use are not taken off.
/// Spot usage is no on-demand demand and is left out. Each number is rounded half-even to 12 places.
public struct HourSum: Hashable, Sendable {
    /// Usage at on-demand list prices.
    public var demand = Money.zero
    /// What no commitment serves of it, at the same prices.
    public var left = Money.zero
    /// Amortised cost of the active commitments, used or not.
    public var committed = Money.zero

    /// An hour of nothing.
    public init() {}
}

/// Adds up hours while a bill is made. Amounts are kept as price × quanta and divided at the end.
struct HourTotals {
    let window: HourGrid
    /// By quanta in one unit of usage: lines of one kind share a divisor.
    private var demand: [Int128: [Int128]] = [:]
    private var left: [Int128: [Int128]] = [:]
    private var committed: [Int128]

    init(window: HourGrid) {
        self.window = window
        committed = Array(repeating: 0, count: window.count)
    }

    /// Adds a line's usage of `chunk`: `values` from hour `offset` of it on, `price` for `unit` of them.
    mutating func addDemand(
        _ values: UnsafeBufferPointer<Int64>, at offset: Int, of chunk: HourGrid, times price: Int128,
        over unit: Int128,
        isLeft: Bool
    ) {
        let first = chunk.start.index - window.start.index + offset
        Self.add(values, first, price, &demand[unit, default: Array(repeating: 0, count: window.count)])
        guard isLeft else { return }
        Self.add(values, first, price, &left[unit, default: Array(repeating: 0, count: window.count)])
    }

    private static func add(
        _ values: UnsafeBufferPointer<Int64>, _ first: Int, _ price: Int128, _ sums: inout [Int128]
    ) {
        for (index, value) in values.enumerated() where value != 0 { sums[first + index] += Int128(value) * price }
    }

    /// Adds what commitments left of a line, quantum by quantum.
    mutating func addLeft(_ kernel: Kernel, row: Int, of chunk: HourGrid, times price: Int128, over unit: Int128) {
        let first = chunk.start.index - window.start.index
        kernel.addLeft(
            row: row, times: price, to: &left[unit, default: Array(repeating: 0, count: window.count)], from: first)
    }

    /// Adds the amortised cost of a payer's commitments in the hours they are active in, by the rules of each of
    /// `epochs`.
    mutating func addCommitted(_ payer: Payer, _ rules: CoverageRules, _ epochs: [HourGrid]) throws(Failure) {
        for commitment in payer.commitments {
            for epoch in epochs {
                let prepared = rules.prepare(commitment, on: epoch.start.day)
                let cost = try (prepared.map(commitment.charged) ?? commitment).amortized(over: 1)
                let active = commitment.active(in: epoch)
                for hour in active.start.index..<active.end.index { committed[hour - window.start.index] += cost }
            }
        }
    }

    var sums: [HourSum] {
        var result = Array(repeating: HourSum(), count: window.count)
        for (unit, values) in demand {
            for (hour, value) in values.enumerated() where value != 0 {
                result[hour].demand.raw += FixedPoint.divideHalfEven(value, by: unit)
            }
        }
        for (unit, values) in left {
            for (hour, value) in values.enumerated() where value != 0 {
                result[hour].left.raw += FixedPoint.divideHalfEven(value, by: unit)
            }
        }
        for (hour, value) in committed.enumerated() { result[hour].committed = Money(raw: value) }
        return result
    }
}
