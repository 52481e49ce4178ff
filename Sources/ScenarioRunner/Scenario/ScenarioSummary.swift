internal import PlimsollCore
internal import Rating
internal import Reporting

/// The summary on a terminal: read in ten seconds.
public struct ScenarioSummary: Sendable {
    private let result: ScenarioResult
    private static let rowsShown = 10
    private static let reasonsShown = 5

    /// A summary of `result`.
    public init(_ result: ScenarioResult) { self.result = result }

    private var outcome: ScenarioOutcome { result.outcome }
    private var currency: String { outcome.before.currency }

    /// The text, no line longer than `width` cells; ends in a newline.
    public func text(width: Int) -> String {
        func prose(_ text: String, _ indent: Int = 0) -> String {
            Screen.paragraph(Visible.text(text), width: width, indent: indent).map { $0 + "\n" }.joined()
        }
        var text = prose(title) + "\n" + figures.text(width: width) + "\n" + prose(purchasesTitle)
        text += purchases.text(width: width)
        let missing = notCovered
        if !missing.isEmpty { text += "\nNot covered\n" + missing.map { prose($0, 2) }.joined() }
        if !result.variants.isEmpty { text += "\nCompared\n" + compared.text(width: width) }
        if let calibration = outcome.calibration {
            let report = CalibrationReport(calibration: calibration, demand: "", prices: "")
            text += "\n" + prose("Calibration: \(report.statement)")
            text += [report.coverageStatement, report.shapeStatement].compactMap(\.self).map { prose($0, 2) }.joined()
        }
        return text + "\n" + prose("Prices: \(outcome.estate.priceSource)")
            + prose("Demand: \(outcome.estate.demandSource)")
    }

    // MARK: Figures

    private var title: String {
        let window = outcome.window
        let last = window.end.advanced(by: -1).day
        let days = window.start.day == last ? "\(last)" : "\(window.start.day) to \(last)"
        return "\(result.scenario.name): \(days), \(currency), effective cost"
    }

    private var figures: TextTable {
        var rows: [(String, String, String)] = []
        let before = outcome.before.total.effective
        if result.scenario.horizon != nil, let past = outcome.past.window {
            rows.append(("Bill, past", Self.money(outcome.past.total.effective), "\(past.count) h to \(past.end.day)"))
        }
        rows.append(("Bill before", Self.money(before), basis))
        rows.append(("Bill after", Self.money(outcome.after.total.effective), ""))
        rows.append(
            (
                "Saving", Self.money(outcome.saving),
                ScenarioReport.percent(outcome.saving, of: before) + " % of the bill"
            ))
        if let range = outcome.range {
            rows.append(
                (
                    "Range", "\(Self.money(range.percentile(5))) to \(Self.money(range.percentile(95)))",
                    "90 % of \(range.samples) futures"
                ))
        }
        if let certificate = outcome.plan?.certificate {
            let gap = GapParts(certificate)
            func share(_ part: Money) -> String { ScenarioReport.percent(part, of: certificate.eligibleCost, 4) + " %" }
            if certificate.cost != certificate.billed {
                rows.append(
                    ("Valued at", Self.money(certificate.cost), "by discount rate and what outlasts the window"))
            }
            rows.append(("Bound", Self.money(certificate.lowerBound), bound))
            rows.append(("Gap", Self.money(gap.total), "\(share(gap.total)) of eligible cost:"))
            rows.append(("", "", "\(share(gap.vendorOrder)) by the vendor's order of applying commitments"))
            rows.append(("", "", "\(share(gap.distance)) to the bound"))
        }
        return Self.table(rows)
    }

    /// The planner leaves agreements out: they work on whole bills.
    private var bound: String {
        let apart = result.scenario.agreements.isEmpty ? "" : ", agreements apart"
        return "no plan of these offers costs less" + apart
    }

    private var basis: String {
        guard let horizon = result.scenario.horizon else { return "hindsight over the past" }
        let rate = horizon.growth == .zero ? "no growth" : "growth \(horizon.growth) %/month"
        let growth = horizon.followsTrend ? "growth as in the past year" : rate
        return "\(horizon.months) months, \(growth), commitments \(horizon.baseline.rawValue)"
    }

    // MARK: What to buy

