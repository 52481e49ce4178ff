public import PlimsollCore

/// Numbers as people read them. Files carry exact decimals instead.
public enum NumberText {
    /// `1,234.56`; amounts below one unit keep four significant decimals.
    public static func money(_ value: Money) -> String {
        let small = value.raw.magnitude < UInt128(FixedPoint.one) && value != .zero
        return grouped(value.rounded(to: small ? 6 : 2))
    }

    /// Up to three decimals.
    public static func quantity(_ value: Quantity) -> String {
        var text = Money(raw: value.raw).rounded(to: 3)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return grouped(text)
    }

    /// A share of one (in 10⁻¹²) as `12.3 %`.
    public static func percent(_ raw: Int128, places: Int = 1) -> String {
        Money(raw: raw * 100).rounded(to: places) + " %"
    }

    /// `part ÷ whole` as a percentage; `–` where the whole is 0.
    public static func percent(_ part: Money, of whole: Money, places: Int = 1) -> String {
        guard let share = share(part, of: whole) else { return "–" }
        return percent(share, places: places)
    }

    /// `part ÷ whole` in 10⁻¹², rounded half-even; nil where the whole is 0.
    public static func share(_ part: Money, of whole: Money) -> Int128? {
        guard whole.raw > 0 else { return nil }
        // Both are narrowed alike, so that the product stays within 128 bits.
        var (top, bottom) = (part.raw, whole.raw)
        while top.magnitude >= UInt128(FixedPoint.power(26)) || bottom >= FixedPoint.power(26) {
            top /= 10
            bottom /= 10
        }
        return FixedPoint.divideHalfEven(top * FixedPoint.one, by: bottom)
    }

    private static func grouped(_ text: String) -> String {
        let sign = text.hasPrefix("-") ? "-" : ""
        let body = text.dropFirst(sign.count)
        let whole = body.prefix { $0 != "." }
        var groups = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { groups.append(",") }
            groups.append(digit)
        }
        return sign + groups + body.dropFirst(whole.count)
    }
}
