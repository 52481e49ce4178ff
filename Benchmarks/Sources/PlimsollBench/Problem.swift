import CommitmentPlanner
import Foundation

/// A problem written by `peers/problem.py`.
struct Problem {
    let model: PlanningModel

    /// Reads the file; usage is rounded to `scale` decimal places.
    init(_ path: String, scale: Int, isSpend: Bool) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let numbers = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self) }
        }
        let (count, hours, groups) = (Int(numbers[0]), Int(numbers[1]), Int(numbers[2]))
        var cells: [PlanningCell] = []
        var inner = (0..<groups).map { PlanningPool(id: "inner \($0)", members: []) }
        var outer = PlanningPool(id: "outer", members: [])
        for cell in 0..<count {
            let row = Array(numbers[3 + cell * 5..<8 + cell * 5])
            cells.append(PlanningCell(id: "cell \(cell)", price: row[0]))
            let group = Int(row[3])
            inner[group].members.append(PoolMember(cell: cell, rate: row[1]))
            inner[group].fee = Fee(numerator: Int128(hours) * Int128(row[4]), denominator: 1)
            inner[group].step = isSpend ? 1_000_000_000 : 1_000_000_000_000
            outer.members.append(PoolMember(cell: cell, rate: row[2]))
        }
        outer.fee = Fee(numerator: Int128(hours) * 1_000_000_000_000, denominator: 1)
        outer.step = 1_000_000_000
        outer.priority = 1
        var factor = 1.0
        for _ in 0..<scale { factor *= 10 }
        let start = 3 + count * 5
        let usage = (0..<count * hours).map { slot in
            Int64((Double(bitPattern: UInt64(bitPattern: numbers[start + slot])) * factor).rounded())
        }
        model = PlanningModel(
            hours: hours, cells: cells, usage: usage, quantityScale: scale, pools: inner + [outer])
    }
}
