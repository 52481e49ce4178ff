import PlimsollCore
import Rating
import Testing

/// The rater against the oracle, and against itself, on random cases.
@Suite("Oracle")
struct OracleTests {
    /// All eight ways of splitting rows.
    static let details: [Set<RatingInput.Detail>] = [
        [], [.hour], [.resource], [.commitment], [.hour, .resource], [.hour, .commitment], [.resource, .commitment],
        [.hour, .resource, .commitment],
    ]

    static func amounts(_ total: Amounts) -> [Int128] {
        [total.list.raw, total.contracted.raw, total.effective.raw, total.billed.raw, total.onDemand.raw]
    }

    @Test("five totals and every commitment's use", arguments: 0..<15)
    func totals(block: Int) throws {
        for seed in block * 200..<block * 200 + 200 {
            var input = OracleCase(seed: seed).input
            var oracle = OracleBilling(input)
            let expected = oracle.bill()
            let exact = [
                expected.list, expected.contracted, expected.effective, expected.billed, expected.onDemand,
            ]
            let plain = try Rater.rate(input)
            for (name, (want, got)) in zip(
                ["list", "contracted", "effective", "billed", "on_demand"], zip(exact, Self.amounts(plain.total)))
            {
                #expect(want.isNear(got, places: 10), "seed \(seed): \(name) is \(want), rated \(Money(raw: got))")
            }
            checkUse(plain, expected, seed)
            input.detail = Self.details[seed % 8]
            let detailed = try Rater.rate(input)
            #expect(detailed.total == plain.total, "seed \(seed), rows by \(input.detail.map(\.rawValue).sorted())")
            checkRows(detailed, seed, isSplit: !input.detail.isEmpty)
            checkUse(detailed, expected, seed)
        }
    }

    /// Every number with all its 12 decimals: the wide loops, and units that pass through several plans.
    @Test("the same with twelve decimals everywhere", arguments: 0..<2)
    func fine(block: Int) throws {
        for seed in block * 80..<block * 80 + 80 {
            var random = Seeded(seed)
            var input = OracleCase(seed: 30_000 + seed).input
            for index in input.usage.indices {
                let series = input.usage[index].series
                let unit = Int64(FixedPoint.power(12 - series.scale))
                input.usage[index].series.scale = 12
                input.usage[index].series.values = series.values.map { value in
                    value == 0 ? 0 : value * unit + Int64(random.number(0...999_999_999))
                }
            }
            for index in input.prices.indices { input.prices[index].price.raw += Int128(random.number(0...99_999)) }
            for index in input.commitments.indices where input.commitments[index].hourlyCommitment != .zero {
                input.commitments[index].hourlyCommitment.raw += Int128(random.number(0...999_999))
            }
            var oracle = OracleBilling(input)
            let expected = oracle.bill()
            let exact = [
                expected.list, expected.contracted, expected.effective, expected.billed, expected.onDemand,
            ]
            let bill = try Rater.rate(input)
            for (want, got) in zip(exact, Self.amounts(bill.total)) {
                #expect(want.isNear(got, places: 10), "seed \(seed): \(want), rated \(Money(raw: got))")
            }
            checkUse(bill, expected, seed)
        }
    }

    private func checkUse(_ bill: Bill, _ expected: OracleBilling.Result, _ seed: Int) {
        for group in Set(expected.group) {
            let members = expected.group.indices.filter { expected.group[$0] == group }
            var used = Fraction.zero
            for member in members {
                let use = bill.commitments[member]
                #expect(expected.committed[member].isNear(use.committed.raw, places: 12), "seed \(seed)")
                #expect(use.used + use.unused == use.committed, "seed \(seed)")
                used += expected.used[member]
                if members.count == 1 {
                    #expect(
                        used.isNear(use.used.raw, places: 12), "seed \(seed): \(use.id) used \(used), rated \(use.used)"
                    )
                }
            }
            let sum = members.reduce(into: Int128(0)) { $0 += bill.commitments[$1].used.raw }
            #expect(used.isNear(sum, places: 11), "seed \(seed): \(bill.commitments[members[0]].id)")
        }
    }

    private func checkRows(_ bill: Bill, _ seed: Int, isSplit: Bool) {
        guard isSplit else {
            #expect(bill.rows.isEmpty)
            return
        }
        var sum = Amounts()
        for row in bill.rows { sum += row.amounts }
        #expect(sum == bill.total, "seed \(seed)")
    }

    @Test("what is covered and what is not add up", arguments: 0..<2)
    func conservation(block: Int) throws {
        for seed in block * 100..<block * 100 + 100 {
            var input = OracleCase(seed: 10_000 + seed).input
            input.detail = [.resource, .commitment]
            let bill = try Rater.rate(input)
            var billed: [UsageKey: Int128] = [:]
            for row in bill.rows {
                guard let key = row.key else { continue }
                billed[key, default: 0] += row.quantity.raw
                #expect(row.quantity.raw >= 0, "seed \(seed)")
            }
            for item in bill.unpriced { billed[item.key, default: 0] += item.quantity.raw }
            var used: [UsageKey: Int128] = [:]
            guard let window = bill.window else { continue }
            for line in input.usage {
                for hour in window.start.index..<window.end.index {
                    used[line.key, default: 0] += line.series[Hour(index: hour)].raw
                }
            }
            #expect(billed.filter { $0.value != 0 } == used.filter { $0.value != 0 }, "seed \(seed)")
            var effective = Money.zero
            for item in bill.commitments { effective += item.effective }
            for row in bill.rows where row.kind == .usage && row.commitment == nil {
                effective += row.amounts.effective
            }
            #expect(effective == bill.total.effective, "seed \(seed)")
        }
    }
}
