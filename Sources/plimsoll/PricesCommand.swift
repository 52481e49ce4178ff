import ArgumentParser
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll prices`: the built-in price book.
struct PricesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices",
        abstract: "Look into the built-in price book.",
        discussion: """
            Example:
              plimsoll prices show --region us-east-1 --sku m4.large
            """,
        subcommands: [Show.self])

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
                  plimsoll prices show --offer on-demand --format csv > prices.csv
                """)

        @Option(help: "Only this region.") var region: String?
        @Option(help: "Only this SKU.") var sku: String?
        @Option(help: "Only this offer, such as on-demand or compute-sp.") var offer: String?
        @Option(help: "table, csv or json.") var format = OutputFormat.table

        @OptionGroup(title: "Messages") var talk: TalkOptions

        func validate() throws {
            let words = Offer.all.map(\.rawValue)
            guard let offer, !words.contains(offer) else { return }
            throw ValidationError(
                "'\(offer)' is not an offer. \(Meant.hint(offer, in: words))Offers: \(words.joined(separator: ", ")).")
        }

        func run() throws {
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
