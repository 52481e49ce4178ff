internal import PlimsollCore
internal import Solver

/// The master problem: min Σ fee·Q + Σ η over blocks, with a cut per evaluated point and block.
struct CutMaster: ~Copyable {
    private var warm: WarmModel
    private let purchases: [LinearModel.Variable]
    private let costs: [LinearModel.Variable]
    private let purchasable: [Int]
    private let pools: Int
    private let unit: Double
    private let offset: Double
    private let sizes: [Double]

    /// Where the master is cheapest.
    struct Answer {
        var quantities: [Double]
        var bound: Double
        /// Weight of each cut, cuts × blocks.
        var weights: [Double]
    }

    init(_ relaxation: Relaxation, _ purchasable: [Int], blocks: Int) throws(SolverFailure) {
        var model = LinearModel(.minimize)
        var purchases: [LinearModel.Variable] = []
        var costs: [LinearModel.Variable] = []
        // Costs in units of a typical block, purchases in units of the most that could be used: rows of
        // numbers near one.
        let unit = max(relaxation.onDemand() / Double(blocks), 1e-9)
        let sizes = relaxation.limits().map { max($0, 1e-9) }
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
        (self.unit, self.sizes, offset) = (unit, sizes, relaxation.unserved)
        pools = relaxation.poolCount
        warm = try WarmModel(model, options: options)
    }

    /// Adds the cuts that the hours gave at a point.
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
            cuts.append(LinearModel.Row("", terms, lower: base / unit))
        }
        try warm.addRows(cuts)
    }

    /// Solves the master as it stands.
    mutating func solve() throws(SolverFailure) -> Answer {
        let solution = try warm.solve().requireOptimal()
        var quantities = [Double](repeating: 0, count: pools)
        for (slot, pool) in purchasable.enumerated() {
            quantities[pool] = max(0, solution[purchases[slot]]) * sizes[pool]
        }
        return Answer(
            quantities: quantities, bound: solution.objective * unit + offset,
            weights: solution.duals.map { max(0, $0) })
    }
}
