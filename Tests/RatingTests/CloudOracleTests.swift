import PlimsollCore
import Rating
import Testing

/// The rater against the oracle of the clouds beside AWS, and against itself.
@Suite("Oracle of other clouds")
struct CloudOracleTests {
    private func check(_ provider: String, _ seeds: Range<Int>, isFine: Bool = false) throws {
        for seed in seeds {
            var input = CloudCase(seed: seed, provider: provider).input
            if isFine { Self.refine(&input, seed) }
            var oracle = CloudOracle(input, provider: provider)
            let expected = oracle.bill()
            let exact = [expected.list, expected.contracted, expected.effective, expected.billed, expected.onDemand]
            let bill = try Rater.rate(input)
            for (name, (want, got)) in zip(
                ["list", "contracted", "effective", "billed", "on_demand"],
                zip(exact, OracleTests.amounts(bill.total)))
            {
                #expect(want.isNear(got, places: 10), "\(provider) \(seed): \(name) \(want), rated \(Money(raw: got))")
            }
            for group in Set(expected.group) {
                let members = expected.group.indices.filter { expected.group[$0] == group }
                let used = members.reduce(Fraction.zero) { $0 + expected.used[$1] }
                let rated = members.reduce(into: Int128(0)) { $0 += bill.commitments[$1].used.raw }
                #expect(used.isNear(rated, places: 11), "\(provider) \(seed): \(input.commitments[group].id) \(used)")
            }
            input.detail = OracleTests.details[1 + seed % 7]
            let rows = try Rater.rate(input)
            var sum = Amounts()
            for row in rows.rows { sum += row.amounts }
            #expect(rows.total == bill.total && sum == bill.total, "\(provider) \(seed)")
        }
    }

    @Test("sustained use and both models of commitments", arguments: 0..<6) func gcp(block: Int) throws {
        try check("gcp", block * 8..<block * 8 + 8)
    }

    @Test("reservations, plans and licences", arguments: 0..<4) func azure(block: Int) throws {
        try check("azure", block * 100..<block * 100 + 100)
    }

    @Test("reserved instances and plans in billing order", arguments: 0..<4) func alibaba(block: Int) throws {
        try check("alibaba", block * 100..<block * 100 + 100)
    }

    /// Twelve decimals in every quantity and commitment: the wide loops, and parts rounded to 12 places.
    private static func refine(_ input: inout RatingInput, _ seed: Int) {
        var random = Seeded(seed)
        for index in input.usage.indices {
            let series = input.usage[index].series
            let unit = Int64(FixedPoint.power(12 - series.scale))
            // One amount to a block of hours, so that a month has few levels.
            let more = (0...6).map { _ in Int64(random.number(0...999_999_999)) }
            input.usage[index].series.scale = 12
            input.usage[index].series.values = series.values.map { value in
                value == 0 ? 0 : value * unit + more[Int(value) % 7]
            }
        }
        for index in input.commitments.indices where input.commitments[index].hourlyCommitment != .zero {
            input.commitments[index].hourlyCommitment.raw += Int128(random.number(0...999_999))
        }
    }

    @Test("the same with twelve decimals", arguments: ["gcp", "azure", "alibaba"]) func fine(provider: String) throws {
        try check(provider, 5_000..<(provider == "gcp" ? 5_006 : 5_060), isFine: true)
    }

    @Test("names of accounts do not matter, nor the order of rows", arguments: ["gcp", "azure", "alibaba"])
    func renamedAndPermuted(provider: String) throws {
        for seed in 1_000..<1_030 {
            var random = Seeded(seed)
            var input = CloudCase(seed: seed, provider: provider).input
            let before = try Rater.rate(input)
            // Lines keep their place in the billing order.
            input.usage.shuffle(using: &random)
            input.prices.shuffle(using: &random)
            input.commitments.shuffle(using: &random)
            for index in input.usage.indices { input.usage[index].key.account = "x-" + input.usage[index].key.account }
            for index in input.commitments.indices {
                input.commitments[index].account = "x-" + input.commitments[index].account
            }
            let after = try Rater.rate(input)
            #expect(before.total == after.total, "\(provider) \(seed)")
        }
    }

    /// Levels of sustained use double with the usage; only parts of machine-hours are no multiple of machines.
    @Test("usage and commitments doubled together double the bill", arguments: ["gcp", "azure", "alibaba"])
    func doubled(provider: String) throws {
        for seed in 2_000..<2_030 {
            var input = CloudCase(seed: seed, provider: provider).input
            for index in input.usage.indices where input.usage[index].key.sku.hasPrefix("n1-") {
                input.usage[index].series.scale = 0
            }
            let before = try Rater.rate(input)
            for index in input.usage.indices {
                input.usage[index].series.values = input.usage[index].series.values.map { $0 * 2 }
            }
            for index in input.commitments.indices {
                input.commitments[index].quantity.raw *= 2
                input.commitments[index].hourlyCommitment.raw *= 2
            }
            let after = try Rater.rate(input)
            for (once, twice) in zip(OracleTests.amounts(before.total), OracleTests.amounts(after.total)) {
                #expect((once * 2 - twice).magnitude <= 40, "\(provider) \(seed)")
            }
        }
    }

    /// At one price, what a month of sustained use costs does not depend on which hours were the busy ones: it is
    /// the sorted hours, the busiest quarter at full price.
    @Test("sustained use is the month's sorted hours") func sorted() throws {
        for seed in 0..<20 {
            var random = Seeded(seed)
            var input = RatingInput()
            input.programs = CloudCase(seed: 0, provider: "gcp").input.programs
            let start = Day(year: 2026, month: 2, day: 1).firstHour
            var key = UsageKey(provider: "gcp", billingAccount: "p", account: "a", region: "r", sku: "n1/vcpu")
            key.unit = "h"
            let values = (0..<672).map { _ in Int64(random.number(0...40)) }
            input.usage = [UsageLine(key: key, series: HourSeries(start: start, scale: 1, values: values))]
            input.prices = [Make.price(key, .onDemand, "1")]
            var expected: Int64 = 0
            for (place, value) in values.sorted(by: >).enumerated() {
                expected += value * [100, 80, 60, 40][place / 168]
            }
            let bill = try Rater.rate(input)
            #expect(bill.total.effective == Money(raw: Int128(expected) * 1_000_000_000), "seed \(seed)")
        }
    }
}