    private var purchasesTitle: String {
        guard let plan = outcome.plan else { return "Buy: no lever was asked for" }
        let count = plan.purchases.count
        if count == 0 { return "Buy: nothing; no commitment offered here saves money" }
        return count > Self.rowsShown ? "Buy (the \(Self.rowsShown) largest of \(count))" : "Buy (\(count))"
    }

    private var purchases: TextTable {
        let sorted = (outcome.plan?.purchases ?? []).enumerated().sorted { left, right in
            let a = Self.hourlyCost(left.element)
            let b = Self.hourlyCost(right.element)
            return a == b ? left.offset < right.offset : a > b
        }
        var table = TextTable(
            [.init("", isNumber: true), .init(""), .init(""), .init(""), .init("", isNumber: true)], indent: 2,
            hasHead: false)
        for item in sorted.prefix(Self.rowsShown) { table.add(Self.cells(item.element)) }
        return table
    }

    private static func cells(_ item: Commitment) -> [String] {
        let what = [item.sku.isEmpty ? item.family : item.sku, item.zone.isEmpty ? item.region : item.zone, item.os]
        let scope = what.filter { !$0.isEmpty }.joined(separator: " ")
        let amount = item.offer.isSpend ? item.hourlyCommitment.rounded(to: 3) + "/h" : item.quantity.description + " x"
        return [
            amount, item.offer.rawValue, scope.isEmpty ? "any" : scope,
            [item.term?.rawValue ?? "", item.payment.map { "\($0.rawValue) upfront" } ?? ""].joined(separator: " ")
                + (item.start.map { ", from \($0.hour.day)" } ?? ""),
            money(hourlyCost(item), 2) + "/h in all",
        ]
    }

    /// What it costs an hour, the upfront part spread over the term.
    private static func hourlyCost(_ item: Commitment) -> Money {
        if item.offer.isSpend { return item.hourlyCommitment }
        let spread = FixedPoint.divideHalfEven(item.upfront.raw, by: Int128(item.amortizationHours))
        // Thousandths of units are enough to rank and show, and cannot overflow.
        let count = FixedPoint.divideHalfEven(item.quantity.raw, by: 1_000_000_000)
        return Money(raw: FixedPoint.divideHalfEven((item.hourly.raw + spread) * count, by: 1_000))
    }

    // MARK: What is left

    private var notCovered: [String] {
        var rows: [String] = []
        let left = outcome.after.total.onDemand
        if left.raw > 0 {
            rows.append("\(Self.money(left)) stays at on-demand rates")
        }
        var reasons: [String: [String]] = [:]
        for verdict in outcome.plan?.verdicts ?? [] {
            switch verdict.outcome {
            case .recommend: continue
            case .keep(let reason): reasons[reason, default: []].append(verdict.subject)
            case .notEvaluated(let missing, let remedy):
                reasons["\(missing) is missing: \(remedy)", default: []].append(verdict.subject)
            }
        }
        let ranked = reasons.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        for (reason, subjects) in ranked.prefix(Self.reasonsShown) {
            let more = subjects.count > 1 ? " and \(subjects.count - 1) more" : ""
            rows.append("\(subjects[0])\(more): \(reason)")
        }
        if ranked.count > Self.reasonsShown {
            rows.append("… \(ranked.count - Self.reasonsShown) more reasons in report.json")
        }
        for item in outcome.before.unpriced.prefix(Self.reasonsShown) {
            rows.append("\(item.key.sku) in \(item.key.region) is billed nowhere: \(item.reason)")
        }
        return rows
    }

    private var compared: TextTable {
        let all = [(result.scenario.name, outcome)] + result.variants.map { ($0.name, $0.outcome) }
        return Self.table(
            all.map { name, outcome in
                let before = outcome.before.total.effective
                let share = ScenarioReport.percent(outcome.saving, of: before)
                return (
                    name, Self.money(outcome.after.total.effective), "after, of \(Self.money(before)): saves \(share) %"
                )
            })
    }

    // MARK: Text

    /// Name, amount, remark.
    private static func table(_ rows: [(String, String, String)]) -> TextTable {
        var table = TextTable([.init(""), .init("", isNumber: true), .init("")], indent: 2, hasHead: false)
        for row in rows { table.add([row.0, row.1, row.2]) }
        return table
    }

    /// An amount with thousands apart.
    static func money(_ value: Money, _ places: Int = 2) -> String { Show.grouped(value.rounded(to: places)) }
}
