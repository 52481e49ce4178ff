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
        let keys = EstateSQL.keys
        let rows = try ledger.rows(
            "SELECT * FROM cells ORDER BY cell;", after: views + EstateSQL.usage(into: file.path))
        cells = rows.map { row in keys.map { row[$0]?.string ?? "" } }
        guard let data = try? Data(contentsOf: file, options: .alwaysMapped) else {
            throw LedgerStore.cannotWrite(file.path)
        }
        parts = CellParts(data, cells: cells.count)
    }

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

    /// From lines `cell,first hour,hours,quantity`; the quantity has 12 places.
    init(_ data: Data, cells: Int) {
        var counts = [Int](repeating: 0, count: cells + 1)
        var (first, last) = (Int.max, Int.min)
        Self.scan(data) { cell, hour, length, _ in
            counts[cell + 1] += length
            first = min(first, hour)
            last = max(last, hour + length - 1)
        }
        for cell in 0..<cells { counts[cell + 1] += counts[cell] }
        starts = counts
        hours = [Int32](repeating: 0, count: counts[cells])
        raws = [Int128](repeating: 0, count: counts[cells])
        if first <= last { span = first...last }
        var next = counts
        Self.scan(data) { cell, hour, length, raw in
            let share = raw / Int128(length)
            for step in 0..<length {
                let place = next[cell]
                hours[place] = Int32(truncatingIfNeeded: hour + step)
                raws[place] = step == length - 1 ? raw - share * Int128(length - 1) : share
                next[cell] = place + 1
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

    private static func scan(_ data: Data, _ body: (Int, Int, Int, Int128) -> Void) {
        data.withUnsafeBytes { bytes in
            var index = 0
            while index < bytes.count {
                let cell = number(bytes, &index)
                let hour = number(bytes, &index)
                let length = number(bytes, &index)
                body(Int(cell), Int(hour), Int(length), number(bytes, &index))
            }
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
