import AWSProvider
import PlimsollCore
import Rating
import Testing

@testable import ScenarioRunner

@Suite("Calibration")
struct CalibrationTests {
    /// Two machines for three days, a Reserved Instance over the first.
    private func past(source: String = "list") -> RatingInput {
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        let start = Hour(index: 490_896)
        for (sku, price, count) in [("m5.large", "0.096", 2), ("r5.large", "0.126", 3)] {
            let key = UsageKey(
                provider: "aws", billingAccount: "p", account: "a", region: "us-east-1", service: "compute", sku: sku,
                os: "linux", tenancy: "shared", unit: "Hrs")
            let values = (0..<72).map { Int64(count + $0 % 2) }
            input.usage.append(UsageLine(key: key, series: HourSeries(start: start, scale: 0, values: values)))
            for (offer, part) in [(Offer.onDemand, 1_000), (.riStandard, 600)] {
                var row = PriceRow()
                (row.provider, row.region, row.service, row.sku) = ("aws", "us-east-1", "compute", sku)
                (row.os, row.tenancy, row.unit, row.currency) = ("linux", "shared", "Hrs", "USD")
                (row.offer, row.source) = (offer, source)
                row.price = Money(raw: (Money(price) ?? .zero).raw * Int128(part) / 1_000)
                if offer != .onDemand { (row.term, row.payment) = ("1y", "none") }
                input.prices.append(row)
            }
        }
        var held = Commitment()
        (held.id, held.provider, held.billingAccount, held.account) = ("ri", "aws", "p", "a")
        (held.offer, held.region, held.sku, held.family) = (.riStandard, "us-east-1", "m5.large", "m5")
        (held.os, held.tenancy, held.quantity, held.currency) = ("linux", "shared", Quantity(3), "USD")
        (held.term, held.payment) = (.oneYear, Payment.none)
        held.hourly = Money("0.06") ?? .zero
        input.commitments = [held]
        return input
    }

    /// The bill that the vendor would have sent, by the rules themselves.
    private func paid(_ input: RatingInput) throws -> (charges: [BilledCharge], coverage: [BilledCoverage]) {
        var detailed = input
        detailed.detail = [.hour, .resource, .commitment]
        let bill = try Rater.rate(detailed)
        var charges: [BilledCharge] = []
        var coverage: [BilledCoverage] = []
        for row in bill.rows {
            guard let hour = row.hour else { continue }
            let key = row.key ?? UsageKey(provider: "aws", billingAccount: "p", service: "compute", sku: "")
            var charge = BilledCharge(month: hour.monthStart.day, kind: row.kind, key: key)
            (charge.commitment, charge.quantity, charge.currency) = (row.commitment ?? "", row.quantity, "USD")
            (charge.effective, charge.billed) = (row.amounts.effective, row.amounts.billed)
            (charge.list, charge.contracted) = (row.amounts.list, row.amounts.contracted)
            charges.append(charge)
            if row.kind == .usage, let id = row.commitment {
                coverage.append(BilledCoverage(hour: hour, commitment: id, quantity: row.quantity))
            }
        }
        return (charges, coverage)
    }

    private func compare(_ rules: RatingInput, with bill: RatingInput) throws -> Calibration {
        let paid = try paid(bill)
        return try Calibration.compare(charges: paid.charges, coverage: paid.coverage, past: rules)
    }

    @Test("a bill made by the rules has no error") func exact() throws {
        let result = try compare(past(), with: past())
        #expect(result.rated > .zero && result.carried == .zero)
        #expect(result.total.absolute == .zero)
        #expect(result.coverage.map(\.hoursDifferent) == [0])
        #expect(result.coverage.map(\.paid) == [Quantity(180)])
    }

    @Test("prices that drifted by 3 % are an error of 3 % of what they price, and nothing else") func drift() throws {
        var dearer = past()
        for index in dearer.prices.indices where dearer.prices[index].sku == "r5.large" {
            dearer.prices[index].price.raw = dearer.prices[index].price.raw * 103 / 100
        }
        let result = try compare(past(), with: dearer)
        let onDemand = Money("31.752") ?? .zero
        #expect(result.total.net == Money(raw: -onDemand.raw * 3 / 100))
        #expect(result.total.absolute == Money(raw: onDemand.raw * 3 / 100))
        #expect(result.coverage.map(\.hoursDifferent) == [0])
    }

