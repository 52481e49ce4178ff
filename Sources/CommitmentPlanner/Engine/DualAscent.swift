internal import PlimsollCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Foundation
#endif

/// Plans one wide pool over many groups: every hour's unit of the wide pool gets a price μ, Σμ = its fee; each
/// group then solves alone, as a weighted quantile of its demand, and entropic mirror ascent improves μ. The
/// bound holds at every step.
struct DualAscent: Sendable {
    let problem: AscentProblem
    let rows: AscentRows

    /// What the search found.
    struct Outcome {
        /// Capacity by group, in the group's units.
        var inner: [Double]
        /// Capacity of the wide pool.
        var wide: Double
        /// Cost of both with the best hourly allocation.
        var cost: Double
        /// The bound at `prices`.
        var bound: Double
        /// μ by hour.
        var prices: [Double]
        var iterations: Int
    }

    /// The bound at μ, the capacities that reach it, and how it grows with μ.
    struct Answer: Sendable {
        var value: Double
        var inner: [Float]
        var slope: [Double]
    }

    private static let pieces = 16
    /// Groups whose slopes are added in Float before they go into the sum in Double.
    private static let batch = 32

    init(_ problem: AscentProblem) {
        self.problem = problem
        rows = AscentRows(problem.model, problem.groups)
    }

    // MARK: The search

    /// Searches until the relative gap is at most `gap`, or for `limit` iterations.
    func run(gap: Double, limit: Int) -> Outcome {
        let hours = rows.hours
        var mu = [Double](repeating: problem.wideFee / Double(hours), count: hours)
        var best = Outcome(
            inner: [], wide: 0, cost: .infinity, bound: -.infinity, prices: mu, iterations: 0)
        var mean = [Double](repeating: 0, count: rows.groups.count)
        var weight = 0.0
        let primal = AscentPrimal(problem, rows)
        for step in 1...max(1, limit) {
            let answer = dual(mu)
            if answer.value > best.bound { (best.bound, best.prices) = (answer.value, mu) }
            for group in mean.indices { mean[group] += Double(step) * Double(answer.inner[group]) }
            weight += Double(step)
            best.iterations = step
            if step % 5 == 0 || step == limit {
                let trial = primal.best(mean.map { $0 / weight }, near: best.cost.isFinite ? best.wide : nil)
                if trial.cost < best.cost { (best.cost, best.inner, best.wide) = (trial.cost, trial.inner, trial.wide) }
                if best.cost - best.bound <= gap * abs(best.bound) { break }
            }
            Self.move(&mu, along: answer.slope, step: step, sum: problem.wideFee)
        }
        return best
    }

    private static func move(_ mu: inout [Double], along slope: [Double], step: Int, sum: Double) {
        let centre = slope.reduce(0, +) / Double(slope.count)
        let most = slope.reduce(0) { max($0, abs($1 - centre)) }
        guard most > 0 else { return }
        let length = 0.5 / Double(step).squareRoot() / most
        var total = 0.0
        for hour in mu.indices {
            mu[hour] *= exp(length * (slope[hour] - centre))
            total += mu[hour]
        }
        let scale = sum / total
        for hour in mu.indices { mu[hour] *= scale }
    }

    // MARK: The dual value

    /// μ in the forms that the groups' passes read.
    private struct Prices: Sendable {
        var hourly: [Float]
        var lanes: [AscentRows.Lanes]
        var sorted: [Double]
        /// Sums of the lowest prices.
        var sums: [Double]

        init(_ mu: [Double], _ rows: AscentRows) {
            hourly = mu.map(Float.init)
            lanes = Array(repeating: .zero, count: rows.rowLength)
            for hour in mu.indices { lanes[hour / AscentRows.width][hour % AscentRows.width] = hourly[hour] }
            sorted = hourly.map(Double.init).sorted()
            sums = [0]
            sums.reserveCapacity(mu.count + 1)
            for price in sorted { sums.append(sums[sums.count - 1] + price) }
        }

