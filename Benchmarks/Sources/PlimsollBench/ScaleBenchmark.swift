import CommitmentPlanner
import Foundation
import Solver

/// The planner on made-up problems of any size: certified gap, time of the processor and by the clock, memory.
struct ScaleBenchmark {
    /// Groups of the one problem asked for; nil = the series.
    var groups: Int?

    func run() throws {
        if let groups {
            print("scale: \(groups) groups x 8,760 h, one wide plan, to a certified gap of 0.1 %")
            try measure(groups, 8_760, gap: 1e-3)
            return
        }
        print("scale: 1,000 groups x 8,760 h, one wide plan, to a certified gap of 0.05 % (aim: 1.5 s, 256 MiB)")
        try measure(1_000, 8_760, gap: 5e-4)
        print("scale: the curve, to a certified gap of 0.1 % (aim: the same for every million group-hours)")
        for (groups, hours) in [
            (1_000, 2_190), (1_000, 4_380), (250, 8_760), (500, 8_760), (2_000, 8_760), (4_000, 8_760),
        ] {
            try measure(groups, hours, gap: 1e-3)
        }
        print("scale: 50 groups x 720 h beside the whole linear program in HiGHS (aim: 50 x at 0.1 %)")
        try wholeProgram(50, 720)
    }

    private func measure(_ groups: Int, _ hours: Int, gap: Double) throws {
        let model = Self.model(groups, hours)
        var options = PlanningEngine.Options()
        options.method = .ascent
        options.ascentGap = gap
        var result = try PlanningEngine.plan(model, options)
        let peak = Measuring.memory(ofChildren: false)
        var least = Measuring.Time(processor: .infinity, wall: .infinity)
        for _ in 0..<(groups * hours > 20_000_000 ? 1 : 3) {
            let time = try Measuring.time { result = try PlanningEngine.plan(model, options) }
            least.processor = min(least.processor, time.processor)
            least.wall = min(least.wall, time.wall)
        }
        let millions = Double(groups * hours) / 1e6
        let words = [
            "\(groups) x \(hours):", Self.digits(least.wall, 2), "s,", Self.digits(least.processor, 2),
            "s of the processor,", Self.digits(least.processor / millions * 1e3, 0), "ms a million group-hours, gap",
            Self.digits(100 * Self.gap(model, result), 4), "%, peak", "\(peak) MiB",
        ]
        print("  " + words.joined(separator: " "))
    }

    /// Groups of one cell each under a commitment of their own, and one plan over all: the prototype's problem.
    static func model(_ groups: Int, _ hours: Int) -> PlanningModel {
        var dice = ScaleRandom(seed: 1)
        var usage = HourTable(hours: hours)
        var (cells, pools): ([PlanningCell], [PlanningPool]) = ([], [])
        var outer = PlanningPool(id: "outer", members: [])
        for group in 0..<groups {
            let base = exp(2 + 1.2 * dice.bell())
            let (day, week, trend, phase) = (0.6 * dice.unit(), 0.4 * dice.unit(), 0.3 * dice.bell(), 24 * dice.unit())
            let wave = (0..<24).map { 1 + day * sin(2 * Double.pi * (Double($0) - phase) / 24) }
            let row = (0..<hours).map { hour in
                let weekend = hour / 24 % 7 >= 5 ? week : 0
                let level = wave[hour % 24] - weekend + trend * Double(hour) / Double(hours)
                return Int64(max(0, base * level * (1 + 0.1 * dice.bell()) * 1_000))
            }
            usage.append(row)
            let price = Int64(20_000_000_000 + 180_000_000_000 * dice.unit())
            cells.append(PlanningCell(id: "cell \(group)", price: price))
            var inner = PlanningPool(
                id: "inner \(group)", members: [PoolMember(cell: group, rate: 1_000_000_000_000)])
            let fee = Int64(Double(price) * (0.55 + 0.13 * dice.unit()))
            inner.fee = Fee(numerator: Int128(hours) * Int128(fee), denominator: 1)
            inner.step = 1_000_000_000
            pools.append(inner)
            outer.members.append(PoolMember(cell: group, rate: Int64(Double(price) * (0.62 + 0.2 * dice.unit()))))
        }
        outer.fee = Fee(numerator: Int128(hours) * 1_000_000_000_000, denominator: 1)
        outer.step = 1_000_000_000
        outer.priority = 1
        return PlanningModel(cells: cells, usage: usage, quantityScale: 3, pools: pools + [outer])
    }

