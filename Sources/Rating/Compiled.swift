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
    /// The list price, and what left-over usage costs, where they have no tiers.
    var listPrice: Int128 { list.first.raw }
    var contractedPrice: Int128 { contracted.first.raw }
    /// Quanta per 10⁻ᵏ of usage: what a size-flexible commitment leaves of a unit is a whole number of them.
    var quanta: Int64 = 1
    /// Row of the kernel; nil where no commitment reaches the line.
    var row: Int?
    /// What may serve it, in the order of serving.
    var pairings: [Int] = []
    /// Its place in a pool of sustained use, if it is in one.
    var sustained: SustainedShare?

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
    /// Steps: an amount of 10⁻¹² units is `amount ÷ grain × grainSteps` of them.
    var grain: Int128 = 1
    var grainSteps: Int128 = 1
    /// Amortised price of one step as a fraction, in 10⁻¹² currency; nil where members differ.
    var stepPrice: (numerator: Int64, denominator: Int64)?

    /// Steps in an amount of the commitment's unit given in 10⁻¹².
    func steps(_ raw: Int128) -> Int128 { raw / grain * grainSteps }

    /// Steps in what `used` and `committed` count: one instance, or one currency unit.
    var stepsPerUnit: Int128 { steps(prototype.offer.isSpend ? FixedPoint.one : rules.unitSize) }
}

/// A payer's lines and commitments made ready for the hour loops.
struct Compiled {
    var cells: [Cell] = []
    var pools: [Pool] = []
    /// In the vendor's order.
    var pairings: [Pairing] = []
    /// SKUs and offers whose plan rate is above the on-demand price.
    var dearer: Set<[String]> = []
    /// Lines without a price, and which one is missing.
    var unpriced: [(line: Int, reason: String)] = []
    /// Decimals of quantities.
    var quantityScale = 0
    var isWide = false
    var kernelRows = 0
    /// Pools of sustained use.
    var sustained: [SustainedPool] = []
}

extension Compiled {
    /// Steps that one quantum of a cell takes from a pool, from what one unit takes in 10⁻¹².
    func rate(_ raw: Int128, cell: Int, pool: Int) -> Int128 {
        let perUnit = raw / pools[pool].grain * (pools[pool].grainSteps / FixedPoint.power(quantityScale))
        return perUnit / Int128(cells[cell].quanta)
    }
}

/// Makes ``Compiled`` from a payer's lines.
struct Compiler {
    let payer: Payer
    let rules: CoverageRules
    let sums: UsageSums
    let splitCommitments: Bool
    let day: Day

    /// A candidate pairing with what decides its place in the vendor's order.
    private struct Candidate {
        var cell: Int
        var pool: Int
        var stage: Int
        var phase: Int
        var rate: Int128
        var cost: Int128
        var size: Int128
        var listPrice: Int128
        var order: Int
    }

