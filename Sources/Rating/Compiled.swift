internal import PlimsollCore

/// One usage line with its prices, for one stretch of time in which no price changes.
struct Cell {
    var line: Int
    var key: UsageKey
    var account: String
    /// On-demand list price.
    var list: PriceBook.Price
    /// What the customer pays for usage left over.
    var contracted: PriceBook.Price
    /// Whether left-over usage counts as on-demand (spot does not).
    var isOnDemand: Bool
    /// Row of the kernel; nil where no commitment reaches the line.
    var row: Int?
    /// What may serve it, in the order of serving.
    var pairings: [Int] = []

    var isTiered: Bool { list.isTiered || contracted.isTiered }
}

/// Commitments that serve alike: same stage, scope, price and owner.
struct Pool {
    /// Any of its commitments: they agree in everything that decides what is served.
    var prototype: Commitment
    /// Positions in the payer's commitments, in the order they are used.
    var members: [Int]
    var owner: String
    var rules: CoverageRules.Prepared
    var isPooled: Bool { rules.stage.sharing == .pooled }
    /// Amortised price of one step as a fraction, in 10⁻¹² currency; nil where members differ.
    var stepPrice: (numerator: Int64, denominator: Int64)?
}

/// A payer's lines and commitments made ready for the hour loops.
struct Compiled {
    var cells: [Cell] = []
    var pools: [Pool] = []
    /// In the vendor's order.
    var pairings: [Pairing] = []
    /// Lines without a price, and which one is missing.
    var unpriced: [(line: Int, reason: String)] = []
    /// Decimals of quantities.
    var quantityScale = 0
    /// Decimals of rates and capacities.
    var rateScale = 0
    var isWide = false
    var kernelRows = 0

    /// 10⁽ᵏ⁺ʲ⁾: steps in one unit of a commitment.
    var stepsPerUnit: Int128 { FixedPoint.power(quantityScale + rateScale) }
}

/// Makes ``Compiled`` from a payer's lines.
struct Compiler {
    let payer: Payer
    let rules: CoverageRules
    let splitCommitments: Bool
    let day: Day

    /// A candidate pairing with what decides its place in the vendor's order.
    private struct Candidate {
        var cell: Int
        var pool: Int
        var stage: Int
        var phase: Int
        var rate: Int128
        var size: Int128
        var listPrice: Int128
        var order: Int
    }

    func compile() throws(Failure) -> Compiled {
        var result = Compiled()
        for index in payer.lines.indices { addCell(index, to: &result) }
        result.pools = makePools()
        var candidates = candidates(result)
        try setScales(&result, candidates)
        sort(&candidates, result.pools)
        for candidate in candidates {
            let unit = FixedPoint.power(FixedPoint.places - result.rateScale)
            let rate = Int64(candidate.rate / unit)
            let row = result.cells[candidate.cell].row ?? result.kernelRows
            if row == result.kernelRows { result.kernelRows += 1 }
            result.cells[candidate.cell].row = row
            result.cells[candidate.cell].pairings.append(result.pairings.count)
            result.pairings.append(Pairing(row: row, pool: candidate.pool, rate: rate))
        }
        for index in result.pools.indices { setStepPrice(&result, index) }
        return result
    }

    // MARK: Lines

    private func addCell(_ index: Int, to result: inout Compiled) {
        let line = payer.lines[index]
        let key = line.key
        let book = rules.book
        let onDemand = book.price(of: key, offer: .onDemand, on: day)
        let negotiated = book.price(of: key, offer: .negotiated, on: day)
        let isSpot = key.pricing == .spot
        let paid = isSpot ? book.price(of: key, offer: .spot, on: day) : negotiated ?? onDemand
        guard let paid else {
            let offer = isSpot ? Offer.spot : .onDemand
            result.unpriced.append((index, missing(offer, key)))
            return
        }
        result.cells.append(
            Cell(
                line: index, key: key, account: payer.account(of: key), list: onDemand ?? paid, contracted: paid,
                isOnDemand: !isSpot))
    }

