internal import PlimsollCore
internal import Rating

/// The summary on a terminal: read in ten seconds.
public struct ScenarioSummary: Sendable {
    private let result: ScenarioResult
    private static let rowsShown = 10
    private static let reasonsShown = 5

    /// A summary of `result`.
    public init(_ result: ScenarioResult) { self.result = result }

    private var outcome: ScenarioOutcome { result.outcome }
    private var currency: String { outcome.before.currency }

    /// The text, no line longer than `width` columns; ends in a newline.
    public func text(width: Int) -> String {
        var lines = [title, ""]
        lines += figures
        lines += [""] + purchases
        let missing = notCovered
        if !missing.isEmpty { lines += ["", "Not covered"] + missing }
        if !result.variants.isEmpty { lines += ["", "Compared"] + compared }
        if let calibration = outcome.calibration {
            let report = CalibrationReport(calibration: calibration, demand: "", prices: "")
            lines += ["", "Calibration: \(report.statement)"]
            for statement in [report.coverageStatement, report.shapeStatement].compactMap(\.self) {
                lines.append("  \(statement)")
            }
        }
        lines += ["", "Prices: \(outcome.estate.priceSource)", "Demand: \(outcome.estate.demandSource)"]
        return lines.map { Self.cut($0, width) + "\n" }.joined()
    }

    // MARK: Figures

    private var title: String {
        let window = outcome.window
        let last = window.end.advanced(by: -1).day
        return "\(result.scenario.name): \(window.start.day) to \(last), \(currency), effective cost"
    }

    private var figures: [String] {
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
        if let certificate = outcome.plan?.certificate {
            let gap = GapParts(certificate)
            func share(_ part: Money) -> String { ScenarioReport.percent(part, of: certificate.eligibleCost, 4) + " %" }
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

    private var purchases: [String] {
        guard let plan = outcome.plan else { return ["Buy: no lever was asked for"] }
        guard !plan.purchases.isEmpty else { return ["Buy: nothing; no commitment offered here saves money"] }
        let sorted = plan.purchases.enumerated().sorted { left, right in
            let a = Self.hourlyCost(left.element)
            let b = Self.hourlyCost(right.element)
            return a == b ? left.offset < right.offset : a > b
        }
        let count = sorted.count
        let head = count > Self.rowsShown ? "Buy (the \(Self.rowsShown) largest of \(count))" : "Buy (\(count))"
        let cells = sorted.prefix(Self.rowsShown).map { Self.cells($0.element) }
        let widths = (0..<5).map { column in cells.map { $0[column].count }.max() ?? 0 }
        return [head]
            + cells.map { row in
                let padded = row.enumerated().map { column, cell in
                    let space = String(repeating: " ", count: widths[column] - cell.count)
                    return column == 0 || column == 4 ? space + cell : cell + space
                }
                return "  " + padded.joined(separator: "  ")
            }
    }

    private static func cells(_ item: Commitment) -> [String] {
        let what = [item.sku.isEmpty ? item.family : item.sku, item.zone.isEmpty ? item.region : item.zone, item.os]
        let scope = what.filter { !$0.isEmpty }.joined(separator: " ")
        let amount = item.offer.isSpend ? item.hourlyCommitment.rounded(to: 3) + "/h" : item.quantity.description + " x"
        return [
            amount, item.offer.rawValue, scope.isEmpty ? "any" : scope,
            [item.term?.rawValue ?? "", item.payment.map { "\($0.rawValue) upfront" } ?? ""].joined(separator: " "),
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
            rows.append("  \(Self.money(left)) stays at on-demand rates")
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
            rows.append("  \(subjects[0])\(more): \(reason)")
        }
        if ranked.count > Self.reasonsShown {
            rows.append("  … \(ranked.count - Self.reasonsShown) more reasons in report.json")
        }
        for item in outcome.before.unpriced.prefix(Self.reasonsShown) {
            rows.append("  \(item.key.sku) in \(item.key.region) is billed nowhere: \(item.reason)")
        }
        return rows
    }

    private var compared: [String] {
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

    private static func table(_ rows: [(String, String, String)]) -> [String] {
        let first = rows.map(\.0.count).max() ?? 0
        let second = rows.map(\.1.count).max() ?? 0
        return rows.map { name, amount, note in
            let left = name + String(repeating: " ", count: first - name.count)
            let right = String(repeating: " ", count: second - amount.count) + amount
            let line = "  \(left)  \(right)  \(note)"
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// An amount with thousands apart.
    static func money(_ value: Money, _ places: Int = 2) -> String {
        let text = value.rounded(to: places)
        let sign = text.hasPrefix("-") ? "-" : ""
        let parts = text.dropFirst(sign.count).split(separator: ".", maxSplits: 1)
        let digits = Array(parts.first ?? "0")
        var whole = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { whole += "," }
            whole.append(digit)
        }
        return sign + whole + (parts.count > 1 ? "." + parts[1] : "")
    }

    private static func cut(_ line: String, _ width: Int) -> String {
        guard width > 1, line.count > width else { return line }
        return line.prefix(width - 1) + "…"
    }
}
