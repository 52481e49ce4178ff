import ArgumentParser
import Ledger
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll prices import`: a vendor's price list as a price book.
struct PricesImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a price book of vendors' price lists.",
        discussion: """
            Takes AWS price list files of services and of Savings Plans (CSV, JSON), Azure retail prices (JSON), Google \
            Cloud's billing catalogue (JSON) and price files of one's own (CSV, Parquet), all of them also as .gz. The \
            format is found from the content. Without --out the book is kept in the ledger, under the file's name.

            Examples:
              plimsoll prices import AmazonEC2.csv
              plimsoll prices import AmazonEC2.csv plans.json --region eu-west-1 --out prices.csv --catalog-out catalog.csv
              plimsoll rate --usage usage.csv --prices prices.csv --catalog catalog.csv
            """)

    @Argument(help: ArgumentHelp("Price lists; those of one command become one book.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("The format, where the content does not tell.", valueName: "name")) var format: String?
    @Option(help: ArgumentHelp("Write the book here, .csv or .parquet, instead of keeping it.", valueName: "file"))
    var out: String?
    @Option(help: ArgumentHelp("Write facts of the SKUs (family, vCPU, memory, size) here.", valueName: "file"))
    var catalogOut: String?
    @Option(help: ArgumentHelp("Name of the book in the ledger (default: that of the first file).", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("Only this region; may be repeated, or a list with commas.", valueName: "region"))
    var region: [String] = []
    @Option(help: ArgumentHelp("Only this service, likewise.", valueName: "service")) var service: [String] = []
    @Option(help: ArgumentHelp("Only this SKU, likewise.", valueName: "sku")) var sku: [String] = []
    @Option(help: ArgumentHelp("Only this offer, likewise.", valueName: "offer")) var offer: [String] = []

    @Flag(help: "Exit 65 where a row could not be read.") var strict = false
    @OptionGroup(title: "Ledger") var ledger: LedgerOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        let words = Offer.all.map(\.rawValue)
        for offer in Self.words(offer) where !words.contains(offer) {
            throw ValidationError(
                "'\(offer)' is not an offer. \(Meant.hint(offer, in: words))Offers: \(words.joined(separator: ", ")).")
        }
        if let out {
            let isKnown = [".csv", ".parquet"].contains { out.lowercased().hasSuffix($0) }
            if !isKnown { throw ValidationError("'--out' ends in .csv or .parquet.") }
            if name != nil { throw ValidationError("'--name' is for books in the ledger: leave out '--out'.") }
        } else if catalogOut != nil {
            throw ValidationError("'--catalog-out' goes with '--out'.")
        }
        if let name, name.isEmpty || name == "store" || name.contains("/") || name.hasPrefix(".") {
            throw ValidationError("'\(name)' cannot be a book's name.")
        }
    }

    private static func words(_ texts: [String]) -> [String] {
        texts.flatMap { $0.split(separator: ",").map(String.init) }
    }

    func run() throws {
        let importer = PriceImporter(try ledger.program(), mappings: Registry.priceMappings)
        let filter = PriceFilter(
            regions: Self.words(region), services: Self.words(service), skus: Self.words(sku), offers: Self.words(offer)
        )
        if let out {
            let (draft, rejects) = try importer.write(
                files, format: format, filter: filter, to: out, catalog: catalogOut, progress: Talk.progress)
            Talk.progress("")
            try finish(draft.summary, ["book: \(out)"], rejects)
        } else {
            let name = name ?? PriceStore.name(of: files.first ?? "prices")
            let stored = try PriceStore(ledger.store).add(
                name, files, format: format, filter: filter, importer, progress: Talk.progress)
            Talk.progress("")
            let state = stored.isUnchanged ? ["unchanged: the ledger has this book already"] : []
            try finish(stored.manifest.summary, ["book: \(name)"] + state, stored.rejects)
        }
    }

    private func finish(_ summary: PriceSummary, _ head: [String], _ rejects: String?) throws {
        var lines = ["format: \(Self.once(summary.formats).joined(separator: ", "))"] + head
        if summary.catalog > 0 { lines.append("SKUs with facts: \(summary.catalog)") }
        if summary.rounded > 0 {
            lines.append("\(summary.rounded) numbers finer than 12 decimal places were rounded (half-even)")
        }
        if summary.padded > 0 {
            lines.append(
                "\(summary.padded) rows have fewer cells than the header: the missing ones were taken as empty")
        }
        for left in summary.leftOut { lines.append("left out \(left.rows): \(left.reason)") }
        lines.append(Self.balance(summary))
        try StandardOutput.write(lines.joined(separator: "\n") + "\n")
        Talk.tell(warnings(summary))
        guard summary.rejected > 0 else { return }
        let diagnostic = Diagnostic(
            strict ? .error : .warning, "prices.rejected", "rows that could not be read: \(summary.rejected)",
            at: rejects.map { .init(file: $0) }, hint: "the file lists them, with place and reason")
        guard !strict else { throw Failure(.badInput, [diagnostic]) }
        Talk.tell([diagnostic])
    }

    private static func once(_ words: [String]) -> [String] {
        words.enumerated().filter { words.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    }

    /// Where every row went.
    private static func balance(_ summary: PriceSummary) -> String {
        let out = summary.leftOut.reduce(0) { $0 + $1.rows }
        let into =
            "rows in \(summary.rowsIn)" + (summary.inside > 0 ? " + further prices in them \(summary.inside)" : "")
        let parts: [(Int, String)] = [
            (summary.fees, "upfront fees joined to rates"), (summary.duplicates, "said twice"),
            (summary.outside, "outside of the filter"), (out, "left out"), (summary.rejected, "rejected"),
        ]
        let rest = parts.filter { $0.0 > 0 }.map { " + \($0.1) \($0.0)" }.joined()
        return "\(into) = prices \(summary.prices)\(rest)"
    }

    private func warnings(_ summary: PriceSummary) -> [Diagnostic] {
        var found: [Diagnostic] = []
        if summary.ambiguous > 0 {
            found.append(
                Diagnostic(
                    .warning, "prices.ambiguous",
                    "\(summary.ambiguous) prices contradict each other, first of `\(summary.ambiguousExample)`",
                    hint:
                        "of such the cheapest counts; `plimsoll prices show --sku \(summary.ambiguousExample) --from BOOK` shows them"
                ))
        }
        if summary.prices == 0 {
            found.append(
                Diagnostic(
                    .warning, "prices.none", "no price of the list was taken",
                    hint: "leave out --region, --service, --sku or --offer to see what it has"))
        }
        return found
    }
}

/// `plimsoll prices list`: the price books of a ledger.
struct PricesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the price books of the ledger.",
        discussion: """
            Example:
              plimsoll prices list
            """)

    @Option(help: "table, csv or json.") var format = OutputFormat.table
    @OptionGroup(title: "Ledger") var ledger: LedgerOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    private static let names = ["book", "prices", "formats", "files", "sha256"]

    func run() throws {
        let rows = try PriceStore(ledger.store).manifests().map { book in
            [
                book.name, String(book.summary.prices), book.summary.formats.joined(separator: " "),
                book.inputs.map(\.name).joined(separator: " "), book.sha256,
            ]
        }
        let columns: [TextTable.Column] = [
            .init("Book"), .init("Prices", isNumber: true), .init("Formats"), .init("Files"),
            .init("SHA-256", rank: 1),
        ]
        try Listing.write(rows, names: Self.names, key: "books", columns: columns, as: format)
    }
}
