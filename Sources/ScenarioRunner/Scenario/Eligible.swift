internal import PlimsollCore
internal import Rating

/// Which usage a commitment could serve at all: that which the price book has a row for under some offer.
struct Eligible {
    private let estate: RatingEstate
    private let offers: [Offer]

    init(_ input: RatingInput) throws(Failure) {
        estate = try RatingEstate(input)
        offers = Set(input.prices.map(\.offer)).filter(\.isCommitment).sorted()
    }

    /// List cost of it by month, and the keys of it, without who uses it.
    func byMonth(_ rows: [BillSheet.Row]) -> (sums: [Hour: Money], keys: Set<UsageKey>) {
        var known: [UsageKey: Bool] = [:]
        var keys: Set<UsageKey> = []
        var month: Hour?
        var result: [Hour: Money] = [:]
        for row in rows {
            // Prices change over time: what was looked up holds for its month.
            if row.month != month { (month, known) = (row.month, [:]) }
            guard row.kind == .usage, let key = row.key?.scopeless, key.pricing != .spot else { continue }
            let isEligible = known[key] ?? offers.contains { reaches($0, key, row.month.day) }
            known[key] = isEligible
            guard isEligible else { continue }
            keys.insert(key)
            result[row.month, default: .zero] += row.amounts.list
        }
        return (result, keys)
    }

    private func reaches(_ offer: Offer, _ key: UsageKey, _ day: Day) -> Bool {
        !estate.rules.book.variants(of: key, offer: offer, on: day).isEmpty
    }
}
