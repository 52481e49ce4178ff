/// Solves one hour's allocation exactly for nested pools, by its dual: given the price of the outer pool's
/// unit, every pool inside solves alone; the outer price is a one-dimensional concave search.
struct HourSolver: Sendable {
    private let relaxation: Relaxation
    private var nodes: [Flat] = []
    private var rootNodes: [Int] = []

    // Working arrays by cell.
    private var outside: [Double]
    private var left: [Double]
    /// Price of a pool's unit in the hour solved last, by pool.
    private(set) var prices: [Double]

    /// A node of the forest with its cells in flat arrays.
    private struct Flat: Sendable {
        var pool: Int
        var children: [Int]
        var cells: [Int]
        var rates: [Double]
        /// Positions of `cells`, kept sorted by value for leaves.
        var order: [Int]
        /// Outside prices of its cells while an inner search lowers them.
        var saved: [Double]
        /// Where the last search ended, to start the next one.
        var lastPrice: Double
    }

    init(_ relaxation: Relaxation) {
        self.relaxation = relaxation
        outside = relaxation.price
        left = relaxation.price
        prices = Array(repeating: 0, count: relaxation.poolCount)
        for root in relaxation.roots { rootNodes.append(add(root)) }
    }

    private mutating func add(_ node: Relaxation.Node) -> Int {
        let children = node.children.map { add($0) }
        nodes.append(
            Flat(
                pool: node.pool, children: children, cells: node.cells, rates: node.rates,
                order: Array(node.cells.indices), saved: Array(repeating: 0, count: node.cells.count), lastPrice: 0))
        return nodes.count - 1
    }

    /// Solves an hour for the given capacities. Afterwards ``prices`` are the dual prices of the pools'
    /// units, and the result is the dual value: on-demand cost left after the best allocation.
    mutating func solve(hour: Int, capacity: [Double]) -> Double {
        let count = outside.count
        let base = hour * count
        for cell in 0..<count {
            outside[cell] = relaxation.price[cell]
            left[cell] = relaxation.demand[base + cell]
        }
        for root in rootNodes { solve(root, base, capacity) }
        var value = 0.0
        for root in rootNodes { value += dualValue(root, base) }
        for pool in prices.indices { value -= prices[pool] * capacity[pool] }
        return value
    }

    /// Cells no pool serves do not occur in a model, so roots hold every cell.
    private mutating func dualValue(_ root: Int, _ base: Int) -> Double {
        lower(root)
        var value = 0.0
        for cell in nodes[root].cells { value += outside[cell] * relaxation.demand[base + cell] }
        return value
    }

    /// Brings the outside prices of a subtree down to what its pools ask.
    private mutating func lower(_ index: Int) {
        let price = prices[nodes[index].pool]
        for position in nodes[index].cells.indices {
            let cell = nodes[index].cells[position]
            outside[cell] = min(outside[cell], nodes[index].rates[position] * price)
        }
        for child in nodes[index].children { lower(child) }
    }

    private mutating func solve(_ index: Int, _ base: Int, _ capacity: [Double]) {
        if nodes[index].children.isEmpty {
            solveLeaf(index, base, capacity[nodes[index].pool])
        } else {
            search(index, base, capacity)
        }
    }

    // MARK: Leaves

    /// Fills the capacity by value per pool unit, highest first; what is left stays in `left`.
    private mutating func solveLeaf(_ index: Int, _ base: Int, _ capacity: Double) {
        sortLeaf(index)
        var rest = capacity
        var price = 0.0
        for position in nodes[index].order {
            let cell = nodes[index].cells[position]
            let rate = nodes[index].rates[position]
            let wanted = relaxation.demand[base + cell]
            let need = wanted * rate
            if need <= rest {
                rest -= need
                left[cell] = 0
            } else {
                if price == 0 { price = outside[cell] / rate }
                left[cell] = wanted - rest / rate
                rest = 0
            }
        }
        prices[nodes[index].pool] = price
    }

    /// Insertion sort: the order hardly changes from one search step to the next.
    private mutating func sortLeaf(_ index: Int) {
        let count = nodes[index].order.count
        guard count > 1 else { return }
        for slot in 1..<count {
            let moving = nodes[index].order[slot]
            let value = outside[nodes[index].cells[moving]] / nodes[index].rates[moving]
            var at = slot
            while at > 0 {
                let other = nodes[index].order[at - 1]
                guard outside[nodes[index].cells[other]] / nodes[index].rates[other] < value else { break }
                nodes[index].order[at] = other
                at -= 1
            }
            nodes[index].order[at] = moving
        }
    }

    // MARK: Inner nodes

    /// Finds the price at which what the subtree takes of the pool meets its capacity.
    private mutating func search(_ index: Int, _ base: Int, _ capacity: [Double]) {
        for position in nodes[index].cells.indices {
            nodes[index].saved[position] = outside[nodes[index].cells[position]]
        }
        let room = capacity[nodes[index].pool]
        var low = 0.0
        var high = 0.0
        for position in nodes[index].cells.indices {
            high = max(high, nodes[index].saved[position] / nodes[index].rates[position])
        }
        let start = nodes[index].lastPrice
        if start > 0, start < high {
            (low, high) = bracket(index, base, capacity, room, start, high)
        }
        var steps = 0
        while high - low > 1e-9 * high, steps < 60 {
            let middle = (low + high) / 2
            if taken(index, base, capacity, at: middle) > room { low = middle } else { high = middle }
            steps += 1
        }
        // At the upper end the subtree takes no more than there is: what it leaves is allocated.
        _ = taken(index, base, capacity, at: high)
        prices[nodes[index].pool] = high <= 1e-15 ? 0 : high
        nodes[index].lastPrice = high
        restore(index)
    }

    /// A short interval around the last price that holds the new one.
    private mutating func bracket(
        _ index: Int, _ base: Int, _ capacity: [Double], _ room: Double, _ start: Double, _ top: Double
    ) -> (Double, Double) {
        var (low, high) = (0.0, top)
        var width = 1e-4
        if taken(index, base, capacity, at: start) > room {
            low = start
            while true {
                let next = start * (1 + width)
                guard next < top else { break }
                if taken(index, base, capacity, at: next) > room { low = next } else { return (low, next) }
                width *= 16
            }
        } else {
            high = start
            while width < 1 {
                let next = start * (1 - width)
                if taken(index, base, capacity, at: next) > room { return (next, high) }
                high = next
                width *= 16
            }
        }
        return (low, high)
    }

    /// What the subtree takes of the pool's units at a price.
    private mutating func taken(_ index: Int, _ base: Int, _ capacity: [Double], at price: Double) -> Double {
        for position in nodes[index].cells.indices {
            let cell = nodes[index].cells[position]
            outside[cell] = min(nodes[index].saved[position], nodes[index].rates[position] * price)
            left[cell] = relaxation.demand[base + cell]
        }
        for child in nodes[index].children { solve(child, base, capacity) }
        var sum = 0.0
        for position in nodes[index].cells.indices {
            let offered = nodes[index].rates[position] * price
            guard offered < nodes[index].saved[position] else { continue }
            sum += left[nodes[index].cells[position]] * nodes[index].rates[position]
        }
        return sum
    }

    private mutating func restore(_ index: Int) {
        for position in nodes[index].cells.indices {
            outside[nodes[index].cells[position]] = nodes[index].saved[position]
        }
    }
}
