/// Finds rows and bounds of an infeasible model that conflict by themselves.
///
/// HiGHS's own hint is taken where it proves right; then parts are left out as
/// long as the rest stays infeasible, in halves first and one by one last.
struct ConflictFinder: ~Copyable {
    fileprivate enum Part {
        case row(Int)
        case lower(Int)
        case upper(Int)
    }

    /// Solves after which the search stops with what it has.
    private static let solveLimit = 500

    private let model: LinearModel
    private let engine: Engine
    private var rowActive: [Bool]
    private var lowerActive: [Bool]
    private var upperActive: [Bool]
    private var solves = 0

    /// The conflict of a model known to be infeasible. Where already the
    /// relaxation is, its conflict is one of the model, and easier to find.
    static func conflict(
        of model: LinearModel, options: SolverOptions
    ) throws(SolverFailure) -> Conflict {
        var relaxed = try ConflictFinder(model.withoutIntegers(), options: options)
        if try relaxed.isInfeasible() { return try relaxed.conflict() }
        var finder = try ConflictFinder(model, options: options)
        return try finder.conflict()
    }

    private init(_ model: LinearModel, options: SolverOptions) throws(SolverFailure) {
        var options = options
        // A part is only left out when the rest is *proved* infeasible, so a cut
        // search costs sharpness and never truth.
        options.nodeLimit = 2000
        let engine = try Engine.start(options)
        try engine.pass(model.withoutCosts())
        self.engine = engine
        self.model = model
        rowActive = [Bool](repeating: true, count: model.constraintCount)
        lowerActive = model.variableLower.map(\.isFinite)
        upperActive = model.variableUpper.map(\.isFinite)
    }

    private mutating func conflict() throws(SolverFailure) -> Conflict {
        try followHint()
        let rows = rowActive.indices.filter { rowActive[$0] }.map(Part.row)
        try reduce(rows)
        // A bound of a variable that no remaining row holds can play no part.
        let held = Set(
            rowActive.indices.filter { rowActive[$0] }.flatMap { model.entries(ofRow: $0) }
                .map { Int(model.indices[$0]) })
        let bounds = model.variables.map(\.index).flatMap { column in
            (lowerActive[column] ? [Part.lower(column)] : [])
                + (upperActive[column] ? [Part.upper(column)] : [])
        }
        let (heldBounds, idle) = (
            bounds.filter { held.contains($0.index) }, bounds.filter { !held.contains($0.index) }
        )
        try switchParts(idle, on: false)
        try reduce(heldBounds)
        var named: [Conflict.Bound] = []
        for variable in model.variables { named += activeBounds(of: variable) }
        return Conflict(
            constraints: model.constraints.filter { rowActive[$0.index] }.map { model.name(of: $0) },
            bounds: named, isIrreducible: solves < Self.solveLimit)
    }

    private func activeBounds(of variable: LinearModel.Variable) -> [Conflict.Bound] {
        let (index, name) = (variable.index, model.name(of: variable))
        var bounds: [Conflict.Bound] = []
        if lowerActive[index] {
            bounds.append(Conflict.Bound(variable: name, side: .lower, value: model.variableLower[index]))
        }
        if upperActive[index] {
            bounds.append(Conflict.Bound(variable: name, side: .upper, value: model.variableUpper[index]))
        }
        return bounds
    }

    private mutating func followHint() throws(SolverFailure) {
        // Of a model with integers HiGHS only looks at the relaxation, which is feasible then.
        guard !model.hasIntegers, try isInfeasible(),
            let hint = engine.conflictHint(columns: model.variableCount, rows: model.constraintCount)
        else { return }
        let (rows, columns) = (Set(hint.rows), Set(hint.columns))
        var others = rowActive.indices.filter { !rows.contains($0) }.map(Part.row)
        for column in lowerActive.indices where !columns.contains(column) {
            if lowerActive[column] { others.append(.lower(column)) }
            if upperActive[column] { others.append(.upper(column)) }
        }
        try switchParts(others, on: false)
        if !(try isInfeasible()) { try switchParts(others, on: true) }
    }

    /// Leaves out as many of the parts as can be spared.
    private mutating func reduce(_ parts: [Part]) throws(SolverFailure) {
        var kept = parts
        var size = max(1, kept.count / 2)
        while !kept.isEmpty {
            var remaining: [Part] = []
            var start = 0
            while start < kept.count {
                let chunk = Array(kept[start..<min(start + size, kept.count)])
                start += size
                if solves >= Self.solveLimit {
                    remaining += chunk
                    continue
                }
                try switchParts(chunk, on: false)
                if try isInfeasible() { continue }
                try switchParts(chunk, on: true)
                remaining += chunk
            }
            kept = remaining
            if size == 1 || solves >= Self.solveLimit { return }
            size = max(1, min(size, kept.count) / 2)
        }
    }

    private mutating func isInfeasible() throws(SolverFailure) -> Bool {
        solves += 1
        switch try engine.run() {
        case .infeasible, .unboundedOrInfeasible: return true
        case .optimal, .limit: return false
        }
    }

    private mutating func switchParts(_ parts: [Part], on: Bool) throws(SolverFailure) {
        for part in parts {
            switch part {
            case .row(let row):
                rowActive[row] = on
                try engine.setBounds(
                    row: row, lower: on ? model.rowLower[row] : -.infinity,
                    upper: on ? model.rowUpper[row] : .infinity)
                continue
            case .lower(let column): lowerActive[column] = on
            case .upper(let column): upperActive[column] = on
            }
            let column = part.index
            try engine.setBounds(
                column: column, lower: lowerActive[column] ? model.variableLower[column] : -.infinity,
                upper: upperActive[column] ? model.variableUpper[column] : .infinity)
        }
    }
}

extension ConflictFinder.Part {
    fileprivate var index: Int {
        switch self {
        case .row(let index), .lower(let index), .upper(let index): index
        }
    }
}
