internal import Foundation
internal import PlimsollCore

/// How fast usage has been growing, for projections under `growth: trend`.
///
/// By provider, service, unit and region: the median of the slopes between all pairs of weeks of the past year
/// (Theil–Sen, of the logarithm), where the weeks rise or fall more than by chance (Mann–Kendall at 95 %),
/// else none. A machine type has no trend of its own: types are born and die, and their work moves on to
/// others. Half of a region's trend is that of all regions together.
struct DemandTrend {
    /// Weeks looked at, at most.
    static let weeks = 52
    /// Weeks without a trend that are thought to have gone before: few weeks are believed less than many.
    private static let doubt = 4.0
    /// The fastest growth believed, up or down, per cent a month.
    static let most = 10.0

    /// What is added up: amounts of different units are not.
    private struct Kind: Hashable {
        var provider: String
        var service: String
        var unit: String
        var region: String

        init(_ key: UsageKey) { (provider, service, unit, region) = (key.provider, key.service, key.unit, key.region) }

        var everywhere: Kind {
            var result = self
            result.region = ""
            return result
        }
    }

    private var slopes: [Kind: Double] = [:]

    /// The trend of `lines` over the whole weeks at the end of `past`.
    init(_ lines: [UsageLine], past: HourGrid) {
        let count = min(past.count / Growth.weekHours, Self.weeks)
        let start = past.end.advanced(by: -count * Growth.weekHours)
        var sums: [Kind: [Double]] = [:]
        for line in lines {
            let kind = Kind(line.key)
            let weekly = Self.weekly(line.series, from: start, weeks: count)
            for place in Set([kind, kind.everywhere]) {
                let sum = sums[place] ?? [Double](repeating: 0, count: count)
                sums[place] = zip(sum, weekly).map { $0 + $1 }
            }
        }
        for (kind, values) in sums { slopes[kind] = Self.slope(values) }
    }

    /// Growth of usage of this key, per cent a week, to four places.
    func percentPerWeek(_ key: UsageKey) -> Quantity {
        let kind = Kind(key)
        let slope = ((slopes[kind] ?? 0) + (slopes[kind.everywhere] ?? 0)) / 2
        let limit = log(1 + Self.most / 100) * Double(Growth.weekHours) / Double(Growth.monthHours)
        let percent = (exp(min(max(slope, -limit), limit)) - 1) * 100
        return Quantity(raw: Int128((percent * 10_000).rounded()) * (FixedPoint.one / 10_000))
    }

    private static func weekly(_ series: HourSeries, from start: Hour, weeks: Int) -> [Double] {
        let unit = pow(10, Double(-series.scale))
        return (0..<weeks).map { week in
            let first = start.index + week * Growth.weekHours - series.start.index
            let range = (first..<first + Growth.weekHours).clamped(to: series.values.indices)
            return series.values[range].reduce(0) { $0 + Double($1) } * unit
        }
    }

    /// Change of the logarithm a week; 0 where it may be chance. Weeks without usage say nothing.
    static func slope(_ values: [Double]) -> Double {
        let points = values.enumerated().filter { $0.element > 0 }.map { (week: $0.offset, log: log($0.element)) }
        let count = Double(points.count)
        guard points.count > 4 else { return 0 }
        var slopes: [Double] = []
        var balance = 0
        for (index, left) in points.enumerated() {
            for right in points[(index + 1)...] {
                slopes.append((right.log - left.log) / Double(right.week - left.week))
                balance += right.log > left.log ? 1 : right.log < left.log ? -1 : 0
            }
        }
        let deviation = (count * (count - 1) * (2 * count + 5) / 18).squareRoot()
        guard Double(abs(balance) - 1) >= 1.96 * deviation else { return 0 }
        slopes.sort()
        let middle = slopes.count / 2
        let median = slopes.count.isMultiple(of: 2) ? (slopes[middle - 1] + slopes[middle]) / 2 : slopes[middle]
        return median * count / (count + doubt)
    }
}