    private static func cost(_ model: PlanningModel, _ result: PlanningEngine.Result) -> Double {
        let units = model.pools.indices.map { Int128(result.steps[$0]) * Int128(model.pools[$0].step) }
        var cost = Double(PlanningEngine.allocationCost(model, units: units)) / 1e12
        for (pool, amount) in zip(model.pools, units) {
            if let fee = pool.fee { cost += Double(fee.numerator) / Double(fee.denominator) * Double(amount) / 1e24 }
        }
        return cost
    }

    /// Cost of the plan above its bound, relative.
    private static func gap(_ model: PlanningModel, _ result: PlanningEngine.Result) -> Double {
        let bound = Double(result.lowerBound) / 1e12
        return (cost(model, result) - bound) / bound
    }

    // MARK: The whole program

    private func wholeProgram(_ groups: Int, _ hours: Int) throws {
        let model = Self.model(groups, hours)
        var options = PlanningEngine.Options()
        options.method = .ascent
        var result = try PlanningEngine.plan(model, options)
        var ours = Measuring.Time(processor: .infinity, wall: .infinity)
        for _ in 0..<10 {
            let time = try Measuring.time { result = try PlanningEngine.plan(model, options) }
            (ours.processor, ours.wall) = (min(ours.processor, time.processor), min(ours.wall, time.wall))
        }
        let program = Self.linear(model)
        var optimum = 0.0
        let theirs = try Measuring.time { optimum = try Solver.solve(program).requireOptimal().objective }
        var onDemand = 0.0
        for cell in model.cells.indices {
            let row = model.usage.row(cell).reduce(0, +)
            onDemand += Double(row) / 1e3 * Double(model.cells[cell].price) / 1e12
        }
        optimum += onDemand
        print("  HiGHS: \(Self.digits(theirs.wall, 2)) s, optimum \(Self.digits(optimum, 2))")
        print(
            "  plimsoll: \(Self.digits(ours.wall, 4)) s, bound \(Self.digits(Double(result.lowerBound) / 1e12, 2)), plan"
                + " \(Self.digits(Self.cost(model, result), 2)), gap \(Self.digits(100 * Self.gap(model, result), 4)) %"
        )
        print(
            "  ratio: \(Self.digits(theirs.wall / ours.wall, 0)) x by the clock,"
                + " \(Self.digits(theirs.processor / ours.processor, 0)) x of the processor")
    }

    private static func linear(_ model: PlanningModel) -> LinearModel {
        var program = LinearModel(.minimize)
        let buys = model.pools.map { program.addVariable(cost: ($0.fee.map { Double($0.floor) } ?? 0) / 1e12) }
        for hour in 0..<model.hours {
            var served = model.cells.indices.map { _ in [LinearModel.Term]() }
            for (index, pool) in model.pools.enumerated() {
                var terms = [LinearModel.Term(-1, buys[index])]
                for member in pool.members {
                    let share = program.addVariable(cost: -Double(model.cells[member.cell].price) / 1e12)
                    terms.append(LinearModel.Term(Double(member.rate) / 1e12, share))
                    served[member.cell].append(LinearModel.Term(1, share))
                }
                program.addConstraint("", terms, upper: 0)
            }
            for (cell, terms) in served.enumerated() {
                program.addConstraint("", terms, upper: Double(model.usage[cell, hour]) / 1e3)
            }
        }
        return program
    }

    private static func digits(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }
}

/// Numbers from a seed (SplitMix64).
struct ScaleRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// About normal, of variance 1: four uniform numbers out of one draw.
    mutating func bell() -> Double {
        let bits = next()
        let sum = Double(bits & 0xffff) + Double(bits >> 16 & 0xffff) + Double(bits >> 32 & 0xffff) + Double(bits >> 48)
        return (sum / 65_536 - 2) * 1.732_050_8
    }
}
