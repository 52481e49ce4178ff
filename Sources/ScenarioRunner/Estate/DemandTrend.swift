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
    /// Weeks without a trend that are thought to have gone before: few weeks are believed less than many. None at
    /// all would buy two months' growth for a year; more give away growth that went on.
    private static let doubt = 2.0
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
    /// Logarithm of where demand usually is against where it was in the weeks that are repeated.
    private var levels: [Kind: Double] = [:]
    /// Weeks whose median is where demand usually is.
    private static let usual = 6
    /// Weeks whose scatter tells what is out of the ordinary, and how many of its deviations that is.
    private static let scatter = 26
    private static let unusual = 2.0

    /// The trend of `lines` over the whole weeks at the end of `past`.
    ///
    /// - Parameter worth: what a unit of usage costs on demand; where work moves on to dearer machines, cost grows
    ///   and the number of machines does not.
    /// - Parameter repeated: the last weeks, which the future repeats; nil = all, whose level then is the usual one.
    init(_ lines: [UsageLine], past: HourGrid, repeated: Int? = nil, worth: (UsageKey) -> Double = { _ in 1 }) {
        let count = min(past.count / Growth.weekHours, Self.weeks)
        let start = past.end.advanced(by: -count * Growth.weekHours)
        var sums: [Kind: [Double]] = [:]
        for line in lines {
            let kind = Kind(line.key)
            let worth = worth(line.key)
            let weekly = Self.weekly(line.series, from: start, weeks: count).map { $0 * worth }
            for place in Set([kind, kind.everywhere]) {
                let sum = sums[place] ?? [Double](repeating: 0, count: count)
                sums[place] = zip(sum, weekly).map { $0 + $1 }
            }
        }
        for (kind, values) in sums {
            let slope = Self.slope(values)
            slopes[kind] = slope
            if let repeated { levels[kind] = Self.level(values, slope, repeated: repeated) }
        }
    }

    /// What quantities of the repeated weeks are multiplied by, in 10⁻¹²: 1, unless these weeks were low out of the
    /// ordinary, as over holidays.
    func level(_ key: UsageKey) -> Int128 {
        let kind = Kind(key)
        let log = ((levels[kind] ?? 0) + (levels[kind.everywhere] ?? 0)) / 2
        guard log != 0 else { return FixedPoint.one }
        return Int128((exp(log) * 1_000_000).rounded()) * (FixedPoint.one / 1_000_000)
    }

    /// The median of the last weeks' logarithms, brought forward along the trend, less the mean of the repeated
    /// ones; 0 where that is within what weeks scatter by.
    static func level(_ values: [Double], _ slope: Double, repeated: Int) -> Double {
        let last = values.count - 1
        func residuals(_ weeks: Int) -> [Double] {
            values.enumerated().suffix(weeks).filter { $0.element > 0 }.map {
                log($0.element) + slope * Double(last - $0.offset)
            }
        }
        let recent = residuals(repeated)
        let around = residuals(scatter)
        guard recent.count == repeated, around.count > usual else { return 0 }
        let mean = recent.reduce(0, +) / Double(recent.count)
        let usual = median(residuals(usual))
        let middle = median(around)
        let deviation = 1.4826 * median(around.map { abs($0 - middle) })
        // Low weeks, as over holidays, are followed by usual ones again; high ones often are the new usual.
        return usual - mean > unusual * deviation / Double(repeated).squareRoot() ? usual - mean : 0
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
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
        return median(slopes) * count / (count + doubt)
    }
}
