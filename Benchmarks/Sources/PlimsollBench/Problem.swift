import CommitmentPlanner
import Foundation

/// A problem written by `peers/problem.py`.
struct Problem {
    let model: PlanningModel

    /// Reads the file; usage is rounded to `scale` decimal places.
    init(_ file: URL, scale: Int) throws {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        let sizes = try Self.numbers(handle, 3).map { Int($0) }
        let (count, hours, groups) = (sizes[0], sizes[1], sizes[2])
        var cells: [PlanningCell] = []
        var inner = (0..<groups).map { PlanningPool(id: "inner \($0)", members: []) }
        var outer = PlanningPool(id: "outer", members: [])
        for cell in 0..<count {
            let row = try Self.numbers(handle, 5)
            cells.append(PlanningCell(id: "cell \(cell)", price: row[0]))
            let group = Int(row[3])
            inner[group].members.append(PoolMember(cell: cell, rate: row[1]))
            inner[group].fee = Fee(numerator: Int128(hours) * Int128(row[4]), denominator: 1)
            inner[group].step = 1_000_000_000
            outer.members.append(PoolMember(cell: cell, rate: row[2]))
        }
        outer.fee = Fee(numerator: Int128(hours) * 1_000_000_000_000, denominator: 1)
        outer.step = 1_000_000_000
        outer.priority = 1
        var factor = 1.0
        for _ in 0..<scale { factor *= 10 }
        var usage: [Int64] = []
        usage.reserveCapacity(count * hours)
        for _ in 0..<count {
            for bits in try Self.numbers(handle, hours) {
                usage.append(Int64((Double(bitPattern: UInt64(bitPattern: bits)) * factor).rounded()))
            }
        }
        model = PlanningModel(hours: hours, cells: cells, usage: usage, quantityScale: scale, pools: inner + [outer])
    }

    private struct Short: Error {}

    private static func numbers(_ handle: FileHandle, _ count: Int) throws -> [Int64] {
        guard let data = try handle.read(upToCount: count * 8), data.count == count * 8 else { throw Short() }
        return data.withUnsafeBytes { bytes in
            (0..<count).map { Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self)) }
        }
    }
}
