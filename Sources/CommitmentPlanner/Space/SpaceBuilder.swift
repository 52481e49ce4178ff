internal import PlimsollCore
internal import Rating

/// Builds a ``PlanningSpace``.
struct SpaceBuilder {
    private let input: RatingInput
    private let options: PlanOptions
    private let rules: CoverageRules
    private let estate: RatingEstate
    private let offers: [Offer]
    private let tranches: Tranches
    private var space: PlanningSpace
    private var cells: [Cell] = []

    /// A usage line over a stretch of time in which no price changes.
    private struct Cell {
        var payer: Int
        var line: UsageLine
        var account: String
        var family: String
        var day: Day
        var grid: HourGrid
        var price: Int128
    }

    /// What tells purchasable pools apart.
    private struct PoolKey: Hashable {
        var payer: Int
        var owner: String
        var template: Commitment
    }

    init(_ input: RatingInput, _ options: PlanOptions) throws(Failure) {
        estate = try RatingEstate(input)
        self.input = estate.input
        self.options = options
        rules = estate.rules
        let known = Set(input.programs.flatMap { $0.stages.flatMap(\.offers) })
        let wanted = options.offers ?? Offer.all.filter { $0.isCommitment && known.contains($0.rawValue) }
        for offer in wanted where !known.contains(offer.rawValue) {
            throw Failure(
                .usage, "plan.unknown-offer", "no rule says how `\(offer.rawValue)` applies",
                hint: "known offers: " + known.sorted().joined(separator: ", "))
        }
        offers = wanted.sorted()
        tranches = Tranches(window: estate.window, months: options.ladder)
        space = PlanningSpace(
            model: PlanningModel(cells: [], usage: HourTable(hours: estate.window.count), quantityScale: 0, pools: []),
            window: estate.window,
            valuation: Valuation(window: estate.window, discount: options.discount, terminal: options.terminal),
            rules: rules)
        space.model.weights = space.valuation.weights()
    }

    mutating func build() throws(Failure) -> PlanningSpace {
        collectCells()
        let drafts = purchasablePools() + heldPools()
        let domination = Domination(
            pools: drafts.map(\.pool), prices: cells.map { Int64(clamping: $0.price) }, hours: estate.window.count,
            burdens: drafts.map(\.burdens),
            arePromised: options.constraints.utilization != nil || options.constraints.noRegret != nil)
        let (kept, dropped) = domination.reduce()
        for (index, reason) in dropped {
            space.leftOut.append(.init(pool: drafts[index].pool.id, why: Self.words(reason)))
        }
        try keepReached(kept.map { drafts[$0] }, offered: drafts)
        try space.addLimits(options.constraints, kept.map { drafts[$0].burdens })
        return space
    }

    private static func words(_ reason: Domination.Reason) -> String {
        switch reason {
        case .cannotSave: "costs no less than on-demand even at full use"
        case .beaten(let winner): "never better than \(winner)"
        }
    }

    // MARK: Cells

    private mutating func collectCells() {
        for (payerIndex, payer) in estate.payers.enumerated() {
            let floor = SustainedFloor(payer, estate)
            for line in payer.lines {
                for grid in estate.priceEpochs {
                    let common = line.series.grid.intersection(grid)
                    guard common.count > 0, line.key.pricing != .spot else { continue }
                    guard let price = rules.contractedPrice(of: line.key, on: grid.start.day) else { continue }
                    cells.append(
                        Cell(
                            payer: payerIndex, line: line, account: payer.account(of: line.key),
                            family: rules.facts.family(line.key.provider, line.key.sku), day: grid.start.day,
                            grid: common, price: floor.price(price.lowest, of: line.key, in: common)))
                }
            }
        }
    }

    // MARK: Pools

    /// A pool with its members, before cells that no pool reaches are dropped.
    private struct Draft {
        var pool: PlanningPool
        var scope: PlanningSpace.Scope
        var burdens: [Burden] = []
    }

    private mutating func purchasablePools() -> [Draft] {
        var seen: Set<PoolKey> = []
        var drafts: [Draft] = []
        for cell in cells {
            let payer = estate.payers[cell.payer]
            let owner = payer.owner(forUsageOf: cell.account)
            for offer in offers {
                for template in templates(cell, offer, payer: payer, owner: owner) {
                    guard seen.insert(PoolKey(payer: cell.payer, owner: owner, template: template)).inserted else {
                        continue
                    }
                    let members = members(of: template, payerIndex: cell.payer, owner: owner)
                    guard !members.isEmpty else { continue }
                    for tranche in allowed(tranches.of(template)) {
                        if let draft = draft(tranche, members, payerIndex: cell.payer) { drafts.append(draft) }
                    }
                }
            }
        }
        return drafts.sorted { $0.pool.id.utf8.lexicographicallyPrecedes($1.pool.id.utf8) }
    }

