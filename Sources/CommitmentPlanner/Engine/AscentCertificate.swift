internal import PlimsollCore

extension DualAscent {
    /// Integer prices of all pools: μ for the wide one; for a group what its hours are worth, from the highest
    /// demand down until the fee is spent.
    func certificate(_ mu: [Double]) -> DualPrices {
        let model = problem.model
        var prices = DualPrices(HourTable(rows: model.pools.count, hours: rows.hours))
        var wide = mu.map(DualPrices.whole)[...]
        if let fee = model.pools[problem.wide].fee { DualPrices.fit(&wide, to: fee.floor, filling: true) }
        let base = Array(wide)
        prices.values.replace(problem.wide, with: base)
        let pieces = min(16, rows.groups.count)
        let parts = Pieces.map(pieces) { piece in
            Pieces.range(piece, of: pieces, rows.groups.count).flatMap { index in
                rows.groups[index].pools.map { (pool: $0.pool, row: spent(index, $0.pool, size: $0.size, base)) }
            }
        }
        for (pool, row) in parts.joined() { prices.values.replace(pool, with: row) }
        return prices
    }

    /// Pays what a pool's unit is worth, hours of the highest demand first, until the fee is spent.
    private func spent(_ index: Int, _ pool: Int, size: Double, _ base: [Int64]) -> SpentRow {
        let group = rows.groups[index]
        let first = index * rows.rowLength
        var row = SpentRow(base, .init(price: group.price, wideRate: group.wideRate, size: size))
        guard let budget = problem.model.pools[pool].fee?.floor else { return row }
        var rest = Int64(clamping: budget)
        let beyond = budget - Int128(rest)
        for position in (index * rows.hours..<(index + 1) * rows.hours).reversed() {
            let hour = Int(rows.order[position])
            guard rest > 0, rows.demand[first + hour / AscentRows.width][hour % AscentRows.width] > 0 else { break }
            row.pay(hour, from: &rest)
        }
        row.share(Int128(rest) + beyond)
        return row
    }
}
