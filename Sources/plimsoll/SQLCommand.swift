import ArgumentParser
import Ledger
import PlimsollCore
import ScenarioRunner

/// `plimsoll sql`: a question of one's own to the ledger.
struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Ask the ledger in SQL.",
        discussion: """
            One SELECT over the view `focus`: FOCUS 1.2's columns and what exports add under x_ names. It runs in a \
            process of its own that can read the ledger and nothing else.

            Example:
              plimsoll sql "SELECT RegionId, sum(BilledCost) AS cost FROM focus GROUP BY 1 ORDER BY 2 DESC"
            """)

    @Argument(help: ArgumentHelp("One SELECT.", valueName: "select"))
    var select: String

    @Option(help: "table, json, csv or markdown.") var format = LedgerQuery.Format.table
    @OptionGroup(title: "Ledger") var ledger: LedgerOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        try StandardOutput.write(try ledger.query().run(select, format: format))
    }
}
