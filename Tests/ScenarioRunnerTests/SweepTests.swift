import PlimsollCore
import Rating
import Testing

@testable import ScenarioRunner

@Suite struct SweepTests {
    @Test func valuesOfAnAxis() throws {
        #expect(try SweepAxis("a.b=0..1").values == ["0", "0.25", "0.5", "0.75", "1"])
        #expect(try SweepAxis("g=1..2%/month:3").values == ["1%/month", "1.5%/month", "2%/month"])
        #expect(try SweepAxis("g=-1%..1%:2").values == ["-1%", "1%"])
        #expect(try SweepAxis("t=[1y],[1y,3y]").values == ["[1y]", "[1y,3y]"])
    }

    @Test(arguments: ["a", "=1..2", "a=1", "a=1,1", "a=1%..2$", "a=x..y", "a=1..2:1", "a=1..2:99", "a=1..1"])
    func whatCannotBeVaried(_ text: String) {
        let found = failure { () throws(Failure) in _ = try SweepAxis(text) }
        #expect(found?.diagnostics.first?.code == "sweep.bad-vary" && found?.exitCode == .usage)
    }

    @Test func everyCombinationIsRun() throws {
        let axes = [try SweepAxis("horizon.growth=0..2%/month:2"), try SweepAxis("seed=3,4")]
        let sweep = try Sweep(Array(smallScenario.utf8), file: "s.yaml", axes: axes)
        let planner = FakePlanner(hourly: Money(1))
        let first = try sweep.run(.test(), planner: planner, charts: "var Chart;")
        let second = try sweep.run(.test(), planner: planner, charts: "var Chart;")
        for (left, right) in zip(first.files, second.files) { #expect(left.bytes == right.bytes) }
        let points = try #require(JSONValue(parsing: Array(first.json.utf8))?["points"]?.array)
        #expect(points.count == 4)
        #expect(Set(points.compactMap { $0["before"]?.string }).count == 4)
        // One of the runs is what the scenario with these settings comes to by itself.
        let alone = try Scenario.load(smallScenario, set: ["horizon.growth=2%/month"], seed: 4)
            .run(.test(), planner: planner)
        #expect(points.last?["saving"] == .money(alone.outcome.saving))
        let fall = try #require(alone.outcome.analysis?.whole.falls.first { $0.percent == 30 })
        #expect(points.last?["saving_after_fall"] == .money(fall.saving))
        #expect(first.table(width: 80).split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    /// Refuses one term: its answer is "no".
    private struct Choosy: CommitPlanning {
        func plan(_ input: RatingInput, _ options: CommitOptions) throws(Failure) -> CommitPlan {
            guard options.terms != [.threeYears] else { throw Failure(.partial, "plan.none", "no plan keeps `<b>`") }
            return try FakePlanner(hourly: Money(1)).plan(input, options)
        }
    }

    @Test func runsWithoutAPlanAreListedBesideTheOthers() throws {
        let axes = [try SweepAxis("levers.0.commit.terms=[1y],[3y]")]
        let sweep = try Sweep(Array(smallScenario.utf8), file: "s.yaml", axes: axes)
        let result = try sweep.run(.test(), planner: Choosy(), charts: nil)
        #expect(result.missing == 1)
        let json = try #require(JSONValue(parsing: Array(result.json.utf8)))
        #expect(json["points"]?.array?.count == 1 && json["no_plan"]?.array?.count == 1)
        #expect(result.table(width: 80).contains("No plan: levers.0.commit.terms = [3y]: no plan keeps"))
        #expect(String(decoding: result.csv, as: UTF8.self).contains("[3y],,,,,,,,,no plan keeps"))
        let page = try #require(result.files.first { $0.name == "sweep.html" })
        #expect(String(decoding: page.bytes, as: UTF8.self).contains("<code>&lt;b&gt;</code>"))
        let none = try Sweep(
            Array(smallScenario.utf8), file: "s.yaml", axes: [try SweepAxis("seed=3,4")],
            set: ["levers.0.commit.terms=[3y]"])
        let found = failure { () throws(Failure) in _ = try none.run(.test(), planner: Choosy(), charts: nil) }
        #expect(found?.diagnostics.first?.code == "plan.none" && found?.exitCode == .partial)
    }

    @Test func tooManyRunsAreRefused() throws {
        let axes = [try SweepAxis("seed=0..49:50"), try SweepAxis("horizon.months=1..6:6")]
        let found = failure { () throws(Failure) in
            _ = try Sweep(Array(smallScenario.utf8), file: "s.yaml", axes: axes)
        }
        #expect(found?.diagnostics.first?.code == "sweep.too-many")
    }
}