    /// The commitments under `offer` whose scope would reach the cell.
    private func templates(_ cell: Cell, _ offer: Offer, payer: Payer, owner: String) -> [Commitment] {
        let key = cell.line.key
        var found: [Commitment] = []
        for variant in rules.book.variants(of: key, offer: offer, on: cell.day) {
            for term in options.terms where variant.term == term.rawValue || variant.term == "*" {
                for payment in options.payments where variant.payment == payment.rawValue || variant.payment == "*" {
                    var template = Commitment()
                    template.provider = key.provider
                    template.billingAccount = payer.id
                    template.account = owner
                    template.offer = offer
                    template.term = term
                    template.payment = payment
                    template.currency = estate.currency
                    guard scope(&template, to: cell) else { continue }
                    found.append(template)
                }
            }
        }
        return found
    }

    /// Fills the attributes the offer's stage asks for; false where no stage knows the offer.
    private func scope(_ template: inout Commitment, to cell: Cell) -> Bool {
        let key = cell.line.key
        var probe = template
        (probe.sku, probe.family) = (key.sku, cell.family)
        guard let stage = rules.stage(of: probe, on: cell.day)?.stage else { return false }
        if stage.matches.contains(.region) { template.region = key.region }
        if stage.matches.contains(.os) { template.os = key.os }
        if stage.matches.contains(.license) { template.license = key.license }
        if stage.matches.contains(.tenancy) { template.tenancy = key.tenancy }
        guard stage.conversion == .count else {
            if stage.matches.contains(.family) { template.family = cell.family }
            return true
        }
        template.sku = key.sku
        template.family = cell.family
        if rules.prepare(template, on: cell.day)?.isFlexible == true {
            template.sku = ""
            if template.tenancy.isEmpty { template.tenancy = stage.flexibility?.tenancy.first ?? "" }
        }
        return true
    }

    /// Those that last no longer than what they are bound to; the others are left out, with the reason.
    private mutating func allowed(_ templates: [Commitment]) -> [Commitment] {
        templates.filter { template in
            let end = template.end?.hour ?? estate.window.start.advanced(by: template.term?.hours ?? 0)
            let left = options.constraints.leaving.first { $0.binds(template) && $0.by.firstHour < end }
            guard let left else { return true }
            space.leftOut.append(
                .init(
                    pool: Self.identifier(template),
                    why: "ends on \(end.day), after \(left.scope) is left on \(left.by)"))
            return false
        }
    }

    private func draft(_ template: Commitment, _ members: [PoolMember], payerIndex: Int) -> Draft? {
        let isSpend = template.offer.isSpend
        var sizes: [PlanningSpace.Size] = []
        if !isSpend {
            sizes = self.sizes(of: template, payerIndex: payerIndex)
            guard !sizes.isEmpty else { return nil }
        }
        let active = template.active(in: estate.window)
        let hours = Int128(active.count)
        guard hours > 0 else { return nil }
        var pool = PlanningPool(id: Self.identifier(template), members: members)
        if let best = sizes.first {
            pool.fee = fee(template, best, sizes, hours: hours)
            pool.step = Int64(sizes.map(\.units).min() ?? FixedPoint.one)
        } else {
            var unit = template
            unit.hourlyCommitment = Money(raw: FixedPoint.one)
            let isPlain = space.valuation.isPlain
            pool.fee = Fee(
                numerator: isPlain ? spendHours(template, active) : space.cost(of: unit).raw, denominator: 1)
            pool.step = Int64(FixedPoint.one / 1_000)
        }
        pool.priority = stageIndex(template)
        if active != estate.window {
            let first = active.start.index - estate.window.start.index
            pool.active = first..<first + active.count
        }
        var draft = Draft(pool: pool, scope: .init(template: template, sizes: sizes, isPurchase: true))
        draft.burdens = tranches.burdens(draft.scope, active, options.constraints)
        return draft
    }

    /// Price of one pool unit over the window: fee of one ÷ its units.
    private func fee(
        _ template: Commitment, _ best: PlanningSpace.Size, _ sizes: [PlanningSpace.Size], hours: Int128
    ) -> Fee? {
        // In thousandths, so that products stay in range: sizes have at most nine decimals.
        let thousandth = FixedPoint.one / 1_000
        guard !space.valuation.isPlain else {
            return Fee(
                numerator: best.perTerm * hours * thousandth, denominator: Int128(best.termHours) * (best.units / 1_000)
            )
        }
        let fees = sizes.map { size in
            Fee(
                numerator: space.cost(of: Purchases.reserved(template, size, 1)).raw * thousandth,
                denominator: size.units / 1_000)
        }
        return fees.dropFirst().reduce(fees.first) { least, fee in
            least.map { fee <= $0 ? fee : $0 }
        }
    }