    private func missing(_ offer: Offer, _ key: UsageKey) -> String {
        let units = rules.book.unitsKnown(for: key, offer: offer, on: day)
        guard units.isEmpty else {
            let known = units.map { $0.isEmpty ? "(empty)" : $0 }.joined(separator: ", ")
            return "the `\(offer.rawValue)` price of `\(key.sku)` is per `\(known)`, the usage counts `\(key.unit)`"
        }
        return "no `\(offer.rawValue)` price for `\(key.sku)` in region `\(key.region)` on \(day)"
    }

    // MARK: Pools

    private func makePools() -> [Pool] {
        var pools: [Pool] = []
        var known: [Commitment: Int] = [:]
        let order = payer.commitments.indices.sorted { usedBefore(payer.commitments[$0], payer.commitments[$1]) }
        for index in order {
            let commitment = payer.commitments[index]
            let prepared = rules.prepare(commitment, on: day) ?? .servingNothing(commitment)
            var scope = commitment
            scope.id = splitCommitments ? commitment.id : ""
            scope.quantity = .zero
            scope.hourlyCommitment = .zero
            (scope.start, scope.end, scope.place) = (nil, nil, nil)
            (scope.upfront, scope.hourly) = (.zero, .zero)
            if let pool = known[scope] {
                pools[pool].members.append(index)
                continue
            }
            known[scope] = pools.count
            pools.append(
                Pool(
                    prototype: commitment, members: [index], owner: payer.owner(of: commitment), rules: prepared))
        }
        return pools
    }

    /// Within a pool the vendor does not say which commitment goes first: the one that began first.
    private func usedBefore(_ left: Commitment, _ right: Commitment) -> Bool {
        let a = (left.start?.hour.index ?? Int.min, left.account, left.id)
        let b = (right.start?.hour.index ?? Int.min, right.account, right.id)
        return a < b
    }

    private func setStepPrice(_ result: inout Compiled, _ index: Int) {
        let pool = result.pools[index]
        if pool.prototype.offer.isSpend {
            let shift = result.quantityScale + result.rateScale - FixedPoint.places
            result.pools[index].stepPrice =
                shift >= 0
                ? (1, Int64(FixedPoint.power(min(shift, 18)))) : (Int64(FixedPoint.power(-shift)), 1)
            return
        }
        let fees = Set(pool.members.map { payer.commitments[$0].unitFee })
        guard fees.count == 1, let fee = fees.first else { return }
        // Price of a step = fee per unit and hour ÷ steps per unit.
        let unitSteps = pool.rules.unitSize * FixedPoint.power(result.quantityScale)
        let steps = unitSteps / FixedPoint.power(FixedPoint.places - result.rateScale)
        let divisor = steps * Int128(fee.hours)
        let common = Self.gcd(fee.perTerm, divisor)
        guard common > 0, let top = Int64(exactly: fee.perTerm / common),
            let bottom = Int64(exactly: divisor / common), bottom > 0
        else { return }
        result.pools[index].stepPrice = (top, bottom)
    }

    private static func gcd(_ a: Int128, _ b: Int128) -> Int128 { b == 0 ? a : gcd(b, a % b) }

    // MARK: Pairings

    private func candidates(_ result: Compiled) -> [Candidate] {
        let families = result.cells.map { rules.facts.family($0.key.provider, $0.key.sku) }
        let byFamily = Dictionary(grouping: result.cells.indices) { families[$0] }
        var found: [Candidate] = []
        for (poolIndex, pool) in result.pools.enumerated() {
            let family = pool.rules.family
            for index in family.isEmpty ? Array(result.cells.indices) : byFamily[family] ?? [] {
                let cell = result.cells[index]
                guard let phase = phase(pool, cell) else { continue }
                guard let match = rules.match(pool.rules, cell.key, family: families[index], on: day) else { continue }
                found.append(
                    Candidate(
                        cell: index, pool: poolIndex, stage: match.stage, phase: phase, rate: match.rate,
                        size: match.size, listPrice: cell.list.first.raw, order: payer.lines[cell.line].order))
            }
        }
        return found
    }

    /// 0 = the owner's own usage, 1 = shared; nil where the benefit does not reach.
    private func phase(_ pool: Pool, _ cell: Cell) -> Int? {
        let group = cell.key.resourceGroup
        guard payer.reaches(pool.prototype, owner: pool.owner, account: cell.account, group: group) else { return nil }
        return pool.isPooled || cell.account == pool.owner ? 0 : 1
    }

