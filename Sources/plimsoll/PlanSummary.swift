import CommitmentPlanner
import PlimsollCore
import Rating
import Reporting

/// What `plan commitments` prints: read in ten seconds.
enum PlanSummary {
    /// Lines of at most `width` cells, the folder's name apart: a path is useful whole only.
    static func text(_ outcome: CommitmentPlanner.Outcome, folder: String, width: Int) -> String {
        let certificate = outcome.certificate
        let currency = outcome.after.currency
        let (before, after) = (outcome.before.total.effective, outcome.after.total.effective)
        let gap = certificate.cost - certificate.lowerBound
        var sums = TextTable([.init(""), .init("", isNumber: true), .init("")], hasHead: false)
        sums.add(["bill before", show(before), currency])
        sums.add(["bill after", show(after), currency])
        sums.add(["saving", show(before - after), "\(currency), \(percent(before - after, before))"])
        if certificate.cost != after {
            sums.add([
                "valued at", show(certificate.cost), "\(currency): by the discount rate and what outlasts the window",
            ])
        }
        sums.add(["bound", show(certificate.lowerBound), "\(currency): no plan costs less"])
        sums.add(["gap", show(gap), "\(currency), \(percent(gap, certificate.eligibleCost)) of eligible cost"])
        sums.add(["", show(certificate.cost - certificate.relaxation), "of it by the vendor's order"])
        sums.add(["", show(certificate.relaxation - certificate.lowerBound), "of it left by the search"])
        return sums.text(width: width) + "\n" + purchases(outcome, width)
            + "\nwritten to \(folder)/plan.json\ncheck it: plimsoll verify \(folder)/plan.json\n"
    }

    private static func show(_ amount: Money) -> String { Show.grouped(amount.rounded(to: 2)) }

    private static func purchases(_ outcome: CommitmentPlanner.Outcome, _ width: Int) -> String {
        guard !outcome.purchases.isEmpty else { return "buy nothing: no offer lowers this bill\n" }
        let uses = outcome.after.commitments.suffix(outcome.purchases.count)
        let largest = zip(outcome.purchases, uses).sorted { $0.1.effective > $1.1.effective }
        var table = TextTable(
            [
                .init("how much", isNumber: true), .init("offer"), .init("for"), .init("terms"),
                .init("costs", isNumber: true), .init("used", isNumber: true),
            ], indent: 2)
        for (item, use) in largest.prefix(10) {
            let scope = [item.offer.isSpend ? item.family : item.sku, item.region, item.os].filter { !$0.isEmpty }
            let start = item.start.map { "from \($0.hour.day)" }
            let terms = [item.term?.rawValue, item.payment.map { "\($0.rawValue) upfront" }, start].compactMap { $0 }
            let size = item.offer.isSpend ? "\(item.hourlyCommitment)/h" : "\(item.quantity) x"
            table.add([
                size, item.offer.rawValue, scope.isEmpty ? "any usage" : scope.joined(separator: " "),
                terms.joined(separator: " "), show(use.effective),
                Money(raw: use.utilization.raw * 100).rounded(to: 1) + " %",
            ])
        }
        let more = largest.count > 10 ? "  and \(largest.count - 10) more in plan.csv\n" : ""
        return "buy (\(outcome.purchases.count)):\n" + table.text(width: width) + more
    }

    static func percent(_ part: Money, _ whole: Money) -> String {
        guard whole.raw > 0 else { return "0 %" }
        let share = FixedPoint.divideHalfEven(part.raw * 1_000_000, by: whole.raw)
        return Money(raw: share * 100_000_000).rounded(to: 4) + " %"
    }
}
