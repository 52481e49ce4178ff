public import ArgumentParser
import Foundation
public import Ledger
import PlimsollCore

/// Which ledger.
struct LedgerOptions: ParsableArguments {
    @Option(
        name: .customLong("ledger"),
        help: ArgumentHelp("Folder of the ledger (default: $PLIMSOLL_LEDGER, else ./ledger).", valueName: "dir"))
    var folder: String?

    var store: LedgerStore {
        let named = ProcessInfo.processInfo.environment["PLIMSOLL_LEDGER"].flatMap { $0.isEmpty ? nil : $0 }
        return LedgerStore(folder ?? named ?? "ledger")
    }

    func program() throws(Failure) -> DuckDBProgram {
        try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
    }

    func query() throws(Failure) -> LedgerQuery { try LedgerQuery(store, try program()) }
}

extension CostLens: ExpressibleByArgument {}
extension CostQuery.Granularity: ExpressibleByArgument {}
extension LedgerQuery.Format: ExpressibleByArgument {}
extension FocusExport.Format: ExpressibleByArgument {}

/// `2026-01`, `2026-01..2026-06` (both included), `2026-01-15..2026-02-01` (the end day included).
struct PeriodArgument: ExpressibleByArgument {
    var from: Hour
    var to: Hour
    var text: String

    init?(argument: String) {
        let ends = argument.components(separatedBy: "..")
        guard ends.count <= 2, let first = Self.span(ends[0]), let last = Self.span(ends[ends.count - 1]) else {
            return nil
        }
        guard first.from < last.to else { return nil }
        (from, to, text) = (first.from, last.to, argument)
    }

    /// A month or a day.
    private static func span(_ text: String) -> (from: Hour, to: Hour)? {
        if let day = Day(text) { return (day.firstHour, day.firstHour.advanced(by: 24)) }
        guard text.count == 7, let day = Day(text + "-01") else { return nil }
        return (day.firstHour, day.firstHour.nextMonth)
    }
}
