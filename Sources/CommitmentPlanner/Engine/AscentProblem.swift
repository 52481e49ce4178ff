internal import PlimsollCore

/// A model with one wide pool over many groups: what the dual ascent can plan.
struct AscentProblem: Sendable {
    let model: PlanningModel
    let groups: [AscentRows.Group]
    /// The wide pool, and its price of a unit over the window in currency.
    let wide: Int
    let wideFee: Double

    /// Nil where the model has another shape: something held, limits, pools for a part of the window, hours that count
    /// differently, no wide pool or several, scopes three deep, or a group whose cells differ in more than their size.
    init?(_ model: PlanningModel) {
        guard model.hours > 0, model.hours <= Int(UInt16.max) else { return nil }
        guard model.pools.allSatisfy({ $0.existing.isEmpty && $0.fee != nil && $0.active == nil }) else { return nil }
        guard model.rows.isEmpty, model.weights.isEmpty, model.servedLimit == nil else { return nil }
        let forest = ScopeForest(model.pools, cellCount: model.cells.count)
        guard forest.isNested, !forest.nodes.contains(where: { $0.depth > 1 }) else { return nil }
        let outer = forest.nodes.indices.filter { !forest.nodes[$0].children.isEmpty }
        guard outer.count == 1, let root = outer.first, forest.nodes[root].pools.count == 1 else { return nil }
        guard let wide = forest.nodes[root].pools.first?.pool, let fee = model.pools[wide].fee else { return nil }
        guard fee.numerator > 0 else { return nil }
        let unit = Double(FixedPoint.one)
        let wideRates = Dictionary(
            model.pools[wide].members.map { ($0.cell, Double($0.rate) / unit) }, uniquingKeysWith: min)
        var groups: [AscentRows.Group] = []
        for index in forest.nodes.indices where index != root {
            guard let group = Self.group(model, forest, index, wideRates) else { return nil }
            groups.append(group)
        }
        for place in forest.nodes[root].own {
            let cell = forest.cells[place]
            groups.append(
                AscentRows.Group(
                    pools: [], cells: [(cell, 1)], price: Double(model.cells[cell].price) / unit,
                    wideRate: wideRates[cell] ?? .infinity))
        }
        self.model = model
        self.wide = wide
        wideFee = fee.value / unit
        // The vendor's order inside the wide pool; what it does not serve comes last.
        self.groups = groups.enumerated().sorted { left, right in
            let (a, b) = (left.element.saving, right.element.saving)
            return a != b ? a > b : left.offset < right.offset
        }.map(\.element)
    }

    private static func group(
        _ model: PlanningModel, _ forest: ScopeForest, _ index: Int, _ wideRates: [Int: Double]
    ) -> AscentRows.Group? {
        let node = forest.nodes[index]
        let unit = Double(FixedPoint.one)
        var group = AscentRows.Group(pools: node.pools, cells: [], price: 0, wideRate: .infinity)
        for (offset, place) in node.places.enumerated() {
            let (cell, rate) = (forest.cells[place], node.rates[offset])
            let price = Double(model.cells[cell].price) / unit / rate
            let wideRate = (wideRates[cell] ?? .infinity) / rate
            group.cells.append((cell, rate))
            if offset == 0 { (group.price, group.wideRate) = (price, wideRate) }
            guard abs(price - group.price) <= 1e-6 * group.price else { return nil }
            guard wideRate == group.wideRate || abs(wideRate - group.wideRate) <= 1e-6 * group.wideRate else {
                return nil
            }
        }
        for (pool, size) in node.pools {
            guard let fee = model.pools[pool].fee else { continue }
            let perUnit = fee.value / unit / size
            if perUnit < group.fee { (group.pool, group.size, group.fee) = (pool, size, perUnit) }
        }
        return group
    }
}

extension AscentRows.Group {
    /// On-demand cost that one unit of the wide pool saves.
    var saving: Double { wideRate.isFinite ? price / wideRate : 0 }
}
