internal import PlimsollCore
internal import Rating

/// What a plan is made from, before it is written down: the planner has just found it, or the verifier has
/// read it back.
struct PlanDraft {
    var input: RatingInput
    var options: PlanOptions
    var space: PlanningSpace
    var purchases: [Commitment]
    var prices: DualPrices
    var hashes: [String: String]
    /// How the purchases were found, in words.
    var method: String
}

/// A plan written down. Planner and verifier build it from a ``PlanDraft`` by the same rules, with no solver:
/// every number in it is recomputed when a plan is verified.
struct PlanDocument {
    let json: JSONValue
    let duals: [UInt8]
    let before: Bill
    let after: Bill
    let certificate: Certificate
    let verdicts: [Verdict]

    init(_ draft: PlanDraft) throws(Failure) {
        before = try Rater.rate(draft.input)
        var bought = draft.input
        bought.commitments += draft.purchases
        after = try Rater.rate(bought)
        let costs = try Costs(draft, before: before, after: after)
        var certificate = costs.certificate
        certificate.limits = LimitUse.all(draft, after).filter(\.isShared).map {
            .init(
                name: $0.id, limit: Money(raw: $0.limit), used: Money(raw: $0.used), price: Money(raw: $0.price))
        }
        certificate.billed = after.total.effective
        self.certificate = certificate
        duals = DualsFile.write(draft.space, draft.prices)
        verdicts = draft.space.verdicts + Self.poolVerdicts(draft)
        var members: [String: JSONValue] = [
            "format": "plimsoll-plan-1",
            "currency": .string(after.currency),
            "window": Self.window(draft.space.window),
            "inputs": .object(draft.hashes.mapValues { .string($0) }),
            "options": Self.options(draft.options),
            "purchases": .array(Self.purchases(draft, after)),
            "bill": Self.bill(before, after),
            "verdicts": .array(verdicts.map(Self.verdict)),
        ]
        let body = Self.certificate(draft, costs, duals, after)
        members["certificate"] = .object(body)
        let digest = ContentHash.sha256(JSONValue.object(members).canonical)
        members["certificate"] = .object(body.merging(["digest": .string(digest)]) { $1 })
        json = .object(members)
    }

    // MARK: Parts

    private static func window(_ grid: HourGrid) -> JSONValue {
        .object(["from": .string(grid.start.description), "to": .string(grid.end.description)])
    }

    private static func options(_ options: PlanOptions) -> JSONValue {
        var members: [String: JSONValue] = [
            "offers": options.offers.map { .array($0.map { .string($0.rawValue) }) } ?? .null,
            "terms": .array(options.terms.map { .string($0.rawValue) }),
            "payment": .array(options.payments.map { .string($0.rawValue) }),
        ]
        if let ladder = options.ladder { members["ladder"] = .int(ladder) }
        if options.discount != 0 { members["discount"] = .int(options.discount) }
        if options.terminal != 10_000 { members["terminal"] = .int(options.terminal) }
        if !options.constraints.isEmpty { members["constraints"] = ConstraintsJSON.write(options.constraints) }
        return .object(members)
    }

    private static func purchases(_ draft: PlanDraft, _ after: Bill) -> [JSONValue] {
        let columns = InterchangeSchema.commitments.columns.map(\.name)
        let uses = after.commitments.suffix(draft.purchases.count)
        return zip(draft.purchases, uses).map { item, use in
            var members = Dictionary(
                zip(columns, Interchange.cells(item).map { JSONValue.string($0) }),
                uniquingKeysWith: { first, _ in first })
            members["cost"] = .money(use.effective)
            members["committed"] = .quantity(use.committed)
            members["used"] = .quantity(use.used)
            members["utilization"] = .quantity(use.utilization)
            return .object(members)
        }
    }

    private static func amounts(_ amounts: Amounts) -> JSONValue {
        .object([
            "list": .money(amounts.list), "contracted": .money(amounts.contracted),
            "effective": .money(amounts.effective), "billed": .money(amounts.billed),
            "on_demand": .money(amounts.onDemand),
        ])
    }

    private static func bill(_ before: Bill, _ after: Bill) -> JSONValue {
        .object([
            "before": amounts(before.total), "after": amounts(after.total),
            "saving": .money(before.total.effective - after.total.effective),
        ])
    }

    private static func verdict(_ verdict: Verdict) -> JSONValue {
        var members: [String: JSONValue] = [
            "recommender": .string(verdict.recommender), "subject": .string(verdict.subject),
        ]
        switch verdict.outcome {
        case .recommend(let evidence): members.merge(["outcome": "recommend", "why": .string(evidence)]) { $1 }
        case .keep(let reason): members.merge(["outcome": "keep", "why": .string(reason)]) { $1 }
        case .notEvaluated(let missing, let remedy):
            members.merge(["outcome": "not-evaluated", "why": .string(missing), "remedy": .string(remedy)]) { $1 }
        }
        return .object(members)
    }

    /// One verdict per pool that could be bought.
    private static func poolVerdicts(_ draft: PlanDraft) -> [Verdict] {
        var found: [Verdict] = []
        for (index, scope) in draft.space.scopes.enumerated() where scope.isPurchase {
            let bought = draft.purchases.contains { Purchases.isOf(scope, $0) }
            found.append(
                Verdict(
                    recommender: "commitments", subject: draft.space.model.pools[index].id,
                    outcome: bought
                        ? .recommend(evidence: "held throughout the window it lowers the bill")
                        : .keep(
                            reason: "not part of the best plan found: other purchases serve the same usage for less")))
        }
        for item in draft.space.leftOut {
            found.append(
                Verdict(recommender: "commitments", subject: item.pool, outcome: .keep(reason: item.why)))
        }
        return found
    }

