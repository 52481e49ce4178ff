import AWSProvider
import Foundation
import PlimsollCore
import Testing

@testable import Ledger

/// Folders as vendors deliver into them: the latest delivery counts, once.
@Suite("Bills in folders", .enabled(if: LedgerFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct BillFolderTests {
    /// The layout of Azure's exports, as its room has it.
    private static let runs = BillDelivery(
        provider: "x", source: "", manifestSuffix: "manifest.json", files: ["blobs", "blobName"],
        written: ["runInfo", "submittedTime"], periodFolder: "[0-9]{8}-[0-9]{8}")

    private func run(
        _ files: [String: String], deliveries: [BillDelivery] = AWS.billDeliveries
    ) throws -> ImportSummary {
        let ledger = try LedgerFixture()
        for (name, text) in files { _ = try ledger.write("bills/" + name, text) }
        return try Importer(ledger.store, ledger.duckdb, mappings: FocusMappings.all, deliveries: deliveries)
            .run([ledger.folder.path + "/bills"])
    }

    private func failure(_ files: [String: String], deliveries: [BillDelivery] = AWS.billDeliveries) -> Failure? {
        do {
            _ = try run(files, deliveries: deliveries)
            return nil
        } catch {
            return error as? Failure
        }
    }

    private static func bill(_ cost: String, month: String = "01") -> String {
        Focus.file([Focus.row(cost, period: "2026-\(month)-01T00:00:00Z")])
    }

    private static func manifest(_ key: String, _ files: [String]) -> String {
        #"{"\#(key)": [\#(files.map { "\"\($0)\"" }.joined(separator: ", "))], "columns": []}"#
    }

    private func billed(_ summary: ImportSummary) -> [String] { summary.partitions.flatMap(\.sums).map(\.billed) }

    @Test("legacy reports: the manifest of the period names the assembly that counts") func assemblies() throws {
        let keys = ["prefix/cur/20260101-20260201/b/cur-1.csv", "prefix/cur/20260101-20260201/b/cur-2.csv"]
        let files = [
            "cur/20260101-20260201/a/cur-1.csv": Self.bill("100"),
            "cur/20260101-20260201/a/cur-Manifest.json": Self.manifest(
                "reportKeys", ["prefix/cur/20260101-20260201/a/cur-1.csv"]),
            "cur/20260101-20260201/b/cur-1.csv": Self.bill("1"),
            "cur/20260101-20260201/b/cur-2.csv": Self.bill("2"),
            "cur/20260101-20260201/b/cur-Manifest.json": Self.manifest("reportKeys", keys),
            "cur/20260101-20260201/cur-Manifest.json": Self.manifest("reportKeys", keys),
            "cur/cost_and_usage_data_status/status.csv": "status\nREADY\n",
        ]
        let summary = try run(files)
        #expect(billed(summary) == ["3"] && summary.leftOut.count == 1)
        var cut = files
        cut["cur/20260101-20260201/b/cur-2.csv"] = nil
        #expect(failure(cut)?.diagnostics.first?.code == "import.incomplete-delivery")
        #expect(failure(cut)?.diagnostics.first?.message.contains("cur-2.csv") == true)
    }

    @Test("deliveries without the manifest that tells: refused, not added up") func untold() throws {
        let files = [
            "20260101-20260201/a/cur-1.csv": Self.bill("1"), "20260101-20260201/b/cur-1.csv": Self.bill("1"),
        ]
        #expect(failure(files)?.diagnostics.first?.code == "import.several-deliveries")
        #expect(try billed(run(["20260101-20260201/b/cur-1.csv": Self.bill("1")])) == ["1"])
    }

    @Test("data exports: data and metadata by period; the last of several runs", arguments: [false, true])
    func dataExports(isKept: Bool) throws {
        func place(_ month: String, _ run: String) -> String {
            isKept ? "BILLING_PERIOD=2026-\(month)/\(run)/" : "BILLING_PERIOD=2026-\(month)/"
        }
        var files: [String: String] = [:]
        for (month, run, cost) in [
            ("01", "20260202T0101-x", "5"), ("01", "20260105T0101-z", "900"), ("02", "20260301T0101-y", "7"),
        ] where isKept || cost != "900" {
            let data = "bucket/exports/e/data/" + place(month, run) + "e-00001.csv"
            files["e/data/" + place(month, run) + "e-00001.csv"] = Self.bill(cost, month: month)
            files["e/metadata/" + place(month, run) + "e-Manifest.json"] = Self.manifest(
                "dataFiles", ["s3://" + data])
        }
        let summary = try run(files)
        #expect(billed(summary) == ["5", "7"] && summary.leftOut.count == (isKept ? 1 : 0))
    }

    @Test("runs side by side: the one submitted last") func submitted() throws {
        func manifest(_ run: String, _ time: String) -> String {
            #"{"blobs": [{"blobName": "costs/20260101-20260131/\#(run)/part_0.csv", "byteCount": 1}], "runInfo": {"submittedTime": "\#(time)"}}"#
        }
        let files = [
            "costs/20260101-20260131/z/part_0.csv": Self.bill("100"),
            "costs/20260101-20260131/z/manifest.json": "\u{feff}" + manifest("z", "2026-01-20T01:00:00Z"),
            "costs/20260101-20260131/a/part_0.csv": Self.bill("6"),
            "costs/20260101-20260131/a/manifest.json": manifest("a", "2026-02-03T01:00:00Z"),
        ]
        let summary = try run(files, deliveries: [Self.runs])
        #expect(billed(summary) == ["6"] && summary.leftOut.count == 1)
        let same = files.mapValues { $0.replacing("2026-01-20T01:00:00Z", with: "2026-02-03T01:00:00Z") }
        #expect(failure(same, deliveries: [Self.runs])?.diagnostics.first?.code == "import.several-deliveries")
    }

    @Test("a folder without bills, and one with bills of no delivery") func plain() throws {
        #expect(failure(["notes.txt": "x"])?.exitCode == .noInput)
        #expect(try billed(run(["a.csv": Self.bill("1"), "b/c.csv": Self.bill("2")])) == ["3"])
    }

    /// January and February of a data export; the later of two runs counts.
    private static func months(_ january: String, _ february: String, run: String = "20260202T0101-x") -> [String:
        String]
    {
        var files: [String: String] = [:]
        for (month, cost) in [("01", january), ("02", february)] {
            let place = "BILLING_PERIOD=2026-\(month)/\(run)/"
            files["bills/e/data/" + place + "e-00001.csv"] = bill(cost, month: month)
            files["bills/e/metadata/" + place + "e-Manifest.json"] = manifest(
                "dataFiles", ["s3://b/e/data/" + place + "e-00001.csv"])
        }
        return files
    }

    @Test("periods that did not change are not read again; an overwritten month replaces itself only")
    func incremental() throws {
        let ledger = try LedgerFixture()
        let importer = Importer(
            ledger.store, ledger.duckdb, mappings: FocusMappings.all, deliveries: AWS.billDeliveries)
        let folder = ledger.folder.path + "/bills"
        for (name, text) in Self.months("5", "7") { _ = try ledger.write(name, text) }
        let first = try importer.run([folder])
        #expect(billed(first) == ["5", "7"] && first.unchangedRows == 0)
        let second = try importer.run([folder])
        #expect(second.isUnchanged && second.unchangedRows == 2 && billed(second) == ["5", "7"])
        // A later run of February lies beside the first.
        for (name, text) in Self.months("5", "8", run: "20260302T0101-y") where name.contains("2026-02") {
            _ = try ledger.write(name, text)
        }
        let third = try importer.run([folder])
        #expect(billed(third) == ["5", "8"] && !third.isUnchanged && third.unchangedRows == 1)
        #expect(third.leftOut.count == 1)
        #expect(try ledger.store.manifests().flatMap(\.sums).map(\.billed).sorted() == ["5", "8"])
    }

    @Test("exports that share a bill and a period are one set") func shared() throws {
        let ledger = try LedgerFixture()
        for (name, text) in Self.months("5", "7") { _ = try ledger.write(name, text) }
        // The same month under a folder of another period: only together do they make the bill.
        let key = "f/data/BILLING_PERIOD=2026-03/f-00001.csv"
        _ = try ledger.write("bills/" + key, Self.bill("2", month: "02"))
        _ = try ledger.write(
            "bills/f/metadata/BILLING_PERIOD=2026-03/f-Manifest.json", Self.manifest("dataFiles", ["s3://b/" + key]))
        let importer = Importer(
            ledger.store, ledger.duckdb, mappings: FocusMappings.all, deliveries: AWS.billDeliveries)
        let summary = try importer.run([ledger.folder.path + "/bills"])
        #expect(billed(summary).sorted() == ["5", "9"])
        #expect(try ledger.store.manifests().flatMap(\.sums).map(\.billed).sorted() == ["5", "9"])
    }

    @Test("what a store has is chosen by its manifests before it is fetched") func chosen() throws {
        let ledger = try LedgerFixture()
        let all = Self.months("5", "7", run: "20260202T0101-x").merging(Self.months("6", "8", run: "20260302T0101-y")) {
            $1
        }
        for (name, text) in all where name.hasSuffix(".json") { _ = try ledger.write(name, text) }
        let names = all.keys.map { String($0.dropFirst("bills/".count)) }
        let wanted = try BillSelection.wanted(
            names, in: ledger.folder.path + "/bills", deliveries: AWS.billDeliveries)
        #expect(
            wanted == ["01", "02"].map { "e/data/BILLING_PERIOD=2026-\($0)/20260302T0101-y/e-00001.csv" })
    }
}
