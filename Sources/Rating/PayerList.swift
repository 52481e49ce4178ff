internal import PlimsollCore

/// Sorts usage and commitments by who pays: nothing is shared beyond a provider's billing account.
struct PayerList {
    private struct Key: Hashable {
        var provider: String
        var billingAccount: String
    }

    private let input: RatingInput
    private let listed: [String: AccountRow]
    private var lines: [Key: [UsageLine]] = [:]
    private var held: [Key: [Int]] = [:]
    private let window: HourGrid

    init(_ input: RatingInput, window: HourGrid) {
        self.input = input
        self.window = window
        listed = Dictionary(input.accounts.map { ($0.account, $0) }, uniquingKeysWith: { first, _ in first })
        for line in input.usage where line.series.grid.intersection(window).count > 0 {
            lines[key(of: line.key), default: []].append(line)
        }
        assignCommitments()
    }

    private func key(of usage: UsageKey) -> Key {
        let listedPayer = listed[usage.account]?.billingAccount ?? ""
        let payer = listedPayer.isEmpty ? usage.billingAccount : listedPayer
        return Key(provider: usage.provider, billingAccount: payer)
    }

    /// A commitment that names no billing account belongs to its account's: the one listed, the one its
    /// usage has, or the provider's only one.
    private mutating func assignCommitments() {
        var payerOfAccount: [String: String] = [:]
        for (key, list) in lines {
            for line in list { payerOfAccount[line.key.account] = key.billingAccount }
        }
        for (index, commitment) in input.commitments.enumerated() {
            var payer = commitment.billingAccount
            if payer.isEmpty { payer = listed[commitment.account]?.billingAccount ?? "" }
            if payer.isEmpty { payer = payerOfAccount[commitment.account] ?? "" }
            let known = Set(lines.keys.filter { $0.provider == commitment.provider }.map(\.billingAccount))
            if payer.isEmpty, known.count == 1 { payer = known.first ?? "" }
            held[Key(provider: commitment.provider, billingAccount: payer), default: []].append(index)
        }
    }

    var payers: [Payer] {
        let keys = Set(lines.keys).union(held.keys).sorted {
            ($0.provider, $0.billingAccount) < ($1.provider, $1.billingAccount)
        }
        let unshared = Set(input.accounts.filter { !$0.sharing }.map(\.account))
        let parents = Dictionary(
            input.accounts.map { ($0.account, $0.parent) }, uniquingKeysWith: { first, _ in first })
        var offset = 0
        return keys.map { key in
            let positions = held[key] ?? []
            defer { offset += positions.count }
            return Payer(
                id: key.billingAccount, lines: sorted(lines[key] ?? []),
                commitments: positions.map { input.commitments[$0] }, positions: positions, unshared: unshared,
                parents: parents, window: window, commitmentOffset: offset)
        }
    }

    private func sorted(_ lines: [UsageLine]) -> [UsageLine] {
        let texts = lines.map { $0.key.sortFields.joined(separator: "\u{1}") }
        return lines.indices.sorted { texts[$0].utf8.lexicographicallyPrecedes(texts[$1].utf8) }.map { lines[$0] }
    }
}
