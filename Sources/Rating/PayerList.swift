internal import PlimsollCore

/// Sorts usage and commitments by who pays: nothing is shared beyond a provider's billing account.
struct PayerList {
    private struct Key: Hashable {
        var provider: String
        var billingAccount: String
    }

    private let input: RatingInput
    private let listed: [String: AccountRow]
    /// Positions in the usage.
    private var lines: [Key: [Int]] = [:]
    private var held: [Key: [Int]] = [:]
    private let window: HourGrid

    init(_ input: RatingInput, window: HourGrid) {
        self.input = input
        self.window = window
        listed = Dictionary(input.accounts.map { ($0.account, $0) }, uniquingKeysWith: { first, _ in first })
        sortLines()
        if !input.commitments.isEmpty { assignCommitments() }
    }

    /// Neighbours in the file mostly have the same payer: it is looked up once for all of them.
    private mutating func sortLines() {
        var current = Key(provider: "", billingAccount: "")
        var list: [Int] = []
        for (position, line) in input.usage.enumerated() where line.series.grid.intersection(window).count > 0 {
            let next = key(of: line.key)
            if next != current {
                if !list.isEmpty { lines[current, default: []] += list }
                (current, list) = (next, [])
            }
            list.append(position)
        }
        if !list.isEmpty { lines[current, default: []] += list }
    }

    private func key(of usage: UsageKey) -> Key {
        if listed.isEmpty { return Key(provider: usage.provider, billingAccount: usage.billingAccount) }
        let listedPayer = listed[usage.account]?.billingAccount ?? ""
        let payer = listedPayer.isEmpty ? usage.billingAccount : listedPayer
        return Key(provider: usage.provider, billingAccount: payer)
    }

    /// A commitment that names no billing account belongs to its account's: the one listed, the one its
    /// usage has, or the provider's only one.
    private mutating func assignCommitments() {
        var payerOfAccount: [String: String] = [:]
        for (key, list) in lines {
            for line in list { payerOfAccount[input.usage[line].key.account] = key.billingAccount }
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

    /// By key, byte by byte: all keys are laid out in one piece, since comparing them field by field is slow.
    private func sorted(_ positions: [Int]) -> [UsageLine] {
        var bytes: [UInt8] = []
        var ends = [0]
        ends.reserveCapacity(positions.count + 1)
        for position in positions {
            for field in input.usage[position].key.sortFields {
                bytes.append(contentsOf: field.utf8)
                bytes.append(1)
            }
            ends.append(bytes.count)
        }
        let order = bytes.withUnsafeBufferPointer { all in
            positions.indices.sorted { left, right in
                Self.precedes(all[ends[left]..<ends[left + 1]], all[ends[right]..<ends[right + 1]])
            }
        }
        return order.map { input.usage[positions[$0]] }
    }

    private static func precedes(
        _ left: Slice<UnsafeBufferPointer<UInt8>>, _ right: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Bool {
        let (a, b) = (UnsafeBufferPointer(rebasing: left), UnsafeBufferPointer(rebasing: right))
        for index in 0..<min(a.count, b.count) where a[index] != b[index] { return a[index] < b[index] }
        return a.count < b.count
    }
}
