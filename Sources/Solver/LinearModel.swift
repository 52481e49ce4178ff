/// A linear or mixed-integer program: variables with bounds and costs, rows
/// that bound sums of variables, and a direction.
///
/// A model is a plain value. Building it checks nothing; ``faults()`` and
/// ``Solver/solve(_:options:)`` report everything that is wrong with it at
/// once, by the names given here. A name may be empty, then messages use the
/// position; names that are not empty must differ.
public struct LinearModel: Sendable, Hashable {
    /// Which end of the objective is wanted.
    public enum Direction: Sendable, Hashable {
        case minimize
        case maximize
    }

    /// A variable of the model that made it.
    public struct Variable: Sendable, Hashable {
        /// Position among the model's variables, from 0.
        public let index: Int
    }

    /// A row of the model that made it.
    public struct Constraint: Sendable, Hashable {
        /// Position among the model's rows, from 0.
        public let index: Int

        /// The row at a position.
        public init(index: Int) { self.index = index }
    }

    /// One summand of a row: coefficient × variable.
    public struct Term: Sendable, Hashable {
        /// The variable that is multiplied.
        public var variable: Variable
        /// Its coefficient; 0 drops the term.
        public var coefficient: Double

        /// Makes the summand coefficient × variable.
        public init(_ coefficient: Double, _ variable: Variable) {
            self.variable = variable
            self.coefficient = coefficient
        }
    }

    /// lower ≤ Σ terms ≤ upper; either bound may be infinite.
    public struct Row: Sendable, Hashable {
        /// What messages call the row.
        public var name: String
        /// The summands; a variable that occurs twice counts with the sum.
        public var terms: [Term]
        /// Least value of the sum; `-infinity` for none.
        public var lower: Double
        /// Greatest value of the sum; `infinity` for none.
        public var upper: Double

        /// Makes a row; without bounds it constrains nothing.
        public init(
            _ name: String, _ terms: [Term], lower: Double = -.infinity, upper: Double = .infinity
        ) {
            self.name = name
            self.terms = terms
            self.lower = lower
            self.upper = upper
        }
    }

    /// Which end of the objective is wanted.
    public var direction: Direction
    /// A constant that is added to the objective.
    public var offset: Double

    private(set) var variableNames: [String] = []
    private(set) var variableLower: [Double] = []
    private(set) var variableUpper: [Double] = []
    private(set) var costs: [Double] = []
    private(set) var integrality: [Int32] = []
    private(set) var integerCount = 0

    // Rows are kept compressed, as the solver wants them: row i holds the
    // entries rowStarts[i] ..< rowStarts[i + 1].
    private(set) var rowNames: [String] = []
    private(set) var rowLower: [Double] = []
    private(set) var rowUpper: [Double] = []
    private(set) var rowStarts: [Int32] = [0]
    private(set) var indices: [Int32] = []
    private(set) var coefficients: [Double] = []
    /// Where each variable was last entered, to merge repeated terms of a row.
    private var lastEntry: [Int32] = []

    /// Makes a model without variables or rows.
    public init(_ direction: Direction = .minimize, offset: Double = 0) {
        self.direction = direction
        self.offset = offset
    }

    /// How many variables there are.
    public var variableCount: Int { variableNames.count }
    /// How many rows there are.
    public var constraintCount: Int { rowNames.count }
    /// How many non-zero coefficients the rows hold.
    public var termCount: Int { indices.count }
    /// Whether a variable must be a whole number.
    public var hasIntegers: Bool { integerCount > 0 }

    /// All variables in the order of their making.
    public var variables: [Variable] { (0..<variableCount).map(Variable.init(index:)) }
    /// All rows in the order of their making.
    public var constraints: [Constraint] { (0..<constraintCount).map(Constraint.init(index:)) }

    /// What messages call a variable: its name, or `variable 3` for an empty one.
    public func name(of variable: Variable) -> String {
        let name = variableNames[variable.index]
        return name.isEmpty ? "variable \(variable.index)" : name
    }

    /// What messages call a row: its name, or `row 3` for an empty one.
    public func name(of constraint: Constraint) -> String {
        let name = rowNames[constraint.index]
        return name.isEmpty ? "row \(constraint.index)" : name
    }

    /// Adds a variable.
    ///
    /// - Parameters:
    ///   - name: what messages call it.
    ///   - lower: its least value; `-infinity` for none.
    ///   - upper: its greatest value; `infinity` for none.
    ///   - cost: what one unit adds to the objective.
    ///   - integer: whether only whole numbers are allowed.
    @discardableResult
    public mutating func addVariable(
        _ name: String = "", lower: Double = 0, upper: Double = .infinity, cost: Double = 0,
        integer: Bool = false
    ) -> Variable {
        variableNames.append(name)
        variableLower.append(lower)
        variableUpper.append(upper)
        costs.append(cost)
        integrality.append(integer ? 1 : 0)
        integerCount += integer ? 1 : 0
        lastEntry.append(-1)
        return Variable(index: variableNames.count - 1)
    }

    /// Adds the row lower ≤ Σ terms ≤ upper.
    @discardableResult
    public mutating func addConstraint(
        _ name: String = "", _ terms: [Term], lower: Double = -.infinity, upper: Double = .infinity
    ) -> Constraint {
        let start = Int32(indices.count)
        for term in terms where term.coefficient != 0 {
            let variable = term.variable.index
            precondition(variable < variableNames.count, "a term's variable is of another model")
            let entry = lastEntry[variable]
            if entry >= start {
                coefficients[Int(entry)] += term.coefficient
            } else {
                lastEntry[variable] = Int32(indices.count)
                indices.append(Int32(variable))
                coefficients.append(term.coefficient)
            }
        }
        rowNames.append(name)
        rowLower.append(lower)
        rowUpper.append(upper)
        rowStarts.append(Int32(indices.count))
        return Constraint(index: rowNames.count - 1)
    }

    /// Adds a row made beforehand.
    @discardableResult
    public mutating func addConstraint(_ row: Row) -> Constraint {
        addConstraint(row.name, row.terms, lower: row.lower, upper: row.upper)
    }

    /// Replaces what one unit of a variable adds to the objective.
    public mutating func setCost(_ cost: Double, of variable: Variable) {
        costs[variable.index] = cost
    }

    /// Replaces the bounds of a variable.
    public mutating func setBounds(of variable: Variable, lower: Double, upper: Double) {
        variableLower[variable.index] = lower
        variableUpper[variable.index] = upper
    }

    /// Replaces the bounds of a row; infinite ones on both sides switch it off.
    public mutating func setBounds(of constraint: Constraint, lower: Double, upper: Double) {
        rowLower[constraint.index] = lower
        rowUpper[constraint.index] = upper
    }

    /// The positions of a row's entries in `indices` and `coefficients`.
    func entries(ofRow row: Int) -> Range<Int> {
        Int(rowStarts[row])..<Int(rowStarts[row + 1])
    }

    /// The linear relaxation.
    func withoutIntegers() -> LinearModel {
        var model = self
        model.integrality = [Int32](repeating: 0, count: integrality.count)
        model.integerCount = 0
        return model
    }

    /// The same feasible set with nothing to optimize.
    func withoutCosts() -> LinearModel {
        var model = self
        model.costs = [Double](repeating: 0, count: costs.count)
        model.offset = 0
        return model
    }
}