    private func sort(_ candidates: inout [Candidate], _ pools: [Pool]) {
        candidates.sort { left, right in
            precedes(left, right, by: pools[left.pool].rules.stage.order)
        }
    }

    private func precedes(_ a: Candidate, _ b: Candidate, by orders: [BenefitStage.Order]) -> Bool {
        if a.stage != b.stage { return a.stage < b.stage }
        if a.phase != b.phase { return a.phase < b.phase }
        for order in orders {
            switch order {
            case .sizeAscending: if a.size != b.size { return a.size < b.size }
            case .rateAscending: if a.rate != b.rate { return a.rate < b.rate }
            case .billingOrder: if a.order != b.order { return a.order < b.order }
            case .savingDescending:
                let left = Self.product(a.rate, b.listPrice)
                let right = Self.product(b.rate, a.listPrice)
                if left != right { return left < right }
            }
        }
        return a.cell != b.cell ? a.cell < b.cell : a.pool < b.pool
    }

    /// The exact 256-bit product of two non-negative numbers, comparable.
    private static func product(_ a: Int128, _ b: Int128) -> WideProduct {
        let (high, low) = a.multipliedFullWidth(by: b)
        return WideProduct(high: high, low: low)
    }

    private struct WideProduct: Equatable {
        var high: Int128
        var low: UInt128
        static func < (left: WideProduct, right: WideProduct) -> Bool {
            left.high != right.high ? left.high < right.high : left.low < right.low
        }
    }

    // MARK: Scales

    private func setScales(_ result: inout Compiled, _ candidates: [Candidate]) throws(Failure) {
        result.quantityScale = payer.lines.map(\.series.scale).max() ?? 0
        var places = 0
        for candidate in candidates { places = max(places, Self.decimals(candidate.rate)) }
        for pool in result.pools {
            places = max(places, Self.decimals(pool.rules.unitSize))
            for member in pool.members { places = max(places, Self.decimals(payer.capacity(member, pool))) }
        }
        result.rateScale = places
        try setWidth(&result, candidates)
    }

    /// Chooses between the fast and the wide loops, and refuses what even the wide ones cannot hold.
    private func setWidth(_ result: inout Compiled, _ candidates: [Candidate]) throws(Failure) {
        let unit = FixedPoint.power(FixedPoint.places - result.rateScale)
        let hours = Int128(payer.window.count)
        var largest: Int128 = 0
        var peaks: [Int: Int128] = [:]
        for candidate in candidates {
            let cell = result.cells[candidate.cell]
            let rate = candidate.rate / unit
            let quantity = peaks[cell.line] ?? payer.peak(cell.line, scale: result.quantityScale)
            peaks[cell.line] = quantity
            let (need, over) = quantity.multipliedReportingOverflow(by: max(rate, 1))
            guard !over, need < Int128(1) << 110, quantity <= Int128(Int64.max), rate <= Int128(Int64.max) else {
                throw payer.tooLarge(cell.line)
            }
            largest = max(largest, need, quantity * hours)
        }
        for pool in result.pools {
            let held = pool.members.reduce(into: Int128(0)) { $0 += payer.capacity($1, pool) / unit }
            largest = max(largest, held * FixedPoint.power(result.quantityScale))
        }
        result.isWide = largest >= Int128(1) << 51
    }

    /// Decimal places a number of 10⁻¹² units needs.
    static func decimals(_ raw: Int128) -> Int {
        guard raw != 0 else { return 0 }
        var rest = raw
        var places = FixedPoint.places
        while places > 0, rest % 10 == 0 {
            rest /= 10
            places -= 1
        }
        return places
    }
}

extension Commitment {
    /// The fee of one unit of quantity: over its term, in 10⁻¹² currency, and the hours of that.
    struct UnitFee: Hashable {
        var perTerm: Int128
        var hours: Int
    }

    var unitFee: UnitFee {
        guard upfront != .zero else { return UnitFee(perTerm: hourly.raw, hours: 1) }
        return UnitFee(perTerm: hourly.raw * Int128(amortizationHours) + upfront.raw, hours: amortizationHours)
    }
}
