internal import Foundation
internal import PlimsollCore

/// Usage of a ledger by cell and hour, as the interchange file `usage`.
///
/// The engine adds up what begins in the same hour and names each cell by a number; hours are put in order
/// and spread here, over plain integers. Charge periods longer than an hour are spread over their hours, the
/// last hour takes the remainder.
struct UsageExtraction {
    /// Keys of the cells, in their order.
    private let cells: [[String]]
    private let parts: CellParts

    /// Reads the view `lines`, which `views` makes.
    init(_ ledger: LedgerQuery, views: String) throws(Failure) {
        let file = FileManager.default.temporaryDirectory.appending(path: "plimsoll-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: file) }
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw LedgerStore.cannotWrite(file.path) }
        var rows: [JSONValue] = []
        var places: [UInt64: Int] = [:]
        for seed in 0..<Self.seeds {
            rows = try ledger.rows(
                "SELECT CAST(cell AS VARCHAR) AS cell, \(EstateSQL.keyList) FROM used WHERE is_key = 1 "
                    + "ORDER BY \(EstateSQL.keyList);", after: views + EstateSQL.usage(into: file.path, seed: seed))
            let hashes = rows.enumerated().compactMap { place, row in
                (row["cell"]?.string).flatMap { UInt64($0) }.map { ($0, place) }
            }
            places = Dictionary(hashes, uniquingKeysWith: { first, _ in first })
            if places.count == rows.count { break }
        }
        guard places.count == rows.count else { throw Self.sameHash }
        cells = rows.map { row in EstateSQL.keys.map { row[$0]?.string ?? "" } }
        guard let data = try? Data(contentsOf: file, options: .alwaysMapped) else {
            throw LedgerStore.cannotWrite(file.path)
        }
        parts = CellParts(data, places: places)
    }

    /// Seeds tried before giving up; one is enough but for one ledger in millions.
    private static let seeds = 4

    private static let sameHash = Failure(
        .bug, "ledger.same-hash", "two kinds of usage cannot be told apart", hint: "please report the ledger")

    /// The file, and its number of rows.
    func table() -> (bytes: [UInt8], rows: Int) {
        let names = InterchangeSchema.usage.columns.map(\.name)
        var bytes = CSVWriter(header: names).bytes
        let clock = HourTexts(parts.span)
        var rows = 0
        for (cell, key) in cells.enumerated() {
            // hour, then the key up to the unit, quantity, unit, resource.
            let front = Self.cells(key.dropLast()) + [UInt8(ascii: ",")]
            let back = Self.cells([key.last ?? "", ""]) + [UInt8(ascii: "\n")]
            let hours = parts.hours(of: cell)
            let width = HourTexts.width + front.count + LineBuffer.decimalWidth + back.count
            bytes += [UInt8](unsafeUninitializedCapacity: hours.count * width) { buffer, count in
                var line = LineBuffer(buffer)
                for (hour, raw) in hours where raw != 0 {
                    line.add(clock[hour])
                    line.add(front[...])
                    line.add(decimal: raw)
                    line.add(back[...])
                    rows += 1
                }
                count = line.count
            }
        }
        return (bytes, rows)
    }

    /// Cells of a row as they stand in a file, each behind a comma.
    private static func cells(_ texts: some Sequence<String>) -> [UInt8] {
        [UInt8(ascii: ",")] + CSVWriter(header: Array(texts)).bytes.dropLast()
    }
}

/// Integers by cell and hour.
private struct CellParts {
    private var starts: [Int]
    private var hours: [Int32]
    private var raws: [Int128]
    /// First and last hour of all.
    private(set) var span = 0...0

    /// A line of the file.
    private struct Part {
        var cell: Int32
        var hour: Int32
        var length: Int
        var raw: Int128
    }

    /// From lines `hash,first hour,hours,quantity`; the quantity has 12 places, and `places` are those of the
    /// cells by their hashes.
    init(_ data: Data, places: [UInt64: Int]) {
        let cells = places.count
        let parts = Self.parts(data, places)
        var counts = [Int](repeating: 0, count: cells + 1)
        var (first, last) = (Int.max, Int.min)
        for part in parts {
            counts[Int(part.cell) + 1] += part.length
            first = min(first, Int(part.hour))
            last = max(last, Int(part.hour) + part.length - 1)
        }
        for cell in 0..<cells { counts[cell + 1] += counts[cell] }
        starts = counts
        hours = [Int32](repeating: 0, count: counts[cells])
        raws = [Int128](repeating: 0, count: counts[cells])
        if first <= last { span = first...last }
        for part in parts {
            let place = counts[Int(part.cell)]
            counts[Int(part.cell)] = place + part.length
            guard part.length > 1 else {
                (hours[place], raws[place]) = (part.hour, part.raw)
                continue
            }
            let share = part.raw / Int128(part.length)
            for step in 0..<part.length {
                hours[place + step] = Int32(truncatingIfNeeded: Int(part.hour) + step)
                raws[place + step] = step == part.length - 1 ? part.raw - share * Int128(part.length - 1) : share
            }
        }
    }

