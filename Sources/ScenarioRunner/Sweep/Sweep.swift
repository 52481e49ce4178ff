public import PlimsollCore
internal import Rating
internal import Reporting

/// A scenario run over a grid of settings.
public struct Sweep: Sendable {
    /// One run of the grid.
    struct Point: Sendable {
        /// One value an axis.
        var settings: [String]
        var before: Money
        var after: Money
        var saving: Money { before - after }
        /// Paid at once for the purchases.
        var upfront: Money
        var purchases: Int
        /// The same purchases with 30 % less demand in every hour.
        var fallen: Money
    }

    private static let most = 200
    private static let fall = 30

    private let name: String
    private let hash: String
    private let axes: [SweepAxis]
    private let rows: [[String]]
    private let scenarios: [Scenario]

    /// The runs of `axes`, each with its `set` on top of the others. Throws where a setting is wrong or there
    /// are too many runs.
    public init(
        _ bytes: [UInt8], file: String, axes: [SweepAxis], set: [String] = [], seed: Int? = nil
    ) throws(Failure) {
        let count = axes.reduce(1) { min($0 * $1.values.count, Self.most + 1) }
        guard count <= Self.most, Set(axes.map(\.key)).count == axes.count else {
            throw Failure(
                .usage, "sweep.too-many", "the grid has more than \(Self.most) runs, or a key twice",
                hint: "vary fewer keys, or fewer values of each: key=a..b:3")
        }
        var rows: [[String]] = [[]]
        for axis in axes { rows = rows.flatMap { row in axis.values.map { row + [$0] } } }
        var scenarios: [Scenario] = []
        for row in rows {
            let varied = zip(axes, row).map { "\($0.key)=\($1)" }
            var scenario = try Scenario.load(bytes, file: file, set: set + varied, seed: seed)
            scenario.variants = []
            scenarios.append(scenario)
        }
        self.axes = axes
        self.rows = rows
        self.scenarios = scenarios
        name = scenarios.first?.name ?? ""
        hash = ContentHash.sha256(bytes)
    }

    /// Runs all of them, two at a time, and returns the files: `sweep.json`, `sweep.csv`, `sweep.html`.
    public func run(
        _ context: ScenarioContext, planner: any CommitPlanning, charts: String?
    ) throws(Failure) -> SweepResult {
        let results = context.sideBySide(scenarios.count, "runs") { (index) throws(Failure) in
            try point(index, context, planner)
        }
        return try result(results, charts)
    }

    /// The runs that came to something, and those that did not; where none did, the first one's failure.
    private func result(
        _ all: [Result<(Point, String), Failure>], _ charts: String?
    ) throws(Failure) -> SweepResult {
        var points: [Point] = []
        var missing: [(settings: [String], reason: String)] = []
        var currency = ""
        var first: Failure?
        for (index, result) in all.enumerated() {
            switch result {
            case .success((let point, let its)):
                points.append(point)
                currency = its
            case .failure(let failure):
                // Others concern every run, or the command line.
                guard [.partial, .badInput].contains(failure.exitCode) else { throw failure }
                first = first ?? failure
                missing.append((rows[index], failure.diagnostics.first?.message ?? "no reason is known"))
            }
        }
        if points.isEmpty, let first { throw first }
        return SweepResult(
            document: SweepDocument(json(points, missing, currency)), charts: charts, missing: missing.count)
    }

    private func point(
        _ index: Int, _ context: ScenarioContext, _ planner: any CommitPlanning
    ) throws(Failure) -> (Point, String) {
        var quiet = context
        quiet.progress = { _ in }
        let run = ScenarioRun(scenario: scenarios[index], context: quiet, planner: planner)
        let outcome = try run.outcome(detailed: false)
        let purchases = outcome.plan?.purchases ?? []
        let point = Point(
            settings: rows[index], before: outcome.before.total.effective, after: outcome.after.total.effective,
            upfront: purchases.reduce(.zero) { $0 + $1.paidAtOnce }, purchases: purchases.count,
            fallen: try run.saving(outcome, fall: Self.fall))
        return (point, outcome.before.currency)
    }

    // MARK: Document

    private func json(
        _ points: [Point], _ missing: [(settings: [String], reason: String)], _ currency: String
    ) -> JSONValue {
        .object([
            "scenario": .string(name), "sha256": .string(hash), "currency": .string(currency),
            "fall_percent": .int(Self.fall),
            "no_plan": .array(
                missing.map { run in
                    .object([
                        "settings": .array(run.settings.map(JSONValue.string)), "reason": .string(run.reason),
                    ])
                }),
            "vary": .array(
                axes.map {
                    .object(["key": .string($0.key), "values": .array($0.values.map(JSONValue.string))])
                }),
            "points": .array(
                points.map { point in
                    .object([
                        "settings": .array(point.settings.map(JSONValue.string)),
                        "before": .money(point.before), "after": .money(point.after), "saving": .money(point.saving),
                        "percent": .string(ScenarioReport.percent(point.saving, of: point.before)),
                        "upfront": .money(point.upfront), "purchases": .int(point.purchases),
                        "saving_after_fall": .money(point.fallen),
                        "undominated": .bool(!points.contains { $0.dominates(point) }),
                    ])
                }),
        ])
    }
}

extension Sweep.Point {
    /// Whether this one saves as much, risks no more and binds no more cash, and is better in one of them.
    func dominates(_ other: Sweep.Point) -> Bool {
        guard saving >= other.saving, fallen >= other.fallen, upfront <= other.upfront else { return false }
        return saving > other.saving || fallen > other.fallen || upfront < other.upfront
    }
}

/// What a sweep came to.
public struct SweepResult: Sendable {
    let document: SweepDocument
    let charts: String?
    /// Runs without a plan; they are listed with their reasons.
    public let missing: Int

    /// The table for a terminal.
    public func table(width: Int) -> String { document.table(width: width) }

    /// The text of `sweep.json`.
    public var json: String { document.json }

    /// The text of `sweep.csv`.
    public var csv: [UInt8] { document.csv }

    /// The files, by name within the output folder.
    public var files: [(name: String, bytes: [UInt8])] {
        [
            ("sweep.json", Array(document.json.utf8)), ("sweep.csv", document.csv),
            ("sweep.html", Array(document.html(library: charts).utf8)),
        ]
    }
}

extension ScenarioRun {
    /// What the outcome's purchases save with less demand.
    func saving(_ outcome: ScenarioOutcome, fall percent: Int) throws(Failure) -> Money {
        let purchases = outcome.plan?.purchases ?? []
        guard !purchases.isEmpty else { return .zero }
        var input = try future(outcome.estate)
        input.window = outcome.before.window
        input.usage = input.usage.map { $0.lowered(by: percent * 100) }
        let without = try Rater.rate(input).total.effective
        input.commitments += purchases.map { Self.bought($0, input.window) }
        return without - (try Rater.rate(input).total.effective)
    }
}
