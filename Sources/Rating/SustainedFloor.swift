public import PlimsollCore

/// The least that usage may cost which no commitment serves, where discounts for sustained use make its price
/// depend on how much else is used in the month.
///
/// Planners count with it: what is left then costs no less than they think, whatever is bought, and their lower
/// bounds stay bounds. A layer that is in use for h hours of a month costs, for each hour, the mean of the rates
/// up to h, which falls with h: never less than if it were in use in all hours of the month that the window has.
/// Where prices differ within a pool the dear hours may be the discounted ones: there it is the lowest rate of
/// these hours.
public struct SustainedFloor: Sendable {
    private let rules: CoverageRules
    private let window: HourGrid
    /// Prices met in each pool.
    private var prices: [SustainedPool.Key: Set<Int128>] = [:]

    /// The floor for the lines of one payer.
    public init(_ payer: Payer, _ estate: RatingEstate) {
        rules = estate.rules
        window = estate.window
        for line in payer.lines {
            for epoch in estate.priceEpochs where line.series.grid.intersection(epoch).count > 0 {
                let day = epoch.start.day
                guard let use = rules.sustainedUse(of: line.key, on: day) else { continue }
                guard let price = rules.contractedPrice(of: line.key, on: day) else { continue }
                prices[use.key, default: []].insert(price.first.raw)
            }
        }
    }

    /// The least of `price` that a unit of `key` costs in the hours of `grid`, rounded down to 10⁻¹².
    public func price(_ price: Money, of key: UsageKey, in grid: HourGrid) -> Int128 {
        guard let use = rules.sustainedUse(of: key, on: grid.start.day) else { return price.raw }
        let isUniform = (prices[use.key]?.count ?? 0) <= 1 && !use.key.part.isEmpty
        return window.months.filter { $0.intersection(grid).count > 0 }.map { month in
            let first = month.start.monthStart
            let whole = Int128(first.nextMonth.index - first.index) * FixedPoint.one
            let most = Int128(month.count) * FixedPoint.one
            // The mean up to the last hour, or the rate of the last instant.
            let from = isUniform ? 0 : most - 1
            let charge = use.rates.charge(most, of: whole) - use.rates.charge(from, of: whole)
            return price.raw * charge / ((most - from) * SustainedRates.one)
        }.min() ?? price.raw
    }
}
