/// Tells usage keys apart by the bytes of their cells: an open-addressing table over one arena of bytes.
struct KeyTable {
    private var arena: [UInt8] = []
    /// Where the bytes of an entry lie, and which series it belongs to.
    private var entries: [(start: Int, end: Int, hash: UInt64, slot: Int)] = []
    /// Entry + 1 by hash; 0 = free. A power of two long.
    private var buckets: [Int32] = Array(repeating: 0, count: 1024)

    /// The series of the record read last; nil where its key is new.
    func slot(of table: TableReader, _ positions: [Int]) -> Int? {
        let hash = Self.hash(table, positions)
        var bucket = Int(truncatingIfNeeded: hash) & (buckets.count - 1)
        while buckets[bucket] != 0 {
            let entry = entries[Int(buckets[bucket]) - 1]
            if entry.hash == hash, matches(entry.start, entry.end, table, positions) { return entry.slot }
            bucket = (bucket + 1) & (buckets.count - 1)
        }
        return nil
    }

    /// Remembers the key of the record read last.
    mutating func add(_ table: TableReader, _ positions: [Int], slot: Int) {
        let start = arena.count
        for position in positions {
            arena.append(contentsOf: table.scanner.content(table.fields[position]))
            arena.append(UInt8(ascii: "\n"))
        }
        entries.append((start, arena.count, Self.hash(table, positions), slot))
        if entries.count * 2 > buckets.count {
            buckets = Array(repeating: 0, count: buckets.count * 2)
            for index in entries.indices { place(index) }
        } else {
            place(entries.count - 1)
        }
    }

    private mutating func place(_ index: Int) {
        var bucket = Int(truncatingIfNeeded: entries[index].hash) & (buckets.count - 1)
        while buckets[bucket] != 0 { bucket = (bucket + 1) & (buckets.count - 1) }
        buckets[bucket] = Int32(index + 1)
    }

    private func matches(_ start: Int, _ end: Int, _ table: TableReader, _ positions: [Int]) -> Bool {
        var at = start
        return arena.withUnsafeBufferPointer { arena in
            for position in positions {
                let content = table.scanner.content(table.fields[position])
                guard at + content.count < end else { return false }
                for byte in content {
                    guard arena[at] == byte else { return false }
                    at &+= 1
                }
                guard arena[at] == UInt8(ascii: "\n") else { return false }
                at &+= 1
            }
            return at == end
        }
    }

    /// FNV-1a over the cells, eight bytes at a time; a cell's end counts too.
    private static func hash(_ table: TableReader, _ positions: [Int]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for position in positions {
            let content = table.scanner.content(table.fields[position])
            let raw = UnsafeRawBufferPointer(content)
            var at = 0
            while at &+ 8 <= raw.count {
                hash = mix(hash, raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                at &+= 8
            }
            var tail: UInt64 = UInt64(raw.count - at) &+ 0x100
            while at < raw.count {
                tail = tail << 8 | UInt64(raw[at])
                at &+= 1
            }
            hash = mix(hash, tail)
        }
        return hash ^ (hash >> 29)
    }

    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
        return mixed ^ (mixed >> 32)
    }
}

/// Reads the usual spelling of hours, remembering the date read last.
struct HourCells {
    /// Hours taken: 2000 up to 2100, so that one wrong digit does not ask for gigabytes.
    static let range =
        Day(year: 2000, month: 1, day: 1).firstHour
        .index..<Day(year: 2100, month: 1, day: 1).firstHour
        .index

    private var date: (UInt64, UInt16) = (0, 0)
    private var dayStart: Int?

