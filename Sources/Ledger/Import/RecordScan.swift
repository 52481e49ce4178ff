internal import Foundation
internal import PlimsollCore

/// Finds the records of a CSV file that cannot be split into cells, without losing those after them.
///
/// The engine goes on reading where a quote that was opened by mistake ends, which may be the end of the
/// file. Here a record is at fault by itself, and the next line is looked at again. The rule is RFC 4180's
/// (Common Format and MIME Type for CSV Files), with blanks after a closing quote allowed.
struct RecordScan {
    /// A record that cannot be stored.
    struct Broken: Hashable, Sendable {
        /// Line of the file, from 1.
        var line: Int
        /// Records before it that can be read, the header not counted.
        var after: Int
        /// Its text, or the beginning of it.
        var text: String
        /// What is wrong.
        var reason: String
    }

    /// Longest record that the engine takes.
    static let limit = 2_097_152
    private static let shown = 2_000

    private let stream: ByteStream
    private let cells: Int
    /// Lines above the header, which are no records.
    private let above: Int
    private var output: FileHandle?
    private var pending: [UInt8] = []
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var line = 1
    /// Records that can be read, the header not counted.
    private(set) var good = 0
    private(set) var broken: [Broken] = []

    /// A scan of records of `cells` cells; those that can be read go to `output`.
    init(_ stream: ByteStream, cells: Int, above: Int = 0, output: FileHandle? = nil) {
        (self.stream, self.cells, self.above, self.output) = (stream, cells, above, output)
    }

    /// What is wrong with the records of a file. Where there is anything, a copy without them is written to
    /// `copy`.
    static func mend(
        _ file: FileBytes, cells: Int, above: Int = 0, to copy: URL
    ) throws(Failure) -> RecordScan {
        func scan(_ output: FileHandle?) throws(Failure) -> RecordScan {
            var scan = RecordScan(
                try ByteStream(file.path, isCompressed: file.isCompressed), cells: cells, above: above, output: output)
            try scan.run()
            return scan
        }
        let first = try scan(nil)
        guard !first.broken.isEmpty else { return first }
        guard FileManager.default.createFile(atPath: copy.path, contents: nil),
            let output = FileHandle(forWritingAtPath: copy.path)
        else { throw LedgerStore.cannotWrite(copy.path) }
        defer { try? output.close() }
        return try scan(output)
    }

    /// Number of a record of the file, the broken ones counted, by its number among the others.
    static func number(_ number: Int, among broken: [Broken]) -> Int {
        number + broken.prefix { $0.after < number }.count
    }

    /// Looks at the whole file.
    mutating func run() throws(Failure) {
        var isHeader = true
        while try fill() {
            if line <= above {
                let end = buffer[position...].firstIndex(of: 0x0A).map { $0 + 1 } ?? buffer.count
                try advance(to: end, isKept: true)
                continue
            }
            let shape = buffer.withUnsafeBufferPointer { CSVShape(of: $0, from: position, cells: cells) }
            if let fault = shape.fault {
                let end = shape.isWhole ? shape.end : shape.firstLineEnd
                broken.append(
                    Broken(line: line, after: good, text: text(to: end), reason: fault))
                try advance(to: end, isKept: false)
                if buffer[end - 1] != 0x0A { try skipLine() }
            } else {
                if shape.isRecord, !isHeader { good += 1 }
                try advance(to: shape.end, isKept: true)
            }
            isHeader = false
        }
        try flush()
    }

    private func text(to end: Int) -> String {
        var cut = end
        while cut > position, buffer[cut - 1] == 0x0A || buffer[cut - 1] == 0x0D { cut -= 1 }
        return String(decoding: buffer[position..<min(cut, position + Self.shown)], as: UTF8.self)
    }

    private mutating func advance(to end: Int, isKept: Bool) throws(Failure) {
        for byte in buffer[position..<end] where byte == 0x0A { line += 1 }
        if isKept, output != nil {
            pending += buffer[position..<end]
            if pending.count > 1 << 22 { try flush() }
        }
        position = end
    }

    /// Leaves out the rest of a line that is longer than the buffer.
    private mutating func skipLine() throws(Failure) {
        while try fill() {
            let rest = buffer[position...]
            guard let feed = rest.firstIndex(of: 0x0A) else {
                position = buffer.count
                continue
            }
            line += 1
            position = feed + 1
            return
        }
    }

    private mutating func flush() throws(Failure) {
        guard let output, !pending.isEmpty else { return }
        guard (try? output.write(contentsOf: pending)) != nil else { throw LedgerStore.cannotWrite("staging") }
        pending = []
    }

