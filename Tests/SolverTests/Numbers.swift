import Solver

/// Seeded random models, with their numbers at hand for checks that must not
/// trust the solver.
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    /// Uniform in 0 ..< bound.
    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    /// A whole number in a range, as a float.
    mutating func whole(_ range: ClosedRange<Int>) -> Double {
        Double(range.lowerBound + below(range.count))
    }

    struct Program {
        var model: LinearModel
        var costs: [Double]
        var columnBounds: [(Double, Double)]
        var matrix: [[Double]]
        var rowBounds: [(Double, Double)]

        /// Σ dual × binding bound over rows and variables, computed from the
        /// program's own numbers.
        func dualValue(_ solution: Solution) -> Double {
            let sign = model.direction == .minimize ? 1.0 : -1.0
            let priced = zip(solution.duals + solution.reducedCosts, rowBounds + columnBounds)
            return priced.reduce(0) { sum, entry in
                let bound = entry.0 * sign > 0 ? entry.1.0 : entry.1.1
                return abs(entry.0) < 1e-7 ? sum : sum + entry.0 * bound
            }
        }
    }

    /// A bounded and feasible program: rows are placed around a random point.
    mutating func linearProgram(
        variables: Int, rows: Int, integers: Int = 0, direction: LinearModel.Direction = .minimize
    ) -> Program {
        var program = Program(
            model: LinearModel(direction), costs: [], columnBounds: [], matrix: [], rowBounds: [])
        var handles: [LinearModel.Variable] = []
        for column in 0..<variables {
            let bounds = (whole(-3...0), whole(1...6))
            let cost = whole(-9...9)
            handles.append(
                program.model.addVariable(
                    "x\(column)", lower: bounds.0, upper: bounds.1, cost: cost, integer: column < integers))
            program.costs.append(cost)
            program.columnBounds.append(bounds)
        }
        let point = program.columnBounds.map { whole(Int($0.0)...Int($0.1)) }
        for row in 0..<rows {
            let coefficients = handles.map { _ in whole(-4...4) }
            let sum = zip(coefficients, point).reduce(0) { $0 + $1.0 * $1.1 }
            let bounds =
                switch below(3) {
                case 0: (sum - whole(0...3), Double.infinity)
                case 1: (-Double.infinity, sum + whole(0...3))
                default: (sum - whole(0...2), sum + whole(0...2))
                }
            program.model.addConstraint(
                "r\(row)", zip(coefficients, handles).map { .init($0, $1) }, lower: bounds.0, upper: bounds.1)
            program.matrix.append(coefficients)
            program.rowBounds.append(bounds)
        }
        return program
    }
}