    @Test("a commitment that the bill applies otherwise is named, with its hours") func misapplied() throws {
        var other = past()
        other.commitments[0].quantity = Quantity(2)
        let result = try compare(past(), with: other)
        #expect(result.coverage.map(\.commitment) == ["ri"])
        #expect(result.coverage.map(\.hoursDifferent) == [36])
        #expect(result.coverage.map(\.difference) == [Quantity(36)])
    }

    @Test("the share of the cost that has its true hours is said") func shapes() throws {
        var paid = try paid(past())
        for index in paid.charges.indices where paid.charges[index].key.sku == "r5.large" {
            paid.charges[index].shape = .day
        }
        let result = try Calibration.compare(charges: paid.charges, coverage: paid.coverage, past: past())
        let cost = paid.charges.filter { $0.kind == .usage && $0.shape == .day }.reduce(Money.zero) {
            $0 + $1.effective
        }
        #expect(result.shapes[.day] == cost && result.shapes[.hour] == result.total.paid - cost)
        let statement = try #require(CalibrationReport(calibration: result, demand: "", prices: "").shapeStatement)
        #expect(statement.contains("% is billed by the day and 0.00 % by longer periods"))
    }

    @Test("usage whose coverage the bill leaves without cost is compared by the rest") func costless() throws {
        var paid = try paid(past())
        for index in paid.charges.indices
        where !paid.charges[index].commitment.isEmpty && paid.charges[index].kind == .usage {
            paid.charges[index].effective = .zero
        }
        let result = try Calibration.compare(charges: paid.charges, coverage: paid.coverage, past: past())
        #expect(result.rated > .zero && result.total.absolute == .zero)
    }

    @Test("prices read off the bill vouch for nothing") func ownPrices() throws {
        let input = past(source: "bill 2026-01")
        let result = try compare(input, with: input)
        #expect(result.rated == .zero && result.carried > .zero)
        let report = CalibrationReport(calibration: result, demand: "", prices: "")
        #expect(report.statement == "prices from the bill: not calibrated")
    }

    @Test("a scenario compares its past with its bill, and says so") func inScenario() throws {
        let input = past()
        let paid = try paid(input)
        let text = """
            scenario: calibrated
            estate: {usage: u.csv, prices: p.csv, commitments: c.csv, bill: b.csv, coverage: v.csv}
            """
        let files: [String: String] = [
            "u.csv": String(decoding: Interchange.write(usage: input.usage), as: UTF8.self),
            "p.csv": String(decoding: Interchange.write(prices: input.prices), as: UTF8.self),
            "c.csv": String(decoding: Interchange.write(commitments: input.commitments), as: UTF8.self),
            "b.csv": String(decoding: Interchange.write(bill: paid.charges), as: UTF8.self),
            "v.csv": String(decoding: Interchange.write(coverage: paid.coverage), as: UTF8.self),
        ]
        let result = try Scenario.load(text).run(.test(files), planner: FakePlanner())
        #expect(result.reportText.contains("\"calibrated\": true"))
        let report = try #require(JSONValue(parsing: Array(result.reportText.utf8)))
        #expect(SchemaCheck.faults(report, try #require(FileSchema.named("report")).json) == [])
        let page = try #require(try result.files().first { $0.name == "report.html" })
        let html = String(decoding: page.bytes, as: UTF8.self)
        #expect(html.contains("Rated again against what was paid") && html.contains("Hours that differ"))
        #expect(html.contains("The bill tells the hour of all usage"))
        let markdown = try #require(try result.files().first { $0.name == "report.md" })
        #expect(String(decoding: markdown.bytes, as: UTF8.self).contains("The bill tells the hour of all usage"))
        let summary = ScenarioSummary(result).text(width: 120)
        #expect(summary.contains("with an error of 0.0000 % line by line (net 0.0000 %)"))
        #expect(summary.contains("applied again, 1 commitments pay for the same in all 72 hours"))
    }

    @Test("bill and coverage files come back as they went out") func files() throws {
        let paid = try paid(past())
        #expect(try Interchange.bill(Interchange.write(bill: paid.charges), file: "b").value == paid.charges)
        #expect(try Interchange.coverage(Interchange.write(coverage: paid.coverage), file: "c").value == paid.coverage)
        let wrong = Array("hour,commitment,quantity\n2026-01-01T00:30:00Z,a,1\n".utf8)
        #expect(throws: Failure.self) { try Interchange.coverage(wrong, file: "c") }
    }
}
