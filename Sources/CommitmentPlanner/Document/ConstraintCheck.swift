internal import PlimsollCore
internal import Rating

/// What purchases do not keep of the limits, by the bill itself.
struct ConstraintCheck {
    let space: PlanningSpace
    let constraints: PurchaseConstraints
    /// The input without the purchases.
    let input: RatingInput

    /// A limit that is not kept, and how.
    struct Breach: Hashable {
        var limit: String
        var detail: String
        /// Positions of the purchases it speaks of; empty = of all.
        var purchases: [Int] = []
    }

    /// - Parameter bill: with the purchases.
    func breaches(_ purchases: [Commitment], _ bill: Bill) throws(Failure) -> [Breach] {
        guard !constraints.isEmpty else { return [] }
        return upfront(purchases) + caps(purchases) + leaving(purchases) + utilization(purchases, bill)
            + uncovered(bill) + (try noRegret(purchases))
    }

    private func begin(_ item: Commitment) -> Hour { item.start?.hour ?? space.window.start }

    private func upfront(_ purchases: [Commitment]) -> [Breach] {
        var found: [Breach] = []
        let paid = purchases.map(\.paidAtOnce)
        if let limit = constraints.upfront {
            let sum = paid.reduce(.zero, +)
            if sum > limit {
                found.append(Breach(limit: "upfront", detail: "\(sum) is paid at purchase, \(limit) may be"))
            }
        }
        guard let limit = constraints.upfrontPerMonth else { return found }
        let months = Dictionary(grouping: purchases.indices) { begin(purchases[$0]).monthStart.day }
        for (month, indices) in months.sorted(by: { $0.key < $1.key }) {
            let sum = indices.reduce(Money.zero) { $0 + paid[$1] }
            guard sum > limit else { continue }
            found.append(
                Breach(
                    limit: "upfront \(month.description.prefix(7))",
                    detail: "\(sum) is paid at purchase, \(limit) may be", purchases: indices))
        }
        return found
    }

    private func caps(_ purchases: [Commitment]) -> [Breach] {
        var found: [Breach] = []
        for (index, cap) in constraints.caps.enumerated() {
            let counted = purchases.indices.filter { cap.counts(purchases[$0]) }
            for hour in Set(counted.map { begin(purchases[$0]) }).sorted() {
                let held = counted.filter { purchases[$0].active(in: space.window).contains(hour) }
                let sum = held.reduce(Money.zero) { $0 + purchases[$1].hourlyFee }
                guard sum > cap.hourly else { continue }
                found.append(
                    Breach(
                        limit: "cap \(index + 1) \(cap.scope)",
                        detail: "\(sum) an hour is committed to, \(cap.hourly) may be", purchases: held))
            }
        }
        return found
    }

    private func leaving(_ purchases: [Commitment]) -> [Breach] {
        purchases.indices.compactMap { index in
            let item = purchases[index]
            let end = item.end?.hour ?? space.window.start.advanced(by: item.term?.hours ?? 0)
            let left = constraints.leaving.first { $0.binds(item) && $0.by.firstHour < end }
            return left.map {
                Breach(limit: "leave \($0.scope)", detail: "`\(item.id)` ends on \(end.day)", purchases: [index])
            }
        }
    }

    private func utilization(_ purchases: [Commitment], _ bill: Bill) -> [Breach] {
        guard let least = constraints.utilization else { return [] }
        return bill.commitments.suffix(purchases.count).enumerated().compactMap { index, use in
            guard use.used.raw * 10_000 < use.committed.raw * Int128(least) else { return nil }
            return Breach(
                limit: "utilization",
                detail: "`\(use.id)` is used for \(use.utilization), \(Self.share(least)) is asked",
                purchases: [index])
        }
    }

    private func uncovered(_ bill: Bill) -> [Breach] {
        guard let share = constraints.uncovered, let most = space.model.servedLimit else { return [] }
        let least = space.model.servable - most
        // Rows of the bill are rounded one by one.
        let left = bill.total.onDemand.raw - space.unreached + 1_000_000
        guard left < least else { return [] }
        return [
            Breach(
                limit: "uncovered",
                detail: "\(Money(raw: left)) is left at on-demand rates, \(Self.share(share)) of the usage that offers "
                    + "reach is \(Money(raw: least))")
        ]
    }

    private func noRegret(_ purchases: [Commitment]) throws(Failure) -> [Breach] {
        guard let fall = constraints.noRegret, !purchases.isEmpty else { return [] }
        var fallen = input
        fallen.usage = input.usage.map { $0.lowered(by: fall) }
        fallen.commitments += purchases
        fallen.detail = [.commitment]
        fallen.window = space.window
        let uses = try Rater.rate(fallen).commitments.suffix(purchases.count)
        return uses.enumerated().compactMap { index, use in
            guard use.effective.raw > use.covered.raw + 1_000_000 else { return nil }
            return Breach(
                limit: "no regret",
                detail:
                    "`\(use.id)` costs \(use.effective) and serves what is worth \(use.covered) when usage falls by "
                    + Self.share(fall), purchases: [index])
        }
    }

    private static func share(_ tenThousandths: Int) -> String {
        FixedPoint.text(Int128(tenThousandths) * FixedPoint.one / 100) + " %"
    }
}
