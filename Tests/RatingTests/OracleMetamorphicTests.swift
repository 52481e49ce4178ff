import PlimsollCore
import Rating
import Testing

/// Changes to a case whose effect on the bill is known without knowing the bill.
@Suite("Metamorphic")
struct OracleMetamorphicTests {
    static let seeds = 20_000..<20_080

    private func totals(_ input: RatingInput) throws -> [Int128] { OracleTests.amounts(try Rater.rate(input).total) }

    private func plain(_ seed: Int) -> RatingInput {
        OracleCase(seed: seed, corners: .init(tiers: false)).input
    }

    @Test("the order of rows does not matter") func permuted() throws {
        for seed in Self.seeds {
            var random = Seeded(seed)
            var input = OracleCase(seed: seed).input
            let before = try Rater.rate(input)
            input.usage.shuffle(using: &random)
            input.prices.shuffle(using: &random)
            input.commitments.shuffle(using: &random)
            input.accounts.shuffle(using: &random)
            input.catalog.shuffle(using: &random)
            let after = try Rater.rate(input)
            #expect(before.total == after.total, "seed \(seed)")
            let (used, again) = (before.commitments, after.commitments)
            #expect(used.sorted { $0.id < $1.id } == again.sorted { $0.id < $1.id }, "seed \(seed)")
        }
    }

    @Test("names of accounts do not matter, their order kept") func renamed() throws {
        for seed in Self.seeds {
            var input = OracleCase(seed: seed).input
            let before = try Rater.rate(input)
            func new(_ name: String) -> String { name.isEmpty ? "" : "acct-" + name + "-" + name }
            for index in input.usage.indices {
                input.usage[index].key.account = new(input.usage[index].key.account)
                input.usage[index].key.billingAccount = new(input.usage[index].key.billingAccount)
            }
            for index in input.commitments.indices {
                input.commitments[index].account = new(input.commitments[index].account)
                input.commitments[index].billingAccount = new(input.commitments[index].billingAccount)
            }
            for index in input.accounts.indices {
                input.accounts[index].account = new(input.accounts[index].account)
                input.accounts[index].billingAccount = new(input.accounts[index].billingAccount)
            }
            let after = try Rater.rate(input)
            #expect(before.total == after.total, "seed \(seed)")
            #expect(before.commitments == after.commitments, "seed \(seed)")
        }
    }

