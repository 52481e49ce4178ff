import AWSProvider
import PlimsollCore
import Testing

@testable import Rating

@Suite struct HourSumTests {
    /// Two sizes of a family, a Reserved Instance of neither and a plan over both.
    private var input: RatingInput {
        get throws {
            var result = RatingInput()
            result.programs = AWS.benefitPrograms
            result.prices = AWS.builtInPrices
            result.catalog = AWS.builtInCatalog
            let start = try #require(Hour("2026-01-30T00:00:00Z"))
            for (sku, base) in [("m4.large", 3), ("m4.4xlarge", 1)] {
                let key = UsageKey(
                    provider: "aws", billingAccount: "p", account: "a", region: "us-east-1", service: "compute",
                    sku: sku, os: "linux", tenancy: "shared", unit: "Hrs")
                let values = (0..<72).map { Int64(base * 10 + $0 % 7) }
                result.usage.append(
                    UsageLine(key: key, series: HourSeries(start: start, scale: 1, values: values)))
            }
            var instance = Commitment()
            (instance.id, instance.provider, instance.billingAccount) = ("ri", "aws", "p")
            (instance.offer, instance.region, instance.sku) = (.riStandard, "us-east-1", "m4.xlarge")
            (instance.os, instance.tenancy, instance.quantity) = ("linux", "shared", Quantity(1))
            (instance.term, instance.payment, instance.hourly) = (.oneYear, Payment.none, Money("0.125") ?? .zero)
            var plan = Commitment()
            (plan.id, plan.provider, plan.billingAccount, plan.offer) = ("sp", "aws", "p", .computePlan)
            (plan.term, plan.payment, plan.hourlyCommitment) = (.oneYear, Payment.none, Money("0.37") ?? .zero)
            plan.start = Instant(hour: start.advanced(by: 30))
            result.commitments = [instance, plan]
            result.sumsHours = true
            return result
        }
    }

    @Test func hoursAddUpToTheBillAndToItsRows() throws {
        var input = try input
        let bill = try Rater.rate(input)
        #expect(bill.hours.count == 72)
        func near(_ left: Money, _ right: Money) -> Bool { abs((left - right).raw) < 1_000 }
        #expect(near(bill.hours.reduce(.zero) { $0 + $1.demand }, bill.total.list))
        #expect(near(bill.hours.reduce(.zero) { $0 + $1.left }, bill.total.onDemand))
        let fees = bill.commitments.reduce(Money.zero) { $0 + $1.effective }
        #expect(near(bill.hours.reduce(.zero) { $0 + $1.committed }, fees))
        input.detail = [.hour]
        let rows = try Rater.rate(input)
        #expect(rows.hours == bill.hours)
        for (index, hour) in rows.hours.enumerated() {
            let now = rows.rows.filter { $0.hour == rows.window?.start.advanced(by: index) }
            #expect(near(now.reduce(.zero) { $0 + $1.amounts.list }, hour.demand))
            #expect(near(now.reduce(.zero) { $0 + $1.amounts.onDemand }, hour.left))
        }
    }

    @Test func withoutAskingThereAreNone() throws {
        var input = try input
        input.sumsHours = false
        #expect(try Rater.rate(input).hours.isEmpty)
    }
}
