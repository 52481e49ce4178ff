/// Prices the pools' units in one hour. One thread's scratch space: made per piece of work, never shared.
protocol HourDual: AnyObject {
    /// Dual value of an hour for capacities by pool: no allocation leaves less on-demand cost.
    func solve(hour: Int, capacity: [Double]) -> Double
    /// Price of a pool's unit in the hour solved last, by pool: at these prices the value is reached.
    var prices: UnsafeMutablePointer<Double> { get }
}

extension Relaxation {
    /// The exact solver for nested scopes, coordinate ascent for scopes that overlap.
    func hourDual() -> any HourDual {
        isNested ? HourSolver(self) : HourAscent(self)
    }
}

/// Raises one hour's dual value pool by pool. For scopes that overlap without being nested: every price found
/// proves a bound, but it need not be the best one.
final class HourAscent: HourDual {
    private let relaxation: Relaxation
    private let members: [[(place: Int, rate: Double)]]
    /// Pools by place, with their rates.
    private let chains: [[(pool: Int, rate: Double)]]
    private var usage: [Double]
    private var worth: [(value: Double, need: Double)] = []
    let prices: UnsafeMutablePointer<Double>
    /// Rounds over all pools; more hardly ever change anything.
    private static let rounds = 6

    init(_ relaxation: Relaxation) {
        self.relaxation = relaxation
        var chains = [[(pool: Int, rate: Double)]](repeating: [], count: relaxation.cellCount)
        var members: [[(place: Int, rate: Double)]] = []
        for (index, pool) in relaxation.model.pools.enumerated() {
            var mine: [(place: Int, rate: Double)] = []
            for member in pool.members {
                guard let place = relaxation.places[member.cell] else { continue }
                mine.append((place, Double(member.rate) * 1e-12))
                chains[place].append((index, Double(member.rate) * 1e-12))
            }
            members.append(mine)
        }
        (self.chains, self.members) = (chains, members)
        usage = Array(repeating: 0, count: relaxation.cellCount)
        prices = .allocate(capacity: relaxation.poolCount)
        prices.initialize(repeating: 0, count: relaxation.poolCount)
    }

    deinit { prices.deallocate() }

    func solve(hour: Int, capacity: [Double]) -> Double {
        let base = hour / Relaxation.tile * relaxation.cellCount
        for place in usage.indices { usage[place] = relaxation.usage[base + place][hour % Relaxation.tile] }
        // From above: prices at which nothing is taken, then down in the vendor's order.
        for pool in members.indices {
            prices[pool] = members[pool].reduce(0) { max($0, relaxation.price[$1.place] / $1.rate) }
        }
        let order = members.indices.sorted {
            let (a, b) = (relaxation.model.pools[$0].priority, relaxation.model.pools[$1].priority)
            return a != b ? a < b : $0 < $1
        }
        for _ in 0..<Self.rounds {
            var moved = false
            for pool in order {
                let best = best(pool, capacity[pool])
                if best != prices[pool] { moved = true }
                prices[pool] = best
            }
            if !moved { break }
        }
        var value = 0.0
        for place in usage.indices { value += usage[place] * outside(place, without: nil) }
        for pool in members.indices { value -= prices[pool] * capacity[pool] }
        return value
    }

    private func outside(_ place: Int, without pool: Int?) -> Double {
        var least = relaxation.price[place]
        for link in chains[place] where link.pool != pool { least = min(least, link.rate * prices[link.pool]) }
        return least
    }

    /// The price that is best while the others stay: the worth of the first use that finds no room.
    private func best(_ pool: Int, _ capacity: Double) -> Double {
        worth.removeAll(keepingCapacity: true)
        for member in members[pool] where usage[member.place] > 0 {
            worth.append((outside(member.place, without: pool) / member.rate, usage[member.place] * member.rate))
        }
        worth.sort { $0.value > $1.value }
        var rest = capacity
        for use in worth {
            if use.need > rest { return use.value }
            rest -= use.need
        }
        return 0
    }
}
