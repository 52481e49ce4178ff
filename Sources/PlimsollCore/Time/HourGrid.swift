/// A run of consecutive UTC hours, `start` included, `end` not.
public struct HourGrid: Hashable, Sendable {
    /// The first hour.
    public var start: Hour
    /// The hour after the last one.
    public var end: Hour

    /// The hours from `start` up to, not including, `end`; empty where `end` is not later.
    public init(start: Hour, end: Hour) {
        self.start = start
        self.end = max(start, end)
    }

    /// How many hours.
    public var count: Int { end.index - start.index }

    /// Whether the hour lies in the run.
    public func contains(_ hour: Hour) -> Bool { start <= hour && hour < end }

    /// The hours that both have.
    public func intersection(_ other: HourGrid) -> HourGrid {
        HourGrid(start: max(start, other.start), end: min(end, other.end))
    }

    /// The run cut at the first hour of every month.
    public var months: [HourGrid] {
        var result: [HourGrid] = []
        var from = start
        while from < end {
            let to = min(end, from.nextMonth)
            result.append(HourGrid(start: from, end: to))
            from = to
        }
        return result
    }
}

/// One number an hour, exact: integers in units of 10⁻ˢᶜᵃˡᵉ.
public struct HourSeries: Hashable, Sendable {
    /// The hour of the first value.
    public var start: Hour
    /// Decimal places of the values, 0 … 12: whole instances have 0.
    public var scale: Int
    /// Values in units of 10⁻ˢᶜᵃˡᵉ, one an hour from `start` on.
    public var values: [Int64]

    /// A series of `values` × 10⁻ˢᶜᵃˡᵉ from `start` on.
    public init(start: Hour, scale: Int, values: [Int64]) {
        self.start = start
        self.scale = scale
        self.values = values
    }

    /// The hours that have a value.
    public var grid: HourGrid { HourGrid(start: start, end: start.advanced(by: values.count)) }

    /// The value of one hour; zero outside the series.
    public subscript(hour: Hour) -> Quantity {
        let offset = hour.index - start.index
        guard values.indices.contains(offset) else { return .zero }
        return Quantity(raw: Int128(values[offset]) * FixedPoint.power(FixedPoint.places - scale))
    }

    /// The sum over all hours.
    public var total: Quantity {
        let sum = values.reduce(into: Int128(0)) { $0 += Int128($1) }
        return Quantity(raw: sum * FixedPoint.power(FixedPoint.places - scale))
    }
}
