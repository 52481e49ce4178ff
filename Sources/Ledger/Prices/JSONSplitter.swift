internal import PlimsollCore

/// Takes a JSON text apart as it streams by: what the paths of a format name comes out as one line each.
///
/// A line is number, path and value, with bytes 1 between and bytes 2 inside of the path; no JSON text holds such
/// bytes as they are. In values all blanks are gone and numbers have become strings, so that none of them goes through
/// floating point. Where one record lies in another, the outer one has `null` in its place.
struct JSONSplitter {
    /// Where a text is no JSON.
    struct Fault: Error {
        var message: String
        var offset: Int
    }

    enum Step { case value, firstKey, key, colon, next, firstElement }

    struct Frame {
        var isObject: Bool
        var matches: UInt64
        var position = 0
    }

    struct Capture {
        var pattern: Int
        var depth: Int
        var bytes: [UInt8] = []
        /// Whether the record has the key that it must have.
        var isWhole: Bool
    }

    struct Pattern {
        var record: Int
        var steps: [[UInt8]]
        var needed: [UInt8]?
    }

    let patterns: [Pattern]
    private let emit: (_ record: Int, _ line: [UInt8]) -> Void
    var frames: [Frame] = []
    var keys: [[UInt8]] = []
    var captures: [Capture] = []
    private var step = Step.value
    private var counts: [Int]
    private var key: [UInt8] = []
    private var pending: Token?
    private var offset = 0
    private(set) var about: [String: String] = [:]

    private enum Token {
        case string(isKey: Bool, escape: Int)
        case number
        case word
    }

    private var token: [UInt8] = []

    /// A splitter that hands every line to `emit`, with the position of its record in `records`.
    init(_ records: [PriceMapping.Record], emit: @escaping (_ record: Int, _ line: [UInt8]) -> Void) {
        var kinds: [String] = []
        for record in records where !kinds.contains(record.kind) { kinds.append(record.kind) }
        patterns = records.flatMap { record in
            record.paths.map { path in
                Pattern(
                    record: kinds.firstIndex(of: record.kind) ?? 0, steps: path.map { Array($0.utf8) },
                    needed: record.needed.map { Array($0.utf8) })
            }
        }
        counts = Array(repeating: 0, count: kinds.count)
        self.emit = emit
    }

    /// How many records of each kind there were.
    var records: [Int] { counts }

    /// Takes the next piece of the text.
    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(Fault) {
        var at = 0
        while at < bytes.count {
            if pending != nil {
                at = try resume(bytes, at)
            } else {
                let byte = bytes[at]
                if byte != 0x20, byte != 0x0a, byte != 0x0d, byte != 0x09 { try begin(byte, at) }
                at += 1
            }
        }
        offset += bytes.count
    }

    /// Says that there is no more. Throws where the text is not complete.
    mutating func finish() throws(Fault) {
        if case .number = pending { try closeToken(offset) } else if case .word = pending { try closeToken(offset) }
        guard pending == nil, frames.isEmpty, step == .value else {
            throw Fault(message: "it ends in the middle", offset: offset)
        }
    }

    // MARK: Tokens

    private mutating func begin(_ byte: UInt8, _ at: Int) throws(Fault) {
        switch (step, byte) {
        case (.value, 0x7b), (.firstElement, 0x7b): open(isObject: true)
        case (.value, 0x5b), (.firstElement, 0x5b): open(isObject: false)
        case (.value, 0x22), (.firstElement, 0x22): start(.string(isKey: false, escape: 0), byte)
        case (.firstKey, 0x22), (.key, 0x22): start(.string(isKey: true, escape: 0), byte)
        case (.firstKey, 0x7d), (.next, 0x7d): try close(isObject: true, at)
        case (.firstElement, 0x5d), (.next, 0x5d): try close(isObject: false, at)
        case (.colon, 0x3a):
            step = .value
            put(byte)
        case (.next, 0x2c) where !frames.isEmpty:
            step = frames[frames.count - 1].isObject ? .key : .value
            put(byte)
        case (.value, 0x2d), (.value, 0x30...0x39), (.firstElement, 0x2d), (.firstElement, 0x30...0x39):
            start(.number, byte)
        case (.value, 0x61...0x7a), (.firstElement, 0x61...0x7a): start(.word, byte)
        case (.value, 0xef), (.value, 0xbb), (.value, 0xbf):
            guard frames.isEmpty, offset + at < 3 else { throw wrong(at) }
        default: throw wrong(at)
        }
    }

    private func wrong(_ at: Int) -> Fault { Fault(message: "it is no JSON", offset: offset + at) }

    private mutating func start(_ kind: Token, _ byte: UInt8) {
        if case .string(true, _) = kind {} else { enter() }
        pending = kind
        token.removeAll(keepingCapacity: true)
        token.append(byte)
    }

