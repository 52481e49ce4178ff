internal import BigInt
internal import PlimsollCore

/// An exact rational, for the few sums a row of a bill is made of. Not reduced: it lives briefly.
struct Exact {
    private var numerator: BigInt
    private var denominator: BigInt

    static let zero = Exact(0)

    /// `value` ÷ `divisor`, which is positive.
    init(_ value: Int128, over divisor: Int128 = 1) {
        numerator = BigInt(value)
        denominator = BigInt(divisor)
    }

    private init(_ numerator: BigInt, _ denominator: BigInt) {
        self.numerator = numerator
        self.denominator = denominator
    }

    var isZero: Bool { numerator.isZero }

    static func + (left: Exact, right: Exact) -> Exact {
        if left.denominator == right.denominator {
            return Exact(left.numerator + right.numerator, left.denominator)
        }
        return Exact(
            left.numerator * right.denominator + right.numerator * left.denominator,
            left.denominator * right.denominator)
    }

    static func - (left: Exact, right: Exact) -> Exact { left + Exact(-right.numerator, right.denominator) }

    static func * (left: Exact, right: Exact) -> Exact {
        Exact(left.numerator * right.numerator, left.denominator * right.denominator)
    }

    /// The quotient; zero where `right` is zero.
    static func / (left: Exact, right: Exact) -> Exact {
        guard !right.isZero else { return .zero }
        let sign: BigInt = right.numerator.sign == .minus ? -1 : 1
        return Exact(left.numerator * right.denominator * sign, left.denominator * right.numerator.magnitude.asBigInt)
    }

    static func < (left: Exact, right: Exact) -> Bool {
        left.numerator * right.denominator < right.numerator * left.denominator
    }

    /// The value × 10¹² to the nearest integer, ties to even. Throws where it leaves `Int128`.
    func roundedRaw() throws(Failure) -> Int128 {
        let scaled = numerator * BigInt(FixedPoint.one)
        let (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: denominator)
        let twice = remainder.magnitude * 2
        let size = denominator.magnitude
        var result = quotient
        if twice > size || (twice == size && !quotient.isMultiple(of: 2)) {
            result += scaled.sign == .minus ? -1 : 1
        }
        guard let raw = Int128(exactly: result), raw.magnitude < UInt128(FixedPoint.limit) else {
            throw Failure(
                .badInput, "rating.out-of-range", "an amount of the bill has more than 26 digits before the point",
                hint: "check the quantities and prices for slipped units")
        }
        return raw
    }
}

extension BigUInt {
    fileprivate var asBigInt: BigInt { BigInt(self) }
}