    /// Hours of a cell in order, with their sums.
    func hours(of cell: Int) -> [(hour: Int, raw: Int128)] {
        let range = starts[cell]..<starts[cell + 1]
        var (first, last) = (Int32.max, Int32.min)
        for place in range {
            first = min(first, hours[place])
            last = max(last, hours[place])
        }
        guard first <= last else { return [] }
        let width = Int(last - first) + 1
        guard width <= 4 * range.count + 1_000 else { return sparse(range) }
        var sums = (0..<width).map { (hour: Int(first) + $0, raw: Int128(0)) }
        for place in range { sums[Int(hours[place] - first)].raw += raws[place] }
        return sums
    }

    /// The same for cells with few of the hours between their first and last.
    private func sparse(_ range: Range<Int>) -> [(hour: Int, raw: Int128)] {
        var result: [(hour: Int, raw: Int128)] = []
        for place in range.sorted(by: { hours[$0] < hours[$1] }) {
            if let last = result.last, last.hour == Int(hours[place]) {
                result[result.count - 1].raw += raws[place]
            } else {
                result.append((Int(hours[place]), raws[place]))
            }
        }
        return result
    }

    private static func parts(_ data: Data, _ places: [UInt64: Int]) -> [Part] {
        data.withUnsafeBytes { bytes in
            var result: [Part] = []
            var index = 0
            while index < bytes.count {
                let cell = places[UInt64(truncatingIfNeeded: number(bytes, &index))] ?? 0
                let hour = Int32(truncatingIfNeeded: number(bytes, &index))
                let length = Int(number(bytes, &index))
                result.append(
                    Part(cell: Int32(truncatingIfNeeded: cell), hour: hour, length: length, raw: number(bytes, &index)))
            }
            return result
        }
    }

    /// The number at `index`, which then is behind the comma or line feed that ends it.
    private static func number(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Int128 {
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var (small, digits) = (UInt64(0), 0)
        var large: Int128?
        while index < bytes.count, case let digit = bytes[index] &- 48, digit < 10 || bytes[index] == 0x2E {
            index += 1
            // All have the same places: without its point the number is the fixed-point one.
            guard digit < 10 else { continue }
            if digits < 18 {
                small = small &* 10 &+ UInt64(digit)
            } else {
                large = (large ?? Int128(small)) * 10 + Int128(digit)
            }
            digits += 1
        }
        index += 1
        let value = large ?? Int128(small)
        return isNegative ? -value : value
    }
}

/// Hours as files have them, made once.
private struct HourTexts {
    private let first: Int
    private let texts: [UInt8]
    static let width = 20

    init(_ span: ClosedRange<Int>) {
        first = span.lowerBound
        var all: [UInt8] = []
        for index in span { all += Array(Hour(index: index).description.utf8.prefix(Self.width)) }
        texts = all
    }

    subscript(hour: Int) -> ArraySlice<UInt8> {
        let start = (hour - first) * Self.width
        return texts[start..<start + Self.width]
    }
}

/// Bytes put one behind the other into memory that is large enough.
private struct LineBuffer {
    /// Longest text of a fixed-point number.
    static let decimalWidth = 41

    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            buffer[count] = byte
            count += 1
        }
    }

    /// Whole numbers digit by digit, without a String for each.
    mutating func add(decimal raw: Int128) {
        let unit = UInt64(FixedPoint.one)
        guard raw >= 0, raw <= Int128(UInt64.max), UInt64(raw) % unit == 0 else {
            return add(Array(FixedPoint.text(raw).utf8)[...])
        }
        var rest = UInt64(raw) / unit
        let start = count
        repeat {
            buffer[count] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            count += 1
            rest /= 10
        } while rest > 0
        var (low, high) = (start, count - 1)
        while low < high {
            buffer.swapAt(low, high)
            (low, high) = (low + 1, high - 1)
        }
    }
}
