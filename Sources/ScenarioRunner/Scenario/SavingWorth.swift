internal import PlimsollCore
internal import Rating

/// What a saving is worth on the whole bill: floors, percentages and credits work on all charges, and give back or
/// take again part of what is saved on them.
struct SavingWorth {
    /// Saved on usage and commitments.
    let charges: Money
    /// Saved on the bill.
    let bill: Money
    /// What each kind of agreement takes of what is saved on charges; negative where it adds to it.
    let taken: [(kind: ChargeKind, amount: Money)]

    init(_ outcome: ScenarioOutcome) {
        func sums(_ bill: Bill) -> [ChargeKind: Money] {
            bill.months.reduce(into: [:]) { sums, month in
                for (kind, amounts) in month.kinds { sums[kind, default: .zero] += amounts.effective }
            }
        }
        let (before, after) = (sums(outcome.before), sums(outcome.after))
        func saved(_ kind: ChargeKind) -> Money { (before[kind] ?? .zero) - (after[kind] ?? .zero) }
        charges = [ChargeKind.usage, .commitmentFee, .carried].reduce(.zero) { $0 + saved($1) }
        bill = outcome.saving
        taken = [ChargeKind.floor, .percentOf, .credit].map { ($0, .zero - saved($0)) }.filter { $0.1 != .zero }
    }

    /// Of one currency unit saved on charges, in percent.
    var percent: String { ScenarioReport.percent(bill, of: charges) }

    /// A warning where the bill falls by less than the charges.
    var warning: Diagnostic? {
        guard charges > .zero, bill < charges else { return nil }
        let words: [ChargeKind: String] = [.floor: "floors", .percentOf: "percentages", .credit: "credits"]
        let parts = taken.filter { $0.amount > .zero }.map { part in
            "\(words[part.kind] ?? part.kind.rawValue) take \(ScenarioSummary.money(part.amount))"
        }
        return Diagnostic(
            .warning, "agreements.saving-worth-less",
            "a saving is worth \(percent) % of itself: charges fall by \(ScenarioSummary.money(charges)), the bill by "
                + "\(ScenarioSummary.money(bill)) (\(parts.joined(separator: ", ")))",
            hint: "the saving shown is that of the whole bill; see `agreements` of the scenario")
    }
}
