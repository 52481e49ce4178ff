import Foundation
import Testing

/// Imports that are killed at random points leave the old ledger or the new one.
@Suite("Killed imports", .enabled(if: Program.hasTools, "the debug program or duckdb is missing"))
struct KilledImportTests {
    private static func bill(_ cost: Int) -> String {
        var text = "BilledCost,EffectiveCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargePeriodStart,"
        text += "ChargePeriodEnd,ChargeCategory,ProviderName\n"
        for row in 0..<3_000 {
            let month = 1 + row % 3
            text += "\(cost),\(cost),\(row % 2),USD,2026-0\(month)-01,2026-0\(month)-01T00:00:00Z,"
            text += "2026-0\(month)-01T01:00:00Z,Usage,Cloud\n"
        }
        return text
    }

    @Test("kill -9 at random points") func killed() throws {
        let folder = try Folder(["old.csv": Self.bill(1), "new.csv": Self.bill(2)])
        #expect(try Program.run("plimsoll import old.csv", in: folder).status == 0)
        let list = "plimsoll ledger list --format csv"
        let sums = "plimsoll costs --lens billed --format csv | tail -1"
        let old = try Program.run(list, in: folder).out
        var state: UInt64 = 11
        var ends: Set<String> = []
        for _ in 0..<Self.rounds {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let delay = Double(state >> 40) / Double(1 << 24) * 1.2
            _ = try Program.run(
                "plimsoll import new.csv > /dev/null 2>&1 & sleep \(delay); kill -9 $! 2>/dev/null; wait $! 2>/dev/null; true",
                in: folder)
            let total = try Program.run(sums, in: folder).out.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(total == "USD,3000" || total == "USD,6000", "a mixture: \(total)")
            ends.insert(total)
            // Back to the old one, which also finishes what was cut off.
            #expect(try Program.run("plimsoll import old.csv", in: folder).status == 0)
            #expect(try Program.run(list, in: folder).out == old)
        }
        #expect(!ends.isEmpty)
    }

    @Test("a write that fails leaves the ledger as it was") func cannotWrite() throws {
        let folder = try Folder(["old.csv": Self.bill(1), "new.csv": Self.bill(2)])
        #expect(try Program.run("plimsoll import old.csv", in: folder).status == 0)
        let list = "plimsoll ledger list --format csv"
        let old = try Program.run(list, in: folder).out
        let failed = try Program.run("ulimit -f 1; plimsoll import new.csv", in: folder)
        #expect(failed.status == 73, "\(failed.talk)")
        #expect(failed.talk.contains("hint:"))
        #expect(try Program.run(list, in: folder).out == old)
        #expect(try Program.run("plimsoll import new.csv", in: folder).status == 0)
        #expect(try Program.run(list, in: folder).out != old)
    }

    @Test("imports at once: each is stored whole, or told to wait") func atOnce() throws {
        let folder = try Folder(["old.csv": Self.bill(1), "new.csv": Self.bill(2)])
        let line = """
            plimsoll import old.csv > a.out 2> a.err & first=$!
            plimsoll import new.csv > b.out 2> b.err & second=$!
            wait $first; echo $?; wait $second; echo $?; cat a.err b.err
            """
        let ends = try Program.run(line, in: folder).out.split(separator: "\n").map(String.init)
        let statuses = ends.prefix(2).compactMap(Int.init)
        #expect(statuses.contains(0) && statuses.allSatisfy { $0 == 0 || $0 == 73 })
        if statuses.contains(73) { #expect(ends.contains { $0.contains("ledger.locked") }) }
        let total = try Program.run("plimsoll costs --lens billed --format csv | tail -1", in: folder).out
        #expect(["USD,3000", "USD,6000"].contains(total.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// `PLIMSOLL_LONG=1` kills a hundred times.
    private static let rounds = ProcessInfo.processInfo.environment["PLIMSOLL_LONG"] == nil ? 8 : 100
}
