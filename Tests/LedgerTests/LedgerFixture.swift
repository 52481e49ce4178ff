import Foundation
import PlimsollCore
import Testing

@testable import Ledger

/// A folder of its own with a ledger in it, gone when the test ends.
final class LedgerFixture {
    let folder: URL
    let duckdb: DuckDBProgram
    var store: LedgerStore { LedgerStore(folder.appending(path: "ledger").path) }

    static let isAvailable = (try? DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)) != nil

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-ledger-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        duckdb = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ name: String, _ text: String) throws -> String {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    @discardableResult
    func run(_ paths: [String], format: String? = nil) throws -> ImportSummary {
        try Importer(store, duckdb, mappings: FocusMappings.all).run(paths, format: format)
    }

    func query() throws -> LedgerQuery { try LedgerQuery(store, duckdb) }

    func rejects(_ summary: ImportSummary) throws -> [String] {
        let file = try #require(summary.rejectsFile)
        return try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").dropFirst().map(String.init)
    }

    /// The failure that importing `paths` throws.
    func failure(_ paths: [String], format: String? = nil) -> Failure? {
        do {
            try run(paths, format: format)
            return nil
        } catch {
            return error as? Failure
        }
    }
}

/// A FOCUS file of a few columns.
enum Focus {
    static let header =
        "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,"
        + "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ProviderName,ServiceName,Tags"

    static func row(
        _ cost: String, account: String = "1", start: String = "2026-01-01T00:00:00Z",
        end: String = "2026-01-01T01:00:00Z",
        period: String = "2026-01-01T00:00:00Z", currency: String = "USD", service: String = "compute",
        tags: String = ""
    ) -> String {
        "\(cost),\(cost),\(cost),\(cost),\(account),\(currency),\(period),2026-02-01T00:00:00Z,\(start),\(end),Usage,Cloud,\(service),\(tags)"
    }

    static func file(_ rows: [String]) -> String { ([header] + rows).joined(separator: "\n") + "\n" }
}
