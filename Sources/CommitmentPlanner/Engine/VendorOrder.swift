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

    private func onDemand(_ tiles: Range<Int>, _ quantities: [Double]) -> Double {
        let (cells, pools) = (relaxation.cellCount, relaxation.poolCount)
        return withUnsafeTemporaryAllocation(of: Lanes.self, capacity: cells + pools) { scratch in
            guard let left = scratch.baseAddress else { return 0 }
            let room = left + cells
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
                for place in 0..<cells { sum += left[place] * relaxation.price[place] }
            }
            return sum.sum()
        }
    }

    private func fill(_ room: UnsafeMutablePointer<Lanes>, _ tile: Int, _ quantities: [Double]) {
        let pools = relaxation.poolCount
        for pool in 0..<pools { room[pool] = Lanes(repeating: quantities[pool]) }
        guard !relaxation.held.isEmpty else { return }
        for lane in 0..<min(Relaxation.tile, relaxation.hours - tile * Relaxation.tile) {
            let hour = tile * Relaxation.tile + lane
            for pool in 0..<pools { room[pool][lane] += relaxation.held[hour * pools + pool] }
        }
    }
}
