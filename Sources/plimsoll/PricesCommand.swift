import ArgumentParser
import Foundation
import Ledger
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll prices`: price lists, and what is built in.
struct PricesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices",
        abstract: "Import vendors' price lists, look into price books and compare them.",
        discussion: """
            Examples:
              plimsoll prices import AmazonEC2.csv --out prices.csv
              plimsoll prices show --region us-east-1 --sku m4.large
              plimsoll prices diff old.csv new.csv
            """,
        subcommands: [PricesImportCommand.self, PricesListCommand.self, Show.self, PricesDiffCommand.self])

    /// `plimsoll prices show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show prices, and where they are from.",
            discussion: """
                CSV output is a price file: edit it and give it back with --prices.

                Examples:
                  plimsoll prices show --sku m4.large
                  plimsoll prices show --region eu-west-1 --offer ri-standard
                  plimsoll prices show --from prices.parquet --sku m5.large
                  plimsoll prices show --from store --offer on-demand --format csv > prices.csv
                """)

        @Option(
            help: ArgumentHelp(
                "A price file (CSV or Parquet), a book of the ledger, or store for all of them; without it, the built-in book.",
                valueName: "book"))
        var from: String?
        @Option(help: "Only this region.") var region: String?
        @Option(help: "Only this SKU.") var sku: String?
        @Option(help: "Only this offer, such as on-demand or compute-sp.") var offer: String?
        @Option(help: "table, csv or json.") var format = OutputFormat.table

        @OptionGroup(title: "Ledger") var ledger: LedgerOptions
        @OptionGroup(title: "Messages") var talk: TalkOptions

        func validate() throws {
            let words = Offer.all.map(\.rawValue)
            guard let offer, !words.contains(offer) else { return }
            throw ValidationError(
                "'\(offer)' is not an offer. \(Meant.hint(offer, in: words))Offers: \(words.joined(separator: ", ")).")
        }

        func run() throws {
            if let from { return try show(try PriceBooks(ledger).named(from)) }
            let rows = Registry.prices.filter { row in
                (region ?? row.region) == row.region && (sku ?? row.sku) == row.sku
                    && (offer ?? row.offer.rawValue) == row.offer.rawValue
            }
            switch format {
            case .table: try StandardOutput.write(Self.table(rows))
            case .csv: try StandardOutput.write(Interchange.write(prices: rows))
            case .json: try StandardOutput.write(Self.json(rows).text)
            }
            if rows.isEmpty { Talk.tell([nothing]) }
        }

        /// Rows that a table shows: more of them nobody reads.
        private static let most = 1_000

        private func show(_ books: [PriceBookFile]) throws {
            let query = PriceQuery(try ledger.program(), books)
            let filter = PriceFilter(
                regions: [region].compactMap { $0 }, skus: [sku].compactMap { $0 }, offers: [offer].compactMap { $0 })
            switch format {
            case .csv:
                try query.stream(filter, .csv) { piece throws(Failure) in try StandardOutput.write(Array(piece)) }
            case .json:
                try StandardOutput.write("{\n\"prices\": ")
                try query.stream(filter, .json) { piece throws(Failure) in try StandardOutput.write(Array(piece)) }
                try StandardOutput.write("}\n")
            case .table:
                let rows = try query.rows(filter, limit: Self.most)
                try StandardOutput.write(Self.table(rows))
                guard rows.count == Self.most else { break }
                Talk.tell([
                    Diagnostic(
                        .note, "prices.more", "the first \(Self.most) of \(try query.count(filter)) prices are shown",
                        hint: "narrow them with --region, --sku or --offer, or take all with --format csv")
                ])
            }
            if try query.count(filter) == 0 {
                Talk.tell([
                    Diagnostic(
                        .warning, "prices.none", "`\(from ?? "")` has no such prices",
                        hint: "leave out --region, --sku or --offer to see what it has")
                ])
            }
        }

        private var nothing: Diagnostic {
            let regions = Set(Registry.prices.map(\.region))
            let skus = Set(Registry.prices.map(\.sku))
            let near = [(region, regions), (sku, skus)].compactMap { word, known in
                word.flatMap { known.contains($0) ? nil : Suggestion.nearest(to: $0, in: known) }
            }
            let meant = near.map { "did you mean `\($0)`? " }.joined()
            return Diagnostic(
                .warning, "prices.none", "the built-in book has no such prices",
                hint: meant + "regions: \(regions.sorted().joined(separator: ", "))")
        }

        private static func json(_ rows: [PriceRow]) -> JSONValue {
            let names = InterchangeSchema.prices.columns.map(\.name)
            return .object([
                "prices": .array(
                    rows.map { row in
                        let cells = Interchange.cells(row).map(JSONValue.string)
                        return .object(Dictionary(uniqueKeysWithValues: zip(names, cells)))
                    })
            ])
        }

        private static func table(_ rows: [PriceRow]) -> String {
            var table = TextTable([
                .init("Region"), .init("SKU"), .init("OS", rank: 2), .init("Offer"), .init("Term"),
                .init("Payment"), .init("Price", isNumber: true), .init("Upfront", isNumber: true, rank: 1),
                .init("Unit", rank: 3), .init("Currency", rank: 4), .init("Source", rank: 5),
            ])
            for row in rows {
                let upfront = row.upfront == .zero ? "" : row.upfront.description
                table.add([
                    row.region, row.sku, row.os, row.offer.rawValue, row.term, row.payment, row.price.description,
                    upfront, row.unit, row.currency, row.source,
                ])
            }
            return table.text(width: Talk.width)
        }
    }
}

/// Price books by the words of a command line.
struct PriceBooks {
    private let store: PriceStore
    private let folder: String

    init(_ ledger: LedgerOptions) {
        store = PriceStore(ledger.store)
        folder = ledger.store.folder
    }

    /// A file of that name, else a book of the ledger; `store` is all of them.
    func named(_ word: String) throws(Failure) -> [PriceBookFile] {
        if FileManager.default.fileExists(atPath: word) { return [PriceBookFile(path: word)] }
        let books = try store.manifests()
        if word == "store" {
            guard books.isEmpty else { return books.map(store.file) }
            throw Failure(
                .noInput, "prices.empty-store", "the ledger `\(folder)` has no price book",
                hint: "make one: `plimsoll prices import FILE`")
        }
        if let book = books.first(where: { $0.name == word }) { return [store.file(book)] }
        let near = Suggestion.nearest(to: word, in: books.map(\.name)).map { "did you mean `\($0)`? " } ?? ""
        throw Failure(
            .noInput, "prices.no-book", "there is neither a file nor a price book `\(word)`",
            at: .init(file: word), hint: near + "`plimsoll prices list` names the books of the ledger")
    }
}
