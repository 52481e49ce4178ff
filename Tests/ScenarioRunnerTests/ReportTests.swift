import AWSProvider
import PlimsollCore
import Rating
import Reporting
import Testing

@testable import ScenarioRunner

@Suite struct ReportTests {
    private static let result = Result {
        try Scenario.load(smallScenario).run(context, planner: FakePlanner(hourly: Money(1)))
    }

    private static var context: ScenarioContext {
        var result = ScenarioContext.test()
        result.purchaseSteps = { AWS.purchaseSteps($0) }
        return result
    }

    private func document() throws -> ReportDocument {
        let result = try Self.result.get()
        return try ReportDocument(json: Array(result.reportText.utf8), hours: result.hoursFile, file: "report.json")
    }

    @Test func renderingAgainGivesTheSameBytes() throws {
        let result = try Self.result.get()
        let files = try result.files(charts: "var Chart;")
        let again = try document().files(library: "var Chart;")
        for file in again { #expect(files.first { $0.name == file.name }?.bytes == file.bytes, "\(file.name)") }
        #expect(try document().text(.json, library: nil) == result.reportText)
    }

    @Test func theReportIsAsItsSchemaSays() throws {
        let schema = try #require(FileSchema.named("report")).json
        let report = try #require(JSONValue(parsing: Array(try Self.result.get().reportText.utf8)))
        #expect(SchemaCheck.faults(report, schema) == [])
        let nothing = try Scenario.load(smallScenario).run(.test(), planner: FakePlanner())
        let other = try #require(JSONValue(parsing: Array(nothing.reportText.utf8)))
        #expect(SchemaCheck.faults(other, schema) == [])
        #expect(SchemaCheck.faults(.object(["x": 1]), schema).contains("$.x: not in the schema"))
    }

    @Test func whatIsNoReportIsRefused() throws {
        let result = try Self.result.get()
        let noReport = failure { () throws(Failure) in
            _ = try ReportDocument(json: Array("{}".utf8), hours: nil, file: "x.json")
        }
        #expect(noReport?.diagnostics.first?.code == "report.not-a-report" && noReport?.exitCode == .badInput)
        let others = failure { () throws(Failure) in
            _ = try ReportDocument(
                json: Array(result.reportText.utf8), hours: Array("hour\n".utf8), file: "report.json")
        }
        #expect(others?.diagnostics.first?.code == "report.other-hours")
        let without = try ReportDocument(json: Array(result.reportText.utf8), hours: nil, file: "report.json")
        #expect(without.text(.html, library: "var Chart;").contains("no hours to show"))
    }

    @Test func aLibraryThatWouldEndItsElementIsNotInlined() throws {
        let page = try document().text(.html, library: "'</SCRIPT>'")
        #expect(!page.contains("<script") && page.contains("tables only"))
        #expect(page.contains("script-src 'none'"))
    }

    @Test func figuresAreDifferencesOfBills() throws {
        let outcome = try Self.result.get().outcome
        let analysis = try #require(outcome.analysis)
        let only = try #require(analysis.purchases.first)
        #expect(only.saving == outcome.saving)
        #expect(only.risk.falls.map(\.saving) == analysis.whole.falls.map(\.saving))
        #expect(analysis.whole.falls.map(\.percent) == [10, 20, 30, 50])
        // A plan of one dollar an hour loses what is no longer used.
        let savings = analysis.whole.falls.map(\.saving)
        #expect(savings == savings.sorted(by: >))
        #expect(try #require(analysis.whole.waiting).raw > 0)
        #expect(analysis.whole.breakEven == outcome.window.start)
    }

    @Test func monthsAddUp() throws {
        let outcome = try Self.result.get().outcome
        let months = MonthSums.make(outcome.sheetAfter.rows)
        func near(_ left: Money, _ right: Money) -> Bool { abs((left - right).raw) < 10_000 }
        #expect(near(months.values.reduce(.zero) { $0 + $1.effective }, outcome.after.total.effective))
        #expect(near(months.values.reduce(.zero) { $0 + $1.list }, outcome.after.total.list))
        #expect(near(outcome.sheetAfter.hours.reduce(.zero) { $0 + $1.left }, outcome.after.total.onDemand))
        #expect(outcome.sheetAfter.hours.count == outcome.window.count)
        let eligible = outcome.eligible.values.reduce(Money.zero, +)
        #expect(eligible.raw > 0 && eligible <= outcome.before.total.list)
    }

    @Test func demandFallsExactly() {
        let key = UsageKey(provider: "aws", sku: "x")
        let line = UsageLine(key: key, series: HourSeries(start: Hour(index: 0), scale: 1, values: [15, 7]))
        let lower = line.lowered(by: 3_000)
        #expect(lower.series[Hour(index: 0)] == Quantity("1.05"))
        #expect(lower.series[Hour(index: 1)] == Quantity("0.49"))
        let fine = UsageLine(key: key, series: HourSeries(start: Hour(index: 0), scale: 12, values: [3]))
        #expect(fine.lowered(by: 5_000).series.values == [2])
    }
}
