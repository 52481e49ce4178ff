import Solver
import Testing

@Suite struct ConflictTests {
    private func conflict(_ model: LinearModel) throws -> Conflict {
        let solution = try Solver.solve(model)
        #expect(!solution.hasPoint)
        #expect(solution.objective == (model.direction == .minimize ? .infinity : -.infinity))
        guard case .infeasible(let conflict) = solution.status else {
            throw SolverFailure(.engine, "expected a conflict, got \(solution.status)")
        }
        return conflict
    }

    @Test func `conflicting rows are named and bystanders are not`() throws {
        var model = LinearModel()
        let x = model.addVariable("x", lower: -.infinity, cost: 1)
        let y = model.addVariable("y", lower: -.infinity, cost: 1)
        model.addConstraint("bystander", [.init(1, x), .init(-1, y)], upper: 100)
        model.addConstraint("demand", [.init(1, x), .init(1, y)], lower: 10)
        model.addConstraint("cap", [.init(1, x), .init(1, y)], upper: 8)
        let found = try conflict(model)
        #expect(found.constraints == ["demand", "cap"])
        #expect(found.bounds.isEmpty)
        #expect(found.isIrreducible)
    }

    @Test func `conflicting bounds are named with their side`() throws {
        var model = LinearModel()
        let x = model.addVariable("x", upper: 3)
        let y = model.addVariable("y", upper: 4)
        model.addVariable("z", upper: 1)
        model.addConstraint("demand", [.init(1, x), .init(1, y)], lower: 10)
        let found = try conflict(model)
        #expect(found.constraints == ["demand"])
        #expect(found.bounds.map(\.description) == ["x ≤ 3.0", "y ≤ 4.0"])
        #expect("\(found)" == "rows `demand`; bounds x ≤ 3.0, y ≤ 4.0")
    }

    @Test func `a lower bound above the upper one is a conflict`() throws {
        var model = LinearModel()
        let x = model.addVariable("x", lower: 5, upper: 2)
        model.addConstraint("r", [.init(1, x)], upper: 9)
        #expect(try conflict(model).bounds.map(\.description) == ["x ≥ 5.0", "x ≤ 2.0"])

        var rows = LinearModel()
        let y = rows.addVariable("y")
        rows.addConstraint("crossed", [.init(1, y)], lower: 5, upper: 2)
        #expect(try conflict(rows).constraints == ["crossed"])
    }

    @Test func `random conflicts are irreducible`() throws {
        var random = Numbers(seed: 41)
        for round in 0..<25 {
            var model = random.linearProgram(variables: 8, rows: 12).model
            let variables = model.variables
            let terms = variables.prefix(3).map { LinearModel.Term(1, $0) }
            model.addConstraint("at least", terms, lower: 4)
            model.addConstraint("at most", terms, upper: 3)
            let found = try conflict(model)
            #expect(found.isIrreducible, "round \(round)")
            #expect(!found.constraints.isEmpty, "round \(round)")
            // Without any one of its rows the model must be feasible as far as
            // this conflict goes: check by switching all other rows off.
            for spared in found.constraints {
                var rest = model
                for constraint in model.constraints {
                    let name = model.name(of: constraint)
                    if name == spared || !found.constraints.contains(name) {
                        rest.setBounds(of: constraint, lower: -.infinity, upper: .infinity)
                    }
                }
                #expect(try Solver.solve(rest).status == .optimal, "round \(round), \(spared)")
            }
        }
    }

    @Test func `a large model's conflict is small`() throws {
        var model = LinearModel()
        let variables = (0..<2000).map { model.addVariable("x\($0)", upper: 10, cost: 1) }
        for (index, pair) in zip(variables, variables.dropFirst()).enumerated() {
            model.addConstraint("link\(index)", [.init(1, pair.0), .init(1, pair.1)], lower: 1)
        }
        model.addConstraint("bad", [.init(1, variables[700]), .init(1, variables[1400])], lower: 25)
        let found = try conflict(model)
        #expect(found.constraints == ["bad"])
        #expect(found.bounds.map(\.variable) == ["x700", "x1400"])
    }

    @Test func `an unbounded model names what runs away`() throws {
        var model = LinearModel(.maximize)
        let x = model.addVariable("x", cost: 1)
        let y = model.addVariable("y", cost: -1)
        model.addVariable("still", upper: 5, cost: 1)
        model.addConstraint("slope", [.init(1, x), .init(-2, y)], upper: 3)
        for presolve in [true, false] {
            var options = SolverOptions()
            options.presolve = presolve
            guard case .unbounded(let ray) = try Solver.solve(model, options: options).status else {
                Issue.record("an unbounded model was solved")
                return
            }
            #expect(ray.moves.map(\.variable) == ["x", "y"])
            #expect("\(ray)" == "`x` grows, `y` grows")
        }
    }

    @Test func `an unbounded integer model names what runs away`() throws {
        var model = LinearModel()
        model.addVariable("down", lower: -.infinity, upper: 0, cost: 1, integer: true)
        guard case .unbounded(let ray) = try Solver.solve(model).status else {
            Issue.record("an unbounded model was solved")
            return
        }
        #expect("\(ray)" == "`down` falls")
    }

    @Test func `a model that is both infeasible and unbounded is infeasible`() throws {
        var model = LinearModel()
        let x = model.addVariable("x", upper: 1)
        model.addVariable("free", lower: -.infinity, cost: 1)
        model.addConstraint("demand", [.init(1, x)], lower: 2)
        #expect(try conflict(model).constraints == ["demand"])
    }
}
