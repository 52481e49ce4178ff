internal import PlimsollCore
internal import Rating

/// What money paid at different times, and what is left of a commitment after the window, counts for.
struct Valuation: Sendable, Hashable {
    let window: HourGrid
    /// Yearly rate at which later money counts for less, in ten-thousandths.
    let discount: Int
    /// Share of what is left of a commitment after the window that it is still worth, in ten-thousandths.
    let terminal: Int

    /// Whether a bill's effective cost says it all.
    var isPlain: Bool { discount == 0 && terminal >= 10_000 }

    /// What a currency unit in a month counts for, in 10⁻¹²: 1 in the window's first month, and for every later one
    /// a twelfth of the yearly rate less by compounding.
    func weight(_ hour: Hour) -> Int128 {
        guard discount > 0 else { return FixedPoint.one }
        let from = window.start.day.civil
        let to = hour.day.civil
        let months = max(0, (to.year - from.year) * 12 + to.month - from.month)
        // One month's factor is 1 ÷ (1 + rate ÷ 12), as loans are reckoned: exact in whole numbers.
        let divisor = Int128(120_000 + discount)
        return (0..<months).reduce(FixedPoint.one) { weight, _ in
            FixedPoint.divideHalfEven(weight * 120_000, by: divisor)
        }
    }

    /// By hour of the window; empty where every hour counts alike.
    func weights() -> [Int64] {
        guard discount > 0 else { return [] }
        return window.months.flatMap { month in
            [Int64](repeating: Int64(clamping: weight(month.start)), count: month.count)
        }
    }

    /// What one unit of a commitment costs in the window, counted by time, with what is lost after it; in 10⁻¹²
    /// currency, rounded down.
    ///
    /// - Parameter share: the part of the hourly fee that is paid in an hour, in 10⁻¹².
    func cost(ofUnit item: Commitment, _ share: (Day) -> Int128) -> Int128 {
        let active = item.active(in: window)
        guard active.count > 0 else { return 0 }
        let term = Int128(item.amortizationHours)
        let start = weight(item.start?.hour ?? window.start) * share(active.start.day) / FixedPoint.one
        let upfront = item.upfrontOfUnit.raw
        let hourly =
            item.offer.isSpend
            ? item.hourlyCommitment.raw * Int128(10 - item.upfrontTenths) / 10 : item.hourly.raw
        var hours: Int128 = 0
        for month in window.months {
            let common = month.intersection(active)
            var day = common.start.day
            while day.firstHour < common.end, common.count > 0 {
                let part = common.intersection(
                    HourGrid(start: day.firstHour, end: Day(index: day.index + 1).firstHour))
                hours += weight(month.start) * share(day) / FixedPoint.one * Int128(part.count)
                day = Day(index: day.index + 1)
            }
        }
        func product(_ amount: Int128, _ weight: Int128) -> Int128 {
            let wide = amount.multipliedFullWidth(by: weight)
            return FixedPoint.one.dividingFullWidth((wide.high, wide.low)).quotient
        }
        let paid = product(upfront, start * Int128(active.count) / term) + product(hourly, hours)
        let beyond = max(0, term - Int128(active.count))
        guard terminal < 10_000, beyond > 0, item.start != nil || term > Int128(window.count) else { return paid }
        let lost =
            product(upfront, start * beyond / term) + product(hourly, weight(window.end.advanced(by: -1)) * beyond)
        return paid + lost * Int128(10_000 - terminal) / 10_000
    }

    /// What a purchase costs in all.
    func cost(of item: Commitment, _ share: (Day) -> Int128) -> Money {
        let unit = cost(ofUnit: item, share)
        guard !item.offer.isSpend else { return Money(raw: unit) }
        return Money(raw: FixedPoint.divideHalfEven(unit * item.quantity.raw, by: FixedPoint.one))
    }
}
