import ArgumentParser
import Foundation
import Ledger
import PlimsollCore
import Rating
import Reporting
import ScenarioRunner

/// `plimsoll rate`: bills usage by the vendors' rules.
struct RateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rate",
        abstract: "Bill usage by the vendors' rules.",
        discussion: """
            Bills every hour from the first to the last one of the usage file, or from --from to --to. \
            Usage without a price is billed nowhere: it is listed, and the exit code is 3.

            Examples:
              plimsoll rate --usage usage.csv
              plimsoll rate --usage usage.csv --prices prices.csv --commitments held.csv --format json
              plimsoll rate --usage usage.csv --from 2026-01-01 --to 2026-02-01 --by resource,commitment
              plimsoll rate --case Cases/aws/a1-compute-plan-covers-all.yaml
              plimsoll rate --usage usage.csv --commitments held.csv --focus bill.parquet
              zcat usage.csv.gz | plimsoll rate --usage - --by hour --format csv > bill.csv

            `plimsoll schema usage` (prices, catalog, commitments, accounts, fx) describes the files.
            """)

    @OptionGroup(title: "Files") var files: RatingFiles

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("Bill a case file instead and compare with what it expects.", valueName: "file"))
    var caseFile: String?

    @Option(help: ArgumentHelp("First hour billed, such as 2026-01-01T00:00:00Z or a date.", valueName: "time"))
    var from: HourArgument?

    @Option(help: ArgumentHelp("First hour no longer billed.", valueName: "time"))
    var to: HourArgument?

    @Option(help: ArgumentHelp("Split rows by hour, resource, commitment (a list with commas).", valueName: "list"))
    var by: DetailArgument?

    private var detail: Set<RatingInput.Detail> { by?.detail ?? [] }

    @Option(
        help: ArgumentHelp(
            "Also write the bill as FOCUS 1.2, by hour, resource and commitment: a .csv or .parquet file.",
            valueName: "file"))
    var focus: String?

    @Option(help: ArgumentHelp("table, csv or json."))
    var format = OutputFormat.table

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        if caseFile != nil {
            guard !files.isGiven, from == nil, to == nil, detail.isEmpty, focus == nil, format != .csv else {
                throw ValidationError("'--case' goes with no other option than '--format table' or 'json'.")
            }
            return
        }
        guard files.usage != nil else {
            throw ValidationError("Missing expected argument '--usage <file>' or '--case <file>'.")
        }
        if let focus, FocusFileWriter.format(of: focus) == nil {
            throw ValidationError("'--focus' is a .csv or .parquet file by its name.")
        }
        if let from, let to, to.hour <= from.hour { throw ValidationError("'--to' must be after '--from'.") }
    }

    func run() throws {
        if let caseFile { return try CaseRun.run(caseFile, format: format) }
        var loaded = try files.load()
        loaded.value.detail = detail
        loaded.value.window = try window(of: loaded.value.usage)
        let input = loaded.value
        var bill = try Talk.during("billing \(input.usage.count) usage lines") { () throws(Failure) in
            try Rater.rate(input)
        }
        bill.warnings = loaded.warnings + bill.warnings
        if let focus { try BillOutput.write(loaded.value, bill, to: focus) }
        try BillOutput.show(bill, detail: detail, format: format)
    }

    /// The hours asked for; nil where the usage decides.
    private func window(of usage: [UsageLine]) throws -> HourGrid? {
        guard from != nil || to != nil else { return nil }
        let first = from?.hour ?? usage.map(\.series.start).min()
        let last = to?.hour ?? usage.map(\.series.grid.end).max()
        guard let first, let last else { return nil }
        guard first < last else {
            throw ValidationError("No hour lies between '\(first)' and '\(last)', which is not included.")
        }
        return HourGrid(start: first, end: last)
    }
}

/// Prints a bill, then says what is wrong with it.
enum BillOutput {
    /// Writes the bill of `input` as FOCUS; `bill` is that bill, with whatever rows.
    static func write(_ input: RatingInput, _ bill: Bill, to path: String) throws {
        var input = input
        var whole = bill
        if input.detail != FocusBill.detail {
            input.detail = FocusBill.detail
            whole = try Rater.rate(input)
        }
        let focus = try FocusBill(
            whole, commitments: input.commitments, providerNames: Registry.providerNames)
        let csv = try focus.csv()
        guard FocusFileWriter.format(of: path) == .parquet else { return try Talk.write(csv, to: path) }
        let program = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
        Talk.note("write \(path)")
        try FocusFileWriter.writeParquet(csv, to: path, program)
    }

    static func show(_ bill: Bill, detail: Set<RatingInput.Detail>, format: OutputFormat) throws(Failure) {
        let report = BillReport(bill, detail: detail)
        switch format {
        case .table: try StandardOutput.write(report.table(width: Talk.width))
        case .csv: try StandardOutput.write(report.csv)
        case .json: try StandardOutput.write(report.json.text)
        }
        Talk.tell(bill.warnings)
        guard let first = bill.unpriced.first else { return }
        throw Failure(
            .partial, "rate.unpriced",
            "\(bill.unpriced.count) usage \(bill.unpriced.count == 1 ? "key has" : "keys have") no price and "
                + "\(bill.unpriced.count == 1 ? "is" : "are") billed nowhere, first `\(first.key.sku)`: \(first.reason)",
            hint: "add rows to the price book; `unpriced` in `--format json` lists all of it")
    }
}
