import Foundation
import PlimsollCore
import Testing

@testable import Ledger

@Suite("Asking the ledger", .enabled(if: LedgerFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct QueryTests {
    private func ledger() throws -> LedgerFixture {
        let ledger = try LedgerFixture()
        let file = try ledger.write(
            "a.csv",
            Focus.file([
                Focus.row("1", service: "compute"), Focus.row("20", service: "storage"),
                Focus.row("3", service: "network"),
                Focus.row("4", start: "2026-01-02T05:00:00Z", service: "compute"),
            ]))
        try ledger.run([file])
        return ledger
    }

    @Test("only one SELECT over the view gets through") func confined() throws {
        let fixture = try ledger()
        let query = try fixture.query()
        let refused = [
            "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "COPY focus TO 'x.csv'",
            "SELECT 1; SELECT 2", "DROP VIEW focus", "ATTACH 'x.db'", "SELECT getenv('HOME')",
            "SELECT * FROM glob('/*')", "INSTALL httpfs", "SET memory_limit='9GB'", ".shell id",
            "SELECT content FROM read_text('/etc/hostname')", "SELECT 1;\n.read /etc/passwd", "",
            "PRAGMA database_list", "SELECT * FROM query('SELECT 1')", "SELECT nope FROM focus",
            "SELECT * FROM read_parquet('../*/*.parquet')",
        ]
        for text in refused {
            do throws(Failure) {
                let bytes = try query.run(text, format: .csv)
                Issue.record("`\(text)` printed \(String(decoding: bytes.prefix(80), as: UTF8.self))")
            } catch {
                #expect(error.exitCode == .usage, "\(text)")
            }
        }
        let bytes = try query.run("SELECT count(*) AS n, sum(BilledCost) AS b FROM focus;", format: .csv)
        #expect(String(decoding: bytes, as: UTF8.self) == "n,b\n4,28.000000000000\n")
    }

    @Test("costs by group, step, period, filter, and the largest ones") func costs() throws {
        let fixture = try ledger()
        let ledger = try fixture.query()
        var query = CostQuery()
        query.groupBy = ["ServiceName"]
        query.top = 1
        #expect(try query.rows(ledger).map { $0.group[0] + " " + $0.cost.description } == ["storage 20", "(other) 8"])
        query.top = nil
        query.granularity = .day
        #expect(
            try query.rows(ledger).map { ($0.time ?? "") + " " + $0.group[0] + " " + $0.cost.description } == [
                "2026-01-01 compute 1", "2026-01-01 network 3", "2026-01-01 storage 20", "2026-01-02 compute 4",
            ])
        query.granularity = nil
        query.from = Day("2026-01-02")?.firstHour
        #expect(try query.rows(ledger).map(\.cost) == [Money(4)])
        query.from = nil
        query.filter = "ServiceName LIKE 'c%'"
        #expect(try query.rows(ledger).map(\.cost) == [Money(5)])
        query.filter = "1 = 1) FROM read_text('/etc/passwd') --"
        #expect(throws: Failure.self) { try query.rows(ledger) }
        query.filter = nil
        query.groupBy = ["Servicename"]
        #expect(throws: Failure.self) { try query.rows(ledger) }
    }

    @Test("an empty ledger is said to be empty") func empty() throws {
        let ledger = try LedgerFixture()
        #expect(throws: Failure.self) { try ledger.query() }
    }
}

@Suite("Trends of costs") struct CostTrendTests {
    private func row(_ time: String, _ name: String, _ cost: String) -> CostQuery.Row {
        CostQuery.Row(time: time, group: [name], currency: "USD", cost: Money(cost) ?? .zero)
    }

    @Test("each cost beside the step before: new, changed and gone groups; changes add up to the difference")
    func trend() {
        let rows = CostTrend.rows([
            row("2026-01", "a", "10"), row("2026-01", "b", "3"), row("2026-02", "a", "12.5"), row("2026-02", "c", "1"),
            row("2026-03", "a", "-2"),
        ])
        #expect(rows.map(\.row.group[0]) == ["a", "b", "a", "c", "b", "a", "c"])
        #expect(rows.map { $0.previous?.description } == [nil, nil, "10", "0", "3", "12.5", "1"])
        #expect(rows.map(\.percent) == [nil, nil, "+25.0", nil, "-100.0", "-116.0", "-100.0"])
        let second = rows[2...4].compactMap(\.change).reduce(.zero, +)
        #expect(second == Money("0.5"))
    }
}

/// The public sample of the specification, where the shared data are at hand.
let sample: String? = {
    let named = ProcessInfo.processInfo.environment["PLIMSOLL_SHARED"].map { URL(fileURLWithPath: $0) }
    let beside = URL(fileURLWithPath: #filePath).appending(path: "../../../../shared").standardizedFileURL
    let file = (named ?? beside).appending(path: "data/focus/focus_sample.csv").path
    return FileManager.default.fileExists(atPath: file) ? file : nil
}()

@Suite(
    "The specification's sample",
    .enabled(if: LedgerFixture.isAvailable && sample != nil, "no duckdb, or no data/focus in $PLIMSOLL_SHARED"))
struct SampleTests {
    @Test("every row is stored, and all totals are those of exact decimals computed here") func totals() throws {
        let path = try #require(sample)
        let ledger = try LedgerFixture()
        let summary = try ledger.run([path])
        #expect(summary.rowsIn == 1_000 && summary.stored == 1_000 && summary.rejected == 0)
        let records = Self.records(try String(contentsOfFile: path, encoding: .utf8))
        let header = records[0]
        let provider = try #require(header.firstIndex(of: "ProviderName"))
        for lens in CostLens.allCases {
            let column = try #require(header.firstIndex(of: lens.column))
            var expected: [String: Decimal] = [:]
            for record in records.dropFirst() where record[column] != "NULL" && !record[column].isEmpty {
                expected[record[provider], default: 0] += Decimal(string: record[column]) ?? 0
            }
            var query = CostQuery()
            query.groupBy = ["ProviderName"]
            query.lens = lens
            for row in try query.rows(try ledger.query()) {
                var exact = expected[row.group[0]] ?? 0
                var rounded = Decimal()
                NSDecimalRound(&rounded, &exact, 12, .bankers)
                #expect(row.cost.description == rounded.description, "\(row.group[0]) \(lens)")
            }
        }
    }

    private static func records(_ text: String) -> [[String]] {
        var records: [[String]] = [[""]]
        var isQuoted = false
        for character in text.replacing("\r\n", with: "\n") {
            let row = records.count - 1
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: records[row].append("")
            case "\n" where !isQuoted: records.append([""])
            case "\u{feff}": continue
            default: records[row][records[row].count - 1].append(character)
            }
        }
        return records.filter { $0.count > 1 }
    }
}
