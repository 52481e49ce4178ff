internal import PlimsollCore

/// Turns the relaxation's point into whole steps, and moves it by the vendor's order: the allocation vendors
/// make is not the best one, so the best purchases differ a little.
struct Rounding {
    private let relaxation: Relaxation
    private let engine: CutEngine
    private let vendor: VendorOrder
    private let limits: PlanLimits
    private let start: [Double]
    private let bound: Double
    private let latitude: Double
    private let sizes: [Double]
    private let purchasable: [Int]
    private let isSearching: Bool

    init(_ relaxation: Relaxation, _ engine: CutEngine, _ outcome: CutEngine.Outcome, _ options: PlanningEngine.Options)
    {
        self.relaxation = relaxation
        self.engine = engine
        vendor = VendorOrder(relaxation)
        limits = PlanLimits(relaxation, vendor)
        start = outcome.quantities
        bound = outcome.bound
        latitude = options.latitude
        isSearching = options.searchesVendorOrder
        sizes = relaxation.model.pools.map { Double($0.step) / Double(FixedPoint.one) }
        purchasable = relaxation.model.pools.indices.filter { relaxation.model.pools[$0].fee != nil }
    }

    /// Whole steps of every pool: the best found by the vendor's order, then the relaxation's, rounded.
    func candidates() -> [[Int64]] {
        var counts = sizes.indices.map { Int64((start[$0] / sizes[$0]).rounded()) }
        for pool in sizes.indices where relaxation.model.pools[pool].fee == nil { counts[pool] = 0 }
        if !limits.allows(counts) {
            counts = sizes.indices.map { Int64((start[$0] / sizes[$0]).rounded(.down)) }
            limits.fit(&counts)
        }
        let rounded = counts
        guard isSearching else { return [rounded] }
        var best = vendor.cost(quantities(counts))
        // Whole counts alone may cost something: the latitude is counted from there.
        let limit = engine.cost(quantities(rounded), engine.evaluate(quantities(rounded))) * (1 + latitude)
        for fraction in [0.02, 0.005, 0.001, 0] where best - bound > Self.nothingToGain * abs(best) {
            sweep(&counts, &best, fraction, limit: limit)
        }
        // Where the vendor's order costs a lot, its bill matters more than staying near the relaxation.
        if best - bound > Self.muchAboveBound * abs(best) {
            for fraction in [0.3, 0.1, 0.03, 0.01, 0.003, 0] { sweep(&counts, &best, fraction, limit: .infinity) }
        }
        if !limits.isEmpty { exchange(&counts, &best) }
        return [counts, rounded]
    }

    /// Another point, and where its neighbours by the vendor's order lead: one step up or down, and one step
    /// of a pool for some of another.
    func near(_ steps: [Int64]) -> [[Int64]] {
        var counts = steps
        limits.fit(&counts)
        guard isSearching else { return [counts] }
        let steps = counts
        var best = vendor.cost(quantities(counts))
        sweep(&counts, &best, 0, limit: .infinity)
        exchange(&counts, &best)
        return [counts, steps]
    }

    /// The best whole steps by the vendor's order where the problem is small; nil where it is not.
    func exhaust(from known: [[Int64]]) -> StepSearch.Outcome? {
        guard isSearching, limits.isEmpty, relaxation.partial.isEmpty, relaxation.weights.isEmpty else { return nil }
        guard var search = StepSearch(relaxation, vendor) else { return nil }
        return search.run(from: known)
    }

    /// Takes a step of one pool and gives back as much of another, where the vendor's bill falls. Every pair is
    /// tried once; their number is bounded by the size of the problem.
    private func exchange(_ counts: inout [Int64], _ best: inout Double) {
        let trials = max(0, min(2_000, 20_000_000 / max(1, vendor.work)))
        var tried = 0
        for up in purchasable {
            for down in purchasable where down != up && counts[down] > 0 {
                for back in [1, Int64((sizes[up] / sizes[down]).rounded())] where back > 0 && back <= counts[down] {
                    guard tried < trials else { return }
                    tried += 1
                    let before = counts
                    counts[up] += 1
                    counts[down] -= back
                    let cost = vendor.cost(quantities(counts))
                    let isBetter = cost < best - 1e-12 * abs(best) && limits.allows(counts)
                    if isBetter { best = cost } else { counts = before }
                    if counts[down] == 0 { break }
                }
            }
        }
    }

    private static let muchAboveBound = 3e-4
    private static let nothingToGain = 1e-5

    /// Sweeps over the pools until nothing falls any more; goes back where the relaxation's cost left its
    /// latitude. Every trial is a pass over all hours: their number is bounded by the size of the problem.
    private func sweep(_ counts: inout [Int64], _ best: inout Double, _ fraction: Double, limit: Double) {
        let (countsBefore, bestBefore) = (counts, best)
        let sweeps = max(1, min(8, 60_000_000 / vendor.work))
        for _ in 0..<sweeps {
            let start = best
            for pool in purchasable { attempt(&counts, pool, fraction, &best) }
            if best >= start { break }
        }
        guard best < bestBefore, limit.isFinite else { return }
        let now = quantities(counts)
        if engine.cost(now, engine.evaluate(now)) > limit { (counts, best) = (countsBefore, bestBefore) }
    }

    /// Moves one pool up, else down, by a fraction of itself, at least one step, where the vendor's bill falls.
    private func attempt(_ counts: inout [Int64], _ pool: Int, _ fraction: Double, _ best: inout Double) {
        let before = counts[pool]
        let move = max(1, Int64(Double(before) * fraction))
        for changed in [before + move, max(0, before - move)] where changed != before {
            counts[pool] = changed
            let cost = vendor.cost(quantities(counts))
            if cost < best - 1e-12 * abs(best), limits.allows(counts) {
                best = cost
                return
            }
        }
        counts[pool] = before
    }

    private func quantities(_ counts: [Int64]) -> [Double] { counts.indices.map { Double(counts[$0]) * sizes[$0] } }
}
