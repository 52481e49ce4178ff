public import PlimsollCore

/// Prices of pool units by hour, in integers: what a certificate is made of.
public struct DualPrices: Sendable, Hashable {
    /// λ by pool and hour, in 10⁻¹² currency per pool unit: pools × hours, one row of hours after the other.
    public var values: [Int64]
    /// Hours of a row.
    public var hours: Int
    /// μ by row of the model: price of a unit of what the row limits, in 10⁻¹² currency.
    public var multipliers: [Int64]
    /// ν: price of a currency unit of usage being served, in 10⁻¹² currency; 0 without such a limit.
    public var served: Int64 = 0

    /// Prices in rows of `hours`.
    public init(values: [Int64], hours: Int, multipliers: [Int64] = []) {
        self.values = values
        self.hours = hours
        self.multipliers = multipliers
    }

    /// Why prices prove nothing.
    public enum Violation: Hashable, Sendable {
        /// The prices of a purchasable pool add up to more than its fee.
        case exceedsFee(pool: String)
        /// A price is negative.
        case negative(pool: String, hour: Int)
        /// The price of a limit is negative, or above what a served currency unit can be worth.
        case multiplier(row: String)
    }

    /// What makes the prices infeasible for `model`; empty where they prove a bound.
    public func violations(for model: PlanningModel) -> [Violation] {
        var found: [Violation] = []
        let allowances = allowances(model)
        for (index, pool) in model.pools.enumerated() {
            var sum: Int128 = 0
            for hour in pool.active ?? 0..<hours {
                let price = values[index * hours + hour]
                if price < 0 { found.append(.negative(pool: pool.id, hour: hour)) }
                sum += Int128(price)
            }
            if let allowance = allowances[index], sum > allowance { found.append(.exceedsFee(pool: pool.id)) }
        }
        for (row, price) in zip(model.rows, multipliers) where price < 0 { found.append(.multiplier(row: row.id)) }
        if !(0...Int64(FixedPoint.one)).contains(served) { found.append(.multiplier(row: "served")) }
        return found
    }

    /// What the prices of each purchasable pool may add up to, in 10⁻¹² currency: its fee, and what a unit uses up of
    /// the limits at their prices.
    private func allowances(_ model: PlanningModel) -> [Int128?] {
        var used = [Int128](repeating: 0, count: model.pools.count)
        for (row, price) in zip(model.rows, multipliers) where price > 0 {
            for term in row.terms { used[term.pool] += Int128(price) * Int128(term.coefficient) }
        }
        return model.pools.enumerated().map { index, pool in
            pool.fee.map { $0.floor + used[index] / FixedPoint.one }
        }
    }

    /// The lower bound that feasible prices prove, in 10⁻¹² currency, rounded down:
    /// Σ usage · min(price, ⌊ν · price⌋ + min ⌊rate · λ⌋) − Σ ⌈held · λ⌉ − Σ ⌈limit · μ⌉ − ⌈served limit · ν⌉, prices
    /// weighted. Throws where a number leaves its range.
    public func lowerBound(for model: PlanningModel) throws(Failure) -> Int128 {
        guard values.count == model.pools.count * model.hours, hours == model.hours,
            multipliers.count == model.rows.count
        else {
            throw Failure(.badInput, "plan.wrong-shape", "the duals do not have one value per pool and hour")
        }
        let chains = Self.chains(model)
        let pieces = min(16, model.cells.count)
        let parts = Pieces.map(pieces) { piece in
            var sum: Int128? = 0
            for cell in Pieces.range(piece, of: pieces, model.cells.count) {
                sum = Self.sum(sum, bound(ofCell: cell, chains[cell], model))
            }
            return [sum]
        }
        var total: Int128? = 0
        for part in parts.flatMap({ $0 }) { total = Self.sum(total, part) }
        guard var sum = total else { throw Self.tooLarge }
        sum /= FixedPoint.power(model.quantityScale)
        for (index, pool) in model.pools.enumerated() where !pool.existing.isEmpty {
            for hour in 0..<hours {
                let held = Int128(pool.existing[hour]) * Int128(values[index * hours + hour])
                sum -= (held + 999_999) / 1_000_000
            }
        }
        return try sum - limits(model)
    }

    /// What the limits are worth at their prices, rounded up.
    private func limits(_ model: PlanningModel) throws(Failure) -> Int128 {
        var sum: Int128? = 0
        var parts = zip(model.rows, multipliers).map { ($0.limit, $1) }
        if served > 0, let limit = model.servedLimit { parts.append((limit, served)) }
        for (limit, price) in parts where price > 0 {
            let (product, overflow) = limit.multipliedReportingOverflow(by: Int128(price))
            guard !overflow else { throw Self.tooLarge }
            sum = Self.sum(sum, (product + FixedPoint.one - 1) / FixedPoint.one)
        }
        guard let sum else { throw Self.tooLarge }
        return sum
    }

    private static var tooLarge: Failure {
        Failure(
            .badInput, "plan.out-of-range", "the bound is too large for 128 bits",
            hint: "check the quantities and prices for slipped units")
    }

