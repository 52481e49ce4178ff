import AWSProvider
import Foundation
import PlimsollCore
import PlimsollTesting
import Rating
import Reporting
import Testing

@testable import Ledger

/// The bill that the rater makes, as FOCUS: its sums, our rules, the FinOps Foundation's.
@Suite("Rated bills as FOCUS", .enabled(if: LedgerFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct FocusBillTests {
    private static let from = Hour(index: 490_896)
    private static let hours = 30

    /// Two machines and something without a commitment, more or less of each by the hour.
    private static var usage: String {
        var lines = [
            "hour,provider,billing_account,account,region,zone,service,sku,os,tenancy,pricing,quantity,unit,resource"
        ]
        for offset in 0..<hours {
            let hour = from.advanced(by: offset)
            let front = "\(hour),aws,payer,"
            lines.append(front + "shop,us-east-1,,compute,m5.large,linux,shared,,\(offset % 5).5,Hrs,i-\(offset % 2)")
            lines.append(front + "ads,us-east-1,,compute,m5.xlarge,linux,shared,,\(offset % 3),Hrs,")
            lines.append(front + "ads,us-east-1,us-east-1a,compute,m5.large,linux,shared,spot,1,Hrs,")
            lines.append(front + "ads,eu-west-1,,storage,standard,,,,0.333333333333,GB-month,bucket")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static var prices: String {
        var lines = [
            "provider,region,service,sku,os,tenancy,offer,term,payment,upfront,price,currency,unit",
            "aws,us-east-1,compute,m5.large,linux,shared,spot,,,,0.031,USD,Hrs",
            "aws,eu-west-1,storage,standard,,,on-demand,,,,0.023,USD,GB-month",
            "aws,eu-west-1,storage,standard,,,negotiated,,,,0.021,USD,GB-month",
        ]
        for (sku, size) in [("m5.large", 1), ("m5.xlarge", 2)] {
            let front = "aws,us-east-1,compute,\(sku),linux,shared,"
            lines.append(front + "on-demand,,,,0.\(96 * size + 400),USD,Hrs")
            for (payment, upfront) in [("none", ""), ("partial", "250"), ("all", "500")] {
                lines.append(front + "ri-standard,1y,\(payment),\(upfront),0.\(30 + size),USD,Hrs")
                lines.append(front + "compute-sp,1y,\(payment),,0.\(17 * size + 300),USD,Hrs")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A commitment of each kind and payment; each begins and ends within the window.
    private static var held: String {
        var lines = [
            "id,provider,billing_account,account,offer,region,family,sku,os,tenancy,quantity,hourly_commitment,term,payment,upfront,hourly,currency,start,end"
        ]
        let term = "USD,\(from.advanced(by: 2)),\(from.advanced(by: hours - 3))"
        for (payment, upfront, hourly) in [("none", "", "0.07"), ("partial", "1.7", "0.03"), ("all", "2.3", "")] {
            lines.append(
                "ri-\(payment),aws,payer,shop,ri-standard,us-east-1,m5,m5.large,linux,shared,1,,1y,\(payment),\(upfront),\(hourly),\(term)"
            )
            lines.append("sp-\(payment),aws,payer,shop,compute-sp,,,,,,,0.37,1y,\(payment),,,\(term)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func input() throws -> RatingInput {
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        input.usage = try Interchange.usage(Array(Self.usage.utf8), file: "usage.csv").value
        input.prices = try Interchange.prices(Array(Self.prices.utf8), file: "prices.csv").value
        input.commitments = try Interchange.commitments(Array(Self.held.utf8), file: "held.csv").value
        input.detail = FocusBill.detail
        return input
    }

    private func rows() throws -> (bill: Bill, csv: [UInt8], rows: [[String: String]]) {
        let input = try input()
        let bill = try Rater.rate(input)
        #expect(bill.unpriced.isEmpty)
        let csv = try FocusBill(bill, commitments: input.commitments, providerNames: ["aws": "AWS"]).csv()
        let lines = String(decoding: csv, as: UTF8.self).split(separator: "\n")
        let header = SourceFile.header(String(lines.first ?? ""))
        return (
            bill, csv,
            lines.dropFirst().map { Dictionary(zip(header, SourceFile.header(String($0))), uniquingKeysWith: { $1 }) }
        )
    }

    private func sum(_ rows: [[String: String]], _ column: String) -> Money {
        rows.reduce(into: Money.zero) { $0 += Money($1[column] ?? "") ?? .zero }
    }

    @Test("the sums of its rows are the bill's totals, to the last place") func totals() throws {
        let (bill, _, rows) = try rows()
        #expect(sum(rows, "BilledCost") == bill.total.billed)
        #expect(sum(rows, "EffectiveCost") == bill.total.effective)
        #expect(sum(rows, "ListCost") == bill.total.list)
        #expect(sum(rows, "ContractedCost") == bill.total.contracted)
        #expect(sum(rows, "x_OnDemandCost") == bill.total.onDemand)
        #expect(rows.contains { $0["ContractedCost"] != $0["ListCost"] })
        #expect(Set(rows.map { $0["PricingCategory"] ?? "" }) == ["Standard", "Committed", "Dynamic"])
    }

    @Test("a commitment's purchase is its usage over the term; used and unused are what is held") func commitments()
        throws
    {
        let (bill, _, rows) = try rows()
        #expect(bill.commitments.count == 6)
        for use in bill.commitments {
            let own = rows.filter { $0["CommitmentDiscountId"] == use.id }
            let usage = own.filter { $0["ChargeCategory"] == "Usage" }
            let purchases = own.filter { $0["ChargeCategory"] == "Purchase" }
            #expect(sum(purchases, "BilledCost") == sum(usage, "EffectiveCost"), "\(use.id)")
            #expect(sum(purchases, "BilledCost") == use.billed && use.billed == use.effective)
            #expect(sum(purchases, "EffectiveCost") == .zero && sum(usage, "BilledCost") == .zero)
            let used = usage.filter { $0["CommitmentDiscountStatus"] == "Used" }
            let unused = usage.filter { $0["CommitmentDiscountStatus"] == "Unused" }
            #expect(used.count + unused.count == usage.count && !used.isEmpty && !unused.isEmpty)
            #expect(sum(used, "EffectiveCost") + sum(unused, "EffectiveCost") == sum(usage, "EffectiveCost"))
            // Quantities are shares of an hour's cost: each row is rounded in the last place.
            let slack = Int128(usage.count)
            let gone = sum(usage, "CommitmentDiscountQuantity").raw - use.committed.raw
            #expect(gone.magnitude <= slack.magnitude, "\(use.id)")
            let taken = sum(used, "CommitmentDiscountQuantity").raw - use.used.raw
            #expect(taken.magnitude <= slack.magnitude, "\(use.id)")
        }
    }

    @Test("what is paid at the start stands apart from what recurs") func frequencies() throws {
        let purchases = try rows().rows.filter { $0["ChargeCategory"] == "Purchase" }
        func frequencies(_ id: String) -> [String: Int] {
            Dictionary(grouping: purchases.filter { $0["CommitmentDiscountId"] == id }) { $0["ChargeFrequency"] ?? "" }
                .mapValues(\.count)
        }
        let term = Self.hours - 5
        for kind in ["ri", "sp"] {
            #expect(frequencies("\(kind)-none") == ["Recurring": term])
            #expect(frequencies("\(kind)-partial") == ["Recurring": term, "One-Time": 1])
            #expect(frequencies("\(kind)-all") == ["One-Time": 1])
        }
    }

    @Test("it keeps to every rule of ours, as CSV and as Parquet; a changed cost breaks a sum") func ours() throws {
        let ledger = try LedgerFixture()
        let csv = try rows().csv
        let text = String(decoding: csv, as: UTF8.self)
        let plain = try ledger.write("bill.csv", text)
        let parquet = ledger.folder.appending(path: "bill.parquet").path
        try FocusFileWriter.writeParquet(csv, to: parquet, ledger.duckdb)
        for path in [plain, parquet] {
            let result = try FocusConformance.check(path, ledger.duckdb)
            #expect(result.findings.map(\.rule) == [], "\(result.findings)")
            #expect(result.checked.contains("EffectiveCost-C-012-C"))
        }
        let (_, _, rows) = try rows()
        var table = FocusTable(header: SourceFile.header(String(text.prefix { $0 != "\n" })), rows: rows)
        table.set("EffectiveCost", "9", where: { $0["CommitmentDiscountStatus"] == "Unused" })
        let broken = try FocusConformance.check(try ledger.write("broken.csv", table.csv), ledger.duckdb)
        #expect(broken.findings.map(\.rule) == ["EffectiveCost-C-012-C"])
    }

    @Test(
        "the FinOps Foundation's validator finds its own contradictions and nothing else",
        .enabled(if: FocusValidator.isAvailable, "\(FocusValidator.absence)"))
    func theirs() throws {
        let ledger = try LedgerFixture()
        let csv = try rows().csv
        let plain = try ledger.write("bill.csv", String(decoding: csv, as: UTF8.self))
        let parquet = ledger.folder.appending(path: "bill.parquet").path
        try FocusFileWriter.writeParquet(csv, to: parquet, ledger.duckdb)
        for path in [plain, parquet] {
            let verdict = try FocusValidator.check(URL(filePath: path))
            print("FOCUS validator, rated bill: \(verdict.summary)")
            #expect(verdict.total > 500)
            #expect(verdict.failing.subtracting(FocusValidator.contradictions) == [])
        }
    }

    @Test("usage that nobody pays for is refused") func nobody() throws {
        var input = try input()
        for index in input.usage.indices {
            (input.usage[index].key.billingAccount, input.usage[index].key.account) = ("", "")
        }
        let bill = try Rater.rate(input)
        #expect(throws: Failure.self) { _ = try FocusBill(bill, commitments: [], providerNames: [:]) }
    }
}
