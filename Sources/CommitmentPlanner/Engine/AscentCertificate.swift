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
        let pieces = min(16, rows.groups.count)
        prices.values.withUnsafeMutableBufferPointer { values in
            // Every pool belongs to one group, every group to one piece.
            nonisolated(unsafe) let values = values
            Pieces.forEach(pieces) { piece in
                for index in Pieces.range(piece, of: pieces, rows.groups.count) {
                    for (pool, size) in rows.groups[index].pools {
                        guard let fee = model.pools[pool].fee else { continue }
                        let row = UnsafeMutableBufferPointer(rebasing: values[pool * hours..<(pool + 1) * hours])
                        let rest = spend(fee.floor, into: row, index, whole, size: size)
                        DualPrices.fillUp(row, rest)
                    }
                }
            }
        }
        return prices
    }

    /// Pays what a pool's unit is worth, hours of the highest demand first, until the budget is spent; returns
    /// the rest.
    private func spend(
        _ budget: Int128, into row: UnsafeMutableBufferPointer<Int64>, _ index: Int, _ mu: [Double], size: Double
    ) -> Int128 {
        let group = rows.groups[index]
        let first = index * rows.rowLength
        var rest = Int64(clamping: budget)
        let beyond = budget - Int128(rest)
        for position in (index * rows.hours..<(index + 1) * rows.hours).reversed() {
            let hour = Int(rows.order[position])
            guard rest > 0, rows.demand[first + hour / AscentRows.width][hour % AscentRows.width] > 0 else { break }
            let worth = group.wideRate.isFinite ? min(group.price, mu[hour] * group.wideRate) : group.price
            // A little more than the product in floats: never less than what the hour is worth.
            let paid = min(Int64(min(worth * size * 1e12, 9e18)) + 2, rest)
            row[hour] = paid
            rest -= paid
        }
        return Int128(rest) + beyond
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
}
