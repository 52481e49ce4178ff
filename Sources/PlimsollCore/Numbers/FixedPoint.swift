/// Decimal text to and from an `Int128` count of 10⁻¹² units.
///
/// `Money` and `Quantity` share it: both are exact to 12 decimal places.
public enum FixedPoint {
    /// Decimal places kept.
    public static let places = 12

    /// One whole unit: 10¹².
    public static let one: Int128 = 1_000_000_000_000

    /// The first magnitude that DECIMAL(38,12) cannot hold: 10³⁸.
    public static let limit: Int128 = power(38)

    private static let powers: [Int128] = (0..<38).reduce(into: [1]) { list, index in list.append(list[index] * 10) }

    /// 10 to the power of `exponent`, for 0 … 38.
    public static func power(_ exponent: Int) -> Int128 { powers[exponent] }

    /// What reading a decimal gave.
    public struct Reading: Sendable, Equatable {
        /// The value in units of 10⁻¹².
        public var raw: Int128
        /// Whether digits beyond the 12th place were rounded away (half-even).
        public var rounded: Bool
    }

    /// Reads `[+-]digits[.digits][e[+-]digits]`; no spaces, separators, hexadecimal, NaN or infinity.
    ///
    /// Digits beyond the 12th place are rounded half-even, and the reading says so.
    /// Returns nil for anything else, and for magnitudes of 10²⁶ and more.
    public static func parse(_ bytes: some Collection<UInt8>) -> Reading? {
        var digits: [UInt8] = []
        var scanner = DecimalScanner(bytes)
        guard scanner.scan(into: &digits) else { return nil }
        return assemble(digits, exponent: scanner.exponent, negative: scanner.negative)
    }

    /// Reads a decimal text; see ``parse(_:)-(Collection<UInt8>)``.
    public static func parse(_ text: String) -> Reading? { parse(Array(text.utf8)) }

    private static func assemble(_ digits: [UInt8], exponent: Int, negative: Bool) -> Reading? {
        var kept = digits[...].drop { $0 == 0 }
        let shift = exponent + places
        if kept.isEmpty { return Reading(raw: 0, rounded: false) }
        guard kept.count + shift <= 38 else { return nil }
        guard shift < 0 else {
            let magnitude = number(kept) * power(shift)
            return Reading(raw: negative ? -magnitude : magnitude, rounded: false)
        }
        let dropped = kept.suffix(min(-shift, kept.count))
        let roomBelow = -shift - dropped.count
        kept = kept.dropLast(dropped.count)
        guard kept.count <= 38 else { return nil }
        var magnitude = number(kept)
        if roundsUp(dropped, zerosBefore: roomBelow, odd: magnitude % 2 != 0) { magnitude += 1 }
        guard magnitude < limit else { return nil }
        let inexact = dropped.contains { $0 != 0 }
        return Reading(raw: negative ? -magnitude : magnitude, rounded: inexact)
    }

    private static func roundsUp(_ dropped: ArraySlice<UInt8>, zerosBefore: Int, odd: Bool) -> Bool {
        guard zerosBefore == 0, let first = dropped.first else { return false }
        if first != 5 { return first > 5 }
        return odd || dropped.dropFirst().contains { $0 != 0 }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int128 {
        digits.reduce(0) { $0 * 10 + Int128($1) }
    }

    /// The shortest exact decimal: no exponent, no trailing zeros, no plus sign.
    public static func text(_ raw: Int128) -> String {
        let magnitude = raw.magnitude
        let unit = UInt128(one)
        let whole = magnitude / unit
        var fraction = UInt64(magnitude % unit)
        var result = raw < 0 ? "-" : ""
        result += String(whole)
        guard fraction != 0 else { return result }
        var width = places
        while fraction % 10 == 0 {
            fraction /= 10
            width -= 1
        }
        let tail = String(fraction)
        return result + "." + String(repeating: "0", count: width - tail.count) + tail
    }

    /// `numerator ÷ denominator` to the nearest integer, ties to even. `denominator` is positive.
    public static func divideHalfEven(_ numerator: Int128, by denominator: Int128) -> Int128 {
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        let twice = remainder.magnitude * 2
        let size = denominator.magnitude
        guard twice > size || (twice == size && quotient % 2 != 0) else { return quotient }
        return numerator < 0 ? quotient - 1 : quotient + 1
    }
}

/// Splits a decimal text into its digits, its sign and the power of ten of the last digit.
struct DecimalScanner<Bytes: Collection<UInt8>> {
    private let bytes: Bytes
    private(set) var negative = false
    private(set) var exponent = 0

    init(_ bytes: Bytes) { self.bytes = bytes }

    /// Returns whether the whole text is a decimal.
    mutating func scan(into digits: inout [UInt8]) -> Bool {
        var rest = bytes[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        Self.take(&rest, into: &digits)
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            let before = digits.count
            Self.take(&rest, into: &digits)
            exponent = before - digits.count
            guard exponent < 0 else { return false }
        }
        guard !digits.isEmpty else { return false }
        guard let mark = rest.first else { return true }
        guard mark | 0x20 == UInt8(ascii: "e") else { return false }
        return scanExponent(rest.dropFirst())
    }

    private mutating func scanExponent(_ text: Bytes.SubSequence) -> Bool {
        var rest = text
        var sign = 1
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            sign = first == UInt8(ascii: "-") ? -1 : 1
            rest = rest.dropFirst()
        }
        var digits: [UInt8] = []
        Self.take(&rest, into: &digits)
        guard rest.isEmpty, !digits.isEmpty, digits.count <= 4 else { return false }
        exponent += sign * digits.reduce(0) { $0 * 10 + Int($1) }
        return true
    }

    private static func take(_ rest: inout Bytes.SubSequence, into digits: inout [UInt8]) {
        while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
            digits.append(byte - 0x30)
            rest = rest.dropFirst()
        }
    }
}
