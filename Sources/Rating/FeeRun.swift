internal import PlimsollCore

/// The fees of one pool's commitments over a segment: amortised, in cash, and how much was used.
struct FeeRun {
    private let pool: Pool
    private let compiled: Compiled
    private var amortized: [Int128]
    private var billed: [Int128]
    private var hours: [Int]
    private var upfront: [Int128]
    private let averagePrice: Exact?

    init(pool: Pool, payer: Payer, compiled: Compiled) {
        self.pool = pool
        self.compiled = compiled
        let none = [Int128](repeating: 0, count: pool.members.count)
        amortized = none
        billed = none
        upfront = none
        hours = Array(repeating: 0, count: pool.members.count)
        averagePrice = pool.stepPrice == nil ? Self.average(pool, payer, compiled) : nil
    }

    /// Amortised price of a step where the members' prices differ: the mean by capacity.
    private static func average(_ pool: Pool, _ payer: Payer, _ compiled: Compiled) -> Exact {
        var cost = Exact.zero
        var steps = Exact.zero
        for member in pool.members {
            cost = cost + payer.commitments[member].amortizedHourly
            steps = steps + Exact(compiled.steps(payer.capacity(member, pool)))
        }
        return cost / steps
    }

    /// The amortised value of used steps, in 10⁻¹² currency.
    func price(_ used: Steps) throws(Failure) -> Int128 {
        if let price = pool.stepPrice {
            return used.scaled(by: price.numerator, over: price.denominator).rounded()
        }
        guard let averagePrice else { return 0 }
        return try (used.exact * averagePrice).roundedRaw()
    }

    /// Hands out the fees of `chunk`; `covered` is what usage rows already carry of them.
    mutating func emit(
        _ chunk: HourGrid, payer: Payer, full: Capacity, left: Capacity, covered: Int128,
        into collector: inout Collector
    ) throws(Failure) {
        var fee = Amounts()
        fee.effective = Money(raw: -covered)
        for (slot, member) in pool.members.enumerated() {
            let commitment = payer.commitments[member]
            let share = try advance(slot, commitment, chunk)
            fee.effective += share.amortized
            fee.billed += share.billed
            collector.fee(payer, member, amortized: share.amortized, billed: share.billed)
        }
        addUse(chunk, payer, full, left, &collector)
        guard fee != Amounts() else { return }
        collector.feeRow(pool, payer, chunk, amounts: fee)
    }

    private mutating func advance(
        _ slot: Int, _ commitment: Commitment, _ chunk: HourGrid
    ) throws(Failure) -> (amortized: Money, billed: Money) {
        let active = commitment.active(in: chunk)
        hours[slot] += active.count
        if let start = commitment.start, chunk.contains(start.hour), active.count > 0 {
            upfront[slot] += try commitment.upfrontCash.roundedRaw()
        }
        let span = Exact(Int128(hours[slot]))
        let amortizedNow = try (commitment.amortizedHourly * span).roundedRaw()
        let billedNow = try (commitment.recurringHourly * span).roundedRaw() + upfront[slot]
        defer {
            amortized[slot] = amortizedNow
            billed[slot] = billedNow
        }
        return (Money(raw: amortizedNow - amortized[slot]), Money(raw: billedNow - billed[slot]))
    }

    /// Splits what the pool gave in each hour over its commitments, the first one first.
    private func addUse(
        _ chunk: HourGrid, _ payer: Payer, _ full: Capacity, _ left: Capacity, _ collector: inout Collector
    ) {
        if pool.members.count == 1, let member = pool.members.first {
            let used = full.total - left.total
            collector.use(payer, member, committed: full.total.whole, used: used, compiled, pool)
            return
        }
        let held = pool.members.map { compiled.steps(payer.capacity($0, pool)) }
        let active = pool.members.map { payer.commitments[$0].active(in: chunk) }
        var used = Array(repeating: Steps(), count: held.count)
        for hour in chunk.start.index..<chunk.end.index {
            var given = full[hour - chunk.start.index] - left[hour - chunk.start.index]
            for slot in held.indices where active[slot].contains(Hour(index: hour)) {
                let share = given <= Steps(whole: held[slot]) ? given : Steps(whole: held[slot])
                used[slot] += share
                given = given - share
            }
        }
        for (slot, member) in pool.members.enumerated() {
            let committed = held[slot] * Int128(active[slot].count)
            collector.use(payer, member, committed: committed, used: used[slot], compiled, pool)
        }
    }
}

extension Commitment {
    /// Amortised cost of one active hour.
    var amortizedHourly: Exact {
        if offer.isSpend { return Exact(hourlyCommitment.raw, over: FixedPoint.one) }
        let fee = unitFee
        return Exact(fee.perTerm, over: Int128(fee.hours)) * Exact(quantity.raw, over: FixedPoint.one)
            * Exact(1, over: FixedPoint.one)
    }

    /// Cash of one active hour.
    var recurringHourly: Exact {
        if offer.isSpend { return amortizedHourly * Exact(Int128(10 - upfrontTenths), over: 10) }
        return Exact(hourly.raw, over: FixedPoint.one) * Exact(quantity.raw, over: FixedPoint.one)
    }

    /// Cash paid once at the start.
    var upfrontCash: Exact {
        if offer.isSpend {
            return amortizedHourly * Exact(Int128(upfrontTenths * amortizationHours), over: 10)
        }
        return Exact(upfront.raw, over: FixedPoint.one) * Exact(quantity.raw, over: FixedPoint.one)
    }
}
