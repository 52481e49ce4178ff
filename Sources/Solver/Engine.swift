internal import CHiGHS

/// One HiGHS instance and the calls that can fail. Freed when it goes.
struct Engine: ~Copyable {
    enum Outcome {
        case optimal
        case infeasible
        case unboundedOrInfeasible
        case limit
    }

    private let instance: OpaquePointer

    private init(owning instance: OpaquePointer) {
        self.instance = instance
    }

    /// Creates an instance with these options and no model.
    static func start(_ options: SolverOptions) throws(SolverFailure) -> Engine {
        try Solver.requireLibrary()
        guard let instance = chighs_create() else {
            throw SolverFailure(.engine, "HiGHS could not be started: out of memory")
        }
        let engine = Engine(owning: instance)
        try engine.apply(options)
        return engine
    }

    deinit {
        chighs_destroy(instance)
    }

    private func apply(_ options: SolverOptions) throws(SolverFailure) {
        try check(chighs_set_bool(instance, "output_flag", 0), "output_flag")
        // One thread, one seed, and no clock: the answer depends on the input only.
        try check(chighs_set_int(instance, "threads", 1), "threads")
        try check(chighs_set_string(instance, "parallel", "off"), "parallel")
        try set("random_seed", Int(options.seed))
        try check(chighs_set_string(instance, "solver", options.method.rawValue), "solver")
        try check(chighs_set_string(instance, "presolve", options.presolve ? "on" : "off"), "presolve")
        try check(
            chighs_set_string(instance, "run_crossover", options.crossover ? "on" : "off"), "run_crossover")
        try set("mip_rel_gap", options.relativeGap)
        try set("mip_abs_gap", options.absoluteGap)
        try set("primal_feasibility_tolerance", options.feasibilityTolerance)
        try set("dual_feasibility_tolerance", options.optimalityTolerance)
        try set("mip_feasibility_tolerance", options.feasibilityTolerance)
        try set("small_matrix_value", LinearModel.leastCoefficient)
        if let limit = options.iterationLimit {
            try set("simplex_iteration_limit", limit)
            try set("ipm_iteration_limit", limit)
        }
        if let limit = options.nodeLimit { try set("mip_max_nodes", limit) }
    }

    private func set(_ option: String, _ value: Double) throws(SolverFailure) {
        try check(chighs_set_double(instance, option, value), option)
    }

    private func set(_ option: String, _ value: Int) throws(SolverFailure) {
        try check(chighs_set_int(instance, option, Int32(value)), option)
    }

    private func check(_ status: Int32, _ what: String) throws(SolverFailure) {
        if Int(status) == CHIGHS_STATUS_ERROR {
            throw SolverFailure(.engine, "HiGHS refused `\(what)`")
        }
    }

    func pass(_ model: LinearModel) throws(SolverFailure) {
        let sense = Int32(model.direction == .minimize ? CHIGHS_MINIMIZE : CHIGHS_MAXIMIZE)
        let columns = Int32(model.variableCount)
        let rows = Int32(model.constraintCount)
        let entries = Int32(model.termCount)
        let integrality = model.hasIntegers ? model.integrality : nil
        let status = chighs_pass_model(
            instance, columns, rows, entries, sense, model.offset, model.costs, model.variableLower,
            model.variableUpper, model.rowLower, model.rowUpper, model.rowStarts, model.indices,
            model.coefficients, integrality)
        try check(status, "the model")
    }

    /// Hands over the rows of the model from a position on.
    func addRows(of model: LinearModel, from first: Int) throws(SolverFailure) {
        let start = model.rowStarts[first]
        let starts = model.rowStarts[first..<model.constraintCount].map { $0 - start }
        try check(
            chighs_add_rows(
                instance, Int32(starts.count), Array(model.rowLower[first...]),
                Array(model.rowUpper[first...]), Int32(model.termCount) - start, starts,
                Array(model.indices[Int(start)...]), Array(model.coefficients[Int(start)...])),
            "the added rows")
    }

