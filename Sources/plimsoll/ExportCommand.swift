import ArgumentParser
import Ledger
import PlimsollCore
import ScenarioRunner

/// `plimsoll export`: bills for other tools.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the bills of a ledger for other tools.", subcommands: [Focus.self])

    /// `plimsoll export focus`.
    struct Focus: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "focus", abstract: "Write the ledger as a FOCUS dataset.",
            discussion: """
                All 57 columns of FOCUS 1.2. What an older export left out is filled where it follows from other columns \
                (a unit price from cost and quantity, the pricing currency from the billing currency); what the bill does \
                not say stays empty. `plimsoll validate FILE` says which rules that leaves unmet.

                Examples:
                  plimsoll export focus --out focus.csv
                  plimsoll export focus --period 2026-01 --format parquet --out focus.parquet
                """)

        @Option(help: ArgumentHelp("The version of FOCUS: 1.2.", valueName: "version")) var version = "1.2"
        @Option(help: "csv or parquet.") var format = FocusExport.Format.csv
        @Option(help: ArgumentHelp("2026-01, 2026-01..2026-06 or days.", valueName: "period")) var period:
            PeriodArgument?
        @Option(help: ArgumentHelp("File to write; CSV goes to standard output without it.", valueName: "file"))
        var out: String?
        @OptionGroup(title: "Ledger") var ledger: LedgerOptions
        @OptionGroup(title: "Messages") var talk: TalkOptions

        func validate() throws {
            guard version == "1.2" else { throw ValidationError("'--version' is 1.2: no other is written.") }
            if format == .parquet, out == nil { throw ValidationError("'--format parquet' needs '--out <file>'.") }
        }

        func run() throws {
            Talk.note("writing the ledger \(ledger.store.folder) as FOCUS \(version)")
            let export = FocusExport(try ledger.query(), from: period?.from, to: period?.to)
            guard let out else { return try StandardOutput.write(try export.csv()) }
            try Talk.during("writing \(out)") { try export.write(to: out, format: format) }
        }
    }
}
