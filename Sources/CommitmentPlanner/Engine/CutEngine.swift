internal import Dispatch
internal import PlimsollCore
internal import Solver
internal import Synchronization

/// Cutting planes on the purchases: the hours answer with the exact duals of their allocation, summed by
/// block of the window; a master problem over purchases and blocks gives the next point and the bound.
struct CutEngine: Sendable {
    private let relaxation: Relaxation
    private let blocks: Int
    /// Pools that can be bought.
    private let purchasable: [Int]
    private let limits: [Double]
    /// Prices found at each evaluated point, hours × pools.
    private var trail: [[Float]] = []

    /// What the search found.
    struct Outcome {
        /// Purchases in pool units, by pool; zero for pools that are only held.
        var quantities: [Double]
        /// Their cost under the best hourly allocation.
        var cost: Double
        /// The master's bound.
        var bound: Double
        /// Prices that prove the bound, pools × hours.
        var prices: [Double]
        var iterations: Int
    }

    /// Hours of a window are shared out over as many pieces, whatever the machine, so that sums are the same.
    private static let pieces = 16

    init(_ relaxation: Relaxation, blocks: Int = 12) {
        self.relaxation = relaxation
        self.blocks = max(1, min(blocks, relaxation.hours))
        purchasable = relaxation.model.pools.indices.filter { relaxation.model.pools[$0].fee != nil }
        limits = Self.limits(relaxation)
    }

    /// The most a pool could ever use in an hour: more is never bought.
    private static func limits(_ relaxation: Relaxation) -> [Double] {
        relaxation.model.pools.map { pool in
            var most = 0.0
            for hour in 0..<relaxation.hours {
                var sum = 0.0
                let base = hour * relaxation.model.cells.count
                for member in pool.members {
                    sum += relaxation.demand[base + member.cell] * Double(member.rate) / Double(FixedPoint.one)
                }
                most = max(most, sum)
            }
            return most
        }
    }

    // MARK: The hours

    /// The allocation cost at a point, and the cut it gives.
    struct Evaluation: Sendable {
        /// Dual value by block.
        var values: [Double]
        /// Sums of prices by block and pool.
        var sums: [Double]
        /// Prices, hours × pools.
        var prices: [Float]

        var total: Double { values.reduce(0, +) }
    }

    func block(of hour: Int) -> Int { hour * blocks / relaxation.hours }

    func evaluate(_ quantities: [Double]) -> Evaluation {
        let (hours, pools) = (relaxation.hours, relaxation.poolCount)
        let pieces = min(Self.pieces, max(1, hours))
        let results = Mutex([Evaluation?](repeating: nil, count: pieces))
        let solver = HourSolver(relaxation)
        DispatchQueue.concurrentPerform(iterations: pieces) { piece in
            let range = piece * hours / pieces..<(piece + 1) * hours / pieces
            let part = evaluate(range, quantities, solver)
            results.withLock { $0[piece] = part }
        }
        var sum = Evaluation(
            values: Array(repeating: 0, count: blocks), sums: Array(repeating: 0, count: blocks * pools), prices: [])
        sum.prices.reserveCapacity(hours * pools)
        for part in results.withLock({ $0 }) {
            guard let part else { continue }
            for index in sum.values.indices { sum.values[index] += part.values[index] }
            for index in sum.sums.indices { sum.sums[index] += part.sums[index] }
            sum.prices += part.prices
        }
        return sum
    }

    private func evaluate(_ range: Range<Int>, _ quantities: [Double], _ fresh: HourSolver) -> Evaluation {
        var solver = fresh
        let pools = relaxation.poolCount
        var part = Evaluation(
            values: Array(repeating: 0, count: blocks), sums: Array(repeating: 0, count: blocks * pools), prices: [])
        part.prices.reserveCapacity(range.count * pools)
        var capacity = quantities
        for hour in range {
            for pool in 0..<pools { capacity[pool] = quantities[pool] + relaxation.held[hour * pools + pool] }
            let block = block(of: hour)
            part.values[block] += solver.solve(hour: hour, capacity: capacity)
            for pool in 0..<pools {
                // The kept price is what proves the bound: sums are of it, not of the one before rounding.
                let price = Float(solver.prices[pool])
                part.prices.append(price)
                part.sums[block * pools + pool] += Double(price)
            }
        }
        return part
    }

    /// Prices in rows of hours by pool.
    func byPool(_ prices: [Float]) -> [Double] {
        let (hours, pools) = (relaxation.hours, relaxation.poolCount)
        var result = [Double](repeating: 0, count: hours * pools)
        for hour in 0..<hours {
            for pool in 0..<pools { result[pool * hours + hour] = Double(prices[hour * pools + pool]) }
        }
        return result
    }

    /// The purchases' cost under the best hourly allocation.
    func cost(_ quantities: [Double], _ evaluation: Evaluation) -> Double {
        var sum = evaluation.total
        for pool in purchasable { sum += relaxation.fee[pool] * quantities[pool] }
        return sum
    }

    // MARK: The search

