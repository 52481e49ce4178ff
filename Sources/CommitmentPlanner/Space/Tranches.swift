internal import PlimsollCore

/// When purchases may begin, and what each uses up of the limits.
struct Tranches {
    let window: HourGrid
    /// First hours; empty = everything is held throughout.
    let starts: [Hour]

    /// - Parameter months: between two starts; the first is the window's, the others are firsts of calendar months.
    init(window: HourGrid, months: Int?) {
        self.window = window
        guard let months, window.count > 0 else {
            starts = []
            return
        }
        var starts = [window.start]
        var next = window.start
        while true {
            for _ in 0..<max(1, months) { next = next.nextMonth }
            guard next < window.end else { break }
            starts.append(next)
        }
        self.starts = starts
    }

    /// A commitment as it may begin on each day.
    func of(_ template: Commitment) -> [Commitment] {
        guard !starts.isEmpty, let term = template.term else { return [template] }
        return starts.map { start in
            var tranche = template
            tranche.start = Instant(hour: start)
            tranche.end = Instant(hour: start.advanced(by: term.hours))
            return tranche
        }
    }

    /// What a unit uses up of each limit.
    func burdens(
        _ scope: PlanningSpace.Scope, _ active: HourGrid, _ constraints: PurchaseConstraints
    ) -> [Burden] {
        var found: [Burden] = []
        let upfront = Self.range(scope) { $0.upfrontOfUnit }
        let start = scope.template.start?.hour ?? window.start
        if constraints.upfront != nil, upfront.most > 0 { found.append(Burden(.upfront, upfront)) }
        if constraints.upfrontPerMonth != nil, upfront.most > 0 {
            found.append(Burden(.month(start.monthStart.day), upfront))
        }
        let hourly = Self.range(scope) { $0.hourlyOfUnit }
        for (index, cap) in constraints.caps.enumerated() where cap.counts(scope.template) {
            // What is committed to is highest right after something begins.
            for hour in starts.isEmpty ? [window.start] : starts where active.contains(hour) {
                found.append(Burden(.cap(index, starts.isEmpty ? nil : hour.day), hourly))
            }
        }
        return found
    }

    private static func range(
        _ scope: PlanningSpace.Scope, _ amount: (Commitment) -> Money
    ) -> (least: Int64, most: Int64) {
        guard !scope.sizes.isEmpty else {
            var unit = scope.template
            unit.hourlyCommitment = Money(raw: FixedPoint.one)
            let raw = Int64(clamping: amount(unit).raw)
            return (raw, raw)
        }
        let amounts = scope.sizes.map { size in
            let raw = amount(Purchases.reserved(scope.template, size, 1)).raw
            let whole = raw.multipliedFullWidth(by: FixedPoint.one)
            let (quotient, rest) = size.units.dividingFullWidth((whole.high, whole.low))
            return (floor: Int64(clamping: quotient), isWhole: rest == 0)
        }
        let least = amounts.map(\.floor).min() ?? 0
        let most = amounts.map { $0.isWhole ? $0.floor : $0.floor + 1 }.max() ?? 0
        return (least, most)
    }
}

/// What a unit of a pool uses up of a limit, in 10⁻¹².
struct Burden: Hashable {
    /// A limit over several pools.
    enum Limit: Hashable {
        case upfront
        case month(Day)
        case cap(Int, Day?)

        func id(_ constraints: PurchaseConstraints) -> String {
            switch self {
            case .upfront: "upfront"
            case .month(let day): "upfront \(day.description.prefix(7))"
            case .cap(let index, let day):
                "cap \(index + 1) \(constraints.caps[index].scope)" + (day.map { " from \($0)" } ?? "")
            }
        }

        func amount(_ constraints: PurchaseConstraints) -> Money? {
            switch self {
            case .upfront: constraints.upfront
            case .month: constraints.upfrontPerMonth
            case .cap(let index, _): constraints.caps[index].hourly
            }
        }
    }

    var limit: Limit
    var least: Int64
    var most: Int64

    init(_ limit: Limit, _ range: (least: Int64, most: Int64)) {
        (self.limit, least, most) = (limit, range.least, range.most)
    }
}

extension Commitment {
    /// What is paid when one unit of it is bought.
    var upfrontOfUnit: Money {
        guard offer.isSpend else { return upfront }
        let whole = hourlyCommitment.raw * Int128(amortizationHours) * Int128(upfrontTenths)
        return Money(raw: FixedPoint.divideHalfEven(whole, by: 10))
    }

    /// Amortised fee of one unit for an hour, rounded down.
    var hourlyOfUnit: Money {
        offer.isSpend ? hourlyCommitment : Money(raw: hourly.raw + upfront.raw / Int128(amortizationHours))
    }
}