        /// Σ min(price, μ·rate) over all hours.
        func total(price: Double, rate: Double) -> Double {
            guard rate.isFinite else { return price * Double(sorted.count) }
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if sorted[middle] * rate < price { low = middle + 1 } else { high = middle }
            }
            return rate * sums[low] + price * Double(sorted.count - low)
        }
    }

    /// The bound that μ proves.
    func dual(_ mu: [Double]) -> Answer {
        let prices = Prices(mu, rows)
        let pieces = min(Self.pieces, rows.groups.count)
        let parts = Pieces.map(pieces) { part(Pieces.range($0, of: pieces, rows.groups.count), prices) }
        var sum = Answer(value: 0, inner: [], slope: Array(repeating: 0, count: rows.hours))
        for part in parts {
            sum.value += part.value
            sum.inner += part.inner
            for hour in sum.slope.indices { sum.slope[hour] += part.slope[hour] }
        }
        return sum
    }

    private func part(_ range: Range<Int>, _ prices: Prices) -> Answer {
        let length = rows.rowLength
        var answer = Answer(value: 0, inner: [], slope: Array(repeating: 0, count: rows.hours))
        var slope = [AscentRows.Lanes](repeating: .zero, count: length)
        for (position, index) in range.enumerated() {
            let group = rows.groups[index]
            let inner = quantile(index, prices)
            answer.inner.append(inner)
            if group.fee.isFinite { answer.value += group.fee * Double(inner) }
            answer.value += pass(index, inner, prices, &slope)
            if position % Self.batch == Self.batch - 1 || index == range.upperBound - 1 {
                for hour in answer.slope.indices {
                    answer.slope[hour] += Double(slope[hour / AscentRows.width][hour % AscentRows.width])
                }
                for lane in slope.indices { slope[lane] = .zero }
            }
        }
        return answer
    }

    /// The cheapest inner capacity: what is worth its fee in the hours of higher demand.
    private func quantile(_ index: Int, _ prices: Prices) -> Float {
        let group = rows.groups[index]
        let total = prices.total(price: group.price, rate: group.wideRate)
        guard group.fee.isFinite, total > group.fee else { return 0 }
        let (price, rate) = (Float(group.price), Float(group.wideRate))
        let row = rows.demand[index * rows.rowLength..<(index + 1) * rows.rowLength]
        return rows.order.withUnsafeBufferPointer { order in
            var position = index * rows.hours
            var spent = 0.0
            let budget = total - group.fee
            let last = position + rows.hours - 1
            while position < last {
                spent += Double(min(price, prices.hourly[Int(order[position])] * rate))
                if spent >= budget { break }
                position += 1
            }
            let hour = Int(order[position])
            return row[row.startIndex + hour / AscentRows.width][hour % AscentRows.width]
        }
    }

    /// Cost of what the inner capacity leaves, and what it takes of the wide pool, hour by hour.
    private func pass(
        _ index: Int, _ inner: Float, _ prices: Prices, _ slope: inout [AscentRows.Lanes]
    ) -> Double {
        let group = rows.groups[index]
        let length = rows.rowLength
        let price = AscentRows.Lanes(repeating: Float(group.price))
        let isServed = group.wideRate.isFinite
        let rate = AscentRows.Lanes(repeating: isServed ? Float(group.wideRate) : .greatestFiniteMagnitude)
        let floor = AscentRows.Lanes(repeating: inner)
        let first = index * length
        var value = 0.0
        rows.demand.withUnsafeBufferPointer { demand in
            prices.lanes.withUnsafeBufferPointer { mu in
                slope.withUnsafeMutableBufferPointer { slope in
                    var sum = AscentRows.Lanes.zero
                    for lane in 0..<length {
                        let over = demand[first + lane] - floor
                        let left = over.replacing(with: 0, where: over .< 0)
                        let offered = isServed ? mu[lane] * rate : price
                        let isCheaper = offered .< price
                        sum += left * price.replacing(with: offered, where: isCheaper)
                        if isServed {
                            slope[lane] += (left * rate).replacing(with: 0, where: .!isCheaper)
                        }
                        // Short sums in Float, the long one in Double.
                        if lane % 32 == 31 {
                            value += Double(sum.sum())
                            sum = .zero
                        }
                    }
                    value += Double(sum.sum())
                }
            }
        }
        return value
    }

    /// Whole steps of every pool: inner ones to the nearest, then the wide one's best for them.
    func steps(_ outcome: Outcome) -> [Int64] {
        let unit = Double(FixedPoint.one)
        var steps = [Int64](repeating: 0, count: problem.model.pools.count)
        var inner = outcome.inner
        for (index, group) in rows.groups.enumerated() {
            guard let pool = group.pool else { continue }
            let step = Double(problem.model.pools[pool].step) / unit * group.size
            steps[pool] = Int64((inner[index] / step).rounded())
            inner[index] = Double(steps[pool]) * step
        }
        let wide = AscentPrimal(problem, rows).best(inner, near: outcome.wide).wide
        steps[problem.wide] = Int64((wide * unit / Double(problem.model.pools[problem.wide].step)).rounded())
        return steps
    }
}
