import AWSProvider
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

@testable import Ledger

@Suite("FOCUS exports", .enabled(if: LedgerFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct FocusExportTests {
    private func text(_ ledger: LedgerFixture) throws -> [[String: String]] {
        let bytes = try FocusExport(try ledger.query()).csv()
        let table = try TableReader.rows(bytes)
        return table
    }

    /// Rows of a CSV text by column.
    private enum TableReader {
        static func rows(_ bytes: [UInt8]) throws -> [[String: String]] {
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            let header = SourceFile.header(try #require(lines.first))
            return lines.dropFirst().map { line in
                Dictionary(zip(header, SourceFile.header(line)), uniquingKeysWith: { first, _ in first })
            }
        }
    }

    @Test("all 57 columns, in UTC and plain decimals; what follows from others is filled, what does not is left empty")
    func columns() throws {
        let ledger = try LedgerFixture()
        try ledger.run([try ledger.write("a.csv", Focus.file([Focus.row("1.50"), Focus.row("0")]))])
        let rows = try text(ledger)
        #expect(rows.count == 2)
        let row = try #require(rows.first { $0["BilledCost"] == "1.5" })
        #expect(row.count == 57)
        #expect(row["ChargePeriodStart"] == "2026-01-01T00:00:00Z")
        #expect(row["PricingCurrency"] == "USD" && row["PricingCurrencyEffectiveCost"] == "1.5")
        #expect(row["PricingQuantity"] == "1.0" && row["ListUnitPrice"] == "1.5")
        #expect(row["BillingAccountName"] == "1")
        #expect(row["SubAccountType"] == "" && row["SkuMeter"] == "")
    }

    @Test("unit prices are the exact quotient, to 12 places; their product is the cost")
    func unitPrices() throws {
        let ledger = try LedgerFixture()
        let header = Focus.header + ",PricingQuantity,PricingUnit"
        let cases = [("1", "3"), ("-2", "3"), ("0.000000000001", "7"), ("123456789.123456789012", "0.5"), ("5", "-2")]
        let rows = cases.map { Focus.row($0.0) + ",\($0.1),Hours" }
        try ledger.run([try ledger.write("a.csv", ([header] + rows).joined(separator: "\n") + "\n")])
        var found = 0
        for row in try text(ledger) {
            let cost = try #require(Money(row["ListCost"] ?? ""))
            let price = try #require(Money(row["ListUnitPrice"] ?? ""))
            let quantity = try #require(Quantity(row["PricingQuantity"] ?? ""))
            let product = try #require(FixedPoint.scaled(price.raw, by: quantity.raw, over: FixedPoint.one))
            // Half a unit of the last place for each unit of quantity, and rounding of the product.
            let slack = quantity.raw.magnitude / FixedPoint.one.magnitude / 2 + 1
            #expect((product - cost.raw).magnitude <= slack)
            found += 1
        }
        #expect(found == cases.count)
    }

    @Test("exports of one ledger have the same bytes") func deterministic() throws {
        let ledger = try LedgerFixture()
        let rows = (0..<500).map {
            Focus.row("\($0 % 7).25", service: "s\($0 % 3)", tags: "\"{\"\"a\"\":\"\"\($0)\"\"}\"")
        }
        try ledger.run([try ledger.write("a.csv", Focus.file(rows))])
        let first = try FocusExport(try ledger.query()).csv()
        #expect(try FocusExport(try ledger.query()).csv() == first)
        let file = ledger.folder.appending(path: "out.csv")
        try FocusExport(try ledger.query()).write(to: file.path, format: .csv)
        #expect(try Data(contentsOf: file) == Data(first))
    }

    @Test("what cannot be written is said, and leaves nothing") func unwritable() throws {
        let ledger = try LedgerFixture()
        try ledger.run([try ledger.write("a.csv", Focus.file([Focus.row("1")]))])
        let path = ledger.folder.appending(path: "missing/out.csv").path
        let failure = #expect(throws: Failure.self) {
            try FocusExport(try ledger.query()).write(to: path, format: .csv)
        }
        #expect(failure?.exitCode == .cannotWrite)
    }

    @Test("imported again, an export is the same bill") func roundTrip() throws {
        let ledger = try LedgerFixture()
        try ledger.run([try ledger.write("a.csv", Focus.file([Focus.row("1.5"), Focus.row("-0.25"), Focus.row("7")]))])
        for format in FocusExport.Format.allCases {
            let file = ledger.folder.appending(path: "out.\(format.rawValue)")
            try FocusExport(try ledger.query()).write(to: file.path, format: format)
            let other = LedgerStore(ledger.folder.appending(path: "other-\(format.rawValue)").path)
            let summary = try Importer(other, ledger.duckdb, mappings: FocusMappings.all).run([file.path])
            #expect(summary.mapping == "focus-1.2" && summary.rejected == 0)
            #expect(summary.partitions.first?.sums.first?.billed == "8.25")
        }
    }
}
