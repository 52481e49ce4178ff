internal import PlimsollCore

/// Bills one payer, one stretch of hours after the other: each lies within a month, and in none of them
/// does a price change.
///
/// Amounts are rounded on the running total of each line and commitment of a stretch, and the differences
/// handed out, so that rows by hour add up to the same bill as no rows at all.
struct SegmentRun {
    let payer: Payer
    let compiled: Compiled
    private(set) var kernel: Kernel
    private var capacities: [Capacity]
    private let sums: UsageSums
    private let byHour: Bool

    // Running sums of the stretch.
    private(set) var quantities: [Int128]
    /// What discounts for sustained use take off, in 10⁻¹⁸ units of usage.
    var discounts: [Int128]
    private var served: [Served]
    private var emittedCells: [Emitted]
    private var emittedPairings: [Emitted]
    private var fees: [FeeRun]
    private var tierRuns: [Int: TierRun] = [:]
    private var isCounted: [Bool]
    /// Which of the stretches is being billed.
    private var stretch: Int?

    /// What was already handed out, in 10⁻¹².
    private struct Emitted {
        var list: Int128 = 0
        var contracted: Int128 = 0
        var cost: Int128 = 0
        var quantity: Int128 = 0
    }

    /// Ready to bill the stretches of `sums`, one after the other, whole or by the hour.
    init(payer: Payer, compiled: Compiled, sums: UsageSums, byHour: Bool) {
        self.payer = payer
        self.compiled = compiled
        self.sums = sums
        self.byHour = byHour
        let longest = byHour ? 1 : sums.stretches.map(\.count).max() ?? 0
        kernel = Kernel(cells: compiled.kernelRows, hours: longest, isWide: compiled.isWide)
        capacities = Array(repeating: Capacity(isWide: compiled.isWide), count: compiled.pools.count)
        quantities = Array(repeating: 0, count: compiled.cells.count)
        discounts = quantities
        isCounted = Array(repeating: false, count: compiled.cells.count)
        served = Array(repeating: Served(), count: compiled.pairings.count)
        emittedCells = Array(repeating: Emitted(), count: compiled.cells.count)
        emittedPairings = Array(repeating: Emitted(), count: compiled.pairings.count)
        fees = compiled.pools.map { FeeRun(pool: $0, payer: payer) }
    }

    /// Bills one of the stretches and hands every charge to `collector`.
    mutating func run(
        _ segment: HourGrid, month: inout MonthState, hours: inout HourTotals?, into collector: inout Collector
    ) throws(Failure) {
        reset(segment)
        guard byHour else {
            try bill(segment, month: &month, hours: &hours, into: &collector)
            return
        }
        for hour in segment.start.index..<segment.end.index {
            let first = Hour(index: hour)
            let chunk = HourGrid(start: first, end: first.advanced(by: 1))
            try bill(chunk, month: &month, hours: &hours, into: &collector)
        }
    }

    /// Hands out how much of the commitments was used in all stretches so far.
    mutating func close(into collector: inout Collector) {
        for index in fees.indices { fees[index].close(payer, into: &collector) }
    }

    private mutating func reset(_ segment: HourGrid) {
        stretch = sums.stretches.firstIndex(of: segment)
        for index in quantities.indices {
            quantities[index] = 0
            discounts[index] = 0
            emittedCells[index] = Emitted()
        }
        for index in served.indices {
            served[index] = Served()
            emittedPairings[index] = Emitted()
        }
        for index in fees.indices { fees[index].reset() }
        tierRuns.removeAll()
    }

    private mutating func bill(
        _ chunk: HourGrid, month: inout MonthState, hours: inout HourTotals?, into collector: inout Collector
    ) throws(Failure) {
        kernel.reset(hours: chunk.count)
        for index in isCounted.indices { isCounted[index] = false }
        for index in capacities.indices { fillCapacity(index, chunk) }
        for index in served.indices { serve(index, chunk) }
        for index in quantities.indices where !isCounted[index] { count(index, chunk) }
        try sustain(chunk, &month.sustained)
        var covered = Array(repeating: Int128(0), count: compiled.pools.count)
        for index in quantities.indices { try emitCell(index, chunk, &month.tiers, &covered, &collector) }
        addHours(chunk, to: &hours)
        for index in fees.indices {
            try fees[index].emit(
                chunk, payer: payer, left: capacities[index], covered: covered[index], into: &collector)
        }
    }

