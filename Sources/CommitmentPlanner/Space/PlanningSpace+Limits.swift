internal import PlimsollCore

extension PlanningSpace {
    /// Adds the rows of `constraints`, with what each pool uses up of them.
    ///
    /// Throws where not even buying nothing keeps a limit, naming it.
    mutating func addLimits(_ constraints: PurchaseConstraints, _ burdens: [[Burden]]) throws(Failure) {
        try addShared(constraints, burdens)
        model.promises.utilization = constraints.utilization
        model.promises.fall = constraints.noRegret
        let bare = model
        if let least = constraints.utilization {
            addCaps("utilization") { PoolCap($0, bare).utilization(least) }
        }
        if let fall = constraints.noRegret { addCaps("no regret") { PoolCap($0, bare).noRegret(fall) } }
        if let share = constraints.uncovered {
            model.servedLimit = model.servable * Int128(10_000 - share) / 10_000
        }
    }

    private mutating func addShared(_ constraints: PurchaseConstraints, _ burdens: [[Burden]]) throws(Failure) {
        var order: [Burden.Limit] = []
        var terms: [Burden.Limit: [PlanningRow.Term]] = [:]
        for (pool, list) in burdens.enumerated() {
            for burden in list {
                if terms[burden.limit] == nil { order.append(burden.limit) }
                terms[burden.limit, default: []].append(
                    .init(pool: pool, coefficient: burden.least, most: burden.most))
            }
        }
        for limit in order {
            guard let amount = limit.amount(constraints), let terms = terms[limit] else { continue }
            let id = limit.id(constraints)
            guard amount.raw >= 0 else {
                throw Failure(
                    .badInput, "plan.infeasible", "no plan keeps the limit `\(id)`: it is \(amount)",
                    hint: "a limit of 0 allows no purchase; less cannot be kept")
            }
            model.rows.append(PlanningRow(id: id, terms: terms, limit: amount.raw))
        }
    }

    private mutating func addCaps(_ name: String, _ most: (Int) -> Int128?) {
        for pool in model.pools.indices where model.pools[pool].fee != nil {
            guard let limit = most(pool) else { continue }
            var row = PlanningRow(
                id: "\(name) \(model.pools[pool].id)",
                terms: [.init(pool: pool, coefficient: Int64(FixedPoint.one))], limit: limit)
            row.isShared = false
            model.rows.append(row)
        }
    }
}

/// The most of a pool that can keep a promise even where nothing else serves what it serves.
struct PoolCap {
    private let pool: PlanningPool
    private let model: PlanningModel
    private let hours: Range<Int>

    init(_ index: Int, _ model: PlanningModel) {
        (pool, self.model) = (model.pools[index], model)
        hours = pool.active ?? 0..<model.hours
    }

    /// In 10⁻¹² units, rounded up: of so much at most `least` ten-thousandths can be used.
    func utilization(_ least: Int) -> Int128? {
        let scale = FixedPoint.power(model.quantityScale)
        let demand = hours.map { hour in
            let sum = pool.members.reduce(into: Int128(0)) {
                $0 += Int128($1.rate) * Int128(model.usage[$1.cell, hour])
            }
            return (sum + scale - 1) / scale
        }.sorted()
        // Of an amount between two demands, the lower ones are used whole, and the amount in all other hours.
        var below: Int128 = 0
        var most: Int128 = 0
        for (index, level) in demand.enumerated() {
            let others = Int128(demand.count - index) * 10_000 - Int128(least) * Int128(demand.count)
            if others >= 0 {
                most = level
            } else {
                let limit = below * 10_000 / -others + 1
                guard limit > most else { return most }
                most = min(limit, level)
                if limit < level { return most }
            }
            below += level
        }
        // Beyond the highest demand nothing more is used.
        let whole = Int128(least) * Int128(demand.count)
        return whole == 0 ? nil : max(most, below * 10_000 / whole + 1)
    }

    /// In 10⁻¹² units, rounded up: so much at most can be worth its fee when usage falls by `fall`.
    func noRegret(_ fall: Int) -> Int128? {
        guard let fee = pool.fee else { return nil }
        let kept = Double(10_000 - fall) / 10_000
        let uses = pool.members.map { member in
            (member.cell, Double(member.rate) * 1e-12, Double(model.cells[member.cell].price) / Double(member.rate))
        }.sorted { $0.2 > $1.2 }
        let scale = kept / Double(FixedPoint.power(model.quantityScale))
        func worth(_ units: Double) -> Double {
            var sum = 0.0
            for hour in hours {
                let weight = model.weights.isEmpty ? 1 : Double(model.weights[hour]) * 1e-12
                var rest = units
                for (cell, rate, value) in uses where rest > 0 {
                    let need = min(Double(model.usage[cell, hour]) * scale * rate, rest)
                    sum += need * value * weight
                    rest -= need
                }
            }
            return sum
        }
        let price = fee.value * 1e-12
        var (low, high) = (0.0, 1.0)
        while worth(high) >= price * high, high < 1e12 { (low, high) = (high, high * 2) }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if worth(middle) >= price * middle { low = middle } else { high = middle }
        }
        // A little more, so that rounding never forbids what may be bought.
        return Int128(high * (1 + 1e-9) * 1e12) + 1
    }
}
