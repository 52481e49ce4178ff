public import PlimsollCore

/// What a purchase binds in cash.
extension Commitment {
    /// What is paid when it is bought.
    public var paidAtOnce: Money {
        if offer.isSpend {
            return Money(raw: FixedPoint.divideHalfEven(paidOverTerm.raw * Int128(upfrontTenths), by: 10))
        }
        return Money(raw: FixedPoint.divideHalfEven(upfront.raw * quantity.raw, by: FixedPoint.one))
    }

    /// What is paid for it from its first hour to its last, used or not.
    public var paidOverTerm: Money {
        if offer.isSpend { return Money(raw: hourlyCommitment.raw * Int128(amortizationHours)) }
        let unit = hourly.raw * Int128(amortizationHours) + upfront.raw
        return Money(raw: FixedPoint.divideHalfEven(unit * quantity.raw, by: FixedPoint.one))
    }

    /// Amortised fee of all of it for an hour, rounded down.
    public var hourlyFee: Money {
        guard !offer.isSpend else { return hourlyCommitment }
        return Money(raw: paidOverTerm.raw / Int128(amortizationHours))
    }
}
