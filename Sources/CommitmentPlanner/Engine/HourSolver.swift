/// Solves one hour's allocation exactly for nested scopes, by its dual: given the price of the outer pool's
/// unit, everything inside solves alone, and the dual value is a concave piecewise linear function of that
/// price. Its top lies where a rising and a falling tangent meet, which is found in a few steps.
///
/// One thread's scratch space: made per piece of work, never shared.
final class HourSolver: HourDual {
    /// A scope in numbers only: what the innermost loops read.
    private struct Shape {
        var depth: Int
        var places: Range<Int>
        var own: Range<Int>
        var children: Range<Int>
        /// Where its rates start.
        var rates: Int
    }

    private let relaxation: Relaxation
    private let shapes: [Shape]
    private let children: [Int]
    private let roots: [Int]
    /// Which pool adds to the capacity of which node, and how many of its units one unit is.
    private let links: [(node: Int, pool: Int, size: Double)]
    private let cellCount: Int
    /// All numbers below are parts of it.
    private let slab: UnsafeMutablePointer<Double>
    private let order: UnsafeMutablePointer<Int>
    /// Price at which a cell is served from outside, by depth and place.
    private let outside: UnsafeMutablePointer<Double>
    /// `left` at the lower and at the upper end of a search, by depth and place.
    private let ends: UnsafeMutablePointer<Double>
    /// What is left of a cell's usage to be served from outside, by place.
    private let left: UnsafeMutablePointer<Double>
    private let usage: UnsafeMutablePointer<Double>
    private let value: UnsafeMutablePointer<Double>
    /// Node units per unit of usage and the inverse, by node and place within it.
    private let rates: UnsafeMutablePointer<Double>
    private let inverse: UnsafeMutablePointer<Double>
    /// By node: capacity, price of a unit, price that the last search ended with.
    private let room: UnsafeMutablePointer<Double>
    private let nodePrice: UnsafeMutablePointer<Double>
    private let lastPrice: UnsafeMutablePointer<Double>
    /// Price of a pool's unit in the hour solved last, by pool.
    let prices: UnsafeMutablePointer<Double>

    init(_ relaxation: Relaxation) {
        self.relaxation = relaxation
        let nodes = relaxation.nodes
        var (shapes, children, rateCount): ([Shape], [Int], Int) = ([], [], 0)
        for node in nodes {
            let first = children.count
            children += node.children
            shapes.append(
                Shape(
                    depth: node.depth, places: node.places, own: node.own, children: first..<children.count,
                    rates: rateCount))
            rateCount += node.rates.count
        }
        (self.shapes, self.children) = (shapes, children)
        roots = nodes.indices.filter { nodes[$0].depth == 0 }
        links = nodes.enumerated().flatMap { index, node in node.pools.map { (index, $0.pool, $0.size) } }
        cellCount = relaxation.cellCount
        let depths = (nodes.map(\.depth).max() ?? 0) + 2
        let count = (3 * depths + 3) * cellCount + 2 * rateCount + 3 * nodes.count + relaxation.poolCount
        slab = .allocate(capacity: count)
        slab.initialize(repeating: 0, count: count)
        order = .allocate(capacity: rateCount)
        outside = slab
        ends = outside + depths * cellCount
        left = ends + 2 * depths * cellCount
        usage = left + cellCount
        value = usage + cellCount
        rates = value + cellCount
        inverse = rates + rateCount
        room = inverse + rateCount
        nodePrice = room + nodes.count
        lastPrice = nodePrice + nodes.count
        prices = lastPrice + nodes.count
        for (index, node) in nodes.enumerated() {
            for (offset, rate) in node.rates.enumerated() {
                rates[shapes[index].rates + offset] = rate
                inverse[shapes[index].rates + offset] = 1 / rate
                (order + shapes[index].rates + offset).initialize(to: node.places.lowerBound + offset)
            }
        }
    }

    deinit {
        slab.deallocate()
        order.deallocate()
    }

