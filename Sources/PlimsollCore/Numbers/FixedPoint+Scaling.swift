extension FixedPoint {
    /// `value × numerator ÷ denominator` to the nearest integer, ties to even, whatever the product's size;
    /// nil where the result leaves `Int128` or `denominator` is zero.
    public static func scaled(_ value: Int128, by numerator: Int128, over denominator: Int128) -> Int128? {
        guard denominator != 0 else { return nil }
        let isNegative = [value, numerator, denominator].count { $0 < 0 } % 2 == 1
        let product = value.magnitude.multipliedFullWidth(by: numerator.magnitude)
        let divisor = denominator.magnitude
        guard product.high < divisor else { return nil }
        let (whole, remainder) = divisor.dividingFullWidth((product.high, product.low))
        var quotient = whole
        let isAbove = remainder > divisor - remainder
        if isAbove || (remainder == divisor - remainder && quotient % 2 != 0) {
            let (next, overflow) = quotient.addingReportingOverflow(1)
            guard !overflow else { return nil }
            quotient = next
        }
        guard let magnitude = Int128(exactly: quotient) else { return nil }
        return isNegative ? -magnitude : magnitude
    }
}
