internal import PlimsollCore

/// Reads values out of a YAML tree and collects everything that is wrong, so that the user sees all
/// errors of the file at once.
final class YAMLReader {
    /// Begins the codes of diagnostics: `scenario`, `case`.
    let topic: String
    private(set) var problems: [Diagnostic] = []

    init(topic: String) { self.topic = topic }

    /// Notes an error.
    func report(_ code: String, _ message: String, at place: Diagnostic.Place?, hint: String? = nil) {
        problems.append(Diagnostic(.error, "\(topic).\(code)", message, at: place, hint: hint))
    }

    /// Notes the errors of another reader.
    func report(_ failure: Failure) { problems += failure.diagnostics }

    /// Ends the reading where anything was wrong.
    func finish() throws(Failure) {
        guard !problems.isEmpty else { return }
        let ordered = problems.enumerated().sorted { left, right in
            let a = left.element.place.map { ($0.line, $0.column) } ?? (0, 0)
            let b = right.element.place.map { ($0.line, $0.column) } ?? (0, 0)
            return a == b ? left.offset < right.offset : a < b
        }
        throw Failure(.badInput, ordered.map(\.element))
    }

    /// A mapping whose keys must be among `known`.
    func mapping(_ node: YAMLNode, _ what: String, known: [String]) -> YAMLMapping? {
        guard let result = openMapping(node, what) else { return nil }
        for member in result.members where !known.contains(member.key) {
            let nearest = Suggestion.nearest(to: member.key, in: known)
            report(
                "unknown-key", "`\(member.key)` is not a key of \(what)", at: member.place,
                hint: nearest.map { "did you mean `\($0)`?" } ?? "it has \(Self.words(known))")
        }
        return result
    }

    /// A mapping whose keys are free.
    func openMapping(_ node: YAMLNode, _ what: String) -> YAMLMapping? {
        switch node.content {
        case .mapping(let members): return YAMLMapping(reader: self, members: members, place: node.place, what: what)
        case .scalar(""): return YAMLMapping(reader: self, members: [], place: node.place, what: what)
        default:
            report("wrong-type", "\(what) must be a mapping, not \(node.kind)", at: node.place)
            return nil
        }
    }

    /// The elements of a list; one scalar or mapping alone is not taken for a list of one.
    func list(_ node: YAMLNode, _ what: String) -> [YAMLNode] {
        switch node.content {
        case .list(let items): return items
        case .scalar(""): return []
        default:
            report(
                "wrong-type", "\(what) must be a list, not \(node.kind)", at: node.place,
                hint: "write `[a, b]`, or one line with `- ` for each element")
            return []
        }
    }

    /// The text of a scalar.
    func text(_ node: YAMLNode, _ what: String) -> String? {
        if let text = node.scalar { return text }
        report("wrong-type", "\(what) must be one value, not \(node.kind)", at: node.place)
        return nil
    }

    /// A scalar that `parse` understands; `expected` says what it should look like.
    func value<Value>(_ node: YAMLNode, _ what: String, _ expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = text(node, what) else { return nil }
        if let value = parse(text) { return value }
        report("bad-value", "`\(text)` is not \(expected)", at: node.place, hint: "\(what) is \(expected)")
        return nil
    }

    /// A scalar that is one of `words`.
    func word<Value>(_ node: YAMLNode, _ what: String, _ words: [String], _ make: (String) -> Value?) -> Value? {
        guard let text = text(node, what) else { return nil }
        if words.contains(text), let value = make(text) { return value }
        let nearest = Suggestion.nearest(to: text, in: words)
        report(
            "bad-value", "`\(text)` is not a word for \(what)", at: node.place,
            hint: nearest.map { "did you mean `\($0)`?" } ?? "it is one of \(Self.words(words))")
        return nil
    }

    static func words(_ list: [String]) -> String { list.map { "`\($0)`" }.joined(separator: ", ") }
}

/// A mapping being read.
struct YAMLMapping {
    let reader: YAMLReader
    let members: [YAMLNode.Member]
    let place: Diagnostic.Place
    let what: String

    /// The value under a key, if it is there.
    func node(_ key: String) -> YAMLNode? { members.first { $0.key == key }?.value }

    /// The value under a key that must be there.
    func required(_ key: String) -> YAMLNode? {
        if let node = node(key) { return node }
        reader.report(
            "missing-key", "\(what) has no `\(key)`", at: place, hint: "add `\(key): …`")
        return nil
    }

    /// A text; nil where it is missing.
    func text(_ key: String) -> String? { node(key).flatMap { reader.text($0, "`\(key)`") } }

    /// A list of texts; nil where the key is missing.
    func texts(_ key: String) -> [String]? {
        node(key).map { reader.list($0, "`\(key)`").compactMap { reader.text($0, "an element of `\(key)`") } }
    }

    /// A whole number within `range`; nil where it is missing or wrong.
    func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        node(key).flatMap { node in
            reader.value(node, "`\(key)`", "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
                Int(text).flatMap { range.contains($0) ? $0 : nil }
            }
        }
    }

    /// Words of a fixed vocabulary; nil where the key is missing.
    func words<Value>(_ key: String, _ words: [String], _ make: (String) -> Value?) -> [Value]? {
        node(key).map { node in
            let items: [YAMLNode]
            if node.scalar != nil { items = [node] } else { items = reader.list(node, "`\(key)`") }
            return items.compactMap { reader.word($0, "`\(key)`", words, make) }
        }
    }
}

/// Values as scenario and case files write them.
enum YAMLValues {
    /// An hour: `2026-01-01T05:00:00Z`, or a bare date for its first hour.
    static func hour(_ text: String) -> Hour? {
        guard let instant = Instant(text), instant.second == 0 else { return nil }
        return instant.hour
    }

    /// An hour or a month `2026-01`, which is its first hour.
    static func hourOrMonth(_ text: String) -> Hour? {
        hour(text) ?? (text.utf8.count == 7 ? Day(text + "-01")?.firstHour : nil)
    }

    /// A number of per cent: `1.5%`.
    static func percent(_ text: String) -> Quantity? {
        guard text.hasSuffix("%") else { return nil }
        return Quantity(String(text.dropLast()))
    }

    /// How usage goes on.
    enum Growing { case rate(Quantity), trend }

    /// A growth, or `trend`.
    static func growthOrTrend(_ text: String) -> Growing? { text == "trend" ? .trend : growth(text).map(Growing.rate) }

    /// A growth: `1.5%/month`, or `0`.
    static func growth(_ text: String) -> Quantity? {
        if text == "0" { return .zero }
        guard text.hasSuffix("/month") else { return nil }
        guard let value = percent(String(text.dropLast(6))) else { return nil }
        return value.raw > -100 * FixedPoint.one && value.raw <= 100 * FixedPoint.one ? value : nil
    }
}
