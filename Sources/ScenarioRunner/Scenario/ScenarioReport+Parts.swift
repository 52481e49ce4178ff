internal import PlimsollCore
internal import Rating

extension ScenarioReport {
    static func window(_ window: HourGrid?) -> JSONValue {
        guard let window else { return .null }
        return .object(["from": .string(window.start.description), "to": .string(window.end.description)])
    }

    static func amounts(_ amounts: Amounts) -> JSONValue {
        .object([
            "list": .money(amounts.list), "contracted": .money(amounts.contracted),
            "effective": .money(amounts.effective), "billed": .money(amounts.billed),
            "on_demand": .money(amounts.onDemand),
        ])
    }

    static func bill(_ bill: Bill) -> JSONValue {
        .object([
            "currency": .string(bill.currency), "window": window(bill.window), "total": amounts(bill.total),
            "months": .array(bill.months.map(month)), "commitments": .array(bill.commitments.map(use)),
        ])
    }

    private static func month(_ month: BillMonth) -> JSONValue {
        var total = Amounts()
        var kinds: [String: JSONValue] = [:]
        for (kind, sums) in month.kinds {
            total += sums
            kinds[kind.rawValue] = amounts(sums)
        }
        return .object([
            "month": .string(String(month.month.description.prefix(7))),
            "billing_account": .string(month.billingAccount), "total": amounts(total), "kinds": .object(kinds),
        ])
    }

    private static func use(_ use: CommitmentUse) -> JSONValue {
        .object([
            "id": .string(use.id), "unit": .string(use.unit), "committed": .quantity(use.committed),
            "used": .quantity(use.used), "unused": .quantity(use.unused), "utilization": .quantity(use.utilization),
        ])
    }

    static func savings(_ outcome: ScenarioOutcome) -> JSONValue {
        let worth = SavingWorth(outcome)
        return .object([
            "before": .money(outcome.before.total.effective), "after": .money(outcome.after.total.effective),
            "saving": .money(outcome.saving), "charges": .money(worth.charges),
            "worth_percent": worth.charges > .zero ? .string(worth.percent) : .null,
            "percent": .string(percent(outcome.saving, of: outcome.before.total.effective)), "lens": "effective",
            "range": outcome.range?.json ?? .null,
            "range_reason": .string(
                outcome.range.map {
                    "\($0.samples) futures drawn and billed without and with the plan: 90 % of them are within the range"
                } ?? "one future was billed; `uncertainty` in the scenario draws others"),
        ])
    }

    static func step(_ step: ScenarioOutcome.Step) -> JSONValue {
        .object([
            "lever": .string(step.lever), "before": .money(step.before.effective),
            "after": .money(step.after.effective), "saving": .money(step.saving),
        ])
    }

    static func purchase(_ commitment: Commitment) -> JSONValue {
        let names = InterchangeSchema.commitments.columns.map(\.name)
        let cells = Interchange.cells(commitment).map(JSONValue.string)
        return .object(Dictionary(zip(names, cells), uniquingKeysWith: { first, _ in first }))
    }

    static func certificate(_ certificate: Certificate?) -> JSONValue {
        guard let certificate else { return .null }
        let gap = GapParts(certificate)
        return .object([
            "lower_bound": .money(certificate.lowerBound), "relaxation": .money(certificate.relaxation),
            "cost": .money(certificate.cost), "eligible_cost": .money(certificate.eligibleCost),
            "on_demand_cost": .money(certificate.onDemandCost),
            "limits": .array(
                certificate.limits.map { limit in
                    .object([
                        "name": .string(limit.name), "limit": .money(limit.limit), "used": .money(limit.used),
                        "price": .money(limit.price),
                    ])
                }),
            "gap": .object([
                "total": .money(gap.total), "vendor_order": .money(gap.vendorOrder),
                "distance_to_bound": .money(gap.distance),
                "percent_of_eligible": .string(ScenarioReport.percent(gap.total, of: certificate.eligibleCost, 4)),
                "percent_of_possible_saving": .string(
                    ScenarioReport.percent(gap.total, of: certificate.onDemandCost - certificate.lowerBound, 4)),
            ]),
        ])
    }

    static func unpriced(_ item: Unpriced) -> JSONValue {
        .object([
            "sku": .string(item.key.sku), "region": .string(item.key.region), "account": .string(item.key.account),
            "quantity": .quantity(item.quantity), "reason": .string(item.reason),
        ])
    }

    /// A share in per cent, rounded half-even; `0` of nothing.
    static func percent(_ part: Money, of whole: Money, _ places: Int = 2) -> String {
        guard whole.raw > 0 else { return Money.zero.rounded(to: places) }
        // Six digits of both are enough for the places shown, and 10⁸ times as much fits.
        let scaled = FixedPoint.divideHalfEven(part.raw, by: 1_000_000) * 100_000_000
        let denominator = max(1, FixedPoint.divideHalfEven(whole.raw, by: 1_000_000))
        return Money(raw: FixedPoint.divideHalfEven(scaled, by: denominator) * 1_000_000).rounded(to: places)
    }
}

/// A plan's distance from the best possible one, in its two parts.
struct GapParts {
    /// What the vendor's order of applying commitments costs against the best hourly allocation.
    let vendorOrder: Money
    /// What is left between the best allocation and the lower bound.
    let distance: Money
    /// Both.
    let total: Money

    init(_ certificate: Certificate) {
        vendorOrder = certificate.cost - certificate.relaxation
        distance = certificate.relaxation - certificate.lowerBound
        total = certificate.cost - certificate.lowerBound
    }
}
