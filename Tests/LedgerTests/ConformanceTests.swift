import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

@testable import Ledger

@Suite("Our rules of FOCUS", .enabled(if: LedgerFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct ConformanceTests {
    @Test("an export of a bill with every kind of charge keeps to all rules, in every format") func right() throws {
        let ledger = try LedgerFixture()
        let table = try FocusTable.report(ledger)
        for format in FocusExport.Format.allCases {
            let path = ledger.folder.appending(path: "focus.\(format.rawValue)").path
            try FocusExport(try ledger.query()).write(to: path, format: format)
            let result = try FocusConformance.check(path, ledger.duckdb)
            #expect(result.findings.map(\.rule) == [])
            #expect(result.rows == table.rows.count && result.checked.count > 240)
        }
        let plain = try ledger.write("packed.csv", table.csv)
        _ = try ChildProcess.run("/usr/bin/env", ["gzip", plain])
        #expect(try FocusConformance.check(plain + ".gz", ledger.duckdb).conforms)
    }

    @Test(
        "a planted fault is found with its rule",
        arguments: PlantedFault.cells + PlantedFault.everywhere
            + PlantedFault.columns + PlantedFault.ours)
    func planted(_ fault: PlantedFault) throws {
        let ledger = try LedgerFixture()
        var table = try FocusTable.made()
        fault.plant(&table)
        let result = try FocusConformance.check(try ledger.write("planted.csv", table.csv), ledger.duckdb)
        let finding = try #require(result.findings.first { $0.rule == fault.rule }, "\(result.findings)")
        #expect(finding.count >= 1)
        #expect(result.conforms == !result.findings.contains(where: \.isMust))
    }

    @Test("row, column and value of a fault") func place() throws {
        let ledger = try LedgerFixture()
        var table = try FocusTable.made()
        for index in [4, 6, 7, 9] { table.rows[index]["ChargeFrequency"] = "Often" }
        let result = try FocusConformance.check(try ledger.write("a.csv", table.csv), ledger.duckdb)
        let finding = try #require(result.findings.first)
        #expect(result.findings.count == 1)
        #expect(finding.rule == "ChargeFrequency-C-003-M" && finding.column == "ChargeFrequency" && finding.count == 4)
        #expect(finding.samples.map(\.row) == [5, 7, 8] && finding.samples.first?.value == "Often")
        #expect(finding.text == "must be `One-Time`, `Recurring`, `Usage-Based`")
    }

    @Test("text in a typed file, and numbers where text belongs") func types() throws {
        let ledger = try LedgerFixture()
        _ = try FocusTable.report(ledger)
        let good = ledger.folder.appending(path: "good.parquet").path
        try FocusExport(try ledger.query()).write(to: good, format: .parquet)
        let bad = ledger.folder.appending(path: "bad.parquet").path
        try ledger.duckdb.run(
            "COPY (SELECT * REPLACE (CAST(BillingAccountId AS BIGINT) AS BillingAccountId, CAST(BilledCost AS VARCHAR) || '$' AS BilledCost) FROM '\(good)') TO '\(bad)' (FORMAT parquet);"
        )
        let rules = try FocusConformance.check(bad, ledger.duckdb).findings.map(\.rule)
        #expect(rules.contains("BillingAccountId-C-002-M") && rules.contains("BilledCost-C-001-M"))
    }

    @Test("what is no table, and what is not there") func unreadable() throws {
        let ledger = try LedgerFixture()
        func failure(_ path: String) -> Failure? {
            do {
                _ = try FocusConformance.check(path, ledger.duckdb)
                return nil
            } catch {
                return error
            }
        }
        let ragged = try ledger.write("ragged.csv", "BilledCost,EffectiveCost\n1,2\n1,2,3\n")
        #expect(failure(ragged)?.exitCode == .badInput)
        #expect(failure(try ledger.write("empty.csv", ""))?.exitCode == .badInput)
        #expect(failure(try ledger.write("fake.parquet", "PAR"))?.exitCode == .badInput)
        #expect(failure(try ledger.write("cut.csv.gz", "not gzip"))?.exitCode == .badInput)
        #expect(failure(try ledger.write("bill.txt", "a\n"))?.exitCode == .badInput)
        #expect(failure(ledger.folder.appending(path: "missing.csv").path)?.exitCode == .noInput)
    }

    @Test("a header alone is a bill without charges") func header() throws {
        let ledger = try LedgerFixture()
        var table = try FocusTable.made()
        table.rows = []
        let result = try FocusConformance.check(try ledger.write("a.csv", table.csv), ledger.duckdb)
        #expect(result.rows == 0 && result.conforms)
    }
}

/// The sums that FOCUS keeps whole over a commitment, on rows made for them and on the specification's own examples.
@Suite(
    "Conservation over commitments", .enabled(if: LedgerFixture.isAvailable, "duckdb is missing: run scripts/bootstrap")
)
struct ConservationTests {
    private static let header =
        "BilledCost,EffectiveCost,ChargeCategory,ChargeFrequency,CommitmentDiscountId,CommitmentDiscountStatus,"
        + "CommitmentDiscountQuantity,CommitmentDiscountUnit"

    private func found(_ ledger: LedgerFixture, _ text: String) throws -> [String] {
        let result = try FocusConformance.check(try ledger.write("a.csv", text), ledger.duckdb)
        #expect(result.checked.contains("EffectiveCost-C-012-C") || !text.contains("BilledCost"))
        return result.findings.map(\.rule).filter { $0.hasPrefix("EffectiveCost-C-01") }
    }

    @Test("what was paid is what usage cost, once all that was bought is gone") func whole() throws {
        let ledger = try LedgerFixture()
        func rows(_ lines: String...) -> String { ([Self.header] + lines).joined(separator: "\n") + "\n" }
        let once = "10,0,Purchase,One-Time,c,,4,Hours"
        let half = "5,0,Purchase,One-Time,c,,4,Hours"
        let recurring = "2.5,0,Purchase,Recurring,c,,2,Hours"
        let used = "0,6,Usage,Usage-Based,c,Used,3,Hours"
        let lost = "0,4,Usage,Usage-Based,c,Unused,1,Hours"
        #expect(try found(ledger, rows(once, used, lost)) == [])
        #expect(try found(ledger, rows(half, recurring, recurring, used, lost)) == [])
        // The term still runs: nothing can be said.
        #expect(try found(ledger, rows(once, used)) == [])
        #expect(
            try found(ledger, rows(once, used, "0,3.9,Usage,Usage-Based,c,Unused,1,Hours")) == ["EffectiveCost-C-012-C"]
        )
        #expect(try found(ledger, rows(half, used, lost)) == ["EffectiveCost-C-012-C"])
        #expect(
            try found(ledger, rows(once, used, "0,4,Usage,Usage-Based,c,,1,Hours")) == ["EffectiveCost-C-013-C"])
    }

    private static let examples: [URL] = {
        guard let sample else { return [] }
        let folder = URL(filePath: sample).deletingLastPathComponent().appending(path: "commitment-examples")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".csv") }.sorted().map { folder.appending(path: $0) }
    }()

    @Test(
        "the specification's own examples keep their sums",
        .enabled(if: !examples.isEmpty, "no data/focus/commitment-examples in $PLIMSOLL_SHARED or ../shared"))
    func published() throws {
        let ledger = try LedgerFixture()
        for file in Self.examples {
            let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
            // They write `null`; their purchases say nothing of a status.
            let text = lines.map { line in
                line.split(separator: ",", omittingEmptySubsequences: false).map { $0 == "null" ? "" : $0 }
                    .joined(separator: ",")
            }.joined(separator: "\n")
            #expect(try found(ledger, text + "\n") == [], "\(file.lastPathComponent)")
        }
        #expect(Self.examples.count == 11)
    }
}