    private func addHours(_ chunk: HourGrid, to hours: inout HourTotals?) {
        guard hours != nil else { return }
        for (index, cell) in compiled.cells.enumerated() where cell.isOnDemand && quantities[index] != 0 {
            let series = payer.lines[cell.line].series
            let unit = compiled.unit(of: index)
            let factor = FixedPoint.power(compiled.quantityScale - series.scale) * Int128(cell.quanta)
            series.withValues(in: chunk) { values, offset in
                hours?.addDemand(
                    values, at: offset, of: chunk, times: cell.listPrice * factor, over: unit, isLeft: cell.row == nil)
            }
            guard let row = cell.row else { continue }
            hours?.addLeft(kernel, row: row, of: chunk, times: cell.listPrice, over: unit)
        }
    }

    /// Lets a commitment serve a line, where it has anything left and the line too.
    private mutating func serve(_ index: Int, _ chunk: HourGrid) {
        let pairing = compiled.pairings[index]
        guard !capacities[pairing.pool].isDry else { return }
        if !isCounted[pairing.cell] { count(pairing.cell, chunk) }
        guard kernel.hasUsage(row: pairing.row) else { return }
        let given = kernel.serve(pairing, from: &capacities[pairing.pool])
        if given.isZero { capacities[pairing.pool].checkDry() }
        served[index].whole += given.whole
        served[index].partial += given.partial
    }

    /// Adds up a line's usage of the chunk, and loads it for the hour loops where commitments reach it.
    private mutating func count(_ index: Int, _ chunk: HourGrid) {
        isCounted[index] = true
        let line = compiled.cells[index].line
        let factor = FixedPoint.power(compiled.quantityScale - payer.lines[line].series.scale)
        var sum = stretch.map { sums.sum(line: line, stretch: $0) } ?? 0
        if byHour { sum = payer.lines[line].series.withValues(in: chunk) { values, _ in Int128(values.first ?? 0) } }
        quantities[index] += sum * factor
        guard let row = compiled.cells[index].row else { return }
        let quanta = compiled.cells[index].quanta
        payer.lines[line].series.withValues(in: chunk) { values, offset in
            let total = sum * factor * Int128(quanta)
            kernel.load(row: row, values, at: offset, factor: Int64(factor) * quanta, total: total)
        }
    }

    private mutating func fillCapacity(_ index: Int, _ chunk: HourGrid) {
        let members = compiled.pools[index].members
        if members.count == 1, payer.commitments[members[0]].active(in: chunk) == chunk {
            capacities[index].reset(hours: chunk.count, to: fees[index].held[0])
            return
        }
        capacities[index].reset(hours: chunk.count)
        for (slot, member) in members.enumerated() {
            let active = payer.commitments[member].active(in: chunk)
            let from = active.start.index - chunk.start.index
            capacities[index].add(fees[index].held[slot], in: from..<from + active.count)
        }
    }

    // MARK: Usage rows

    private mutating func emitCell(
        _ index: Int, _ chunk: HourGrid, _ tiers: inout TierState, _ covered: inout [Int128],
        _ collector: inout Collector
    ) throws(Failure) {
        guard quantities[index] != 0 else { return }
        let before = emittedCells[index]
        var now = Emitted()
        var rest = Steps()
        let isTiered = compiled.cells[index].isTiered
        if isTiered {
            (now.list, now.contracted, now.cost) = try advanceTiers(index, &tiers)
        } else {
            let list = compiled.cells[index].listPrice
            let contracted = compiled.cells[index].contractedPrice
            let quanta = quantities[index] * Int128(compiled.cells[index].quanta)
            rest = try value(quanta, at: contracted, index)
            now.contracted = rest.rounded(over: compiled.unit(of: index))
            now.list = now.contracted
            if list != contracted {
                now.list = try value(quanta, at: list, index).rounded(over: compiled.unit(of: index))
            }
        }
        now.quantity = quantities[index] * compiled.quantityFactor
        var left = Amounts()
        left.list = Money(raw: now.list - before.list)
        left.contracted = Money(raw: now.contracted - before.contracted)
        var leftQuantity = now.quantity - before.quantity
        for pairing in compiled.cells[index].pairings where !served[pairing].isZero {
            let row = try coveredRow(pairing, whole: now, &rest)
            leftQuantity -= row.quantity
            left.list -= row.amounts.list
            left.contracted -= row.amounts.contracted
            let pool = compiled.pairings[pairing].pool
            covered[pool] += row.amounts.effective.raw
            collector.usage(compiled, index, payer, chunk, pool: pool, quantity: row.quantity, amounts: row.amounts)
        }
        if !isTiered { now.cost = try leftOver(rest, index) }
        let cost = Money(raw: now.cost - before.cost)
        emittedCells[index] = now
        (left.effective, left.billed) = (cost, cost)
        if compiled.cells[index].isOnDemand { left.onDemand = cost }
        guard leftQuantity != 0 || left != Amounts() else { return }
        collector.usage(compiled, index, payer, chunk, pool: nil, quantity: leftQuantity, amounts: left)
    }

