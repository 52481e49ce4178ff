internal import PlimsollCore

/// How far into its tiers each SKU of a billing account is within a month.
///
/// Tiers count the month's quantity of the SKU over the whole billing account; each line is charged for
/// the stretch it adds. What commitments served does not move the tiers that left-over usage pays.
struct TierState {
    /// Which running count.
    enum Lens: Hashable { case list, contracted, left }

    private struct Key: Hashable {
        var provider: String
        var sku: String
        var lens: Lens
    }

    private var positions: [Key: Exact] = [:]

    /// Moves the count of the cell's SKU on by `quantity` and returns what that stretch costs.
    mutating func charge(_ cell: Cell, _ lens: Lens, _ quantity: Exact) -> Exact {
        let price = lens == .list ? cell.list : cell.contracted
        guard price.isTiered else { return quantity * Exact(price.first.raw, over: FixedPoint.one) }
        let key = Key(provider: cell.key.provider, sku: cell.key.sku, lens: lens)
        let from = positions[key] ?? .zero
        let to = from + quantity
        positions[key] = to
        return Self.cost(price, upTo: to) - Self.cost(price, upTo: from)
    }

    /// What the month's first `quantity` units cost.
    private static func cost(_ price: PriceBook.Price, upTo quantity: Exact) -> Exact {
        var sum = Exact.zero
        for (index, tier) in price.tiers.enumerated() {
            let from = Exact(tier.from.raw, over: FixedPoint.one)
            guard from < quantity else { break }
            var end = quantity
            if index + 1 < price.tiers.count {
                let next = Exact(price.tiers[index + 1].from.raw, over: FixedPoint.one)
                if next < end { end = next }
            }
            sum = sum + (end - from) * Exact(tier.price.raw, over: FixedPoint.one)
        }
        return sum
    }
}
