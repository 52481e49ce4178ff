internal import PlimsollCore
internal import Yams

/// A YAML document as a tree in which everything knows its line and column.
///
/// Scalars are kept as they were written: `47.10` stays `47.10`, so no digit is ever lost.
struct YAMLNode: Sendable {
    /// What stands at the place.
    indirect enum Content: Sendable {
        case scalar(String)
        case list([YAMLNode])
        case mapping([Member])
    }

    /// One key of a mapping.
    struct Member: Sendable {
        var key: String
        var place: Diagnostic.Place
        var value: YAMLNode
    }

    var content: Content
    var place: Diagnostic.Place

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .scalar(let text): text.isEmpty ? "nothing" : "`\(text)`"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The text of a scalar.
    var scalar: String? { if case .scalar(let text) = content { text } else { nil } }

    /// The value under a key of a mapping.
    func value(_ key: String) -> YAMLNode? {
        guard case .mapping(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }
}

extension YAMLNode {
    /// Reads a document; `topic` begins the codes of diagnostics (`scenario`, `case`).
    static func parse(_ bytes: [UInt8], file: String, topic: String) throws(Failure) -> YAMLNode {
        let start = Diagnostic.Place(file: file, line: 1, column: 1)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.badInput, "\(topic).not-utf8", "the file is not UTF-8 text", at: .init(file: file))
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw Failure(
                    .badInput, "\(topic).empty", "the file is empty", at: .init(file: file),
                    hint: "`plimsoll schema \(topic)` prints what it can hold")
            }
            return try convert(node, Places(file: file, lines: lines), start, topic)
        } catch let failure as Failure {
            throw failure
        } catch let error as YamlError {
            throw syntaxFailure(error, Places(file: file, lines: lines), topic)
        } catch {
            throw Failure(.badInput, "\(topic).bad-yaml", "not YAML", at: start)
        }
    }

    /// Turns marks (columns in characters) into places (columns in bytes).
    private struct Places {
        var file: String
        var lines: [[Character]]

        func place(_ mark: Mark?, or fallback: Diagnostic.Place) -> Diagnostic.Place {
            guard let mark else { return fallback }
            guard lines.indices.contains(mark.line - 1) else {
                return Diagnostic.Place(file: file, line: mark.line, column: mark.column)
            }
            let before = String(lines[mark.line - 1]).unicodeScalars.prefix(max(0, mark.column - 1))
            let bytes = before.reduce(0) { $0 + String($1).utf8.count }
            return Diagnostic.Place(file: file, line: mark.line, column: bytes + 1)
        }
    }

    private static func convert(
        _ node: Node, _ places: Places, _ parent: Diagnostic.Place, _ topic: String
    ) throws(Failure) -> YAMLNode {
        let place = places.place(node.mark, or: parent)
        switch node {
        case .scalar(let scalar):
            let plainNull = scalar.style == .plain && (scalar.string == "~" || scalar.string == "null")
            return YAMLNode(content: .scalar(plainNull ? "" : scalar.string), place: place)
        case .sequence(let sequence):
            var items: [YAMLNode] = []
            for item in sequence { items.append(try convert(item, places, place, topic)) }
            return YAMLNode(content: .list(items), place: place)
        case .mapping(let mapping):
            var members: [Member] = []
            for (key, value) in mapping {
                let at = places.place(key.mark, or: place)
                guard case .scalar(let name) = key else {
                    throw Failure(.badInput, "\(topic).bad-key", "a key must be a plain word", at: at)
                }
                members.append(Member(key: name.string, place: at, value: try convert(value, places, at, topic)))
            }
            return YAMLNode(content: .mapping(members), place: place)
        case .alias:
            throw Failure(.badInput, "\(topic).bad-yaml", "an alias that names no anchor", at: place)
        }
    }

    private static func syntaxFailure(_ error: YamlError, _ places: Places, _ topic: String) -> Failure {
        let start = Diagnostic.Place(file: places.file, line: 1, column: 1)
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return Failure(
                .badInput, "\(topic).bad-yaml", "not YAML: \(problem)", at: places.place(mark, or: start),
                hint: "check the indentation and quotes above this place")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "`\($0)`" }.joined(separator: ", ")
            return Failure(
                .badInput, "\(topic).duplicate-key", "\(names) stands twice in one mapping",
                at: places.place(context.mark, or: start), hint: "keep one of them")
        case .reader(let problem, _, _, _):
            return Failure(.badInput, "\(topic).bad-yaml", "not YAML: \(problem)", at: start)
        default:
            return Failure(.badInput, "\(topic).bad-yaml", "not YAML", at: start)
        }
    }
}

extension YAMLNode {
    /// Puts `value` at a dotted path (`levers.0.commit.terms`); list elements by number. Missing keys are
    /// made; a path that leads nowhere is refused.
    func setting(_ path: String, to value: YAMLNode, topic: String) throws(Failure) -> YAMLNode {
        let steps = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard steps.allSatisfy({ !$0.isEmpty }) else {
            throw Failure(
                .usage, "\(topic).bad-path", "`\(path)` is not a path", at: value.place,
                hint: "write the keys with dots between, such as `horizon.growth`")
        }
        return try setting(steps[...], of: path, to: value, topic)
    }

    private func setting(
        _ steps: ArraySlice<String>, of path: String, to value: YAMLNode, _ topic: String
    ) throws(Failure) -> YAMLNode {
        guard let step = steps.first else { return value }
        var result = self
        switch content {
        case .mapping(var members):
            let position = members.firstIndex { $0.key == step }
            let old = position.map { members[$0].value } ?? YAMLNode(content: .mapping([]), place: value.place)
            let new = try old.setting(steps.dropFirst(), of: path, to: value, topic)
            if let position {
                members[position].value = new
            } else {
                members.append(Member(key: step, place: value.place, value: new))
            }
            result.content = .mapping(members)
        case .list(var items):
            guard let index = Int(step), items.indices.contains(index) else {
                throw Failure(
                    .usage, "\(topic).bad-path", "`\(path)`: `\(step)` is no element of the list at \(place)",
                    at: value.place, hint: "elements are numbered from 0 to \(items.count - 1)")
            }
            items[index] = try items[index].setting(steps.dropFirst(), of: path, to: value, topic)
            result.content = .list(items)
        case .scalar:
            let empty = YAMLNode(content: .mapping([]), place: value.place)
            return try empty.setting(steps, of: path, to: value, topic)
        }
        return result
    }
}
