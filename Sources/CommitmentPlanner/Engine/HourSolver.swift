/// Solves one hour's allocation exactly for nested pools, by its dual: given the price of the outer pool's
/// unit, every pool inside solves alone; the outer price is a one-dimensional concave search.
///
/// Cells are numbered so that every pool's are a run of them, kept in flat arrays: this is the innermost
/// loop of planning.
struct HourSolver: Sendable {
    private let demand: [Double]
    private let cellCount: Int
    private let price: [Double]
    private var nodes: [Node] = []
    private var roots: [Int] = []

    // By slot: a run of slots per node, each a cell with its rate.
    private var cellOf: [Int] = []
    private var rateOf: [Double] = []
    /// Slots of a leaf, kept sorted by value.
    private var order: [Int] = []
    /// Outside prices of an inner node's cells while its search lowers them.
    private var saved: [Double] = []

    // By cell.
    private var outside: [Double]
    private var left: [Double]
    /// Price of a pool's unit in the hour solved last, by pool.
    private(set) var prices: [Double]
    private var base = 0

    private struct Node: Sendable {
        var pool: Int
        var slots: Range<Int>
        var children: [Int]
        /// Where the last search ended, to start the next one.
        var lastPrice = 0.0
    }

    init(_ relaxation: Relaxation) {
        demand = relaxation.demand
        price = relaxation.price
        cellCount = relaxation.price.count
        outside = relaxation.price
        left = relaxation.price
        prices = Array(repeating: 0, count: relaxation.poolCount)
        for root in relaxation.roots { roots.append(add(root)) }
        order = Array(cellOf.indices)
        saved = Array(repeating: 0, count: cellOf.count)
    }

    private mutating func add(_ node: Relaxation.Node) -> Int {
        let children = node.children.map { add($0) }
        let first = cellOf.count
        cellOf += node.cells
        rateOf += node.rates
        nodes.append(Node(pool: node.pool, slots: first..<cellOf.count, children: children))
        return nodes.count - 1
    }

    /// Solves an hour for the given capacities. Afterwards ``prices`` are the dual prices of the pools'
    /// units, and the result is the dual value: on-demand cost left after the best allocation.
    mutating func solve(hour: Int, capacity: [Double]) -> Double {
        base = hour * cellCount
        for cell in 0..<cellCount {
            outside[cell] = price[cell]
            left[cell] = demand[base + cell]
        }
        for root in roots { solve(root, capacity) }
        for root in roots { lower(root) }
        var value = 0.0
        for cell in 0..<cellCount { value += outside[cell] * demand[base + cell] }
        for pool in prices.indices { value -= prices[pool] * capacity[pool] }
        return value
    }

    /// Brings the outside prices of a subtree down to what its pools ask.
    private mutating func lower(_ index: Int) {
        let price = prices[nodes[index].pool]
        for slot in nodes[index].slots {
            let offered = rateOf[slot] * price
            if offered < outside[cellOf[slot]] { outside[cellOf[slot]] = offered }
        }
        for child in nodes[index].children { lower(child) }
    }

    private mutating func solve(_ index: Int, _ capacity: [Double]) {
        if nodes[index].children.isEmpty {
            solveLeaf(nodes[index].slots, nodes[index].pool, capacity[nodes[index].pool])
        } else {
            search(index, capacity)
        }
    }

    // MARK: Leaves

    /// Fills the capacity by value per pool unit, highest first; what is left stays in `left`.
    private mutating func solveLeaf(_ slots: Range<Int>, _ pool: Int, _ capacity: Double) {
        guard capacity > 0 else {
            closeLeaf(slots, pool)
            return
        }
        sortLeaf(slots)
        var rest = capacity
        var asked = 0.0
        for position in slots {
            let slot = order[position]
            let cell = cellOf[slot]
            let wanted = demand[base + cell]
            let need = wanted * rateOf[slot]
            if need <= rest {
                rest -= need
                left[cell] = 0
            } else {
                if asked == 0 { asked = outside[cell] / rateOf[slot] }
                left[cell] = wanted - rest / rateOf[slot]
                rest = 0
            }
        }
        prices[pool] = asked
    }

    /// Without capacity the pool's price is the highest value that any use would have.
    private mutating func closeLeaf(_ slots: Range<Int>, _ pool: Int) {
        var asked = 0.0
        for slot in slots where demand[base + cellOf[slot]] > 0 {
            asked = max(asked, outside[cellOf[slot]] / rateOf[slot])
        }
        prices[pool] = asked
    }

    /// Insertion sort: the order hardly changes from one search step to the next.
    private mutating func sortLeaf(_ slots: Range<Int>) {
        for position in slots.dropFirst() {
            let moving = order[position]
            let value = outside[cellOf[moving]] / rateOf[moving]
            var at = position
            while at > slots.lowerBound {
                let other = order[at - 1]
                guard outside[cellOf[other]] / rateOf[other] < value else { break }
                order[at] = other
                at -= 1
            }
            if at != position { order[at] = moving }
        }
    }

    // MARK: Inner nodes

    /// Finds the price at which what the subtree takes of the pool meets its capacity.
    private mutating func search(_ index: Int, _ capacity: [Double]) {
        let slots = nodes[index].slots
        let room = capacity[nodes[index].pool]
        var top = 0.0
        for slot in slots {
            saved[slot] = outside[cellOf[slot]]
            top = max(top, saved[slot] / rateOf[slot])
        }
        var (low, high) = (0.0, top)
        if room > 0 {
            (low, high) = bracket(index, capacity, room, top)
            var steps = 0
            while high - low > 1e-7 * high, steps < 60 {
                let middle = (low + high) / 2
                if taken(index, capacity, at: middle) > room { low = middle } else { high = middle }
                steps += 1
            }
        }
        // At the upper end the subtree takes no more than there is: what it leaves is allocated.
        _ = taken(index, capacity, at: high)
        prices[nodes[index].pool] = high
        nodes[index].lastPrice = high
        for slot in slots { outside[cellOf[slot]] = saved[slot] }
    }

    /// An interval around the last price that holds the new one.
    private mutating func bracket(
        _ index: Int, _ capacity: [Double], _ room: Double, _ top: Double
    ) -> (Double, Double) {
        let start = nodes[index].lastPrice
        guard start > 0, start < top else {
            return taken(index, capacity, at: 0) > room ? (0, top) : (0, 0)
        }
        var width = 1e-6
        if taken(index, capacity, at: start) > room {
            var low = start
            while start * (1 + width) < top {
                let next = start * (1 + width)
                guard taken(index, capacity, at: next) > room else { return (low, next) }
                low = next
                width *= 32
            }
            return (low, top)
        }
        var high = start
        while width < 1 {
            let next = start * (1 - width)
            if taken(index, capacity, at: next) > room { return (next, high) }
            high = next
            width *= 32
        }
        return taken(index, capacity, at: 0) > room ? (0, high) : (0, 0)
    }

    /// What the subtree takes of the pool's units at a price.
    private mutating func taken(_ index: Int, _ capacity: [Double], at price: Double) -> Double {
        let slots = nodes[index].slots
        for slot in slots {
            let cell = cellOf[slot]
            outside[cell] = min(saved[slot], rateOf[slot] * price)
            left[cell] = demand[base + cell]
        }
        for child in nodes[index].children { solve(child, capacity) }
        var sum = 0.0
        for slot in slots where rateOf[slot] * price < saved[slot] { sum += left[cellOf[slot]] * rateOf[slot] }
        return sum
    }
}
