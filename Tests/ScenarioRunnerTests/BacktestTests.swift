import Foundation
import PlimsollCore
import Rating
import Testing

@testable import ScenarioRunner

/// Buys a plan whose size is a sum over all it is told, so that whatever it is told shows in the purchase.
private struct TellingPlanner: CommitPlanning {
    func plan(_ input: RatingInput, _ options: CommitOptions) throws(Failure) -> CommitPlan {
        var sum: Int128 = Int128(input.window?.count ?? 0)
        for (index, line) in input.usage.enumerated() {
            for (hour, value) in line.series.values.enumerated() {
                sum = (sum * 31 + Int128(value) * Int128(hour + 1) + Int128(index)) % 1_000_003
            }
        }
        var result = try FakePlanner(hourly: Money(raw: (1 + sum) * 1_000_000)).plan(input, options)
        result.purchases[0].offer = options.offers?.first ?? .computePlan
        return result
    }
}

@Suite struct BacktestTests {
    private static let text = """
        scenario: back
        seed: 3
        estate:
          generate:
            from: 2026-01-01
            to: 2026-06-01
            regions: [us-east-1]
            families: [m4]
            workloads: 5
          prices: {synthetic: {seed: 3}}
        levers:
          - commit: {offers: [compute-sp, family-sp], terms: [1y], payment: [none]}
        """

    private func backtest(
        _ options: Backtest.Options, set: [String] = [], text: String = BacktestTests.text
    ) throws(Failure) -> Backtest {
        try Backtest(Array(text.utf8), file: "b.yaml", options: options, set: set)
    }

    private func input() throws -> RatingInput {
        try EstateLoader(scenario: Scenario.load(Self.text), context: .test()).load().input
    }

    @Test func onlyTheOneThatKnewIsMovedByWhatCame() throws {
        let known = try input()
        let now = try #require(Day("2026-04-01")).firstHour
        var other = known
        for index in other.usage.indices {
            let start = other.usage[index].series.start
            for place in other.usage[index].series.values.indices where start.advanced(by: place) >= now {
                other.usage[index].series.values[place] += 7
            }
        }
        let scenario = try Scenario.load(Self.text)
        let offers: [Offer] = [.familyPlan, .computePlan]
        func decision(_ input: RatingInput) -> BacktestDecision {
            BacktestDecision(
                input, now: now, horizon: scenario.horizon(from: now, months: 2), options: CommitOptions(),
                offers: offers, planner: TellingPlanner())
        }
        for method in BacktestMethod.all(offers) {
            let same = try decision(known).purchases(method) == decision(other).purchases(method)
            #expect(same == (method.family != .clairvoyant), "\(method.id)")
        }
    }

    @Test func everyMethodIsBilledForWhatCame() throws {
        var options = Backtest.Options()
        (options.first, options.months) = (2, 2)
        let result = try backtest(options).run(.test(), planner: FakePlanner(hourly: Money(1)), charts: nil)
        let json = try #require(JSONValue(parsing: Array(result.json.utf8)))
        let periods = try #require(json["periods"]?.array)
        #expect(periods.compactMap { $0["decided"]?.string?.prefix(7) } == ["2026-03", "2026-04"])
        for period in periods {
            let from = try #require(Hour(period["decided"]?.string ?? ""))
            let window = HourGrid(start: from, end: Horizon.later(from, months: 2))
            #expect(period["until"]?.string == window.end.description)
            var bare = BacktestDecision.cut(try input(), window)
            #expect(period["costs"]?["nothing"] == .money(try Rater.rate(bare).total.effective))
            let plan = try FakePlanner(hourly: Money(1)).plan(bare, CommitOptions()).purchases
            bare.commitments = plan.map { ScenarioRun.bought($0, window) }
            #expect(period["costs"]?["forecast"] == .money(try Rater.rate(bare).total.effective))
            #expect(period["costs"]?["forecast"] == period["costs"]?["clairvoyant"])
        }
        let mean = try #require(json["methods"]?.array?.first { $0["id"]?.string == "nothing" }?["mean_cost"]?.string)
        let costs = periods.compactMap { Money($0["costs"]?["nothing"]?.string ?? "") }
        #expect(Money(mean)?.raw == FixedPoint.divideHalfEven(costs.reduce(.zero, +).raw, by: 2))
        #expect(result.table(width: 80).split(separator: "\n").allSatisfy { $0.count <= 80 })
        let again = try backtest(options).run(.test(), planner: FakePlanner(hourly: Money(1)), charts: nil)
        #expect(zip(result.files, again.files).allSatisfy { $0.bytes == $1.bytes })
    }

