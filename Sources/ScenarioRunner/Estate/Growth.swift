internal import PlimsollCore

/// Compound growth by the month of 730 hours, in decimal arithmetic: every month's factor is the one
/// before times (1 + g), rounded half-even to 12 places.
struct Growth: Sendable {
    /// Hours of a month.
    static let monthHours = 730

    private var up: [Int128] = [FixedPoint.one]
    private let step: Int128

    /// Growth of `percent` a month, for up to `months` months.
    init(percent: Quantity, months: Int) {
        step = FixedPoint.one + FixedPoint.divideHalfEven(percent.raw, by: 100)
        for _ in 0..<max(0, months) {
            let last = up[up.count - 1]
            up.append(Self.product(last, step))
        }
    }

    /// The factor after so many months, in units of 10⁻¹².
    func factor(_ months: Int) -> Int128 { up[min(max(0, months), up.count - 1)] }

    /// a × b in units of 10⁻¹², half-even; a and b below 10⁷ units.
    private static func product(_ a: Int128, _ b: Int128) -> Int128 {
        FixedPoint.divideHalfEven(a * b, by: FixedPoint.one)
    }
}
