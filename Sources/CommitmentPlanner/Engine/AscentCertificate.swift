internal import PlimsollCore

extension DualAscent {
    /// Integer prices of all pools: μ for the wide one; for a group what its hours are worth, from the highest
    /// demand down until the fee is spent.
    func certificate(_ mu: [Double]) -> DualPrices {
        let model = problem.model
        let hours = rows.hours
        var prices = DualPrices(values: Array(repeating: 0, count: model.pools.count * hours), hours: hours)
        let wide = problem.wide * hours..<(problem.wide + 1) * hours
        prices.fill(wide, from: mu, fee: model.pools[problem.wide].fee)
        let whole = prices.values[wide].map { Double($0) / Double(FixedPoint.one) }
        for (index, group) in rows.groups.enumerated() {
            for (pool, size) in group.pools {
                guard let fee = model.pools[pool].fee else { continue }
                let row = pool * hours..<(pool + 1) * hours
                let spent = prices.spend(row, fee.floor, on: worth(index, whole), size: size)
                prices.fit(row, spent, to: fee.floor, filling: true)
            }
        }
        return prices
    }

    /// The worth of a group's unit by hour, hours of the highest demand first, hours without demand left out.
    private func worth(_ index: Int, _ mu: [Double]) -> some Sequence<(hour: Int, value: Double)> {
        let group = rows.groups[index]
        let order = rows.order[index * rows.hours..<(index + 1) * rows.hours]
        let row = index * rows.rowLength
        return order.reversed().lazy.map { Int($0) }.prefix { hour in
            rows.demand[row + hour / AscentRows.width][hour % AscentRows.width] > 0
        }.map { hour in (hour, group.wideRate.isFinite ? min(group.price, mu[hour] * group.wideRate) : group.price) }
    }
}

extension DualPrices {
    /// Searched prices in currency as integers within the fee.
    mutating func fill(_ row: Range<Int>, from searched: [Double], fee: Fee?) {
        var total: Int128 = 0
        for (slot, price) in zip(row, searched) {
            values[slot] = Int64(max(0, min(price * 1e12, 9e18)))
            total += Int128(values[slot])
        }
        if let fee { fit(row, total, to: fee.floor, filling: true) }
    }

    /// Pays what hours are worth, in order, until the budget is spent; returns what was spent.
    fileprivate mutating func spend(
        _ row: Range<Int>, _ budget: Int128, on worth: some Sequence<(hour: Int, value: Double)>, size: Double
    ) -> Int128 {
        var rest = budget
        for (hour, value) in worth {
            // One more than the product in floats: never less than what the hour is worth.
            let wanted = Int128(Int64(min(value * size * 1e12, 9e18))) + 2
            let paid = min(wanted, rest)
            values[row.lowerBound + hour] = Int64(clamping: paid)
            rest -= paid
            if rest == 0 { break }
        }
        return budget - rest
    }
}