    @Test func monthsBilledFollowFromWhatThereIs() throws {
        var options = Backtest.Options()
        options.first = 2
        let planner = FakePlanner(hourly: nil)
        let result = try backtest(options).run(.test(), planner: planner, charts: nil)
        let json = try #require(JSONValue(parsing: Array(result.json.utf8)))
        // Five months: two known, and half of three, rounded up.
        #expect(json["months"] == .int(2) && json["periods"]?.array?.count == 2)
    }

    @Test func pricesOfOtherSeeds() throws {
        var options = Backtest.Options()
        (options.first, options.months, options.priceSeeds) = (3, 2, [4, 5])
        let result = try backtest(options).run(.test(), planner: FakePlanner(hourly: Money(1)), charts: nil)
        let json = try #require(JSONValue(parsing: Array(result.json.utf8)))
        let periods = try #require(json["periods"]?.array)
        #expect(periods.map { $0["price_seed"] } == [.int(4), .int(5)])
        #expect(periods[0]["costs"]?["nothing"] != periods[1]["costs"]?["nothing"])
    }

    @Test func whatCannotBeTestedIsSaid() throws {
        var options = Backtest.Options()
        options.first = 5
        let short = try backtest(options)
        let found = failure { () throws(Failure) in
            _ = try short.run(.test(), planner: FakePlanner(hourly: nil), charts: nil)
        }
        #expect(found?.diagnostics.first?.code == "backtest.too-short" && found?.exitCode == .badInput)
        let idle = Self.text.replacing(
            "  - commit: {offers: [compute-sp, family-sp], terms: [1y], payment: [none]}", with: "  []")
        let none = failure { () throws(Failure) in _ = try backtest(.init(), text: idle) }
        #expect(none?.diagnostics.first?.code == "backtest.no-commit")
        options.priceSeeds = [1]
        let real = Self.text.replacing("  prices: {synthetic: {seed: 3}}\n", with: "")
        let wrong = failure { () throws(Failure) in _ = try backtest(options, text: real) }
        #expect(wrong?.diagnostics.first?.code == "backtest.real-prices" && wrong?.exitCode == .usage)
        let offers = try backtest(.init(), set: ["levers.0.commit.offers=[cud-flex]"])
        let unpriced = failure { () throws(Failure) in
            _ = try offers.run(.test(), planner: FakePlanner(hourly: nil), charts: nil)
        }
        #expect(unpriced?.diagnostics.first?.code == "backtest.no-offers")
    }
}

@Suite struct DemandTrendTests {
    private let start = Hour(index: 490_896)

    private func line(_ region: String, sku: String = "m5.large", weeks: Int, _ value: (Int) -> Double) -> UsageLine {
        let values = (0..<weeks * 168).map { Int64((value($0 / 168) * 1_000).rounded()) }
        let key = UsageKey(provider: "aws", region: region, service: "compute", sku: sku, unit: "Hrs")
        return UsageLine(key: key, series: HourSeries(start: start, scale: 3, values: values))
    }

    private func trend(_ lines: [UsageLine], weeks: Int) -> DemandTrend {
        DemandTrend(lines, past: HourGrid(start: start, end: start.advanced(by: weeks * 168)))
    }

    @Test func steadyGrowthIsFound() throws {
        let growing = line("a", weeks: 30) { 100 * pow(1.01, Double($0)) }
        let found = trend([growing], weeks: 30).percentPerWeek(growing.key)
        // 1 % a week, of which 30 weeks are believed for 30 of 32.
        #expect(abs((Double(found.description) ?? 0) - 0.9372) < 0.001)
    }

