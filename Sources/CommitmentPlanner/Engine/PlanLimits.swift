internal import PlimsollCore

/// What a search may buy: the model's rows, promises and limit of what is served, judged by the vendor's order in
/// floating point.
struct PlanLimits: Sendable {
    private let model: PlanningModel
    private let relaxation: Relaxation
    private let vendor: VendorOrder
    /// Least on-demand cost that has to be left, in currency.
    private let leastLeft: Double?
    /// Hours each pool is active in.
    private let hours: [Double]

    init(_ relaxation: Relaxation, _ vendor: VendorOrder) {
        (self.relaxation, self.vendor) = (relaxation, vendor)
        model = relaxation.model
        hours = model.pools.map { Double($0.active?.count ?? relaxation.hours) }
        leastLeft = model.servedLimit.map { relaxation.onDemand() - Double($0) / Double(FixedPoint.one) }
    }

    /// Whether anything is limited.
    var isEmpty: Bool { model.rows.isEmpty && model.promises.isEmpty && leastLeft == nil }

    /// Whether steps of every pool are allowed.
    func allows(_ counts: [Int64]) -> Bool {
        guard !isEmpty else { return true }
        guard model.rows.allSatisfy({ $0.allows { units(counts, $0) } }) else { return false }
        if model.promises.isEmpty && leastLeft == nil { return true }
        return shares(counts).allSatisfy { $0 >= 1 } && leaves(counts)
    }

    private func units(_ counts: [Int64], _ pool: Int) -> Int128 {
        Int128(counts[pool]) * Int128(model.pools[pool].step)
    }

    private func quantities(_ counts: [Int64]) -> [Double] {
        counts.indices.map { Double(counts[$0]) * Double(model.pools[$0].step) / Double(FixedPoint.one) }
    }

    private func leaves(_ counts: [Int64]) -> Bool {
        guard let leastLeft else { return true }
        let bought = quantities(counts)
        let fees = zip(bought, relaxation.fee).reduce(0.0) { $0 + $1.0 * $1.1 }
        return vendor.cost(bought) - fees - relaxation.unserved >= leastLeft * (1 - 1e-12)
    }

    /// By pool, how much of what is promised is held: 1 or more = all.
    private func shares(_ counts: [Int64]) -> [Double] {
        var shares = [Double](repeating: 1, count: counts.count)
        let bought = quantities(counts)
        func lower(_ used: [Double], _ asked: (Int) -> Double) {
            for pool in counts.indices where counts[pool] > 0 {
                let need = asked(pool)
                if need > 0 { shares[pool] = min(shares[pool], used[pool] / need * (1 + 1e-12)) }
            }
        }
        if let least = model.promises.utilization {
            lower(vendor.use(bought).used) { Double(least) / 10_000 * bought[$0] * hours[$0] }
        }
        if let fall = model.promises.fall {
            lower(vendor.use(bought, share: 1 - Double(fall) / 10_000).value) { relaxation.fee[$0] * bought[$0] }
        }
        return shares
    }

    /// Lowers purchases until they are allowed; nothing is left where not even that is.
    func fit(_ counts: inout [Int64]) {
        guard !isEmpty else { return }
        for round in 0..<Self.rounds where !allows(counts) {
            for row in model.rows where !row.allows({ units(counts, $0) }) { shrink(&counts, row) }
            for (pool, share) in shares(counts).enumerated() where share < 1 {
                counts[pool] = min(counts[pool] - 1, Int64(Double(counts[pool]) * max(share, 0.5)))
            }
            if !leaves(counts) {
                let share = round < Self.rounds / 2 ? 0.98 : 0.5
                for pool in counts.indices where counts[pool] > 0 {
                    counts[pool] = min(counts[pool] - 1, Int64(Double(counts[pool]) * share))
                }
            }
        }
        if !allows(counts) { counts = Array(repeating: 0, count: counts.count) }
    }

    private static let rounds = 200

    private func shrink(_ counts: inout [Int64], _ row: PlanningRow) {
        let sum = row.terms.reduce(0.0) { $0 + Double($1.most) * Double(units(counts, $1.pool)) }
        guard sum > 0 else { return }
        let share = max(0, Double(row.limit) * Double(FixedPoint.one) / sum)
        for term in row.terms where counts[term.pool] > 0 && term.most > 0 {
            counts[term.pool] = min(counts[term.pool] - 1, Int64(Double(counts[term.pool]) * share))
        }
    }
}
