internal import ArgumentParser
internal import PlimsollCore
internal import Reporting
internal import ScenarioRunner

struct Prices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The built-in price book.", subcommands: [PricesShow.self], defaultSubcommand: PricesShow.self)
}

struct PricesShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print prices that runs without --prices use.",
        discussion: """
            Each row says where its price is from; one whose source begins with `synthetic` was made up or derived.

            EXAMPLES
              plimsoll prices show --region us-east-1 --sku m5.large
              plimsoll prices show --offer compute-sp --format csv > prices.csv
            """)

    @Option(help: "Only this region.")
    var region: String?
    @Option(help: "Only this SKU.")
    var sku: String?
    @Option(help: "Only this offer.")
    var offer: String?
    @Option(help: "How to print: table, csv (an interchange file), json.")
    var format = OutputFormat.table
    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let rows = Registry.providers.prices.filter { row in
            (region ?? row.region) == row.region && (sku ?? row.sku) == row.sku
                && (offer ?? row.offer.rawValue) == row.offer.rawValue
        }
        switch format {
        case .csv: try StandardOutput.write(Interchange.write(prices: rows))
        case .json: try StandardOutput.write(JSONValue.array(rows.map(json)).text)
        case .table: try StandardOutput.write(table(rows))
        }
        if rows.isEmpty {
            throw Failure(
                .partial, "prices.none", "the built-in book has no such price", hint: "leave out --region, --sku or --offer")
        }
    }

    private func json(_ row: PriceRow) -> JSONValue {
        let cells: [(String, String)] = [
            ("provider", row.provider), ("region", row.region), ("service", row.service), ("sku", row.sku),
            ("os", row.os), ("tenancy", row.tenancy), ("offer", row.offer.rawValue), ("term", row.term),
            ("payment", row.payment), ("upfront", row.upfront.description), ("price", row.price.description),
            ("currency", row.currency), ("unit", row.unit), ("source", row.source),
        ]
        return .object(Dictionary(uniqueKeysWithValues: cells.map { ($0.0, JSONValue.string($0.1)) }))
    }

    private func table(_ rows: [PriceRow]) -> String {
        var table = TextTable([
            .left("region"), .left("sku"), .left("os"), .left("offer"), .left("term"), .left("payment"),
            .right("upfront"), .right("price"), .left("unit"), .left("source"),
        ])
        for row in rows {
            table.add([
                row.region, row.sku, row.os, row.offer.rawValue, row.term, row.payment,
                row.upfront == .zero ? "" : row.upfront.description, row.price.description,
                "\(row.currency)/\(row.unit)", row.source,
            ])
        }
        return table.text(width: max(terminal.width, 120), style: terminal.style)
    }
}
