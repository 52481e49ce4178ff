import AWSProvider
import PlimsollCore
import Rating
import Testing

@testable import ScenarioRunner

@Suite struct ScenarioRunTests {
    @Test func theSameScenarioGivesTheSameBytes() throws {
        let scenario = try Scenario.load(smallScenario)
        let first = try scenario.run(.test(), planner: FakePlanner(hourly: Money(1)))
        let second = try scenario.run(.test(), planner: FakePlanner(hourly: Money(1)))
        let names = try first.files().map(\.name)
        #expect(
            names == [
                "report.html", "report.md", "actions/buy-today.md", "actions/checklist.md", "actions/purchases.csv",
                "actions/purchases.sh", "report.json", "hours.csv", "bill-before.csv", "bill-after.csv", "plan.json",
            ])
        for (left, right) in zip(try first.files(), try second.files()) { #expect(left.bytes == right.bytes) }
        let text = ScenarioSummary(first).text(width: 100)
        #expect(text == ScenarioSummary(second).text(width: 100))
        #expect(text.contains("Saving") && text.contains("Gap") && text.contains("synthetic"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func savingIsTheDifferenceOfTwoBills() throws {
        let scenario = try Scenario.load(smallScenario)
        let outcome = try scenario.run(.test(), planner: FakePlanner(hourly: Money(1))).outcome
        #expect(outcome.saving == outcome.before.total.effective - outcome.after.total.effective)
        #expect(outcome.saving == outcome.waterfall.reduce(.zero) { $0 + $1.saving })
        #expect(outcome.saving.raw > 0)
        #expect(outcome.before.commitments.isEmpty && outcome.after.commitments.count == 1)
        let sum = outcome.sheetAfter.rows.reduce(Money.zero) { $0 + $1.amounts.effective }
        let difference = sum - outcome.after.total.effective
        #expect(abs(difference.raw) < 10_000)
    }

    @Test func conditionsHoldOfTheBillAfter() throws {
        let result = try Scenario.load(smallScenario).run(.test(), planner: FakePlanner(hourly: Money(1)))
        func says(_ text: String) throws -> String? { try FailCondition(text).complaint(result) }
        let months = try #require(JSONValue(parsing: Array(result.reportText.utf8))?["months"]?.array)
        func sum(_ name: String) -> Money {
            months.reduce(.zero) { $0 + (Money($1[name]?.string ?? "") ?? .zero) }
        }
        let used = Money(ScenarioReport.percent(sum("used"), of: sum("committed"), 6)) ?? .zero
        #expect(used > .zero && used <= Money(100))
        #expect(try says("utilization>=\(used)%") == "utilization is \(used.rounded(to: 2)) %: `utilization>=\(used)%`")
        #expect(try says("utilization > \(used)%") == nil && says("utilization<\(used)%") == nil)
        let unused = sum("committed") - sum("used")
        #expect(try says("unused<=\(unused)") != nil && says("unused>\(unused)") == nil)
        #expect(try says("coverage<100%") != nil && says("saving>0%") != nil && says("gap>=10%") != nil)
        #expect(try says("on-demand>=\(result.outcome.after.total.onDemand)") != nil)
        let bare = try Scenario.load(smallScenario).run(.test(), planner: FakePlanner(hourly: nil))
        #expect(try FailCondition("utilization<90%").complaint(bare) == nil)
    }

    @Test(arguments: ["", "utilization", "utilization<", "utilization<90", "unused<1%", "use<1%", "gap=1%", "gap<x%"])
    func whatIsNoConditionIsRefused(_ text: String) {
        let found = failure { () throws(Failure) in _ = try FailCondition(text) }
        #expect(found?.diagnostics.first?.code == "run.bad-condition" && found?.exitCode == .usage)
    }

    @Test func withoutHorizonThePastItselfIsPlanned() throws {
        let text = smallScenario.replacing("horizon: {start: 2026-02-01, months: 2, growth: 1.5%/month}\n", with: "")
            .replacing("horizon.growth: 0", with: "seed: 4")
        let outcome = try Scenario.load(text).run(.test(), planner: FakePlanner()).outcome
        #expect(outcome.past.total == outcome.before.total)
        #expect(outcome.window.count == 21 * 24)
    }

    @Test func theGeneratorsDrawsAreFixed() throws {
        var random = SplitMix64(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        let scenario = try Scenario.load(smallScenario)
        let estate = try EstateLoader(scenario: scenario, context: .test()).load()
        #expect(estate.hashes["usage"] == "0e6a83b0212c51272fc64b4c308e2fd6d3eaa952e734d76a67d97c4149e2419c")
        let other = try Scenario.load(smallScenario, seed: 4)
        #expect(try EstateLoader(scenario: other, context: .test()).load().hashes["usage"] != estate.hashes["usage"])
    }

    @Test func usageFilesAreReadBesideTheScenario() throws {
        let text = """
            scenario: files
            estate: {usage: u.csv, prices: p.csv}
            """
        let files = [
            "u.csv": "hour,provider,billing_account,account,sku,unit,quantity\n2026-01-01T00:00:00Z,aws,p,a,x,u,2\n",
            "p.csv": "provider,sku,offer,price,currency,unit\naws,x,on-demand,1.5,USD,u\n",
        ]
        let result = try Scenario.load(text).run(.test(files), planner: FakePlanner())
        #expect(result.outcome.before.total.effective == Money(3))
        let found = failure { () throws(Failure) in _ = try Scenario.load(text).run(.test(), planner: FakePlanner()) }
        #expect(found?.exitCode == .noInput)
    }

    @Test func missingDemandIsSaidWithWhereItIsLookedFor() throws {
        let text = """
            scenario: real
            estate:
              demand: {from: 2021-02-01, to: 2021-03-01, provider: aws, regions: {1: r}, types: {A: m5.large}}
              prices: {synthetic: {seed: 1}}
            """
        var context = ScenarioContext.test()
        context.environment = ["PLIMSOLL_SHARED": "/nowhere"]
        let scenario = try Scenario.load(text)
        let found = failure { () throws(Failure) in _ = try scenario.run(context, planner: FakePlanner()) }
        #expect(found?.exitCode == .noInput)
        #expect(found?.diagnostics.first?.hint?.contains("PLIMSOLL_SHARED") == true)
    }

    @Test func recordedDemandIsMapped() throws {
        var spec = DemandSpec()
        (spec.provider, spec.regions, spec.types) = (
            "aws", ["1": "east", "2": "west"], ["A": "m5.large", "B": "m5.large"]
        )
        spec.from = Hour("2021-02-01T00:00:00Z") ?? spec.from
        spec.to = spec.from.advanced(by: 2)
        let text = """
            USAGE_HOUR,REGION_NUM,INSTANCE_TYPE,NORM_USAGE
            2021-02-01 00:00:00.000,1,A,3
            2021-02-01 00:00:00.000,1,B,4
            2021-02-01 01:00:00.000,2,A,5
            2021-02-01 01:00:00.000,3,A,9
            2021-02-01 02:00:00.000,1,A,9
            """
        let lines = try RecordedDemand(spec: spec, file: "d").usage(Array(text.utf8))
        #expect(lines.map(\.key.region) == ["east", "west"])
        #expect(lines.map(\.series.values) == [[7, 0], [0, 5]])
    }
}
