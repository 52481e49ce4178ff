public import PlimsollCore

/// The fees of one pool's commitments over a segment: amortised, in cash, and how much was used.
struct FeeRun {
    private let pool: Pool
    /// The members as they are charged.
    private let charged: [Commitment]
    /// What each member holds in an hour, in steps.
    let held: [Int128]
    private var amortized: [Int128]
    private var billed: [Int128]
    private var hours: [Int]
    private var upfront: [Int128]
    /// Steps held and given since the last ``close(_:into:)``, by member.
    private var committed: [Int128]
    private var used: [Steps]
    private let averagePrice: Exact?

    init(pool: Pool, payer: Payer) {
        self.pool = pool
        charged = pool.members.map { payer.commitments[$0].charged(pool.rules) }
        let none = [Int128](repeating: 0, count: pool.members.count)
        held = pool.members.map { pool.steps(payer.capacity($0, pool)) }
        amortized = none
        billed = none
        upfront = none
        committed = none
        used = Array(repeating: Steps(), count: pool.members.count)
        hours = Array(repeating: 0, count: pool.members.count)
        averagePrice = pool.stepPrice == nil ? Self.average(pool, charged, payer) : nil
    }

    /// Forgets what was handed out.
    mutating func reset() {
        for slot in held.indices { (amortized[slot], billed[slot], upfront[slot], hours[slot]) = (0, 0, 0, 0) }
    }

    /// Amortised price of a step where the members' prices differ: the mean by capacity.
    private static func average(_ pool: Pool, _ charged: [Commitment], _ payer: Payer) -> Exact {
        var cost = Exact.zero
        var steps = Exact.zero
        for (slot, member) in pool.members.enumerated() {
            cost = cost + charged[slot].amortizedHourly
            steps = steps + Exact(pool.steps(payer.capacity(member, pool)))
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
        _ chunk: HourGrid, payer: Payer, left: Capacity, covered: Int128,
        into collector: inout Collector
    ) throws(Failure) {
        var fee = Amounts()
        fee.effective = Money(raw: -covered)
        for (slot, member) in pool.members.enumerated() {
            let share = try advance(slot, charged[slot], chunk)
            fee.effective += share.amortized
            fee.billed += share.billed
            collector.fee(payer, member, amortized: share.amortized, billed: share.billed)
        }
        addUse(chunk, payer, left)
        // Far from overflowing, however long the bill.
        if committed.contains(where: { $0 > Int128.max >> 12 }) { close(payer, into: &collector) }
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
        let amortizedNow = try commitment.amortized(over: hours[slot])
        let billedNow = try commitment.recurring(over: hours[slot]) + upfront[slot]
        defer {
            amortized[slot] = amortizedNow
            billed[slot] = billedNow
        }
        return (Money(raw: amortizedNow - amortized[slot]), Money(raw: billedNow - billed[slot]))
    }

    /// Splits what the pool gave in each hour over its commitments, the first one first.
    private mutating func addUse(_ chunk: HourGrid, _ payer: Payer, _ left: Capacity) {
        if held.count == 1 {
            let all = held[0] * Int128(payer.commitments[pool.members[0]].active(in: chunk).count)
            committed[0] += all
            used[0] += Steps(whole: all) - left.total
            return
        }
        let active = pool.members.map { payer.commitments[$0].active(in: chunk) }
        for slot in held.indices { committed[slot] += held[slot] * Int128(active[slot].count) }
        for hour in chunk.start.index..<chunk.end.index {
            let now = held.indices.filter { active[$0].contains(Hour(index: hour)) }
            let full = now.reduce(into: Int128(0)) { $0 += held[$1] }
            var given = Steps(whole: full) - left[hour - chunk.start.index]
            for slot in now {
                let share = given <= Steps(whole: held[slot]) ? given : Steps(whole: held[slot])
                used[slot] += share
                given = given - share
            }
        }
    }

    /// Hands out how much of each commitment was held and used.
    mutating func close(_ payer: Payer, into collector: inout Collector) {
        for (slot, member) in pool.members.enumerated() {
            collector.use(payer, member, committed: committed[slot], used: used[slot], pool.stepsPerUnit)
            (committed[slot], used[slot]) = (0, Steps())
        }
    }
}

extension Commitment {
    /// The commitment with what it costs as its amount, where a share of what is committed is paid.
    func charged(_ rules: CoverageRules.Prepared) -> Commitment {
        guard offer.isSpend, let share = rules.feeShare else { return self }
        var result = self
        result.hourlyCommitment.raw = FixedPoint.divideHalfEven(hourlyCommitment.raw * share, by: FixedPoint.one)
        return result
    }

    /// Amortised cost of one active hour.
    var amortizedHourly: Exact {
        if offer.isSpend { return Exact(hourlyCommitment.raw, over: FixedPoint.one) }
        let fee = unitFee
        return Exact(fee.perTerm, over: Int128(fee.hours)) * Exact(quantity.raw, over: FixedPoint.one)
            * Exact(1, over: FixedPoint.one)
    }

    /// Amortised cost of `hours` active hours, in 10⁻¹².
    func amortized(over hours: Int) throws(Failure) -> Int128 {
        let fee = unitFee
        guard !offer.isSpend else { return hourlyCommitment.raw * Int128(hours) }
        let unit = FixedPoint.one * Int128(fee.hours)
        if let cost = Self.rounded(fee.perTerm, quantity.raw, Int128(hours), over: unit) { return cost }
        return try (amortizedHourly * Exact(Int128(hours))).roundedRaw()
    }

    /// Recurring cash of `hours` active hours, in 10⁻¹².
    func recurring(over hours: Int) throws(Failure) -> Int128 {
        if !offer.isSpend, let cost = Self.rounded(hourly.raw, quantity.raw, Int128(hours), over: FixedPoint.one) {
            return cost
        }
        return try (recurringHourly * Exact(Int128(hours))).roundedRaw()
    }

    /// The product ÷ `unit`, half-even; nil where it leaves `Int128`.
    private static func rounded(_ a: Int128, _ b: Int128, _ c: Int128, over unit: Int128) -> Int128? {
        let (ab, first) = a.multipliedReportingOverflow(by: b)
        let (abc, second) = ab.multipliedReportingOverflow(by: c)
        return first || second ? nil : FixedPoint.divideHalfEven(abc, by: unit)
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

extension Commitment {
    /// What is paid once at its start, in money: the whole of it, not only what lies in a window.
    public func upfrontBilled() throws(Failure) -> Money { Money(raw: try upfrontCash.roundedRaw()) }
}
