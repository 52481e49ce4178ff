import Foundation
import Ledger
import PlimsollCore
import PlimsollTesting
import Testing

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

/// Holds the export against the validator, as CSV and as Parquet; says so where it is not there.
func conform(_ ledger: RealLedger, except allowed: Set<String> = []) throws {
    guard FocusValidator.isAvailable else { return print(FocusValidator.absence) }
    for format in FocusExport.Format.allCases {
        let verdict = try FocusValidator.check(try ledger.export(format))
        print("FOCUS validator, \(format.rawValue): \(verdict.summary)")
        #expect(verdict.total > 500)
        #expect(verdict.rules.subtracting(FocusValidator.impossible(format.rawValue)).subtracting(allowed) == [])
    }
}
