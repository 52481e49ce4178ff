internal import PlimsollCore

/// The pools' scopes as a forest: which lies within which.
struct ScopeForest: Sendable {
    /// One scope and the pools that have it.
    struct Node: Sendable {
        /// Pools of this scope; a unit of each serves `size` times what a unit of the node does.
        var pools: [(pool: Int, size: Double)]
        /// Nodes directly within.
        var children: [Int] = []
        /// Places of the cells.
        var places: Range<Int> = 0..<0
        /// Places of the cells that are in no child.
        var own: Range<Int> = 0..<0
        /// Node units that one unit of usage takes, by place from `places.lowerBound`.
        var rates: [Double] = []
        /// Scopes around this one.
        var depth = 0
    }

    /// Inner nodes before the ones around them.
    private(set) var nodes: [Node] = []
    /// The model's cells by place.
    private(set) var cells: [Int] = []
    /// Places by the model's cells.
    private(set) var places: [Int?]
    /// False where scopes overlap without being nested: then there are no nodes.
    private(set) var isNested = true

    private struct Scope {
        var pools: [(pool: Int, size: Double)]
        var rates: [Int: Double]
        var priority: Int
        var children: [Int] = []
    }

    init(_ pools: [PlanningPool], cellCount: Int) {
        places = Array(repeating: nil, count: cellCount)
        var scopes = Self.merged(pools)
        // Wider scopes first; among equal ones the vendor's later stage is the outer one.
        scopes.sort { left, right in
            if left.rates.count != right.rates.count { return left.rates.count > right.rates.count }
            if left.priority != right.priority { return left.priority > right.priority }
            return left.pools[0].pool < right.pools[0].pool
        }
        var roots: [Int] = []
        // The innermost scope so far around each cell.
        var around = [Int?](repeating: nil, count: cellCount)
        for index in scopes.indices {
            let outer = Set(scopes[index].rates.keys.map { around[$0] })
            guard outer.count <= 1 else {
                isNested = false
                break
            }
            if case .some(.some(let parent)) = outer.first {
                scopes[parent].children.append(index)
            } else {
                roots.append(index)
            }
            for cell in scopes[index].rates.keys { around[cell] = index }
        }
        if isNested {
            for root in roots { _ = add(root, scopes, depth: 0) }
        } else {
            numberCells(scopes)
        }
    }

    /// Scopes with all their pools: those with the same cells and the same proportions of rates are one.
    private static func merged(_ pools: [PlanningPool]) -> [Scope] {
        var scopes: [Scope] = []
        var known: [Set<Int>: [Int]] = [:]
        for (index, pool) in pools.enumerated() where !pool.members.isEmpty {
            var rates: [Int: Double] = [:]
            for member in pool.members {
                rates[member.cell] = Double(member.rate) / Double(FixedPoint.one)
            }
            let cells = Set(rates.keys)
            let like = known[cells, default: []].first { size(of: rates, in: scopes[$0].rates) != nil }
            if let like, let size = size(of: rates, in: scopes[like].rates) {
                scopes[like].pools.append((index, size))
                scopes[like].priority = max(scopes[like].priority, pool.priority)
            } else {
                known[cells, default: []].append(scopes.count)
                scopes.append(Scope(pools: [(index, 1)], rates: rates, priority: pool.priority))
            }
        }
        return scopes
    }

    /// How many units of a scope one unit of a pool is; nil where rates are not in proportion.
    private static func size(of rates: [Int: Double], in scope: [Int: Double]) -> Double? {
        var least = Double.infinity
        var most = 0.0
        for (cell, rate) in rates {
            let ratio = (scope[cell] ?? 0) / rate
            least = min(least, ratio)
            most = max(most, ratio)
        }
        return most - least <= 1e-13 * most ? least : nil
    }

    private mutating func add(_ index: Int, _ scopes: [Scope], depth: Int) -> Int {
        let scope = scopes[index]
        let first = cells.count
        var node = Node(pools: scope.pools)
        node.children = scope.children.map { add($0, scopes, depth: depth + 1) }
        let own = cells.count
        for cell in scope.rates.keys.sorted() where places[cell] == nil {
            places[cell] = cells.count
            cells.append(cell)
        }
        node.places = first..<cells.count
        node.own = own..<cells.count
        node.rates = cells[first...].map { scope.rates[$0] ?? 1 }
        node.depth = depth
        nodes.append(node)
        return nodes.count - 1
    }

    private mutating func numberCells(_ scopes: [Scope]) {
        for cell in Set(scopes.flatMap(\.rates.keys)).sorted() {
            places[cell] = cells.count
            cells.append(cell)
        }
    }
}
