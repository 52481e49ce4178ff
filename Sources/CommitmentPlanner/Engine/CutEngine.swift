internal import PlimsollCore
internal import Solver

/// Cutting planes on the purchases: the hours answer with the exact duals of their allocation, summed by
/// block of the window; a master problem over purchases and blocks gives the next point and the bound.
struct CutEngine: Sendable {
    let relaxation: Relaxation
    private let blocks: Int
    /// Pools that can be bought.
    private let purchasable: [Int]

    /// What the search found.
    struct Outcome {
        /// Purchases in pool units, by pool; zero for pools that are only held.
        var quantities: [Double]
        /// Their cost under the best hourly allocation (under the vendor's order where scopes overlap).
        var cost: Double
        /// The master's bound.
        var bound: Double
        /// Prices that prove the bound, pools × hours.
        var prices: [Double]
        /// Prices of what the rows limit.
        var multipliers: [Double]
        var iterations: Int
    }

    /// The window's hours are shared out over as many pieces, whatever the machine.
    private static let pieces = 16

    init(_ relaxation: Relaxation, blocks: Int = 12) {
        self.relaxation = relaxation
        self.blocks = max(1, min(blocks, relaxation.hours))
        purchasable = relaxation.model.pools.indices.filter { relaxation.model.pools[$0].fee != nil }
    }

    // MARK: The hours

    /// The dual value of the hours at a point, and the cut it gives.
    struct Evaluation: Sendable {
        /// Dual value by block.
        var values: [Double]
        /// Sums of prices by block and pool.
        var sums: [Double]
        /// Prices, hours × pools, where they were to be kept.
        var prices: [Float] = []

        var total: Double { values.reduce(0, +) }
    }

    private func block(of hour: Int) -> Int { hour * blocks / relaxation.hours }

    func evaluate(_ quantities: [Double], keeping: Bool = false) -> Evaluation {
        let pools = relaxation.poolCount
        let pieces = min(Self.pieces, relaxation.hours)
        let parts = Pieces.map(pieces) { piece in
            var part = Evaluation(
                values: Array(repeating: 0, count: blocks), sums: Array(repeating: 0, count: blocks * pools))
            let range = Pieces.range(piece, of: pieces, relaxation.hours)
            if keeping { part.prices.reserveCapacity(range.count * pools) }
            visit(range, quantities) { hour, value, prices in
                let block = block(of: hour)
                if keeping { for pool in 0..<pools { part.prices.append(Float(prices[pool])) } }
                part.values[block] += value
                for pool in 0..<pools { part.sums[block * pools + pool] += prices[pool] }
            }
            return part
        }
        var sum = Evaluation(
            values: Array(repeating: 0, count: blocks), sums: Array(repeating: 0, count: blocks * pools))
        for part in parts {
            for index in sum.values.indices { sum.values[index] += part.values[index] }
            for index in sum.sums.indices { sum.sums[index] += part.sums[index] }
            sum.prices += part.prices
        }
        return sum
    }

    private func visit(
        _ hours: Range<Int>, _ quantities: [Double], _ use: (Int, Double, UnsafeMutablePointer<Double>) -> Void
    ) {
        let pools = relaxation.poolCount
        let solver = relaxation.hourDual()
        var capacity = quantities
        for hour in hours {
            if !relaxation.held.isEmpty {
                for pool in 0..<pools { capacity[pool] = quantities[pool] + relaxation.held[hour * pools + pool] }
            }
            for (pool, active) in relaxation.partial { capacity[pool] = active.contains(hour) ? quantities[pool] : 0 }
            var value = solver.solve(hour: hour, capacity: capacity)
            // A unit bought is worth nothing in hours it does not serve.
            for (pool, active) in relaxation.partial where !active.contains(hour) { solver.prices[pool] = 0 }
            if !relaxation.weights.isEmpty {
                let weight = relaxation.weights[hour]
                value *= weight
                for pool in 0..<pools { solver.prices[pool] *= weight }
            }
            use(hour, value, solver.prices)
        }
    }

    /// The purchases' cost under the best hourly allocation; a lower bound on it where scopes overlap.
    func cost(_ quantities: [Double], _ evaluation: Evaluation) -> Double {
        evaluation.total + fees(quantities)
    }

    /// Fees and usage that no pool serves.
    private func fees(_ quantities: [Double]) -> Double {
        var sum = relaxation.unserved
        for pool in purchasable { sum += relaxation.fee[pool] * quantities[pool] }
        return sum
    }