    /// The hour's index where it is written `2026-01-01T00:00:00Z` and in range; nil sends the caller
    /// to the thorough reading.
    mutating func index(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard text.count == 20 else { return nil }
        let raw = UnsafeRawBufferPointer(text)
        let tail: StaticString = ":00:00Z"
        for offset in 0..<7 where raw[13 + offset] != tail.utf8Start[offset] { return nil }
        let high = raw[11] &- 0x30
        let low = raw[12] &- 0x30
        guard raw[10] == UInt8(ascii: "T"), high < 10, low < 10, high &* 10 &+ low < 24 else { return nil }
        let now = (raw.loadUnaligned(as: UInt64.self), raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
        if now != date || dayStart == nil {
            let day = Day(String(decoding: text[0..<10], as: UTF8.self))
            guard let start = day?.firstHour.index, Self.range.contains(start) else { return nil }
            (date, dayStart) = (now, start)
        }
        return dayStart.map { $0 + Int(high) * 10 + Int(low) }
    }
}

/// Decimals of up to 18 digits as an integer and a number of places, trailing zeros taken off.
enum ShortDecimal {
    /// Reads `digits[.digits]` of up to 18 digits and 12 places; nil sends the caller to the thorough reading.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> (mantissa: Int64, scale: Int)? {
        guard text.count > 0, text.count <= 19 else { return nil }
        var mantissa: Int64 = 0
        var point = -1
        for (offset, byte) in text.enumerated() {
            let digit = byte &- 0x30
            if digit < 10 {
                mantissa = mantissa &* 10 &+ Int64(digit)
            } else if byte == UInt8(ascii: "."), point < 0 {
                point = offset
            } else {
                return nil
            }
        }
        guard point >= 0 else { return text.count <= 18 ? (mantissa, 0) : nil }
        var scale = text.count - 1 - point
        guard scale > 0, text.count > 1, scale <= FixedPoint.places else { return nil }
        while scale > 0, mantissa % 10 == 0 {
            mantissa /= 10
            scale -= 1
        }
        return (mantissa, scale)
    }

    /// `raw` × 10⁻ˢᶜᵃˡᵉ without trailing zeros; nil where it leaves 18 digits.
    static func trimmed(_ raw: Int128, scale: Int) -> (mantissa: Int64, scale: Int)? {
        guard raw != 0 else { return (0, 0) }
        var (value, places) = (raw, scale)
        while places > 0, value % 10 == 0 {
            value /= 10
            places -= 1
        }
        return value.magnitude < UInt128(SeriesBuilder.limit) ? (Int64(value), places) : nil
    }
}

/// Grows an ``HourSeries`` from rows in any order.
struct SeriesBuilder {
    /// Values stay below 10¹⁸, so that two of them can be added in 64 bits.
    static let limit: Int64 = 1_000_000_000_000_000_000

    private var base = 0
    private var values: [Int64] = []
    private var scale = 0
    private var first = Int.max
    private var last = Int.min

    /// Adds `mantissa` × 10⁻ˢᶜᵃˡᵉ in an hour; false where it leaves 18 digits.
    mutating func add(_ mantissa: Int64, scale other: Int, at hour: Int) -> Bool {
        var value = mantissa
        if other > scale {
            guard rescale(to: other) else { return false }
        } else if other < scale {
            let (product, overflow) = mantissa.multipliedReportingOverflow(
                by: Int64(FixedPoint.power(scale - other)))
            guard !overflow else { return false }
            value = product
        }
        reach(hour)
        let sum = values[hour - base] &+ value
        guard value < Self.limit, sum < Self.limit else { return false }
        values[hour - base] = sum
        first = min(first, hour)
        last = max(last, hour)
        return true
    }

    private mutating func rescale(to other: Int) -> Bool {
        let factor = Int64(FixedPoint.power(other - scale))
        let most = values.max() ?? 0
        guard most < Self.limit / factor else { return false }
        for index in values.indices { values[index] *= factor }
        scale = other
        return true
    }

    /// Makes room for an hour. In front it grows by half, so that files sorted backwards stay linear.
    private mutating func reach(_ hour: Int) {
        if values.isEmpty {
            base = hour
            values.append(0)
        } else if hour < base {
            let more = max(base - hour, min(values.count / 2, 8_784))
            values.insert(contentsOf: repeatElement(0, count: more), at: 0)
            base -= more
        } else if hour - base >= values.count {
            values.append(contentsOf: repeatElement(0, count: hour - base - values.count + 1))
        }
    }

    /// The series from its first to its last row; nil without any.
    var series: HourSeries? {
        guard first <= last else { return nil }
        var kept = Array(values[(first - base)...(last - base)])
        var places = scale
        while places > 0, kept.allSatisfy({ $0 % 10 == 0 }) {
            for index in kept.indices { kept[index] /= 10 }
            places -= 1
        }
        return HourSeries(start: Hour(index: first), scale: places, values: kept)
    }
}
