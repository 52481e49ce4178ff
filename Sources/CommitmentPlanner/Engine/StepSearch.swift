internal import PlimsollCore

/// The best whole steps by the vendor's order, for models with few pools: branch and bound over boxes of steps.
///
/// Capacity never leaves more usage to on-demand, in any fixed order of serving. So a box costs at least its
/// lowest corner's fees and its highest corner's on-demand usage. The pool with the finest steps is not divided:
/// ``PoolLine`` knows its best amount at once.
struct StepSearch {
    /// Pools that can be bought, at most.
    static let mostPools = 4
    /// From so many steps of arithmetic in one evaluation on, a problem is not small.
    static let largest = 2_000
    /// Steps of arithmetic at most, before the best known is taken: a count, so that every machine finds the same.
    static let most = 1_000_000

    /// What was found.
    struct Outcome {
        /// The best steps, and others that cost the same but for rounding.
        var steps: [[Int64]]
        /// The bill of the best.
        var cost: Double
        /// Whether nothing was left unexplored.
        var isComplete: Bool
    }

    /// Steps of the divided pools from `low` to `high`, and the least that a plan with them costs.
    private struct Box {
        var low: [Int64]
        var high: [Int64]
        var bound: Double
        /// The undivided pool's best cost at `high`, without the divided pools' fees.
        var rest: Double
    }

    private let line: PoolLine
    private let fees: [Double]
    private let limits: [Int64]
    private let inner: Int
    private let outer: [Int]
    private var best: [Int64]
    private var cost: Double
    private var equals: [[Int64]] = []
    private var boxes: [Box] = []

    /// Nil where the problem is not small.
    init?(_ relaxation: Relaxation, _ vendor: VendorOrder) {
        let model = relaxation.model
        let purchasable = model.pools.indices.filter { model.pools[$0].fee != nil }
        guard !purchasable.isEmpty, purchasable.count <= Self.mostPools else { return nil }
        guard let line = PoolLine(relaxation, vendor, largest: Self.largest) else { return nil }
        let sizes = model.pools.map { Double($0.step) / Double(FixedPoint.one) }
        let limits = zip(relaxation.limits(), sizes).map { Int64(($0 / $1 - 1e-9).rounded(.up)) }
        guard let inner = purchasable.max(by: { limits[$0] < limits[$1] }) else { return nil }
        self.line = line
        self.inner = inner
        self.limits = limits
        outer = purchasable.filter { $0 != inner }
        fees = model.pools.indices.map { relaxation.fee[$0] * sizes[$0] }
        best = Array(repeating: 0, count: model.pools.count)
        cost = line.cost(best)
        equals = [best]
    }

    /// Searches, starting from points that are known already.
    mutating func run(from known: [[Int64]]) -> Outcome {
        for steps in known { offer(steps, line.cost(steps)) }
        let zero = [Int64](repeating: 0, count: outer.count)
        add(low: zero, high: outer.map { limits[$0] }, rest: nil)
        while let box = boxes.popLast() {
            guard box.bound < cost - Self.tolerance * abs(cost) else { continue }
            guard line.spent < Self.most else { return Outcome(steps: equals, cost: cost, isComplete: false) }
            split(box)
        }
        return Outcome(steps: equals, cost: cost, isComplete: true)
    }

    /// Below the rater's rounding, above that of floating point.
    private static let tolerance = 1e-12

    private mutating func offer(_ steps: [Int64], _ found: Double) {
        let margin = 1e-10 * abs(cost)
        if found < cost - margin {
            equals = [steps]
        } else if found <= cost + margin, equals.count < 4, !equals.contains(steps) {
            equals.append(steps)
        }
        if found < cost { (best, cost) = (steps, found) }
    }

    /// Puts a box among the others, most promising last; `rest` where its high corner is known.
    private mutating func add(low: [Int64], high: [Int64], rest: Double?) {
        var corner = [Int64](repeating: 0, count: fees.count)
        var (spent, least) = (0.0, 0.0)
        for (slot, pool) in outer.enumerated() {
            corner[pool] = high[slot]
            spent += fees[pool] * Double(high[slot])
            least += fees[pool] * Double(low[slot])
        }
        var remaining = rest ?? 0
        if rest == nil {
            let answer = line.best(inner, corner, limit: limits[inner])
            corner[inner] = answer.steps
            remaining = answer.cost - spent
            offer(corner, answer.cost)
        }
        let box = Box(low: low, high: high, bound: least + remaining, rest: remaining)
        guard low != high, box.bound < cost - Self.tolerance * abs(cost) else { return }
        var (from, to) = (0, boxes.count)
        while from < to {
            let middle = (from + to) / 2
            if boxes[middle].bound > box.bound { from = middle + 1 } else { to = middle }
        }
        boxes.insert(box, at: from)
    }

    /// In two along the pool whose range costs most.
    private mutating func split(_ box: Box) {
        var (widest, most) = (0, -1.0)
        for (slot, pool) in outer.enumerated() where box.high[slot] > box.low[slot] {
            let width = fees[pool] * Double(box.high[slot] - box.low[slot])
            if width > most { (widest, most) = (slot, width) }
        }
        let middle = box.low[widest] + (box.high[widest] - box.low[widest]) / 2
        var (high, low) = (box.high, box.low)
        high[widest] = middle
        low[widest] = middle + 1
        add(low: box.low, high: high, rest: nil)
        add(low: low, high: box.high, rest: box.rest)
    }
}
