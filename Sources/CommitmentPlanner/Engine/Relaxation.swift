internal import PlimsollCore

/// A model in floating point, laid out for the hour loops: cells grouped by the chain of pools that serve
/// them, pools as a forest of nested scopes.
struct Relaxation: Sendable {
    let model: PlanningModel
    /// Currency per unit of usage.
    let price: [Double]
    /// Pool units per unit of usage, by pool and position in its members.
    let fee: [Double]
    /// Usage, hours × cells: one row of cells after the other.
    let demand: [Double]
    /// Held capacity, hours × pools.
    let held: [Double]
    /// Roots of the forest; empty where pools overlap without being nested.
    private(set) var roots: [Node] = []
    /// Whether all pools are nested or disjoint, so that hourly allocation is solved exactly.
    private(set) var isNested = true

    /// A pool with what is nested in it.
    struct Node: Sendable {
        var pool: Int
        var children: [Node] = []
        /// Cells of the pool and what one unit of each takes.
        var cells: [Int] = []
        var rates: [Double] = []
    }

    var hours: Int { model.hours }
    var poolCount: Int { model.pools.count }

    init(_ model: PlanningModel) {
        self.model = model
        let unit = Double(FixedPoint.one)
        price = model.cells.map { Double($0.price) / unit }
        fee = model.pools.map { ($0.fee?.value ?? 0) / unit }
        let scale = 1 / Double(FixedPoint.power(model.quantityScale))
        var demand = [Double](repeating: 0, count: model.usage.count)
        let (cells, hours) = (model.cells.count, model.hours)
        for cell in 0..<cells {
            for hour in 0..<hours { demand[hour * cells + cell] = Double(model.usage[cell * hours + hour]) * scale }
        }
        self.demand = demand
        var held = [Double](repeating: 0, count: hours * model.pools.count)
        for (index, pool) in model.pools.enumerated() where !pool.existing.isEmpty {
            for hour in 0..<hours { held[hour * model.pools.count + index] = Double(pool.existing[hour]) * 1e-6 }
        }
        self.held = held
        buildForest()
    }

    // MARK: The forest

    private mutating func buildForest() {
        let sets = model.pools.map { Set($0.members.map(\.cell)) }
        // Wider scopes first; among equal ones the vendor's later stage is the outer one.
        let order = sets.indices.sorted { left, right in
            if sets[left].count != sets[right].count { return sets[left].count > sets[right].count }
            let (a, b) = (model.pools[left].priority, model.pools[right].priority)
            return a != b ? a > b : left < right
        }
        var parent = [Int?](repeating: nil, count: sets.count)
        for (position, pool) in order.enumerated() {
            for outer in order[..<position] where !sets[outer].isDisjoint(with: sets[pool]) {
                guard sets[pool].isSubset(of: sets[outer]) else {
                    isNested = false
                    return
                }
                parent[pool] = outer
            }
        }
        func node(_ pool: Int) -> Node {
            var result = Node(pool: pool)
            for member in model.pools[pool].members {
                result.cells.append(member.cell)
                result.rates.append(Double(member.rate) / Double(FixedPoint.one))
            }
            result.children = order.filter { parent[$0] == pool }.map(node)
            return result
        }
        roots = order.filter { parent[$0] == nil }.map(node)
    }

    /// Cells that belong to a node but to none of its children.
    static func own(_ node: Node) -> [Int] {
        let inner = Set(node.children.flatMap(\.cells))
        return node.cells.filter { !inner.contains($0) }
    }
}