    /// Solves an hour for the given capacities by pool. Afterwards ``prices`` are the dual prices of the pools'
    /// units, and the result is the dual value: on-demand cost left after the best allocation.
    func solve(hour: Int, capacity: [Double]) -> Double {
        let base = hour / Relaxation.tile * cellCount
        let lane = hour % Relaxation.tile
        for place in 0..<cellCount {
            usage[place] = relaxation.usage[base + place][lane]
            outside[place] = relaxation.price[place]
        }
        for index in shapes.indices { room[index] = 0 }
        for link in links { room[link.node] += capacity[link.pool] * link.size }
        var value = 0.0
        for root in roots { value += solve(root) }
        for link in links { prices[link.pool] = nodePrice[link.node] * link.size }
        return value
    }

    /// The dual value of a node under the outside prices at its depth; leaves what it does not serve in `left`.
    private func solve(_ index: Int) -> Double {
        shapes[index].children.isEmpty ? solveLeaf(shapes[index], index) : search(index)
    }

    // MARK: Leaves

    /// Fills the capacity by value per unit, highest first.
    private func solveLeaf(_ leaf: Shape, _ index: Int) -> Double {
        let outside = outside + leaf.depth * cellCount
        let rates = rates + leaf.rates - leaf.places.lowerBound
        let inverse = inverse + leaf.rates - leaf.places.lowerBound
        let order = order + leaf.rates
        sort(leaf)
        var rest = room[index]
        var asked = 0.0
        var cost = 0.0
        var position = 0
        while position < leaf.places.count {
            let place = order[position]
            let need = usage[place] * rates[place]
            if need <= rest {
                rest -= need
                left[place] = 0
            } else {
                if asked == 0 { asked = value[place] }
                left[place] = usage[place] - rest * inverse[place]
                cost += left[place] * outside[place]
                rest = 0
            }
            position += 1
        }
        nodePrice[index] = asked
        return cost
    }

    /// Insertion sort: the order hardly changes from one search step to the next.
    private func sort(_ leaf: Shape) {
        let outside = outside + leaf.depth * cellCount
        let inverse = inverse + leaf.rates - leaf.places.lowerBound
        let order = order + leaf.rates
        for place in leaf.places { value[place] = outside[place] * inverse[place] }
        var position = 1
        while position < leaf.places.count {
            let moving = order[position]
            var at = position
            while at > 0, value[order[at - 1]] < value[moving] {
                order[at] = order[at - 1]
                at -= 1
            }
            order[at] = moving
            position += 1
        }
    }

    // MARK: Inner nodes

    /// Prices so near each other, relatively, are taken for the same.
    private static let nearness = 2e-10

    /// A tangent of the dual value at a price.
    private struct Tangent {
        var price = 0.0
        var value = 0.0
        var slope = 0.0
    }

    /// Finds the price at which what is taken of the node's units meets its capacity.
    private func search(_ index: Int) -> Double {
        let node = shapes[index]
        let mine = outside + node.depth * cellCount
        let inverse = inverse + node.rates - node.places.lowerBound
        var top = 0.0
        for place in node.places { top = max(top, mine[place] * inverse[place]) }
        // A little more, so that rounding cannot make any use look worth that price.
        top *= 1 + 1e-6
        var low = Tangent()
        var high = Tangent()
        if let done = bracket(index, top, &low, &high) { return finish(index, done) }
        if high.price - low.price <= Self.nearness * high.price {
            return finish(index, probe(index, high.price), between: low, high)
        }
        var steps = 0
        while steps < 200 {
            let range = high.price - low.price
            var next = low.price + (high.value - low.value - high.slope * range) / (low.slope - high.slope)
            // Tangents alone could creep along many small pieces.
            if steps % 8 == 7 { next = low.price + range / 2 }
            guard next > low.price, next < high.price else { break }
            let expected = low.value + low.slope * (next - low.price)
            let found = probe(index, next)
            steps += 1
            if steps % 8 != 0, expected - found.value <= 1e-13 * (abs(expected) + abs(low.slope * range)) {
                return finish(index, Tangent(price: next, value: found.value, slope: 0), between: low, high)
            }
            if found.slope > 0 || (found.slope == 0 && room[index] > 0) {
                low = keep(index, found, end: 0)
            } else {
                high = keep(index, found, end: 1)
            }
            if found.slope == 0, room[index] > 0 { return finish(index, found) }
        }
        // The tangents meet at an end, which is the top.
        return finish(index, probe(index, low.value > high.value ? low.price : high.price), between: low, high)
    }

