/// Something in a model that no solver could make sense of.
public struct ModelFault: Sendable, Hashable, CustomStringConvertible {
    /// One sentence that names the variable or row and the value.
    public let description: String
}

extension LinearModel {
    /// Beyond these magnitudes the solver takes numbers for infinite or zero, so
    /// they are refused instead of being changed in silence.
    static let greatestBound = 1e20
    static let greatestCoefficient = 1e15
    static let leastCoefficient = 1e-12

    /// Everything that is wrong with the numbers and names of the model.
    ///
    /// A lower bound above its upper bound is no fault: that model is infeasible,
    /// which is a result.
    public func faults() -> [ModelFault] {
        var found: [ModelFault] = []
        if !offset.isFinite { found.append(ModelFault(description: "the offset is \(offset)")) }
        found += faults(ofVariablesFrom: 0) + faults(ofRowsFrom: 0)
        found += Self.repeated(variableNames).map {
            ModelFault(description: "two variables are named `\($0)`")
        }
        found += Self.repeated(rowNames).map {
            ModelFault(description: "two rows are named `\($0)`")
        }
        return found
    }

    /// The faults of the numbers of the variables from a position on.
    func faults(ofVariablesFrom first: Int) -> [ModelFault] {
        var found: [ModelFault] = []
        for index in first..<variableCount {
            let bounds = Self.fault(ofLower: variableLower[index], upper: variableUpper[index])
            let cost = abs(costs[index]) < Self.greatestBound ? nil : "the cost \(costs[index])"
            for fault in [bounds, cost].compactMap(\.self) {
                let name = name(of: Variable(index: index))
                found.append(ModelFault(description: "variable `\(name)` has \(fault)"))
            }
        }
        return found
    }

    /// The faults of the numbers of the rows from a position on.
    func faults(ofRowsFrom first: Int) -> [ModelFault] {
        var found: [ModelFault] = []
        for row in first..<constraintCount {
            if let fault = Self.fault(ofLower: rowLower[row], upper: rowUpper[row]) {
                let name = name(of: Constraint(index: row))
                found.append(ModelFault(description: "row `\(name)` has \(fault)"))
            }
            for entry in entries(ofRow: row) {
                let value = coefficients[entry]
                let magnitude = abs(value)
                // A merged term may have come out as zero, which is harmless.
                let small = magnitude <= Self.leastCoefficient && magnitude != 0
                if !small && magnitude <= Self.greatestCoefficient { continue }
                let variable = name(of: Variable(index: Int(indices[entry])))
                let name = name(of: Constraint(index: row))
                found.append(
                    ModelFault(
                        description: "row `\(name)` has the coefficient \(value) of `\(variable)`"))
            }
        }
        return found
    }

    private static func fault(ofLower lower: Double, upper: Double) -> String? {
        if lower.isNaN || lower == .infinity || (lower.isFinite && abs(lower) >= greatestBound) {
            return "the lower bound \(lower)"
        }
        if upper.isNaN || upper == -.infinity || (upper.isFinite && abs(upper) >= greatestBound) {
            return "the upper bound \(upper)"
        }
        return nil
    }

    private static func repeated(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { !$0.isEmpty && !seen.insert($0).inserted }
    }

    /// The first bounds that contradict themselves, found without a solver:
    /// lower > upper, or a row without terms whose bounds exclude 0.
    func contradiction() -> Conflict? {
        for index in 0..<variableCount where variableLower[index] > variableUpper[index] {
            let variable = Variable(index: index)
            return Conflict(
                constraints: [],
                bounds: [
                    Conflict.Bound(variable: name(of: variable), side: .lower, value: variableLower[index]),
                    Conflict.Bound(variable: name(of: variable), side: .upper, value: variableUpper[index]),
                ], isIrreducible: true)
        }
        for row in 0..<constraintCount {
            let excludesZero = rowLower[row] > 0 || rowUpper[row] < 0
            if rowLower[row] > rowUpper[row] || (entries(ofRow: row).isEmpty && excludesZero) {
                let name = name(of: Constraint(index: row))
                return Conflict(constraints: [name], bounds: [], isIrreducible: true)
            }
        }
        return nil
    }
}
