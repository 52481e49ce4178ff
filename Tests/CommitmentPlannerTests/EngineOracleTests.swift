import Solver
import Testing

@testable import CommitmentPlanner

/// The engine against the whole linear program, on small random problems.
@Suite(.enabled(if: Solver.isAvailable, "HiGHS is not there: run scripts/bootstrap"))
struct EngineOracleTests {
    @Test("bound ≤ optimum ≤ plan, nested scopes", arguments: 1...120 as ClosedRange<UInt64>)
    func nested(seed: UInt64) throws {
        let model = EngineOracle.random(seed, nested: true)
        let optimum = try EngineOracle.optimum(model)
        let result = try PlanningEngine.plan(model)
        let slack = 1e-6 * max(1, optimum)
        let bound = Double(result.lowerBound) / 1e12
        let relaxed = EngineOracle.relaxed(model, result.steps)
        #expect(result.prices.violations(for: model).isEmpty)
        #expect(bound <= optimum + slack)
        #expect(optimum <= relaxed + slack)
        #expect(relaxed <= EngineOracle.vendor(model, result.steps) + slack)
        // Tight: what is missing is the gap the search may leave.
        #expect(optimum - bound <= 3e-5 * optimum + slack)
        #expect(
            abs(relaxed - (try EngineOracle.optimum(model, bought: EngineOracle.units(model, result.steps)))) <= slack)
    }

    @Test("bound ≤ optimum ≤ plan, scopes that overlap", arguments: 1...80 as ClosedRange<UInt64>)
    func overlapping(seed: UInt64) throws {
        let model = EngineOracle.random(seed, nested: false)
        let optimum = try EngineOracle.optimum(model)
        let result = try PlanningEngine.plan(model)
        let slack = 1e-6 * max(1, optimum)
        let bound = Double(result.lowerBound) / 1e12
        #expect(result.prices.violations(for: model).isEmpty)
        #expect(bound <= optimum + slack)
        #expect(optimum <= EngineOracle.vendor(model, result.steps) + slack)
        // The whole program closes what scopes that overlap leave open to the hourly search.
        #expect(optimum - bound <= 1e-5 * optimum + slack, "\(bound) of \(optimum)")
    }

    @Test("bound ≤ optimum ≤ plan within the limits", arguments: 1...60 as ClosedRange<UInt64>)
    func limited(seed: UInt64) throws {
        let model = EngineOracle.limited(seed, nested: seed % 4 != 0)
        let result = try PlanningEngine.plan(model)
        #expect(result.prices.violations(for: model).isEmpty)
        let bound = Double(result.lowerBound) / 1e12
        let relaxation = Relaxation(model)
        let limits = PlanLimits(relaxation, VendorOrder(relaxation))
        // What is held may alone serve more than the limit: then the least is bought, and there is no optimum.
        guard let optimum = try? EngineOracle.optimum(model) else {
            #expect(model.servedLimit != nil)
            return
        }
        let slack = 1e-6 * max(1, optimum)
        #expect(bound <= optimum + slack, "\(bound) of \(optimum)")
        #expect(limits.allows(result.steps) || model.servedLimit != nil)
        if limits.allows(result.steps) { #expect(optimum <= EngineOracle.vendor(model, result.steps) + slack) }
        // The price of serving is searched to a thousandth.
        let loose = model.servedLimit == nil ? 3e-5 : 5e-3
        #expect(optimum - bound <= loose * optimum + slack, "\(bound) of \(optimum)")
    }

    @Test("hours allocate as the linear program does", arguments: 1...120 as ClosedRange<UInt64>)
    func hours(seed: UInt64) throws {
        let model = EngineOracle.random(seed, nested: true)
        var random = EngineRandom(seed &+ 1_000)
        let engine = CutEngine(Relaxation(model))
        for _ in 0..<3 {
            let bought = model.pools.map { _ in random.next(4) == 0 ? 0 : Double(random.next(3_000)) / 100 }
            let optimum = try EngineOracle.optimum(model, bought: bought)
            let found = engine.cost(bought, engine.evaluate(bought))
            #expect(abs(found - optimum) <= 1e-7 * max(1, optimum), "\(found) for \(optimum)")
        }
    }

    @Test("ascent and cutting planes agree", arguments: 1...10 as ClosedRange<UInt64>)
    func ascent(seed: UInt64) throws {
        var random = EngineRandom(seed)
        let (cells, hours) = (6, 60)
        let prices = (0..<cells).map { _ in 0.1 + Double(random.next(100)) / 100 }
        let usage = (0..<cells).map { cell in (0..<hours).map { _ in Int64(5 * cell + random.next(20)) } }
        var pools = (0..<cells - 1).map { cell in
            EngineOracle.pool(
                "inner \(cell)", [(cell, 1)], fee: prices[cell] * Double(55 + random.next(13)) / 100, hours: hours)
        }
        pools.append(
            EngineOracle.pool(
                "wide", (0..<cells).map { ($0, prices[$0] * Double(62 + random.next(20)) / 100) }, fee: 1,
                hours: hours, priority: 1))
        let model = EngineOracle.model(prices, usage, pools)
        let optimum = try EngineOracle.optimum(model)
        var options = PlanningEngine.Options()
        options.method = .ascent
        let result = try PlanningEngine.plan(model, options)
        #expect(result.method.contains("ascent"))
        #expect(result.prices.violations(for: model).isEmpty)
        let bound = Double(result.lowerBound) / 1e12
        #expect(bound <= optimum * (1 + 1e-7))
        let relaxed = EngineOracle.relaxed(model, result.steps)
        #expect(relaxed >= optimum * (1 - 1e-7))
        #expect(relaxed - bound <= 0.01 * optimum)
    }
}
