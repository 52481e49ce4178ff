internal import PlimsollCore

/// A non-negative amount of a commitment's unit: whole steps and 2⁻⁶⁴ parts of a step.
///
/// A step is 10⁻⁽ᵏ⁺ʲ⁾ of the unit (k decimals of quantities, j of rates). Everything but the unit of
/// usage that a commitment runs out in is a whole number of steps; that one unit, passed on to the next
/// commitment, is kept to 2⁻⁶⁴ of a step, far below what 12 places of a bill can show.
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

    /// This × `numerator` ÷ `denominator`, rounded down to 2⁻⁶⁴ of a step.
    func scaled(by numerator: Int64, over denominator: Int64) -> Steps {
        let times = UInt64(numerator)
        let by = UInt64(denominator)
        let bits = UInt128(whole)
        let limbs = [part, UInt64(truncatingIfNeeded: bits), UInt64(truncatingIfNeeded: bits >> 64)]
        var product: [UInt64] = [0, 0, 0, 0]
        var carry: UInt64 = 0
        for (index, limb) in limbs.enumerated() {
            let (high, low) = limb.multipliedFullWidth(by: times)
            let (sum, over) = low.addingReportingOverflow(carry)
            product[index] = sum
            carry = high + (over ? 1 : 0)
        }
        product[3] = carry
        var remainder: UInt64 = 0
        for index in stride(from: 3, through: 0, by: -1) {
            (product[index], remainder) = by.dividingFullWidth((remainder, product[index]))
        }
        let whole = UInt128(product[2]) << 64 | UInt128(product[1])
        return Steps(whole: Int128(whole), part: product[0])
    }
}

/// What is left of a unit of usage that a commitment ran out in.
struct Remainder {
    /// In steps of the commitment it was last measured by.
    var steps: Steps
    /// That commitment's rate: steps per 10⁻ᵏ of usage.
    var rate: Int64
}

/// What a commitment gave one usage line over some hours.
struct Served: Equatable {
    /// Quantity served whole, in 10⁻ᵏ.
    var whole: Int128 = 0
    /// Served in part, in steps.
    var partial = Steps()

    var isZero: Bool { whole == 0 && partial.isZero }
}

/// One usage line against one commitment class.
struct Pairing {
    /// Row of the kernel.
    var row: Int
    var pool: Int
    /// Steps per 10⁻ᵏ of usage.
    var rate: Int64
}

/// The hour loops: how much of every line each commitment serves, exactly.
///
/// Rows of hours, one after the other; pairings in the vendor's order. Quantities and needs are
/// integers: in `Double` where every number of a pairing stays below 2⁵³ (so that floating point is
/// exact and vectorises), in `Int128` otherwise.
struct Kernel {
    let hours: Int
    /// Usage left, cells × hours, in 10⁻ᵏ; −(n + 1) stands for `remainders[n]`.
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

    /// Fills one row with `values` × `factor`.
    mutating func load(row: Int, _ values: ArraySlice<Int64>, at offset: Int, factor: Int64) {
        let base = row * hours
        if isWide {
            for hour in 0..<hours { wideLeft[base + hour] = 0 }
            var slot = base + offset
            for value in values {
                wideLeft[slot] = value * factor
                slot += 1
            }
            return
        }
        let scale = Double(factor)
        left.withUnsafeMutableBufferPointer { all in
            for hour in 0..<hours { all[base + hour] = 0 }
            values.withUnsafeBufferPointer { source in
                for index in 0..<source.count { all[base + offset + index] = Double(source[index]) * scale }
            }
        }
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
        let rest = Remainder(steps: need - available, rate: rate)
        if isRemainder { remainders[index] = rest } else { remainders.append(rest) }
        return -(index + 1)
    }

    private mutating func serveFloat(_ pairing: Pairing, from capacity: inout Capacity) -> Served {
        var served = Served()
        let base = pairing.row * hours
        let rate = Double(pairing.rate)
        let lanes = 8
        let blocks = hours / lanes
        var sum = SIMD8<Double>(repeating: 0)
        for block in 0..<blocks {
            let slot = block * lanes
            let special = left.withUnsafeMutableBufferPointer { row in
                capacity.float.withUnsafeMutableBufferPointer { room in
                    Self.serveBlock(row, base + slot, room, slot, rate, &sum)
                }
            }
            guard special else { continue }
            for hour in slot..<slot + lanes { serveHour(base, hour, pairing.rate, &capacity, &served) }
        }
        for hour in blocks * lanes..<hours { serveHour(base, hour, pairing.rate, &capacity, &served) }
        served.whole += Int128(sum.sum())
        return served
    }

    /// Eight hours at once. Returns whether one of them needs a closer look; then those are untouched.
    @inline(__always)
    private static func serveBlock(
        _ row: UnsafeMutableBufferPointer<Double>, _ at: Int, _ room: UnsafeMutableBufferPointer<Double>, _ slot: Int,
        _ rate: Double, _ sum: inout SIMD8<Double>
    ) -> Bool {
        guard let rowBase = row.baseAddress, let roomBase = room.baseAddress else { return false }
        let rowAt = UnsafeMutableRawPointer(rowBase + at)
        let roomAt = UnsafeMutableRawPointer(roomBase + slot)
        let quantity = rowAt.loadUnaligned(as: SIMD8<Double>.self)
        let available = roomAt.loadUnaligned(as: SIMD8<Double>.self)
        let need = quantity * rate
        let full = need .<= available .& (quantity .>= 0)
        let taken = quantity.replacing(with: 0, where: .!full)
        sum += taken
        rowAt.storeBytes(of: quantity - taken, as: SIMD8<Double>.self)
        roomAt.storeBytes(of: available - taken * rate, as: SIMD8<Double>.self)
        return any((.!full) .& (available .> 0))
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
            served.whole += Int128(quantity)
            left[base + hour] = 0
            return
        }
        left[base + hour] = Double(settle(Int128(quantity), rate, &capacity, hour, &served))
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
    private let isWide: Bool

    /// `steps` whole steps in each hour.
    init(_ steps: [Int128], isWide: Bool) {
        self.isWide = isWide
        whole = isWide ? steps : []
        float = isWide ? [] : steps.map { Double($0) }
        parts = [UInt64](repeating: 0, count: steps.count)
    }

    func isEmpty(_ hour: Int) -> Bool { self[hour].isZero }

    subscript(hour: Int) -> Steps {
        get {
            isWide
                ? Steps(whole: whole[hour], part: parts[hour])
                : Steps(whole: Int128(float[hour].rounded(.down)), part: parts[hour])
        }
        set {
            parts[hour] = newValue.part
            if isWide {
                whole[hour] = newValue.whole
            } else {
                float[hour] = Double(newValue.whole) + (newValue.part == 0 ? 0 : 0.5)
            }
        }
    }

    /// What is left over all hours.
    var total: Steps {
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