    @Test("usage and commitments doubled together double the bill") func doubled() throws {
        for seed in Self.seeds {
            var input = plain(seed)
            let before = try totals(input)
            for index in input.usage.indices {
                input.usage[index].series.values = input.usage[index].series.values.map { $0 * 2 }
            }
            for index in input.commitments.indices {
                input.commitments[index].quantity.raw *= 2
                input.commitments[index].hourlyCommitment.raw *= 2
            }
            let after = try totals(input)
            for (once, twice) in zip(before, after) { #expect((once * 2 - twice).magnitude <= 40, "seed \(seed)") }
        }
    }

    /// An unrelated line and commitment with 12 decimals push every number of the payer beyond what the
    /// fast loops hold.
    @Test("the wide loops give the bill of the fast ones") func wide() throws {
        for seed in Self.seeds {
            let input = OracleCase(seed: seed).input
            guard let model = input.usage.first, let window = try Rater.rate(input).window else { continue }
            var other = RatingInput()
            other.programs = input.programs
            other.window = window
            for payer in ["p1", "p2"] {
                let key = UsageKey(
                    provider: "aws", billingAccount: payer, account: "z", region: "nowhere", service: "compute",
                    sku: "z9.large", os: "linux", tenancy: "shared", unit: "Hrs")
                let values = Array(repeating: Int64(300_000_000_001), count: window.count)
                other.usage.append(
                    UsageLine(key: key, series: HourSeries(start: window.start, scale: 12, values: values)))
                other.prices.append(Make.price(key, .onDemand, "0.100000000001"))
                other.prices.append(Make.price(key, .familyPlan, "0.050000000001", term: "1y", payment: "none"))
                var plan = Make.plan(.familyPlan, "0.010000000001", id: "z" + payer, account: "z")
                plan.billingAccount = payer
                (plan.region, plan.family) = ("nowhere", "z9")
                other.commitments.append(plan)
            }
            var both = input
            both.window = window
            both.usage += other.usage
            both.prices += other.prices
            both.commitments += other.commitments
            let alone = try Rater.rate(input)
            let extra = try totals(other)
            let together = try Rater.rate(both)
            for (one, (two, sum)) in zip(
                OracleTests.amounts(alone.total), zip(extra, OracleTests.amounts(together.total)))
            {
                #expect((one + two - sum).magnitude <= 40, "seed \(seed), \(model.key.sku)")
            }
            for (fast, slow) in zip(alone.commitments, together.commitments) {
                #expect((fast.used.raw - slow.used.raw).magnitude <= 1, "seed \(seed): \(fast.id)")
            }
        }
    }

    /// Long windows run the loops that take eight hours at a time, over several months in a row.
    @Test("ten weeks at once are ten weeks one by one") func weeks() throws {
        for seed in Self.seeds {
            var random = Seeded(seed)
            var input = plain(seed)
            guard let start = input.usage.first?.series.start else { continue }
            let hours = 10 * 7 * 24
            for index in input.usage.indices {
                let (values, late) = (input.usage[index].series.values, random.number(0...40))
                input.usage[index].series.start = start.advanced(by: late)
                input.usage[index].series.values = (0..<hours - late * 3).map { hour in
                    random.chance(5) ? 0 : values[hour % values.count]
                }
            }
            var sum = [Int128](repeating: 0, count: 5)
            var used: [String: Int128] = [:]
            for week in 0..<10 {
                let from = start.advanced(by: week * 168)
                input.window = HourGrid(start: from, end: from.advanced(by: 168))
                let bill = try Rater.rate(input)
                for (slot, amount) in OracleTests.amounts(bill.total).enumerated() { sum[slot] += amount }
                for use in bill.commitments { used[use.id, default: 0] += use.used.raw }
            }
            input.window = HourGrid(start: start, end: start.advanced(by: hours))
            let whole = try Rater.rate(input)
            for (one, many) in zip(OracleTests.amounts(whole.total), sum) {
                #expect((one - many).magnitude <= 600, "seed \(seed)")
            }
            for use in whole.commitments {
                #expect((use.used.raw - (used[use.id] ?? 0)).magnitude <= 20, "seed \(seed): \(use.id)")
            }
        }
    }

    @Test("a line in two pieces is the same line") func split() throws {
        for seed in Self.seeds {
            var input = OracleCase(seed: seed).input
            let before = try Rater.rate(input)
            input.window = before.window
            var pieces: [UsageLine] = []
            for line in input.usage {
                var (first, second) = (line, line)
                if seed % 2 == 0 {
                    let half = line.series.values.count / 2
                    first.series.values = Array(line.series.values[..<half])
                    second.series.start = line.series.start.advanced(by: half)
                    second.series.values = Array(line.series.values[half...])
                } else {
                    first.series.values = line.series.values.map { $0 / 3 }
                    second.series.values = line.series.values.map { $0 - $0 / 3 }
                }
                pieces += [first, second]
            }
            input.usage = pieces
            let after = try Rater.rate(input)
            for (whole, parts) in zip(OracleTests.amounts(before.total), OracleTests.amounts(after.total)) {
                #expect((whole - parts).magnitude <= 60, "seed \(seed)")
            }
        }
    }

    @Test("rows by any detail add up to the same bill") func details() throws {
        for seed in Self.seeds.prefix(60) {
            var input = OracleCase(seed: seed).input
            let before = try Rater.rate(input).total
            for detail in OracleTests.details {
                input.detail = detail
                let bill = try Rater.rate(input)
                var sum = Amounts()
                for row in bill.rows { sum += row.amounts }
                #expect(bill.total == before, "seed \(seed): \(detail.map(\.rawValue).sorted())")
                #expect(detail.isEmpty || sum == before, "seed \(seed): \(detail.map(\.rawValue).sorted())")
            }
        }
    }
}