    /// Ends of an interval around the last price that holds the new one; a tangent where it is found at once.
    private func bracket(_ index: Int, _ top: Double, _ low: inout Tangent, _ high: inout Tangent) -> Tangent? {
        let start = min(lastPrice[index], top)
        let first = probe(index, start)
        var width = Self.nearness / 2
        if first.slope > 0 {
            low = keep(index, first, end: 0)
            while true {
                let next = start > 0 ? min(start * (1 + width), top) : top
                let found = probe(index, next)
                guard found.slope > 0, next < top else {
                    high = keep(index, found, end: 1)
                    return nil
                }
                low = keep(index, found, end: 0)
                width = max(width * 16, 0.01)
            }
        }
        if first.slope == 0, room[index] > 0 || start == 0 { return first }
        if start == 0 { return first }
        high = keep(index, first, end: 1)
        while true {
            let next = width < 1 ? start * (1 - width) : 0
            let found = probe(index, next)
            if found.slope > 0 {
                low = keep(index, found, end: 0)
                return nil
            }
            if next == 0 { return found }
            high = keep(index, found, end: 1)
            width = max(width * 16, 0.01)
        }
    }

    /// Solves all within at a price of the node's unit: the dual value and its slope there.
    private func probe(_ index: Int, _ price: Double) -> Tangent {
        let node = shapes[index]
        let mine = outside + node.depth * cellCount
        let inner = mine + cellCount
        let rates = rates + node.rates - node.places.lowerBound
        for place in node.places {
            let offered = rates[place] * price
            inner[place] = offered < mine[place] ? offered : mine[place]
        }
        var result = Tangent(price: price, value: -room[index] * price, slope: -room[index])
        for child in node.children { result.value += solve(children[child]) }
        for place in node.own {
            left[place] = usage[place]
            result.value += inner[place] * usage[place]
        }
        var taken = 0.0
        for place in node.places where inner[place] < mine[place] { taken += left[place] * rates[place] }
        result.slope += taken
        if abs(result.slope) < 1e-12 * room[index] { result.slope = 0 }
        return result
    }

    // MARK: What is left for the outside

    /// Remembers what would be left at an end of the search; roots leave to nobody.
    private func keep(_ index: Int, _ tangent: Tangent, end: Int) -> Tangent {
        let node = shapes[index]
        guard node.depth > 0 else { return tangent }
        let mine = outside + node.depth * cellCount
        let kept = ends + (2 * node.depth + end) * cellCount
        for place in node.places { kept[place] = mine[cellCount + place] < mine[place] ? 0 : left[place] }
        return tangent
    }

    private func finish(_ index: Int, _ found: Tangent) -> Double {
        close(index, found.price)
        _ = keep(index, found, end: 0)
        leave(index, share: 1)
        return found.value
    }

    /// At a kink both ends' allocations are best; the mix that takes just the capacity is the hour's.
    private func finish(_ index: Int, _ found: Tangent, between low: Tangent, _ high: Tangent) -> Double {
        close(index, found.price)
        leave(index, share: low.slope > high.slope ? -high.slope / (low.slope - high.slope) : 1)
        return found.value
    }

    private func close(_ index: Int, _ price: Double) {
        nodePrice[index] = price
        lastPrice[index] = price
    }

    private func leave(_ index: Int, share: Double) {
        let node = shapes[index]
        guard node.depth > 0 else { return }
        let low = ends + 2 * node.depth * cellCount
        let high = low + cellCount
        for place in node.places { left[place] = share * low[place] + (1 - share) * high[place] }
    }
}