    /// Searches until the relative gap is at most `gap`, or for `limit` iterations.
    mutating func run(gap: Double, limit: Int) throws(SolverFailure) -> Outcome {
        var master = try Master(relaxation, purchasable, limits, blocks)
        var best = [Double](repeating: 0, count: relaxation.poolCount)
        var bestCost = Double.infinity
        var point = best
        var answer = Master.Answer(quantities: best, bound: 0, weights: [])
        var iterations = 0
        while iterations < limit {
            let evaluation = evaluate(point)
            let cost = cost(point, evaluation)
            if cost < bestCost { (best, bestCost) = (point, cost) }
            try master.add(evaluation, at: point)
            trail.append(evaluation.prices)
            answer = try master.solve()
            iterations += 1
            if bestCost - answer.bound <= gap * abs(bestCost) { break }
            point = answer.quantities
            // In-out: half way to the best point known; every fifth step goes all the way.
            if iterations % 5 != 0 { for pool in purchasable { point[pool] = (point[pool] + best[pool]) / 2 } }
        }
        return Outcome(
            quantities: best, cost: bestCost, bound: answer.bound, prices: combine(answer.weights),
            iterations: iterations)
    }

    /// The mean of all prices met, by the master's weights of their cuts: by concavity it proves at least the
    /// master's bound.
    private func combine(_ weights: [Double]) -> [Double] {
        let (hours, pools) = (relaxation.hours, relaxation.poolCount)
        var prices = [Double](repeating: 0, count: hours * pools)
        var totals = [Double](repeating: 0, count: blocks)
        for cut in trail.indices { for block in 0..<blocks { totals[block] += weights[cut * blocks + block] } }
        for (cut, seen) in trail.enumerated() {
            for hour in 0..<hours {
                let block = block(of: hour)
                guard totals[block] > 0 else { continue }
                let weight = weights[cut * blocks + block] / totals[block]
                guard weight > 0 else { continue }
                for pool in 0..<pools { prices[pool * hours + hour] += weight * Double(seen[hour * pools + pool]) }
            }
        }
        return prices
    }
}

/// The master problem: min Σ fee·Q + Σ η over blocks, with a cut per evaluated point and block.
private struct Master: ~Copyable {
    private var warm: WarmModel
    private let purchases: [LinearModel.Variable]
    private let costs: [LinearModel.Variable]
    private let purchasable: [Int]
    private let pools: Int
    private let unit: Double
    private let sizes: [Double]
    private var rows = 0

    struct Answer {
        var quantities: [Double]
        var bound: Double
        /// Weight of each cut, cuts × blocks.
        var weights: [Double]
    }

    init(_ relaxation: Relaxation, _ purchasable: [Int], _ limits: [Double], _ blocks: Int) throws(SolverFailure) {
        var model = LinearModel(.minimize)
        var purchases: [LinearModel.Variable] = []
        var costs: [LinearModel.Variable] = []
        // Costs in units of a typical block, purchases in units of the most that could be used: rows of
        // numbers near one.
        let all = relaxation.demand.indices.reduce(0.0) { sum, slot in
            sum + relaxation.demand[slot] * relaxation.price[slot % max(1, relaxation.price.count)]
        }
        unit = max(all / Double(blocks), 1e-9)
        let sizes = limits.map { max($0, 1e-9) }
        for pool in purchasable {
            let scaled = relaxation.fee[pool] * sizes[pool] / unit
            purchases.append(model.addVariable("buy \(pool)", lower: 0, upper: 1, cost: scaled))
        }
        for block in 0..<blocks {
            costs.append(model.addVariable("block \(block)", lower: -.infinity, upper: .infinity, cost: 1))
        }
        var options = SolverOptions()
        options.method = .simplex
        options.presolve = false
        options.feasibilityTolerance = 1e-9
        options.optimalityTolerance = 1e-9
        self.purchases = purchases
        self.costs = costs
        self.purchasable = purchasable
        pools = relaxation.poolCount
        self.sizes = sizes
        warm = try WarmModel(model, options: options)
    }

    mutating func add(_ evaluation: CutEngine.Evaluation, at point: [Double]) throws(SolverFailure) {
        var cuts: [LinearModel.Row] = []
        for block in costs.indices {
            var terms = [LinearModel.Term(1, costs[block])]
            var base = evaluation.values[block]
            for (slot, pool) in purchasable.enumerated() {
                let slope = evaluation.sums[block * pools + pool]
                base += slope * point[pool]
                let coefficient = slope * sizes[pool] / unit
                if coefficient > 1e-9 { terms.append(LinearModel.Term(coefficient, purchases[slot])) }
            }
            cuts.append(
                LinearModel.Row("", terms, lower: base / unit, upper: .infinity))
            rows += 1
        }
        try warm.addRows(cuts)
    }

    mutating func solve() throws(SolverFailure) -> Answer {
        let solution = try warm.solve().requireOptimal()
        var quantities = [Double](repeating: 0, count: pools)
        for (slot, pool) in purchasable.enumerated() {
            quantities[pool] = max(0, solution[purchases[slot]]) * sizes[pool]
        }
        return Answer(
            quantities: quantities, bound: solution.objective * unit, weights: solution.duals.map { max(0, $0) })
    }
}
