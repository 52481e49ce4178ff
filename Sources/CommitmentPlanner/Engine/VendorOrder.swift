internal import Dispatch
internal import PlimsollCore
internal import Synchronization

/// The cost of purchases under the vendor's fixed order of stages and savings, in floating point: the fast
/// judge of a search. The exact one is the rater, which also knows whose usage comes first.
struct VendorOrder: Sendable {
    private let relaxation: Relaxation
    private let pairs: [(cell: Int, pool: Int, rate: Double)]

    init(_ relaxation: Relaxation) {
        self.relaxation = relaxation
        var pairs: [(cell: Int, pool: Int, rate: Double)] = []
        for (index, pool) in relaxation.model.pools.enumerated() {
            for member in pool.members {
                pairs.append((member.cell, index, Double(member.rate) / Double(FixedPoint.one)))
            }
        }
        let pools = relaxation.model.pools
        let price = relaxation.price
        self.pairs = pairs.sorted { left, right in
            let (a, b) = (pools[left.pool].priority, pools[right.pool].priority)
            if a != b { return a < b }
            let (x, y) = (price[left.cell] / left.rate, price[right.cell] / right.rate)
            if x != y { return x > y }
            return left.rate != right.rate ? left.rate < right.rate : left.cell < right.cell
        }
    }

    /// Fees plus what is left at on-demand prices.
    func cost(_ quantities: [Double]) -> Double {
        let pieces = min(16, max(1, relaxation.hours))
        let sums = Mutex([Double](repeating: 0, count: pieces))
        let hours = relaxation.hours
        DispatchQueue.concurrentPerform(iterations: pieces) { piece in
            let part = onDemand(piece * hours / pieces..<(piece + 1) * hours / pieces, quantities)
            sums.withLock { $0[piece] = part }
        }
        var total = sums.withLock { $0.reduce(0, +) }
        for pool in quantities.indices { total += relaxation.fee[pool] * quantities[pool] }
        return total
    }

    private func onDemand(_ range: Range<Int>, _ quantities: [Double]) -> Double {
        let (cells, pools) = (relaxation.price.count, relaxation.poolCount)
        var left = relaxation.price
        var room = quantities
        var sum = 0.0
        for hour in range {
            for cell in 0..<cells { left[cell] = relaxation.demand[hour * cells + cell] }
            for pool in 0..<pools { room[pool] = quantities[pool] + relaxation.held[hour * pools + pool] }
            for pair in pairs {
                let available = room[pair.pool]
                guard available > 0, left[pair.cell] > 0 else { continue }
                let need = left[pair.cell] * pair.rate
                if need <= available {
                    room[pair.pool] = available - need
                    left[pair.cell] = 0
                } else {
                    left[pair.cell] -= available / pair.rate
                    room[pair.pool] = 0
                }
            }
            for cell in 0..<cells { sum += left[cell] * relaxation.price[cell] }
        }
        return sum
    }
}
