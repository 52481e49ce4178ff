/// An element of an XML document: enough of XML for what clouds answer. Names lose their prefix; comments,
/// processing instructions and attributes' namespaces are dropped; a document type is refused, so that no entity
/// can grow or reach out.
public struct XMLNode: Sendable, Hashable {
    /// Local name.
    public var name: String
    /// Attributes by local name.
    public var attributes: [String: String] = [:]
    /// Elements within, in order.
    public var children: [XMLNode] = []
    /// Text within, that of elements within left out.
    public var text = ""

    /// The first element of a name directly within.
    public subscript(name: String) -> XMLNode? { children.first { $0.name == name } }

    /// Every element of a name directly within.
    public func all(_ name: String) -> [XMLNode] { children.filter { $0.name == name } }

    /// The first element of one of the names at any depth, the document's order.
    func first(_ names: Set<String>) -> XMLNode? {
        for child in children {
            if names.contains(child.name) { return child }
            if let found = child.first(names) { return found }
        }
        return nil
    }

    /// Reads a document. Throws `data` where it is not well-formed, not UTF-8, cut off, or more than 200 elements
    /// deep.
    public init(parsing bytes: [UInt8]) throws(CloudFailure) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw CloudFailure(.data, "the response is not valid UTF-8")
        }
        var reader = XMLReader(bytes: bytes)
        self = try reader.document()
    }

    init(name: String) { self.name = name }
}

/// Reads one document from its bytes.
private struct XMLReader {
    let bytes: [UInt8]
    var index = 0

    mutating func document() throws(CloudFailure) -> XMLNode {
        var open: [XMLNode] = []
        var root: XMLNode?
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                let text = try text()
                if !open.isEmpty {
                    open[open.count - 1].text += text
                } else if text.contains(where: { !$0.isWhitespace }) {
                    throw fault()
                }
                continue
            }
            if skip("<!--") {
                try skip(past: "-->")
            } else if skip("<![CDATA[") {
                guard !open.isEmpty else { throw fault() }
                open[open.count - 1].text += try taken(until: "]]>")
            } else if skip("<?") {
                try skip(past: "?>")
            } else if skip("</") {
                let name = try name()
                skipBlanks()
                guard skip(">"), let closed = open.popLast(), closed.name == name else { throw fault() }
                attach(closed, &open, &root)
            } else {
                guard skip("<"), root == nil, open.count < 200 else { throw fault() }
                let (node, isClosed) = try tag()
                if isClosed { attach(node, &open, &root) } else { open.append(node) }
            }
        }
        guard let root, open.isEmpty else { throw CloudFailure(.data, "the XML of the response is cut off") }
        return root
    }

    private func attach(_ node: XMLNode, _ open: inout [XMLNode], _ root: inout XMLNode?) {
        if open.isEmpty { root = node } else { open[open.count - 1].children.append(node) }
    }

    private mutating func tag() throws(CloudFailure) -> (XMLNode, isClosed: Bool) {
        var node = XMLNode(name: try name())
        while true {
            skipBlanks()
            if skip("/>") { return (node, true) }
            if skip(">") { return (node, false) }
            let name = try name()
            skipBlanks()
            guard skip("=") else { throw fault() }
            skipBlanks()
            guard index < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[index]) else {
                throw fault()
            }
            let quote = bytes[index]
            let start = index + 1
            guard let end = bytes[start...].firstIndex(of: quote) else { throw fault() }
            node.attributes[name] = try unescaped(bytes[start..<end])
            index = end + 1
        }
    }

    /// A name without its prefix.
    private mutating func name() throws(CloudFailure) -> String {
        let start = index
        while index < bytes.count, isNamePart(bytes[index]) { index += 1 }
        guard index > start else { throw fault() }
        let name = bytes[start..<index]
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        guard !local.isEmpty else { throw fault() }
        return String(decoding: local, as: UTF8.self)
    }

    private func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF: true
        default: "_-.:".utf8.contains(byte)
        }
    }

    private mutating func text() throws(CloudFailure) -> String {
        let end = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        defer { index = end }
        return try unescaped(bytes[index..<end])
    }

    private func unescaped(_ slice: ArraySlice<UInt8>) throws(CloudFailure) -> String {
        guard slice.contains(UInt8(ascii: "&")) else { return String(decoding: slice, as: UTF8.self) }
        var result = ""
        var rest = slice
        while let mark = rest.firstIndex(of: UInt8(ascii: "&")) {
            result += String(decoding: rest[..<mark], as: UTF8.self)
            guard let end = rest[mark...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw fault() }
            guard let character = entity(String(decoding: rest[(mark + 1)..<end], as: UTF8.self)) else { throw fault() }
            result.unicodeScalars.append(character)
            rest = rest[(end + 1)...]
        }
        return result + String(decoding: rest, as: UTF8.self)
    }

    private func entity(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        default:
            if name.hasPrefix("#x") {
                UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
            } else if name.hasPrefix("#") {
                UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
            } else {
                nil
            }
        }
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    /// Steps over a text that stands here; whether it does.
    private mutating func skip(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    private mutating func skip(past text: StaticString) throws(CloudFailure) {
        _ = try taken(until: text)
    }

    private mutating func taken(until text: StaticString) throws(CloudFailure) -> String {
        let start = index
        while index < bytes.count {
            let end = index
            if skip(text) { return String(decoding: bytes[start..<end], as: UTF8.self) }
            index += 1
        }
        throw CloudFailure(.data, "the XML of the response is cut off")
    }

    private func fault() -> CloudFailure {
        index < bytes.count
            ? CloudFailure(.data, "the XML of the response is not well-formed at byte \(index)")
            : CloudFailure(.data, "the XML of the response is cut off")
    }
}
