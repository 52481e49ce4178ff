public import PlimsollCore

/// Every schema `plimsoll schema` prints: the interchange files, and the YAML files as JSON Schema.
public enum SchemaBook {
    /// Names, in the order they are listed.
    public static let names = InterchangeSchema.all.map(\.name) + ["scenario", "case"]

    /// One line about a schema.
    public static func summary(_ name: String) -> String {
        switch name {
        case "scenario": "A scenario for `plimsoll run` (JSON Schema of the YAML)."
        case "case": "A case for `plimsoll rate --case` (JSON Schema of the YAML)."
        default: InterchangeSchema.named(name)?.summary ?? ""
        }
    }

    /// The JSON Schema of a YAML file; nil for other names.
    public static func document(_ name: String) -> JSONValue? {
        switch name {
        case "case": caseSchema
        case "scenario": scenarioSchema
        default: nil
        }
    }

    // MARK: Parts

    static let text: JSONValue = .object(["type": "string"])
    static let number: JSONValue = .object(["type": .array(["string", "number"])])

    static func object(_ members: [String: JSONValue], required: [String] = []) -> JSONValue {
        var result: [String: JSONValue] = [
            "type": "object", "properties": .object(members), "additionalProperties": false,
        ]
        if !required.isEmpty { result["required"] = .array(required.map(JSONValue.string)) }
        return .object(result)
    }

    static func list(_ item: JSONValue) -> JSONValue { .object(["type": "array", "items": item]) }

    static func words(_ words: [String]) -> JSONValue { .object(["enum": .array(words.map(JSONValue.string))]) }

    /// Rows of an interchange table, or the path of its file.
    static func table(_ schema: InterchangeSchema, extra: [String: JSONValue] = [:]) -> JSONValue {
        var columns = extra
        for column in schema.columns {
            var item: [String: JSONValue] = ["description": .string(column.meaning)]
            item["type"] = .array(["string", "number"])
            columns[column.name] = .object(item)
        }
        return .object(["oneOf": .array([text, object(["file": text], required: ["file"]), list(object(columns))])])
    }

    static var tables: [String: JSONValue] {
        [
            "prices": table(.prices), "commitments": table(.commitments), "catalog": table(.catalog),
            "accounts": table(.accounts), "fx": table(.fx), "defaults": .object(["type": "object"]),
            "agreements": list(
                object(
                    [
                        "name": text, "kind": words(["discount", "support", "floor", "tax", "credit", "fixed"]),
                        "percent": number, "amount": number, "minimum": number, "expires": text, "on": text,
                        "billing_account": text, "service": text,
                        "tiers": list(object(["from": number, "percent": number], required: ["percent"])),
                    ], required: ["kind"])),
        ]
    }

    static func root(_ title: String, _ members: [String: JSONValue], required: [String]) -> JSONValue {
        guard case .object(var result) = object(members, required: required) else { return .null }
        result["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        result["title"] = .string(title)
        return .object(result)
    }

    private static var caseSchema: JSONValue {
        let hours = JSONValue.object([
            "type": "string", "description": "FROM..TO: one row for every hour, TO not included",
        ])
        let amounts = Dictionary(uniqueKeysWithValues: BillDocument.amountNames.map { ($0, number) })
        let expect = object([
            "total": object(amounts), "commitments": .object(["type": "object"]), "unpriced": list(text),
            "warnings": list(text), "rows": list(.object(["type": "object"])), "failure": text,
            "places": .object(["type": "integer", "minimum": 0, "maximum": 12]),
        ])
        var members = tables
        members["case"] = text
        members["source"] = text
        members["usage"] = table(.usage, extra: ["hours": hours])
        members["window"] = object(["from": text, "to": text], required: ["from", "to"])
        members["currency"] = text
        members["expect"] = expect
        return root("Plimsoll case", members, required: ["case", "expect"])
    }

    private static var scenarioSchema: JSONValue { .null }
}
