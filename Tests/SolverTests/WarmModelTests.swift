import Solver
import Testing

@Suite struct WarmModelTests {
    @Test func `added rows give what a cold solve gives`() throws {
        var random = Numbers(seed: 13)
        for round in 0..<20 {
            let base = random.linearProgram(variables: 12, rows: 8)
            var warm = try WarmModel(base.model)
            var cold = base.model
            var bound = try warm.solve().objective
            for cut in 0..<6 {
                let terms = cold.variables.map { LinearModel.Term(random.whole(-3...3), $0) }
                let row = LinearModel.Row("cut\(cut)", terms, lower: -40, upper: random.whole(0...5))
                try warm.addRows([row])
                cold.addConstraint(row)
                let (again, fresh) = (try warm.solve(), try Solver.solve(cold))
                guard fresh.status == .optimal else {
                    #expect(!again.hasPoint, "round \(round), cut \(cut)")
                    break
                }
                #expect(again.status == .optimal)
                #expect(abs(again.objective - fresh.objective) < 1e-6, "round \(round), cut \(cut)")
                #expect(again.objective >= bound - 1e-6, "a row made the minimum fall")
                bound = again.objective
            }
            #expect(warm.model == cold)
        }
    }

    @Test func `changed costs, bounds and variables count at the next solve`() throws {
        var model = LinearModel()
        let x = model.addVariable("x", cost: 1)
        let demand = model.addConstraint("demand", [.init(1, x)], lower: 4)
        var warm = try WarmModel(model)
        #expect(try warm.solve().objective == 4)
        try warm.setCost(3, of: x)
        #expect(try warm.solve().objective == 12)
        try warm.setBounds(of: demand, lower: 5, upper: .infinity)
        #expect(try warm.solve().objective == 15)
        let y = try warm.addVariable("y", upper: 2, cost: 1)
        try warm.addRows([.init("both", [.init(1, x), .init(1, y)], lower: 8)])
        #expect(try warm.solve().objective == 20)
        try warm.setBounds(of: demand, lower: -.infinity, upper: .infinity)
        #expect(try warm.solve()[x] == 6)
        try warm.setBounds(of: x, lower: 0, upper: 1)
        guard case .infeasible(let conflict) = try warm.solve().status else {
            Issue.record("x ≤ 1, y ≤ 2, x + y ≥ 8 was solved")
            return
        }
        #expect(conflict.constraints == ["both"])
        try warm.setBounds(of: x, lower: 0, upper: .infinity)
        #expect(try warm.solve().objective == 20)
    }

    @Test func `a refused row leaves the model as it was`() throws {
        var model = LinearModel()
        let x = model.addVariable("x", cost: 1)
        model.addConstraint("demand", [.init(1, x)], lower: 4)
        var warm = try WarmModel(model)
        #expect(throws: SolverFailure.self) { try warm.addRows([.init("nan", [.init(.nan, x)], upper: 1)]) }
        #expect(throws: SolverFailure.self) { try warm.addRows([.init("demand", [.init(1, x)], upper: 1)]) }
        #expect(warm.model == model)
        #expect(try warm.solve().objective == 4)
    }
}