    /// What one currency unit an hour costs over the window, in 10⁻¹²: by the rules of each day, a part of what is
    /// committed may be what is paid.
    private func spendHours(_ template: Commitment, _ active: HourGrid) -> Int128 {
        estate.priceEpochs.reduce(into: Int128(0)) { sum, epoch in
            sum +=
                Int128(epoch.intersection(active).count)
                * (rules.prepare(template, on: epoch.start.day)?.feeShare ?? FixedPoint.one)
        }
    }

    private func stageIndex(_ template: Commitment) -> Int {
        rules.stage(of: template, on: estate.window.start.day)?.index ?? 0
    }

    /// A readable, unique name: `family-sp 1y none eu-west-1 m5 owner`.
    private static func identifier(_ template: Commitment) -> String {
        let parts = [
            template.offer.rawValue, template.term?.rawValue ?? "", template.payment?.rawValue ?? "", template.region,
            template.family, template.sku, template.os, template.license, template.tenancy, template.billingAccount,
            template.account, template.start.map { "from \($0.hour.day)" } ?? "",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "/")
    }

    /// SKUs a counted pool can be bought as: those of its usage that the book has the offer for.
    private func sizes(of template: Commitment, payerIndex: Int) -> [PlanningSpace.Size] {
        var found: Set<PlanningSpace.Size> = []
        let flexible = template.sku.isEmpty
        let matches = rules.stage(of: template, on: estate.window.start.day)?.stage.matches ?? []
        for cell in cells where cell.payer == payerIndex {
            let key = cell.line.key
            guard key.provider == template.provider, key.region == template.region else { continue }
            guard flexible ? cell.family == template.family : key.sku == template.sku else { continue }
            // What the vendor does not go by may be anything.
            guard !matches.contains(.os) || key.os == template.os else { continue }
            guard !matches.contains(.license) || key.license == template.license else { continue }
            // A size-flexible pool is of shared tenancy, which usage may leave empty.
            let isTenant = key.tenancy == template.tenancy || (flexible && key.tenancy.isEmpty)
            guard !matches.contains(.tenancy) || isTenant else { continue }
            let price = rules.book.price(
                of: key, offer: template.offer, term: template.term?.rawValue ?? "",
                payment: template.payment?.rawValue ?? "", on: (template.start?.hour ?? estate.window.start).day)
            guard let price, let term = template.term else { continue }
            let units = flexible ? rules.facts.sizeFactor(key.provider, key.sku)?.raw : FixedPoint.one
            guard let units, units > 0 else { continue }
            found.insert(
                .init(sku: key.sku, units: units, hourly: price.first, upfront: price.upfront, termHours: term.hours))
        }
        return found.sorted { $0.precedes($1) }
    }

    private func members(of template: Commitment, payerIndex: Int, owner: String) -> [PoolMember] {
        let payer = estate.payers[payerIndex]
        var prepared: [Day: CoverageRules.Prepared] = [:]
        var found: [PoolMember] = []
        for (index, cell) in cells.enumerated() where cell.payer == payerIndex {
            guard payer.reaches(template, owner: owner, account: cell.account, group: cell.line.key.resourceGroup)
            else {
                continue
            }
            let ready = prepared[cell.day] ?? rules.prepare(template, on: cell.day)
            prepared[cell.day] = ready
            guard let ready, let match = rules.match(ready, cell.line.key, family: cell.family, on: cell.day) else {
                continue
            }
            guard let rate = Int64(exactly: match.rate), rate > 0 else { continue }
            found.append(PoolMember(cell: index, rate: rate))
        }
        return found
    }

    // MARK: Commitments held

    private func heldPools() -> [Draft] {
        var drafts: [Draft] = []
        for (payerIndex, payer) in estate.payers.enumerated() {
            for commitment in payer.commitments {
                let day = estate.window.start.day
                guard let prepared = rules.prepare(commitment, on: day) else { continue }
                let owner = payer.owner(of: commitment)
                let members = members(of: commitment, payerIndex: payerIndex, owner: owner)
                guard !members.isEmpty else { continue }
                var pool = PlanningPool(id: "held/" + commitment.id, members: members)
                pool.existing = existing(commitment, unitSize: prepared.unitSize)
                pool.priority = prepared.stageIndex
                drafts.append(Draft(pool: pool, scope: .init(template: commitment, sizes: [], isPurchase: false)))
            }
        }
        return drafts
    }

