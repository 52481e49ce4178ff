import AWSProvider
import PlimsollCore
import Rating
import Testing

/// Small builders for cases in code; the public case files are tested in ScenarioRunnerTests.
enum Make {
    static let start = Hour(index: 490_896)  // 2026-01-01T00:00Z

    static func line(_ key: UsageKey, _ values: [Int64], scale: Int = 0) -> UsageLine {
        UsageLine(key: key, series: HourSeries(start: start, scale: scale, values: values))
    }

    static func compute(
        _ sku: String, account: String = "a", region: String = "us-east-1", zone: String = "", os: String = "linux",
        tenancy: String = "shared"
    ) -> UsageKey {
        UsageKey(
            provider: "aws", billingAccount: "payer", account: account, region: region, zone: zone, service: "compute",
            sku: sku, os: os, tenancy: tenancy, unit: "Hrs")
    }

    static func price(
        _ key: UsageKey, _ offer: Offer, _ price: String, term: String = "", payment: String = ""
    ) -> PriceRow {
        var row = PriceRow()
        row.provider = key.provider
        row.region = key.region
        row.service = key.service
        row.sku = key.sku
        row.os = key.os
        row.tenancy = key.tenancy
        row.unit = key.unit
        row.offer = offer
        row.term = term
        row.payment = payment
        row.price = Money(price) ?? .zero
        row.currency = "USD"
        return row
    }

    static func plan(_ offer: Offer, _ hourly: String, id: String = "plan", account: String = "a") -> Commitment {
        var plan = Commitment()
        plan.id = id
        plan.provider = "aws"
        plan.billingAccount = "payer"
        plan.account = account
        plan.offer = offer
        plan.hourlyCommitment = Money(hourly) ?? .zero
        plan.term = .oneYear
        plan.payment = Payment.none
        plan.currency = "USD"
        return plan
    }

    static func reserved(
        _ sku: String, _ count: Int, id: String, account: String = "a", region: String = "us-east-1", zone: String = "",
        family: String = "", hourly: String = "0.01"
    ) -> Commitment {
        var item = plan(.riStandard, "0", id: id, account: account)
        item.quantity = Quantity(count)
        item.region = region
        item.zone = zone
        item.sku = sku
        item.family = family
        item.os = "linux"
        item.tenancy = "shared"
        item.hourly = Money(hourly) ?? .zero
        return item
    }
}

@Suite("AWS golden cases, in code")
struct AWSGoldenTests {
    private func savingsPlanInput(_ commitment: String) -> RatingInput {
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        let r5 = Make.compute("r5.4xlarge")
        let m5 = Make.compute("m5.24xlarge", os: "windows", tenancy: "dedicated")
        func other(_ service: String, _ sku: String, _ unit: String) -> UsageKey {
            UsageKey(
                provider: "aws", billingAccount: "payer", account: "a", region: "us-east-1", service: service, sku: sku,
                unit: unit)
        }
        let vcpu = other("fargate", "fargate-vcpu", "vCPU-Hours")
        let memory = other("fargate", "fargate-gb", "GB-Hours")
        let duration = other("lambda", "lambda-duration", "GB-s")
        let requests = other("lambda", "lambda-requests", "Requests")
        let table: [(UsageKey, Int64, String, String)] = [
            (r5, 4, "1.00", "0.70"), (vcpu, 400, "0.04", "0.03"), (memory, 1600, "0.004", "0.003"),
            (m5, 1, "10.00", "8.20"), (duration, 1_500_000, "0.000015", "0.00001275"),
            (requests, 1_000_000, "0.0000002", "0.0000002"),
        ]
        for (key, quantity, list, rate) in table {
            input.usage.append(Make.line(key, [quantity]))
            input.prices.append(Make.price(key, .onDemand, list))
            input.prices.append(Make.price(key, .computePlan, rate, term: "1y", payment: "none"))
        }
        input.commitments = [Make.plan(.computePlan, commitment)]
        return input
    }

    @Test func a1() throws {
        let bill = try Rater.rate(savingsPlanInput("50"))
        #expect(bill.total.list == Money("59.10"))
        #expect(bill.commitments.first?.used == Quantity("47.125"))
        #expect(bill.commitments.first?.unused == Quantity("2.875"))
        #expect(bill.total.effective == Money("50"))
        #expect(bill.total.onDemand == .zero)
    }

    @Test func a2() throws {
        let bill = try Rater.rate(savingsPlanInput("2"))
        #expect(bill.total.onDemand.rounded(to: 2) == "56.24")
        #expect(bill.commitments.first?.utilization == Quantity(1))
    }

    @Test func a3() throws {
        let bill = try Rater.rate(savingsPlanInput("19.60"))
        #expect(bill.total.onDemand == Money("32.70"))
        #expect(bill.commitments.first?.unused == .zero)
        #expect(bill.total.effective == Money("52.30"))
    }

    private func reservedInput(_ usage: [(UsageKey, Int64)], _ commitments: [Commitment]) -> RatingInput {
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        for (key, count) in usage {
            input.usage.append(Make.line(key, [count]))
            input.prices.append(Make.price(key, .onDemand, "1"))
            input.prices.append(Make.price(key, .riStandard, "0.01", term: "1y", payment: "none"))
        }
        input.commitments = commitments
        return input
    }

    @Test func b1() throws {
        let bill = try Rater.rate(
            reservedInput(
                [
                    (Make.compute("m3.large", zone: "us-east-1a"), 4),
                    (Make.compute("m4.xlarge", zone: "us-east-1b"), 2),
                    (Make.compute("c4.xlarge", zone: "us-east-1c"), 1),
                ],
                [
                    Make.reserved("m3.large", 4, id: "z", zone: "us-east-1a"), Make.reserved("m4.large", 4, id: "m4"),
                    Make.reserved("c4.large", 1, id: "c4"),
                ]))
        #expect(bill.commitments.map(\.utilization) == [Quantity(1), Quantity(1), Quantity(1)])
        #expect(bill.total.onDemand == Money("0.5"))
        #expect(bill.commitments.map(\.used) == [Quantity(4), Quantity(4), Quantity(1)])
    }

    @Test func b2() throws {
        let bill = try Rater.rate(
            reservedInput(
                [(Make.compute("m3.xlarge"), 2), (Make.compute("m3.large"), 2)],
                [Make.reserved("m3.2xlarge", 1, id: "r")]))
        #expect(bill.total.onDemand == Money("1"))
    }

    @Test(arguments: [("i3.16xlarge", 1), ("i3.8xlarge", 2), ("i3.4xlarge", 4)])
    func b3Metal(sku: String, count: Int64) throws {
        let bill = try Rater.rate(
            reservedInput([(Make.compute(sku), count)], [Make.reserved("i3.metal", 1, id: "r")]))
        #expect(bill.total.onDemand == .zero)
        #expect(bill.commitments.first?.used == Quantity(1))
    }

    @Test func b3Half() throws {
        let bill = try Rater.rate(
            reservedInput([(Make.compute("t2.large"), 1)], [Make.reserved("t2.medium", 1, id: "r")]))
        #expect(bill.total.onDemand == Money("0.5"))
    }
}
