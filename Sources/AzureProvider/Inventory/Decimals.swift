internal import Foundation
internal import PlimsollCore

/// Divisions of money that need more places than ``Money`` has, rounded once.
enum Decimals {
    static func number(_ text: String) -> Decimal? { Decimal(string: text, locale: nil) }

    static func whole(_ value: some BinaryInteger) -> Decimal { Decimal(Int(value)) }

    /// Half-even to twelve places.
    static func money(_ value: Decimal) -> Money {
        var (value, rounded) = (value, Decimal())
        NSDecimalRound(&rounded, &value, 12, .bankers)
        return Money("\(rounded)") ?? .zero
    }
}
