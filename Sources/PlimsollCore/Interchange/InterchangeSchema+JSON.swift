extension InterchangeSchema {
    private static let resourceTypes = [
        "instance", "volume", "snapshot", "image", "address", "network-interface", "load-balancer", "nat-gateway",
        "vpc-endpoint", "database", "database-snapshot", "cache", "warehouse", "search", "table", "function",
        "container-service", "cluster", "node-group", "node", "pod", "bucket", "stream", "log-group",
        "instance-group", "reservation", "savings-plan", "app-plan", "security-group", "user",
    ]

    /// Things in a cloud.
    public static let resources = InterchangeSchema(
        name: "resources", layout: .jsonLines, summary: "A thing in a cloud.",
        columns: [
            Column("provider", required: true, "provider of the resource"),
            Column("billing_account", "who pays"),
            Column("account", "who owns it"),
            Column("region", "region"),
            Column("zone", "zone"),
            Column(
                "type", .word, required: true, "what it is, or `provider:own-type`", words: resourceTypes),
            Column("id", required: true, "the provider's own id (ARN, resource id, self link or short id)"),
            Column("name", "name for people"),
            Column("sku", "unit of sale"),
            Column("state", "state in the provider's word"),
            Column("created", .time, "when it was made"),
            Column("attributes", .texts, "the provider's own fields"),
            Column("tags", .texts, "tags; empty values kept"),
            Column(
                "links", .list,
                "relations {kind, id}; kind attached-to, part-of, created-from, member-of or targets"),
        ])

    /// What a provider could not give.
    public static let gaps = InterchangeSchema(
        name: "gaps", layout: .jsonLines, summary: "Something a provider could not give.",
        columns: [
            Column("provider", required: true, "provider asked"),
            Column("account", "account looked at"),
            Column("region", "region looked at"),
            Column("what", required: true, "what is missing"),
            Column("reason", required: true, "why"),
            Column("permission", "permission that would supply it"),
            Column("remedy", "what to do"),
        ])

    /// The schema as JSON: `plimsoll schema NAME --format json`.
    public var json: JSONValue {
        .object([
            "name": .string(name), "layout": .string(layout.rawValue), "summary": .string(summary),
            "header": layout == .csv ? .string(header) : .null,
            "columns": .array(
                columns.map { column in
                    .object([
                        "name": .string(column.name), "kind": .string(column.kind.rawValue),
                        "required": .bool(column.required), "meaning": .string(column.meaning),
                        "unit": .string(column.unit), "words": .array(column.words.map(JSONValue.string)),
                        "wildcard": .bool(column.wildcard),
                    ])
                }),
        ])
    }

    /// The schema as a Markdown section: what docs/reference/formats.md is made of.
    public var markdown: String {
        var lines = ["## `\(name)`", "", summary, ""]
        if layout == .csv {
            lines += ["CSV with the header", "", "```", header, "```", ""]
        } else {
            lines += ["JSON lines: one object a line.", ""]
        }
        lines += ["| column | kind | required | meaning |", "|---|---|---|---|"]
        for column in columns {
            var meaning = column.meaning
            if !column.unit.isEmpty { meaning += " (\(column.unit))" }
            if !column.words.isEmpty { meaning += ": " + column.words.map { "`\($0)`" }.joined(separator: ", ") }
            if column.wildcard { meaning += "; `*` = any" }
            lines.append(
                "| `\(column.name)` | \(column.kind.rawValue) | \(column.required ? "yes" : "") | \(meaning) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
