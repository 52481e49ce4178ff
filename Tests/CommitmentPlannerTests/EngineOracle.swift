import PlimsollCore
import Solver

@testable import CommitmentPlanner

/// Small random numbers from a seed, the same on every machine.
struct EngineRandom {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }
}

/// Models for tests, and what the whole linear program says of them.
enum EngineOracle {
    static let one: Int64 = 1_000_000_000_000

    /// A pool of cells that all take `rate` (currency, or units) per unit of usage.
    static func pool(
        _ id: String, _ members: [(Int, Double)], fee: Double?, hours: Int, priority: Int = 0, step: Double = 0.001
    ) -> PlanningPool {
        var pool = PlanningPool(
            id: id, members: members.map { PoolMember(cell: $0.0, rate: Int64(($0.1 * 1e12).rounded())) })
        pool.fee = fee.map { Fee(numerator: Int128(hours) * Int128(($0 * 1e12).rounded()), denominator: 1) }
        pool.step = Int64((step * 1e12).rounded())
        pool.priority = priority
        return pool
    }

    static func model(_ prices: [Double], _ usage: [[Int64]], _ pools: [PlanningPool]) -> PlanningModel {
        PlanningModel(
            hours: usage.first?.count ?? 0,
            cells: prices.enumerated().map {
                PlanningCell(id: "cell \($0.offset)", price: Int64(($0.element * 1e12).rounded()))
            }, usage: usage.flatMap { $0 }, quantityScale: 0, pools: pools)
    }

    /// Up to eight cells in nested scopes up to three deep, some of them held; or in scopes that overlap.
    static func random(_ seed: UInt64, nested: Bool) -> PlanningModel {
        var random = EngineRandom(seed)
        let hours = 3 + random.next(20)
        let cells = 2 + random.next(7)
        let prices = (0..<cells).map { _ in 0.1 + Double(random.next(100)) / 50 }
        let usage = (0..<cells).map { _ in
            (0..<hours).map { _ in random.next(5) == 0 ? 0 : Int64(random.next(30)) }
        }
        var pools: [PlanningPool] = []
        func add(_ members: [Int], _ low: Int, _ priority: Int) {
            let rates = members.map { ($0, prices[$0] * Double(low + random.next(15)) / 100) }
            let fee: Double? = random.next(8) == 0 ? nil : 1
            var pool = pool("pool \(pools.count)", rates, fee: fee, hours: hours, priority: priority)
            if pool.fee == nil || random.next(5) == 0 {
                pool.existing = (0..<hours).map { _ in Int64(random.next(8_000_000)) }
            }
            pools.append(pool)
        }
        if nested {
            let cut = 1 + random.next(cells)
            add(Array(0..<cells), 70, 2)
            add(Array(0..<cut), 60, 1)
            if cut > 1 { add(Array(0..<(cut / 2)), 50, 0) }
            if cut < cells { add(Array(cut..<cells), 62, 1) }
            add(Array(0..<cut), 58, 1)
        } else {
            for _ in 0..<4 {
                let members = (0..<cells).filter { _ in random.next(2) == 0 }
                if !members.isEmpty { add(members, 55, random.next(3)) }
            }
        }
        return model(prices, usage, pools)
    }