    /// The on-demand cost of what purchases and holdings serve, allocated at its best.
    func servedCost(_ quantities: [Double]) -> Double { relaxation.onDemand() - evaluate(quantities).total }

    // MARK: The search

    /// Searches until the relative gap is at most `gap`, or for `limit` iterations.
    func run(gap: Double, limit: Int) throws(SolverFailure) -> Outcome {
        var master = try CutMaster(relaxation, purchasable, blocks: blocks)
        let vendor = relaxation.isNested ? nil : VendorOrder(relaxation)
        var best = [Double](repeating: 0, count: relaxation.poolCount)
        var bestCost = Double.infinity
        var point = best
        var points: [[Double]] = []
        var trail: [[Float]] = []
        var answer = CutMaster.Answer(quantities: best, bound: 0, weights: [], multipliers: [])
        // Quick cuts while they help, then the hours' exact ones.
        let isPlain = relaxation.isNested && relaxation.partial.isEmpty && relaxation.weights.isEmpty
        var quick = isPlain ? MarginalDual(relaxation, blocks: blocks) : nil
        var bounds: [Double] = []
        while points.count < limit {
            let isKept = trail.count * relaxation.hours * relaxation.poolCount < Self.keptPrices
            if !isKept { quick = nil }
            let marginal = quick?.evaluate(point)
            let evaluation = marginal?.evaluation ?? evaluate(point, keeping: isKept)
            let cost = vendor?.cost(point) ?? marginal.map { fees(point) + $0.onDemand } ?? cost(point, evaluation)
            if cost < bestCost { (best, bestCost) = (point, cost) }
            try master.add(evaluation, at: point)
            points.append(point)
            if isKept { trail.append(evaluation.prices) }
            answer = try master.solve()
            if bestCost - answer.bound <= gap * abs(bestCost) { break }
            bounds.append(answer.bound)
            if bounds.count > 5, answer.bound - bounds[bounds.count - 5] <= 0.3 * (bestCost - answer.bound) {
                quick = nil
            }
            point = answer.quantities
            // In-out: half way to the best point known; every fifth step goes all the way.
            if points.count % 5 != 0 { for pool in purchasable { point[pool] = (point[pool] + best[pool]) / 2 } }
        }
        return Outcome(
            quantities: best, cost: bestCost, bound: answer.bound, prices: combine(points, trail, answer.weights),
            multipliers: answer.multipliers, iterations: points.count)
    }

    /// How many prices are kept during a search; the hours of later points are solved again where needed.
    private static let keptPrices = 16_000_000

    /// The mean of the prices met, by the master's weights of their cuts: by concavity it proves at least the
    /// master's bound.
    private func combine(_ points: [[Double]], _ trail: [[Float]], _ weights: [Double]) -> [Double] {
        let (hours, pools) = (relaxation.hours, relaxation.poolCount)
        var totals = [Double](repeating: 0, count: blocks)
        for index in weights.indices { totals[index % blocks] += weights[index] }
        let shares = weights.indices.map { totals[$0 % blocks] > 0 ? weights[$0] / totals[$0 % blocks] : 0 }
        let pieces = min(Self.pieces, hours)
        let parts = Pieces.map(pieces) { piece in
            let range = Pieces.range(piece, of: pieces, hours)
            var part = [Double](repeating: 0, count: range.count * pools)
            for (cut, point) in points.enumerated() {
                let first = cut * blocks + block(of: range.lowerBound)
                let used = shares[first...cut * blocks + block(of: range.upperBound - 1)]
                guard used.contains(where: { $0 > 0 }) else { continue }
                if cut < trail.count {
                    for hour in range {
                        let share = shares[cut * blocks + block(of: hour)]
                        let start = (hour - range.lowerBound) * pools
                        for pool in 0..<pools { part[start + pool] += share * Double(trail[cut][hour * pools + pool]) }
                    }
                    continue
                }
                visit(range, point) { hour, _, prices in
                    let share = shares[cut * blocks + block(of: hour)]
                    let start = (hour - range.lowerBound) * pools
                    for pool in 0..<pools { part[start + pool] += share * prices[pool] }
                }
            }
            return part
        }
        var prices = [Double](repeating: 0, count: hours * pools)
        var hour = 0
        for part in parts {
            for start in stride(from: 0, to: part.count, by: max(1, pools)) {
                for pool in 0..<pools { prices[pool * hours + hour] = part[start + pool] }
                hour += 1
            }
        }
        return prices
    }

    /// Prices at a point, pools × hours.
    func prices(at quantities: [Double]) -> [Double] {
        combine([quantities], [], Array(repeating: 1, count: blocks))
    }
}
