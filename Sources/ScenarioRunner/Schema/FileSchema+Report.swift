internal import PlimsollCore

extension FileSchema {
    /// The file `plimsoll run --out` writes and `plimsoll report` reads.
    static let report = FileSchema(
        name: "report",
        json: document(
            "Plimsoll report",
            whole([
                "scenario": record([
                    "name": string, "note": string, "seed": count, "set": list(string),
                ]),
                "inputs": openObject(string), "calibration": calibration, "window": orNull(window),
                "bills": record(["past": bill, "before": bill, "after": bill]), "savings": savings,
                "waterfall": list(step), "levers_alone": list(step),
                "verdicts": openObject(openObject(count)), "purchases": list(purchase), "plan": orNull(plan),
                "months": list(month), "hours": record(["file": string, "sha256": string, "statement": string]),
                "not_evaluated": list(record(["subject": string, "missing": string, "supplied_by": string])),
                "certificate": orNull(certificate), "compare": list(variant),
                "unpriced": list(
                    record(["sku": string, "region": string, "account": string, "quantity": amount, "reason": string])),
                "warnings": list(string),
            ])))

    // MARK: Kinds of values

    private static let string: JSONValue = .object(["type": "string"])
    private static let count: JSONValue = .object(["type": "integer", "minimum": 0])

    /// An exact decimal.
    private static let amount: JSONValue = .object([
        "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$", "description": "an exact decimal",
    ])

    private static func orNull(_ value: JSONValue) -> JSONValue { oneOf(.object(["type": "null"]), value) }

    private static func whole(_ members: [String: JSONValue]) -> JSONValue {
        object(members.merging(later) { own, _ in own }, required: members.keys.sorted())
    }

    /// An object that has all of these members and no others.
    private static func record(_ members: [String: JSONValue]) -> JSONValue {
        object(members, required: members.keys.sorted())
    }

    // MARK: Parts

    private static let window = record(["from": string, "to": string])
    private static let amounts = record([
        "list": amount, "contracted": amount, "effective": amount, "billed": amount, "on_demand": amount,
    ])

    private static let bill = record([
        "currency": string, "window": orNull(window), "total": amounts,
        "months": list(
            record(["month": string, "billing_account": string, "total": amounts, "kinds": openObject(amounts)])),
        "commitments": list(
            record([
                "id": string, "unit": string, "committed": amount, "used": amount, "unused": amount,
                "utilization": amount,
            ])),
    ])

    private static let calibration: JSONValue = {
        let share = record(["amount": amount, "percent": amount])
        let compared = Dictionary(
            uniqueKeysWithValues: ["paid", "rated", "net", "absolute", "net_percent", "absolute_percent"]
                .map { ($0, amount) })
        let service = record(compared.merging(["service": string]) { own, _ in own })
        let commitment = record([
            "id": string, "paid": amount, "rated": amount, "hours": count, "hours_different": count,
            "difference": amount,
        ])
        let members: [String: JSONValue] = [
            "calibrated": .object(["type": "boolean"]), "statement": string, "demand": string, "prices": string,
            "error": orNull(record(compared.merging(["services": list(service)]) { own, _ in own })),
            "shares": record(["rated": share, "derived": share, "carried": share]),
        ]
        let ofBills: [String: JSONValue] = [
            "commitments": list(commitment), "coverage_statement": orNull(string),
            "shape": orNull(record(["hour": share, "day": share, "longer": share])), "shape_statement": orNull(string),
        ]
        return object(members.merging(ofBills) { own, _ in own }, required: members.keys.sorted())
    }()

    private static let savings = record([
        "before": amount, "after": amount, "saving": amount, "charges": amount, "worth_percent": orNull(amount),
        "percent": amount, "lens": string,
        "range": orNull(range), "range_reason": string,
    ])

    private static let range = record([
        "samples": count, "low": amount, "quarter": amount, "median": amount, "three_quarters": amount,
        "high": amount, "mean": amount, "worst_tenth": amount, "losing_percent": amount, "bill_low": amount,
        "bill_high": amount,
    ])

