/// For given inner capacities the wide pool's best one: where its units save on average what they cost.
struct AscentPrimal: Sendable {
    typealias Lanes = AscentRows.Lanes

    /// Capacities and their cost.
    struct Trial: Sendable {
        var inner: [Double]
        var wide: Double
        var cost: Double
    }

    private let problem: AscentProblem
    private let rows: AscentRows
    private static let pieces = 16
    /// Lanes of hours that are carried through all groups together: they stay in the cache.
    private static let strip = 16

    init(_ problem: AscentProblem, _ rows: AscentRows) {
        (self.problem, self.rows) = (problem, rows)
    }

    /// Cost at a wide capacity, and how it changes with more of it.
    private struct Point: Sendable {
        var cost = 0.0
        var slope = 0.0
    }

    /// The best wide capacity, searched around `near` where given. Cost is convex in it.
    func best(_ inner: [Double], near: Double?) -> Trial {
        let floors = inner.map(Float.init)
        let start = near ?? average(floors)
        var trial = Trial(inner: floors.map(Double.init), wide: 0, cost: .infinity)
        var (low, high) = (0.0, Double.infinity)
        var wide = start
        var width = near == nil ? 0.5 : 0.02
        for _ in 0..<24 {
            let point = cost(floors, wide)
            if point.cost < trial.cost { (trial.cost, trial.wide) = (point.cost, wide) }
            if point.slope < 0 { low = wide } else { high = wide }
            if high.isFinite, high - low <= 2e-4 * high { break }
            if high == .infinity {
                wide = max(low * (1 + width), 1e-9)
                width *= 4
            } else if low == 0, width < 1 {
                wide = high * (1 - width)
                width *= 4
            } else {
                wide = (low + high) / 2
            }
        }
        return trial
    }

    /// What the wide pool would take on average if it served all that is left: the order of magnitude.
    private func average(_ floors: [Float]) -> Double {
        var sum = 0.0
        for (index, group) in rows.groups.enumerated() where group.wideRate.isFinite {
            var row = Lanes.zero
            for lane in 0..<rows.rowLength {
                let over = rows.demand[index * rows.rowLength + lane] - floors[index]
                row += over.replacing(with: 0, where: over .< 0)
            }
            sum += Double(row.sum()) * group.wideRate
        }
        return sum / Double(max(1, rows.hours)) / 2
    }

    private func cost(_ floors: [Float], _ wide: Double) -> Point {
        let strips = (rows.rowLength + Self.strip - 1) / Self.strip
        let pieces = min(Self.pieces, strips)
        let parts = Pieces.map(pieces) { piece in
            var sum = Point()
            for strip in Pieces.range(piece, of: pieces, strips) {
                let part = self.strip(strip * Self.strip..<min((strip + 1) * Self.strip, rows.rowLength), floors, wide)
                sum.cost += part.cost
                sum.slope += part.slope
            }
            return sum
        }
        var sum = Point(cost: problem.wideFee * wide, slope: problem.wideFee)
        for part in parts {
            sum.cost += part.cost
            sum.slope += part.slope
        }
        for (index, group) in rows.groups.enumerated() where floors[index] > 0 {
            sum.cost += group.fee * Double(floors[index])
        }
        return sum
    }

    /// On-demand cost left in some hours, and minus what one more unit of the wide pool would save in them.
    private func strip(_ lanes: Range<Int>, _ floors: [Float], _ wide: Double) -> Point {
        let length = rows.rowLength
        return withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 3 * Self.strip) { scratch in
            guard let rest = scratch.baseAddress else { return Point() }
            let (marginal, cost) = (rest + Self.strip, rest + 2 * Self.strip)
            scratch.initialize(repeating: .zero)
            for lane in 0..<Self.strip { rest[lane] = Lanes(repeating: Float(wide)) }
            var sum = Point()
            rows.demand.withUnsafeBufferPointer { demand in
                for (index, group) in rows.groups.enumerated() {
                    let row = index * length
                    let floor = Lanes(repeating: floors[index])
                    let price = Float(group.price)
                    let rate = group.wideRate.isFinite ? Float(group.wideRate) : 0
                    let saving = group.wideRate.isFinite ? Float(group.saving) : 0
                    for lane in lanes {
                        let over = demand[row + lane] - floor
                        let left = over.replacing(with: 0, where: over .< 0)
                        let need = left * rate
                        let room = rest[lane - lanes.lowerBound]
                        let isShort = need .> room
                        let taken = need.replacing(with: room, where: isShort)
                        rest[lane - lanes.lowerBound] = room - taken
                        cost[lane - lanes.lowerBound] += left * price - taken * saving
                        let seen = marginal[lane - lanes.lowerBound]
                        marginal[lane - lanes.lowerBound] = seen.replacing(
                            with: saving, where: isShort .& (seen .== 0))
                    }
                    if index % 32 == 31 { Self.flush(cost, &sum) }
                }
            }
            Self.flush(cost, &sum)
            for lane in lanes { sum.slope -= Double(marginal[lane - lanes.lowerBound].sum()) }
            return sum
        }
    }

    private static func flush(_ cost: UnsafeMutablePointer<Lanes>, _ sum: inout Point) {
        for lane in 0..<strip {
            sum.cost += Double(cost[lane].sum())
            cost[lane] = .zero
        }
    }
}