    /// Capacity held in each hour, in 10⁻⁶ pool units, rounded up so that the bound stays a bound.
    private func existing(_ commitment: Commitment, unitSize: Int128) -> [Int64] {
        let raw: Int128 =
            commitment.offer.isSpend
            ? commitment.hourlyCommitment.raw
            : FixedPoint.divideHalfEven(commitment.quantity.raw * unitSize, by: FixedPoint.one)
        let micro = (raw + 999_999) / 1_000_000
        let active = commitment.active(in: estate.window)
        return (estate.window.start.index..<estate.window.end.index).map { hour in
            active.contains(Hour(index: hour)) ? Int64(clamping: micro) : 0
        }
    }

    // MARK: The model

    /// Keeps the cells that some pool reaches, and sums up the rest.
    private mutating func keepReached(_ drafts: [Draft], offered: [Draft]) throws(Failure) {
        let eligible = Set(offered.filter(\.scope.isPurchase).flatMap { $0.pool.members.map(\.cell) })
        for index in cells.indices where eligible.contains(index) { space.reached += cost(cells[index]) }
        var place = [Int?](repeating: nil, count: cells.count)
        for draft in drafts { for member in draft.pool.members { place[member.cell] = -1 } }
        let scale = cells.indices.filter { place[$0] != nil }.map { cells[$0].line.series.scale }.max() ?? 0
        space.model.quantityScale = scale
        for index in cells.indices {
            guard place[index] != nil else {
                space.unreached += cost(cells[index])
                continue
            }
            place[index] = space.model.cells.count
            try addCell(cells[index], scale: scale)
        }
        for draft in drafts {
            var pool = draft.pool
            pool.members = pool.members.compactMap { member in
                place[member.cell].map { PoolMember(cell: $0, rate: member.rate) }
            }
            space.model.pools.append(pool)
            space.scopes.append(draft.scope)
        }
        addVerdicts(eligible)
    }

    private mutating func addCell(_ cell: Cell, scale: Int) throws(Failure) {
        guard let price = Int64(exactly: cell.price) else { throw Self.tooLarge(cell.line.key) }
        let name = cell.line.key.sortFields.filter { !$0.isEmpty }.joined(separator: "/")
        space.model.cells.append(PlanningCell(id: name + "@" + cell.grid.start.description, price: price))
        space.keys.append(cell.line.key)
        space.starts.append(cell.grid.start)
        let factor = Int64(FixedPoint.power(scale - cell.line.series.scale))
        let series = cell.line.series
        let start = estate.window.start.index
        var row = [Int64](repeating: 0, count: estate.window.count)
        for hour in start..<estate.window.end.index where cell.grid.contains(Hour(index: hour)) {
            let (value, overflow) = series.values[hour - series.start.index].multipliedReportingOverflow(by: factor)
            guard !overflow else { throw Self.tooLarge(cell.line.key) }
            row[hour - start] = value
        }
        space.model.usage.append(row)
    }

    private static func tooLarge(_ key: UsageKey) -> Failure {
        Failure(
            .badInput, "plan.out-of-range", "usage or price of `\(key.sku)` is too large to plan for exactly",
            hint: "check the quantity's and the price's units")
    }

    /// On-demand cost by the valuation, rounded down, in 10⁻¹² currency.
    private func cost(_ cell: Cell) -> Int128 {
        let offset = cell.line.series.start.index
        let scale = FixedPoint.power(cell.line.series.scale)
        return estate.window.months.reduce(into: Int128(0)) { total, month in
            let common = month.intersection(cell.grid)
            guard common.count > 0 else { return }
            var sum: Int128 = 0
            for hour in common.start.index..<common.end.index { sum += Int128(cell.line.series.values[hour - offset]) }
            let weighted = (sum * cell.price / scale).multipliedFullWidth(by: space.valuation.weight(month.start))
            total += FixedPoint.one.dividingFullWidth((weighted.high, weighted.low)).quotient
        }
    }

    private mutating func addVerdicts(_ eligible: Set<Int>) {
        var seen: Set<String> = []
        for (index, cell) in cells.enumerated() where !eligible.contains(index) {
            let key = cell.line.key
            let subject = [key.provider, key.region, key.service, key.sku, key.os].filter { !$0.isEmpty }
            let name = subject.joined(separator: "/")
            guard seen.insert(name).inserted else { continue }
            let wanted = offers.map(\.rawValue).joined(separator: ", ")
            space.verdicts.append(
                Verdict(
                    recommender: "commitments", subject: name,
                    outcome: .notEvaluated(
                        missing: "no price under \(wanted)",
                        remedy: "add rows for it under one of these offers to the price book")))
        }
    }
}
