import Foundation
import PlimsollCore
import Testing

@testable import Ledger

/// One bad record takes no other with it.
@Suite("Broken records", .enabled(if: LedgerFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct BrokenRecordTests {
    /// Imports rows of cost 1, some of them replaced; returns what was stored, what was rejected, and the sum.
    private func outcome(
        _ count: Int, replacing bad: [Int: String], packed: Bool = false, ends: String = "\n"
    ) throws -> (summary: ImportSummary, rejects: [String]) {
        let ledger = try LedgerFixture()
        var rows = (0..<count).map { _ in Focus.row("1") }
        for (index, text) in bad { rows[index] = text }
        let text = Focus.file(rows).replacing("\n", with: ends)
        var file = try ledger.write("a.csv", text)
        if packed {
            #expect(try ChildProcess.run("/bin/sh", ["-c", "gzip '\(file)'"]).status == 0)
            file += ".gz"
        }
        let summary = try ledger.run([file])
        return (summary, summary.rejected == 0 ? [] : try ledger.rejects(summary))
    }

    @Test("a quote that is never closed, early in a large file, costs its own row", arguments: [false, true])
    func neverClosed(packed: Bool) throws {
        let result = try outcome(
            20_000, replacing: [50: Focus.row("9", service: "\"never closed")], packed: packed)
        #expect(result.summary.rowsIn == 20_000 && result.summary.rejected == 1)
        #expect(result.summary.partitions.first?.sums.first?.billed == "19999")
        #expect(result.rejects.first?.contains(",52,") == true)
        #expect(result.rejects.first?.contains("a quote is opened") == true)
    }

    @Test("quotes that two rows open and close between them cost these two, not the rows between")
    func openedAndClosed() throws {
        let result = try outcome(
            5_000, replacing: [10: Focus.row("1", service: "\"opened"), 900: Focus.row("1", service: "closed\"")])
        #expect(result.summary.rowsIn == 5_000)
        // A quote within a cell that has none at its start is a letter.
        #expect(result.summary.rejected == 1 && result.summary.stored == 4_999)
        #expect(result.rejects.first?.contains(",12,") == true)
    }

    @Test("several kinds at once, each with its line", arguments: ["\n", "\r\n"]) func several(ends: String) throws {
        let result = try outcome(
            300,
            replacing: [
                0: Focus.row("1", service: "\"x"), 1: Focus.row("1", service: "\"y\"z"), 120: "1,2,3",
                140: Focus.row("1") + ",more", 141: Focus.row("abc"),
                200: Focus.row("1", tags: "\"{\"\"a\"\":\n \"\"x,y,z\"\"}\""),
                299: Focus.row("1", tags: "\"end"),
            ], ends: ends)
        #expect(result.summary.rowsIn == 300 && result.summary.rejected == 6)
        let lines = Set(
            result.rejects.compactMap { $0.split(separator: ",", omittingEmptySubsequences: false).dropFirst().first })
        // The bad number is named by its record, the others by their line.
        #expect(lines == ["2", "3", "122", "142", "302"])
        #expect(result.rejects.contains { $0.contains(",142,BilledCost,abc,") })
        #expect(
            result.rejects.contains { $0.contains("fewer cells") }
                && result.rejects.contains { $0.contains("more cells") })
    }

    @Test("quoted line ends and blank lines are no fault") func multiline() throws {
        var rows: [Int: String] = [:]
        for index in stride(from: 0, to: 400, by: 7) {
            rows[index] = Focus.row("1", tags: "\"{\"\"a\"\": \"\"first\nsecond, third\n\n\"\"}\"")
        }
        rows[399] = Focus.row("1") + "\n\n"
        let result = try outcome(400, replacing: rows)
        #expect(result.summary.rowsIn == 400 && result.summary.rejected == 0)
    }

    @Test("a record longer than 2 MiB and one that is no UTF-8 are rejected by themselves") func unusual() throws {
        let ledger = try LedgerFixture()
        var bytes = Data(
            Focus.file([Focus.row("1"), Focus.row("1", service: String(repeating: "x", count: 3 << 20))]).utf8)
        bytes += Data(Focus.row("1", service: "caf").utf8.map { $0 == 0x66 ? 0xE9 : $0 }) + [0x0A]
        bytes += Data((Focus.row("2", service: "café") + "\n").utf8)
        let file = ledger.folder.appending(path: "a.csv")
        try bytes.write(to: file)
        let summary = try ledger.run([file.path])
        #expect(summary.rowsIn == 4 && summary.rejected == 2)
        #expect(summary.partitions.first?.sums.first?.billed == "3")
        let rejects = try ledger.rejects(summary)
        #expect(rejects.contains { $0.contains("longer than 2 MiB") } && rejects.contains { $0.contains("not UTF-8") })
    }

    @Test("random faults: what is rejected is what was broken") func random() throws {
        var state: UInt64 = 7
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<8 {
            var rows: [Int: String] = [:]
            var broken: Set<Int> = []
            for _ in 0..<1 + next(20) {
                let index = next(800)
                guard !broken.contains(index), !broken.contains(index - 1), !broken.contains(index + 1) else {
                    continue
                }
                switch next(5) {
                case 0: rows[index] = Focus.row("1", tags: "\"{\"\"k\"\":\n\"\"v\"\"}\"")
                case 1: (rows[index], _) = (Focus.row("1", service: "\"open"), broken.insert(index))
                case 2: (rows[index], _) = (Focus.row("1", service: "\"shut\"er"), broken.insert(index))
                case 3: (rows[index], _) = (Focus.row("1").replacing(",USD", with: ""), broken.insert(index))
                default: (rows[index], _) = (Focus.row("one"), broken.insert(index))
                }
            }
            let result = try outcome(800, replacing: rows)
            #expect(result.summary.rowsIn == 800 && result.summary.rejected == broken.count)
            #expect(result.summary.partitions.first?.sums.first?.billed == String(800 - broken.count))
        }
    }

    @Test("a line of a JSON file that is no object is rejected, the others stay") func jsonLines() throws {
        let ledger = try LedgerFixture()
        let good =
            #"{"BilledCost":"1","BillingAccountId":"1","BillingCurrency":"USD","BillingPeriodStart":"2026-01-01","ChargePeriodStart":"2026-01-01","ProviderName":"Cloud"}"#
        let file = try ledger.write("a.jsonl", [good, "{\"BilledCost\": oops", good].joined(separator: "\n") + "\n")
        let summary = try ledger.run([file])
        #expect(summary.rowsIn == 3 && summary.stored == 2 && summary.rejected == 1)
        #expect(try ledger.rejects(summary).contains { $0.contains(",2,") })
    }
}

@Suite("Progress of an import") struct ReadingMeterTests {
    @Test(
        "lines are those of CSV files: line feeds in other files are no rows", .enabled(if: LedgerFixture.isAvailable))
    func lines() throws {
        let ledger = try LedgerFixture()
        let csv = try ledger.write("a.csv", Focus.file([Focus.row("1"), Focus.row("2")]))
        let json = try ledger.write("a.jsonl", "{\"a\": 1}\n{\"a\": 2}\n")
        let files = try SourceFile.inspect([csv, json], ledger.duckdb)
        #expect(files.map(\.lines) == [3, 0])
    }

    @Test("part, speed and time left") func text() {
        #expect(
            ReadingMeter.text(read: 25 << 20, of: 100 << 20, rows: 4_000, after: 2) == "25 %, 500 rows/s, 6 s left")
        #expect(ReadingMeter.text(read: 50 << 20, of: 100 << 20, rows: 0, after: 5) == "50 %, 10 MiB/s, 5 s left")
        #expect(ReadingMeter.text(read: 1, of: 100, rows: 1, after: 0.1) == nil)
        #expect(ReadingMeter.text(read: 300, of: 100, rows: 10, after: 1) == "100 %, 10 rows/s, 0 s left")
    }
}
