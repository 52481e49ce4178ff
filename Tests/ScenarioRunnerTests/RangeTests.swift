import AWSProvider
import PlimsollCore
import Rating
import Testing

@testable import ScenarioRunner

@Suite struct RangeTests {
    private let start = Hour("2027-01-01T00:00:00Z") ?? Hour(index: 0)

    private func lines(_ hours: Int) -> [UsageLine] {
        ["m5.large", "c5.large"].map { sku in
            let key = UsageKey(
                provider: "aws", billingAccount: "p", account: sku, region: "r", service: "compute", sku: sku)
            return UsageLine(
                key: key, series: HourSeries(start: start, scale: 0, values: (0..<hours).map { Int64($0) }))
        }
    }

    private func sampler(_ hours: Int, _ change: (inout DemandUncertainty) -> Void) -> DemandSampler {
        var spec = DemandUncertainty()
        (spec.weeks, spec.growth, spec.retirement) = (0, 0, 0)
        change(&spec)
        return DemandSampler(
            spec, lines(hours), window: HourGrid(start: start, end: start.advanced(by: hours)),
            facts: SKUFacts(catalog: [], programs: AWS.benefitPrograms))
    }

    private func values(_ line: UsageLine) -> [Int] { line.series.values.map { Int($0) / 1_000 } }

    @Test func withoutUncertaintyEveryFutureIsTheOneStated() {
        let sampler = sampler(400) { _ in }
        for number in 0..<3 {
            #expect(sampler.sample(number).map(values) == lines(400).map { $0.series.values.map(Int.init) })
        }
    }

    /// Weeks keep their hours, come from at most so far away, and are the same for all lines.
    @Test func weeksAreRedrawnNearby() {
        let hours = 168 * 20 + 50
        let sampler = sampler(hours) { $0.weeks = 2 }
        var moved = 0
        for number in 0..<5 {
            let future = sampler.sample(number)
            #expect(values(future[0]) == values(future[1]))
            for (hour, value) in values(future[0]).enumerated() {
                #expect(value % 168 == hour % 168)
                #expect(abs(value / 168 - hour / 168) <= 2)
                if value != hour { moved += 1 }
            }
            #expect(values(future[0]).suffix(50).elementsEqual((hours - 50)..<hours))
        }
        #expect(moved > 168 * 20)
        #expect(sampler.sample(3) == sampler.sample(3))
        #expect(sampler.sample(3) != sampler.sample(4))
    }

    @Test func growthStaysWithinItsSpread() {
        let sampler = sampler(8_760) { $0.growth = 100 }
        var last: [Double] = []
        for number in 0..<200 {
            let value = sampler.sample(number)[0].series.values[8_759]
            last.append(Double(value) / 8_759_000)
        }
        // Twice 1 % a month for eleven months, at most.
        let (least, most) = (last.min() ?? 0, last.max() ?? 0)
        #expect(least > 0.79 && least < 0.9 && most < 1.25 && most > 1.1)
    }

    @Test func familiesRetireAndAccountsAreShutDownAsOftenAsSaid() {
        let hours = 8_760
        let retiring = sampler(hours) { $0.retirement = 3_000 }
        let ended = (0..<300).filter { retiring.sample($0)[0].series.values[hours - 1] == 0 }.count
        #expect((60...120).contains(ended), "\(ended)")
        let from = start.advanced(by: 100)
        let down = sampler(hours) { spec in
            spec.shutdowns = [.init(from: from, probability: 2_500, account: "m5.large")]
        }
        let futures = (0..<300).map { down.sample($0) }
        let off = futures.filter { $0[0].series.values[200] == 0 }
        #expect((45...105).contains(off.count), "\(off.count)")
        for future in futures {
            #expect(future[0].series.values[99] == 99_000)
            #expect(future[1].series.values[200] == 200_000)
        }
    }

    @Test func percentilesAreNearestRanks() {
        let range = SavingRange(savings: (-1...18).map { Money($0) }, bills: [])
        #expect(range.percentile(5) == Money(-1))
        #expect(range.percentile(50) == Money(8))
        #expect(range.percentile(95) == Money(17))
        #expect(range.losing == 500)
        #expect(range.worstTenth == Money("-0.5"))
    }

    @Test func aScenarioGetsItsRange() throws {
        let scenario = try Scenario.load(smallScenario, set: ["uncertainty={samples: 7}"])
        let result = try scenario.run(.test(), planner: FakePlanner(hourly: Money(1)))
        let range = try #require(result.outcome.range)
        #expect(range.samples == 7)
        #expect(range.savings == range.savings.sorted())
        #expect(range.percentile(5) <= range.percentile(95))
        let (low, high) = (range.savings.first ?? .zero, range.savings.last ?? .zero)
        #expect(low != high)
    }

    /// What begins and ends: one plan bought for a year from the window's first hour.
    @Test func theCalendarHasWhatBeginsAndEnds() throws {
        let scenario = try Scenario.load(smallScenario)
        let result = try scenario.run(.test(), planner: FakePlanner(hourly: Money(1)))
        let calendar = CommitmentCalendar(result.outcome)
        let first = try #require(calendar.months.first)
        #expect(first["begins"]?.string == "1" && first["in_force"]?.string == "1" && first["ends"]?.string == "0")
        #expect(calendar.months.dropFirst().allSatisfy { $0["begins"]?.string == "0" && $0["in_force"]?.string == "1" })
        let end = result.outcome.window.start.advanced(by: 8_760)
        #expect(calendar.ends.map { $0["ends"]?.string } == [end.description])
    }

    /// Every way of taking coverage apart adds up to the same sums.
    @Test func coverageApartAddsUp() throws {
        let scenario = try Scenario.load(smallScenario)
        let outcome = try scenario.run(.test(), planner: FakePlanner(hourly: Money(1))).outcome
        let eligible = outcome.eligible.values.reduce(Money.zero, +)
        guard case .object(let tables) = CoverageBreakdown(outcome: outcome).json else {
            Issue.record("no tables")
            return
        }
        #expect(!tables.isEmpty)
        for (name, table) in tables {
            let sum = (table.array ?? []).compactMap { $0["eligible"]?.string.flatMap { Money($0) } }.reduce(.zero, +)
            #expect(abs((sum - eligible).raw) < 10_000, "\(name)")
        }
    }
}
