import AWSProvider
import CommitmentPlanner
import PlimsollCore
import Rating
import Solver
import Testing

/// Ladders, limits and valuation: what plans keep, by the bill and by hand.
@Suite(.enabled(if: Solver.isAvailable, "HiGHS is missing: run scripts/bootstrap"))
struct LimitTests {
    /// Three weeks over the end of a month, growing, with reservations paid in three ways and a compute plan.
    private func estate(_ seed: UInt64, hours: Int = 24 * 21) -> RatingInput {
        var dice = Dice(state: seed)
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        for (index, sku) in ["m5.large", "c5.large"].enumerated() {
            let key = UsageKey(
                provider: "aws", billingAccount: "p", account: "p", region: "r", service: "compute", sku: sku,
                os: "linux", tenancy: "shared", unit: "Hrs")
            let values = (0..<hours).map { hour in Int64(2 + hour / 100 + Int.random(in: 0...3 + index, using: &dice)) }
            input.usage.append(
                UsageLine(
                    key: key,
                    series: HourSeries(start: Estates.start.advanced(by: 24 * 20), scale: 0, values: values)))
            func row(_ offer: Offer, _ price: String, _ upfront: String = "", term: String = "", payment: String = "") {
                var row = PriceRow()
                (row.provider, row.region, row.service, row.sku, row.os) = ("aws", "r", "compute", sku, "linux")
                (row.tenancy, row.unit, row.currency, row.offer) = ("shared", "Hrs", "USD", offer)
                (row.term, row.payment, row.price) = (term, payment, Money(price) ?? .zero)
                row.upfront = Money(upfront) ?? .zero
                input.prices.append(row)
            }
            row(.onDemand, "0.1")
            row(.riStandard, "0.064", term: "1y", payment: "none")
            row(.riStandard, "0.03", "280", term: "1y", payment: "partial")
            row(.riStandard, "0", "540", term: "1y", payment: "all")
            row(.computePlan, index == 0 ? "0.07" : "0.075", term: "1y", payment: "none")
            row(.computePlan, index == 0 ? "0.066" : "0.071", term: "1y", payment: "all")
        }
        return input
    }

    private func plan(
        _ input: RatingInput, _ change: (inout PlanOptions) -> Void
    ) throws -> (CommitmentPlanner.Outcome, PlanInputs) {
        var options = PlanOptions(terms: [.oneYear])
        change(&options)
        let inputs = PlanInputs(input)
        let decoded = try inputs.decode(programs: AWS.benefitPrograms)
        let outcome = try CommitmentPlanner.plan(decoded, inputs: inputs, options: options)
        #expect(outcome.certificate.lowerBound <= outcome.certificate.relaxation)
        #expect(outcome.certificate.relaxation <= outcome.certificate.cost)
        #expect(try findings(outcome, inputs) == [])
        return (outcome, inputs)
    }

    private func bytes(_ plan: CommitmentPlanner.Outcome, _ name: String) -> [UInt8] {
        plan.files.first { $0.path == name }?.bytes ?? []
    }

    private func findings(
        _ outcome: CommitmentPlanner.Outcome, _ inputs: PlanInputs, plan: [UInt8]? = nil
    ) throws -> [Verifier.Finding] {
        try Verifier.verify(
            plan: plan ?? bytes(outcome, "plan.json"), duals: bytes(outcome, "duals.csv"), inputs: inputs,
            programs: AWS.benefitPrograms)
    }