    private mutating func resume(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) throws(Fault) -> Int {
        var at = start
        guard case .string(let isKey, var escape) = pending else {
            while at < bytes.count, Self.isPlain(bytes[at]) { at += 1 }
            token.append(contentsOf: bytes[start..<at])
            if at < bytes.count { try closeToken(offset + at) }
            return at
        }
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if escape == 1 {
                escape = 0
            } else if byte == 0x5c {
                escape = 1
            } else if byte == 0x22 {
                token.append(contentsOf: bytes[start..<at])
                try closeToken(offset + at)
                return at
            } else if byte < 0x20 {
                throw Fault(message: "a string holds a control character", offset: offset + at - 1)
            }
        }
        token.append(contentsOf: bytes[start..<at])
        pending = .string(isKey: isKey, escape: escape)
        return at
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7a, 0x41...0x5a, 0x2b, 0x2d, 0x2e: true
        default: false
        }
    }

    private mutating func closeToken(_ end: Int) throws(Fault) {
        defer { pending = nil }
        switch pending {
        case .string(true, _):
            step = .colon
            setKey()
            put(token)
        case .string:
            leaveScalar(token)
        case .number:
            guard Self.isNumber(token) else { throw Fault(message: "it is no JSON", offset: end - token.count) }
            leaveScalar([0x22] + token + [0x22])
        case .word:
            let word = String(decoding: token, as: UTF8.self)
            guard ["true", "false", "null"].contains(word) else {
                throw Fault(message: "it is no JSON", offset: end - token.count)
            }
            leaveScalar(token)
        case nil: break
        }
    }

    private static func isNumber(_ token: [UInt8]) -> Bool {
        guard let last = token.last, (0x30...0x39).contains(last) else { return false }
        return token.allSatisfy {
            (0x30...0x39).contains($0) || $0 == 0x2b || $0 == 0x2d || $0 == 0x2e || $0 == 0x45 || $0 == 0x65
        }
    }

    private mutating func setKey() {
        key = Array(token.dropFirst().dropLast())
        if let last = captures.indices.last, captures[last].depth == frames.count,
            patterns[captures[last].pattern].needed == key
        {
            captures[last].isWhole = true
        }
    }

    // MARK: Structure

    private mutating func put(_ byte: UInt8) {
        if !captures.isEmpty { captures[captures.count - 1].bytes.append(byte) }
    }

    private mutating func put(_ bytes: [UInt8]) {
        if !captures.isEmpty { captures[captures.count - 1].bytes += bytes }
    }

    /// Notes that a value begins: which paths still fit, and whether it is a record.
    private mutating func enter() {
        let depth = frames.count
        var matches: UInt64 = 0
        if let parent = frames.last {
            if !parent.isObject { frames[depth - 1].position += 1 }
            if parent.matches != 0 {
                let name = parent.isObject ? key : Array(String(frames[depth - 1].position).utf8)
                keys = Array(keys.prefix(depth - 1)) + [name]
                matches = fitting(parent, depth - 1)
            }
        } else {
            matches = (1 << UInt64(patterns.count)) - 1
            keys = []
        }
        entered = matches
        guard
            let pattern = patterns.indices.first(where: { matches >> $0 & 1 == 1 && patterns[$0].steps.count == depth })
        else { return }
        put(Array("null".utf8))
        captures.append(Capture(pattern: pattern, depth: depth + 1, isWhole: patterns[pattern].needed == nil))
    }

    private var entered: UInt64 = 0

    private func fitting(_ parent: Frame, _ depth: Int) -> UInt64 {
        var matches: UInt64 = 0
        for (index, pattern) in patterns.enumerated() where parent.matches >> index & 1 == 1 {
            guard pattern.steps.count > depth else { continue }
            let wanted = pattern.steps[depth]
            let fits = parent.isObject ? wanted == [0x2a] || wanted == key : wanted == [0x5b, 0x5d]
            if fits, !(parent.isObject && wanted == [0x5b, 0x5d]) { matches |= 1 << index }
        }
        return matches
    }

    private mutating func open(isObject: Bool) {
        enter()
        put(isObject ? 0x7b : 0x5b)
        frames.append(Frame(isObject: isObject, matches: entered))
        step = isObject ? .firstKey : .firstElement
    }

    private mutating func close(isObject: Bool, _ at: Int) throws(Fault) {
        guard let frame = frames.popLast(), frame.isObject == isObject else { throw wrong(at) }
        put(isObject ? 0x7d : 0x5d)
        leave()
    }

    private mutating func leaveScalar(_ text: [UInt8]) {
        put(text)
        if frames.count == 1, frames[0].isObject { note(text) }
        leave()
    }

    /// Keeps a plain value at the top of the document.
    private mutating func note(_ text: [UInt8]) {
        guard about.count < 32, let value = JSONValue(parsing: text)?.string else { return }
        about[String(decoding: key, as: UTF8.self)] = value
    }

    private mutating func leave() {
        step = frames.isEmpty ? .value : .next
        guard let last = captures.last, last.depth == frames.count + 1 else { return }
        captures.removeLast()
        guard last.isWhole else { return }
        let record = patterns[last.pattern].record
        counts[record] += 1
        var line = Array(String(counts[record]).utf8) + [1]
        for (index, key) in keys.prefix(frames.count).enumerated() {
            if index > 0 { line.append(2) }
            line += key
        }
        line.append(1)
        line += last.bytes
        line.append(0x0a)
        emit(record, line)
    }
}
