internal import PlimsollCore
internal import Rating

/// What a purchase is worth and what it risks, each figure the difference of two bills.
struct PurchaseFigures: Sendable {
    var id: String
    /// Effective cost without it less with it, everything else bought.
    var saving: Money
    /// Its own cost in the window: amortised, and cash.
    var fee: Money
    var cash: Money
    /// Usage it serves, at on-demand list prices, and how much of it is used.
    var covered: Money
    var utilization: Quantity
    var risk: RiskFigures
}

/// What changes where the future does.
struct RiskFigures: Sendable {
    /// Demand lower by so many per cent, and what is saved then; negative is a loss.
    struct Fall: Sendable {
        var percent: Int
        var saving: Money
    }

    /// The first month by whose end the cash spent is no more than without; nil = not in the window.
    var breakEven: Hour?
    var falls: [Fall] = []
    /// What beginning a calendar month later costs; nil where the term is shorter than the window.
    var waiting: Money?
}

/// What was found about the plan as a whole and about each purchase.
struct PlanAnalysis: Sendable {
    var whole: RiskFigures
    var purchases: [PurchaseFigures]
    /// Purchases that were not looked at one by one: too much work for too little money.
    var omitted: Int
}

/// Re-rates the bill to come with changed demand, starts and purchases.
struct PlanAnalyst {
    static let falls = [10, 20, 30, 50]
    /// Lines × hours that may be rated in all: some seconds of a release build.
    private static let work = 2_000_000_000

    /// The bill to come without the purchases, and with them.
    let without: RatingInput
    let bought: [Commitment]
    let bills: (without: Bill, with: Bill)
    /// Told how many purchases are done.
    var counted: @Sendable (_ done: Int, _ of: Int, _ what: String) -> Void = { _, _, _ in }

    func analysis() throws(Failure) -> PlanAnalysis {
        let all = bought.indices.map { $0 }
        var fallen: [(percent: Int, with: Money)] = []
        var whole = RiskFigures(breakEven: Self.breakEven(bills.with, bills.without))
        for percent in Self.falls {
            let with = try effective(all, percent)
            whole.falls.append(.init(percent: percent, saving: try effective([], percent) - with))
            fallen.append((percent, with))
        }
        whole.waiting = try waiting(all)
        let ranked = bought.indices.sorted { (fee(at: $0), $1) > (fee(at: $1), $0) }
        let looked = ranked.prefix(affordable).sorted()
        var figures: [PurchaseFigures] = []
        counted(0, looked.count, "purchases looked at")
        for index in looked {
            figures.append(try purchase(index, all, fallen))
            counted(figures.count, looked.count, "purchases looked at")
        }
        return PlanAnalysis(whole: whole, purchases: figures, omitted: bought.count - figures.count)
    }

    /// How many purchases can be looked at one by one.
    private var affordable: Int {
        let size = max(1, without.usage.count * max(1, bills.without.window?.count ?? 1))
        return max(5, Self.work / size / (Self.falls.count + 2))
    }

    private func purchase(
        _ index: Int, _ all: [Int], _ fallen: [(percent: Int, with: Money)]
    ) throws(Failure) -> PurchaseFigures {
        let others = all.filter { $0 != index }
        let bill = others.isEmpty ? bills.without : try Rater.rate(input(others))
        var risk = RiskFigures(breakEven: Self.breakEven(bills.with, bill))
        for (percent, with) in fallen {
            risk.falls.append(.init(percent: percent, saving: try effective(others, percent) - with))
        }
        risk.waiting = all.count == 1 ? try waiting(all) : try waiting([index])
        let use = use(at: index)
        return PurchaseFigures(
            id: bought[index].id, saving: bill.total.effective - bills.with.total.effective,
            fee: use?.effective ?? .zero, cash: use?.billed ?? .zero, covered: use?.coveredList ?? .zero,
            utilization: use?.utilization ?? .zero, risk: risk)
    }

    // MARK: Bills

    private func use(at index: Int) -> CommitmentUse? {
        let position = without.commitments.count + index
        return bills.with.commitments.indices.contains(position) ? bills.with.commitments[position] : nil
    }

    private func fee(at index: Int) -> Money { use(at: index)?.effective ?? .zero }

    private func input(_ held: [Int], fall: Int = 0, late: Set<Int> = []) -> RatingInput {
        var result = without
        (result.detail, result.sumsHours) = ([], false)
        result.window = bills.without.window
        result.commitments += held.map { late.contains($0) ? later(bought[$0]) ?? bought[$0] : bought[$0] }
        if fall > 0 { result.usage = result.usage.map { $0.lowered(by: fall * 100) } }
        return result
    }

    private func effective(_ held: [Int], _ fall: Int) throws(Failure) -> Money {
        try Rater.rate(input(held, fall: fall)).total.effective
    }

    // MARK: Waiting

    /// What it costs to begin some of the purchases a calendar month later.
    private func waiting(_ late: [Int]) throws(Failure) -> Money? {
        guard late.allSatisfy({ later(bought[$0]) != nil }) else { return nil }
        let bill = try Rater.rate(input(bought.indices.map { $0 }, late: Set(late)))
        return bill.total.effective - bills.with.total.effective
    }

    private func later(_ item: Commitment) -> Commitment? {
        guard let window = bills.without.window, let term = item.term, let start = item.start else { return nil }
        guard term.hours >= window.count else { return nil }
        var result = item
        let first = start.hour.nextMonth
        result.start = Instant(hour: first)
        result.end = Instant(hour: first.advanced(by: term.hours))
        return result
    }

    // MARK: Break-even

    /// The first month from whose end on the cash spent stays at or below what it would be without.
    static func breakEven(_ with: Bill, _ without: Bill) -> Hour? {
        var sums: [Hour: Money] = [:]
        for month in with.months { sums[month.month, default: .zero] += month.billed }
        for month in without.months { sums[month.month, default: .zero] -= month.billed }
        var total = Money.zero
        var found: Hour?
        for (month, difference) in sums.sorted(by: { $0.key < $1.key }) {
            total += difference
            if total.raw > 0 { found = nil } else if found == nil { found = month }
        }
        return found
    }
}

extension BillMonth {
    /// Cash of the month.
    var billed: Money { kinds.values.reduce(.zero) { $0 + $1.billed } }
}
