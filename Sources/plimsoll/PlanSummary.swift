import CommitmentPlanner
import PlimsollCore
import Rating
import Reporting

/// What `plan commitments` prints: read in ten seconds.
enum PlanSummary {
    static func text(_ outcome: CommitmentPlanner.Outcome, folder: String) -> String {
        let certificate = outcome.certificate
        let currency = outcome.after.currency
        let (before, after) = (outcome.before.total.effective, outcome.after.total.effective)
        var lines = [
            "bill before    \(before.rounded(to: 2)) \(currency)",
            "bill after     \(after.rounded(to: 2)) \(currency)",
            "saving         \((before - after).rounded(to: 2)) \(currency) (\(percent(before - after, before)))",
            "no plan costs less than \(certificate.lowerBound.rounded(to: 2)) \(currency)",
            "gap            \((certificate.cost - certificate.lowerBound).rounded(to: 2)) \(currency), "
                + "\(percent(certificate.cost - certificate.lowerBound, certificate.eligibleCost)) of eligible cost: "
                + "vendor's order \((certificate.cost - certificate.relaxation).rounded(to: 2)), "
                + "search \((certificate.relaxation - certificate.lowerBound).rounded(to: 2))",
            "",
        ]
        lines += purchases(outcome)
        lines += ["", "written to \(folder)/plan.json; check it with `plimsoll verify \(folder)/plan.json`"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func purchases(_ outcome: CommitmentPlanner.Outcome) -> [String] {
        guard !outcome.purchases.isEmpty else { return ["buy nothing: no offer lowers this bill"] }
        let uses = outcome.after.commitments.suffix(outcome.purchases.count)
        let largest = zip(outcome.purchases, uses).sorted { $0.1.effective > $1.1.effective }
        var lines = ["buy (\(outcome.purchases.count)):"]
        for (item, use) in largest.prefix(10) {
            let size = item.offer.isSpend ? "\(item.hourlyCommitment) an hour" : "\(item.quantity) × \(item.sku)"
            let scope = [item.region, item.offer.isSpend ? item.family : "", item.os].filter { !$0.isEmpty }
            let terms = [item.term?.rawValue, item.payment.map { "\($0.rawValue) upfront" }].compactMap { $0 }
            let used = Money(raw: use.utilization.raw * 100).rounded(to: 1)
            lines.append(
                "  \(item.offer.rawValue)  \(scope.joined(separator: " "))  \(size)  \(terms.joined(separator: " "))  "
                    + "costs \(use.effective.rounded(to: 2)), \(used) % used")
        }
        if largest.count > 10 { lines.append("  and \(largest.count - 10) more in plan.csv") }
        return lines
    }

    static func percent(_ part: Money, _ whole: Money) -> String {
        guard whole.raw > 0 else { return "0 %" }
        let share = FixedPoint.divideHalfEven(part.raw * 1_000_000, by: whole.raw)
        return Money(raw: share * 100_000_000).rounded(to: 4) + " %"
    }
}
