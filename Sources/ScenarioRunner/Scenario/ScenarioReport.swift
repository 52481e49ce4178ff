internal import PlimsollCore
internal import Rating

/// Makes `report.json`.
struct ScenarioReport {
    let result: ScenarioResult

    var outcome: ScenarioOutcome { result.outcome }
    var scenario: Scenario { result.scenario }

    var json: JSONValue {
        .object([
            "scenario": .object([
                "name": .string(scenario.name), "note": .string(scenario.note), "seed": .int(scenario.seed),
                "set": .array(scenario.settings.map(JSONValue.string)),
            ]),
            "inputs": inputs,
            "calibration": calibration,
            "window": Self.window(outcome.window),
            "bills": .object([
                "past": Self.bill(outcome.past), "before": Self.bill(outcome.before),
                "after": Self.bill(outcome.after),
            ]),
            "savings": Self.savings(outcome),
            "waterfall": .array(outcome.waterfall.map(Self.step)),
            "levers_alone": .array(outcome.alone.map(Self.step)),
            "verdicts": verdictCounts,
            "purchases": purchases,
            "plan": plan,
            "months": .array(months),
            "calendar": .array(calendar.months),
            "ends": .array(calendar.ends),
            "coverage_by": CoverageBreakdown(outcome: outcome).json,
            "not_evaluated": .array(notEvaluated),
            "hours": hours,
            "certificate": Self.certificate(outcome.plan?.certificate),
            "compare": .array(compare),
            "unpriced": .array(outcome.before.unpriced.map(Self.unpriced)),
            "warnings": .array(result.warnings.map { .string($0.message) }),
        ])
    }

    private var calendar: CommitmentCalendar { CommitmentCalendar(outcome) }

    private var inputs: JSONValue {
        var members = outcome.estate.hashes.mapValues(JSONValue.string)
        members["scenario"] = .string(scenario.hash)
        return .object(members)
    }

    /// Without a real bill nothing is compared; then the shares are those of the bill to come.
    private var calibration: JSONValue {
        let report = CalibrationReport(
            calibration: outcome.calibration, demand: outcome.estate.demandSource, prices: outcome.estate.priceSource)
        guard outcome.calibration == nil, case .object(var members) = report.json else { return report.json }
        members["shares"] = shares
        members["error"] = .null
        return .object(members)
    }

    private var verdictCounts: JSONValue {
        var counts: [String: [String: Int]] = [:]
        for verdict in outcome.plan?.verdicts ?? [] {
            counts[verdict.recommender, default: [:]][verdict.outcome.word, default: 0] += 1
        }
        return .object(counts.mapValues { .object($0.mapValues(JSONValue.int)) })
    }

    private var compare: [JSONValue] {
        guard !result.variants.isEmpty else { return [] }
        let settings = Dictionary(
            scenario.variants.map { ($0.name, Self.settings($0)) }, uniquingKeysWith: { first, _ in first })
        let all = [(scenario.name, outcome)] + result.variants.map { ($0.name, $0.outcome) }
        return all.map { name, outcome in
            .object([
                "name": .string(name), "settings": .object(settings[name] ?? [:]),
                "months": .array(Self.bills(outcome)), "before": .money(outcome.before.total.effective),
                "after": .money(outcome.after.total.effective), "savings": Self.savings(outcome),
                "against_first": .money(outcome.saving - self.outcome.saving),
                "purchases": .int(outcome.plan?.purchases.count ?? 0),
                "certificate": Self.certificate(outcome.plan?.certificate),
            ])
        }
    }
}

extension Verdict.Outcome {
    /// The word in reports.
    var word: String {
        switch self {
        case .recommend: "recommend"
        case .keep: "keep"
        case .notEvaluated: "not-evaluated"
        }
    }
}
