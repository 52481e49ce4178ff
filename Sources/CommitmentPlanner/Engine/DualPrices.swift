public import PlimsollCore

/// Prices of pool units by hour, in integers: what a certificate is made of.
public struct DualPrices: Sendable, Hashable {
    /// λ by pool and hour, in 10⁻¹² currency per pool unit: pools × hours, one row of hours after the other.
    public var values: [Int64]
    /// Hours of a row.
    public var hours: Int

    /// Prices in rows of `hours`.
    public init(values: [Int64], hours: Int) {
        self.values = values
        self.hours = hours
    }

    /// Why prices prove nothing.
    public enum Violation: Hashable, Sendable {
        /// The prices of a purchasable pool add up to more than its fee.
        case exceedsFee(pool: String)
        /// A price is negative.
        case negative(pool: String, hour: Int)
    }

    /// What makes the prices infeasible for `model`; empty where they prove a bound.
    public func violations(for model: PlanningModel) -> [Violation] {
        var found: [Violation] = []
        for (index, pool) in model.pools.enumerated() {
            var sum: Int128 = 0
            for hour in 0..<hours {
                let price = values[index * hours + hour]
                if price < 0 { found.append(.negative(pool: pool.id, hour: hour)) }
                sum += Int128(price)
            }
            if let fee = pool.fee, sum > fee.floor { found.append(.exceedsFee(pool: pool.id)) }
        }
        return found
    }

    /// The lower bound that feasible prices prove, in 10⁻¹² currency, rounded down:
    /// Σ usage · min(price, min ⌊rate · λ⌋) − Σ ⌈held · λ⌉. Throws where a number leaves its range.
    public func lowerBound(for model: PlanningModel) throws(Failure) -> Int128 {
        let chains = Self.chains(model)
        var sum: Int128 = 0
        for cell in model.cells.indices {
            sum += try bound(ofCell: cell, chains[cell], model)
        }
        sum /= FixedPoint.power(model.quantityScale)
        for (index, pool) in model.pools.enumerated() where !pool.existing.isEmpty {
            for hour in 0..<hours {
                let held = Int128(pool.existing[hour]) * Int128(values[index * hours + hour])
                sum -= (held + 999_999) / 1_000_000
            }
        }
        return sum
    }

    private static func chains(_ model: PlanningModel) -> [[(pool: Int, rate: UInt64)]] {
        var chains = [[(pool: Int, rate: UInt64)]](repeating: [], count: model.cells.count)
        for (index, pool) in model.pools.enumerated() {
            for member in pool.members { chains[member.cell].append((index, UInt64(member.rate))) }
        }
        return chains
    }

    private func bound(
        ofCell cell: Int, _ chain: [(pool: Int, rate: UInt64)], _ model: PlanningModel
    ) throws(Failure) -> Int128 {
        let unit: UInt64 = 1_000_000_000_000
        var sum: Int128 = 0
        let row = cell * hours
        for hour in 0..<hours where model.usage[row + hour] != 0 {
            var price = UInt64(model.cells[cell].price)
            for (pool, rate) in chain {
                let product = rate.multipliedFullWidth(by: UInt64(values[pool * hours + hour]))
                if product.high < unit { price = min(price, unit.dividingFullWidth(product).quotient) }
            }
            let (total, overflow) = sum.addingReportingOverflow(Int128(model.usage[row + hour]) * Int128(price))
            guard !overflow else {
                throw Failure(
                    .badInput, "plan.out-of-range", "the bound of `\(model.cells[cell].id)` is too large",
                    hint: "check the quantities and prices for slipped units")
            }
            sum = total
        }
        return sum
    }

    /// Integer prices from searched ones (currency per pool unit, pools × hours): scaled down where they
    /// exceed the fee, and filled up to it where they fall short. Filling up never lowers the bound of a
    /// pool that nothing is held of, and leaves no room for any price to be raised unnoticed.
    static func rounding(_ searched: [Double], for model: PlanningModel) -> DualPrices {
        let hours = model.hours
        var prices = DualPrices(values: Array(repeating: 0, count: model.pools.count * hours), hours: hours)
        for (index, pool) in model.pools.enumerated() {
            let row = index * hours..<(index + 1) * hours
            var total: Int128 = 0
            for slot in row {
                prices.values[slot] = Int64(max(0, min(searched[slot] * 1e12, 9e18)))
                total += Int128(prices.values[slot])
            }
            guard let fee = pool.fee else { continue }
            if total > fee.floor { total = prices.scaleDown(row, total, to: fee.floor) }
            if pool.existing.isEmpty { prices.fillUp(row, fee.floor - total) }
        }
        return prices
    }

    private mutating func scaleDown(_ row: Range<Int>, _ total: Int128, to limit: Int128) -> Int128 {
        var sum: Int128 = 0
        for slot in row {
            values[slot] = Int64(Int128(values[slot]) * limit / total)
            sum += Int128(values[slot])
        }
        return sum
    }

    private mutating func fillUp(_ row: Range<Int>, _ missing: Int128) {
        guard missing > 0, !row.isEmpty else { return }
        let (each, rest) = missing.quotientAndRemainder(dividingBy: Int128(row.count))
        for (position, slot) in row.enumerated() {
            values[slot] += Int64(each) + (Int128(position) < rest ? 1 : 0)
        }
    }
}
