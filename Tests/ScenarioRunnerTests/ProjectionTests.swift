import PlimsollCore
import Testing

@testable import ScenarioRunner

@Suite struct ProjectionTests {
    private let past = HourGrid(start: hour("2026-01-01"), end: hour("2026-02-15"))

    private static func hour(_ day: String) -> Hour { Day(day)?.firstHour ?? Hour(index: 0) }

    private func line(_ values: (Int) -> Int64) -> UsageLine {
        let series = HourSeries(start: past.start, scale: 0, values: (0..<past.count).map(values))
        return UsageLine(key: UsageKey(provider: "aws", sku: "m5.large"), series: series)
    }

    @Test func hoursOfTheWeekMeetThemselves() throws {
        let horizon = Horizon(start: Self.hour("2026-05-01"), months: 3)
        let projection = Projection(past: past, horizon: horizon)
        let result = try projection.project([line { Int64($0) }])
        let series = try #require(result.first?.series)
        #expect(series.grid == horizon.window)
        let source = try projection.source()
        let left = past.count - source.count
        #expect(source.count % 168 == 0)
        #expect(source.end == past.end)
        #expect(left < 168)
        for (offset, value) in series.values.enumerated() {
            let from = past.start.advanced(by: Int(value))
            let to = series.start.advanced(by: offset)
            let steps = from.distance(to: to) % 168
            #expect(source.contains(from))
            #expect(steps == 0)
        }
    }

    @Test func withoutGrowthQuantitiesStayWhole() throws {
        let projection = Projection(past: past, horizon: Horizon(start: past.end, months: 12, weeks: 1))
        let series = try #require(try projection.project([line { Int64($0 % 168) }]).first?.series)
        #expect(series.scale == 0)
        let week: Int64 = series.values.prefix(168).reduce(0, +)
        #expect(week == 14_028)
    }

    @Test func growthCompoundsByTheMonthOf730Hours() throws {
        let horizon = Horizon(start: past.end, months: 12, growth: Quantity("1.5") ?? .zero, weeks: 1)
        let series = try #require(
            try Projection(past: past, horizon: horizon).project([line { _ in 100 }]).first?.series)
        #expect(series.scale == 3)
        #expect(series[past.end] == Quantity(100))
        #expect(series[past.end.advanced(by: 168 * 5)] == Quantity("101.5"))
        // 103.0225, half-even.
        #expect(series[past.end.advanced(by: 730 * 2)] == Quantity("103.022"))
    }

    @Test func aPastWithoutAWholeWeekIsRefused() {
        let short = HourGrid(start: past.start, end: past.start.advanced(by: 167))
        let found = failure { () throws(Failure) in
            _ = try Projection(past: short, horizon: Horizon(start: past.end, months: 1)).source()
        }
        #expect(found?.diagnostics.first?.code == "scenario.short-past")
    }

    @Test func renewedCommitmentsGoOnUntilTheHorizonEnds() {
        var held = Commitment()
        (held.id, held.term) = ("ri", .oneYear)
        held.start = Instant(hour: Self.hour("2025-06-01"))
        held.end = Instant(hour: Self.hour("2026-06-01"))
        let horizon = Horizon(start: Self.hour("2026-02-15"), months: 24, baseline: .renew)
        let list = Projection(past: past, horizon: horizon).baseline([held])
        #expect(list.map(\.id) == ["ri", "ri/renewed-1", "ri/renewed-2"])
        #expect(zip(list, list.dropFirst()).allSatisfy { $0.end == $1.start })
        let lapse = Horizon(start: Self.hour("2026-02-15"), months: 24)
        #expect(Projection(past: past, horizon: lapse).baseline([held]) == [held])
    }

    @Test func monthsOfTheHorizonAreTheCalendars() {
        let window = Horizon(start: Self.hour("2027-01-31"), months: 1).window
        #expect(window.end == Self.hour("2027-02-28"))
        #expect(Horizon(start: Self.hour("2027-01-01"), months: 12).window.count == 8_760)
    }
}
