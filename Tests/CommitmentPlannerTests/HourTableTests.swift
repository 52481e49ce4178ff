import Testing

@testable import CommitmentPlanner

/// Numbers by row and hour come back as they went in, whatever they are kept as.
struct HourTableTests {
    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `Rows are what was put in`(seed: UInt64) {
        var random = EngineRandom(seed)
        let hours = 1 + random.next(100)
        let edges: [Int64] = [0, -1, .max, .min, Int64(Int32.max), Int64(Int32.max) + 1, Int64(Int32.min) - 1]
        var plain = (0..<5).map { row in
            (0..<hours).map { _ in row < 3 ? Int64(random.next(2_000_000)) : edges[random.next(edges.count)] }
        }
        var table = HourTable(plain.flatMap { $0 }, hours: hours)
        for _ in 0..<20 {
            let (row, hour) = (random.next(5), random.next(hours))
            plain[row][hour] = edges[random.next(edges.count)]
            table[row, hour] = plain[row][hour]
        }
        #expect(table.rowCount == 5 && table.count == 5 * hours)
        for row in plain.indices {
            #expect(table.row(row) == plain[row])
            for hour in 0..<hours { #expect(table[row, hour] == plain[row][hour]) }
        }
        var added = HourTable(hours: hours)
        for row in plain { added.append(row) }
        #expect(added == table)
    }

    /// Against the same sums done on plain numbers: hours paid for in some order until nothing is left, the rest
    /// shared out.
    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `A spent row is what was paid and shared`(seed: UInt64) {
        var random = EngineRandom(seed)
        let hours = 1 + random.next(200)
        let base = (0..<hours).map { _ in Int64(random.next(3_000_000)) * 1_000_000 }
        let rate = seed % 4 == 0 ? Double.infinity : 0.1 + Double(random.next(100)) / 50
        let worth = SpentRow.Worth(price: 0.7, wideRate: rate, size: 1.5)
        let fee = Int64(random.next(hours) + 1) * 700_000_000_000
        var row = SpentRow(base, worth)
        var (rest, left) = (fee, fee)
        var plain = [Int64](repeating: 0, count: hours)
        for hour in (0..<hours).reversed() where left > 0 && random.next(3) > 0 {
            row.pay(hour, from: &rest)
            let whole = min(0.7, rate.isFinite ? Double(base[hour]) / 1e12 * rate : 0.7) * 1.5 * 1e12
            plain[hour] = min(Int64(whole) + 2, left)
            left -= plain[hour]
        }
        #expect(rest == left)
        row.share(Int128(rest))
        for hour in 0..<hours { plain[hour] += left / Int64(hours) + (hour < Int(left) % hours ? 1 : 0) }
        #expect(row.values() == plain && plain.reduce(0, +) == fee)
        var table = HourTable(rows: 2, hours: hours)
        table.replace(1, with: row)
        #expect(table.row(1) == plain && table.row(0) == Array(repeating: 0, count: hours))
        table[1, 0] += 1
        #expect(table[1, 0] == plain[0] + 1 && table.row(1).dropFirst() == plain.dropFirst())
    }
}
