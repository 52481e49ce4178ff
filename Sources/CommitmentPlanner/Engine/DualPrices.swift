public import PlimsollCore

/// Prices of pool units by hour, in integers: what a certificate is made of.
public struct DualPrices: Sendable, Hashable {
    /// λ by pool and hour, in 10⁻¹² currency per pool unit.
    public var values: HourTable
    /// μ by row of the model: price of a unit of what the row limits, in 10⁻¹² currency.
    public var multipliers: [Int64]
    /// ν: price of a currency unit of usage being served, in 10⁻¹² currency; 0 without such a limit.
    public var served: Int64 = 0

    /// Hours of a row.
    public var hours: Int { values.hours }

    /// Prices in rows of `hours`, one after the other.
    public init(values: [Int64], hours: Int, multipliers: [Int64] = []) {
        self.init(HourTable(values, hours: hours), multipliers: multipliers)
    }

    /// A row of prices for every pool.
    public init(_ values: HourTable, multipliers: [Int64] = []) {
        self.values = values
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
            let row = values.row(index)
            for hour in pool.active ?? 0..<hours {
                let price = row[hour]
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
            for (held, price) in zip(pool.existing, values.row(index)) {
                sum -= (Int128(held) * Int128(price) + 999_999) / 1_000_000
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
        let rows = chain.map { values.row($0.pool) }
        var sum: Int128 = 0
        for (hour, used) in model.usage.row(cell).enumerated() where used != 0 {
            if isWeighted {
                price = model.price(of: cell, in: hour)
                toll = Self.part(served, of: price)
            }
            var least = price - toll
            for (place, link) in chain.enumerated() where link.active.contains(hour) {
                Self.lower(&least, link.rate, rows[place][hour])
            }
            let (total, overflow) = sum.addingReportingOverflow(Int128(used) * Int128(least + toll))
            if overflow { return nil }
            sum = total
        }
        return sum
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
        let limits = model.rows.indices.map { row in
            multipliers.indices.contains(row) ? whole(multipliers[row]) : 0
        }
        var prices = DualPrices(HourTable(rows: model.pools.count, hours: hours), multipliers: limits)
        let allowances = prices.allowances(model)
        for (index, pool) in model.pools.enumerated() {
            let active = pool.active ?? 0..<hours
            var row = [Int64](repeating: 0, count: hours)
            for hour in active { row[hour] = whole(searched[index * hours + hour]) }
            if let allowance = allowances[index] {
                fit(&row[active], to: allowance, filling: pool.existing.isEmpty)
            }
            prices.values.replace(index, with: row)
        }
        return prices
    }

    /// A searched price in 10⁻¹² currency.
    static func whole(_ price: Double) -> Int64 { Int64(max(0, min(price * 1e12, 9e18))) }

    /// Scales hours down to a limit, or fills them up to it.
    static func fit(_ row: inout ArraySlice<Int64>, to limit: Int128, filling: Bool) {
        let total = row.reduce(into: Int128(0)) { $0 += Int128($1) }
        var sum = total
        if total > limit {
            sum = 0
            for hour in row.indices {
                row[hour] = Int64(clamping: Int128(row[hour]) * limit / total)
                sum += Int128(row[hour])
            }
        }
        guard filling, limit > sum, !row.isEmpty else { return }
        // What is missing is shared out, the remainder over the first hours.
        let (each, rest) = (limit - sum).quotientAndRemainder(dividingBy: Int128(row.count))
        for (place, hour) in row.indices.enumerated() {
            row[hour] += Int64(clamping: each) + (place < Int(rest) ? 1 : 0)
        }
    }
}
