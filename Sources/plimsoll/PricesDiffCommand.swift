import ArgumentParser
import Ledger
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll prices diff`: what changed between two price books.
struct PricesDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two price books: prices that are new, gone, dearer or cheaper.",
        discussion: """
            A price is told apart by all columns but the amounts, the days it holds and its source. Where a book has \
            several, the one that became valid last counts. Per cent are of what the price costs over its term, upfront \
            part included.

            Examples:
              plimsoll prices diff old.csv new.csv
              plimsoll prices diff AmazonEC2-2026-10 AmazonEC2-2026-11 --region eu-west-1 --format csv
            """)

    @Argument(help: ArgumentHelp("The old book: a price file, or one of the ledger.", valueName: "old")) var old: String
    @Argument(help: ArgumentHelp("The new book.", valueName: "new")) var new: String
    @Option(help: "Only this region.") var region: String?
    @Option(help: "Only this SKU.") var sku: String?
    @Option(help: "Only this offer, such as on-demand or compute-sp.") var offer: String?
    @Option(help: ArgumentHelp("How many changes to show (default: 20 in a table, else all).", valueName: "n"))
    var top: Int?
    @Option(help: "table, csv or json.") var format = OutputFormat.table
    @Flag(help: "Exit 3 where anything differs.") var failOnChange = false
    @OptionGroup(title: "Ledger") var ledger: LedgerOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        if let top, top < 0 { throw ValidationError("'--top' is 0 or more.") }
    }

    func run() throws {
        let books = PriceBooks(ledger)
        let filter = PriceFilter(
            regions: [region].compactMap { $0 }, skus: [sku].compactMap { $0 }, offers: [offer].compactMap { $0 })
        let difference = try PriceDifference(
            try ledger.program(), old: try books.named(old), new: try books.named(new), filter: filter)
        let counts = try difference.counts()
        switch format {
        case .csv:
            try difference.stream(limit: top, .csv) { piece throws(Failure) in try StandardOutput.write(Array(piece)) }
        case .json: try json(difference, counts)
        case .table: try StandardOutput.write(try table(difference, counts))
        }
        guard failOnChange, !counts.isEmpty else { return }
        throw Failure(
            .partial, "prices.differ", "the price books differ", at: .init(file: new),
            hint: "leave out --fail-on-change to have that told only")
    }

    private func json(_ difference: PriceDifference, _ counts: PriceDifference.Counts) throws {
        let numbers = JSONValue.object([
            "new": .int(counts.new), "gone": .int(counts.gone), "dearer": .int(counts.dearer),
            "cheaper": .int(counts.cheaper), "shifted": .int(counts.shifted), "same": .int(counts.same),
        ])
        try StandardOutput.write("{\n\"changes\": ")
        try difference.stream(limit: top, .json) { piece throws(Failure) in try StandardOutput.write(Array(piece)) }
        try StandardOutput.write(",\n\"counts\": \(numbers.text)}\n")
    }

    private func table(_ difference: PriceDifference, _ counts: PriceDifference.Counts) throws -> String {
        let most = top ?? 20
        var bytes: [UInt8] = []
        try difference.stream(limit: most, .json) { bytes += $0 }
        var table = TextTable([
            .init("Change"), .init("%", isNumber: true), .init("Region"), .init("Service", rank: 4), .init("SKU"),
            .init("OS", rank: 3), .init("Offer"), .init("Term", rank: 2), .init("Payment", rank: 2),
            .init("Old", isNumber: true), .init("New", isNumber: true), .init("Old upfront", isNumber: true, rank: 1),
            .init("New upfront", isNumber: true, rank: 1),
        ])
        let shown = [
            "change", "percent", "region", "service", "sku", "os", "offer", "term", "payment", "old_price", "new_price",
            "old_upfront", "new_upfront",
        ]
        let changes = JSONValue(parsing: bytes)?.array ?? []
        for change in changes { table.add(shown.map { change[$0]?.string ?? "" }) }
        let count = changes.count
        let changed = counts.new + counts.gone + counts.dearer + counts.cheaper + counts.shifted
        let rest = count < changed ? "; \(count) of \(changed) changes shown, the largest first\n" : "\n"
        let shifted = counts.shifted > 0 ? ", otherwise paid \(counts.shifted)" : ""
        return (count > 0 ? table.text(width: Talk.width) + "\n" : "")
            + "new \(counts.new), gone \(counts.gone), dearer \(counts.dearer), cheaper \(counts.cheaper)\(shifted), same \(counts.same)\(rest)"
    }
}