    /// Has the longest possible record in the buffer; false at the end of the file.
    private mutating func fill() throws(Failure) -> Bool {
        while !isAtEnd, buffer.count - position <= Self.limit {
            guard let piece = try stream.next() else {
                isAtEnd = true
                break
            }
            if position > 0 {
                buffer.removeSubrange(0..<position)
                position = 0
            }
            buffer += piece
        }
        return position < buffer.count
    }
}

/// One record at the start of some bytes.
struct CSVShape {
    /// Where the next one begins.
    var end: Int
    /// Where the next line begins.
    private(set) var firstLineEnd = 0
    /// What is wrong with it.
    private(set) var fault: String?
    /// Whether all of it is at fault, to its end: else only its first line.
    private(set) var isWhole = true
    /// Whether it has anything in it.
    private(set) var isRecord = true

    private typealias Bytes = UnsafeBufferPointer<UInt8>

    private static var feed: UInt8 { 0x0A }
    private static var back: UInt8 { 0x0D }
    private static var quote: UInt8 { 0x22 }
    private static var comma: UInt8 { 0x2C }
    private static var blank: UInt8 { 0x20 }
    /// Narrower tables have no lines that could pass for whole records by chance.
    private static let fewest = 5

    /// Looks at the record that begins at `start`.
    init(of bytes: UnsafeBufferPointer<UInt8>, from start: Int, cells: Int) {
        let walk = Walk(bytes, start, limit: start + RecordScan.limit)
        end = walk.end
        firstLineEnd = Self.lineEnd(bytes, start)
        if let broken = walk.fault {
            (fault, isWhole) = (broken, false)
            return
        }
        isRecord = !Self.isBlank(bytes, start, end)
        guard isRecord else { return }
        if end > firstLineEnd, cells >= Self.fewest, Self.holdsRecord(bytes, firstLineEnd, end, cells) {
            (fault, isWhole) = ("a quote is opened that is closed rows later", false)
        } else if walk.cells != cells {
            fault = "it has \(walk.cells < cells ? "fewer" : "more") cells than the header"
        } else if !Self.isText(bytes, start, end) {
            fault = "it is not UTF-8"
        }
    }

    private static func lineEnd(_ bytes: Bytes, _ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != feed { index += 1 }
        return min(index + 1, bytes.count)
    }

    private static func isBlank(_ bytes: Bytes, _ start: Int, _ end: Int) -> Bool {
        bytes[start..<end].allSatisfy { $0 == feed || $0 == back }
    }

    /// Whether one of the lines within a record is a whole record itself: then its quote was not meant.
    private static func holdsRecord(_ bytes: Bytes, _ start: Int, _ end: Int, _ cells: Int) -> Bool {
        var line = start
        while line < end {
            let next = lineEnd(bytes, line)
            let walk = Walk(bytes, line, limit: next)
            if walk.fault == nil, walk.cells == cells, walk.end == next { return true }
            line = next
        }
        return false
    }

    private static func isText(_ bytes: Bytes, _ start: Int, _ end: Int) -> Bool {
        let slice = bytes[start..<end]
        guard slice.contains(where: { $0 >= 0x80 }) else { return true }
        return String(validating: slice, as: UTF8.self) != nil
    }

    /// The way through a record's cells.
    private struct Walk {
        var cells = 1
        var end: Int
        var fault: String?

        init(_ bytes: Bytes, _ start: Int, limit: Int) {
            end = start
            let stop = min(bytes.count, limit)
            var index = start
            while true {
                if index < stop, bytes[index] == quote {
                    guard let closed = Self.closing(bytes, index + 1, stop) else {
                        fault =
                            stop < bytes.count
                            ? "a quote is opened and not closed within 2 MiB" : "a quote is opened and never closed"
                        return
                    }
                    index = closed
                    while index < stop, bytes[index] == blank { index += 1 }
                    guard index >= stop || Self.endsCell(bytes[index]) else {
                        fault = "a quote is closed within a cell"
                        return
                    }
                } else {
                    while index < stop, bytes[index] != comma, bytes[index] != feed { index += 1 }
                }
                while index < stop, bytes[index] == back { index += 1 }
                guard index < stop else {
                    if stop < bytes.count, stop == start + RecordScan.limit { fault = "it is longer than 2 MiB" }
                    end = stop
                    return
                }
                let isFeed = bytes[index] == feed
                index += 1
                if isFeed {
                    end = index
                    return
                }
                cells += 1
            }
        }

        private static func endsCell(_ byte: UInt8) -> Bool { byte == comma || byte == feed || byte == back }

        /// Behind the quote that closes a cell.
        private static func closing(_ bytes: Bytes, _ start: Int, _ stop: Int) -> Int? {
            var index = start
            while index < stop {
                if bytes[index] == quote {
                    guard index + 1 < stop, bytes[index + 1] == quote else { return index + 1 }
                    index += 2
                } else {
                    index += 1
                }
            }
            return nil
        }
    }
}
