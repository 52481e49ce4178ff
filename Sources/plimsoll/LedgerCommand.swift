import ArgumentParser
import Ledger
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll ledger`: what is in the ledger.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Look after the ledger: list, drop, compact.",
        discussion: """
            Examples:
              plimsoll ledger list
              plimsoll ledger drop --period 2026-01 --account 123456789012
            """,
        subcommands: [List.self, Drop.self, Compact.self])

    /// `plimsoll ledger list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the partitions: provider, account, export, period.")

        @OptionGroup(title: "Ledger") var ledger: LedgerOptions
        @Option(help: "table, csv or json.") var format = OutputFormat.table
        @OptionGroup(title: "Messages") var talk: TalkOptions

        private static let names = [
            "provider", "billing_account", "export", "period", "rows", "currency", "billed", "effective", "list",
            "contracted",
        ]

        func run() throws {
            let rows = try ledger.store.manifests().flatMap(Self.rows)
            let columns: [TextTable.Column] = [
                .init("Provider"), .init("Billing account"), .init("Export", rank: 3), .init("Period"),
                .init("Rows", isNumber: true), .init("Currency"), .init("Billed", isNumber: true),
                .init("Effective", isNumber: true), .init("List", isNumber: true, rank: 1),
                .init("Contracted", isNumber: true, rank: 2),
            ]
            try Listing.write(rows, names: Self.names, key: "partitions", columns: columns, as: format)
        }

        private static func rows(_ manifest: LedgerManifest) -> [[String]] {
            manifest.sums.map {
                [
                    manifest.provider, manifest.billingAccount, manifest.export, manifest.period, String(manifest.rows),
                    $0.currency, $0.billed, $0.effective, $0.list, $0.contracted,
                ]
            }
        }
    }

    /// `plimsoll ledger compact`.
    struct Compact: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "compact", abstract: "Remove what imports that were cut off left behind.",
            discussion: "Every partition is one file already.")

        @OptionGroup(title: "Ledger") var ledger: LedgerOptions
        @OptionGroup(title: "Messages") var talk: TalkOptions

        func run() throws {
            let gone = try ledger.store.compact()
            try StandardOutput.write(gone == 0 ? "nothing to remove\n" : "removed \(gone)\n")
        }
    }

    /// `plimsoll ledger drop`.
    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Take partitions out of the ledger.",
            discussion: """
                All that are given must fit. The files they were imported from are not touched: import them again to \
                undo it.

                Example:
                  plimsoll ledger drop --provider AWS --period 2026-01
                """)

        @OptionGroup(title: "Ledger") var ledger: LedgerOptions
        @Option(help: "Only of this provider.") var provider: String?
        @Option(help: "Only of this billing account.") var account: String?
        @Option(help: "Only this export.") var export: String?
        @Option(help: "Only this period, such as 2026-01.") var period: String?
        @OptionGroup(title: "Messages") var talk: TalkOptions

        func validate() throws {
            if [provider, account, export, period].allSatisfy({ $0 == nil }) {
                throw ValidationError("Say which: --provider, --account, --export or --period.")
            }
        }

        func run() throws {
            let found = try ledger.store.manifests().filter {
                (provider ?? $0.provider) == $0.provider && (account ?? $0.billingAccount) == $0.billingAccount
                    && (export ?? $0.export) == $0.export && (period ?? $0.period) == $0.period
            }
            guard !found.isEmpty else {
                throw Failure(
                    .noInput, "ledger.no-partition", "the ledger `\(ledger.store.folder)` has no such partition",
                    hint: "see `plimsoll ledger list`")
            }
            try ledger.store.drop(found)
            for part in found {
                Talk.say(
                    "dropped \(part.provider) \(part.billingAccount) \(part.export) \(part.period): \(part.rows) rows")
            }
        }
    }
}