    /// Hands over the last variable of the model, which no row holds yet.
    func addLastVariable(of model: LinearModel) throws(SolverFailure) {
        let column = model.variableCount - 1
        try check(
            chighs_add_columns(
                instance, 1, [model.costs[column]], [model.variableLower[column]],
                [model.variableUpper[column]], 0, [0], [], []),
            "the added variable")
        if model.integrality[column] != 0 {
            try check(
                chighs_change_integrality(instance, Int32(column), model.integrality[column]),
                "the added variable")
        }
    }

    func setCost(_ cost: Double, column: Int) throws(SolverFailure) {
        try check(chighs_change_cost(instance, Int32(column), cost), "a cost")
    }

    func setBounds(column: Int, lower: Double, upper: Double) throws(SolverFailure) {
        try check(chighs_change_column_bounds(instance, Int32(column), lower, upper), "a bound")
    }

    func setBounds(row: Int, lower: Double, upper: Double) throws(SolverFailure) {
        try check(chighs_change_row_bounds(instance, Int32(row), lower, upper), "a bound")
    }

    func run() throws(SolverFailure) -> Outcome {
        try check(chighs_run(instance), "to run")
        let status = chighs_model_status(instance)
        switch Int(status) {
        case CHIGHS_MODEL_OPTIMAL, CHIGHS_MODEL_EMPTY: return .optimal
        case CHIGHS_MODEL_INFEASIBLE: return .infeasible
        case CHIGHS_MODEL_UNBOUNDED, CHIGHS_MODEL_UNBOUNDED_OR_INFEASIBLE:
            return .unboundedOrInfeasible
        case CHIGHS_MODEL_ITERATION_LIMIT, CHIGHS_MODEL_SOLUTION_LIMIT:
            return .limit
        default:
            throw SolverFailure(
                .engine, "HiGHS could not decide the model (model status \(status)); another method may")
        }
    }

    struct Point {
        var values: [Double]
        var reducedCosts: [Double]
        var activities: [Double]
        var duals: [Double]
    }

    func point(columns: Int, rows: Int) throws(SolverFailure) -> Point {
        var point = Point(
            values: [Double](repeating: 0, count: columns),
            reducedCosts: [Double](repeating: 0, count: columns),
            activities: [Double](repeating: 0, count: rows), duals: [Double](repeating: 0, count: rows))
        try check(
            chighs_solution(
                instance, &point.values, &point.reducedCosts, &point.activities, &point.duals),
            "to hand out its solution")
        return point
    }

    func info(_ name: String) -> Double? {
        var value = 0.0
        return chighs_double_info(instance, name, &value) == 0 ? value : nil
    }

    func count(_ name: String) -> Int {
        var value: Int32 = 0
        return chighs_int_info(instance, name, &value) == 0 ? Int(max(0, value)) : 0
    }

    func largeCount(_ name: String) -> Int {
        var value: Int64 = 0
        return chighs_int64_info(instance, name, &value) == 0 ? Int(max(0, value)) : 0
    }

    /// HiGHS's own guess at a small conflict of the linear relaxation; nil
    /// where it finds none or is too old to look.
    func conflictHint(columns: Int, rows: Int) -> (columns: [Int], rows: [Int])? {
        // An elastic LP, then reduction; a version without the option needs none.
        _ = chighs_set_int(instance, "iis_strategy", 6)
        var columnCount: Int32 = 0
        var rowCount: Int32 = 0
        var columnIndices = [Int32](repeating: 0, count: columns)
        var rowIndices = [Int32](repeating: 0, count: rows)
        let status = chighs_iis(instance, &columnCount, &rowCount, &columnIndices, &rowIndices)
        guard Int(status) != CHIGHS_STATUS_ERROR, columnCount + rowCount > 0,
            columnCount <= columns, rowCount <= rows
        else { return nil }
        return (
            columnIndices.prefix(Int(columnCount)).map(Int.init),
            rowIndices.prefix(Int(rowCount)).map(Int.init)
        )
    }
}
