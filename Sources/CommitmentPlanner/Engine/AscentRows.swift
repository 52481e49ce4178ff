internal import PlimsollCore

/// Demand laid out for the dual ascent: one row of hours per group, in Float, groups with the highest saving
/// per unit of the wide pool first, and each row's hours sorted by demand once.
struct AscentRows: Sendable {
    typealias Lanes = SIMD16<Float>
    static let width = 16

    /// One scope within the wide one, or a cell that only the wide one serves.
    struct Group: Sendable {
        /// Pools of the scope, and how many of the group's units one of theirs is.
        var pools: [(pool: Int, size: Double)]
        /// Cells with what one unit of usage takes of the inner pool.
        var cells: [(cell: Int, rate: Double)]
        /// On-demand price of a group's unit, in currency.
        var price: Double
        /// What a group's unit takes of the wide pool; infinite where that does not serve it.
        var wideRate: Double
        /// The pool bought for the group, the cheapest of its scope, and how many of the group's units one is.
        var pool: Int?
        var size = 1.0
        /// Price of a group's unit of inner capacity over the window; infinite where there is none.
        var fee = Double.infinity
    }

    let hours: Int
    let groups: [Group]
    /// Demand, groups × row, padded with zeros.
    let demand: [Lanes]
    /// Hours of each group by rising demand.
    let order: [UInt16]

    var rowLength: Int { (hours + Self.width - 1) / Self.width }

    init(_ model: PlanningModel, _ groups: [Group]) {
        hours = model.hours
        self.groups = groups
        let (length, hours) = (rowLengthOf(model.hours), model.hours)
        let scale = 1 / Double(FixedPoint.power(model.quantityScale))
        var demand = [Lanes](repeating: .zero, count: groups.count * length)
        var order = [UInt16](repeating: 0, count: groups.count * hours)
        let pieces = min(16, groups.count)
        demand.withUnsafeMutableBufferPointer { demand in
            order.withUnsafeMutableBufferPointer { order in
                // Every piece writes rows of its own.
                nonisolated(unsafe) let (demand, order) = (demand, order)
                Pieces.forEach(pieces) { piece in
                    var sorter = RowSorter(hours)
                    for index in Pieces.range(piece, of: pieces, groups.count) {
                        let row = Self.row(model, groups[index], scale)
                        for hour in 0..<hours {
                            demand[index * length + hour / Self.width][hour % Self.width] = row[hour]
                        }
                        sorter.sort(row, into: order, at: index * hours)
                    }
                }
            }
        }
        (self.demand, self.order) = (demand, order)
    }

    private static func row(_ model: PlanningModel, _ group: Group, _ scale: Double) -> [Float] {
        var row = [Float](repeating: 0, count: model.hours)
        for (cell, rate) in group.cells {
            let factor = scale * rate
            for (hour, used) in model.usage.row(cell).enumerated() { row[hour] += Float(Double(used) * factor) }
        }
        return row
    }
}

private func rowLengthOf(_ hours: Int) -> Int { (hours + AscentRows.width - 1) / AscentRows.width }

/// Sorts rows of non-negative numbers by their bits, eleven at a time: several times faster than comparing.
private struct RowSorter {
    private var keys: [UInt32]
    private var from: [UInt16]
    private var to: [UInt16]
    private var counts = [Int](repeating: 0, count: 2048)

    init(_ count: Int) {
        keys = Array(repeating: 0, count: count)
        from = Array(repeating: 0, count: count)
        to = from
    }

    mutating func sort(_ row: [Float], into order: UnsafeMutableBufferPointer<UInt16>, at start: Int) {
        for index in row.indices {
            keys[index] = row[index].bitPattern
            from[index] = UInt16(truncatingIfNeeded: index)
        }
        for shift: UInt32 in [0, 11, 22] {
            for index in counts.indices { counts[index] = 0 }
            for key in keys { counts[Int(key >> shift & 2047)] += 1 }
            var sum = 0
            for index in counts.indices {
                let count = counts[index]
                counts[index] = sum
                sum += count
            }
            for index in from {
                let digit = Int(keys[Int(index)] >> shift & 2047)
                to[counts[digit]] = index
                counts[digit] += 1
            }
            swap(&from, &to)
        }
        for index in from.indices { order[start + index] = from[index] }
    }
}
