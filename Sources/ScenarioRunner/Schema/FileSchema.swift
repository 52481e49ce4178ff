public import PlimsollCore

/// JSON Schemas of the YAML files (for editors) and of reports, printed by `plimsoll schema`.
public struct FileSchema: Sendable {
    /// Name for `plimsoll schema`.
    public let name: String
    /// The JSON Schema (draft 2020-12).
    public let json: JSONValue

    /// Every file that is no table.
    public static let all = [scenario, caseFile, report]

    /// The schema of a name.
    public static func named(_ name: String) -> FileSchema? { all.first { $0.name == name } }

    // MARK: Parts

    static let text: JSONValue = .object(["type": "string"])
    static let number: JSONValue = .object(["type": .array(["string", "number"])])

    /// A text or number with a line on what it says.
    static func value(_ meaning: String) -> JSONValue {
        .object(["type": .array(["string", "number"]), "description": .string(meaning)])
    }

    static func integer(_ range: ClosedRange<Int>, _ meaning: String) -> JSONValue {
        .object([
            "type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound),
            "description": .string(meaning),
        ])
    }

    static func words(_ words: [String]) -> JSONValue { .object(["enum": .array(words.map(JSONValue.string))]) }

    static func list(_ item: JSONValue) -> JSONValue { .object(["type": "array", "items": item]) }

    /// One word, or a list of them.
    static func wordList(_ words: [String]) -> JSONValue {
        .object(["oneOf": .array([Self.words(words), list(Self.words(words))])])
    }

    static func oneOf(_ choices: JSONValue...) -> JSONValue { .object(["oneOf": .array(choices)]) }

    static func object(_ members: [String: JSONValue], required: [String] = []) -> JSONValue {
        var result: [String: JSONValue] = [
            "type": "object", "properties": .object(members), "additionalProperties": false,
        ]
        if !required.isEmpty { result["required"] = .array(required.map(JSONValue.string)) }
        return .object(result)
    }

    /// An object with keys of the user's own.
    static func openObject(_ item: JSONValue = .object([:])) -> JSONValue {
        .object(["type": "object", "additionalProperties": item])
    }

    static func document(_ title: String, _ body: JSONValue) -> JSONValue {
        guard case .object(var members) = body else { return body }
        members["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        members["title"] = .string(title)
        return .object(members)
    }

    /// `agreements`, which both files have.
    static let agreements: JSONValue = {
        func dated(_ key: String) -> JSONValue {
            oneOf(number, object(["amount": number, key: text], required: ["amount"]))
        }
        let tier = object(["from": number, "percent": number], required: ["from", "percent"])
        return list(
            object(
                [
                    "name": text, "billing_account": text, "service": text,
                    "discount": value("percent off usage and fees"),
                    "support": object(["tiers": list(tier), "minimum": number], required: ["tiers"]),
                    "floor": value("least a month's charges come to"), "tax": value("percent on all charges"),
                    "credit": dated("expires"), "fixed": dated("on"),
                ], required: ["name"]))
    }()
}
