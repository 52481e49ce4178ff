public import PlimsollCore
internal import Rating

/// A condition under which a run is to fail, for use in continuous integration: `utilization<90%`.
public struct FailCondition: Sendable, Hashable {
    /// What can be asked of the bill with all levers.
    public enum Figure: String, Sendable, CaseIterable {
        /// Part of the commitments' cost that served usage, per cent.
        case utilization
        /// Part of the usage that some offer reaches which commitments serve, at list prices, per cent.
        case coverage
        /// What the levers save, in per cent of the bill before.
        case saving
        /// Cost of commitments that served nothing, in the bill's currency.
        case unused
        /// What usage left over costs at on-demand rates, in the bill's currency.
        case onDemand = "on-demand"
        /// How far the plan is from the best possible one, in per cent of what it could change.
        case gap

        /// Whether it is a percentage.
        var isPercent: Bool { self != .unused && self != .onDemand }
    }

    private enum Comparison: String { case below = "<", atMost = "<=", above = ">", atLeast = ">=" }

    /// The condition as given.
    public let text: String
    private let figure: Figure
    private let comparison: Comparison
    private let limit: Money

    /// Reads `figure<limit`, with `<`, `<=`, `>` or `>=`; percentages end in `%`, amounts do not.
    ///
    /// Throws ``Failure`` (64) where it is none.
    public init(_ text: String) throws(Failure) {
        let plain = text.filter { $0 != " " }
        let name = plain.prefix { $0 != "<" && $0 != ">" }
        let rest = plain.dropFirst(name.count)
        let sign = String(rest.prefix { "<>=".contains($0) })
        let number = rest.dropFirst(sign.count)
        let isPercent = number.hasSuffix("%")
        guard let figure = Figure(rawValue: String(name)), let comparison = Comparison(rawValue: sign),
            let limit = Money(String(isPercent ? number.dropLast() : number)), isPercent == figure.isPercent
        else {
            let names = Figure.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw Failure(
                .usage, "run.bad-condition", "`\(text)` is no condition",
                hint: "write a figure (\(names)), one of < <= > >=, and a limit: `utilization<90%`, `unused>100`")
        }
        (self.text, self.figure, self.comparison, self.limit) = (text, figure, comparison, limit)
    }

    /// What is said where it holds of the result; nil where it does not, or where there is no such figure.
    public func complaint(_ result: ScenarioResult) -> String? {
        guard let value = value(result) else { return nil }
        let holds =
            switch comparison {
            case .below: value < limit
            case .atMost: value <= limit
            case .above: value > limit
            case .atLeast: value >= limit
            }
        let unit = figure.isPercent ? "%" : result.outcome.after.currency
        return holds ? "\(figure.rawValue) is \(value.rounded(to: 2)) \(unit): `\(text)`" : nil
    }

    private func value(_ result: ScenarioResult) -> Money? {
        let outcome = result.outcome
        let months = MonthSums.make(outcome.sheetAfter.rows).values
        func sum(_ part: (MonthSums) -> Money) -> Money { months.reduce(.zero) { $0 + part($1) } }
        func percent(_ part: Money, of whole: Money) -> Money? {
            whole > .zero ? Money(ScenarioReport.percent(part, of: whole, 6)) : nil
        }
        switch figure {
        case .utilization: return percent(sum { $0.used }, of: sum { $0.committed })
        case .coverage: return percent(sum { $0.covered }, of: outcome.eligible.values.reduce(.zero, +))
        case .saving: return percent(outcome.saving, of: outcome.before.total.effective) ?? .zero
        case .unused: return sum { $0.committed - $0.used }
        case .onDemand: return outcome.after.total.onDemand
        case .gap:
            guard let plan = outcome.plan else { return nil }
            return percent(GapParts(plan.certificate).total, of: plan.certificate.eligibleCost) ?? .zero
        }
    }
}
