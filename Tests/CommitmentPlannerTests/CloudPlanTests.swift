import AzureProvider
import CommitmentPlanner
import GCPProvider
import PlimsollCore
import Rating
import Solver
import Testing

/// Plans where what is left over costs less the more of it there is, and where rules change within the window.
@Suite(.enabled(if: Solver.isAvailable, "HiGHS is missing: run scripts/bootstrap"))
struct CloudPlanTests {
    private func price(_ key: UsageKey, _ offer: String, _ price: Int128, term: String = "") -> PriceRow {
        var row = PriceRow()
        (row.provider, row.region, row.service, row.sku) = (key.provider, key.region, key.service, key.sku)
        (row.os, row.tenancy, row.unit, row.currency) = (key.os, key.tenancy, key.unit, "USD")
        (row.offer, row.term, row.payment) = (Offer(rawValue: offer), term, term.isEmpty ? "" : "none")
        row.price = Money(raw: price * 1_000_000_000)
        return row
    }

    /// One or two series over `hours` of a month of 720 or so, in blocks.
    private func estate(_ seed: Int, start: Day, hours: Int) -> RatingInput {
        var dice = Dice(state: UInt64(seed))
        var input = RatingInput()
        input.programs = GCP.benefitPrograms
        for sku in ["n1/vcpu", "n2/vcpu"].prefix(Int.random(in: 1...2, using: &dice)) {
            var key = UsageKey(provider: "gcp", billingAccount: "p", account: "p", region: "r", sku: sku)
            (key.service, key.unit) = ("compute", "h")
            var values: [Int64] = []
            while values.count < hours {
                let value = Int64.random(in: 0...3, using: &dice)
                values += Array(repeating: value, count: min(hours / 6 + 1, hours - values.count))
            }
            input.usage.append(
                UsageLine(key: key, series: HourSeries(start: start.firstHour, scale: 0, values: values)))
            let list = Int128(Int.random(in: 40...60, using: &dice))
            input.prices.append(price(key, "on-demand", list))
            let rate = list * Int128(Int.random(in: 55...95, using: &dice)) / 100
            input.prices.append(price(key, "cud-resource", rate, term: "1y"))
            input.prices.append(price(key, "cud-flex", list * 72 / 100, term: "1y"))
        }
        return input
    }

    /// The least cost over all counts of 0 to 3 and flexible commitments in steps of an eighth of the peak.
    private func exhaustive(_ input: RatingInput, _ flexible: [Int128]) throws -> Money {
        var best: Money?
        let skus = input.usage.map(\.key.sku)
        for counts in 0..<(skus.count == 1 ? 4 : 16) {
            for committed in flexible {
                var candidate = input
                for (index, sku) in skus.enumerated() {
                    var item = Commitment()
                    (item.id, item.provider, item.billingAccount, item.account) = (sku, "gcp", "p", "p")
                    (item.offer, item.region, item.sku) = (Offer(rawValue: "cud-resource"), "r", sku)
                    (item.term, item.payment, item.currency) = (.oneYear, Payment.none, "USD")
                    item.quantity = Quantity(counts >> (2 * index) & 3)
                    item.hourly = input.prices.first { $0.sku == sku && $0.offer == item.offer }?.price ?? .zero
                    if item.quantity != .zero { candidate.commitments.append(item) }
                }
                var flex = Commitment()
                (flex.id, flex.provider, flex.billingAccount, flex.account) = ("flex", "gcp", "p", "p")
                (flex.offer, flex.term, flex.payment) = (Offer(rawValue: "cud-flex"), .oneYear, Payment.none)
                (flex.currency, flex.hourlyCommitment) = ("USD", Money(raw: committed))
                if committed > 0 { candidate.commitments.append(flex) }
                let cost = try Rater.rate(candidate).total.effective
                best = min(best ?? cost, cost)
            }
        }
        return best ?? .zero
    }

    private func check(_ input: RatingInput, _ seed: Int) throws {
        let inputs = PlanInputs(input)
        let plan = try CommitmentPlanner.plan(input, inputs: inputs, options: PlanOptions(terms: [.oneYear]))
        let certificate = plan.certificate
        let least = try exhaustive(input, (0...6).map { $0 * 36_000_000_000 })
        #expect(certificate.lowerBound <= least, "seed \(seed)")
        #expect(certificate.lowerBound <= certificate.cost, "seed \(seed)")
        #expect(certificate.cost == plan.after.total.effective, "seed \(seed)")
        #expect(plan.after.total.effective <= plan.before.total.effective, "seed \(seed)")
        let findings = try Verifier.verify(
            plan: plan.files.first { $0.path == "plan.json" }?.bytes ?? [],
            duals: plan.files.first { $0.path == "duals.csv" }?.bytes ?? [], inputs: inputs,
            programs: input.programs)
        #expect(findings == [], "seed \(seed)")
    }

