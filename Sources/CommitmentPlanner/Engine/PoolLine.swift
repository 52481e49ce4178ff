internal import PlimsollCore

/// The bill in the vendor's order along one pool's purchases, all others fixed: piecewise linear, with a
/// breakpoint wherever in some hour a pool runs out just as a cell is served. Followed exactly from breakpoint to
/// breakpoint, hours of equal demand together, so that no amount between two of them has to be tried.
///
/// One thread's scratch space: made per search, never shared.
final class PoolLine {
    /// Whole steps of a pool, and the bill with them: fees of this pool and on-demand usage.
    struct Best {
        var steps: Int64
        var cost: Double
    }

    private let pairs: [VendorOrder.Pair]
    /// Steps of arithmetic done so far.
    private(set) var spent = 0
    private let price: [Double]
    private let fee: [Double]
    private let sizes: [Double]
    private let unserved: Double
    private let pools: Int
    /// Usage, groups of hours × cells; held capacity, groups × pools; hours of each group.
    private let usage: [Double]
    private let held: [Double]
    private let weights: [Double]
    private let left: UnsafeMutablePointer<Double>
    private let slopes: UnsafeMutablePointer<Double>
    private let room: UnsafeMutablePointer<Double>
    private let roomSlopes: UnsafeMutablePointer<Double>
    /// Where the slope changes, and by how much.
    private var events: [(at: Double, change: Double)] = []

    /// Nil where there are more than `largest` steps of arithmetic in one evaluation.
    init?(_ relaxation: Relaxation, _ vendor: VendorOrder, largest: Int) {
        pairs = vendor.pairs
        price = relaxation.price
        fee = relaxation.fee
        unserved = relaxation.unserved
        pools = relaxation.poolCount
        sizes = relaxation.model.pools.map { Double($0.step) / Double(FixedPoint.one) }
        var known: [[Double]: Int] = [:]
        var (usage, held, weights) = ([Double](), [Double](), [Double]())
        for hour in 0..<relaxation.hours {
            let tile = hour / Relaxation.tile * relaxation.cellCount
            let cells = price.indices.map { relaxation.usage[tile + $0][hour % Relaxation.tile] }
            let first = hour * pools
            let room = relaxation.held.isEmpty ? [] : Array(relaxation.held[first..<first + pools])
            let group = known[cells + room] ?? weights.count
            if group == weights.count {
                guard (group + 1) * pairs.count <= largest else { return nil }
                known[cells + room] = group
                usage += cells
                held += room
                weights.append(0)
            }
            weights[group] += 1
        }
        (self.usage, self.held, self.weights) = (usage, held, weights)
        left = .allocate(capacity: max(1, price.count))
        slopes = .allocate(capacity: max(1, price.count))
        room = .allocate(capacity: max(1, pools))
        roomSlopes = .allocate(capacity: max(1, pools))
    }

    deinit {
        left.deallocate()
        slopes.deallocate()
        room.deallocate()
        roomSlopes.deallocate()
    }

    /// The bill with whole steps of every pool.
    func cost(_ steps: [Int64]) -> Double {
        var sum = unserved
        for pool in 0..<pools { sum += fee[pool] * sizes[pool] * Double(steps[pool]) }
        for group in weights.indices { sum += weights[group] * follow(group, steps, nil, at: 0).value }
        return sum
    }

    /// The best steps of `pool` from 0 to `limit`, with the steps of all others as given; the fewest among equals.
    func best(_ pool: Int, _ steps: [Int64], limit: Int64) -> Best {
        events.removeAll(keepingCapacity: true)
        let end = Double(limit) * sizes[pool]
        var value = unserved
        var slope = fee[pool]
        for other in 0..<pools where other != pool { value += fee[other] * sizes[other] * Double(steps[other]) }
        for group in weights.indices {
            let (start, first) = trace(group, steps, pool, end)
            value += weights[group] * start
            slope += weights[group] * first
        }
        events.sort { $0.at < $1.at }
        events.append((end, 0))
        let size = sizes[pool]
        var best = Best(steps: 0, cost: value)
        var from = 0.0
        for event in events {
            let first = (from / size - 1e-9).rounded(.up)
            let last = (event.at / size + 1e-9).rounded(.down)
            if first <= last {
                for count in slope < 0 ? [last] : [first] {
                    let cost = value + slope * (count * size - from)
                    if cost < best.cost - 1e-13 * abs(best.cost) { best = Best(steps: Int64(count), cost: cost) }
                }
            }
            value += slope * (event.at - from)
            slope += event.change
            from = event.at
        }
        return best
    }

    /// Follows one group of hours up to `end`, notes where its slope changes, and gives cost and slope at 0.
    private func trace(_ group: Int, _ steps: [Int64], _ pool: Int, _ end: Double) -> (value: Double, slope: Double) {
        var at = 0.0
        let start = follow(group, steps, pool, at: at)
        var current = start
        // Every pair changes sides a few times at most.
        for _ in 0..<(8 * pairs.count + 8) {
            at += current.next
            guard at < end else { break }
            let next = follow(group, steps, pool, at: at)
            if next.slope != current.slope { events.append((at, weights[group] * (next.slope - current.slope))) }
            current = next
        }
        return (start.value, start.slope)
    }

    /// One group of hours in the vendor's order: the on-demand cost left, how it changes with more of `pool`, and
    /// how much more of it there may be until that changes.
    private func follow(
        _ group: Int, _ steps: [Int64], _ pool: Int?, at: Double
    ) -> (value: Double, slope: Double, next: Double) {
        let cells = price.count
        spent += pairs.count
        for cell in 0..<cells {
            left[cell] = usage[group * cells + cell]
            slopes[cell] = 0
        }
        for index in 0..<pools {
            room[index] = Double(steps[index]) * sizes[index] + (held.isEmpty ? 0 : held[group * pools + index])
            roomSlopes[index] = 0
        }
        if let pool {
            room[pool] = at + (held.isEmpty ? 0 : held[group * pools + pool])
            roomSlopes[pool] = 1
        }
        var next = Double.infinity
        pairs.withUnsafeBufferPointer { pairs in
            for index in pairs.indices { serve(pairs[index], &next) }
        }
        var (value, slope) = (0.0, 0.0)
        for cell in 0..<cells {
            value += left[cell] * price[cell]
            slope += slopes[cell] * price[cell]
        }
        return (value, slope, next)
    }

    private func serve(_ pair: VendorOrder.Pair, _ next: inout Double) {
        let need = left[pair.place] * pair.rate
        let needSlope = slopes[pair.place] * pair.rate
        let rest = room[pair.pool]
        let restSlope = roomSlopes[pair.pool]
        if rest == 0, restSlope == 0 { return }
        let (over, drift) = (need - rest, needSlope - restSlope)
        // What rounding may have left of an exact tie.
        let isTie = abs(over) <= 1e-11 * (need + rest)
        if !isTie, over * drift < 0 { next = min(next, -over / drift) }
        if isTie ? drift <= 0 : over < 0 {
            room[pair.pool] = isTie ? 0 : rest - need
            roomSlopes[pair.pool] = restSlope - needSlope
            left[pair.place] = 0
            slopes[pair.place] = 0
        } else {
            room[pair.pool] = 0
            roomSlopes[pair.pool] = 0
            left[pair.place] = isTie ? 0 : left[pair.place] - rest * pair.inverse
            slopes[pair.place] = needSlope == restSlope ? 0 : slopes[pair.place] - restSlope * pair.inverse
        }
    }
}
