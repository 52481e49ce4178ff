import AWSProvider
import Foundation
import PlimsollCore
import Rating

/// The rater on made-up demand, beside the physical limit in the same run: reading the same numbers once.
enum RaterBenchmark {
    private static let families = 250
    private static let sizes = ["large", "xlarge", "2xlarge", "4xlarge"]
    private static let hours = 8_760
    private static let rounds = 15

    /// What is billed, and how many million cell-hours a second are asked for.
    private struct Setting {
        var name: String
        var reserved = false
        var familyPlans = false
        var widePlan = false
        var target: Double
    }

    /// `only`: the beginning of the settings' names to run; empty = all.
    static func run(only: String = "") throws {
        let settings = [
            Setting(name: "on-demand only", target: 1_000),
            Setting(name: "Reserved Instances + one plan", reserved: true, widePlan: true, target: 200),
            Setting(name: "several pools", reserved: true, familyPlans: true, widePlan: true, target: 100),
        ]
        let base = usage()
        let cellHours = Double(base.count * hours)
        var sums: [UInt64] = []
        let limit = fastest { sums.append(checksum(base)) }
        print("rater: \(base.count) cells x \(hours) h, exact money, totals, one core; best of \(rounds)")
        print(row("one pass over the numbers", cellHours / limit / 1e6, 1, nil))
        for setting in settings where setting.name.hasPrefix(only) {
            let input = try makeInput(setting, base)
            let seconds = try fastest { try Rater.rate(input).total }
            print(row(setting.name, cellHours / seconds / 1e6, seconds / limit, setting.target))
        }
        precondition(Set(sums).count == 1, "the pass is not left out by the compiler")
        let memory = peakMemory() / (cellHours * 8)
        print("peak memory of the process: \(format(memory)) x cells x hours x 8 bytes (at most 2 asked for)")
    }

    private static func row(_ name: String, _ speed: Double, _ ratio: Double, _ target: Double?) -> String {
        let padded = name.padding(toLength: 32, withPad: " ", startingAt: 0)
        let asked = target.map { "; asked for \(Int($0)): \(speed >= $0 ? "met" : "missed")" } ?? ""
        return "  \(padded) \(Int(speed)) M cell-hours/s, \(format(ratio)) x one pass\(asked)"
    }

    static func format(_ value: Double) -> String { String(format: "%.2f", value) }

    private static func fastest<Result>(_ body: () throws -> Result) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            _ = try body()
            let time = (ContinuousClock.now - start).components
            best = min(best, Double(time.seconds) + Double(time.attoseconds) * 1e-18)
        }
        return best
    }

    private static func checksum(_ lines: [UsageLine]) -> UInt64 {
        var sum: UInt64 = 0
        for line in lines { for value in line.series.values { sum &+= UInt64(bitPattern: value) } }
        return sum
    }

    /// Bytes the process had in memory at most.
    static func peakMemory() -> Double {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return Double(usage.ru_maxrss) * 1_024
        #else
            getrusage(RUSAGE_SELF, &usage)
            return Double(usage.ru_maxrss)
        #endif
    }

    // MARK: Demand and prices

    private static func usage() -> [UsageLine] {
        let start = Hour(index: 490_896)
        var state: UInt64 = 1
        func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 33) / Double(UInt64(1) << 31)
        }
        var lines: [UsageLine] = []
        for family in 0..<families {
            for size in sizes {
                let key = UsageKey(
                    provider: "aws", billingAccount: "payer", account: "account-\(family % 7)", region: "region",
                    service: "compute", sku: "f\(family).\(size)", os: "linux", tenancy: "shared", unit: "Hrs")
                let (level, phase) = (5 + next() * 60, Int(next() * 24))
                let values = (0..<hours).map { hour in
                    Int64(level * (0.6 + 0.4 * Double((hour + phase) % 24) / 24) + next() * 3)
                }
                lines.append(UsageLine(key: key, series: HourSeries(start: start, scale: 0, values: values)))
            }
        }
        return lines
    }

    private static func makeInput(_ setting: Setting, _ usage: [UsageLine]) throws -> RatingInput {
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        input.usage = usage
        for (index, line) in usage.enumerated() {
            let price = Int128(1 << (index % sizes.count)) * 80_000_000_000 + Int128(index % 97) * 100_000_000
            input.prices.append(priceRow(line.key, .onDemand, price))
            input.prices.append(priceRow(line.key, .riStandard, price * 60 / 100))
            input.prices.append(priceRow(line.key, .familyPlan, price * 62 / 100))
            input.prices.append(priceRow(line.key, .computePlan, price * 72 / 100))
        }
        for family in 0..<families {
            if setting.reserved { input.commitments.append(reserved(family)) }
            if setting.familyPlans, family % 5 == 0 { input.commitments.append(plan(.familyPlan, "7.5", family)) }
        }
        if setting.widePlan { input.commitments.append(plan(.computePlan, "2100", 0)) }
        return input
    }

    private static func priceRow(_ key: UsageKey, _ offer: Offer, _ price: Int128) -> PriceRow {
        var row = PriceRow()
        (row.provider, row.region, row.service, row.sku) = (key.provider, key.region, key.service, key.sku)
        (row.os, row.tenancy, row.unit, row.currency) = (key.os, key.tenancy, key.unit, "USD")
        (row.offer, row.price) = (offer, Money(raw: price))
        if offer != .onDemand { (row.term, row.payment) = ("1y", "none") }
        return row
    }

    private static func plan(_ offer: Offer, _ hourly: String, _ family: Int) -> Commitment {
        var plan = Commitment()
        plan.id = "\(offer.rawValue)-\(family)"
        (plan.provider, plan.billingAccount, plan.account) = ("aws", "payer", "payer")
        (plan.offer, plan.term, plan.payment, plan.currency) = (offer, .oneYear, Payment.none, "USD")
        plan.hourlyCommitment = Money(hourly) ?? .zero
        if offer == .familyPlan { (plan.region, plan.family) = ("region", "f\(family)") }
        return plan
    }

    private static func reserved(_ family: Int) -> Commitment {
        var item = plan(.riStandard, "0", family)
        (item.region, item.family, item.sku) = ("region", "f\(family)", "f\(family).large")
        (item.os, item.tenancy, item.quantity) = ("linux", "shared", Quantity(200))
        item.hourly = Money("0.05") ?? .zero
        return item
    }
}
