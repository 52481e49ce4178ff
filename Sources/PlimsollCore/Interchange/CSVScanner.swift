/// Splits comma-separated bytes into records and fields (RFC 4180; LF or CRLF; a byte order mark is
/// skipped; quoted fields may hold commas, line ends and doubled quotes). Copies nothing.
struct CSVScanner {
    /// Where a field's content lies, its quotes left out.
    struct Field {
        var start: Int
        var end: Int
        /// Whether it holds doubled quotes, each of which means one.
        var doubled: Bool
    }

    /// Why the bytes are not CSV.
    struct Fault: Error {
        /// `unclosed-quote` or `stray-quote`.
        var code: String
        var message: String
        /// Offset of the quote to look at.
        var offset: Int
        var hint: String
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    /// Physical line, from 1, that the record read last begins on.
    private(set) var line = 0
    /// Offset of the record read last.
    private(set) var recordStart: Int
    private var nextLine = 1

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        position = bytes.starts(with: mark) ? 3 : 0
        recordStart = position
    }

    /// Reads the next record that is not a blank line into `fields`; false at the end.
    mutating func next(into fields: inout [Field]) throws(Fault) -> Bool {
        repeat {
            fields.removeAll(keepingCapacity: true)
            guard position < bytes.count else { return false }
            recordStart = position
            line = nextLine
            try record(into: &fields)
        } while fields.count == 1 && fields[0].start == fields[0].end && fields[0].start == recordStart
        return true
    }

    private mutating func record(into fields: inout [Field]) throws(Fault) {
        var start = position
        var at = position
        let count = bytes.count
        while at < count {
            let byte = bytes[at]
            // Everything that matters is below "-", most of the content is not.
            guard byte <= Self.comma else {
                at &+= 1
                continue
            }
            if byte == Self.comma {
                fields.append(Field(start: start, end: at, doubled: false))
                at &+= 1
                start = at
            } else if byte == Self.lineFeed {
                let end = at > start && bytes[at - 1] == Self.carriageReturn ? at - 1 : at
                fields.append(Field(start: start, end: end, doubled: false))
                nextLine &+= 1
                position = at + 1
                return
            } else if byte == Self.quote {
                guard at == start else { throw stray(at) }
                at = try quoted(at, into: &fields)
                if ended(&at) { return }
                start = at
            } else {
                at &+= 1
            }
        }
        let end = at > start && bytes[at - 1] == Self.carriageReturn ? at - 1 : at
        fields.append(Field(start: start, end: end, doubled: false))
        position = at
    }

    /// After a quoted field: steps over the comma, or ends the record.
    private mutating func ended(_ at: inout Int) -> Bool {
        guard at < bytes.count else {
            position = at
            return true
        }
        if bytes[at] == Self.comma {
            at += 1
            return false
        }
        if bytes[at] == Self.carriageReturn { at += 1 }
        if at < bytes.count { at += 1 }
        nextLine += 1
        position = at
        return true
    }

    /// Reads the quoted field that opens at `open`; returns the offset after its closing quote.
    private mutating func quoted(_ open: Int, into fields: inout [Field]) throws(Fault) -> Int {
        var at = open + 1
        var doubled = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == Self.lineFeed { nextLine += 1 }
            guard byte == Self.quote else {
                at += 1
                continue
            }
            guard at + 1 < bytes.count, bytes[at + 1] == Self.quote else {
                fields.append(Field(start: open + 1, end: at, doubled: doubled))
                try checkEnd(at + 1, opened: open)
                return at + 1
            }
            doubled = true
            at += 2
        }
        throw Fault(
            code: "unclosed-quote", message: "a quote opens here and is never closed", offset: open,
            hint: "close the field with `\"`; inside quotes, write `\"\"` for a quote")
    }

    private func checkEnd(_ at: Int, opened: Int) throws(Fault) {
        guard at < bytes.count else { return }
        let byte = bytes[at]
        if byte == Self.comma || byte == Self.lineFeed { return }
        if byte == Self.carriageReturn, at + 1 >= bytes.count || bytes[at + 1] == Self.lineFeed { return }
        let place = self.place(of: opened)
        throw Fault(
            code: "broken-quote",
            message: "text follows the closing quote of a field opened at line \(place.line), column \(place.column)",
            offset: at, hint: "inside quotes, write `\"\"` for a quote")
    }

    private func stray(_ at: Int) -> Fault {
        Fault(
            code: "broken-quote", message: "a quote stands inside a field that does not begin with one", offset: at,
            hint: "put the whole field in quotes and write `\"\"` for the quote")
    }

    /// Physical line and column, from 1, of an offset within the record read last.
    func place(of offset: Int) -> (line: Int, column: Int) {
        var line = line
        var lineStart = recordStart
        var at = recordStart
        while at < offset {
            if bytes[at] == Self.lineFeed {
                line += 1
                lineStart = at + 1
            }
            at += 1
        }
        return (line, offset - lineStart + 1)
    }

    /// The text of a field; nil where it is not UTF-8.
    func text(_ field: Field) -> String? {
        let content = UnsafeBufferPointer(rebasing: bytes[field.start..<field.end])
        guard field.doubled else { return String(validating: content, as: UTF8.self) }
        var kept: [UInt8] = []
        var skip = false
        for byte in content {
            if byte == Self.quote, !skip {
                skip = true
                continue
            }
            skip = false
            kept.append(byte)
        }
        return String(validating: kept, as: UTF8.self)
    }

    /// The bytes of a field, doubled quotes as they stand.
    func content(_ field: Field) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[field.start..<field.end])
    }
}
