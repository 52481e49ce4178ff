internal import PlimsollCore

/// What a purchase binds in cash.
extension Commitment {
    /// What is paid when it is bought.
    var paidAtOnce: Money {
        if offer.isSpend {
            return Money(raw: FixedPoint.divideHalfEven(paidOverTerm.raw * Int128(upfrontTenths), by: 10))
        }
        return Money(raw: FixedPoint.divideHalfEven(upfront.raw * quantity.raw, by: FixedPoint.one))
    }

    /// What is paid for it from its first hour to its last, used or not.
    var paidOverTerm: Money {
        if offer.isSpend { return Money(raw: hourlyCommitment.raw * Int128(amortizationHours)) }
        let unit = hourly.raw * Int128(amortizationHours) + upfront.raw
        return Money(raw: FixedPoint.divideHalfEven(unit * quantity.raw, by: FixedPoint.one))
    }
}
