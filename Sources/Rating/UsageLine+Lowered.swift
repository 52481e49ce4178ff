public import PlimsollCore

extension UsageLine {
    /// The line with a part of its usage gone, in ten-thousandths: exact while there are decimals to spare.
    public func lowered(by tenThousandths: Int) -> UsageLine {
        var result = self
        let places = tenThousandths % 100 == 0 ? 2 : 4
        let whole = Int64(FixedPoint.power(places))
        let kept = whole - Int64(tenThousandths) * whole / 10_000
        let fits = series.values.allSatisfy { !$0.multipliedReportingOverflow(by: kept).overflow }
        if fits, series.scale <= FixedPoint.places - places {
            result.series.scale += places
            result.series.values = series.values.map { $0 * kept }
        } else {
            result.series.values = series.values.map {
                Int64(FixedPoint.divideHalfEven(Int128($0) * Int128(kept), by: Int128(whole)))
            }
        }
        return result
    }
}
