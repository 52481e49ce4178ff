internal import PlimsollCore

/// Collects what is wrong with a YAML file: shared by everything that reads parts of it.
final class YAMLContext {
    let file: String
    /// First part of the diagnostics' codes: `scenario`, `case`.
    let area: String
    private(set) var faults: FaultList

    init(file: String, area: String) {
        self.file = file
        self.area = area
        faults = FaultList(file: file)
    }

    func error(_ code: String, _ message: String, at node: YAMLNode, hint: String) {
        faults.add("\(area).\(code)", message, line: node.line, column: node.column, hint: hint)
    }

    func add(_ diagnostic: Diagnostic, at node: YAMLNode) {
        faults.add(diagnostic.code, diagnostic.message, line: node.line, column: node.column, hint: diagnostic.hint)
    }

    func check() throws(Failure) { try faults.check() }
}

/// A mapping whose keys are known: unknown ones are errors with a suggestion.
struct YAMLMap {
    let node: YAMLNode
    let context: YAMLContext
    private let values: [String: YAMLNode]

    init(_ node: YAMLNode, _ context: YAMLContext, keys: [String], named name: String) {
        self.node = node
        self.context = context
        var values: [String: YAMLNode] = [:]
        if node.entries == nil, node.text?.isEmpty != true {
            context.error(
                "wrong-kind", "`\(name)` is \(node.kind), not a mapping", at: node,
                hint: "write keys and values: " + keys.joined(separator: ", "))
        }
        for entry in node.entries ?? [] {
            let key = entry.key.text ?? ""
            if keys.contains(key) {
                values[key] = entry.value
            } else {
                let near = Suggestion.nearest(to: key, in: keys).map { "did you mean `\($0)`? " } ?? ""
                context.error(
                    "unknown-key", "`\(key)` is not a key of `\(name)`", at: entry.key,
                    hint: near + "keys: " + keys.joined(separator: ", "))
            }
        }
        self.values = values
    }

    /// The value of a key; nil where it is absent.
    func value(_ key: String) -> YAMLNode? { values[key] }

    /// Whether the key is there.
    func has(_ key: String) -> Bool { values[key] != nil }

    func map(_ key: String, keys: [String]) -> YAMLMap? {
        values[key].map { YAMLMap($0, context, keys: keys, named: key) }
    }

    /// A list; a single value counts as a list of one.
    func list(_ key: String) -> [YAMLNode] {
        guard let value = values[key] else { return [] }
        if let items = value.items { return items }
        return value.text?.isEmpty == true ? [] : [value]
    }

    /// A list of texts.
    func texts(_ key: String) -> [String] {
        list(key).compactMap { item in
            if item.text == nil { wrong(key, item, "a value") }
            return item.text
        }
    }

    func text(_ key: String) -> String? {
        guard let value = values[key] else { return nil }
        if value.text == nil { wrong(key, value, "a value") }
        return value.text
    }

    func int(_ key: String, in range: ClosedRange<Int>) -> Int? {
        parsed(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func money(_ key: String) -> Money? { parsed(key, "an amount, 0 or more") { Money($0).flatMap { $0 >= .zero ? $0 : nil } } }

    func quantity(_ key: String) -> Quantity? {
        parsed(key, "a number, 0 or more") { Quantity($0).flatMap { $0 >= .zero ? $0 : nil } }
    }

    /// `20%` or `20`: the number before the sign.
    func percent(_ key: String) -> Quantity? {
        parsed(key, "a percentage such as `20%`") { Quantity($0.hasSuffix("%") ? String($0.dropLast()) : $0) }
    }

    func day(_ key: String) -> Day? { parsed(key, "a date such as `2026-01-31`") { Day($0) } }

    /// A full hour, or a date for its first hour.
    func hour(_ key: String) -> Hour? {
        parsed(key, "a UTC hour such as `2026-01-01T00:00:00Z`, or a date") { text in
            Day(text)?.firstHour ?? Hour(text)
        }
    }

    /// Reads a value; adds an error where `read` refuses it.
    func parsed<Value>(_ key: String, _ what: String, _ read: (String) -> Value?) -> Value? {
        guard let text = text(key), let value = values[key] else { return nil }
        if let result = read(text) { return result }
        context.error("bad-\(key)", "`\(text)` is not \(what)", at: value, hint: "give \(what)")
        return nil
    }

    /// One of some words.
    func word(_ key: String, of words: [String]) -> String? {
        guard let text = text(key), let value = values[key] else { return nil }
        return YAMLMap.check(text, of: words, named: key, at: value, context)
    }

    /// A list of some words.
    func words(_ key: String, of words: [String]) -> [String]? {
        guard has(key) else { return nil }
        return list(key).compactMap { item in
            item.text.flatMap { YAMLMap.check($0, of: words, named: key, at: item, context) }
        }
    }

    private static func check(
        _ text: String, of words: [String], named key: String, at node: YAMLNode, _ context: YAMLContext
    ) -> String? {
        if words.contains(text) { return text }
        let near = Suggestion.nearest(to: text, in: words).map { "did you mean `\($0)`? " } ?? ""
        context.error(
            "unknown-\(key)", "`\(text)` is not a word for `\(key)`", at: node,
            hint: near + "words: " + words.joined(separator: ", "))
        return nil
    }

    private func wrong(_ key: String, _ node: YAMLNode, _ wanted: String) {
        context.error("wrong-kind", "`\(key)` is \(node.kind), not \(wanted)", at: node, hint: "give \(wanted)")
    }
}
