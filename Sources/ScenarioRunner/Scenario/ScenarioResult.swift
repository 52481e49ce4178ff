public import PlimsollCore
internal import Rating

/// What a scenario came to: a report, two bills and a plan.
public struct ScenarioResult: Sendable {
    /// A row of `compare:`.
    struct Variant: Sendable {
        var name: String
        var outcome: ScenarioOutcome
    }

    let scenario: Scenario
    let outcome: ScenarioOutcome
    let variants: [Variant]

    /// Whether usage without a price is billed nowhere: then the answer is partial (exit 3).
    public var isPartial: Bool { !outcome.before.unpriced.isEmpty || !outcome.past.unpriced.isEmpty }

    /// What the user should know of the input files and the bills.
    public var warnings: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return (outcome.estate.warnings + outcome.past.warnings + outcome.after.warnings)
            .filter { seen.insert($0).inserted }
    }

    /// The text of `report.json`.
    public var reportText: String { ScenarioReport(result: self).json.text }

    /// The files, by name within the output folder.
    public var files: [(name: String, bytes: [UInt8])] {
        let own: [(name: String, bytes: [UInt8])] = [
            ("report.json", Array(reportText.utf8)),
            ("bill-before.csv", BillSheet.csv(outcome.rowsBefore)),
            ("bill-after.csv", BillSheet.csv(outcome.rowsAfter)),
        ]
        let taken = Set(own.map(\.name))
        return own + (outcome.plan?.files ?? []).filter { !taken.contains($0.name) }
    }
}

/// Makes `report.json`.
struct ScenarioReport {
    let result: ScenarioResult

    private var outcome: ScenarioOutcome { result.outcome }
    private var scenario: Scenario { result.scenario }

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
            "purchases": .array((outcome.plan?.purchases ?? []).map(Self.purchase)),
            "certificate": Self.certificate(outcome.plan?.certificate),
            "compare": .array(compare),
            "unpriced": .array(outcome.before.unpriced.map(Self.unpriced)),
            "warnings": .array(result.warnings.map { .string($0.message) }),
        ])
    }

    private var inputs: JSONValue {
        var members = outcome.estate.hashes.mapValues(JSONValue.string)
        members["scenario"] = .string(scenario.hash)
        return .object(members)
    }

    private var calibration: JSONValue {
        CalibrationReport(
            calibration: outcome.calibration, demand: outcome.estate.demandSource, prices: outcome.estate.priceSource
        ).json
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
        let all = [(scenario.name, outcome)] + result.variants.map { ($0.name, $0.outcome) }
        return all.map { name, outcome in
            .object([
                "name": .string(name), "before": .money(outcome.before.total.effective),
                "after": .money(outcome.after.total.effective), "savings": Self.savings(outcome),
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
