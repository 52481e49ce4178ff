import BigInt
import PlimsollCore

/// An exact rational: what the oracle counts in. Slow, and nothing is ever rounded.
struct Fraction: Comparable {
    private(set) var numerator: BigInt
    /// Positive.
    private(set) var denominator: BigInt

    static let zero = Fraction(0)

    init(_ whole: Int) {
        numerator = BigInt(whole)
        denominator = 1
    }

    /// A number given in units of 10⁻¹².
    init(raw: Int128) {
        self.init(numerator: BigInt(raw), denominator: BigInt(1_000_000_000_000))
    }

    init(_ money: Money) { self.init(raw: money.raw) }

    init(_ quantity: Quantity) { self.init(raw: quantity.raw) }

    private init(numerator: BigInt, denominator: BigInt) {
        // Reduced only once it has grown: reducing costs more than a few digits.
        let common = denominator.bitWidth > 192 ? numerator.greatestCommonDivisor(with: denominator) : 1
        self.numerator = common == 1 ? numerator : numerator / common
        self.denominator = common == 1 ? denominator : denominator / common
    }

    static func == (left: Fraction, right: Fraction) -> Bool {
        left.numerator * right.denominator == right.numerator * left.denominator
    }

    var isZero: Bool { numerator.isZero }

    static func < (left: Fraction, right: Fraction) -> Bool {
        left.numerator * right.denominator < right.numerator * left.denominator
    }

    static func + (left: Fraction, right: Fraction) -> Fraction {
        if left.isZero { return right }
        if right.isZero { return left }
        if left.denominator == right.denominator {
            return Fraction(numerator: left.numerator + right.numerator, denominator: left.denominator)
        }
        return Fraction(
            numerator: left.numerator * right.denominator + right.numerator * left.denominator,
            denominator: left.denominator * right.denominator)
    }

    static func - (left: Fraction, right: Fraction) -> Fraction { left + right * Fraction(-1) }

    static func * (left: Fraction, right: Fraction) -> Fraction {
        if left.isZero || right.isZero { return .zero }
        return Fraction(
            numerator: left.numerator * right.numerator, denominator: left.denominator * right.denominator)
    }

    static func += (left: inout Fraction, right: Fraction) { left = left + right }

    static func -= (left: inout Fraction, right: Fraction) { left = left - right }

    /// The quotient; `right` is positive.
    static func / (left: Fraction, right: Fraction) -> Fraction {
        precondition(!right.isZero, "division by zero")
        return Fraction(
            numerator: left.numerator * right.denominator, denominator: left.denominator * right.numerator)
    }

    /// The whole part of a number that is not negative.
    var wholePart: Fraction { Fraction(numerator: numerator / denominator, denominator: 1) }

    var magnitude: Fraction { self < .zero ? .zero - self : self }

    /// Whether a number of 10⁻¹² units is within 10⁻ᵖˡᵃᶜᵉˢ of it.
    func isNear(_ raw: Int128, places: Int) -> Bool {
        let distance = (self - Fraction(raw: raw)).magnitude
        return distance.numerator * BigInt(10).power(places) <= distance.denominator
    }
}

extension Fraction: CustomStringConvertible {
    /// The first 20 decimals.
    var description: String {
        let digits = String((numerator.magnitude * BigUInt(10).power(20)) / denominator.magnitude)
        let padded = String(repeating: "0", count: max(0, 21 - digits.count)) + digits
        return (numerator.sign == .minus ? "-" : "") + padded.dropLast(20) + "." + padded.suffix(20)
    }
}
