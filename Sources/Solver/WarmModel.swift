/// A model that stays loaded between solves: for cutting planes and other
/// searches that change a little and solve again.
///
/// A solve starts from the basis of the one before. The handle is owned by one
/// place at a time and freed when it goes; it must not be shared by threads.
public struct WarmModel: ~Copyable {
    /// The model as it stands, with everything added.
    public private(set) var model: LinearModel
    private let options: SolverOptions
    private let engine: Engine
    private var names: Set<String>

    /// Loads a model.
    ///
    /// - Throws: ``SolverFailure`` where the library is missing, the model has
    ///   faults (all of them are in the message) or an option is out of range.
    public init(
        _ model: LinearModel, options: SolverOptions = SolverOptions()
    ) throws(SolverFailure) {
        try options.check()
        try Self.refuse(model.faults())
        let engine = try Engine.start(options)
        try engine.pass(model)
        self.engine = engine
        self.model = model
        self.options = options
        names = Set(model.rowNames)
    }

    /// Adds rows; the next solve starts from the last basis.
    ///
    /// - Returns: the rows' handles, in order.
    /// - Throws: ``SolverFailure/Code/badModel``; then nothing was added.
    @discardableResult
    public mutating func addRows(
        _ rows: [LinearModel.Row]
    ) throws(SolverFailure) -> [LinearModel.Constraint] {
        let first = model.constraintCount
        var grown = model
        let added = rows.map { grown.addConstraint($0) }
        var faults = grown.faults(ofRowsFrom: first)
        var fresh: Set<String> = []
        for row in rows where !row.name.isEmpty {
            if names.contains(row.name) || !fresh.insert(row.name).inserted {
                faults.append(ModelFault(description: "two rows are named `\(row.name)`"))
            }
        }
        try Self.refuse(faults)
        try engine.addRows(of: grown, from: first)
        model = grown
        names.formUnion(fresh)
        return added
    }

    /// Adds a variable, for use in rows that are added later.
    ///
    /// - Throws: ``SolverFailure/Code/badModel``; then nothing was added.
    @discardableResult
    public mutating func addVariable(
        _ name: String = "", lower: Double = 0, upper: Double = .infinity, cost: Double = 0,
        integer: Bool = false
    ) throws(SolverFailure) -> LinearModel.Variable {
        var grown = model
        let variable = grown.addVariable(name, lower: lower, upper: upper, cost: cost, integer: integer)
        try Self.refuse(grown.faults(ofVariablesFrom: variable.index))
        try engine.addLastVariable(of: grown)
        model = grown
        return variable
    }

    /// Replaces what one unit of a variable adds to the objective.
    ///
    /// - Throws: ``SolverFailure/Code/badModel``; then nothing was changed.
    public mutating func setCost(
        _ cost: Double, of variable: LinearModel.Variable
    ) throws(SolverFailure) {
        guard abs(cost) < LinearModel.greatestBound else {
            throw SolverFailure(.badModel, "variable `\(model.name(of: variable))` has the cost \(cost)")
        }
        try engine.setCost(cost, column: variable.index)
        model.setCost(cost, of: variable)
    }

    /// Replaces the bounds of a variable.
    ///
    /// - Throws: ``SolverFailure/Code/badModel`` for NaN; then nothing was changed.
    public mutating func setBounds(
        of variable: LinearModel.Variable, lower: Double, upper: Double
    ) throws(SolverFailure) {
        try Self.refuseBounds(model.name(of: variable), lower, upper)
        try engine.setBounds(column: variable.index, lower: lower, upper: upper)
        model.setBounds(of: variable, lower: lower, upper: upper)
    }

    /// Replaces the bounds of a row; infinite ones on both sides switch it off.
    ///
    /// - Throws: ``SolverFailure/Code/badModel`` for NaN; then nothing was changed.
    public mutating func setBounds(
        of constraint: LinearModel.Constraint, lower: Double, upper: Double
    ) throws(SolverFailure) {
        try Self.refuseBounds(model.name(of: constraint), lower, upper)
        try engine.setBounds(row: constraint.index, lower: lower, upper: upper)
        model.setBounds(of: constraint, lower: lower, upper: upper)
    }

    /// Solves the model as it stands.
    ///
    /// - Returns: the best point, or what makes the model infeasible or unbounded.
    /// - Throws: ``SolverFailure/Code/engine`` where HiGHS gives up.
    public mutating func solve() throws(SolverFailure) -> Solution {
        if let conflict = model.contradiction() { return infeasible(conflict) }
        if model.variableCount == 0 { return emptySolution() }
        switch try engine.run() {
        case .optimal: return try solution(.optimal)
        case .limit: return try solution(.limit)
        case .infeasible: return try conflict()
        case .unboundedOrInfeasible:
            // The same model with nothing to gain tells the two apart.
            let aimless = try Engine.start(withoutLimits)
            try aimless.pass(model.withoutCosts())
            if case .infeasible = try aimless.run() { return try conflict() }
            let ray = try model.recessionRay(options: withoutLimits)
            return .pointless(.unbounded(ray), objective: end(improving: true))
        }
    }

