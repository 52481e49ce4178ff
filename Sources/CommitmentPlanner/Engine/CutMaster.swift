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
    /// What the rows were divided by.
    private let scales: [Double]

    /// Where the master is cheapest.
    struct Answer {
        var quantities: [Double]
        var bound: Double
        /// Weight of each cut, cuts × blocks.
        var weights: [Double]
        /// Price of a unit of what each row limits, in currency.
        var multipliers: [Double]
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
        scales = Self.addRows(relaxation.model.rows, to: &model, purchases, purchasable, sizes)
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

    /// Adds the limits on purchases, each divided by its largest coefficient.
    private static func addRows(
        _ rows: [PlanningRow], to model: inout LinearModel, _ purchases: [LinearModel.Variable], _ purchasable: [Int],
        _ sizes: [Double]
    ) -> [Double] {
        let variables = Dictionary(zip(purchasable, purchases), uniquingKeysWith: { first, _ in first })
        return rows.map { row in
            let terms = row.terms.compactMap { term in
                variables[term.pool].map { (Double(term.coefficient) * 1e-12 * sizes[term.pool], $0) }
            }
            let scale = max(terms.map(\.0).max() ?? 0, 1e-12)
            model.addConstraint(
                row.id, terms.map { LinearModel.Term($0.0 / scale, $0.1) }, upper: Double(row.limit) * 1e-12 / scale)
            return scale
        }
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
            weights: solution.duals.dropFirst(scales.count).map { max(0, $0) },
            multipliers: zip(solution.duals, scales).map { max(0, -$0 * unit / $1) })
    }
}
