public import PlimsollCore
internal import Rating
internal import Reporting

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
    let steps: @Sendable (Commitment) -> PurchaseSteps?
    /// `hours.csv`.
    let hoursFile: [UInt8]

    init(
        scenario: Scenario, outcome: ScenarioOutcome, variants: [Variant],
        steps: @escaping @Sendable (Commitment) -> PurchaseSteps?
    ) {
        self.scenario = scenario
        self.outcome = outcome
        self.variants = variants
        self.steps = steps
        hoursFile = HoursSheet.csv(
            outcome.before.window, before: outcome.sheetBefore.hours, after: outcome.sheetAfter.hours)
    }

    /// Whether usage without a price is billed nowhere: then the answer is partial (exit 3).
    public var isPartial: Bool { !outcome.before.unpriced.isEmpty || !outcome.past.unpriced.isEmpty }

    /// What the user should know of the input files and the bills.
    public var warnings: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let worth = [SavingWorth(outcome).warning].compactMap(\.self)
        return (outcome.estate.warnings + outcome.past.warnings + outcome.after.warnings + worth)
            .filter { seen.insert($0).inserted }
    }

    /// The text of `report.json`.
    public var reportText: String { ScenarioReport(result: self).json.text }

    /// The files, by name within the output folder; `charts` is the source of the chart library, if there is one.
    public func files(charts: String? = nil) throws(Failure) -> [(name: String, bytes: [UInt8])] {
        let json = Array(reportText.utf8)
        let document = try ReportDocument(json: json, hours: hoursFile, file: "report.json")
        let own: [(name: String, bytes: [UInt8])] =
            document.files(library: charts) + [
                ("report.json", json),
                ("hours.csv", hoursFile),
                ("bill-before.csv", BillSheet.csv(outcome.sheetBefore.rows)),
                ("bill-after.csv", BillSheet.csv(outcome.sheetAfter.rows)),
            ]
        let taken = Set(own.map(\.name))
        return own + (outcome.plan?.files ?? []).filter { !taken.contains($0.name) }
    }
}
