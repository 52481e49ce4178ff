internal import PlimsollCore

/// Bills one payer over a stretch of hours within a month in which no price changes.
///
/// Amounts are rounded on the running total of each line and commitment, and the differences handed
/// out, so that rows by hour add up to the same bill as no rows at all.
struct SegmentRun {
    let payer: Payer
    let compiled: Compiled
    let segment: HourGrid
    private var kernel: Kernel

    // Running sums of the segment.
    private var quantities: [Int128]
    private var served: [Served]
    private var emittedCells: [Emitted]
    private var emittedPairings: [Emitted]
    private var fees: [FeeRun]
    private var tierRuns: [Int: TierRun] = [:]

    /// What was already handed out, in 10⁻¹².
    private struct Emitted {
        var list: Int128 = 0
        var contracted: Int128 = 0
        var cost: Int128 = 0
        var quantity: Int128 = 0
    }

    init(payer: Payer, compiled: Compiled, segment: HourGrid, byHour: Bool) {
        self.payer = payer
        self.compiled = compiled
        self.segment = segment
        kernel = Kernel(cells: compiled.kernelRows, hours: byHour ? 1 : segment.count, isWide: compiled.isWide)
        quantities = Array(repeating: 0, count: compiled.cells.count)
        served = Array(repeating: Served(), count: compiled.pairings.count)
        emittedCells = Array(repeating: Emitted(), count: compiled.cells.count)
        emittedPairings = Array(repeating: Emitted(), count: compiled.pairings.count)
        fees = compiled.pools.map { FeeRun(pool: $0, payer: payer, compiled: compiled) }
    }

    /// Bills the segment in stretches of `chunk` hours and hands every charge to `collector`.
    mutating func run(byHour: Bool, tiers: inout TierState, into collector: inout Collector) throws(Failure) {
        guard byHour else {
            try bill(segment, tiers: &tiers, into: &collector)
            return
        }
        for hour in segment.start.index..<segment.end.index {
            let first = Hour(index: hour)
            try bill(HourGrid(start: first, end: first.advanced(by: 1)), tiers: &tiers, into: &collector)
        }
    }

    private mutating func bill(
        _ chunk: HourGrid, tiers: inout TierState, into collector: inout Collector
    ) throws(Failure) {
        kernel.reset()
        load(chunk)
        var capacities = compiled.pools.map { capacity($0, chunk) }
        let full = capacities
        for (index, pairing) in compiled.pairings.enumerated() {
            let given = kernel.serve(pairing, from: &capacities[pairing.pool])
            served[index].whole += given.whole
            served[index].partial += given.partial
        }
        var covered = Array(repeating: Int128(0), count: compiled.pools.count)
        for index in compiled.cells.indices {
            try emitCell(index, chunk, &tiers, &covered, &collector)
        }
        for index in compiled.pools.indices {
            try fees[index].emit(
                chunk, payer: payer, full: full[index], left: capacities[index], covered: covered[index],
                into: &collector)
        }
    }

    private mutating func load(_ chunk: HourGrid) {
        for (index, cell) in compiled.cells.enumerated() {
            let line = payer.lines[cell.line]
            let common = line.series.grid.intersection(chunk)
            let factor = Int64(FixedPoint.power(compiled.quantityScale - line.series.scale))
            let first = common.start.index - line.series.start.index
            let slice = common.count == 0 ? [] : line.series.values[first..<first + common.count]
            quantities[index] += Self.sum(slice) * Int128(factor)
            guard let row = cell.row else { continue }
            kernel.load(row: row, slice, at: common.start.index - chunk.start.index, factor: factor)
        }
    }

    /// The exact sum, in two vectorised halves so that nothing can overflow.
    private static func sum(_ values: ArraySlice<Int64>) -> Int128 {
        values.withUnsafeBufferPointer { buffer in
            var low: Int64 = 0
            var high: Int64 = 0
            for value in buffer {
                low &+= value & 0xffff_ffff
                high &+= value >> 32
            }
            return Int128(high) << 32 + Int128(low)
        }
    }

    private func capacity(_ pool: Pool, _ chunk: HourGrid) -> Capacity {
        var steps = [Int128](repeating: 0, count: chunk.count)
        for member in pool.members {
            let held = compiled.steps(payer.capacity(member, pool))
            let active = payer.commitments[member].active(in: chunk)
            for hour in active.start.index..<active.end.index { steps[hour - chunk.start.index] += held }
        }
        return Capacity(steps, isWide: compiled.isWide)
    }

    // MARK: Usage rows

