internal import PlimsollCore
internal import Yams

/// A YAML document as a tree that knows its places.
struct YAMLNode {
    /// What a node is.
    indirect enum Content {
        case scalar(String)
        case list([YAMLNode])
        case mapping([Entry])
    }

    /// A key with its place, and its value.
    struct Entry {
        var key: YAMLNode
        var value: YAMLNode
    }

    var content: Content
    var line: Int
    var column: Int

    /// The text of a scalar.
    var text: String? { if case .scalar(let text) = content { text } else { nil } }

    /// The items of a list.
    var items: [YAMLNode]? { if case .list(let items) = content { items } else { nil } }

    /// The entries of a mapping.
    var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .scalar: "a value"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }

    /// Reads a document; an empty one is an empty mapping.
    static func parse(_ bytes: [UInt8], file: String) throws(Failure) -> YAMLNode {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(
                .badInput, "yaml.bad-encoding", "the file is not UTF-8", at: .init(file: file),
                hint: "save the file as UTF-8")
        }
        guard !bytes.isEmpty else {
            throw Failure(
                .badInput, "yaml.empty-file", "the file is empty", at: .init(file: file),
                hint: "see `plimsoll schema scenario` and `plimsoll schema case`")
        }
        do {
            guard let root = try Yams.compose(yaml: text) else {
                return YAMLNode(content: .mapping([]), line: 1, column: 1)
            }
            return YAMLNode(root)
        } catch {
            throw syntaxFailure(error, file)
        }
    }

    private static func syntaxFailure(_ error: any Error, _ file: String) -> Failure {
        var place = Diagnostic.Place(file: file)
        var message = "the file is not YAML"
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            place = .init(file: file, line: mark.line, column: mark.column)
            message = "the file is not YAML: \(problem)"
        case .duplicatedKeysInMapping(let keys, let context):
            place = .init(file: file, line: context.mark.line, column: context.mark.column)
            message = "a key appears twice: \(keys.map { "`\($0)`" }.joined(separator: ", "))"
        default: break
        }
        return Failure(
            .badInput, "yaml.syntax", message, at: place,
            hint: "check indentation (spaces only), colons followed by a space, and quotes")
    }

    private init(_ node: Yams.Node) {
        line = node.mark?.line ?? 0
        column = node.mark?.column ?? 0
        switch node {
        case .scalar(let scalar): content = .scalar(scalar.string)
        case .sequence(let list): content = .list(list.map(YAMLNode.init))
        case .mapping(let map):
            content = .mapping(map.map { Entry(key: YAMLNode($0.key), value: YAMLNode($0.value)) })
        case .alias: content = .scalar("")
        }
    }

    init(content: Content, line: Int, column: Int) {
        self.content = content
        self.line = line
        self.column = column
    }
}
