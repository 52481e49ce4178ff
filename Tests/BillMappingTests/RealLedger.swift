import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

@testable import Ledger

/// Bills of a test brought into a ledger as the program does it.
final class RealLedger {
    private let scratch: Engine.Scratch
    private let duckdb: DuckDBProgram
    private let store: LedgerStore

    init(_ inputs: [(BillMapping, Source)]) throws {
        scratch = try Engine.Scratch()
        duckdb = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
        store = LedgerStore(scratch.folder.appending(path: "ledger").path)
        for (mapping, source) in inputs {
            let summary = try Importer(store, duckdb, mappings: [mapping]).run([source.file.path], format: mapping.id)
            #expect(summary.rejected == 0)
        }
    }

    func rows(_ select: String) throws -> [[String: String]] {
        let text = try LedgerQuery(store, duckdb).run(select, format: .json)
        return try JSONDecoder().decode([[String: String?]].self, from: Data(text)).map { $0.compactMapValues(\.self) }
    }

    /// The four costs, where there is one currency.
    func totals() throws -> Truth? {
        try rows(Truth.query(from: "(SELECT *, NULL AS reject_reason FROM focus)")).first.flatMap(Truth.init)
    }

    /// What was billed by invoice and currency: in the ledger, and in an export of it.
    func invoices(_ file: URL? = nil) throws -> [[String: String]] {
        let source = file.map { "'\($0.path)'" } ?? "focus"
        let select = """
            SELECT coalesce(CAST(InvoiceId AS VARCHAR), '') AS invoice, BillingCurrency AS currency,
              CAST(sum(CAST(BilledCost AS DECIMAL(38,12))) AS VARCHAR) AS billed,
              CAST(sum(CAST(EffectiveCost AS DECIMAL(38,12))) AS VARCHAR) AS effective
            FROM \(source) GROUP BY ALL ORDER BY ALL;
            """
        guard file != nil else { return try rows(select) }
        return try duckdb.rows(select).map { row in
            var cells: [String: String] = [:]
            for name in ["invoice", "currency", "billed", "effective"] { cells[name] = row[name]?.string }
            return cells
        }
    }

    /// The ledger as a FOCUS file.
    func export(_ format: FocusExport.Format) throws -> URL {
        let file = scratch.folder.appending(path: "focus.\(format.rawValue)")
        try FocusExport(try LedgerQuery(store, duckdb)).write(to: file.path, format: format)
        return file
    }
}

extension Source {
    var file: URL {
        switch self {
        case .csv(let url), .jsonLines(let url, _), .parquet(let url, _, _): url
        }
    }
}

/// Holds the export, as CSV and as Parquet, against our own rules with their sums, and against the FinOps
/// Foundation's validator; says so where that is not there.
func conform(_ ledger: RealLedger) throws {
    let duckdb = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
    for format in FocusExport.Format.allCases {
        let file = try ledger.export(format)
        let own = try FocusConformance.check(file.path, duckdb)
        #expect(try ledger.invoices(file) == ledger.invoices())
        #expect(own.conforms && own.rows > 0, "\(own.findings)")
        #expect(own.checked.contains("EffectiveCost-C-012-C") && own.checked.contains("EffectiveCost-C-013-C"))
        guard FocusValidator.isAvailable else {
            print(FocusValidator.absence)
            continue
        }
        let verdict = try FocusValidator.check(file)
        print("FOCUS validator, \(format.rawValue): \(verdict.summary)")
        #expect(verdict.total > 500)
        #expect(verdict.failing.subtracting(FocusValidator.allowed(format.rawValue)) == [])
    }
}
