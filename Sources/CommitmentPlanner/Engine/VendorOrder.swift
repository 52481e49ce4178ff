internal import PlimsollCore

/// The cost of purchases under the vendor's fixed order of stages and savings, in floating point: the fast
/// judge of a search. The exact one is the rater, which also knows whose usage comes first.
struct VendorOrder: Sendable {
    private typealias Lanes = Relaxation.Lanes

    /// That a pool serves a cell, in the order of serving.
    struct Pair: Sendable {
        var place: Int
        var pool: Int
        var rate: Double
        var inverse: Double
    }

    private let relaxation: Relaxation
    let pairs: [Pair]
    /// Pieces of work, whatever the machine, so that sums are the same.
    private static let pieces = 8

    init(_ relaxation: Relaxation) {
        self.relaxation = relaxation
        var pairs: [(pair: Pair, cell: Int)] = []
        for (index, pool) in relaxation.model.pools.enumerated() {
            for member in pool.members {
                guard let place = relaxation.places[member.cell] else { continue }
                let rate = Double(member.rate) / Double(FixedPoint.one)
                pairs.append((Pair(place: place, pool: index, rate: rate, inverse: 1 / rate), member.cell))
            }
        }
        let pools = relaxation.model.pools
        let price = relaxation.price
        pairs.sort { left, right in
            let (a, b) = (pools[left.pair.pool].priority, pools[right.pair.pool].priority)
            if a != b { return a < b }
            let (x, y) = (price[left.pair.place] / left.pair.rate, price[right.pair.place] / right.pair.rate)
            if x != y { return x > y }
            if left.pair.rate != right.pair.rate { return left.pair.rate < right.pair.rate }
            return left.cell != right.cell ? left.cell < right.cell : left.pair.pool < right.pair.pool
        }
        self.pairs = Self.inGivenOrder(pairs, relaxation.model).map(\.pair)
    }

    /// In the model's own order, where it has one.
    private static func inGivenOrder(_ pairs: [(pair: Pair, cell: Int)], _ model: PlanningModel) -> [(
        pair: Pair, cell: Int
    )] {
        guard !model.order.isEmpty else { return pairs }
        let ranks = Dictionary(model.order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let ranked = pairs.enumerated().map { place, pair in
            (rank: ranks[.init(pool: pair.pair.pool, cell: pair.cell)] ?? Int.max, place: place)
        }
        return ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map { pairs[$0.place] }
    }

    /// How many steps of arithmetic a cost takes: the measure that bounds searches.
    var work: Int { max(1, pairs.count * relaxation.tileCount) }

    /// Fees plus what is left at on-demand prices.
    func cost(_ quantities: [Double]) -> Double {
        var total = relaxation.unserved
        let parts = Pieces.map(Self.pieces) { piece in
            onDemand(Pieces.range(piece, of: Self.pieces, relaxation.tileCount), quantities)
        }
        for part in parts { total += part }
        for pool in quantities.indices { total += relaxation.fee[pool] * quantities[pool] }
        return total
    }

    /// What every pool serves: of its units, and at on-demand prices.
    struct Use: Sendable {
        /// Unit-hours used, by pool.
        var used: [Double]
        /// On-demand cost of what is served, weighted, by pool.
        var value: [Double]
    }

    /// What pools serve, where `share` of all usage is there.
    func use(_ quantities: [Double], share: Double = 1) -> Use {
        let none = [Double](repeating: 0, count: quantities.count)
        let parts = Pieces.map(Self.pieces) { piece in
            var use = Use(used: none, value: none)
            add(Pieces.range(piece, of: Self.pieces, relaxation.tileCount), quantities, share, to: &use)
            return use
        }
        var sum = Use(used: none, value: none)
        for part in parts {
            for pool in none.indices {
                sum.used[pool] += part.used[pool]
                sum.value[pool] += part.value[pool]
            }
        }
        return sum
    }

    private func add(_ tiles: Range<Int>, _ quantities: [Double], _ share: Double, to use: inout Use) {
        let (cells, pools) = (relaxation.cellCount, relaxation.poolCount)
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: cells + pools) { scratch in
            guard let left = scratch.baseAddress else { return }
            let room = left + cells
            for tile in tiles {
                for place in 0..<cells { left[place] = relaxation.usage[tile * cells + place] * share }
                fill(room, tile, quantities)
                let weight = relaxation.weight(ofTile: tile)
                for pair in pairs {
                    let need = left[pair.place] * pair.rate
                    let taken = need.replacing(with: room[pair.pool], where: room[pair.pool] .< need)
                    room[pair.pool] -= taken
                    left[pair.place] -= taken * pair.inverse
                    use.used[pair.pool] += taken.sum()
                    use.value[pair.pool] += (taken * weight).sum() * pair.inverse * relaxation.price[pair.place]
                }
            }
        }
    }

    private func onDemand(_ tiles: Range<Int>, _ quantities: [Double]) -> Double {
        let (cells, pools) = (relaxation.cellCount, relaxation.poolCount)
        return withUnsafeTemporaryAllocation(of: Lanes.self, capacity: cells + pools) { scratch in
            guard let left = scratch.baseAddress else { return 0 }
            let room = left + cells
            let isWeighted = !relaxation.weights.isEmpty
            var sum = Lanes.zero
            for tile in tiles {
                for place in 0..<cells { left[place] = relaxation.usage[tile * cells + place] }
                fill(room, tile, quantities)
                pairs.withUnsafeBufferPointer { pairs in
                    for pair in pairs {
                        let need = left[pair.place] * pair.rate
                        let rest = room[pair.pool]
                        let taken = need.replacing(with: rest, where: rest .< need)
                        room[pair.pool] -= taken
                        left[pair.place] -= taken * pair.inverse
                    }
                }
                var rest = Lanes.zero
                for place in 0..<cells { rest += left[place] * relaxation.price[place] }
                sum += isWeighted ? rest * relaxation.weight(ofTile: tile) : rest
            }
            return sum.sum()
        }
    }

    private func fill(_ room: UnsafeMutablePointer<Lanes>, _ tile: Int, _ quantities: [Double]) {
        let pools = relaxation.poolCount
        for pool in 0..<pools { room[pool] = Lanes(repeating: quantities[pool]) }
        let first = tile * Relaxation.tile
        for (pool, active) in relaxation.partial {
            if active.lowerBound <= first && first + Relaxation.tile <= active.upperBound { continue }
            for lane in 0..<Relaxation.tile where !active.contains(first + lane) { room[pool][lane] = 0 }
        }
        guard !relaxation.held.isEmpty else { return }
        for lane in 0..<min(Relaxation.tile, relaxation.hours - tile * Relaxation.tile) {
            let hour = tile * Relaxation.tile + lane
            for pool in 0..<pools { room[pool][lane] += relaxation.held[hour * pools + pool] }
        }
    }
}