    // MARK: Certificate

    private static func certificate(
        _ draft: PlanDraft, _ costs: Costs, _ duals: [UInt8], _ after: Bill
    ) -> [String: JSONValue] {
        let certificate = costs.certificate
        return [
            "lower_bound": .money(certificate.lowerBound),
            "relaxation": .money(certificate.relaxation),
            "cost": .money(certificate.cost),
            "gap": .object([
                "amount": .money(certificate.cost - certificate.lowerBound),
                "of_vendor_order": .money(certificate.cost - certificate.relaxation),
                "of_search": .money(certificate.relaxation - certificate.lowerBound),
                "of_eligible_cost": .string(share(certificate.cost - certificate.lowerBound, certificate.eligibleCost)),
                "of_possible_saving": .string(
                    share(certificate.cost - certificate.lowerBound, certificate.onDemandCost - certificate.lowerBound)),
            ]),
            "eligible_cost": .money(certificate.eligibleCost),
            "out_of_reach": .money(costs.outOfReach),
            "lens": "effective",
            "pools": .array(pools(draft)),
            "left_out": .array(
                draft.space.leftOut.map { .object(["id": .string($0.pool), "why": .string($0.why)]) }),
            "constraints": .array(constraints(draft, after)),
            "duals": .object(["file": "duals.csv", "sha256": .string(ContentHash.sha256(duals))]),
            "method": .string(draft.method),
        ]
    }

    private static func constraints(_ draft: PlanDraft, _ after: Bill) -> [JSONValue] {
        LimitUse.all(draft, after).map { use in
            .object([
                "id": .string(use.id), "limit": .string(FixedPoint.text(use.limit)),
                "used": .string(FixedPoint.text(use.used)), "multiplier": .string(FixedPoint.text(use.price)),
            ])
        }
    }

    private static func share(_ part: Money, _ whole: Money) -> String {
        guard whole.raw > 0 else { return "0" }
        // Nine places: enough for a gap, and the product stays in range.
        let nano = FixedPoint.divideHalfEven(part.raw * 1_000_000_000, by: whole.raw)
        return FixedPoint.text(nano * 1_000)
    }

    private static func pools(_ draft: PlanDraft) -> [JSONValue] {
        draft.space.model.pools.map { pool in
            .object([
                "id": .string(pool.id), "kind": .string(pool.fee == nil ? "held" : "purchase"),
                "fee": pool.fee.map { .string(FixedPoint.text($0.floor)) } ?? .null,
                "step": .string(FixedPoint.text(Int128(pool.step))),
                "members": .int(pool.members.count),
            ])
        }
    }
}

/// A limit of the model, what the purchases take of it at least, and its price.
private struct LimitUse {
    var id: String
    var limit: Int128
    var used: Int128
    var price: Int128
    /// Whether it is over several purchases.
    var isShared: Bool

    static func all(_ draft: PlanDraft, _ after: Bill) -> [LimitUse] {
        let model = draft.space.model
        let units = Purchases.units(draft.space, draft.purchases) ?? []
        var found = zip(model.rows, draft.prices.multipliers).map { row, price in
            let used = row.terms.reduce(into: Int128(0)) { sum, term in
                guard units.indices.contains(term.pool) else { return }
                sum += Int128(term.coefficient) * units[term.pool] / FixedPoint.one
            }
            return LimitUse(
                id: row.id, limit: row.limit, used: used, price: Int128(price), isShared: row.isShared)
        }
        if let limit = model.servedLimit {
            let left = after.total.onDemand.raw - draft.space.unreached
            found.append(
                LimitUse(
                    id: "served", limit: limit, used: model.servable - left, price: Int128(draft.prices.served),
                    isShared: true))
        }
        return found
    }
}

extension Purchases {
    /// Whether a purchase is of a scope.
    static func isOf(_ scope: PlanningSpace.Scope, _ item: Commitment) -> Bool {
        var plain = item
        plain.id = ""
        (plain.quantity, plain.hourlyCommitment) = (.zero, .zero)
        (plain.hourly, plain.upfront) = (.zero, .zero)
        // A scope without an SKU is size-flexible: it is bought as any SKU of its family.
        if !scope.sizes.isEmpty, scope.template.sku.isEmpty { plain.sku = "" }
        plain.place = scope.template.place
        return plain == scope.template
    }

    /// Pool units of each pool that some purchases hold, in 10⁻¹²; nil where a purchase is of no pool of the
    /// space, or none of the SKUs it is sold as.
    static func units(_ space: PlanningSpace, _ purchases: [Commitment]) -> [Int128]? {
        var units = [Int128](repeating: 0, count: space.scopes.count)
        for item in purchases {
            guard let pool = space.scopes.firstIndex(where: { $0.isPurchase && isOf($0, item) }) else { return nil }
            let scope = space.scopes[pool]
            if scope.sizes.isEmpty {
                units[pool] += item.hourlyCommitment.raw
            } else {
                let size = scope.sizes.first {
                    $0.sku == item.sku && $0.hourly == item.hourly && $0.upfront == item.upfront
                }
                guard let size else { return nil }
                units[pool] += FixedPoint.divideHalfEven(item.quantity.raw * size.units, by: FixedPoint.one)
            }
        }
        return units
    }
}
