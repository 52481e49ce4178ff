import Solver
import Testing

@Suite struct IntegerProgramTests {
    /// The best objective over all whole points in the bounds, or nil where none is feasible.
    private func enumerate(_ program: Numbers.Program) -> Double? {
        var best: Double?
        var point = program.columnBounds.map(\.0)
        while true {
            let feasible = zip(program.matrix, program.rowBounds).allSatisfy { row, bounds in
                let sum = zip(row, point).reduce(0) { $0 + $1.0 * $1.1 }
                return bounds.0 <= sum && sum <= bounds.1
            }
            if feasible {
                let value = zip(program.costs, point).reduce(0) { $0 + $1.0 * $1.1 }
                let better =
                    program.model.direction == .minimize
                    ? value < best ?? .infinity : value > best ?? -.infinity
                if better { best = value }
            }
            guard let next = point.indices.first(where: { point[$0] < program.columnBounds[$0].1 }) else {
                return best
            }
            for lower in 0..<next { point[lower] = program.columnBounds[lower].0 }
            point[next] += 1
        }
    }

    @Test func `the search agrees with enumeration`() throws {
        var random = Numbers(seed: 77)
        var infeasible = 0
        for round in 0..<80 {
            let size = 2 + round % 3
            var program = random.linearProgram(
                variables: size, rows: 1 + round % 4, integers: size,
                direction: round % 2 == 0 ? .minimize : .maximize)
            if round % 8 == 0 {
                // 2 Σ x = odd: no whole point, though the relaxation has some.
                let odd = program.model.variables.map { LinearModel.Term(2, $0) }
                program.model.addConstraint("odd", odd, lower: 1, upper: 1)
                program.matrix.append([Double](repeating: 2, count: size))
                program.rowBounds.append((1, 1))
            }
            let solution = try Solver.solve(program.model)
            if let best = enumerate(program) {
                #expect(solution.status == .optimal, "round \(round)")
                #expect(abs(solution.objective - best) < 1e-6, "round \(round)")
                #expect(solution.relativeGap < 1e-5, "round \(round)")
                #expect(solution.values.allSatisfy { abs($0 - $0.rounded()) < 1e-6 }, "round \(round)")
                #expect(solution.duals.isEmpty)
            } else {
                infeasible += 1
                guard case .infeasible(let conflict) = solution.status else {
                    Issue.record("round \(round): \(solution.status)")
                    continue
                }
                #expect(conflict.constraints == ["odd"] || !conflict.constraints.isEmpty)
            }
        }
        #expect(infeasible >= 5)
    }

    @Test func `a parity conflict names its row`() throws {
        var model = LinearModel()
        let x = model.addVariable("x", upper: 10, integer: true)
        let y = model.addVariable("y", upper: 10, integer: true)
        model.addConstraint("harmless", [.init(1, x)], upper: 8)
        model.addConstraint("odd", [.init(2, x), .init(2, y)], lower: 3, upper: 3)
        guard case .infeasible(let conflict) = try Solver.solve(model).status else {
            Issue.record("2x + 2y = 3 was solved in whole numbers")
            return
        }
        #expect(conflict.constraints == ["odd"])
    }

    @Test func `the bound of a cut search holds`() throws {
        var model = LinearModel(.maximize)
        var random = Numbers(seed: 9)
        let items = (0..<40).map {
            model.addVariable("i\($0)", upper: 1, cost: random.whole(10...60), integer: true)
        }
        for row in 0..<5 {
            model.addConstraint("r\(row)", items.map { .init(random.whole(5...50), $0) }, upper: 300)
        }
        var options = SolverOptions()
        options.nodeLimit = 1
        let cut = try Solver.solve(model, options: options)
        let full = try Solver.solve(model)
        #expect(full.status == .optimal)
        #expect(cut.dualBound >= full.objective - 1e-6)
        if cut.hasPoint { #expect(cut.objective <= full.objective + 1e-6) }
    }
}
