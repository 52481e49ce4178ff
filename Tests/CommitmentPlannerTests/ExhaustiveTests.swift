import Foundation
import PlimsollCore
import Rating
import Solver
import Testing

@testable import CommitmentPlanner

/// Plans for random small estates of four clouds beside an exhaustive search with the rater as judge.
///
/// `PLIMSOLL_ESTATES=5000 scripts/test --filter ExhaustiveTests` tries as many; the run prints the share of plans
/// that are as good as the best there is, and the worst one.
@Suite(.enabled(if: Solver.isAvailable, "HiGHS is missing: run scripts/bootstrap"))
struct ExhaustiveTests {
    /// One estate's plan beside the best there is.
    private struct Trial: Sendable {
        var seed: Int
        var kind: String
        var cost = Money.zero
        var optimum = Money.zero
        var bound = Money.zero
        var faults: [String] = []
        var method = ""
        var buys = false

        var excess: Double { Double((cost - optimum).raw) / max(1, Double(optimum.raw)) }
        var gap: Double { Double((cost - bound).raw) / max(1, Double(cost.raw)) }
        var isEqual: Bool { abs(excess) <= 1e-9 }
    }

    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["PLIMSOLL_ESTATES"].flatMap { Int($0) } ?? 200
    private static let first = environment["PLIMSOLL_FIRST_ESTATE"].flatMap { Int($0) } ?? 0

    @Test func `Plans are as good as the best there is, or within their gap of it`() throws {
        let pieces = min(64, Self.count)
        let trials = Pieces.map(pieces) { piece in
            Pieces.range(piece, of: pieces, Self.count).map { Self.trial(Self.first + $0) }
        }.flatMap { $0 }
        Self.report(trials)
        for trial in trials { #expect(trial.faults.isEmpty, "estate \(trial.seed): \(trial.faults)") }
        #expect(Double(trials.filter(\.isEqual).count) >= 0.99 * Double(trials.count))
    }

    private static func method(_ plan: CommitmentPlanner.Outcome) -> String {
        let bytes = plan.files.first { $0.path == "plan.json" }?.bytes ?? []
        return JSONValue(parsing: bytes)?["certificate"]?["method"]?.string ?? ""
    }

    private static func trial(_ seed: Int) -> Trial {
        let estate = SmallEstate(seed: seed)
        var trial = Trial(seed: seed, kind: "\(estate.kind)")
        do {
            try judge(estate, &trial)
        } catch {
            trial.faults.append("\(error)")
        }
        return trial
    }

    private static func judge(_ estate: SmallEstate, _ trial: inout Trial) throws {
        let search = ExhaustiveSearch(estate)
        let best = try search.run()
        let plan = try CommitmentPlanner.plan(estate.input, inputs: PlanInputs(estate.input), options: estate.options)
        trial.method = method(plan)
        trial.buys = !plan.purchases.isEmpty
        trial.cost = plan.certificate.cost
        trial.bound = plan.certificate.lowerBound
        trial.optimum = best.cost
        // The search's own arithmetic against the rater's.
        var dice = Dice(state: UInt64(estate.seed) &+ 77)
        for _ in 0..<2 {
            let steps = best.steps.map { Int.random(in: 0...($0 + 2), using: &dice) }
            let rated = Double(try search.rated(steps).raw) / 1e12
            if abs(search.bill(steps) - rated) > 1e-9 * max(1, rated) {
                trial.faults.append("the search says \(search.bill(steps)) for \(steps), the rater \(rated)")
            }
        }
        if trial.bound > best.cost { trial.faults.append("the bound \(trial.bound) is above the optimum \(best.cost)") }
        if trial.cost - best.cost > trial.cost - trial.bound { trial.faults.append("beyond the printed gap") }
        if trial.cost > plan.before.total.effective { trial.faults.append("dearer than buying nothing") }
        if estate.seed % 10 < 2 { try compareEngines(estate, best.cost, &trial) }
    }

    /// The cutting planes alone beside everything together: each within its gap of the other.
    private static func compareEngines(_ estate: SmallEstate, _ optimum: Money, _ trial: inout Trial) throws {
        let space = try PlanningSpace(estate.input, estate.options)
        var costs: [(cost: Money, bound: Money)] = [(trial.cost, trial.bound)]
        let fees = try Rater.rate(estate.input).commitments.reduce(Money.zero) { $0 + $1.effective }
        for method in [PlanningEngine.Options.Method.cuts, .ascent] {
            guard method != .ascent || AscentProblem(space.model) != nil else { continue }
            var options = PlanningEngine.Options()
            options.method = method
            let result = try PlanningEngine.plan(space.model, options)
            var input = estate.input
            input.commitments += Purchases.commitments(space, steps: result.steps)
            let cost = try Rater.rate(input).total.effective
            let bound = Money(raw: result.lowerBound) + Money(raw: space.unreached) + fees
            if bound > optimum { trial.faults.append("the bound of \(method) is above the optimum") }
            if cost < optimum { trial.faults.append("\(method) found less than the optimum") }
            costs.append((cost, bound))
        }
        for (left, right) in zip(costs, costs.dropFirst()) {
            if left.bound > right.cost || right.bound > left.cost { trial.faults.append("engines disagree") }
        }
    }

    private static func report(_ trials: [Trial]) {
        let equal = trials.filter(\.isEqual).count
        print(
            "exhaustive: \(trials.count) estates, \(equal) plans as good as the best (\(percent(equal, trials.count)))")
        for kind in SmallEstate.Kind.allCases {
            let mine = trials.filter { $0.kind == "\(kind)" }
            print("  \(kind): \(mine.filter(\.isEqual).count) of \(mine.count)")
        }
        let worst = trials.sorted { (abs($0.excess), $0.gap) > (abs($1.excess), $1.gap) }
        for trial in worst.prefix(1) + worst.dropFirst().prefix(9).filter({ !$0.isEqual }) {
            print(
                "  worst: estate \(trial.seed) (\(trial.kind)), cost \(trial.cost), best \(trial.optimum), bound \(trial.bound):"
                    + " \(100 * trial.excess) % above the best, gap \(100 * trial.gap) %; \(trial.method)")
        }
        let complete = trials.filter { $0.method.hasSuffix("tried") }.count
        print("  plans that buy something: \(trials.filter(\.buys).count); search complete: \(complete)")
        print("  beyond the gap, bounds above the optimum, other faults: \(trials.flatMap(\.faults).count)")
    }

    private static func percent(_ part: Int, _ whole: Int) -> String {
        "\(Double(part * 10_000 / max(1, whole)) / 100) %"
    }
}
