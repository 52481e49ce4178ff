internal import PlimsollCore
internal import Solver

/// The whole linear and mixed-integer program of a small model: purchases and hourly allocations in one, hours
/// of equal demand and holdings taken together.
///
/// The linear program's prices prove a bound also where scopes overlap without nesting; the integer one
/// counts whole machines. Its allocation is the best one, not the vendor's: the judge decides in the end.
struct WholeProgram {
    /// From so many entries of the matrix on, cutting planes and the ascent are the faster way.
    static let largest = 30_000

    /// Branch-and-bound nodes at most: a count, so that every machine finds the same.
    static let nodes = 2_000

    private let model: PlanningModel
    /// Hours of equal demand and holdings: a representative each, …
    private let groups: [Int]
    /// … the group of every hour, …
    private let groupOf: [Int]
    /// … and how many hours it has.
    private let weights: [Double]
    private let scale: Double

    /// Nil where the model is too large.
    init?(_ model: PlanningModel) {
        self.model = model
        scale = Double(FixedPoint.power(model.quantityScale))
        var known: [[Int64]: Int] = [:]
        var groups: [Int] = []
        var groupOf: [Int] = []
        var weights: [Double] = []
        let entries = model.pools.reduce(0) { $0 + 2 * $1.members.count + 1 }
        for hour in 0..<model.hours {
            var key = model.cells.indices.map { model.usage[$0, hour] }
            key += model.pools.map { $0.existing.isEmpty ? 0 : $0.existing[hour] }
            for pool in model.pools { if let active = pool.active { key.append(active.contains(hour) ? 1 : 0) } }
            if !model.weights.isEmpty { key.append(model.weights[hour]) }
            let group = known[key] ?? groups.count
            if group == groups.count {
                guard (groups.count + 1) * entries <= Self.largest else { return nil }
                known[key] = group
                groups.append(hour)
                weights.append(0)
            }
            groupOf.append(group)
            weights[group] += 1
        }
        (self.groups, self.groupOf, self.weights) = (groups, groupOf, weights)
    }

    /// What the programs came to.
    struct Outcome {
        /// Prices of pool units, pools × hours.
        var prices: [Double]
        /// Prices of what the rows limit.
        var multipliers: [Double]
        /// Whole steps of every pool, where the integer search found any.
        var steps: [Int64]?
    }

    /// Solves both programs. Throws where HiGHS is missing or gives up.
    func run() throws(SolverFailure) -> Outcome {
        let relaxed = build(integer: false)
        let solution = try Solver.solve(relaxed.model).requireOptimal()
        var prices = [Double](repeating: 0, count: model.pools.count * model.hours)
        for pool in model.pools.indices {
            for hour in 0..<model.hours {
                let group = groupOf[hour]
                let dual = solution.dual(of: relaxed.rooms[pool * groups.count + group])
                prices[pool * model.hours + hour] = max(0, -dual / weights[group])
            }
        }
        var options = SolverOptions()
        (options.nodeLimit, options.relativeGap) = (Self.nodes, 1e-5)
        let whole = build(integer: true)
        let counted = try Solver.solve(whole.model, options: options)
        let multipliers = relaxed.rows.map { max(0, -solution.dual(of: $0)) }
        guard counted.hasPoint else { return Outcome(prices: prices, multipliers: multipliers, steps: nil) }
        let steps = model.pools.indices.map { pool in
            let step = isCounted(pool) ? 1 : stepSize(pool)
            return model.pools[pool].fee == nil ? 0 : Int64((counted[whole.buys[pool]] / step).rounded())
        }
        return Outcome(prices: prices, multipliers: multipliers, steps: steps)
    }

    private struct Built {
        var model: LinearModel
        var buys: [LinearModel.Variable]
        /// Rows of capacity, pools × groups.
        var rooms: [LinearModel.Constraint]
        /// The model's limits.
        var rows: [LinearModel.Constraint]
    }

    private func stepSize(_ pool: Int) -> Double { Double(model.pools[pool].step) / Double(FixedPoint.one) }

    /// Steps of whole units are worth counting; a thousandth of a currency unit an hour is not.
    private func isCounted(_ pool: Int) -> Bool { stepSize(pool) >= 0.1 }

    /// Variables are steps of counted pools and units of the others.
    private func build(integer: Bool) -> Built {
        var program = LinearModel(.minimize)
        let one = Double(FixedPoint.one)
        let buys = model.pools.indices.map { pool in
            let unit = integer && isCounted(pool) ? stepSize(pool) : 1
            let fee = model.pools[pool].fee
            return program.addVariable(
                upper: fee == nil ? 0 : .infinity, cost: (fee?.value ?? 0) / one * unit,
                integer: integer && isCounted(pool) && fee != nil)
        }
        var rooms = [LinearModel.Constraint](
            repeating: .init(index: 0), count: model.pools.count * groups.count)
        for (group, hour) in groups.enumerated() {
            var served = model.cells.map { _ in [LinearModel.Term]() }
            for (index, pool) in model.pools.enumerated() {
                let unit = integer && isCounted(index) ? stepSize(index) : 1
                var terms = pool.active?.contains(hour) == false ? [] : [LinearModel.Term(-unit, buys[index])]
                for member in pool.members {
                    let saving = Double(model.price(of: member.cell, in: hour)) / one * weights[group]
                    let share = program.addVariable(cost: -saving)
                    terms.append(LinearModel.Term(Double(member.rate) / one, share))
                    served[member.cell].append(LinearModel.Term(1, share))
                }
                let held = pool.existing.isEmpty ? 0 : Double(pool.existing[hour]) / 1e6
                rooms[index * groups.count + group] = program.addConstraint("", terms, upper: held)
            }
            for (cell, terms) in served.enumerated() where !terms.isEmpty {
                let usage = Double(model.usage[cell, hour]) / scale
                program.addConstraint("", terms, upper: usage)
            }
        }
        let rows = model.rows.map { row in
            let terms = row.terms.map { term in
                let unit = integer && isCounted(term.pool) ? stepSize(term.pool) : 1
                return LinearModel.Term(Double(integer ? term.most : term.coefficient) / one * unit, buys[term.pool])
            }
            return program.addConstraint(row.id, terms, upper: Double(row.limit) / one)
        }
        return Built(model: program, buys: buys, rooms: rooms, rows: rows)
    }
}
