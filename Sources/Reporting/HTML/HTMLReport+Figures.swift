internal import PlimsollCore

/// What the charts are drawn from: rounded, since it ends in pixels. Exact amounts stand in the tables.
extension HTMLReport {
    /// Hours in the page; more are drawn as means.
    private static let mostHours = 30_000

    var figures: JSONValue {
        var result: [String: JSONValue] = ["currency": .string(currency)]
        let steps = root.list("waterfall")
        if !steps.isEmpty { result["waterfall"] = .array(Self.waterfall(document, steps)) }
        let months = root.list("months")
        if !months.isEmpty {
            func column(_ key: String) -> JSONValue { .array(months.map { Self.number($0.text(key)) }) }
            let labels = JSONValue.array(months.map { .string($0.text("month")) })
            result["months"] = .object([
                "labels": labels, "before": column("effective_before"), "after": column("effective_after"),
            ])
            result["coverage"] = .object([
                "labels": labels, "coverage": column("coverage_percent"), "utilization": column("utilization_percent"),
            ])
        }
        let falls = root.list("plan", "demand_falls")
        if !falls.isEmpty {
            result["falls"] = .object([
                "labels": .array(["As planned"] + falls.map { .string("−\($0.text("percent"))\u{a0}%") }),
                "values": .array(
                    [Self.number(document.saving)] + falls.map { Self.number($0.text("saving")) }),
            ])
        }
        let variants = root.list("compare")
        if !variants.isEmpty { result["compare"] = Self.compare(variants) }
        if let hours = document.hours, hours.count > 0 { result["hours"] = Self.hours(hours) }
        return .object(result)
    }

    private static func waterfall(_ document: ReportDocument, _ steps: [JSONValue]) -> [JSONValue] {
        func bar(_ label: String, _ low: JSONValue, _ high: JSONValue, _ kind: JSONValue) -> JSONValue {
            .object(["label": .string(Visible.text(label)), "low": low, "high": high, "kind": kind])
        }
        let inner = steps.map { step in
            let isExtra = step.text("saving").hasPrefix("-")
            let (before, after) = (number(step.text("before")), number(step.text("after")))
            return bar(
                Show.lever(step.text("lever")), isExtra ? before : after, isExtra ? after : before,
                isExtra ? "extra" : "saving")
        }
        return [bar("Bill now", 0, number(document.before), "bill")] + inner
            + [bar("Bill after", 0, number(document.after), "after")]
    }

    private static func compare(_ variants: [JSONValue]) -> JSONValue {
        .object([
            "labels": .array((variants.first?.list("months") ?? []).map { .string($0.text("month")) }),
            "sets": .array(
                variants.map { variant in
                    .object([
                        "name": .string(Visible.text(variant.text("name"))),
                        "values": .array(variant.list("months").map { number($0.text("after")) }),
                    ])
                }),
        ])
    }

    private static func hours(_ hours: ReportHours) -> JSONValue {
        let step = max(1, (hours.count + mostHours - 1) / mostHours)
        // In hundredths, since whole numbers take less room.
        func column(_ index: Int) -> JSONValue {
            let values = hours.columns[index]
            return .array(
                stride(from: 0, to: values.count, by: step).map { first in
                    let part = values[first..<min(values.count, first + step)]
                    return .int(Int((part.reduce(0, +) / Double(part.count) * 100).rounded()))
                })
        }
        return .object([
            "first": .int(hours.first.index), "step": .int(step), "held": column(1), "fresh": column(2),
            "rest": column(3), "cost": column(4),
        ])
    }

    private static func number(_ exact: String) -> JSONValue {
        guard let value = Money(exact), let near = Double(value.rounded(to: 2)) else { return .null }
        return .double(near)
    }
}
