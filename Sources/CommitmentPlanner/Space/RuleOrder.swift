internal import PlimsollCore
internal import Rating

extension PlanningSpace {
    /// Gives the model the order in which the rules of `input` let its pools serve its cells: owners first, and
    /// what else a vendor goes by. `input` is the one that the space was made from.
    mutating func adoptOrder(of input: RatingInput) throws(Failure) {
        var probe = input
        let held = Dictionary(
            input.commitments.indices.map { ("held/" + input.commitments[$0].id, $0) },
            uniquingKeysWith: { first, _ in first })
        var pools: [Int: Int] = [:]
        for (pool, scope) in scopes.enumerated() {
            guard scope.isPurchase else {
                if let position = held[model.pools[pool].id] { pools[position] = pool }
                continue
            }
            pools[probe.commitments.count] = pool
            probe.commitments.append(Self.probe(scope, number: pool))
        }
        let cells = Dictionary(grouping: keys.indices) { keys[$0] }
        model.order = try ServingOrder(probe).links.flatMap { link -> [PlanningModel.Service] in
            guard let pool = pools[link.commitment] else { return [] }
            return (cells[link.key] ?? []).filter { link.epoch.contains(starts[$0]) }.map {
                .init(pool: pool, cell: $0)
            }
        }
    }

    /// A purchase of a scope; its name sorts as purchases' do.
    private static func probe(_ scope: Scope, number: Int) -> Commitment {
        var item = scope.template
        item.id = "buy-" + String(1_000_000 + number)
        guard let size = scope.sizes.first else {
            item.hourlyCommitment = Money(1)
            return item
        }
        item.sku = size.sku
        item.quantity = Quantity(1)
        (item.hourly, item.upfront) = (size.hourly, size.upfront)
        return item
    }
}
