/// An exact amount of money: an `Int128` count of 10⁻¹² currency units.
///
/// The currency is stated once by whatever holds the amounts (a bill, a price row, a plan):
/// amounts of one holder are in one currency. Sums trap on overflow beyond ±1.7 × 10²⁶; what
/// comes from a file is checked when read and added with ``adding(_:)``.
@frozen
public struct Money: Hashable, Comparable, Sendable {
    /// The amount in units of 10⁻¹² of the currency.
    public var raw: Int128

    /// An amount from its count of 10⁻¹² units.
    @inlinable public init(raw: Int128) { self.raw = raw }

    /// A whole number of currency units.
    @inlinable public init(_ whole: Int) { raw = Int128(whole) * 1_000_000_000_000 }

    /// An amount from decimal text such as `0.0504`; nil when it is not one (``FixedPoint/parse(_:)``).
    public init?(_ text: String) {
        guard let reading = FixedPoint.parse(text) else { return nil }
        raw = reading.raw
    }

    /// Nothing.
    public static let zero = Money(raw: 0)

    /// Order by amount.
    @inlinable public static func < (left: Money, right: Money) -> Bool { left.raw < right.raw }

    /// The sum; traps on overflow.
    @inlinable public static func + (left: Money, right: Money) -> Money { Money(raw: left.raw + right.raw) }

    /// The difference; traps on overflow.
    @inlinable public static func - (left: Money, right: Money) -> Money { Money(raw: left.raw - right.raw) }

    /// The amount with the other sign.
    @inlinable public static prefix func - (value: Money) -> Money { Money(raw: -value.raw) }

    /// Adds in place; traps on overflow.
    @inlinable public static func += (left: inout Money, right: Money) { left.raw += right.raw }

    /// Subtracts in place; traps on overflow.
    @inlinable public static func -= (left: inout Money, right: Money) { left.raw -= right.raw }

    /// The sum, or nil where it leaves the range of `Int128`.
    public func adding(_ other: Money) -> Money? {
        let (sum, overflow) = raw.addingReportingOverflow(other.raw)
        return overflow ? nil : Money(raw: sum)
    }
}

extension Money: CustomStringConvertible {
    /// The shortest exact decimal, as written to files.
    public var description: String { FixedPoint.text(raw) }

    /// The amount rounded half-even to `places` (0 … 12) decimals, all of them shown, for people.
    public func rounded(to places: Int) -> String {
        let unit = FixedPoint.power(FixedPoint.places - places)
        let steps = FixedPoint.divideHalfEven(raw, by: unit)
        let digits = String(steps.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let whole = padded.dropLast(places)
        let sign = steps < 0 ? "-" : ""
        return places == 0 ? sign + padded : sign + whole + "." + padded.suffix(places)
    }
}

extension Money: Codable {
    /// Reads a decimal string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Money(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "`\(text)` is not a decimal amount")
        }
        self = value
    }

    /// Writes a decimal string: a bare JSON number would lose digits in most readers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// An exact number of units: an `Int128` count of 10⁻¹² units (instance-hours, GB-seconds, requests).
@frozen
public struct Quantity: Hashable, Comparable, Sendable {
    /// The number in units of 10⁻¹².
    public var raw: Int128

    /// A quantity from its count of 10⁻¹² units.
    @inlinable public init(raw: Int128) { self.raw = raw }

    /// A whole number of units.
    @inlinable public init(_ whole: Int) { raw = Int128(whole) * 1_000_000_000_000 }

    /// A quantity from decimal text; nil when it is not one (``FixedPoint/parse(_:)``).
    public init?(_ text: String) {
        guard let reading = FixedPoint.parse(text) else { return nil }
        raw = reading.raw
    }

    /// Nothing.
    public static let zero = Quantity(raw: 0)

    /// Order by size.
    @inlinable public static func < (left: Quantity, right: Quantity) -> Bool { left.raw < right.raw }

    /// The sum; traps on overflow.
    @inlinable public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(raw: left.raw + right.raw)
    }

    /// The difference; traps on overflow.
    @inlinable public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(raw: left.raw - right.raw)
    }
}

extension Quantity: CustomStringConvertible {
    /// The shortest exact decimal.
    public var description: String { FixedPoint.text(raw) }
}

extension Quantity: Codable {
    /// Reads a decimal string.
    public init(from decoder: any Decoder) throws {
        raw = try Money(from: decoder).raw
    }

    /// Writes a decimal string.
    public func encode(to encoder: any Encoder) throws {
        try Money(raw: raw).encode(to: encoder)
    }
}