    /// Purchases for parts of the window, hours that count differently, and limits on what is bought and served.
    static func limited(_ seed: UInt64, nested: Bool) -> PlanningModel {
        var model = random(seed, nested: nested)
        var random = EngineRandom(seed &+ 7_000)
        for index in model.pools.indices where model.pools[index].fee != nil {
            guard model.pools[index].existing.isEmpty, random.next(2) == 0 else { continue }
            let first = random.next(model.hours)
            let active = first..<first + 1 + random.next(model.hours - first)
            let whole = model.pools[index].fee ?? Fee(numerator: 0, denominator: 1)
            model.pools[index].fee = Fee(
                numerator: whole.numerator * Int128(active.count), denominator: whole.denominator * Int128(model.hours))
            model.pools[index].active = active
        }
        let most = model.pools.indices.map { _ in Int128(random.next(40)) }
        for row in 0..<(random.next(3)) {
            let terms = model.pools.indices.filter { model.pools[$0].fee != nil && random.next(3) > 0 }.map {
                PlanningRow.Term(pool: $0, coefficient: Int64(1 + random.next(5)) * one / 2)
            }
            let limit = terms.reduce(into: Int128(0)) { $0 += most[$1.pool] } * Int128(one) / Int128(1 + random.next(6))
            model.rows.append(PlanningRow(id: "row \(row)", terms: terms, limit: limit))
        }
        if random.next(2) == 0 { model.weights = (0..<model.hours).map { _ in one * Int64(1 + random.next(4)) / 4 } }
        if random.next(3) == 0 { model.servedLimit = model.servable * Int128(20 + random.next(80)) / 100 }
        return model
    }

    /// Least cost of the whole linear program, or of allocating `bought` units of each pool.
    static func optimum(_ model: PlanningModel, bought: [Double]? = nil) throws -> Double {
        var program = LinearModel(.minimize)
        let buys = model.pools.enumerated().map { index, pool in
            let amount = bought?[index]
            return program.addVariable(
                lower: amount ?? 0, upper: amount ?? (pool.fee == nil ? 0 : .infinity),
                cost: (pool.fee?.value ?? 0) / 1e12)
        }
        for row in model.rows {
            program.addConstraint(
                row.id, row.terms.map { LinearModel.Term(Double($0.coefficient) / 1e12, buys[$0.pool]) },
                upper: Double(row.limit) / 1e12)
        }
        var worth: [LinearModel.Term] = []
        func price(_ cell: Int, _ hour: Int) -> Double {
            Double(model.cells[cell].price) / 1e12 * (model.weights.isEmpty ? 1 : Double(model.weights[hour]) / 1e12)
        }
        for hour in 0..<model.hours {
            var served = model.cells.indices.map { _ in [LinearModel.Term]() }
            for (index, pool) in model.pools.enumerated() {
                var terms = pool.active?.contains(hour) == false ? [] : [LinearModel.Term(-1, buys[index])]
                for member in pool.members {
                    let share = program.addVariable(cost: -price(member.cell, hour))
                    terms.append(LinearModel.Term(Double(member.rate) / 1e12, share))
                    served[member.cell].append(LinearModel.Term(1, share))
                    worth.append(LinearModel.Term(price(member.cell, hour), share))
                }
                let held = pool.existing.isEmpty ? 0 : Double(pool.existing[hour]) / 1e6
                program.addConstraint("", terms, upper: held)
            }
            for (cell, terms) in served.enumerated() where !terms.isEmpty {
                program.addConstraint("", terms, upper: Double(model.usage[cell, hour]))
            }
        }
        if let limit = model.servedLimit { program.addConstraint("served", worth, upper: Double(limit) / 1e12) }
        var onDemand = 0.0
        for cell in model.cells.indices {
            for hour in 0..<model.hours {
                onDemand += Double(model.usage[cell, hour]) * price(cell, hour)
            }
        }
        return onDemand + (try Solver.solve(program).requireOptimal().objective)
    }

    /// What was bought, in pool units.
    static func units(_ model: PlanningModel, _ steps: [Int64]) -> [Double] {
        steps.indices.map { Double(steps[$0]) * Double(model.pools[$0].step) / 1e12 }
    }

    /// Fees and the best allocation of what was bought, by the engine.
    static func relaxed(_ model: PlanningModel, _ steps: [Int64]) -> Double {
        let engine = CutEngine(Relaxation(model))
        let units = units(model, steps)
        return engine.cost(units, engine.evaluate(units))
    }

    static func vendor(_ model: PlanningModel, _ steps: [Int64]) -> Double {
        VendorOrder(Relaxation(model)).cost(units(model, steps))
    }
}
