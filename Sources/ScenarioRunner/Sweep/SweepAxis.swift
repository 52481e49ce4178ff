public import PlimsollCore

/// One setting of a sweep and the values it takes: `key=a..b`, `key=a..b:n`, or `key=v,w,x`.
public struct SweepAxis: Hashable, Sendable {
    /// The setting, as after `--set`.
    public var key: String
    /// Its values, in order.
    public var values: [String]

    private static let points = 5

    /// Reads `text`. Throws where it is no range and no list.
    public init(_ text: String) throws(Failure) {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw Self.wrong(text, "it has no `key=values`")
        }
        key = String(parts[0])
        let range = parts[1].ranges(of: "..")
        if range.count == 1, let middle = range.first {
            values = try Self.range(
                String(parts[1][..<middle.lowerBound]), String(parts[1][middle.upperBound...]), text)
        } else {
            values = Self.list(parts[1])
        }
        guard values.count >= 2, Set(values).count == values.count else {
            throw Self.wrong(text, "it needs two or more different values")
        }
    }

    private static func wrong(_ text: String, _ why: String) -> Failure {
        Failure(
            .usage, "sweep.bad-vary", "`\(text)` cannot be varied: \(why)",
            hint: "write key=a..b, key=a..b:7 for seven points, or key=v,w,x")
    }

    /// Evenly spaced decimals between both ends; what follows the last number stays.
    private static func range(_ low: String, _ high: String, _ text: String) throws(Failure) -> [String] {
        var high = high
        var count = points
        if let colon = high.lastIndex(of: ":") {
            guard let given = Int(high[high.index(after: colon)...]), (2...50).contains(given) else {
                throw wrong(text, "after `:` stands a number of points from 2 to 50")
            }
            (count, high) = (given, String(high[..<colon]))
        }
        let (from, to) = (number(low), number(high))
        guard let first = Money(from.number), let last = Money(to.number) else {
            throw wrong(text, "both ends of a range are decimals")
        }
        guard from.unit.isEmpty || from.unit == to.unit else { throw wrong(text, "both ends have the same unit") }
        let width = last.raw - first.raw
        guard width.magnitude < Int128.max.magnitude / 100 else { throw wrong(text, "the range is too wide") }
        return (0..<count).map { index in
            let step = FixedPoint.divideHalfEven(width * Int128(index), by: Int128(count - 1))
            return Money(raw: first.raw + step).description + to.unit
        }
    }

    private static func number(_ text: String) -> (number: String, unit: String) {
        let end = text.firstIndex { !("0"..."9").contains($0) && $0 != "." && $0 != "-" } ?? text.endIndex
        return (String(text[..<end]), String(text[end...]))
    }

    /// Commas within brackets belong to a value.
    private static func list(_ text: Substring) -> [String] {
        var result = [""]
        var depth = 0
        for character in text {
            if "[{".contains(character) { depth += 1 }
            if "]}".contains(character) { depth -= 1 }
            if character == ",", depth == 0 { result.append("") } else { result[result.count - 1].append(character) }
        }
        return result
    }
}