    /// A ladder can only be better than holding everything throughout, and begins on firsts of months.
    @Test(arguments: 1...3) func ladder(seed: UInt64) throws {
        let input = estate(seed)
        let (throughout, _) = try plan(input) { _ in }
        let (ladder, _) = try plan(input) { $0.ladder = 1 }
        #expect(ladder.certificate.cost <= throughout.certificate.cost)
        #expect(ladder.certificate.lowerBound <= throughout.certificate.lowerBound)
        let starts = Set(ladder.purchases.compactMap { $0.start?.hour.description })
        #expect(starts.isSubset(of: ["2026-01-21T00:00:00Z", "2026-02-01T00:00:00Z"]))
        #expect(starts.count == 2)
        for item in ladder.purchases { #expect(item.end?.hour.index == (item.start?.hour.index ?? 0) + 8_760) }
    }

    @Test(arguments: ["0", "1600", "100000"]) func upfront(limit: String) throws {
        let most = try #require(Money(limit))
        let input = estate(4)
        let (free, _) = try plan(input) { $0.ladder = 1 }
        for isMonthly in [false, true] {
            let (kept, _) = try plan(input) {
                $0.ladder = 1
                if isMonthly { $0.constraints.upfrontPerMonth = most } else { $0.constraints.upfront = most }
            }
            var paid: [Hour?: Money] = [:]
            for item in kept.purchases {
                let once =
                    item.offer.isSpend
                    ? Money(raw: item.payment == .all ? item.hourlyCommitment.raw * 8_760 : 0)
                    : Money(raw: item.upfront.raw * (item.quantity.raw / FixedPoint.one))
                paid[isMonthly ? item.start?.hour : nil, default: .zero] += once
            }
            for sum in paid.values { #expect(sum <= most) }
            #expect(kept.certificate.cost >= free.certificate.lowerBound)
            #expect(kept.certificate.lowerBound >= free.certificate.lowerBound - Money(raw: 1_000_000_000))
            if limit == "100000" { #expect(kept.certificate.cost == free.certificate.cost) }
            if limit == "0" { #expect(kept.purchases.allSatisfy { $0.payment == Payment.none }) }
        }
    }

    /// With little cash, what it saves per unit of cash decides; the bound with its price comes close to the plan.
    @Test func budgetsHavePrices() throws {
        let (kept, _) = try plan(estate(5)) { $0.constraints.upfront = Money(1_600) }
        let text = String(decoding: bytes(kept, "plan.json"), as: UTF8.self)
        #expect(text.contains("\"id\": \"upfront\""))
        let gap = kept.certificate.cost - kept.certificate.lowerBound
        // One step of a reservation is 540 of cash: the gap is what a part of one would save.
        #expect(Double(gap.raw) <= 0.01 * Double(kept.certificate.eligibleCost.raw))
    }

    @Test(arguments: [7_000, 9_000, 9_900]) func utilization(least: Int) throws {
        let (kept, _) = try plan(estate(6)) { $0.constraints.utilization = least }
        #expect(!kept.purchases.isEmpty)
        for use in kept.after.commitments { #expect(use.used.raw * 10_000 >= use.committed.raw * Int128(least)) }
    }

    @Test(arguments: [1_000, 4_000, 9_000]) func uncovered(share: Int) throws {
        let (kept, _) = try plan(estate(7)) { $0.constraints.uncovered = share }
        let least = kept.before.total.onDemand.raw * Int128(share) / 10_000
        #expect(kept.after.total.onDemand.raw + 1_000_000 >= least)
        let gap = Double((kept.certificate.cost - kept.certificate.lowerBound).raw)
        #expect(gap <= 0.02 * Double(kept.certificate.eligibleCost.raw))
    }

    @Test(arguments: [0, 1_000, 3_000]) func noRegret(fall: Int) throws {
        let input = estate(8)
        let (kept, inputs) = try plan(input) { $0.constraints.noRegret = fall }
        #expect(!kept.purchases.isEmpty)
        var fallen = try inputs.decode(programs: AWS.benefitPrograms)
        for index in fallen.usage.indices {
            fallen.usage[index].series.scale = 4
            fallen.usage[index].series.values = fallen.usage[index].series.values.map { $0 * Int64(10_000 - fall) }
        }
        let without = try Rater.rate(fallen).total.effective
        fallen.commitments += kept.purchases
        #expect(try Rater.rate(fallen).total.effective <= without)
    }

    @Test func caps() throws {
        let (kept, _) = try plan(estate(9)) {
            $0.ladder = 1
            $0.constraints.caps = [.init(hourly: Money(raw: 200_000_000_000), family: "m5")]
            $0.constraints.caps.append(.init(hourly: Money(raw: 500_000_000_000)))
        }
        func hourly(_ items: [Commitment]) -> Double {
            items.reduce(0) { sum, item in
                let unit = Double(item.hourly.raw) + Double(item.upfront.raw) / 8_760
                return sum
                    + (item.offer.isSpend
                        ? Double(item.hourlyCommitment.raw) : unit * Double(item.quantity.raw) / 1e12) / 1e12
            }
        }
        #expect(hourly(kept.purchases.filter { $0.family == "m5" }) <= 0.2 + 1e-9)
        #expect(hourly(kept.purchases) <= 0.5 + 1e-9)
        #expect(hourly(kept.purchases) > 0.45)
    }

    /// What is bound to a family that is left may not last longer; wide plans may.
    @Test func leaving() throws {
        let day = Day(year: 2026, month: 12, day: 31)
        let (kept, _) = try plan(estate(10)) { $0.constraints.leaving = [.init(by: day, family: "m5")] }
        #expect(!kept.purchases.isEmpty)
        #expect(kept.purchases.allSatisfy { $0.family != "m5" })
        let text = String(decoding: bytes(kept, "plan.json"), as: UTF8.self)
        #expect(text.contains("ends on 2027-01-21, after family=m5 is left on 2026-12-31"))
        let (late, _) = try plan(estate(10)) {
            $0.constraints.leaving = [.init(by: Day(year: 2027, month: 1, day: 21), family: "m5")]
        }
        #expect(late.purchases.contains { $0.family == "m5" })
    }

    @Test func infeasibleLimitsAreNamed() throws {
        for change: (inout PlanOptions) -> Void in [
            { $0.constraints.upfront = Money(-1) }, { $0.constraints.caps = [.init(hourly: Money(-1))] },
        ] {
            let failure = #expect(throws: Failure.self) { try plan(estate(1), change) }
            #expect(failure?.diagnostics.first?.code == "plan.infeasible")
            #expect(failure?.description.contains(/`(upfront|cap 1 all)`/) == true)
        }
        // What is held alone covers more than may be covered.
        var input = estate(1)
        var held = Commitment()
        (held.id, held.provider, held.billingAccount, held.account) = ("held", "aws", "p", "p")
        (held.offer, held.term, held.payment, held.currency) = (.computePlan, .oneYear, Payment.none, "USD")
        held.hourlyCommitment = Money(1)
        input.commitments = [held]
        let failure = #expect(throws: Failure.self) { try plan(input) { $0.constraints.uncovered = 9_000 } }
        #expect(failure?.description.contains("`uncovered`") == true)
    }

    /// Losing what is left after the window makes long commitments for two months a loss; valuing half of it less so.
    @Test func terminalValue() throws {
        let input = estate(11)
        let (full, _) = try plan(input) { _ in }
        let (half, _) = try plan(input) { $0.terminal = 9_900 }
        let (none, _) = try plan(input) { $0.terminal = 0 }
        #expect(none.purchases.isEmpty)
        #expect(!full.purchases.isEmpty)
        let committed = { (plan: CommitmentPlanner.Outcome) in
            plan.after.commitments.reduce(Money.zero) { $0 + $1.effective }
        }
        #expect(committed(half) <= committed(full))
        #expect(half.certificate.cost >= full.certificate.cost)
    }

    /// At 10 % a year, cash today for a year costs more than paying as one goes.
    @Test func discounting() throws {
        let input = estate(12)
        let (plain, _) = try plan(input) { $0.offers = [.riStandard] }
        #expect(plain.purchases.allSatisfy { $0.payment == .all })
        let (dear, _) = try plan(input) {
            $0.offers = [.riStandard]
            $0.discount = 50_000
        }
        #expect(!dear.purchases.isEmpty)
        #expect(dear.purchases.allSatisfy { $0.payment == Payment.none })
    }

    /// A plan that keeps the proof but not the limit is refused for it.
    @Test func breachesAreFound() throws {
        let input = estate(13)
        let (free, inputs) = try plan(input) { _ in }
        var text = String(decoding: bytes(free, "plan.json"), as: UTF8.self)
        text = text.replacing("\"terms\": [", with: "\"constraints\": {\"utilization\": \"0.99\"}, \"terms\": [")
        let found = try findings(free, inputs, plan: Array(text.utf8)).map(\.reason)
        #expect(found.contains("constraint") || found.contains("coverage of pools and hours"))
        let (kept, _) = try plan(input) { $0.constraints.upfront = Money(3_000) }
        let raised = String(decoding: bytes(kept, "plan.json"), as: UTF8.self)
            .replacing("\"upfront\": \"3000\"", with: "\"upfront\": \"30\"")
        #expect(try findings(kept, inputs, plan: Array(raised.utf8)).map(\.reason).contains("constraint"))
    }
}
