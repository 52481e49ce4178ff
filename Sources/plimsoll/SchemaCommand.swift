import ArgumentParser
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll schema NAME`: what an interchange file looks like.
struct SchemaCommand: ParsableCommand {
    /// How a schema is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case json, table, header, markdown }

    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Describe an interchange file, a scenario, a case or a report.",
        discussion: """
            Without a name, lists the names. `header` prints the first line of a CSV file, ready to be filled. \
            Scenarios, cases and reports are described as JSON Schema, which editors understand.

            Examples:
              plimsoll schema
              plimsoll schema usage
              plimsoll schema commitments --format table
              plimsoll schema prices --format header > prices.csv
              plimsoll schema scenario > scenario.schema.json
            """)

    private static let names = InterchangeSchema.all.map(\.name) + FileSchema.all.map(\.name)

    @Argument(help: "\(SchemaCommand.names.joined(separator: ", ")).")
    var name: String?

    @Option(help: "json, table, header or markdown.")
    var format = Format.json

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        guard let name, !Self.names.contains(name) else { return }
        throw ValidationError(
            "There is no schema '\(name)'. \(Meant.hint(name, in: Self.names))"
                + "Names: \(Self.names.joined(separator: ", ")).")
    }

    func run() throws {
        if let file = name.flatMap(FileSchema.named) { return try StandardOutput.write(file.json.text) }
        guard let schema = name.flatMap(InterchangeSchema.named) else {
            try StandardOutput.write(Self.names.map { $0 + "\n" }.joined())
            return
        }
        switch format {
        case .json: try StandardOutput.write(schema.json.text)
        case .table: try StandardOutput.write(Self.table(schema))
        case .header: try StandardOutput.write(schema.header + "\n")
        case .markdown: try StandardOutput.write(schema.markdown)
        }
    }

    private static func table(_ schema: InterchangeSchema) -> String {
        var table = TextTable([.init("Column"), .init("Kind"), .init("Required"), .init("Meaning"), .init("Words")])
        for column in schema.columns {
            let words = column.words + (column.wildcard ? ["*"] : [])
            let meaning = column.unit.isEmpty ? column.meaning : "\(column.meaning) (\(column.unit))"
            table.add([
                column.name, column.kind.rawValue, column.required ? "yes" : "", meaning,
                words.joined(separator: " "),
            ])
        }
        return schema.summary + "\n\n" + table.text(width: Talk.width)
    }
}