    @Test("the bound holds for any purchase beside sustained use", arguments: 0..<8) func sustained(seed: Int) throws {
        try check(estate(seed, start: Day(year: 2026, month: 4, day: 1), hours: 720), seed)
    }

    @Test("likewise for a part of a month, and over two", arguments: 0..<4) func parts(seed: Int) throws {
        try check(estate(100 + seed, start: Day(year: 2026, month: 4, day: 20), hours: 150 + seed * 100), seed)
    }

    @Test("likewise over the day the flexible model changes", arguments: 0..<4) func models(seed: Int) throws {
        try check(estate(200 + seed, start: Day(year: 2026, month: 1, day: 18), hours: 144), seed)
    }

    /// All of the month in use at 30 % off: a commitment at 75 % of the price would lose money, one at 65 % wins.
    @Test func noCommitmentBeatsSustainedUse() throws {
        for (rate, isBought) in [(Int128(75), false), (65, true)] {
            var input = estate(1, start: Day(year: 2026, month: 4, day: 1), hours: 720)
            input.usage = Array(input.usage.prefix(1))
            input.usage[0].series.values = Array(repeating: 4, count: 720)
            let key = input.usage[0].key
            input.prices = [price(key, "on-demand", 100), price(key, "cud-resource", rate, term: "1y")]
            let plan = try CommitmentPlanner.plan(input, inputs: PlanInputs(input))
            #expect(plan.purchases.isEmpty == !isBought)
            #expect(plan.after.total.effective == Money(raw: Int128(isBought ? 65 : 70) * 2_880 * 1_000_000_000))
        }
    }

    /// A machine type is planned for as vCPU and memory, each bought apart; the plan holds when verified.
    @Test func machinesArePlannedAsTheirParts() throws {
        var input = RatingInput()
        input.programs = GCP.benefitPrograms
        var key = UsageKey(provider: "gcp", billingAccount: "p", account: "p", region: "r", sku: "e2-standard-4")
        (key.service, key.unit) = ("compute", "h")
        let values = Array(repeating: Int64(2), count: 24)
        input.usage = [UsageLine(key: key, series: HourSeries(start: Estates.start, scale: 0, values: values))]
        for (sku, list) in [("e2/vcpu", Int128(20)), ("e2/gib", 3)] {
            key.sku = sku
            input.prices += [price(key, "on-demand", list), price(key, "cud-resource", list / 2, term: "1y")]
        }
        let inputs = PlanInputs(input)
        let plan = try CommitmentPlanner.plan(input, inputs: inputs)
        #expect(plan.purchases.map(\.sku) == ["e2/gib", "e2/vcpu"])
        #expect(plan.purchases.map(\.quantity) == [Quantity(32), Quantity(8)])
        // 8 × 0.01 + 32 × 0.001 an hour.
        #expect(plan.after.total.effective == Money(raw: 112 * 24 * 1_000_000_000))
        let findings = try Verifier.verify(
            plan: plan.files.first { $0.path == "plan.json" }?.bytes ?? [],
            duals: plan.files.first { $0.path == "duals.csv" }?.bytes ?? [], inputs: inputs, programs: input.programs)
        #expect(findings == [])
    }

    /// Windows machines beside a Linux one: reservations are planned for the infrastructure of all three.
    @Test func licencesAreNoDemand() throws {
        var input = RatingInput()
        input.programs = Azure.benefitPrograms
        for (os, count) in [("linux", Int64(1)), ("windows", 2)] {
            let key = UsageKey(
                provider: "azure", billingAccount: "p", account: "p", region: "r", service: "compute", sku: "D2",
                os: os, tenancy: "shared", unit: "h")
            let values = Array(repeating: count, count: 24)
            input.usage.append(
                UsageLine(key: key, series: HourSeries(start: Estates.start, scale: 0, values: values)))
            input.prices.append(price(key, "on-demand", os == "linux" ? 100 : 180))
            if os == "linux" { input.prices.append(price(key, "reservation", 60, term: "1y")) }
        }
        let plan = try CommitmentPlanner.plan(input, inputs: PlanInputs(input))
        #expect(plan.purchases.map(\.quantity) == [Quantity(3)])
        // 3 × 0.06 + 2 × 0.08 an hour.
        #expect(plan.after.total.effective == Money(raw: 340 * 24 * 1_000_000_000))
        #expect(plan.certificate.lowerBound <= plan.certificate.cost)
    }
}