    func compile() throws(Failure) -> Compiled {
        var result = Compiled()
        for index in payer.lines.indices { addCell(index, to: &result) }
        addSustained(&result)
        result.pools = makePools()
        var candidates = candidates(result)
        try setScales(&result, candidates)
        sort(&candidates, result.pools)
        for candidate in candidates {
            let rate = Int64(result.rate(candidate.rate, cell: candidate.cell, pool: candidate.pool))
            let prototype = result.pools[candidate.pool].prototype
            if prototype.offer.isSpend, candidate.rate > candidate.listPrice {
                result.dearer.insert([result.cells[candidate.cell].key.sku, prototype.offer.rawValue])
            }
            let row = result.cells[candidate.cell].row ?? result.kernelRows
            if row == result.kernelRows { result.kernelRows += 1 }
            result.cells[candidate.cell].row = row
            result.cells[candidate.cell].pairings.append(result.pairings.count)
            result.pairings.append(Pairing(cell: candidate.cell, row: row, pool: candidate.pool, rate: rate))
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
            scope.id = ""
            scope.quantity = .zero
            scope.hourlyCommitment = .zero
            if !prepared.stage.order.contains(.earliestEndFirst) { (scope.start, scope.end) = (nil, nil) }
            scope.place = nil
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
        return splitCommitments ? pools.flatMap(split) : pools
    }

    /// A pool for each commitment, in the same order: how rows are split must not change the bill.
    private func split(_ pool: Pool) -> [Pool] {
        pool.members.map { member in
            var single = pool
            (single.prototype, single.members) = (payer.commitments[member], [member])
            return single
        }
    }

    /// Within a pool the vendor does not say which commitment goes first: the one that began first.
    private func usedBefore(_ left: Commitment, _ right: Commitment) -> Bool {
        let a = (left.start?.hour.index ?? Int.min, left.account, left.id)
        let b = (right.start?.hour.index ?? Int.min, right.account, right.id)
        return a < b
    }

    private func setStepPrice(_ result: inout Compiled, _ index: Int) {
        let pool = result.pools[index]
        var top = FixedPoint.one
        var bottom = pool.stepsPerUnit
        if let share = pool.rules.feeShare, pool.prototype.offer.isSpend {
            top = share
            bottom *= FixedPoint.one
        } else if !pool.prototype.offer.isSpend {
            let fees = Set(pool.members.map { payer.commitments[$0].unitFee })
            guard fees.count == 1, let fee = fees.first else { return }
            top = fee.perTerm
            bottom *= Int128(fee.hours)
        }
        let common = Self.gcd(top, bottom)
        guard common > 0, let numerator = Int64(exactly: top / common),
            let denominator = Int64(exactly: bottom / common), denominator > 0
        else { return }
        result.pools[index].stepPrice = (numerator, denominator)
    }

    private static func gcd(_ a: Int128, _ b: Int128) -> Int128 { b == 0 ? a : gcd(b, a % b) }

    // MARK: Pairings

    private func candidates(_ result: Compiled) -> [Candidate] {
        guard !result.pools.isEmpty else { return [] }
        let families = result.cells.map { rules.facts.family($0.key.provider, $0.key.sku) }
        let sizes = result.cells.map { rules.facts.sizeFactor($0.key.provider, $0.key.sku)?.raw }
        let byFamily = Dictionary(grouping: result.cells.indices) { families[$0] }
        var found: [Candidate] = []
        for (poolIndex, pool) in result.pools.enumerated() {
            let family = pool.rules.family
            for index in family.isEmpty ? Array(result.cells.indices) : byFamily[family] ?? [] {
                guard let phase = phase(pool, result.cells[index]) else { continue }
                let match = rules.match(
                    pool.rules, result.cells[index].key, family: families[index], size: sizes[index], on: day)
                guard let match else { continue }
                found.append(
                    Candidate(
                        cell: index, pool: poolIndex, stage: match.stage, phase: phase, rate: match.rate,
                        cost: match.cost, size: match.size, listPrice: result.cells[index].listPrice,
                        order: payer.lines[result.cells[index].line].order))
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
            precedes(left, right, by: pools[left.pool].rules.stage.order, pools)
        }
    }

    private func precedes(
        _ a: Candidate, _ b: Candidate, by orders: [BenefitStage.Order], _ pools: [Pool]
    ) -> Bool {
        if a.stage != b.stage { return a.stage < b.stage }
        if a.phase != b.phase { return a.phase < b.phase }
        for order in orders {
            switch order {
            case .sizeAscending: if a.size != b.size { return a.size < b.size }
            case .rateAscending: if a.rate != b.rate { return a.rate < b.rate }
            case .billingOrder: if a.order != b.order { return a.order < b.order }
            case .savingDescending:
                let left = Self.product(a.cost, b.listPrice)
                let right = Self.product(b.cost, a.listPrice)
                if left != right { return left < right }
            case .narrowScopeFirst, .longTermFirst, .earliestEndFirst:
                let left = pools[a.pool].prototype.place(in: order)
                let right = pools[b.pool].prototype.place(in: order)
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

    /// Chooses quanta of usage and steps of commitments so that every need is a whole number of steps.
    private func setScales(_ result: inout Compiled, _ candidates: [Candidate]) throws(Failure) {
        result.quantityScale = payer.lines.map(\.series.scale).max() ?? 0
        let common = setQuanta(&result, candidates)
        var places = 0
        for candidate in candidates { places = max(places, Self.decimals(candidate.rate)) }
        for pool in result.pools {
            places = max(places, Self.decimals(pool.rules.unitSize))
            for member in pool.members { places = max(places, Self.decimals(payer.capacity(member, pool))) }
        }
        let shift = FixedPoint.power(result.quantityScale)
        for index in result.pools.indices {
            let isFlexible = common.sizeGrain > 0 && result.pools[index].rules.isFlexible
            result.pools[index].grain = isFlexible ? common.sizeGrain : FixedPoint.power(FixedPoint.places - places)
            result.pools[index].grainSteps = isFlexible ? shift : shift * common.multiple
        }
        try setWidth(&result, candidates)
    }

    /// Quanta by size: with the greatest common divisor of all sizes and holdings as grain, what a
    /// size-flexible commitment leaves of an instance is a whole number of grains.
    private func setQuanta(_ result: inout Compiled, _ candidates: [Candidate]) -> (sizeGrain: Int128, multiple: Int128)
    {
        let flexible = candidates.filter { result.pools[$0.pool].rules.isFlexible }
        var grain: Int128 = 0
        for candidate in flexible { grain = Self.gcd(grain, candidate.rate) }
        for pool in result.pools where pool.rules.isFlexible {
            grain = Self.gcd(grain, pool.rules.unitSize)
            for member in pool.members { grain = Self.gcd(grain, payer.capacity(member, pool)) }
        }
        guard grain > 0 else { return (0, 1) }
        var multiple: Int128 = 1
        for candidate in flexible {
            let quanta = candidate.rate / grain
            multiple = multiple / Self.gcd(multiple, quanta) * quanta
            guard multiple < 10_000_000 else { return (0, 1) }
        }
        for candidate in flexible { result.cells[candidate.cell].quanta = Int64(candidate.rate / grain) }
        return (grain, multiple)
    }

    /// Chooses between the fast and the wide loops, and refuses what even the wide ones cannot hold.
    private func setWidth(_ result: inout Compiled, _ candidates: [Candidate]) throws(Failure) {
        let hours = Int128(payer.window.count)
        var largest: Int128 = 0
        var peaks: [Int: Int128] = [:]
        for candidate in candidates {
            let cell = result.cells[candidate.cell]
            let units = FixedPoint.power(result.quantityScale - payer.lines[cell.line].series.scale)
            let quantity = peaks[cell.line] ?? sums.peak(line: cell.line) * units * Int128(cell.quanta)
            peaks[cell.line] = quantity
            let rate = result.rate(candidate.rate, cell: candidate.cell, pool: candidate.pool)
            let (need, over) = quantity.multipliedReportingOverflow(by: max(rate, 1))
            guard !over, need < Int128(1) << 110, quantity <= Int128(Int64.max), rate <= Int128(Int64.max) else {
                throw payer.tooLarge(cell.line)
            }
            largest = max(largest, need, quantity * hours)
        }
        for pool in result.pools {
            let held = pool.members.reduce(into: Int128(0)) { $0 += pool.steps(payer.capacity($1, pool)) }
            largest = max(largest, held * min(hours, 744))
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
    /// Where an order of whole commitments puts it: lower is used first.
    func place(in order: BenefitStage.Order) -> (Int, Int) {
        switch order {
        case .narrowScopeFirst: (sharing.width, 0)
        case .longTermFirst: (-(term?.hours ?? 0), 0)
        case .earliestEndFirst: (end?.hour.index ?? Int.max, start?.hour.index ?? Int.min)
        case .sizeAscending, .savingDescending, .rateAscending, .billingOrder: (0, 0)
        }
    }

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