    private static func sum(_ left: Int128?, _ right: Int128?) -> Int128? {
        guard let left, let right else { return nil }
        let (total, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : total
    }

    /// A pool that serves a cell.
    private struct Link {
        var pool: Int
        var rate: Int64
        var active: Range<Int>
    }

    private static func chains(_ model: PlanningModel) -> [[Link]] {
        var chains = [[Link]](repeating: [], count: model.cells.count)
        for (index, pool) in model.pools.enumerated() {
            for member in pool.members {
                chains[member.cell].append(
                    Link(pool: index, rate: member.rate, active: pool.active ?? 0..<model.hours))
            }
        }
        return chains
    }

    /// Nil where the sum leaves its range.
    private func bound(ofCell cell: Int, _ chain: [Link], _ model: PlanningModel) -> Int128? {
        let isWeighted = !model.weights.isEmpty
        var price = model.cells[cell].price
        var toll = Self.part(served, of: price)
        return values.withUnsafeBufferPointer { values in
            model.usage.withUnsafeBufferPointer { usage in
                var sum: Int128 = 0
                for hour in 0..<hours {
                    let used = usage[cell * hours + hour]
                    if used == 0 { continue }
                    if isWeighted {
                        price = model.price(of: cell, in: hour)
                        toll = Self.part(served, of: price)
                    }
                    var least = price - toll
                    for link in chain where link.active.contains(hour) {
                        Self.lower(&least, link.rate, values[link.pool * hours + hour])
                    }
                    let (total, overflow) = sum.addingReportingOverflow(Int128(used) * Int128(least + toll))
                    if overflow { return nil }
                    sum = total
                }
                return sum
            }
        }
    }

    /// ⌊share · price⌋.
    private static func part(_ share: Int64, of price: Int64) -> Int64 {
        Int64(clamping: Int128(share) * Int128(price) / FixedPoint.one)
    }

    /// Lowers `least` to ⌊rate · price ÷ 10¹²⌋ where that is lower.
    @inline(__always)
    private static func lower(_ least: inout Int64, _ rate: Int64, _ signed: Int64) {
        // A negative price proves nothing and is reported as a violation; here it only must not overflow.
        let price = max(0, signed)
        // The estimate is off by less than one part in 2⁵⁰; only near the present value, or beyond what a Double
        // counts exactly, does the product have to be divided.
        let estimate = Double(rate) * Double(price) * 1e-12
        let bound = Double(least)
        if estimate > bound + bound * 1e-14 + 2 { return }
        guard estimate < 4e15 else {
            let (high, low) = rate.multipliedFullWidth(by: price)
            let quotient = Int64(1_000_000_000_000).dividingFullWidth((high, low)).quotient
            least = min(least, quotient)
            return
        }
        var quotient = Int64(estimate)
        // The remainder is small: arithmetic modulo 2⁶⁴ has it exactly.
        var rest = rate &* price &- quotient &* 1_000_000_000_000
        while rest < 0 {
            quotient -= 1
            rest &+= 1_000_000_000_000
        }
        while rest >= 1_000_000_000_000 {
            quotient += 1
            rest &-= 1_000_000_000_000
        }
        if quotient < least { least = quotient }
    }

    /// Integer prices from searched ones (currency per pool unit, pools × hours; currency per unit of what a row
    /// limits): scaled down where they exceed what they may add up to, and filled up to it where they fall short.
    /// Filling up never lowers the bound of a pool that nothing is held of, and leaves no room for any price to be
    /// raised unnoticed.
    static func rounding(_ searched: [Double], multipliers: [Double] = [], for model: PlanningModel) -> DualPrices {
        let hours = model.hours
        let whole = model.rows.indices.map { row in
            multipliers.indices.contains(row) ? Int64(max(0, min(multipliers[row] * 1e12, 9e18))) : 0
        }
        var prices = DualPrices(
            values: Array(repeating: 0, count: model.pools.count * hours), hours: hours, multipliers: whole)
        let allowances = prices.allowances(model)
        for (index, pool) in model.pools.enumerated() {
            let active = pool.active ?? 0..<hours
            let row = index * hours + active.lowerBound..<index * hours + active.upperBound
            var total: Int128 = 0
            for slot in row {
                prices.values[slot] = Int64(max(0, min(searched[slot] * 1e12, 9e18)))
                total += Int128(prices.values[slot])
            }
            guard let allowance = allowances[index] else { continue }
            prices.fit(row, total, to: allowance, filling: pool.existing.isEmpty)
        }
        return prices
    }

    /// Scales a row down to a limit, or fills it up to it.
    mutating func fit(_ row: Range<Int>, _ total: Int128, to limit: Int128, filling: Bool) {
        let sum = total > limit ? scaleDown(row, total, to: limit) : total
        if filling { fillUp(row, limit - sum) }
    }

    private mutating func scaleDown(_ row: Range<Int>, _ total: Int128, to limit: Int128) -> Int128 {
        var sum: Int128 = 0
        for slot in row {
            values[slot] = Int64(clamping: Int128(values[slot]) * limit / total)
            sum += Int128(values[slot])
        }
        return sum
    }

    private mutating func fillUp(_ row: Range<Int>, _ missing: Int128) {
        values.withUnsafeMutableBufferPointer { Self.fillUp(UnsafeMutableBufferPointer(rebasing: $0[row]), missing) }
    }

    /// Shares out what is missing over a row, the remainder over its first hours.
    static func fillUp(_ row: UnsafeMutableBufferPointer<Int64>, _ missing: Int128) {
        guard missing > 0, !row.isEmpty else { return }
        let (each, rest) = missing.quotientAndRemainder(dividingBy: Int128(row.count))
        for slot in row.indices { row[slot] += Int64(clamping: each) + (slot < Int(rest) ? 1 : 0) }
    }
}
