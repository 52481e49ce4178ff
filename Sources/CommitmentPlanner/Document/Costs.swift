internal import PlimsollCore
internal import Rating

/// The costs of a certificate, recomputed from prices, purchases and the rater's bills.
struct Costs {
    let certificate: Certificate
    /// What no purchase can change: commitments already held, spot, usage that no pool of the model reaches.
    let outOfReach: Money

    init(_ draft: PlanDraft, before: Bill, after: Bill) throws(Failure) {
        let space = draft.space
        let held = before.commitments.reduce(Money.zero) { $0 + $1.effective }
        let objective = Objective(space: space)
        let bought = objective.bought(draft.purchases, after)
        let spot = before.total.effective - held - before.total.onDemand
        outOfReach = held + spot + Money(raw: space.unreached)
        let bound = try draft.prices.lowerBound(for: space.model)
        guard let units = Purchases.units(space, draft.purchases) else {
            throw Failure(
                .partial, "verify.purchase", "a purchase is of no offer that the inputs have",
                hint: "plan again with `plimsoll plan commitments`")
        }
        let allocation = PlanningEngine.allocationCost(space.model, units: units)
        let cost = objective.cost(draft.purchases, after)
        // Rows of a bill are rounded to 12 places; a bound may not end above the bill for that.
        let relaxation = min(cost, outOfReach + bought + Money(raw: allocation))
        certificate = Certificate(
            lowerBound: min(relaxation, outOfReach + Money(raw: bound)), relaxation: relaxation, cost: cost,
            eligibleCost: cost - outOfReach,
            onDemandCost: space.valuation.isPlain ? before.total.contracted : objective.cost([], before))
    }
}

/// What a plan minimises: the effective cost of the bill, or its value by a discount rate and with what is lost of
/// commitments after the window.
struct Objective {
    let space: PlanningSpace

    /// What purchases cost.
    func bought(_ purchases: [Commitment], _ bill: Bill) -> Money {
        guard !space.valuation.isPlain else {
            return bill.commitments.suffix(purchases.count).reduce(.zero) { $0 + $1.effective }
        }
        return purchases.reduce(.zero) { $0 + space.cost(of: $1) }
    }

    /// What everything costs.
    func cost(_ purchases: [Commitment], _ bill: Bill) -> Money {
        guard !space.valuation.isPlain else { return bill.total.effective }
        let fees = bill.commitments.suffix(purchases.count).reduce(Money.zero) { $0 + $1.effective }
        let others = bill.total.effective - fees - bill.total.onDemand
        let left = bill.months.reduce(Int128(0)) { sum, month in
            let onDemand = month.kinds.values.reduce(Money.zero) { $0 + $1.onDemand }
            let wide = onDemand.raw.multipliedFullWidth(by: space.valuation.weight(month.month))
            return sum + FixedPoint.one.dividingFullWidth((wide.high, wide.low)).quotient
        }
        return others + Money(raw: left) + bought(purchases, bill)
    }
}

/// The file of dual prices: pool, hour, scenario, lambda.
enum DualsFile {
    static let header = ["pool", "hour", "scenario", "lambda"]

    static func write(_ space: PlanningSpace, _ prices: DualPrices) -> [UInt8] {
        var out = CSVWriter(header: header)
        let hours = (0..<prices.hours).map { space.window.start.advanced(by: $0).description }
        for (index, pool) in space.model.pools.enumerated() {
            let row = prices.values.row(index)
            for hour in pool.active ?? 0..<prices.hours {
                out.add([pool.id, hours[hour], "", FixedPoint.text(Int128(row[hour]))])
            }
        }
        return out.bytes
    }

    /// What reading the file back gave.
    enum Reading {
        case prices(DualPrices)
        /// A pool or an hour is missing, unknown or given twice; or a cell cannot be read.
        case incomplete(String)
    }

    /// Reads prices for the pools and hours of a space: every one exactly once.
    static func read(_ bytes: [UInt8], for space: PlanningSpace) throws(Failure) -> Reading {
        let hours = space.window.count
        let places = Dictionary(
            space.model.pools.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        var values = [Int64?](repeating: nil, count: places.count * hours)
        for (pool, active) in space.model.pools.enumerated().compactMap({ place, pool in pool.active.map { (place, $0) }
        }) {
            for hour in 0..<hours where !active.contains(hour) { values[pool * hours + hour] = 0 }
        }
        var problem: String?
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard lines.first.map({ String(decoding: $0, as: UTF8.self) }) == header.joined(separator: ",") else {
            return .incomplete("the header is not `\(header.joined(separator: ","))`")
        }
        for (number, line) in lines.enumerated().dropFirst() where problem == nil {
            let cells = Self.cells(line)
            guard cells.count == 4, let pool = places[cells[0]], let hour = Hour(cells[1]), cells[2].isEmpty,
                let value = FixedPoint.parse(cells[3]), !value.rounded, let price = Int64(exactly: value.raw)
            else {
                problem = "line \(number + 1) is not a price of a pool of the plan"
                continue
            }
            let offset = hour.index - space.window.start.index
            let active = space.model.pools[pool].active ?? 0..<hours
            guard active.contains(offset), values[pool * hours + offset] == nil else {
                problem =
                    "line \(number + 1): hour `\(cells[1])` of pool `\(cells[0])` is outside the hours it serves or given twice"
                continue
            }
            values[pool * hours + offset] = price
        }
        if let problem { return .incomplete(problem) }
        if let gap = values.firstIndex(where: { $0 == nil }) {
            let hour = space.window.start.advanced(by: gap % hours)
            return .incomplete("pool `\(space.model.pools[gap / hours].id)` has no price for hour `\(hour)`")
        }
        return .prices(DualPrices(values: values.compactMap { $0 }, hours: hours))
    }

    /// The cells of a line; names with commas or quotes are quoted.
    private static func cells(_ line: ArraySlice<UInt8>) -> [String] {
        var cells: [String] = []
        var current: [UInt8] = []
        var isQuoted = false
        for byte in line where byte != UInt8(ascii: "\r") {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ","), !isQuoted {
                cells.append(String(decoding: current, as: UTF8.self))
                current = []
            } else {
                current.append(byte)
            }
        }
        cells.append(String(decoding: current, as: UTF8.self))
        return cells
    }
}