    /// What is left to be paid of a line at its price, `rest`, less its discount, in 10⁻¹².
    private func leftOver(_ rest: Steps, _ index: Int) throws(Failure) -> Int128 {
        guard discounts[index] != 0 else { return rest.rounded(over: compiled.unit(of: index)) }
        let full = rest.exact / Exact(compiled.unit(of: index) * FixedPoint.one)
        let price = Exact(compiled.cells[index].contractedPrice, over: FixedPoint.one)
        return try (full - Exact(discounts[index], over: FixedPoint.power(Self.discountPlaces)) * price).roundedRaw()
    }

    /// Quanta × price, in 10⁻¹² currency × the cell's unit.
    private func value(_ quanta: Int128, at price: Int128, _ cell: Int) throws(Failure) -> Steps {
        let (cost, overflow) = quanta.multipliedReportingOverflow(by: price)
        guard !overflow, cost < Int128.max >> 2 else { throw payer.tooLarge(compiled.cells[cell].line) }
        return Steps(whole: cost)
    }

    /// What a commitment served so far × `price`, in the same unit.
    private func value(of given: Served, rate: Int64, at price: Int128) -> Steps {
        var sum = Steps(whole: given.whole * price)
        if !given.partial.isZero { sum += given.partial.scaled(by: Int64(price), over: rate) }
        return sum
    }

    /// Takes from `rest` what the commitment served and returns the row of what it served since last time.
    private mutating func coveredRow(
        _ pairing: Int, whole: Emitted, _ rest: inout Steps
    ) throws(Failure) -> (quantity: Int128, amounts: Amounts) {
        let given = served[pairing]
        let rate = compiled.pairings[pairing].rate
        let cell = compiled.pairings[pairing].cell
        let unit = compiled.unit(of: cell)
        var now = Emitted()
        now.quantity = value(of: given, rate: rate, at: FixedPoint.one).rounded(over: unit)
        if compiled.cells[cell].isTiered {
            let share = Exact(now.quantity, over: whole.quantity)
            now.list = try (Exact(whole.list, over: FixedPoint.one) * share).roundedRaw()
            now.contracted = try (Exact(whole.contracted, over: FixedPoint.one) * share).roundedRaw()
        } else {
            let list = compiled.cells[cell].listPrice
            let contracted = value(of: given, rate: rate, at: compiled.cells[cell].contractedPrice)
            rest = contracted <= rest ? rest - contracted : Steps()
            now.contracted = contracted.rounded(over: unit)
            now.list = now.contracted
            if list != compiled.cells[cell].contractedPrice {
                now.list = value(of: given, rate: rate, at: list).rounded(over: unit)
            }
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
            left = left - Exact(served[pairing].whole, over: compiled.unit(of: index))
            left = left - served[pairing].partial.exact / Exact(rate * compiled.unit(of: index))
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

    /// Quanta in one unit of a cell's usage.
    func unit(of cell: Int) -> Int128 { quantityUnit * Int128(cells[cell].quanta) }

    /// 10¹²⁻ᵏ: from units of quantity to 10⁻¹².
    var quantityFactor: Int128 { FixedPoint.power(FixedPoint.places - quantityScale) }
}
