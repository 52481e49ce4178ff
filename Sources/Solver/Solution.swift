/// What a solver found out about a model.
public struct Solution: Sendable, Hashable {
    /// How the search ended. None of these is an error.
    public enum Status: Sendable, Hashable {
        /// The point is the best there is, within the tolerances and gaps asked for.
        case optimal
        /// No point satisfies all rows and bounds.
        case infeasible(Conflict)
        /// The objective has no end in the wanted direction.
        case unbounded(Ray)
        /// An iteration or node limit ended the search; the bound holds.
        case limit
    }

    /// How the search ended.
    public let status: Status
    /// The objective at the point, offset included. Where there is no point it is
    /// infinite: the good end where unbounded, the bad end otherwise.
    public let objective: Double
    /// No point can do better than this. For a linear program it is computed
    /// from the duals; infinite where nothing is known.
    public let dualBound: Double
    /// A value for each variable; empty where there is no point.
    public let values: [Double]
    /// The sum of each row; empty where there is no point.
    public let activities: [Double]
    /// For each row by how much the objective changes per unit of its binding
    /// bound, in both directions of optimization: ≥ 0 for a binding lower bound
    /// when minimizing, ≤ 0 for a binding upper one. Empty for a model with
    /// integers and where there is no point.
    public let duals: [Double]
    /// For each variable cost − Σ dual × coefficient; empty where duals are.
    public let reducedCosts: [Double]
    /// Simplex and interior-point steps taken.
    public let iterations: Int
    /// Branch-and-bound nodes visited; 0 for a linear program.
    public let nodes: Int

    /// Whether there is a point that satisfies all rows and bounds.
    public var hasPoint: Bool { objective.isFinite }

    /// |objective − bound| ÷ |objective|; infinite where there is no point or no bound.
    public var relativeGap: Double {
        guard hasPoint, dualBound.isFinite else { return .infinity }
        let difference = abs(objective - dualBound)
        return difference == 0 ? 0 : difference / max(abs(objective), 1e-9)
    }

    /// The value of a variable. There must be a point.
    public subscript(variable: LinearModel.Variable) -> Double {
        values[variable.index]
    }

    /// The dual of a row. There must be duals.
    public func dual(of constraint: LinearModel.Constraint) -> Double {
        duals[constraint.index]
    }

    /// The reduced cost of a variable. There must be duals.
    public func reducedCost(of variable: LinearModel.Variable) -> Double {
        reducedCosts[variable.index]
    }

    /// The sum of a row. There must be a point.
    public func activity(of constraint: LinearModel.Constraint) -> Double {
        activities[constraint.index]
    }

    /// This solution, where it is optimal.
    ///
    /// - Throws: a ``SolverFailure`` of code ``SolverFailure/Code/notOptimal`` that
    ///   says what stood in the way, for callers to whom any other end is a bug.
    public func requireOptimal() throws(SolverFailure) -> Solution {
        switch status {
        case .optimal: return self
        case .infeasible(let conflict):
            throw SolverFailure(.notOptimal, "the model is infeasible: \(conflict)")
        case .unbounded(let ray):
            throw SolverFailure(.notOptimal, "the model is unbounded: \(ray)")
        case .limit:
            throw SolverFailure(.notOptimal, "the search ended at its limit after \(iterations) iterations")
        }
    }

    /// A result without a point.
    static func pointless(_ status: Status, objective: Double) -> Solution {
        Solution(
            status: status, objective: objective, dualBound: objective, values: [], activities: [],
            duals: [], reducedCosts: [], iterations: 0, nodes: 0)
    }
}

/// Rows and bounds that no point satisfies together.
public struct Conflict: Sendable, Hashable, CustomStringConvertible {
    /// One bound of a variable.
    public struct Bound: Sendable, Hashable, CustomStringConvertible {
        /// Which of the two bounds.
        public enum Side: String, Sendable, Hashable {
            case lower
            case upper
        }

        /// The variable's name.
        public let variable: String
        /// Which of its bounds.
        public let side: Side
        /// The bound.
        public let value: Double

        /// Such as `q ≥ 3.0`.
        public var description: String { "\(variable) \(side == .lower ? "≥" : "≤") \(value)" }
    }

    /// Names of the rows, in the model's order.
    public let constraints: [String]
    /// The variables' bounds that take part, in the model's order.
    public let bounds: [Bound]
    /// Whether leaving out any one of them would end the conflict. False where
    /// the search for the smallest conflict was cut short.
    public let isIrreducible: Bool

    /// Such as ``rows `demand`, `cap`; bounds q ≤ 3.0 ``.
    public var description: String {
        var parts: [String] = []
        if !constraints.isEmpty {
            parts.append("rows " + constraints.map { "`\($0)`" }.joined(separator: ", "))
        }
        if !bounds.isEmpty { parts.append("bounds " + bounds.map(\.description).joined(separator: ", ")) }
        return parts.joined(separator: "; ")
    }
}

/// A direction in which the objective improves without end.
public struct Ray: Sendable, Hashable, CustomStringConvertible {
    /// How one variable moves along the direction.
    public struct Move: Sendable, Hashable {
        /// The variable's name.
        public let variable: String
        /// Its share of the direction; the greatest magnitude is 1.
        public let step: Double
    }

    /// The variables that move, in the model's order.
    public let moves: [Move]

    /// Such as ``` `x` grows, `y` falls ```.
    public var description: String {
        moves.map { "`\($0.variable)` \($0.step > 0 ? "grows" : "falls")" }.joined(separator: ", ")
    }
}
