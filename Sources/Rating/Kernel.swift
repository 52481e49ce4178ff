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
/// integers: in `Double` where every number of a pairing stays below 2⁵³ (so that floating point is
/// exact and vectorises), in `Int128` otherwise.
struct Kernel {
    let hours: Int
    /// Usage left, cells × hours, in quanta of the cell; −(n + 1) stands for `remainders[n]`.
    private(set) var left: [Double]
    private var wideLeft: [Int64]
    private let isWide: Bool
    private(set) var remainders: [Remainder] = []

    /// The largest integer up to which `Double` holds every integer.
    static let exactLimit = Int128(1) << 53

    /// Room for `cells` rows of `hours` hours; `isWide` where numbers may leave 2⁵³.
    init(cells: Int, hours: Int, isWide: Bool) {
        self.hours = hours
        self.isWide = isWide
        left = isWide ? [] : [Double](repeating: 0, count: cells * hours)
        wideLeft = isWide ? [Int64](repeating: 0, count: cells * hours) : []
    }

    /// Starts over: no remainders kept.
    mutating func reset() { remainders.removeAll(keepingCapacity: true) }

    /// Fills one row with `values` × `factor` from hour `offset` on, and zero elsewhere.
    mutating func load(row: Int, _ values: ArraySlice<Int64>, at offset: Int, factor: Int64) {
        let base = row * hours
        let filled = base + offset..<base + offset + values.count
        if isWide {
            for slot in base..<filled.lowerBound { wideLeft[slot] = 0 }
            for (slot, value) in zip(filled, values) { wideLeft[slot] = value * factor }
            for slot in filled.upperBound..<base + hours { wideLeft[slot] = 0 }
            return
        }
        let scale = Double(factor)
        left.withUnsafeMutableBufferPointer { all in
            for slot in base..<filled.lowerBound { all[slot] = 0 }
            values.withUnsafeBufferPointer { source in
                for index in 0..<source.count {
                    all[filled.lowerBound + index] = Self.double(source[index]) * scale
                }
            }
            for slot in filled.upperBound..<base + hours { all[slot] = 0 }
        }
    }

