import PlimsollCore
import Solver
import Testing

@testable import CommitmentPlanner

/// What is known exactly about commitments, and what a certificate refuses.
@Suite(.enabled(if: Solver.isAvailable, "HiGHS is not there: run scripts/bootstrap"))
struct EngineTests {
    private let hours = 40

    private func usage(_ seed: UInt64) -> [Int64] {
        var random = EngineRandom(seed)
        return (0..<hours).map { _ in Int64(random.next(50)) }
    }

    private func bought(_ model: PlanningModel) throws -> [Double] {
        EngineOracle.units(model, try PlanningEngine.plan(model).steps)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `One product for one cell is a quantile`(seed: UInt64) throws {
        let row = usage(seed)
        // r/p = 0.61: worth having what is used in more than 61 % of the hours, 25 of 40.
        let model = EngineOracle.model([1], [row], [EngineOracle.pool("ri", [(0, 1)], fee: 0.61, hours: hours)])
        let quantile = Double(row.sorted()[hours - 25])
        #expect(abs(try bought(model)[0] - quantile) <= 0.01)
    }

    @Test func `One plan saves on average what it costs`() throws {
        let rows = [usage(3), usage(4), usage(5)]
        let (prices, rates) = ([1.0, 1.5, 0.7], [0.7, 1.2, 0.4])
        let plan = EngineOracle.pool("plan", Array(zip(0..<3, rates)), fee: 1, hours: hours)
        let model = EngineOracle.model(prices, rows, [plan])
        let amount = try bought(model)[0]
        func ratios(_ amount: Double) -> Double {
            (0..<hours).reduce(0.0) { sum, hour in
                var rest = amount
                for cell in [2, 0, 1] {
                    rest -= Double(rows[cell][hour]) * rates[cell]
                    if rest < 0 { return sum + prices[cell] / rates[cell] }
                }
                return sum
            } / Double(hours)
        }
        #expect(ratios(amount - 0.02) >= 1)
        #expect(ratios(amount + 0.02) <= 1)
    }

    @Test(arguments: [(0.9, 8.0), (1.1, 0.0)])
    func `Constant usage is covered just where the product is cheaper`(rate: Double, amount: Double) throws {
        let model = EngineOracle.model(
            [1], [Array(repeating: 8, count: hours)], [EngineOracle.pool("ri", [(0, 1)], fee: rate, hours: hours)])
        #expect(abs(try bought(model)[0] - amount) <= 0.001)
    }

    @Test func `Nothing used, nothing bought`() throws {
        let model = EngineOracle.model(
            [1], [Array(repeating: 0, count: hours)], [EngineOracle.pool("ri", [(0, 1)], fee: 0.5, hours: hours)])
        let result = try PlanningEngine.plan(model)
        #expect(result.steps == [0])
        #expect(result.lowerBound == 0)
    }

    private func nested(_ scale: Double, extra: Bool = false) -> PlanningModel {
        var pools = [
            EngineOracle.pool("wide", [(0, 0.75), (1, 0.8)], fee: scale, hours: hours, priority: 1),
            EngineOracle.pool("narrow", [(0, 0.6)], fee: scale, hours: hours),
        ]
        if extra { pools.append(EngineOracle.pool("dear", [(0, 0.9)], fee: scale * 1.05, hours: hours)) }
        return EngineOracle.model([scale, scale], [usage(7), usage(8)], pools)
    }

    @Test func `Doubled prices double the cost and keep the purchases`() throws {
        let single = try PlanningEngine.plan(nested(1))
        let double = try PlanningEngine.plan(nested(2))
        let ratio = Double(double.lowerBound) / Double(single.lowerBound)
        #expect(abs(ratio - 2) < 1e-4)
        for (one, two) in zip(single.steps, double.steps) { #expect(abs(one - two) <= 50) }
    }

    @Test func `A dominated product changes nothing`() throws {
        let without = try PlanningEngine.plan(nested(1))
        let with = try PlanningEngine.plan(nested(1, extra: true))
        #expect(with.steps[2] == 0)
        #expect(with.prices.violations(for: nested(1, extra: true)).isEmpty)
        #expect(abs(Double(with.lowerBound) / Double(without.lowerBound) - 1) < 3e-5)
    }

    @Test func `A cheaper narrow scope leaves nothing for the wide one`() throws {
        let model = EngineOracle.model(
            [1], [usage(9)],
            [
                EngineOracle.pool("wide", [(0, 0.75)], fee: 1, hours: hours, priority: 1),
                EngineOracle.pool("narrow", [(0, 0.6)], fee: 1, hours: hours),
            ])
        #expect(try bought(model)[0] <= 0.001)
    }

    @Test func `A judge's word goes before the search's`() throws {
        let model = nested(1)
        let plain = try PlanningEngine.plan(model)
        var asked: [[Int64]] = []
        let judged = try PlanningEngine.plan(model) { steps in
            asked.append(steps)
            return Int128(asked.count == 1 ? 2 : 1)
        }
        #expect(asked.first == plain.steps)
        #expect(judged.lowerBound == plain.lowerBound)
    }

    @Test func `The same model gives the same plan`() throws {
        let model = EngineOracle.random(77, nested: true)
        let first = try PlanningEngine.plan(model)
        let second = try PlanningEngine.plan(model)
        #expect(first.steps == second.steps)
        #expect(first.prices == second.prices)
    }
}

/// Integer certificates.
struct EngineCertificateTests {
    private let model = EngineOracle.model(
        [1, 1.5], [[3, 0, 7, 4], [2, 9, 1, 5]],
        [
            EngineOracle.pool("a", [(0, 0.61), (1, 0.83)], fee: 1, hours: 4),
            EngineOracle.pool("b", [(1, 1)], fee: 0.77, hours: 4),
        ])

    @Test func `Prices of a purchasable pool add up to its fee`() {
        let prices = DualPrices.rounding([1, 0.2, 3, 0, 0.3, 0.3, 0.3, 0.3], for: model)
        #expect(prices.violations(for: model).isEmpty)
        #expect(prices.values.row(0).reduce(0, +) == 4 * EngineOracle.one)
        #expect(prices.values.row(1).reduce(0, +) == 3_080_000_000_000)
    }

    @Test func `Any raised price is refused`() {
        let prices = DualPrices.rounding([1, 0.2, 3, 0, 0.3, 0.3, 0.3, 0.3], for: model)
        for slot in 0..<8 where prices.values[slot / 4, slot % 4] > 0 {
            var changed = prices
            changed.values[slot / 4, slot % 4] = changed.values[slot / 4, slot % 4] * 101 / 100
            let pool = model.pools[slot / 4].id
            #expect(changed.violations(for: model) == [.exceedsFee(pool: pool)])
        }
        var negative = prices
        negative.values[0, 3] = -1
        #expect(negative.violations(for: model) == [.negative(pool: "a", hour: 3)])
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `The bound is the sum of exact minima`(seed: UInt64) throws {
        var random = EngineRandom(seed)
        var model = EngineOracle.random(seed, nested: seed % 2 == 0)
        for cell in model.cells.indices { model.cells[cell].price += Int64(random.next(1_000_000_000)) }
        let large = seed % 5 == 0 ? 1_000_000 : 1
        let values = (0..<model.pools.count * model.hours).map { _ in
            Int64(random.next(2_000_000_000_000)) * Int64(1 + random.next(large))
        }
        let prices = DualPrices(values: values, hours: model.hours)
        var expected: Int128 = 0
        for cell in model.cells.indices {
            for hour in 0..<model.hours {
                var least = Int128(model.cells[cell].price)
                for (index, pool) in model.pools.enumerated() {
                    for member in pool.members where member.cell == cell {
                        least = min(
                            least, Int128(member.rate) * Int128(values[index * model.hours + hour]) / 1_000_000_000_000)
                    }
                }
                expected += least * Int128(model.usage[cell, hour])
            }
        }
        for (index, pool) in model.pools.enumerated() where !pool.existing.isEmpty {
            for hour in 0..<model.hours {
                let product = Int128(pool.existing[hour]) * Int128(values[index * model.hours + hour])
                expected -= (product + 999_999) / 1_000_000
            }
        }
        #expect(try prices.lowerBound(for: model) == expected)
    }

    @Test func `Sums beyond 128 bits and wrong shapes are errors`() {
        var large = model
        large.cells[0].price = .max
        large.cells[1].price = .max
        large.usage = HourTable(Array(repeating: .max, count: 8), hours: 4)
        let high = DualPrices(values: Array(repeating: .max, count: 8), hours: 4)
        #expect(throws: Failure.self) { try high.lowerBound(for: large) }
        #expect(throws: Failure.self) { try DualPrices(values: [1], hours: 4).lowerBound(for: model) }
    }
}
