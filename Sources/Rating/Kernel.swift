internal import PlimsollCore

/// A non-negative amount of a commitment's unit: whole steps and 2⁻⁶⁴ parts of a step.
///
/// Steps are chosen so that what a quantum of usage takes is a whole number of them. Only the quantum
/// that a commitment runs out in may leave a fraction for the next commitment; it is kept to 2⁻⁶⁴ of a
/// step, far below what 12 places of a bill can show.
struct Steps: Equatable {
    var whole: Int128 = 0
    var part: UInt64 = 0

    var isZero: Bool { whole == 0 && part == 0 }

    static func <= (left: Steps, right: Steps) -> Bool {
        left.whole < right.whole || (left.whole == right.whole && left.part <= right.part)
    }

    static func - (left: Steps, right: Steps) -> Steps {
        let (part, borrow) = left.part.subtractingReportingOverflow(right.part)
        return Steps(whole: left.whole - right.whole - (borrow ? 1 : 0), part: part)
    }

    static func += (left: inout Steps, right: Steps) {
        let (part, carry) = left.part.addingReportingOverflow(right.part)
        left.whole += right.whole + (carry ? 1 : 0)
        left.part = part
    }

    /// This × `numerator` ÷ `denominator`, rounded down to 2⁻⁶⁴ of a step. The result must fit.
    func scaled(by numerator: Int64, over denominator: Int64) -> Steps {
        let times = UInt64(numerator)
        let by = UInt64(denominator)
        let bits = UInt128(truncatingIfNeeded: whole)
        let first = part.multipliedFullWidth(by: times)
        let second = Self.multiply(UInt64(truncatingIfNeeded: bits), times, adding: first.high)
        let third = Self.multiply(UInt64(truncatingIfNeeded: bits >> 64), times, adding: second.high)
        let top = by.dividingFullWidth((0, third.high))
        let high = by.dividingFullWidth((top.remainder, third.low))
        let middle = by.dividingFullWidth((high.remainder, second.low))
        let low = by.dividingFullWidth((middle.remainder, first.low))
        let whole = UInt128(high.quotient) << 64 | UInt128(middle.quotient)
        return Steps(whole: Int128(truncatingIfNeeded: whole), part: low.quotient)
    }

    private static func multiply(_ a: UInt64, _ b: UInt64, adding: UInt64) -> (high: UInt64, low: UInt64) {
        let (high, low) = a.multipliedFullWidth(by: b)
        let (sum, carry) = low.addingReportingOverflow(adding)
        return (high + (carry ? 1 : 0), sum)
    }
}

/// What is left of a unit of usage that a commitment ran out in.
struct Remainder {
    /// In steps of the commitment it was last measured by.
    var steps: Steps
    /// That commitment's rate: steps per quantum of usage.
    var rate: Int64
}

/// What a commitment gave one usage line over some hours.
struct Served: Equatable {
    /// Quanta served whole.
    var whole: Int128 = 0
    /// Served in part, in steps.
    var partial = Steps()

    var isZero: Bool { whole == 0 && partial.isZero }
}

/// One usage line against one commitment class.
struct Pairing {
    var cell: Int
    /// Row of the kernel.
    var row: Int
    var pool: Int
    /// Steps per quantum of usage.
    var rate: Int64
}

/// The hour loops: how much of every line each commitment serves, exactly.
///
/// Rows of hours, one after the other; pairings in the vendor's order. Quantities and needs are
/// integers: in `Double` where every number of a pairing stays below 2⁵¹ (so that floating point is
/// exact and vectorises), in `Int128` otherwise.
struct Kernel {
    private(set) var hours = 0
    /// Hours between the beginnings of two rows.
    private let stride: Int
    /// Usage left, cells × hours, in quanta of the cell; `marker` + n stands for `remainders[n]`.
    private var left: [Double]
    /// The same for wide numbers; −(n + 1) stands for `remainders[n]`.
    private var wideLeft: [Int64]
    private let isWide: Bool
    private var remainders: [Remainder] = []
    /// Quanta left in each row; what is served in part is not taken off, so that 0 means nothing is left.
    private var rowQuanta: [Int128]
    /// Rows that hold remainders.
    private var hasRemainders: [Bool]

