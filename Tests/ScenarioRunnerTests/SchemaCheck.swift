import PlimsollCore

/// What of JSON Schema our own schemas use, to hold documents to them.
enum SchemaCheck {
    /// Where `value` is not what `schema` says.
    static func faults(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
        if let choices = schema["oneOf"]?.array {
            let found = choices.map { faults(value, $0, at: path) }
            return found.contains([]) ? [] : ["\(path): none of \(choices.count) choices"] + (found.last ?? [])
        }
        var result: [String] = []
        if let type = schema["type"] {
            let allowed = type.string.map { [$0] } ?? type.array?.compactMap(\.string) ?? []
            if !allowed.contains(name(of: value)) { result.append("\(path): no \(allowed.joined(separator: " or "))") }
        }
        if let pattern = schema["pattern"]?.string, let text = value.string, let regex = try? Regex(pattern),
            text.firstMatch(of: regex) == nil
        {
            result.append("\(path): `\(text)`")
        }
        if let item = schema["items"] {
            for (index, element) in (value.array ?? []).enumerated() {
                result += faults(element, item, at: "\(path)[\(index)]")
            }
        }
        guard case .object(let members) = value else { return result }
        for key in schema["required"]?.array?.compactMap(\.string) ?? [] where members[key] == nil {
            result.append("\(path).\(key): missing")
        }
        for (key, member) in members {
            if let known = schema["properties"]?[key] {
                result += faults(member, known, at: "\(path).\(key)")
            } else if case .bool(false)? = schema["additionalProperties"] {
                result.append("\(path).\(key): not in the schema")
            } else if let other = schema["additionalProperties"] {
                result += faults(member, other, at: "\(path).\(key)")
            }
        }
        return result.sorted()
    }

    private static func name(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .int: "integer"
        case .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
