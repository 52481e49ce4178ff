import Solver
import Testing

/// Everything here needs HiGHS; `scripts/bootstrap` provides it, so its absence
/// is a failure of the set-up and not a reason to skip.
@Suite struct LinearProgramTests {
    private let tolerance = 1e-6

    @Test func `a small program has its known vertex and duals`() throws {
        // At (3, 1) only the first and third row bind, so their prices are unique.
        var model = LinearModel(.maximize)
        let x = model.addVariable("x", cost: 3)
        let y = model.addVariable("y", cost: 2)
        let first = model.addConstraint("first", [.init(1, x), .init(1, y)], upper: 4)
        let second = model.addConstraint("second", [.init(1, x), .init(3, y)], upper: 8)
        let third = model.addConstraint("third", [.init(1, x)], upper: 3)

        let solution = try Solver.solve(model)

        #expect(solution.status == .optimal)
        #expect(abs(solution.objective - 11) < tolerance)
        #expect(abs(solution[x] - 3) < tolerance)
        #expect(abs(solution[y] - 1) < tolerance)
        #expect(abs(solution.dual(of: first) - 2) < tolerance)
        #expect(abs(solution.dual(of: second)) < tolerance)
        #expect(abs(solution.dual(of: third) - 1) < tolerance)
        #expect(abs(solution.activity(of: second) - 6) < tolerance)
        #expect(solution.relativeGap < tolerance)
    }

    @Test func `duals say how the objective moves with a bound, in both directions`() throws {
        for direction in [LinearModel.Direction.minimize, .maximize] {
            func objective(_ low: Double, _ high: Double) throws -> Solution {
                var model = LinearModel(direction)
                let x = model.addVariable("x", lower: -10, upper: 10, cost: 2)
                let y = model.addVariable("y", lower: -10, upper: 10, cost: 3)
                model.addConstraint("low", [.init(1, x), .init(1, y)], lower: low)
                model.addConstraint("high", [.init(1, x), .init(1, y)], upper: high)
                return try Solver.solve(model)
            }
            let base = try objective(1, 7)
            let higherLow = try objective(1.5, 7)
            let higherHigh = try objective(1, 7.5)
            #expect(abs((higherLow.objective - base.objective) / 0.5 - base.duals[0]) < tolerance)
            #expect(abs((higherHigh.objective - base.objective) / 0.5 - base.duals[1]) < tolerance)
            #expect(base.duals[0] >= 0 && (direction == .minimize) == (base.duals[0] > 0))
        }
    }

    @Test func `reduced costs are cost minus priced coefficients`() throws {
        var random = Numbers(seed: 3)
        let model = random.linearProgram(variables: 6, rows: 4)
        let solution = try Solver.solve(model.model)
        for (column, cost) in model.costs.enumerated() {
            let priced = zip(model.matrix, solution.duals).reduce(0) { $0 + $1.0[column] * $1.1 }
            #expect(abs(solution.reducedCosts[column] - (cost - priced)) < tolerance)
        }
    }

    @Test(arguments: [SolverOptions.Method.simplex, .interiorPoint])
    func `strong duality holds on random programs`(method: SolverOptions.Method) throws {
        var random = Numbers(seed: 11)
        for round in 0..<60 {
            let program = random.linearProgram(
                variables: 2 + round % 7, rows: 1 + round % 5,
                direction: round % 2 == 0 ? .minimize : .maximize)
            var options = SolverOptions()
            options.method = method
            options.presolve = round % 3 != 0
            let solution = try Solver.solve(program.model, options: options)
            #expect(solution.status == .optimal, "round \(round)")
            let value = zip(program.costs, solution.values).reduce(0) { $0 + $1.0 * $1.1 }
            let dual = program.dualValue(solution)
            let scale = max(1, abs(value))
            #expect(abs(value - solution.objective) < tolerance * scale, "round \(round)")
            #expect(abs(value - dual) < 1e-5 * scale, "round \(round)")
            #expect(abs(solution.dualBound - dual) < 1e-5 * scale, "round \(round)")
        }
    }

    @Test func `the interior point without crossover is near and its bound holds`() throws {
        var random = Numbers(seed: 31)
        var options = SolverOptions()
        options.method = .interiorPoint
        options.crossover = false
        options.presolve = false
        for round in 0..<10 {
            let model = random.linearProgram(variables: 15, rows: 10).model
            let near = try Solver.solve(model, options: options)
            let exact = try Solver.solve(model)
            #expect(near.status == .optimal, "round \(round)")
            #expect(abs(near.objective - exact.objective) < 1e-4, "round \(round)")
            #expect(near.dualBound <= exact.objective + 1e-4, "round \(round)")
        }
    }

    @Test func `repeated terms of a row add up`() throws {
        var model = LinearModel()
        let x = model.addVariable("x", cost: 1)
        model.addConstraint("twice", [.init(1, x), .init(0, x), .init(2, x)], lower: 6)
        #expect(model.termCount == 1)
        #expect(try abs(Solver.solve(model)[x] - 2) < tolerance)
    }

    @Test func `an empty model is worth its offset`() throws {
        var model = LinearModel(offset: 5)
        #expect(try Solver.solve(model).objective == 5)
        model.addConstraint("nothing", [], lower: -1, upper: 1)
        #expect(try Solver.solve(model).status == .optimal)
        model.addConstraint("impossible", [], lower: 1)
        guard case .infeasible(let conflict) = try Solver.solve(model).status else {
            Issue.record("a row 0 ≥ 1 was accepted")
            return
        }
        #expect(conflict.constraints == ["impossible"])
    }

    @Test func `variables without rows go to their cheap bound`() throws {
        var model = LinearModel(offset: 1)
        let x = model.addVariable("x", lower: -3, upper: 4, cost: 2)
        let solution = try Solver.solve(model)
        #expect(solution[x] == -3)
        #expect(solution.objective == -5)
    }

    @Test func `an iteration limit is a result and its bound holds`() throws {
        var random = Numbers(seed: 5)
        let program = random.linearProgram(variables: 30, rows: 20)
        var options = SolverOptions()
        options.method = .simplex
        options.presolve = false
        let full = try Solver.solve(program.model, options: options)
        options.iterationLimit = 1
        let cut = try Solver.solve(program.model, options: options)
        #expect(cut.status == .limit)
        #expect(cut.dualBound <= full.objective + tolerance)
        #expect(throws: SolverFailure.self) { try cut.requireOptimal() }
    }

    @Test func `the same model gives the same bits`() throws {
        for seed in 0..<6 as Range<UInt64> {
            var random = Numbers(seed: seed)
            let program = random.linearProgram(variables: 40, rows: 25, integers: seed % 2 == 0 ? 0 : 8)
            let first = try Solver.solve(program.model)
            let second = try Solver.solve(program.model)
            #expect(first == second, "seed \(seed)")
        }
    }

    @Test func `many threads may solve at once`() async throws {
        var random = Numbers(seed: 21)
        let model = random.linearProgram(variables: 20, rows: 12).model
        let expected = try Solver.solve(model)
        try await withThrowingTaskGroup(of: Solution.self) { group in
            for _ in 0..<8 { group.addTask { try Solver.solve(model) } }
            for try await solution in group { #expect(solution == expected) }
        }
    }
}