    @Test func chanceIsNoTrend() {
        let wavering = line("a", weeks: 20) { 100 + Double(($0 * 7) % 5) }
        #expect(trend([wavering], weeks: 20).percentPerWeek(wavering.key) == .zero)
        let few = line("a", weeks: 4) { 100 * pow(1.1, Double($0)) }
        #expect(trend([few], weeks: 4).percentPerWeek(few.key) == .zero)
    }

    @Test func workThatMovesToAnotherTypeIsNoTrend() {
        let old = line("a", sku: "m5.large", weeks: 20) { $0 < 10 ? 100 : 1 }
        let new = line("a", sku: "m6i.large", weeks: 20) { $0 < 10 ? 0 : 99 }
        let both = trend([old, new], weeks: 20)
        #expect(both.percentPerWeek(old.key) == .zero && both.percentPerWeek(new.key) == .zero)
    }

    /// Two holiday weeks are not where demand usually is; two high ones may be the new usual.
    @Test func holidaysAreFollowedByUsualWeeks() throws {
        func level(_ last: Double, weeks: Int = 2) throws -> Double {
            let line = line("a", weeks: 20) { $0 < 18 ? 100 + Double($0 * 7 % 3) : last }
            let past = HourGrid(start: start, end: start.advanced(by: 20 * 168))
            let horizon = Horizon(start: past.end, months: 1, followsTrend: true, weeks: weeks)
            let series = try #require(try Projection(past: past, horizon: horizon).project([line]).first?.series)
            return try #require(Double(series[past.end].description))
        }
        #expect(abs(try level(80) - 101) < 2)
        #expect(abs(try level(130) - 130) < 0.01)
        #expect(abs(try level(100) - 100) < 1.5)
    }

    /// As many machines, but dearer ones: cost grows, and so does what is planned for.
    @Test func costGrowsWhereWorkMovesToDearerMachines() {
        let old = line("a", sku: "m5.large", weeks: 30) { 100 - 3 * Double($0) }
        let new = line("a", sku: "m6i.large", weeks: 30) { 3 * Double($0) }
        let past = HourGrid(start: start, end: start.advanced(by: 30 * 168))
        let plain = DemandTrend([old, new], past: past)
        let priced = DemandTrend([old, new], past: past) { $0.sku == "m5.large" ? 1 : 2 }
        #expect(plain.percentPerWeek(new.key) == .zero)
        #expect(priced.percentPerWeek(new.key) > .zero)
    }

    @Test func regionsShareHalf() throws {
        let growing = line("a", weeks: 52) { 100 * pow(1.01, Double($0)) }
        let still = line("b", weeks: 52) { _ in 100 }
        let found = trend([growing, still], weeks: 52)
        let (a, b) = (found.percentPerWeek(growing.key), found.percentPerWeek(still.key))
        #expect(a > b && b > .zero)
    }

    @Test func noTrendIsBelievedBeyondTenPercentAMonth() throws {
        let mad = line("a", weeks: 20) { pow(1.5, Double($0)) }
        let week = try #require(Double(trend([mad], weeks: 20).percentPerWeek(mad.key).description))
        #expect(abs(pow(1 + week / 100, 730.0 / 168) - 1.1) < 0.0001)
    }

    @Test func projectionsFollowIt() throws {
        let growing = line("a", weeks: 30) { 100 * pow(1.01, Double($0)) }
        let past = HourGrid(start: start, end: start.advanced(by: 30 * 168))
        let horizon = Horizon(start: past.end, months: 3, followsTrend: true, weeks: 1)
        let series = try #require(try Projection(past: past, horizon: horizon).project([growing]).first?.series)
        let first = try #require(Double(series[past.end].description))
        let later = try #require(Double(series[past.end.advanced(by: 168 * 9)].description))
        let last = 100 * pow(1.01, 29.0)
        #expect(abs(first / last - 1.009372) < 0.0001 && abs(later / last - pow(1.009372, 10)) < 0.001)
        let scenario = try Scenario.load(smallScenario, set: ["horizon.growth=trend"])
        #expect(scenario.horizon?.followsTrend == true)
        #expect(throws: Failure.self) { try Scenario.load(smallScenario, set: ["horizon.growth=upwards"]) }
    }
}
