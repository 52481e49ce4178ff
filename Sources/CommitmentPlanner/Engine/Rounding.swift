internal import PlimsollCore

/// Turns the relaxation's point into whole steps, and moves it by the vendor's order: the allocation vendors
/// make is not the best one, so the best purchases differ a little.
struct Rounding {
    private let relaxation: Relaxation
    private let engine: CutEngine
    private let vendor: VendorOrder
    private let start: [Double]
    private let limit: Double
    private let sizes: [Double]
    private let purchasable: [Int]

    init(_ relaxation: Relaxation, _ engine: CutEngine, _ outcome: CutEngine.Outcome, latitude: Double) {
        self.relaxation = relaxation
        self.engine = engine
        vendor = VendorOrder(relaxation)
        start = outcome.quantities
        limit = outcome.bound + (max(0, outcome.cost - outcome.bound)) + latitude * abs(outcome.cost)
        sizes = relaxation.model.pools.map { Double($0.step) / Double(FixedPoint.one) }
        purchasable = relaxation.model.pools.indices.filter { relaxation.model.pools[$0].fee != nil }
    }

    /// Whole steps of every pool.
    mutating func run() -> [Int64] {
        var counts = sizes.indices.map { Int64((start[$0] / sizes[$0]).rounded()) }
        for pool in sizes.indices where relaxation.model.pools[pool].fee == nil { counts[pool] = 0 }
        var best = vendor.cost(quantities(counts))
        // Every trial is a pass over all hours: their number is bounded by the size of the problem.
        let work = max(1, relaxation.demand.count)
        var trials = max(purchasable.count * 2, min(4_000, 2_000_000_000 / work))
        for fraction in [0.02, 0.005, 0.001, 0] {
            var improved = true
            while improved, trials > 0 {
                improved = false
                for pool in purchasable {
                    for sign in [Int64(1), -1] {
                        guard let cost = attempt(&counts, pool, sign, fraction, best), trials > 0 else { continue }
                        trials -= 1
                        if cost < best {
                            best = cost
                            improved = true
                        }
                    }
                }
                trials -= purchasable.count
            }
        }
        return counts
    }

    /// Moves one pool by a fraction of itself, at least one step; keeps it where the vendor's bill falls and
    /// the relaxation stays near its best. Returns the bill then.
    private func attempt(
        _ counts: inout [Int64], _ pool: Int, _ sign: Int64, _ fraction: Double, _ best: Double
    ) -> Double? {
        let move = max(1, Int64(Double(counts[pool]) * fraction))
        let before = counts[pool]
        counts[pool] = max(0, before + sign * move)
        guard counts[pool] != before else { return nil }
        let now = quantities(counts)
        let cost = vendor.cost(now)
        if cost < best - 1e-12 * abs(best), engine.cost(now, engine.evaluate(now)) <= limit { return cost }
        counts[pool] = before
        return nil
    }

    private func quantities(_ counts: [Int64]) -> [Double] { counts.indices.map { Double(counts[$0]) * sizes[$0] } }
}
