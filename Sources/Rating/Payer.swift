public import PlimsollCore

/// One billing account: its usage lines, its commitments, and who shares with whom.
public struct Payer: Sendable {
    /// The billing account.
    public var id: String
    /// Sorted by key, so that results never depend on the order of rows.
    public var lines: [UsageLine]
    /// What it holds.
    public var commitments: [Commitment]
    /// Positions of the commitments in the input.
    var positions: [Int]
    /// Accounts with sharing off.
    var unshared: Set<String>
    /// Account or management group above each account.
    var parents: [String: String]
    var window: HourGrid
    /// Position of its first commitment among all.
    var commitmentOffset: Int

    /// A line without an account is the payer's own.
    public func account(of key: UsageKey) -> String { key.account.isEmpty ? id : key.account }

    /// A commitment without an account is the payer's own.
    public func owner(of commitment: Commitment) -> String { commitment.account.isEmpty ? id : commitment.account }

    /// Who should own a new commitment that is to serve `account`: the payer, where both share.
    public func owner(forUsageOf account: String) -> String {
        if unshared.contains(account) { return account }
        guard unshared.contains(id) else { return id }
        return lines.map { self.account(of: $0.key) }.filter { !unshared.contains($0) }.min() ?? account
    }

    /// What a commitment holds in an hour, in 10⁻¹² of the unit that usage takes.
    func capacity(_ member: Int, _ pool: Pool) -> Int128 {
        let commitment = commitments[member]
        if commitment.offer.isSpend { return commitment.hourlyCommitment.raw }
        return FixedPoint.divideHalfEven(commitment.quantity.raw * pool.rules.unitSize, by: FixedPoint.one)
    }

    /// Whether a commitment's benefit reaches usage of `account` in resource group `group`.
    public func reaches(_ commitment: Commitment, owner: String, account: String, group: String) -> Bool {
        let isOwn = account == owner
        switch commitment.sharing {
        case .account: return isOwn
        case .resourceGroup: return isOwn && group == commitment.resourceGroup
        case .managementGroup: return isOwn || isBelow(account, commitment.account)
        case .organization: return isOwn || (!unshared.contains(owner) && !unshared.contains(account))
        }
    }

    private func isBelow(_ account: String, _ group: String) -> Bool {
        var seen: Set<String> = []
        var current = account
        while let parent = parents[current], seen.insert(current).inserted {
            if parent == group { return true }
            current = parent
        }
        return false
    }

    func tooLarge(_ line: Int) -> Failure {
        Failure(
            .badInput, "rating.out-of-range",
            "usage of `\(lines[line].key.sku)` in account `\(account(of: lines[line].key))` is too large to be billed exactly",
            hint: "check the quantity's and the price's units: fewer than 20 digits are expected in an hour")
    }
}