    /// From here on a number in a row stands for a remainder: above all quantities, and exact in `Double`.
    private static let marker = 4_503_599_627_370_496.0

    /// Room for `cells` rows of at most `hours` hours; `isWide` where numbers may leave 2⁵¹.
    init(cells: Int, hours: Int, isWide: Bool) {
        stride = hours
        self.isWide = isWide
        left = isWide ? [] : [Double](repeating: 0, count: cells * hours)
        wideLeft = isWide ? [Int64](repeating: 0, count: cells * hours) : []
        rowQuanta = Array(repeating: 0, count: cells)
        hasRemainders = Array(repeating: false, count: cells)
    }

    /// Starts over with rows of `hours` hours and no remainders. Every row is to be loaded anew.
    mutating func reset(hours: Int) {
        self.hours = hours
        remainders.removeAll(keepingCapacity: true)
    }

    /// Fills one row with `values` × `factor` from hour `offset` on, and zero elsewhere; `total` is their sum.
    mutating func load(row: Int, _ values: UnsafeBufferPointer<Int64>, at offset: Int, factor: Int64, total: Int128) {
        rowQuanta[row] = total
        hasRemainders[row] = false
        let base = row * stride
        let filled = base + offset..<base + offset + values.count
        if isWide {
            for slot in base..<filled.lowerBound { wideLeft[slot] = 0 }
            for (slot, value) in zip(filled, values) { wideLeft[slot] = value * factor }
            for slot in filled.upperBound..<base + hours { wideLeft[slot] = 0 }
            return
        }
        left.withUnsafeMutableBufferPointer { all in
            for slot in base..<filled.lowerBound { all[slot] = 0 }
            Self.convert(values, times: Double(factor), into: UnsafeMutableBufferPointer(rebasing: all[filled]))
            for slot in filled.upperBound..<base + hours { all[slot] = 0 }
        }
    }

    /// 0 ≤ value < 2⁵¹ as a Double, by putting it into the mantissa of 2⁵²: unlike the plain conversion
    /// this runs several at a time on every processor.
    private static func convert(
        _ values: UnsafeBufferPointer<Int64>, times factor: Double, into row: UnsafeMutableBufferPointer<Double>
    ) {
        let pattern: UInt64 = 0x4330_0000_0000_0000
        let power = 4_503_599_627_370_496.0
        let source = UnsafeRawBufferPointer(values)
        let target = UnsafeMutableRawBufferPointer(row)
        let width = lanes * MemoryLayout<Double>.stride
        let blocks = values.count / lanes
        for offset in Swift.stride(from: 0, to: blocks * width, by: width) {
            let eight = source.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
            let mantissas = unsafeBitCast(eight | pattern, to: SIMD8<Double>.self)
            target.storeBytes(of: (mantissas - power) * factor, toByteOffset: offset, as: SIMD8<Double>.self)
        }
        for index in blocks * lanes..<values.count { row[index] = Double(values[index]) * factor }
    }

    /// What is left of a row in an hour: whole quanta, or part of one.
    enum Left {
        case quanta(Int64)
        case rest(Remainder)
    }

    /// What is left of a row in an hour.
    func left(row: Int, hour: Int) -> Left {
        let slot = row * stride + hour
        if isWide {
            let quantity = wideLeft[slot]
            return quantity < 0 ? .rest(remainders[Int(-quantity - 1)]) : .quanta(quantity)
        }
        let value = left[slot]
        return value >= Self.marker ? .rest(remainders[Int(value - Self.marker)]) : .quanta(Int64(value))
    }

