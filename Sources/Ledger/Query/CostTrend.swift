public import PlimsollCore

/// Costs beside those of the step before.
public enum CostTrend {
    /// One group in one step.
    public struct Row: Hashable, Sendable {
        /// The step, the group and its cost; 0 for a group that was there in the step before only.
        public var row: CostQuery.Row
        /// Cost in the step before; nil in the first step.
        public var previous: Money?

        /// A row; without a cost before it in the first step.
        public init(row: CostQuery.Row, previous: Money? = nil) {
            (self.row, self.previous) = (row, previous)
        }

        /// Cost − previous.
        public var change: Money? { previous.map { row.cost - $0 } }

        /// Change in per cent of the previous cost, to one place, half-even; nil where that was nothing.
        public var percent: String? {
            guard let previous, let change, previous != .zero,
                let tenths = FixedPoint.scaled(change.raw, by: 1_000, over: Int128(previous.raw.magnitude))
            else { return nil }
            let sign = tenths < 0 ? "-" : "+"
            return "\(sign)\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
        }
    }

    private struct Key: Hashable {
        var group: [String]
        var currency: String
    }

    /// Every group of a step or of the one before, in the order of `rows`, which have times. Steps without any
    /// cost are left out.
    public static func rows(_ rows: [CostQuery.Row]) -> [Row] {
        let steps = Dictionary(grouping: rows, by: { $0.time ?? "" })
        var result: [Row] = []
        var before: [CostQuery.Row]?
        for time in steps.keys.sorted() {
            let now = steps[time] ?? []
            let known = before.map { previous in
                Dictionary(previous.map { (Self.key($0), $0.cost) }, uniquingKeysWith: +)
            }
            for row in now { result.append(Row(row: row, previous: known.map { $0[key(row)] ?? .zero })) }
            let there = Set(now.map(key))
            for gone in before ?? [] where !there.contains(key(gone)) && gone.cost != .zero {
                let row = CostQuery.Row(time: time, group: gone.group, currency: gone.currency, cost: .zero)
                result.append(Row(row: row, previous: gone.cost))
            }
            before = now
        }
        return result
    }

    private static func key(_ row: CostQuery.Row) -> Key { Key(group: row.group, currency: row.currency) }
}
