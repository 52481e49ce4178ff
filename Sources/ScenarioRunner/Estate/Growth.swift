internal import PlimsollCore

/// Compound growth by steps of so many hours, in decimal arithmetic: every step's factor is the one before
/// times (1 + g), rounded half-even to 12 places.
struct Growth: Sendable {
    /// Hours of a month.
    static let monthHours = 730
    /// Hours of a week.
    static let weekHours = 168

    private var up: [Int128] = [FixedPoint.one]
    private let stepHours: Int

    /// Growth of `percent` a step of `stepHours`, for up to so many hours.
    ///
    /// - Parameter level: a factor throughout, in 10⁻¹².
    init(
        percent: Quantity, every stepHours: Int = Growth.monthHours, hours: Int, level: Int128 = FixedPoint.one
    ) {
        self.stepHours = stepHours
        up = [level]
        let step = FixedPoint.one + FixedPoint.divideHalfEven(percent.raw, by: 100)
        for _ in 0..<(max(0, hours) / stepHours) { up.append(Self.product(up[up.count - 1], step)) }
    }

    /// The factor after so many hours, in units of 10⁻¹²: that of the whole steps in them.
    func factor(afterHours hours: Int) -> Int128 { up[min(max(0, hours) / stepHours, up.count - 1)] }

    /// a × b in units of 10⁻¹², half-even; a and b below 10⁷ units.
    private static func product(_ a: Int128, _ b: Int128) -> Int128 {
        FixedPoint.divideHalfEven(a * b, by: FixedPoint.one)
    }
}
