public import PlimsollCore

/// Checks values against a JSON Schema: the part of draft 2020-12 that the protocol and plugins' settings use.
///
/// Understood are `$ref` into the document, `type`, `const`, `enum`, `properties`, `required`,
/// `additionalProperties`, `items`, `minimum`, `maximum`, `minLength`, `pattern`, `anyOf` and `oneOf`; other keywords
/// are ignored.
public struct JSONSchema: Sendable {
    /// The document.
    public let document: JSONValue

    /// A schema.
    public init(_ document: JSONValue) { self.document = document }

    /// What is wrong with a value, each with the place inside it; empty = it fits. `definition` is a name in `$defs`;
    /// nil = the document itself.
    public func faults(in value: JSONValue, of definition: String? = nil, named name: String) -> [String] {
        guard let definition else { return check(value, document, name) }
        guard let schema = document["$defs"]?[definition] else { return ["there is no schema `\(definition)`"] }
        return check(value, schema, name)
    }

    private func check(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            return faults(in: value, of: name, named: path)
        }
        if let fault = typeFault(value, schema, path) { return [fault] }
        if let wanted = schema["const"], wanted != value {
            return ["`\(path)` is \(Self.shown(value)), not \(Self.shown(wanted))"]
        }
        if let words = schema["enum"]?.array, !words.contains(value) {
            return ["`\(path)` is \(Self.shown(value)), not one of \(words.map(Self.shown).joined(separator: ", "))"]
        }
        return scalar(value, schema, path) + object(value, schema, path) + array(value, schema, path)
            + choice(value, schema, path)
    }

    private func typeFault(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> String? {
        let types = schema["type"]?.array?.compactMap(\.string) ?? schema["type"]?.string.map { [$0] } ?? []
        guard !types.isEmpty, !types.contains(where: { Self.isOf($0, value) }) else { return nil }
        return "`\(path)` is \(Self.shown(value)), not of type \(types.joined(separator: " or "))"
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null): true
        case ("integer", .int), ("number", .int), ("number", .double): true
        default: false
        }
    }

    private func scalar(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        var faults: [String] = []
        if let number = Self.number(value) {
            if let least = Self.number(schema["minimum"]), number < least {
                faults.append("`\(path)` is below \(least)")
            }
            if let most = Self.number(schema["maximum"]), number > most { faults.append("`\(path)` is above \(most)") }
        }
        guard let text = value.string else { return faults }
        if let least = Self.number(schema["minLength"]), Double(text.unicodeScalars.count) < least {
            faults.append(text.isEmpty ? "`\(path)` is empty" : "`\(path)` is too short")
        }
        if let pattern = schema["pattern"]?.string, let regex = try? Regex(pattern), text.firstMatch(of: regex) == nil {
            let what = schema["description"]?.string.map { ": \($0)" } ?? ""
            faults.append("`\(path)` is \(Self.shown(value)), which does not match \(pattern)\(what)")
        }
        return faults
    }

    private func object(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard case .object(let members) = value else { return [] }
        var faults = (schema["required"]?.array ?? []).compactMap(\.string).filter { members[$0] == nil }
            .map { "`\(path).\($0)` is missing" }
        for (key, member) in members.sorted(by: { $0.key < $1.key }) {
            let place = "\(path).\(key)"
            if let known = schema["properties"]?[key] {
                faults += check(member, known, place)
            } else if schema["additionalProperties"] == .bool(false) {
                faults.append("`\(place)` is not known")
            } else if let other = schema["additionalProperties"], case .object = other {
                faults += check(member, other, place)
            }
        }
        return faults
    }

    private func array(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard case .array(let elements) = value, let items = schema["items"] else { return [] }
        return elements.enumerated().flatMap { check($0.element, items, "\(path)[\($0.offset)]") }
    }

    private func choice(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        if let choices = schema["anyOf"]?.array, !choices.contains(where: { check(value, $0, path).isEmpty }) {
            return ["`\(path)` is of none of the allowed forms"]
        }
        if let choices = schema["oneOf"]?.array, choices.filter({ check(value, $0, path).isEmpty }).count != 1 {
            let words = choices.compactMap { $0["required"]?.array?.first?.string }.map { "`\($0)`" }
            return ["`\(path)` needs exactly one of \(words.joined(separator: ", "))"]
        }
        return []
    }

    private static func number(_ value: JSONValue?) -> Double? {
        switch value {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// A value as messages show it, cut where it is long.
    public static func shown(_ value: JSONValue) -> String {
        let text = value.canonical
        return "`" + (text.count > 60 ? text.prefix(60) + "…" : text) + "`"
    }
}
