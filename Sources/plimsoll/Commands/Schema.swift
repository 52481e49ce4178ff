internal import ArgumentParser
internal import PlimsollCore
internal import Reporting
internal import ScenarioRunner

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what an input or output file looks like.",
        discussion: """
            NAMES: \(SchemaBook.names.joined(separator: ", "))

            EXAMPLES
              plimsoll schema usage
              plimsoll schema prices --format csv > prices.csv    (the header, to fill in)
              plimsoll schema scenario > scenario.schema.json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json, markdown }

    @Argument(help: ArgumentHelp("Which file; without it, the names.", valueName: "name"))
    var name: String?
    @Option(help: "How to print: table, csv (the header), json, markdown.")
    var format: Format?
    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        guard let name else {
            for name in SchemaBook.names { try StandardOutput.write("\(name)  \(SchemaBook.summary(name))\n") }
            return
        }
        if let schema = InterchangeSchema.named(name) { return try show(schema) }
        guard let document = SchemaBook.document(name) else {
            let near = Suggestion.nearest(to: name, in: SchemaBook.names).map { "did you mean `\($0)`? " } ?? ""
            throw Failure(
                .usage, "schema.unknown", "there is no schema `\(name)`",
                hint: near + "names: " + SchemaBook.names.joined(separator: ", "))
        }
        try StandardOutput.write(document.text)
    }

    private func show(_ schema: InterchangeSchema) throws {
        switch format ?? .table {
        case .json: try StandardOutput.write(schema.json.text)
        case .markdown: try StandardOutput.write(schema.markdown)
        case .csv: try StandardOutput.write(schema.header + "\n")
        case .table:
            var table = TextTable([.left("column"), .left("kind"), .left("required"), .left("meaning")])
            for column in schema.columns {
                let words = column.words.isEmpty ? "" : ": " + column.words.joined(separator: " | ")
                let unit = column.unit.isEmpty ? "" : " (\(column.unit.replacing("`", with: "")))"
                let star = column.wildcard ? "; * = any" : ""
                table.add([
                    column.name, column.kind.rawValue, column.required ? "yes" : "",
                    column.meaning.replacing("`", with: "") + unit + words + star,
                ])
            }
            let head = schema.layout == .csv ? schema.header : "one JSON object a line"
            try StandardOutput.write(
                "\(schema.summary)\n\n\(head)\n\n" + table.text(width: max(terminal.width, 100), style: terminal.style))
        }
    }
}
