internal import PlimsollCore

/// A piece of a sentence: words of our own, or an exact amount of the report to be shown rounded.
enum Piece: Hashable, Sendable {
    case words(String)
    case amount(String)
}

/// One answer to a question that is asked before money is committed.
struct KeyFact: Sendable {
    var title: String
    var value: Piece
    var note: [Piece]
}

extension ReportDocument {
    // MARK: Amounts

    /// Decimals of amounts.
    var places: Int { Show.places(for: before) }

    /// An exact amount as it is shown.
    func shown(_ exact: String) -> String { Show.fitting(exact, places: places) }

    /// Whether the plan was made for the very hours it was found in.
    var isHindsight: Bool {
        let past = root.at("bills", "past", "window")
        return past?["from"]?.string != nil && past == root.at("window") && !purchases.isEmpty
    }

    // MARK: Sentences

    /// The certificate in one sentence; empty where nothing was planned.
    var certificate: [Piece] {
        guard let cost = root.at("certificate", "cost")?.string else { return [] }
        let bound = root.text("certificate", "lower_bound")
        // Agreements such as support are in the bill, not in what is proved.
        let before = cost == after ? "" : " (before agreements)"
        let start: [Piece] = [
            .words("No purchase of the same offers can bring the bill\(before) below "), .amount(bound),
        ]
        guard bound != cost else {
            return start + [
                .words(
                    " \(currency); \(purchases.isEmpty ? "it is at that now" : "this plan brings it to exactly that").")
            ]
        }
        let share = root.text("certificate", "gap", "percent_of_eligible")
        let gap = root.text("certificate", "gap", "total")
        let here: [Piece] = [
            .words(" \(currency); \(purchases.isEmpty ? "buying nothing leaves it at" : "this plan brings it to") "),
            .amount(cost),
        ]
        if Show.amount(gap) == "0.00" { return start + here + [.words(": the best possible but for rounding.")] }
        return start + here + [
            .words(": at most "), .amount(gap),
            .words(
                " \(currency) above the best possible, \(share == "0.0000" ? "less than 0.0001" : share) % of what"
                    + " purchases can change."),
        ]
    }

    /// What is committed, what is at risk, what waiting costs, when it has paid off; none where nothing is bought.
    var keyFacts: [KeyFact] {
        guard let plan = root.at("plan"), case .object = plan else { return [] }
        return [commitment(plan), range, fall(plan), waiting(plan), payback(plan)].compactMap { $0 }
    }

    /// What is saved in the middle of the futures drawn, and where most of them lie.
    private var range: KeyFact? {
        guard let range = root.at("savings", "range"), case .object = range else { return nil }
        let losing = range.text("losing_percent")
        let isSafe = (Money(losing)?.raw ?? 0) == 0
        return KeyFact(
            title: "Saving in \(range.text("samples")) futures", value: .amount(range.text("median")),
            note: [
                .words("in the middle one; 90\u{a0}% lie from "), .amount(range.text("low")), .words(" to "),
                .amount(range.text("high")),
                .words(isSafe ? "; none loses money" : "; \(losing)\u{a0}% lose money"),
            ])
    }

    private func commitment(_ plan: JSONValue) -> KeyFact? {
        guard let total = plan.at("committed")?.string else { return nil }
        let upfront = plan.text("upfront")
        let count = purchases.count == 1 ? "the term of one commitment" : "the terms of \(purchases.count) commitments"
        let isNothing = (Money(upfront)?.raw ?? 0) == 0
        return KeyFact(
            title: "Committed to", value: .amount(total),
            note: [.words("over \(count), ")]
                + (isNothing ? [.words("nothing upfront")] : [.amount(upfront), .words(" of it upfront")]))
    }

    /// The largest fall of demand that still saves, and the first that does not.
    private func fall(_ plan: JSONValue) -> KeyFact? {
        let falls = plan.list("demand_falls")
        let lost = falls.first { $0.text("saving").hasPrefix("-") }
        let kept = falls.prefix { !$0.text("saving").hasPrefix("-") }.last
        guard let told = kept ?? lost else { return nil }
        let next: [Piece] =
            lost.map { fall in
                [.words("still saved; at \(fall.text("percent"))\u{a0}% it is "), .amount(fall.text("saving"))]
            } ?? [.words("still saved")]
        return KeyFact(
            title: "If demand falls by \(told.text("percent"))\u{a0}%", value: .amount(told.text("saving")),
            note: kept == nil ? [.words("a loss against not buying")] : next)
    }

    private func waiting(_ plan: JSONValue) -> KeyFact? {
        guard let cost = plan.at("waiting_a_month")?.string else { return nil }
        let note = cost.hasPrefix("-") ? "a minus: waiting is better" : "beginning a calendar month later"
        return KeyFact(title: "Waiting a month costs", value: .amount(cost), note: [.words(note)])
    }

    private func payback(_ plan: JSONValue) -> KeyFact {
        let month = plan.text("break_even_month")
        return month.isEmpty
            ? KeyFact(title: "Paid off in cash", value: .words("Later"), note: [.words("not within the period")])
            : KeyFact(
                title: "Paid off in cash", value: .words(Show.month(month)),
                note: [.words("by its end no more was spent than without the plan")])
    }
}

extension Show {
    /// Decimals of amounts beside a bill: none where it is so large that they say nothing.
    static func places(for bill: String) -> Int {
        (Money(bill)?.raw.magnitude ?? 0) >= Money(10_000).raw.magnitude ? 0 : 2
    }

    /// An exact amount with `places` decimals; what would round to nothing keeps two.
    static func fitting(_ exact: String, places: Int) -> String {
        guard places == 0, let value = Money(exact) else { return amount(exact) }
        let isSmall = value.raw != 0 && value.raw.magnitude * 2 <= Money(1).raw.magnitude
        return amount(exact, places: isSmall ? 2 : 0)
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]

    /// `2026-07` as `July 2026`; the text itself where it is no month.
    static func month(_ text: String) -> String {
        let parts = text.split(separator: "-")
        guard parts.count == 2, let number = Int(parts[1]), months.indices.contains(number - 1) else { return text }
        return "\(months[number - 1]) \(parts[0])"
    }
}
