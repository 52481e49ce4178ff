internal import PlimsollCore

/// Each usage line of a payer added up over stretches of hours: one pass over the numbers, line by line,
/// since reading all lines stretch by stretch costs twice the time.
struct UsageSums {
    /// The stretches, which follow each other.
    let stretches: [HourGrid]
    private let sums: [Int128]
    private let bits: [UInt64]

    init(_ lines: [UsageLine], over stretches: [HourGrid]) {
        self.stretches = stretches
        var sums: [Int128] = []
        var bits: [UInt64] = []
        sums.reserveCapacity(lines.count * stretches.count)
        bits.reserveCapacity(lines.count)
        for line in lines {
            var any: UInt64 = 0
            for stretch in stretches {
                let sum = line.series.withValues(in: stretch) { values, _ in Self.sum(values, &any) }
                sums.append(sum)
            }
            bits.append(any)
        }
        self.sums = sums
        self.bits = bits
    }

    /// A line's usage over a stretch, in units of its series.
    func sum(line: Int, stretch: Int) -> Int128 { sums[line * stretches.count + stretch] }

    /// At least the largest quantity of an hour of a line, less than twice it, in units of its series:
    /// values are not negative.
    func peak(line: Int) -> Int128 { Int128(bits[line]) }

    /// The exact sum of values that are not negative; their bits are added to `any`.
    private static func sum(_ values: UnsafeBufferPointer<Int64>, _ any: inout UInt64) -> Int128 {
        let blocks = values.count / 8
        var sum = SIMD8<UInt64>(repeating: 0)
        var bits = SIMD8<UInt64>(repeating: 0)
        let bytes = UnsafeRawBufferPointer(values)
        for block in 0..<blocks {
            let offset = block * MemoryLayout<SIMD8<UInt64>>.stride
            let eight = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
            sum &+= eight
            bits |= eight
        }
        var rest: UInt64 = 0
        var all: UInt64 = 0
        for lane in 0..<8 { all |= bits[lane] }
        for index in blocks * 8..<values.count {
            let value = UInt64(bitPattern: values[index])
            rest &+= value
            all |= value
        }
        any |= all
        // Nothing can have overflowed where every value is far below 2⁶⁴ ÷ count.
        guard all.leadingZeroBitCount > 64 - (values.count + 1).leadingZeroBitCount else {
            return values.reduce(into: Int128(0)) { $0 += Int128($1) }
        }
        return Int128(sum.wrappedSum() &+ rest)
    }
}

extension HourSeries {
    /// Calls `body` with the values within `chunk`, and the place of the first one in it.
    func withValues<Result>(in chunk: HourGrid, _ body: (UnsafeBufferPointer<Int64>, Int) -> Result) -> Result {
        let begin = start.index
        return values.withUnsafeBufferPointer { all in
            let first = min(max(chunk.start.index - begin, 0), all.count)
            let last = max(min(chunk.end.index - begin, all.count), first)
            let offset = first == last ? 0 : begin + first - chunk.start.index
            return body(UnsafeBufferPointer(rebasing: all[first..<last]), offset)
        }
    }
}