    private static let step = record(["lever": string, "before": amount, "after": amount, "saving": amount])

    private static let risk: [String: JSONValue] = [
        "break_even_month": orNull(string),
        "demand_falls": list(record(["percent": count, "saving": amount])), "waiting_a_month": orNull(amount),
    ]

    /// What newer versions add may be absent.
    private static let plan: JSONValue = {
        let first = risk.merging(["purchases_analysed": count, "purchases_omitted": count]) { own, _ in own }
        let later = ["committed": amount, "upfront": amount]
        return object(first.merging(later) { own, _ in own }, required: first.keys.sorted())
    }()

    /// The columns of `commitments`, and what is said of each.
    private static let purchase: JSONValue = {
        var members: [String: JSONValue] = [:]
        for column in InterchangeSchema.commitments.columns { members[column.name] = value(column.meaning) }
        members["begins"] = orNull(string)
        members["figures"] = orNull(
            record(
                risk.merging([
                    "saving": amount, "fee": amount, "cash": amount, "covered": amount, "utilization": amount,
                    "why": string,
                ]) { own, _ in own }))
        members["steps"] = orNull(steps)
        return record(members)
    }()

    /// How it is bought; what newer versions add may be absent.
    private static let steps: JSONValue = {
        let arguments = list(record(["name": string, "value": string]))
        let known = [
            "type": string, "source": string, "version": string, "offering_argument": string,
            "arguments": arguments, "document": string, "cautions": list(string),
        ]
        let blocks = ["blocks": list(record(["name": string, "arguments": arguments]))]
        let resource = object(known.merging(blocks) { own, _ in own }, required: known.keys.sorted())
        let first = ["title": string, "lookup": string, "buy": string, "undo": string, "checks": list(string)]
        let later: [String: JSONValue] = [
            "resource": orNull(resource), "no_resource": string,
            "form": orNull(record(["id": string, "page": string, "fields": arguments])),
        ]
        return object(first.merging(later) { own, _ in own }, required: first.keys.sorted())
    }()

    private static let month = record(
        Dictionary(
            uniqueKeysWithValues: [
                "list", "eligible", "covered", "covered_before", "on_demand", "committed", "used",
                "coverage_percent", "utilization_percent", "effective_before", "effective_after",
            ].map { ($0, amount) } + [("month", string)]))

    private static let certificate: JSONValue = {
        let first: [String: JSONValue] = [
            "lower_bound": amount, "relaxation": amount, "cost": amount, "eligible_cost": amount,
            "on_demand_cost": amount,
            "gap": record([
                "total": amount, "vendor_order": amount, "distance_to_bound": amount, "percent_of_eligible": amount,
                "percent_of_possible_saving": amount,
            ]),
        ]
        let later = [
            "limits": list(record(["name": string, "limit": amount, "used": amount, "price": amount]))
        ]
        return object(first.merging(later) { own, _ in own }, required: first.keys.sorted())
    }()

    /// What newer versions add to the report as a whole.
    private static let later: [String: JSONValue] = [
        "calendar": list(
            record([
                "month": string, "begins": amount, "purchases": count, "upfront": amount, "ends": amount,
                "in_force": amount,
            ])),
        "ends": list(
            record([
                "id": string, "kind": string, "offer": string, "scope": string, "account": string, "ends": string,
                "hourly": amount,
            ])),
        "coverage_by": openObject(
            list(
                record([
                    "name": string, "eligible": amount, "covered": amount, "on_demand": amount,
                    "coverage_percent": amount,
                ]))),
    ]

    private static let variant: JSONValue = {
        let first: [String: JSONValue] = [
            "name": string, "settings": openObject(string), "before": amount, "after": amount, "savings": savings,
            "months": list(record(["month": string, "before": amount, "after": amount])), "purchases": count,
            "certificate": orNull(certificate),
        ]
        return object(first.merging(["against_first": amount]) { own, _ in own }, required: first.keys.sorted())
    }()
}