    private mutating func emitCell(
        _ index: Int, _ chunk: HourGrid, _ tiers: inout TierState, _ covered: inout [Int128],
        _ collector: inout Collector
    ) throws(Failure) {
        let cell = compiled.cells[index]
        guard quantities[index] != 0 else { return }
        let before = emittedCells[index]
        var now = Emitted()
        var rest = Steps()
        if cell.isTiered {
            (now.list, now.contracted, now.cost) = try advanceTiers(index, &tiers)
        } else {
            let list = try value(quantities[index], at: cell.list.first.raw, cell)
            rest =
                cell.contracted == cell.list ? list : try value(quantities[index], at: cell.contracted.first.raw, cell)
            now.list = list.rounded(over: compiled.quantityUnit)
            now.contracted = rest.rounded(over: compiled.quantityUnit)
        }
        now.quantity = quantities[index] * compiled.quantityFactor
        var left = Amounts()
        left.list = Money(raw: now.list - before.list)
        left.contracted = Money(raw: now.contracted - before.contracted)
        var leftQuantity = now.quantity - before.quantity
        for pairing in cell.pairings where !served[pairing].isZero {
            let row = try coveredRow(pairing, cell, whole: now, &rest)
            leftQuantity -= row.quantity
            left.list -= row.amounts.list
            left.contracted -= row.amounts.contracted
            covered[compiled.pairings[pairing].pool] += row.amounts.effective.raw
            let pool = compiled.pools[compiled.pairings[pairing].pool]
            collector.usage(cell, payer, chunk, commitment: pool, quantity: row.quantity, amounts: row.amounts)
        }
        if !cell.isTiered { now.cost = rest.rounded(over: compiled.quantityUnit) }
        let cost = Money(raw: now.cost - before.cost)
        emittedCells[index] = now
        (left.effective, left.billed) = (cost, cost)
        if cell.isOnDemand { left.onDemand = cost }
        guard leftQuantity != 0 || left != Amounts() else { return }
        collector.usage(cell, payer, chunk, commitment: nil, quantity: leftQuantity, amounts: left)
    }

    /// Quantity × price in 10⁻⁽¹²⁺ᵏ⁾ currency.
    private func value(_ quantity: Int128, at price: Int128, _ cell: Cell) throws(Failure) -> Steps {
        let (cost, overflow) = quantity.multipliedReportingOverflow(by: price)
        guard !overflow, cost < Int128.max >> 2 else { throw payer.tooLarge(cell.line) }
        return Steps(whole: cost)
    }

    /// What a commitment served so far × `price`, in 10⁻⁽¹²⁺ᵏ⁾ of the price's unit.
    private func value(of given: Served, rate: Int64, at price: Int128) -> Steps {
        var sum = Steps(whole: given.whole * price)
        if !given.partial.isZero { sum += given.partial.scaled(by: Int64(price), over: rate) }
        return sum
    }

    /// Takes from `rest` what the commitment served and returns the row of what it served since last time.
    private mutating func coveredRow(
        _ pairing: Int, _ cell: Cell, whole: Emitted, _ rest: inout Steps
    ) throws(Failure) -> (quantity: Int128, amounts: Amounts) {
        let given = served[pairing]
        let rate = compiled.pairings[pairing].rate
        var now = Emitted()
        now.quantity = value(of: given, rate: rate, at: compiled.quantityFactor).rounded()
        if cell.isTiered {
            let share = Exact(now.quantity, over: whole.quantity)
            now.list = try (Exact(whole.list, over: FixedPoint.one) * share).roundedRaw()
            now.contracted = try (Exact(whole.contracted, over: FixedPoint.one) * share).roundedRaw()
        } else {
            let list = value(of: given, rate: rate, at: cell.list.first.raw)
            let same = cell.contracted == cell.list
            let contracted = same ? list : value(of: given, rate: rate, at: cell.contracted.first.raw)
            rest = contracted <= rest ? rest - contracted : Steps()
            now.list = list.rounded(over: compiled.quantityUnit)
            now.contracted = same ? now.list : contracted.rounded(over: compiled.quantityUnit)
        }
        var used = Steps(whole: given.whole * Int128(rate))
        used += given.partial
        now.cost = try fees[compiled.pairings[pairing].pool].price(used)
        let before = emittedPairings[pairing]
        emittedPairings[pairing] = now
        var amounts = Amounts()
        amounts.list = Money(raw: now.list - before.list)
        amounts.contracted = Money(raw: now.contracted - before.contracted)
        amounts.effective = Money(raw: now.cost - before.cost)
        return (now.quantity - before.quantity, amounts)
    }

    /// List, contracted and left-over cost so far of a line whose price has tiers, in 10⁻¹².
    private mutating func advanceTiers(
        _ index: Int, _ tiers: inout TierState
    ) throws(Failure) -> (Int128, Int128, Int128) {
        let cell = compiled.cells[index]
        let unit = compiled.quantityUnit
        let all = Exact(quantities[index], over: unit)
        var left = all
        for pairing in cell.pairings {
            let rate = Int128(compiled.pairings[pairing].rate)
            left = left - Exact(served[pairing].whole, over: unit)
            left = left - served[pairing].partial.exact / Exact(rate * unit)
        }
        var run = tierRuns[index] ?? TierRun()
        run.list = run.list + tiers.charge(cell, .list, all - run.quantity)
        run.contracted = run.contracted + tiers.charge(cell, .contracted, all - run.quantity)
        run.cost = run.cost + tiers.charge(cell, .left, left - run.left)
        (run.quantity, run.left) = (all, left)
        tierRuns[index] = run
        return (try run.list.roundedRaw(), try run.contracted.roundedRaw(), try run.cost.roundedRaw())
    }
}

/// What a line with a tiered price has been charged so far in a segment.
private struct TierRun {
    var list = Exact.zero
    var contracted = Exact.zero
    var cost = Exact.zero
    var quantity = Exact.zero
    var left = Exact.zero
}

extension Compiled {
    /// 10ᵏ: units of quantity in one.
    var quantityUnit: Int128 { FixedPoint.power(quantityScale) }

    /// 10¹²⁻ᵏ: from units of quantity to 10⁻¹².
    var quantityFactor: Int128 { FixedPoint.power(FixedPoint.places - quantityScale) }

    /// Steps in an amount of a commitment's unit given in 10⁻¹².
    func steps(_ raw: Int128) -> Int128 {
        raw / FixedPoint.power(FixedPoint.places - rateScale) * FixedPoint.power(quantityScale)
    }
}
