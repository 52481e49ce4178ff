internal import PlimsollCore

extension SegmentRun {
    /// Decimals of what is kept of usage that a discount takes off.
    static let discountPlaces = 18

    /// Goes through a chunk hour by hour and adds up which part of what commitments left of each line the
    /// discounts for sustained use take off.
    mutating func sustain(_ chunk: HourGrid, _ state: inout SustainedState) throws(Failure) {
        for pool in compiled.sustained {
            let used = pool.cells.filter { quantities[$0] != 0 }
            guard !used.isEmpty else { continue }
            let left = used.map { remaining(of: $0, chunk) }
            for hour in 0..<chunk.count {
                var sum = SustainedState.Hour()
                for (slot, cell) in used.enumerated() {
                    try add(cell, left: left[slot][hour], Hour(index: chunk.start.index + hour), to: &sum)
                }
                guard sum.amount + sum.machineUse > 0 else { continue }
                let off = state.add(sum, to: pool)
                guard off.numerator > 0 else { continue }
                for (slot, cell) in used.enumerated() where left[slot][hour] > 0 {
                    discounts[cell] +=
                        FixedPoint.scaled(left[slot][hour], by: off.numerator, over: off.denominator) ?? 0
                }
            }
        }
    }

    private func add(
        _ index: Int, left: Int128, _ hour: Hour, to sum: inout SustainedState.Hour
    ) throws(Failure) {
        guard let share = compiled.cells[index].sustained else { return }
        let line = payer.lines[compiled.cells[index].line]
        let unit = FixedPoint.power(Self.discountPlaces)
        let isPlain = share.weight == FixedPoint.one
        let plain = isPlain ? left / (unit / FixedPoint.one) : nil
        // Levels are multiplied by hours and rates: beyond this the products leave 128 bits.
        guard let level = plain ?? FixedPoint.scaled(left, by: share.weight, over: unit),
            sum.amount + sum.machineUse + level < FixedPoint.power(19)
        else { throw payer.tooLarge(compiled.cells[index].line) }
        guard let perMachine = share.perMachine, perMachine > 0 else {
            sum.amount += level
            return
        }
        sum.machineUse += level
        sum.machines += FixedPoint.scaled(line.series[hour].raw, by: FixedPoint.one, over: perMachine) ?? 0
    }

    /// What commitments left of a line in every hour of the chunk, in 10⁻¹⁸ units.
    private func remaining(of index: Int, _ chunk: HourGrid) -> [Int128] {
        let cell = compiled.cells[index]
        let scale = FixedPoint.power(Self.discountPlaces)
        if let row = cell.row { return kernel.left(row: row, over: compiled.unit(of: index)) }
        let series = payer.lines[cell.line].series
        var result = [Int128](repeating: 0, count: chunk.count)
        let factor = scale / FixedPoint.power(series.scale)
        series.withValues(in: chunk) { values, offset in
            for (place, value) in values.enumerated() { result[offset + place] = Int128(value) * factor }
        }
        return result
    }
}

extension Kernel {
    /// What is left of a row in every hour, in 10⁻¹⁸ units of `unit` quanta; below that it is rounded down.
    func left(row: Int, over unit: Int128) -> [Int128] {
        let scale = FixedPoint.power(SegmentRun.discountPlaces)
        let (factor, rest) = scale.quotientAndRemainder(dividingBy: unit)
        return (0..<hours).map { hour in
            switch left(row: row, hour: hour) {
            case .quanta(let count):
                rest == 0 ? Int128(count) * factor : FixedPoint.scaled(Int128(count), by: scale, over: unit) ?? 0
            case .rest(let rest): rest.steps.scaled(by: Int64(scale), over: rest.rate).whole / unit
            }
        }
    }
}
