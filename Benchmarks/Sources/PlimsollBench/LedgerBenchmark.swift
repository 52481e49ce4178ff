import AWSProvider
import Foundation
import Ledger
import PlimsollCore

/// Import and questions on generated FOCUS rows, beside the engine's own plain copy of the same file.
struct LedgerBenchmark {
    /// Rows generated.
    let rows: Int
    /// Whether the vendor's report is left out.
    var isFocusOnly = false

    private let columns = [
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency",
        "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeDescription", "ChargeFrequency",
        "ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost",
        "ContractedUnitPrice", "EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice",
        "PricingCategory", "PricingCurrency", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName",
        "RegionId", "RegionName", "ResourceId", "ResourceType", "ServiceCategory", "ServiceName", "ServiceSubcategory",
        "SkuId", "SkuMeter", "SkuPriceDetails", "SkuPriceId", "SubAccountId", "SubAccountName", "SubAccountType",
        "Tags",
    ]

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let duckdb = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
        let bill = folder.appending(path: "bill.csv")
        try write(bill, header: columns) { row, next in
            line(row, quantity: 1 + next(50), price: Money(raw: Int128(1 + next(900_000_000)) * 1_000), next)
        }
        let report = folder.appending(path: "report.csv")
        let reports = ReportRows()
        if !isFocusOnly { try write(report, header: ReportRows.columns) { row, next in reports.line(row, next) } }
        let store = LedgerStore(folder.appending(path: "ledger").path)
        let second = LedgerStore(folder.appending(path: "second").path)
        // Imports before their peers: the memory of children can only be read as the most so far.
        let first = try imports(bill, store, duckdb, mappings: FocusMappings.all)
        let other = isFocusOnly ? nil : try imports(report, second, duckdb, mappings: AWS.billMappings)
        try compare(first, bill, "FOCUS", duckdb, limit: 2)
        if let other { try compare(other, report, "Cost and Usage Report 2.0", duckdb, limit: 2.5) }
        try questions(store, duckdb)
        try usageLines(store, duckdb)
    }

    /// CPU seconds of an import, and MiB of its engine.
    private func imports(
        _ bill: URL, _ store: LedgerStore, _ duckdb: DuckDBProgram, mappings: [BillMapping]
    ) throws -> (seconds: Double, memory: Int) {
        var stored = 0
        let seconds = try time { stored = try Importer(store, duckdb, mappings: mappings).run([bill.path]).stored }
        precondition(stored == rows, "every row is stored")
        return (seconds, Measuring.memory(ofChildren: true))
    }

    private func compare(
        _ imported: (seconds: Double, memory: Int), _ bill: URL, _ title: String, _ duckdb: DuckDBProgram,
        limit: Double
    ) throws {
        let size = try FileManager.default.attributesOfItem(atPath: bill.path)[.size] as? Int ?? 0
        print("ledger: \(rows) generated rows of \(title), \(size >> 20) MiB of CSV")
        let plain = bill.deletingLastPathComponent().appending(path: "plain.parquet").path
        let copy = try time {
            try shell(
                duckdb,
                "SET threads=2; SET preserve_insertion_order=false; COPY (SELECT * FROM "
                    + "read_csv('\(bill.path)', all_varchar=true)) TO '\(plain)' (FORMAT parquet, COMPRESSION zstd);")
        }
        try FileManager.default.removeItem(at: bill)
        print("  plain all-text copy to Parquet   \(Self.text(copy)) s of CPU")
        let ratio = imported.seconds / copy
        print(
            "  import with casts and checks     \(Self.text(imported.seconds)) s of CPU, \(Self.text(ratio)) x the copy; asked for \(limit): \(ratio <= limit ? "met" : "missed")"
        )
        print(
            "  peak memory of its engine        \(imported.memory) MiB; asked for 1000: \(imported.memory < 1_000 ? "met" : "missed")"
        )
    }

    /// A scenario's usage lines, beside the bare query that groups the same rows.
    private func usageLines(_ store: LedgerStore, _ duckdb: DuckDBProgram) throws {
        let list = try parquet(store)
        let bare = try time {
            try shell(
                duckdb,
                "SET threads=2; SET memory_limit='900MB'; SELECT count(*) FROM (SELECT ChargePeriodStart, BillingAccountId, "
                    + "SubAccountId, RegionId, ServiceName, SkuPriceId, PricingUnit, sum(PricingQuantity) FROM "
                    + "read_parquet([\(list)]) GROUP BY ALL ORDER BY ALL);"
            )
        }
        var lines = 0
        let ours = try time {
            let extraction = try EstateExtraction(
                try LedgerQuery(store, duckdb), vocabularies: [AWS.billVocabulary], from: nil, to: nil)
            lines = try extraction.usage().rows
        }
        let limit = 3 * Double(rows) / 5_000_000
        print(
            "  \(lines) hours of \((rows + 17_519) / 17_520) usage lines  \(Self.text(ours)) s of CPU, the bare query \(Self.text(bare)) s: \(Self.text(ours - bare)) s beyond it; asked for \(Self.text(limit)): \(ours - bare <= limit ? "met" : "missed")"
        )
    }

    private func parquet(_ store: LedgerStore) throws -> String {
        let files = try FileManager.default.subpathsOfDirectory(atPath: store.folder).filter {
            $0.hasSuffix(".parquet")
        }
        return files.map { "'\(store.folder)/\($0)'" }.joined(separator: ", ")
    }

    private func questions(_ store: LedgerStore, _ duckdb: DuckDBProgram) throws {
        var query = CostQuery()
        query.groupBy = ["ServiceName", "SubAccountId", "RegionId"]
        let list = try parquet(store)
        let bare = try fastest {
            try shell(
                duckdb,
                "SET threads=2; SELECT ServiceName, SubAccountId, RegionId, BillingCurrency, sum(EffectiveCost) "
                    + "FROM read_parquet([\(list)]) GROUP BY ALL ORDER BY ALL;")
        }
        let ours = try fastest {
            _ = try query.rows(try LedgerQuery(store, duckdb))
        }
        let limit = bare * 1.3 + 0.06
        print(
            "  costs by three columns           \(Self.text(ours)) s, the bare query \(Self.text(bare)) s; asked for \(Self.text(limit)): \(ours <= limit ? "met" : "missed")"
        )
    }

    // MARK: Measuring

    private static func text(_ value: Double) -> String { String(format: "%.2f", value) }

    /// CPU seconds of child processes and this one: wall clocks lie on shared machines.
    private func time(_ body: () throws -> Void) rethrows -> Double { try Measuring.time(body).processor }

    /// Wall seconds, the best of five.
    private func fastest(_ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            let start = ContinuousClock.now
            try body()
            let time = (ContinuousClock.now - start).components
            best = min(best, Double(time.seconds) + Double(time.attoseconds) * 1e-18)
        }
        return best
    }

    private func shell(_ duckdb: DuckDBProgram, _ sql: String) throws { try Measuring.run(duckdb, sql) }

    // MARK: Rows

    private func write(_ file: URL, header: [String], _ line: (Int, (Int) -> Int) -> String) throws {
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        var state: UInt64 = 5
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var text = header.joined(separator: ",") + "\n"
        for row in 0..<rows {
            text += line(row, next)
            if text.utf8.count > 1 << 22 {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try handle.write(contentsOf: Data(text.utf8))
    }

    /// Usage lines of a year of hours, two resources in each.
    private func line(_ row: Int, quantity: Int, price: Money, _ next: (Int) -> Int) -> String {
        let line = row / 8_760 / 2
        let hour = Hour(index: 490_896 + row % 8_760)
        let cost = Money(raw: price.raw * Int128(quantity)).description
        let cells = [
            cost, "123456789012", "Example", "Billing account", "USD", "2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z",
            "Usage", "\(price) per instance hour", "Usage-Based", hour.advanced(by: 1).description, hour.description,
            String(quantity), "Hours", cost, price.description, cost, "INV-1", "Example Cloud", cost, price.description,
            "Standard", "USD", String(quantity), "Hrs", "Example Cloud", "Example Cloud", "region-\(line % 6)",
            "Region",
            "resource-\(next(20_000))", "Instance", "Compute", "Service \(line % 12)", "Virtual Machines",
            "sku-\(line % 400)", "Usage", "{}", "price-\(line)", "account-\(line % 30)", "Account", "Account",
            "\"{\"\"team\"\":\"\"t\(next(40))\"\"}\"",
        ]
        return cells.joined(separator: ",") + "\n"
    }
}