    /// Adds what is left in a row × `price` to sums by hour; a remainder is rounded down to a 10⁻¹² of a quantum.
    func addLeft(row: Int, times price: Int128, to sums: inout [Int128], from first: Int) {
        for hour in 0..<hours {
            switch left(row: row, hour: hour) {
            case .quanta(let count): sums[first + hour] += Int128(count) * price
            case .rest(let rest): sums[first + hour] += rest.steps.scaled(by: Int64(price), over: rest.rate).whole
            }
        }
    }

    /// Whether something is left in a row.
    func hasUsage(row: Int) -> Bool { rowQuanta[row] != 0 }

    /// Lets a pool serve a line in every hour; `capacity` is what the pool has left, and goes down.
    mutating func serve(_ pairing: Pairing, from capacity: inout Capacity) -> Served {
        let served = isWide ? serveWide(pairing, from: &capacity) : serveFloat(pairing, from: &capacity)
        rowQuanta[pairing.row] -= served.whole
        return served
    }

    private mutating func serveWide(_ pairing: Pairing, from capacity: inout Capacity) -> Served {
        var served = Served()
        let base = pairing.row * stride
        for hour in 0..<hours {
            let quantity = wideLeft[base + hour]
            guard quantity != 0, !capacity.isEmpty(hour) else { continue }
            if quantity > 0 {
                let need = Int128(quantity) * Int128(pairing.rate)
                if need <= capacity.whole[hour] {
                    capacity.whole[hour] -= need
                    served.whole += Int128(quantity)
                    wideLeft[base + hour] = 0
                    continue
                }
            }
            let kept = settle(Int128(quantity), pairing, &capacity, hour, &served)
            wideLeft[base + hour] = Int64(kept.remainder.map { -($0 + 1) } ?? kept.quanta)
        }
        return served
    }

    /// What stays in a row after an hour was settled: quanta, or the number of a remainder.
    private struct Kept {
        var quanta = 0
        var remainder: Int?
    }

    /// The hour in which a pool runs out in a unit, or in which a unit's remainder (`quantity` = −(n + 1))
    /// is served. Returns what to keep in the row.
    private mutating func settle(
        _ quantity: Int128, _ pairing: Pairing, _ capacity: inout Capacity, _ hour: Int, _ served: inout Served
    ) -> Kept {
        let rate = pairing.rate
        let available = capacity[hour]
        let isRemainder = quantity < 0
        let index = isRemainder ? Int(-quantity - 1) : remainders.count
        let need: Steps
        if isRemainder {
            need = remainders[index].steps.scaled(by: rate, over: remainders[index].rate)
        } else {
            need = Steps(whole: quantity * Int128(rate))
        }
        guard !(need <= available) else {
            capacity[hour] = available - need
            served.partial += need
            return Kept()
        }
        served.partial += available
        capacity[hour] = Steps()
        let rest = need - available
        if rate == 1, rest.part == 0 { return Kept(quanta: Int(rest.whole)) }
        let remainder = Remainder(steps: rest, rate: rate)
        hasRemainders[pairing.row] = true
        if isRemainder { remainders[index] = remainder } else { remainders.append(remainder) }
        return Kept(remainder: index)
    }

    private mutating func serveFloat(_ pairing: Pairing, from capacity: inout Capacity) -> Served {
        var served = Served()
        let base = pairing.row * stride
        let blocks = hours / Self.lanes
        var sum = SIMD8<Double>(repeating: 0)
        var block = 0
        while block < blocks {
            let isSimple = pairing.rate == 1 && !capacity.hasParts && !hasRemainders[pairing.row]
            block = left.withUnsafeMutableBytes { row in
                capacity.float.withUnsafeMutableBytes { room in
                    Self.serveBlocks(block..<blocks, row, base, room, pairing.rate, isSimple, &sum)
                }
            }
            guard block < blocks else { break }
            let first = block * Self.lanes
            for hour in first..<first + Self.lanes { serveHour(base, hour, pairing, &capacity, &served) }
            block += 1
        }
        for hour in blocks * Self.lanes..<hours { serveHour(base, hour, pairing, &capacity, &served) }
        served.whole += Int128(Int64(sum.sum()))
        return served
    }