    /// 0 ≤ value < 2⁵¹ as a Double, by putting it into the mantissa of 2⁵²: unlike the plain conversion
    /// this runs several at a time on every processor.
    @inline(__always)
    private static func double(_ value: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: value) | 0x4330_0000_0000_0000) - 4_503_599_627_370_496
    }

    /// Lets a pool serve a line in every hour; `capacity` is what the pool has left, and goes down.
    mutating func serve(_ pairing: Pairing, from capacity: inout Capacity) -> Served {
        isWide ? serveWide(pairing, from: &capacity) : serveFloat(pairing, from: &capacity)
    }

    private mutating func serveWide(_ pairing: Pairing, from capacity: inout Capacity) -> Served {
        var served = Served()
        let base = pairing.row * hours
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
            wideLeft[base + hour] = Int64(settle(Int128(quantity), pairing.rate, &capacity, hour, &served))
        }
        return served
    }

    /// The hour in which a pool runs out in a unit, or in which a unit's remainder is served.
    /// Returns what to keep in the row.
    private mutating func settle(
        _ quantity: Int128, _ rate: Int64, _ capacity: inout Capacity, _ hour: Int, _ served: inout Served
    ) -> Int {
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
            return 0
        }
        served.partial += available
        capacity[hour] = Steps()
        let rest = need - available
        if rate == 1, rest.part == 0 { return Int(rest.whole) }
        let remainder = Remainder(steps: rest, rate: rate)
        if isRemainder { remainders[index] = remainder } else { remainders.append(remainder) }
        return -(index + 1)
    }

    private mutating func serveFloat(_ pairing: Pairing, from capacity: inout Capacity) -> Served {
        var served = Served()
        let base = pairing.row * hours
        let blocks = hours / Self.lanes
        var sum = SIMD8<Double>(repeating: 0)
        var block = 0
        while block < blocks {
            let isSimple = pairing.rate == 1 && !capacity.hasParts
            block = left.withUnsafeMutableBytes { row in
                capacity.float.withUnsafeMutableBytes { room in
                    Self.serveBlocks(block..<blocks, row, base, room, pairing.rate, isSimple, &sum)
                }
            }
            guard block < blocks else { break }
            let first = block * Self.lanes
            for hour in first..<first + Self.lanes { serveHour(base, hour, pairing.rate, &capacity, &served) }
            block += 1
        }
        for hour in blocks * Self.lanes..<hours { serveHour(base, hour, pairing.rate, &capacity, &served) }
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
        let stride = lanes * MemoryLayout<Double>.stride
        let rowStart = rowBase + base * MemoryLayout<Double>.stride
        let factor = Double(rate)
        var total = sum
        defer { sum = total }
        for block in blocks {
            let rowAt = rowStart + block * stride
            let roomAt = roomBase + block * stride
            let quantity = rowAt.loadUnaligned(as: SIMD8<Double>.self)
            let available = roomAt.loadUnaligned(as: SIMD8<Double>.self)
            let taken: SIMD8<Double>
            if isSimple {
                // Where a quantum takes one step, what is left is a whole number of quanta again.
                guard !any(quantity .< 0) else { return block }
                taken = quantity.replacing(with: available, where: available .< quantity)
            } else {
                let need = quantity * factor
                let full = need .<= available
                guard !any((.!full .& (available .> 0)) .| (quantity .< 0)) else { return block }
                taken = quantity.replacing(with: 0, where: .!full)
            }
            total += taken
            rowAt.storeBytes(of: quantity - taken, as: SIMD8<Double>.self)
            roomAt.storeBytes(of: available - taken * factor, as: SIMD8<Double>.self)
        }
        return blocks.upperBound
    }

    private mutating func serveHour(
        _ base: Int, _ hour: Int, _ rate: Int64, _ capacity: inout Capacity, _ served: inout Served
    ) {
        let quantity = left[base + hour]
        let available = capacity.float[hour]
        guard quantity != 0, available > 0 else { return }
        let need = quantity * Double(rate)
        if quantity > 0, need <= available {
            capacity.float[hour] = available - need
            served.whole += Int128(Int64(quantity))
            left[base + hour] = 0
            return
        }
        left[base + hour] = Double(settle(Int128(Int64(quantity)), rate, &capacity, hour, &served))
    }
}

/// What a pool has left in every hour, in steps.
///
/// Kept in `Double` for the fast loops as the whole steps, plus ½ where there is a part below one:
/// comparing a whole number with it gives the same answer as with the exact value.
struct Capacity {
    var float: [Double]
    var whole: [Int128]
    private var parts: [UInt64]
    private(set) var hasParts = false
    private let isWide: Bool

    /// Nothing in any of `hours` hours.
    init(hours: Int, isWide: Bool) {
        self.isWide = isWide
        whole = isWide ? [Int128](repeating: 0, count: hours) : []
        float = isWide ? [] : [Double](repeating: 0, count: hours)
        parts = [UInt64](repeating: 0, count: hours)
    }

    /// Adds whole steps to some hours.
    mutating func add(_ steps: Int128, in hours: Range<Int>) {
        if isWide {
            for hour in hours { whole[hour] += steps }
        } else {
            // Through Int64: converting Int128 to floating point is slow, and the numbers are below 2⁵³.
            let added = Double(Int64(truncatingIfNeeded: steps))
            for hour in hours { float[hour] += added }
        }
    }

    func isEmpty(_ hour: Int) -> Bool { self[hour].isZero }

    subscript(hour: Int) -> Steps {
        get {
            isWide
                ? Steps(whole: whole[hour], part: parts[hour])
                : Steps(whole: Int128(Int64(float[hour])), part: parts[hour])
        }
        set {
            parts[hour] = newValue.part
            if newValue.part != 0 { hasParts = true }
            if isWide {
                whole[hour] = newValue.whole
            } else {
                float[hour] = Double(Int64(truncatingIfNeeded: newValue.whole)) + (newValue.part == 0 ? 0 : 0.5)
            }
        }
    }

    /// What is left over all hours.
    var total: Steps {
        if !isWide, !hasParts { return Steps(whole: Int128(Int64(float.reduce(0, +)))) }
        var sum = Steps()
        for hour in parts.indices { sum += self[hour] }
        return sum
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
