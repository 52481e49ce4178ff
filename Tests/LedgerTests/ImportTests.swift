import Foundation
import PlimsollCore
import Testing

@testable import Ledger

@Suite("Import", .enabled(if: LedgerFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct ImportTests {
    @Test("rows are stored by provider, account and period, and sums are exact") func stored() throws {
        let ledger = try LedgerFixture()
        let file = try ledger.write(
            "a.csv",
            Focus.file([
                Focus.row("0.1"), Focus.row("0.2"), Focus.row("-0.05", account: "2"),
                Focus.row("1e-7", period: "2026-02-01T00:00:00Z"), Focus.row("7", currency: "EUR"),
            ]))
        let summary = try ledger.run([file])
        #expect(summary.mapping == "focus-1.0")
        #expect(summary.rowsIn == 5 && summary.stored == 5 && summary.rejected == 0)
        #expect(summary.partitions.map(\.billingAccount) == ["1", "1", "2"])
        #expect(summary.partitions.map(\.period) == ["2026-01", "2026-02", "2026-01"])
        #expect(summary.partitions[0].sums.map(\.billed) == ["7", "0.3"])
        var query = CostQuery()
        query.groupBy = ["BillingAccountId"]
        let rows = try query.rows(try ledger.query())
        #expect(
            rows.map { [$0.group[0], $0.currency, $0.cost.description] } == [
                ["1", "EUR", "7"], ["1", "USD", "0.3000001"], ["2", "USD", "-0.05"],
            ])
        let types = try ledger.query().rows(
            "SELECT DISTINCT typeof(BilledCost) AS t, typeof(ListCost) AS l FROM focus;")
        #expect(
            types.map { $0["t"]?.string } == ["DECIMAL(38,12)"] && types.map { $0["l"]?.string } == ["DECIMAL(38,12)"])
    }

    @Test("the same file again changes nothing; a corrected one replaces its own period only") func again() throws {
        let ledger = try LedgerFixture()
        let first = try ledger.write(
            "a.csv", Focus.file([Focus.row("1"), Focus.row("2", period: "2026-02-01T00:00:00Z")]))
        #expect(try !ledger.run([first]).isUnchanged)
        #expect(try ledger.run([first]).isUnchanged)
        let corrected = try ledger.write("b.csv", Focus.file([Focus.row("5")]))
        try ledger.run([corrected])
        let manifests = try ledger.store.manifests()
        #expect(manifests.map(\.period) == ["2026-01", "2026-02"])
        #expect(manifests.flatMap(\.sums).map(\.billed) == ["5", "2"])
        // Half of the first import was replaced: importing it again is no repetition.
        #expect(try !ledger.run([first]).isUnchanged)
        #expect(try ledger.store.manifests().flatMap(\.sums).map(\.billed) == ["1", "2"])
    }

    @Test("numbers finer than 12 places are rounded half-even and counted") func rounding() throws {
        let ledger = try LedgerFixture()
        let cases = [
            ("0.1234567890125", "0.123456789012"), ("0.1234567890135", "0.123456789014"),
            ("0.12345678901250001", "0.123456789013"), ("-0.1234567890125", "-0.123456789012"),
            ("12345678901234567890.123456789012", "12345678901234567890.123456789012"),
            ("0.500000000000000000000", "0.5"), ("1.5E+3", "1500"), ("1e-13", "0"), (".25", "0.25"), ("+3.", "3"),
        ]
        for (text, expected) in cases {
            let file = try ledger.write("n.csv", Focus.file([Focus.row(text)]))
            let summary = try ledger.run([file])
            #expect(summary.partitions.first?.sums.first?.billed == expected, "\(text)")
            let isFiner = ["0.1234567890125", "0.1234567890135", "0.12345678901250001", "-0.1234567890125"].contains(
                text)
            #expect((summary.rounded > 0) == (isFiner || text == "1e-13"), "\(text)")
        }
    }

    @Test("what is no number or time is rejected with its place, and its neighbours stay") func rejects() throws {
        let ledger = try LedgerFixture()
        let bad = ["NaN", "1_000", "0x10", "1 5", "abc", "123456789012345678901234567"]
        var rows = [Focus.row("1")]
        for text in bad { rows += [Focus.row(text), Focus.row("1")] }
        rows.append(Focus.row("1", start: "yesterday"))
        rows.append(Focus.row("1", account: ""))
        rows.append(Focus.row("\"1,234.50\""))
        let file = try ledger.write("a.csv", Focus.file(rows))
        let summary = try ledger.run([file])
        #expect(summary.rejected == bad.count + 3)
        #expect(summary.stored == bad.count + 1 && summary.rowsIn == rows.count)
        let lines = try ledger.rejects(summary)
        #expect(lines.contains { $0.contains(",2,BilledCost,NaN,") })
        #expect(lines.contains { $0.contains("ChargePeriodStart,yesterday,is not a UTC time") })
        #expect(lines.contains { $0.contains("BillingAccountId,,is empty") })
    }

    @Test("times with offsets are converted, not cut off") func offsets() throws {
        let ledger = try LedgerFixture()
        let file = try ledger.write(
            "a.csv",
            Focus.file([
                Focus.row("1", start: "2026-01-01T02:00:00+02:00"), Focus.row("2", start: "2026-01-01 00:30:00-0530"),
                Focus.row("3", start: "2026-01-05"), Focus.row("4", start: "2026-01-06T00:00:00.000Z"),
                Focus.row("5", start: "2026-01-07 00:00:00 UTC"),
            ]))
        try ledger.run([file])
        let rows = try ledger.query().rows(
            "SELECT strftime(ChargePeriodStart, '%Y-%m-%d %H:%M') AS t FROM focus ORDER BY BilledCost;")
        #expect(
            rows.map { $0["t"]?.string } == [
                "2026-01-01 00:00", "2026-01-01 06:00", "2026-01-05 00:00", "2026-01-06 00:00", "2026-01-07 00:00",
            ])
    }

    @Test("broken quotes and ragged rows are accounted for, record by record") func broken() throws {
        let ledger = try LedgerFixture()
        var rows = (0..<200).map { Focus.row("\($0)") }
        rows[50] = Focus.row("50", service: "\"never closed")
        rows[51] = Focus.row("51", service: "\"fine, quoted\"")
        rows[120] = "1,2,3"
        rows[140] = Focus.row("140") + ",more"
        let file = try ledger.write("a.csv", Focus.file(rows))
        let summary = try ledger.run([file])
        #expect(summary.rowsIn == 200)
        #expect(summary.stored == 197 && summary.rejected == 3)
        #expect(try ledger.rejects(summary).count == 3)
    }

    @Test("BOM, CRLF, quoted newlines, NULL and another order of columns are fine") func dialects() throws {
        let ledger = try LedgerFixture()
        let text = Focus.file([
            Focus.row("1", tags: "\"{\"\"a\"\": \"\"x\ny\"\"}\""), Focus.row("NULL"), Focus.row("2"),
        ])
        let file = try ledger.write("a.csv", "\u{feff}" + text.replacing("\n", with: "\r\n"))
        let summary = try ledger.run([file])
        #expect(summary.stored == 3 && summary.rejected == 0)
        #expect(summary.partitions.first?.sums.first?.billed == "3")
        let turned = try ledger.write(
            "b.csv",
            "ProviderName,ChargePeriodStart,BillingPeriodStart,BillingCurrency,BillingAccountId,BilledCost,Own\nCloud,2026-03-01,2026-03-01,USD,9,4,kept\n"
        )
        try ledger.run([turned])
        let rows = try ledger.query().rows(
            "SELECT BilledCost AS b, x_Own AS o FROM focus WHERE BillingAccountId = '9';")
        #expect(rows.first?["o"]?.string == "kept")
    }

    @Test("files that cannot be trusted write nothing, and say why") func fileFaults() throws {
        let ledger = try LedgerFixture()
        let good = try ledger.write("good.csv", Focus.file([Focus.row("1")]))
        let empty = try ledger.write("empty.csv", "")
        #expect(ledger.failure([good, empty])?.diagnostics.first?.code == "import.empty-file")
        let renamed = try ledger.write(
            "renamed.csv", Focus.file([Focus.row("1")]).replacing("BillingAccountId", with: "BillingAcountId"))
        #expect(ledger.failure([renamed])?.exitCode == .badInput)
        #expect(
            ledger.failure([renamed], format: "focus-1.0")?.diagnostics.first?.hint?.contains("BillingAcountId")
                == true)
        let twice = try ledger.write("twice.csv", Focus.file([]).replacing("Tags", with: "BilledCost"))
        #expect(ledger.failure([twice])?.diagnostics.first?.code == "import.duplicate-column")
        #expect(ledger.failure([ledger.folder.path + "/none.csv"])?.exitCode == .noInput)
        #expect(ledger.failure([good], format: "fokus")?.exitCode == .usage)
        let odd = try ledger.write("a.txt", "x")
        #expect(ledger.failure([odd])?.diagnostics.first?.code == "import.unknown-kind")
        let nothing = try ledger.write("b.csv", "a,b\n1,2\n")
        #expect(ledger.failure([nothing])?.diagnostics.first?.code == "import.unknown-format")
        #expect(try ledger.store.manifests().isEmpty)
    }

    @Test("a gzip file that was cut off is refused; a whole one is read") func gzip() throws {
        let ledger = try LedgerFixture()
        let plain = try ledger.write("a.csv", Focus.file((0..<2_000).map { Focus.row("\($0).25") }))
        let packed = plain + ".gz"
        let output = try ChildProcess.run("/bin/sh", ["-c", "gzip -k '\(plain)'"])
        #expect(output.status == 0)
        #expect(try ledger.run([packed]).stored == 2_000)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: packed))
        let cut = ledger.folder.appending(path: "cut.csv.gz")
        try bytes.prefix(bytes.count / 2).write(to: cut)
        #expect(ledger.failure([cut.path])?.diagnostics.first?.code == "import.bad-gzip")
    }

    @Test("Parquet of several schemas: decimals stay exact beside doubles, nested columns become JSON") func parquet()
        throws
    {
        let ledger = try LedgerFixture()
        let folder = ledger.folder.path
        let common = """
            'Cloud' AS ProviderName, '1' AS BillingAccountId, 'USD' AS BillingCurrency,
            TIMESTAMP '2026-01-01' AS BillingPeriodStart, TIMESTAMP '2026-01-01' AS ChargePeriodStart
            """
        try ledger.duckdb.run(
            """
            COPY (SELECT CAST('0.123456789012' AS DECIMAL(38,12)) AS BilledCost, \(common), MAP {'a': 'b'} AS Tags)
              TO '\(folder)/a.parquet' (FORMAT parquet);
            COPY (SELECT CAST(0.5 AS DOUBLE) AS BilledCost, \(common), 'extra' AS x_Own) TO '\(folder)/b.parquet' (FORMAT parquet);
            """)
        let summary = try ledger.run([folder + "/a.parquet", folder + "/b.parquet"])
        #expect(summary.stored == 2)
        #expect(summary.partitions.first?.sums.first?.billed == "0.623456789012")
        let rows = try ledger.query().rows("SELECT Tags AS t, x_Own AS o FROM focus ORDER BY BilledCost;")
        #expect(rows.map { $0["t"]?.string } == ["{\"a\":\"b\"}", nil])
        #expect(rows.map { $0["o"]?.string } == [nil, "extra"])
    }

    @Test("compacting removes what no manifest lists, and nothing else") func compact() throws {
        let ledger = try LedgerFixture()
        try ledger.run([try ledger.write("a.csv", Focus.file([Focus.row("1")]))])
        let manifest = try #require(try ledger.store.manifests().first)
        let stray = ledger.store.place(manifest).appending(path: "stray.parquet")
        try Data([1]).write(to: stray)
        #expect(try ledger.store.compact() == 1)
        #expect(!FileManager.default.fileExists(atPath: stray.path))
        #expect(try ledger.store.compact() == 0)
        #expect(try ledger.query().rows("SELECT count(*) AS n FROM focus;").count == 1)
    }

    @Test("the header of a large file is its first line, however many threads read it") func largeHeader() throws {
        let ledger = try LedgerFixture()
        let rows = (0..<60_000).map { Focus.row("\($0)", service: String(repeating: "x", count: 400)) }
        let summary = try ledger.run([try ledger.write("large.csv", Focus.file(rows))])
        #expect(summary.stored == 60_000)
    }

    @Test("two imports at once: the second is told to wait") func locked() throws {
        let ledger = try LedgerFixture()
        let file = try ledger.write("a.csv", Focus.file([Focus.row("1")]))
        try ledger.store.locked { () throws(Failure) in
            #expect(ledger.failure([file])?.diagnostics.first?.code == "ledger.locked")
        }
        #expect(try ledger.run([file]).stored == 1)
    }

    @Test("a missing or other duckdb is named, with the remedy") func tools() throws {
        #expect(throws: Failure.self) { try DuckDBProgram.find(environment: ["PLIMSOLL_DUCKDB": "/nowhere/duckdb"]) }
        let ledger = try LedgerFixture()
        let other = try ledger.write("duckdb", "#!/bin/sh\necho v0.9.2 somewhere\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: other)
        do throws(Failure) {
            _ = try DuckDBProgram.find(environment: ["PLIMSOLL_DUCKDB": other])
            Issue.record("another version was taken")
        } catch {
            #expect(error.exitCode == .missingTool)
            #expect(error.diagnostics.first?.message.contains("0.9.2") == true)
        }
    }
}