    private static let lanes = 8

    /// Serves eight hours at a time. Stops before the first eight of which one needs a closer look, and
    /// returns their place; else the end of `blocks`.
    private static func serveBlocks(
        _ blocks: Range<Int>, _ row: UnsafeMutableRawBufferPointer, _ base: Int, _ room: UnsafeMutableRawBufferPointer,
        _ rate: Int64, _ isSimple: Bool, _ sum: inout SIMD8<Double>
    ) -> Int {
        guard let rowBase = row.baseAddress, let roomBase = room.baseAddress else { return blocks.upperBound }
        let rowStart = rowBase + base * MemoryLayout<Double>.stride
        if isSimple {
            serveUnits(blocks, rowStart, roomBase, &sum)
            return blocks.upperBound
        }
        let width = lanes * MemoryLayout<Double>.stride
        let factor = Double(rate)
        var total = sum
        defer { sum = total }
        for block in blocks {
            let rowAt = rowStart + block * width
            let roomAt = roomBase + block * width
            let quantity = rowAt.loadUnaligned(as: SIMD8<Double>.self)
            let available = roomAt.loadUnaligned(as: SIMD8<Double>.self)
            let need = quantity * factor
            let full = need .<= available
            // A remainder's marker is above all capacities: where there is some, it is looked at closely.
            guard !any(.!full .& (available .> 0)) else { return block }
            let taken = quantity.replacing(with: 0, where: .!full)
            total += taken
            rowAt.storeBytes(of: quantity - taken, as: SIMD8<Double>.self)
            roomAt.storeBytes(of: available - need.replacing(with: 0, where: .!full), as: SIMD8<Double>.self)
        }
        return blocks.upperBound
    }

    /// Where a quantum takes one step and there are no parts, what is left is a whole number of quanta again.
    private static func serveUnits(
        _ blocks: Range<Int>, _ row: UnsafeMutableRawPointer, _ room: UnsafeMutableRawPointer,
        _ sum: inout SIMD8<Double>
    ) {
        let width = lanes * MemoryLayout<Double>.stride
        var total = sum
        for block in blocks {
            let quantity = (row + block * width).loadUnaligned(as: SIMD8<Double>.self)
            let available = (room + block * width).loadUnaligned(as: SIMD8<Double>.self)
            let taken = quantity.replacing(with: available, where: available .< quantity)
            total += taken
            (row + block * width).storeBytes(of: quantity - taken, as: SIMD8<Double>.self)
            (room + block * width).storeBytes(of: available - taken, as: SIMD8<Double>.self)
        }
        sum = total
    }

    private mutating func serveHour(
        _ base: Int, _ hour: Int, _ pairing: Pairing, _ capacity: inout Capacity, _ served: inout Served
    ) {
        let quantity = left[base + hour]
        let available = capacity.float[hour]
        guard quantity != 0, available > 0 else { return }
        let isRemainder = quantity >= Self.marker
        let need = quantity * Double(pairing.rate)
        if !isRemainder, need <= available {
            capacity.float[hour] = available - need
            served.whole += Int128(Int64(quantity))
            left[base + hour] = 0
            return
        }
        let given = isRemainder ? -(Int128(Int64(quantity - Self.marker)) + 1) : Int128(Int64(quantity))
        let kept = settle(given, pairing, &capacity, hour, &served)
        left[base + hour] = kept.remainder.map { Self.marker + Double($0) } ?? Double(kept.quanta)
    }
}

