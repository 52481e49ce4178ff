internal import PlimsollCore

/// Applies agreements to the months of one billing account, on cash and on amortised cost alike.
struct AgreementState {
    private let agreements: [Agreement]
    private let payer: String
    private var spent: [Int: (billed: Money, effective: Money)] = [:]
    private var charged: Set<Int> = []

    init(_ agreements: [Agreement], payer: String) {
        self.payer = payer
        self.agreements = agreements.filter { $0.billingAccount.isEmpty || $0.billingAccount == payer }
            .sorted { Self.rank($0.kind) < Self.rank($1.kind) }
    }

    private static func rank(_ kind: Agreement.Kind) -> Int {
        switch kind {
        case .discount: 0
        case .fixed: 1
        case .support: 2
        case .floor: 3
        case .tax: 4
        case .credit: 5
        }
    }

    /// Adds what the agreements make of a month.
    mutating func apply(_ month: HourGrid, to collector: inout Collector) throws(Failure) {
        let key = Collector.MonthKey(month: month.start.monthStart, payer: payer)
        var adjusted = Amounts()
        for (index, agreement) in agreements.enumerated() {
            var base = collector.charges(key, service: agreement.service)
            if agreement.service.isEmpty { base += adjusted }
            var change = Amounts()
            change.billed = try amount(index, agreement, base: base.billed, \.billed, month)
            change.effective = try amount(index, agreement, base: base.effective, \.effective, month)
            if case .fixed = agreement.kind { charged.insert(index) }
            guard change != Amounts() else { continue }
            adjusted += change
            collector.adjustment(change, agreement.chargeKind, agreement.name, key, month)
        }
    }

    private mutating func amount(
        _ index: Int, _ agreement: Agreement, base: Money,
        _ lens: WritableKeyPath<(billed: Money, effective: Money), Money>, _ month: HourGrid
    ) throws(Failure) -> Money {
        switch agreement.kind {
        case .discount(let percent): return try -Self.percent(percent, of: base)
        case .tax(let percent): return try Self.percent(percent, of: base)
        case .support(let tiers, let minimum):
            return max(minimum, try Self.marginal(tiers, of: base))
        case .floor(let amount): return max(.zero, amount - base)
        case .fixed(let amount, let on):
            guard let on else { return amount }
            return month.contains(on.firstHour) ? amount : .zero
        case .credit(let amount, let expires):
            if let expires, month.start >= expires.firstHour { return .zero }
            let used = spent[index]?[keyPath: lens] ?? .zero
            let take = max(.zero, min(amount - used, base))
            spent[index, default: (.zero, .zero)][keyPath: lens] += take
            return -take
        }
    }

    private static func percent(_ percent: Quantity, of base: Money) throws(Failure) -> Money {
        let exact = Exact(base.raw, over: FixedPoint.one) * Exact(percent.raw, over: FixedPoint.one * 100)
        return Money(raw: try exact.roundedRaw())
    }

    private static func marginal(_ tiers: [Agreement.PercentTier], of base: Money) throws(Failure) -> Money {
        let sorted = tiers.sorted { $0.from < $1.from }
        var sum = Money.zero
        for (index, tier) in sorted.enumerated() where base > tier.from {
            let end = index + 1 < sorted.count ? min(base, sorted[index + 1].from) : base
            sum += try percent(tier.percent, of: end - tier.from)
        }
        return sum
    }
}

extension Agreement {
    var chargeKind: ChargeKind {
        switch kind {
        case .discount, .support, .tax: .percentOf
        case .floor: .floor
        case .credit: .credit
        case .fixed: .fixed
        }
    }
}

extension Collector {
    /// A month's charges before agreements: of one service, or of everything where `service` is empty.
    func charges(_ month: MonthKey, service: String) -> Amounts {
        let services = months[month]?.services ?? [:]
        guard service.isEmpty else { return services[service] ?? Amounts() }
        return services.values.reduce(into: Amounts()) { $0 += $1 }
    }
}
