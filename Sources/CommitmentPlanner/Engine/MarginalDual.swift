internal import PlimsollCore

/// Prices of pool units from the vendor's order, eight hours side by side: what the next unit of a pool would save in
/// an hour, from the outermost scope inwards. Any prices prove a bound and so give a cut; these are not the best ones
/// where scopes are nested, but cost a tenth of them. For nested scopes.
struct MarginalDual: Sendable {
    private typealias Lanes = Relaxation.Lanes

    /// A cell within a scope, the greatest saving first.
    private struct Member: Sendable {
        var place: Int
        var rate: Double
        var inverse: Double
    }

    private let relaxation: Relaxation
    private let blocks: Int
    /// Members of all scopes, inner scopes first, and which are of which scope.
    private let members: [Member]
    private let ranges: [Range<Int>]
    /// Scope and size of every pool's unit; nil for pools that serve nothing.
    private let links: [(node: Int, size: Double)?]
    private static let pieces = 16
    /// Less usage than this is what rounding left.
    private static let nothing = 1e-9

    init(_ relaxation: Relaxation, blocks: Int) {
        self.relaxation = relaxation
        self.blocks = blocks
        var (members, ranges): ([Member], [Range<Int>]) = ([], [])
        var links = [(node: Int, size: Double)?](repeating: nil, count: relaxation.poolCount)
        for (index, node) in relaxation.nodes.enumerated() {
            let mine = node.places.map { place in
                let rate = node.rates[place - node.places.lowerBound]
                return Member(place: place, rate: rate, inverse: 1 / rate)
            }
            ranges.append(members.count..<members.count + mine.count)
            members += mine.sorted { relaxation.price[$0.place] * $0.inverse > relaxation.price[$1.place] * $1.inverse }
            for (pool, size) in node.pools { links[pool] = (index, size) }
        }
        (self.members, self.ranges, self.links) = (members, ranges, links)
    }

    private func block(of hour: Int) -> Int { hour * blocks / relaxation.hours }

    /// The cut at a point, and the on-demand cost that the vendor's order leaves there.
    func evaluate(_ quantities: [Double]) -> (evaluation: CutEngine.Evaluation, onDemand: Double) {
        let pools = relaxation.poolCount
        let pieces = min(Self.pieces, relaxation.tileCount)
        let parts = Pieces.map(pieces) { part(Pieces.range($0, of: pieces, relaxation.tileCount), quantities) }
        var sum = CutEngine.Evaluation(
            values: Array(repeating: 0, count: blocks), sums: Array(repeating: 0, count: blocks * pools))
        var onDemand = 0.0
        for part in parts {
            for index in sum.values.indices { sum.values[index] += part.evaluation.values[index] }
            for index in sum.sums.indices { sum.sums[index] += part.evaluation.sums[index] }
            sum.prices += part.evaluation.prices
            onDemand += part.onDemand
        }
        return (sum, onDemand)
    }

    private func part(
        _ tiles: Range<Int>, _ quantities: [Double]
    ) -> (evaluation: CutEngine.Evaluation, onDemand: Double) {
        let (cells, pools, nodes) = (relaxation.cellCount, relaxation.poolCount, ranges.count)
        var sum = CutEngine.Evaluation(
            values: Array(repeating: 0, count: blocks), sums: Array(repeating: 0, count: blocks * pools))
        sum.prices.reserveCapacity(tiles.count * Relaxation.tile * pools)
        var onDemand = Lanes.zero
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 2 * cells + members.count + 2 * nodes) { scratch in
            guard let left = scratch.baseAddress else { return }
            let (outside, after) = (left + cells, left + 2 * cells)
            let (room, price) = (after + members.count, after + members.count + nodes)
            for tile in tiles {
                fill(room, tile, quantities)
                for place in 0..<cells { left[place] = relaxation.usage[tile * cells + place] }
                serve(left, after, room)
                for place in 0..<cells {
                    onDemand += left[place] * relaxation.price[place]
                    outside[place] = Lanes(repeating: relaxation.price[place])
                }
                ask(outside, after, price)
                var value = Lanes.zero
                for node in 0..<nodes { value -= price[node] * room[node] }
                for place in 0..<cells { value += relaxation.usage[tile * cells + place] * outside[place] }
                add(tile, value, price, &sum)
            }
        }
        return (sum, onDemand.sum())
    }

    /// Fills every scope's capacity, inner ones first, and notes what each leaves of its cells.
    private func serve(
        _ left: UnsafeMutablePointer<Lanes>, _ after: UnsafeMutablePointer<Lanes>, _ room: UnsafeMutablePointer<Lanes>
    ) {
        members.withUnsafeBufferPointer { members in
            for (node, range) in ranges.enumerated() {
                var rest = room[node]
                for index in range {
                    let member = members[index]
                    let need = left[member.place] * member.rate
                    let taken = need.replacing(with: rest, where: rest .< need)
                    rest -= taken
                    left[member.place] -= taken * member.inverse
                    after[index] = left[member.place]
                }
            }
        }
    }

    /// Prices of the scopes' units from the outermost inwards; afterwards `outside` is the least that a unit of each
    /// cell costs.
    private func ask(
        _ outside: UnsafeMutablePointer<Lanes>, _ after: UnsafeMutablePointer<Lanes>,
        _ price: UnsafeMutablePointer<Lanes>
    ) {
        members.withUnsafeBufferPointer { members in
            for (node, range) in ranges.enumerated().reversed() {
                var most = Lanes.zero
                for index in range {
                    let worth = outside[members[index].place] * members[index].inverse
                    most.replace(with: worth, where: (after[index] .> Self.nothing) .& (worth .> most))
                }
                price[node] = most
                for index in range {
                    let offered = most * members[index].rate
                    let place = members[index].place
                    outside[place].replace(with: offered, where: offered .< outside[place])
                }
            }
        }
    }

    private func fill(_ room: UnsafeMutablePointer<Lanes>, _ tile: Int, _ quantities: [Double]) {
        for node in ranges.indices { room[node] = .zero }
        for (pool, link) in links.enumerated() {
            guard let link else { continue }
            room[link.node] += quantities[pool] * link.size
            guard !relaxation.held.isEmpty else { continue }
            for lane in 0..<min(Relaxation.tile, relaxation.hours - tile * Relaxation.tile) {
                let hour = tile * Relaxation.tile + lane
                room[link.node][lane] += relaxation.held[hour * relaxation.poolCount + pool] * link.size
            }
        }
    }

    private func add(
        _ tile: Int, _ value: Lanes, _ price: UnsafeMutablePointer<Lanes>, _ sum: inout CutEngine.Evaluation
    ) {
        let pools = relaxation.poolCount
        let first = tile * Relaxation.tile
        let count = min(Relaxation.tile, relaxation.hours - first)
        for lane in 0..<count {
            for link in links {
                sum.prices.append(link.map { Float(price[$0.node][lane] * $0.size) } ?? 0)
            }
        }
        let block = block(of: first)
        if count == Relaxation.tile, block == self.block(of: first + count - 1) {
            sum.values[block] += value.sum()
            for (pool, link) in links.enumerated() {
                if let link { sum.sums[block * pools + pool] += price[link.node].sum() * link.size }
            }
            return
        }
        for lane in 0..<count {
            let block = self.block(of: first + lane)
            sum.values[block] += value[lane]
            for (pool, link) in links.enumerated() {
                if let link { sum.sums[block * pools + pool] += price[link.node][lane] * link.size }
            }
        }
    }
}