/// What a pool has left in every hour, in steps.
///
/// Kept in `Double` for the fast loops as the whole steps, plus ½ where there is a part below one:
/// comparing a whole number with it gives the same answer as with the exact value.
struct Capacity {
    var float: [Double] = []
    var whole: [Int128] = []
    /// Empty as long as there are none.
    private var parts: [UInt64] = []
    private var hours = 0
    private let isWide: Bool
    /// Known to hold nothing more.
    private(set) var isDry = true

    var hasParts: Bool { !parts.isEmpty }

    /// Nothing in no hours.
    init(isWide: Bool) { self.isWide = isWide }

    /// Starts over with nothing in any of `hours` hours, or with `steps` in every one of them.
    mutating func reset(hours: Int, to steps: Int128 = 0) {
        self.hours = hours
        parts.removeAll()
        isDry = steps == 0
        if isWide {
            whole.removeAll(keepingCapacity: true)
            whole.append(contentsOf: repeatElement(steps, count: hours))
        } else {
            // Through Int64: converting Int128 to floating point is slow, and the numbers are below 2⁵³.
            float.removeAll(keepingCapacity: true)
            float.append(contentsOf: repeatElement(Double(Int64(truncatingIfNeeded: steps)), count: hours))
        }
    }

    /// Adds whole steps to some hours.
    mutating func add(_ steps: Int128, in hours: Range<Int>) {
        if !hours.isEmpty, steps != 0 { isDry = false }
        if isWide {
            for hour in hours { whole[hour] += steps }
        } else {
            let added = Double(Int64(truncatingIfNeeded: steps))
            for hour in hours { float[hour] += added }
        }
    }

    /// Looks whether anything is left.
    mutating func checkDry() { isDry = isWide ? !whole.contains { $0 > 0 } && !hasParts : !float.contains { $0 > 0 } }

    func isEmpty(_ hour: Int) -> Bool { self[hour].isZero }

    subscript(hour: Int) -> Steps {
        get {
            let part = parts.isEmpty ? 0 : parts[hour]
            return isWide
                ? Steps(whole: whole[hour], part: part) : Steps(whole: Int128(Int64(float[hour])), part: part)
        }
        set {
            if newValue.part != 0, parts.isEmpty { parts = Array(repeating: 0, count: hours) }
            if !parts.isEmpty { parts[hour] = newValue.part }
            if isWide {
                whole[hour] = newValue.whole
            } else {
                float[hour] = Double(Int64(truncatingIfNeeded: newValue.whole)) + (newValue.part == 0 ? 0 : 0.5)
            }
        }
    }

    /// What is left over all hours.
    var total: Steps {
        if isDry { return Steps() }
        if !isWide, !hasParts { return Steps(whole: Int128(Int64(Self.sum(float)))) }
        var sum = Steps()
        for hour in 0..<hours { sum += self[hour] }
        return sum
    }

    /// Whole numbers whose sum stays below 2⁵³: any order of adding gives the same.
    private static func sum(_ values: [Double]) -> Double {
        var eight = SIMD8<Double>(repeating: 0)
        var index = 0
        values.withUnsafeBytes { bytes in
            while index + 8 <= values.count {
                let offset = index * MemoryLayout<Double>.stride
                eight += bytes.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
                index += 8
            }
        }
        return values[index...].reduce(eight.sum(), +)
    }
}

extension Steps {
    /// This ÷ `divisor` to the nearest whole number, ties to even.
    func rounded(over divisor: Int128 = 1) -> Int128 {
        let (quotient, remainder) = whole.quotientAndRemainder(dividingBy: divisor)
        // Compares remainder + part with divisor ÷ 2, in halves of a step.
        let twice = remainder * 2 + (part >> 63 == 1 ? 1 : 0)
        let exactHalf = twice == divisor && part << 1 == 0
        if exactHalf { return quotient + (quotient % 2 != 0 ? 1 : 0) }
        return twice >= divisor ? quotient + 1 : quotient
    }
}
