import PlimsollCore
import Testing

@testable import ScenarioRunner

@Suite struct ScenarioFileTests {
    @Test func everyErrorOfTheFileIsSaidAtOnceWithItsPlace() throws {
        let text = """
            scenario: broken
            estate:
              usage: u.csv
              generate: {from: 2026-01-01}
            horizon:
              start: tomorrow
              months: many
              grwoth: 1%
            levers:
              - comit: {}
              - commit: {terms: [1yr], offers: compute-spp, payment: {}}
              - waste: {}
            uncertainty: {samples: 0, shutdowns: [{account: a, from: soon, probability: 20%}]}
            """
        let found = try #require(failure { () throws(Failure) in _ = try Scenario.load(text) })
        #expect(found.exitCode == .badInput)
        let shown = found.diagnostics.map { "\($0.code) \($0.place?.description ?? "")" }
        #expect(
            shown == [
                "scenario.bad-estate test.yaml:3:3", "scenario.bad-value test.yaml:6:10",
                "scenario.bad-value test.yaml:7:11", "scenario.unknown-key test.yaml:8:3",
                "scenario.unknown-key test.yaml:10:5", "scenario.bad-value test.yaml:11:22",
                "scenario.bad-value test.yaml:11:36", "scenario.wrong-type test.yaml:11:58",
                "scenario.not-available test.yaml:12:5", "scenario.bad-value test.yaml:13:24",
                "scenario.bad-value test.yaml:13:58",
            ])
        #expect(found.diagnostics.contains { $0.hint == "did you mean `growth`?" })
        #expect(found.diagnostics.contains { $0.hint == "did you mean `commit`?" })
        #expect(found.diagnostics.contains { $0.hint == "did you mean `compute-sp`?" })
    }

    @Test(arguments: [
        ("a: [1, 2", "scenario.bad-yaml"), ("scenario: x\nscenario: y\n", "scenario.duplicate-key"),
        ("", "scenario.empty"), ("- a\n", "scenario.wrong-type"),
    ])
    func brokenYAMLIsRefused(_ text: String, _ code: String) {
        let found = failure { () throws(Failure) in _ = try Scenario.load(text) }
        #expect(found?.exitCode == .badInput)
        #expect(found?.diagnostics.first?.code == code)
        #expect(found?.diagnostics.first?.place?.file == "test.yaml")
    }

    @Test func limitsAndLaddersAreRead() throws {
        let limits = """
            {upfront: {month: 1000, total: 5000.5}, utilization: 90%, uncovered: 12.5%, no_regret: 20%,
             caps: [{hourly: 2.5, family: m5}, {hourly: 9}], leave: [{region: eu-west-1, by: 2027-06-01}]}
            """
        let scenario = try Scenario.load(
            smallScenario,
            set: [
                "levers.0.commit.constraints=\(limits)", "levers.0.commit.ladder=quarterly",
                "levers.0.commit.discount=8%", "levers.0.commit.terminal=50%",
            ])
        guard case .commit(let options)? = scenario.levers.first else {
            Issue.record("no lever")
            return
        }
        #expect(options.ladder == 3 && options.discount == 800 && options.terminal == 5_000)
        let read = options.constraints
        #expect(read.upfrontPerMonth == Money(1_000) && read.upfront == Money("5000.5"))
        #expect(read.utilization == 9_000 && read.uncovered == 1_250 && read.noRegret == 2_000)
        #expect(read.caps.map(\.scope) == ["family=m5", "all"])
        #expect(read.leaving == [.init(by: Day(year: 2027, month: 6, day: 1), region: "eu-west-1")])
    }

    @Test(arguments: [
        ("constraints={utilisation: 90%}", "scenario.unknown-key"),
        ("constraints={utilization: 190%}", "scenario.bad-value"), ("constraints={caps: [{}]}", "scenario.missing-key"),
        ("constraints={leave: [{by: 2027-01-01}]}", "scenario.missing-key"), ("ladder=weekly", "scenario.bad-value"),
        ("terminal=half", "scenario.bad-value"),
    ])
    func wrongLimitsAreSaid(_ setting: String, _ code: String) {
        let found = failure { () throws(Failure) in
            _ = try Scenario.load(smallScenario, set: ["levers.0.commit.\(setting)"])
        }
        #expect(found?.exitCode == .badInput)
        #expect(found?.diagnostics.map(\.code) == [code])
    }

    @Test func columnsCountBytes() {
        let found = failure { () throws(Failure) in _ = try Scenario.load("scenario: {é: 1, b: [}") }
        #expect(found?.diagnostics.first?.place?.column == 23)
    }

    @Test func settingsReplaceValues() throws {
        let settings = ["horizon.growth=3%/month", "levers.0.commit.terms=[3y]", "horizon.baseline=renew"]
        let scenario = try Scenario.load(smallScenario, set: settings, seed: 99)
        #expect(scenario.horizon?.growth == Quantity(3))
        #expect(scenario.horizon?.baseline == .renew)
        #expect(scenario.levers == [.commit(CommitOptions(terms: [.threeYears], payments: [.none]))])
        #expect(scenario.seed == 99)
    }

    @Test(arguments: ["nothing", "=x", "levers.7.commit=1", "a..b=1"])
    func badSettingsAreRefused(_ setting: String) {
        let found = failure { () throws(Failure) in _ = try Scenario.load(smallScenario, set: [setting]) }
        #expect(found?.exitCode == .usage)
    }

    @Test func wrongVariantsAreFoundWhenTheFileIsRead() {
        let text = smallScenario.replacing("horizon.growth: 0", with: "horizon.growht: 0")
        let found = failure { () throws(Failure) in _ = try Scenario.load(text) }
        #expect(found?.diagnostics.first?.hint == "did you mean `growth`?")
    }
}