    private var withoutLimits: SolverOptions {
        var options = options
        options.iterationLimit = nil
        options.nodeLimit = nil
        return options
    }

    private func conflict() throws(SolverFailure) -> Solution {
        infeasible(try ConflictFinder.conflict(of: model, options: withoutLimits))
    }

    private func infeasible(_ conflict: Conflict) -> Solution {
        .pointless(.infeasible(conflict), objective: end(improving: false))
    }

    /// The infinite end of the objective: better, or worse, than any point.
    private func end(improving: Bool) -> Double {
        (model.direction == .minimize) == improving ? -.infinity : .infinity
    }

    /// Rows without variables were found to hold: the offset is all there is.
    private func emptySolution() -> Solution {
        let zeros = [Double](repeating: 0, count: model.constraintCount)
        return Solution(
            status: .optimal, objective: model.offset, dualBound: model.offset, values: [],
            activities: zeros, duals: zeros, reducedCosts: [], iterations: 0, nodes: 0)
    }

    private func solution(_ status: Solution.Status) throws(SolverFailure) -> Solution {
        let point = try engine.point(columns: model.variableCount, rows: model.constraintCount)
        let feasible = 2
        let hasPoint = engine.count("primal_solution_status") == feasible
        let hasDuals = !model.hasIntegers && engine.count("dual_solution_status") == feasible
        var bound = end(improving: true)
        if model.hasIntegers {
            bound = engine.info("mip_dual_bound") ?? bound
        } else if hasDuals {
            bound = model.dualObjective(duals: point.duals, reducedCosts: point.reducedCosts)
        }
        let reached = hasPoint ? engine.info("objective_function_value") : nil
        return Solution(
            status: status, objective: reached ?? end(improving: false),
            dualBound: bound, values: hasPoint ? point.values : [],
            activities: hasPoint ? point.activities : [],
            duals: hasPoint && hasDuals ? point.duals : [],
            reducedCosts: hasPoint && hasDuals ? point.reducedCosts : [],
            iterations: engine.count("simplex_iteration_count") + engine.count("ipm_iteration_count")
                + engine.count("crossover_iteration_count"),
            nodes: engine.largeCount("mip_node_count"))
    }

    private static func refuse(_ faults: [ModelFault]) throws(SolverFailure) {
        if faults.isEmpty { return }
        let shown = faults.prefix(20).map(\.description).joined(separator: "; ")
        let rest = faults.count > 20 ? "; and \(faults.count - 20) more" : ""
        throw SolverFailure(.badModel, shown + rest)
    }

    private static func refuseBounds(
        _ name: String, _ lower: Double, _ upper: Double
    ) throws(SolverFailure) {
        if lower.isNaN || upper.isNaN || lower == .infinity || upper == -.infinity {
            throw SolverFailure(.badModel, "`\(name)` has the bounds \(lower) and \(upper)")
        }
    }
}

extension LinearModel {
    /// Σ dual × the bound it prices: no point does better, as long as duals and
    /// reduced costs belong together.
    func dualObjective(duals: [Double], reducedCosts: [Double]) -> Double {
        var sum = offset
        let sign = direction == .minimize ? 1.0 : -1.0
        func add(_ dual: Double, _ lower: Double, _ upper: Double) {
            if dual == 0 { return }
            let bound = dual * sign > 0 ? lower : upper
            // A dual on a side that has no bound is rounding noise, within the
            // solver's tolerance for the signs of duals.
            if bound.isFinite { sum += dual * bound }
        }
        for row in duals.indices { add(duals[row], rowLower[row], rowUpper[row]) }
        for column in reducedCosts.indices {
            add(reducedCosts[column], variableLower[column], variableUpper[column])
        }
        return sum
    }

    /// A direction that stays feasible for ever and improves the objective:
    /// the best one in a box, found by a bounded linear program.
    func recessionRay(options: SolverOptions) throws(SolverFailure) -> Ray {
        var cone = LinearModel(direction)
        for index in 0..<variableCount {
            cone.addVariable(
                lower: variableLower[index].isFinite ? 0 : -1, upper: variableUpper[index].isFinite ? 0 : 1,
                cost: costs[index])
        }
        for row in 0..<constraintCount {
            cone.addConstraint(
                "", entries(ofRow: row).map { Term(coefficients[$0], Variable(index: Int(indices[$0]))) },
                lower: rowLower[row].isFinite ? 0 : -.infinity, upper: rowUpper[row].isFinite ? 0 : .infinity)
        }
        var warm = try WarmModel(cone, options: options)
        let direction = try warm.solve().requireOptimal()
        let moves = variables.filter { abs(direction[$0]) > 1e-9 }
        return Ray(moves: moves.map { Ray.Move(variable: name(of: $0), step: direction[$0]) })
    }
}
