internal import PlimsollCore

/// Leaves out pools that another one makes useless, with a proof in integers: a plan that buys such a pool
/// costs no less than one that buys the other instead, so bounds and best plans are those of what is left.
struct Domination {
    let pools: [PlanningPool]
    /// On-demand prices of the cells, in 10⁻¹² currency.
    let prices: [Int64]
    let hours: Int
    /// What a unit of each pool uses up of the limits; empty where there are none.
    var burdens: [[Burden]] = []
    /// Whether each purchase has to be used or to pay for itself: then only pools of the same proportions compare.
    var arePromised = false

    /// Why a pool was left out.
    enum Reason: Hashable {
        /// Even fully used it costs no less than on-demand.
        case cannotSave
        /// Another pool serves every cell of it, none at a higher cost.
        case beaten(by: String)
    }

    /// The pools worth planning with, and why the others are not.
    func reduce() -> (kept: [Int], dropped: [(pool: Int, reason: Reason)]) {
        var dropped: [(pool: Int, reason: Reason)] = []
        let rates = pools.map { Dictionary($0.members.map { ($0.cell, $0.rate) }, uniquingKeysWith: min) }
        let candidates = pools.indices.filter { pool in
            if pools[pool].fee == nil || canSave(pool) { return true }
            dropped.append((pool, .cannotSave))
            return false
        }
        // By a pool of the same cells first. A wider one the vendor may spend elsewhere, so that no bill but the bound
        // is the lower for it: where there are few pools, the search can do with the narrow one too.
        var kept = drop(candidates, rates, &dropped) { rates[$0].count == rates[$1].count }
        if kept.filter({ pools[$0].fee != nil }).count > StepSearch.mostPools {
            kept = drop(kept, rates, &dropped) { _, _ in true }
        }
        return (kept, dropped.sorted { $0.pool < $1.pool })
    }

    /// Those of `candidates` that no other one beats which is `eligible` to.
    private func drop(
        _ candidates: [Int], _ rates: [[Int: Int64]], _ dropped: inout [(pool: Int, reason: Reason)],
        _ eligible: (_ other: Int, _ mine: Int) -> Bool
    ) -> [Int] {
        candidates.filter { mine in
            guard pools[mine].fee != nil else { return true }
            let winner = candidates.first { other in
                guard other != mine, eligible(other, mine), beats(other, mine, rates) else { return false }
                // Of two that beat each other the first stays.
                return other < mine || !beats(mine, other, rates)
            }
            guard let winner else { return true }
            dropped.append((mine, .beaten(by: pools[winner].id)))
            return false
        }
    }

    private func canSave(_ pool: Int) -> Bool {
        guard let fee = pools[pool].fee else { return true }
        return pools[pool].members.contains { member in
            let hours = pools[pool].active?.count ?? hours
            return Int128(member.rate) * fee.floor < Int128(prices[member.cell]) * Int128(hours) * FixedPoint.one
        }
    }

    private func beats(_ other: Int, _ mine: Int, _ rates: [[Int: Int64]]) -> Bool {
        guard let theirs = pools[other].fee, let own = pools[mine].fee else { return false }
        guard rates[other].count >= rates[mine].count, serves(other, whenever: mine) else { return false }
        guard isLighter(other, mine, rates) else { return false }
        return rates[mine].allSatisfy { cell, rate in
            guard let otherRate = rates[other][cell] else { return false }
            if theirs == own { return otherRate <= rate }
            if otherRate == rate { return theirs <= own }
            return Int128(otherRate) * (theirs.floor + 1) <= Int128(rate) * own.floor
        }
    }
}

extension Domination {
    private func serves(_ other: Int, whenever mine: Int) -> Bool {
        guard let wide = pools[other].active else { return true }
        guard let narrow = pools[mine].active else { return wide == 0..<hours }
        return wide.lowerBound <= narrow.lowerBound && narrow.upperBound <= wide.upperBound
    }

    /// Whether as much of the other as serves what mine does uses up no more of any limit.
    private func isLighter(_ other: Int, _ mine: Int, _ rates: [[Int: Int64]]) -> Bool {
        guard burdens.indices.contains(other) else { return true }
        return (!arePromised || isAlike(other, mine, rates))
            && burdens[other].allSatisfy { burden in
                guard let own = burdens[mine].first(where: { $0.limit == burden.limit }) else {
                    return burden.most == 0
                }
                return rates[mine].allSatisfy { cell, rate in
                    Int128(rates[other][cell] ?? 0) * Int128(burden.most) <= Int128(rate) * Int128(own.least)
                }
            }
    }
}

extension Domination {
    /// Whether two pools take their units in the same proportions.
    private func isAlike(_ other: Int, _ mine: Int, _ rates: [[Int: Int64]]) -> Bool {
        guard let (first, own) = rates[mine].first, let theirs = rates[other][first] else { return false }
        return rates[mine].allSatisfy { cell, rate in
            guard let otherRate = rates[other][cell] else { return false }
            return otherRate.multipliedFullWidth(by: own) == rate.multipliedFullWidth(by: theirs)
        }
    }
}

extension Fee {
    /// Exact order of two fees.
    static func <= (left: Fee, right: Fee) -> Bool {
        let a = left.numerator.multipliedFullWidth(by: right.denominator)
        let b = right.numerator.multipliedFullWidth(by: left.denominator)
        return a.high != b.high ? a.high < b.high : a.low <= b.low
    }
}
