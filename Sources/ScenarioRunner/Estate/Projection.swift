internal import PlimsollCore
internal import Rating

/// Makes the future from the past: its most recent whole weeks, repeated over the horizon so that every
/// hour of the week meets itself, grown by the months between.
struct Projection: Sendable {
    /// Places kept of grown quantities.
    static let places = 3

    let past: HourGrid
    let horizon: Horizon
    /// What a unit of usage costs on demand, for trends.
    var worth: @Sendable (UsageKey) -> Double = { _ in 1 }

    private var weekHours: Int { 168 }

    /// The hours that are repeated.
    func source() throws(Failure) -> HourGrid {
        let whole = past.count / weekHours
        guard whole > 0 else {
            throw Failure(
                .badInput, "scenario.short-past", "the past has \(past.count) hours: less than one whole week",
                hint: "give at least 168 hours of usage, or leave `horizon` out")
        }
        if let weeks = horizon.weeks, weeks > whole {
            throw Failure(
                .badInput, "scenario.short-past", "`horizon.weeks` is \(weeks), the past has \(whole) whole weeks",
                hint: "set `horizon.weeks` to \(whole) or less")
        }
        let hours = (horizon.weeks ?? whole) * weekHours
        return HourGrid(start: past.end.advanced(by: -hours), end: past.end)
    }

    /// The usage of the horizon.
    func project(_ lines: [UsageLine]) throws(Failure) -> [UsageLine] {
        let source = try source()
        let window = horizon.window
        let offsets = (window.start.index..<window.end.index).map { (hour: Int) -> Int in
            let steps = (hour - source.start.index) % source.count
            return steps < 0 ? steps + source.count : steps
        }
        let growth = growths(lines, hours: window.end.index - source.start.index)
        var result: [UsageLine] = []
        for line in lines {
            let cut = line.series.values(in: source)
            guard cut.contains(where: { $0 != 0 }) else { continue }
            var series = HourSeries(start: window.start, scale: line.series.scale, values: offsets.map { cut[$0] })
            if let growth = growth(line.key) { try grow(&series, offsets, source, growth, line.key) }
            result.append(UsageLine(key: line.key, series: series, order: line.order))
        }
        return result
    }

    /// How usage of a key grows for so many hours; nil = not.
    private func growths(_ lines: [UsageLine], hours: Int) -> (UsageKey) -> Growth? {
        if horizon.followsTrend {
            let trend = DemandTrend(lines, past: past, repeated: horizon.weeks, worth: worth)
            return { key in
                let (percent, level) = (trend.percentPerWeek(key), trend.level(key))
                guard percent != .zero || level != FixedPoint.one else { return nil }
                return Growth(percent: percent, every: Growth.weekHours, hours: hours, level: level)
            }
        }
        let growth = horizon.growth == .zero ? nil : Growth(percent: horizon.growth, hours: hours)
        return { _ in growth }
    }

    private func grow(
        _ series: inout HourSeries, _ offsets: [Int], _ source: HourGrid, _ growth: Growth, _ key: UsageKey
    ) throws(Failure) {
        let scale = max(series.scale, Self.places)
        let lift = FixedPoint.power(scale - series.scale)
        for position in series.values.indices where series.values[position] != 0 {
            let target = series.start.index + position
            let hours = target - source.start.index - offsets[position]
            let (exact, overflow) = Int128(series.values[position]).multipliedReportingOverflow(
                by: lift * growth.factor(afterHours: hours))
            guard !overflow, let value = Int64(exactly: FixedPoint.divideHalfEven(exact, by: FixedPoint.one)) else {
                throw Failure(
                    .badInput, "scenario.too-large", "the grown usage of `\(key.sku)` is too large a number",
                    hint: "lower `horizon.growth`")
            }
            series.values[position] = value
        }
        series.scale = scale
    }

    /// Commitments as the baseline has them: those that end inside the horizon are followed by an equal one
    /// under `renew`, again and again; under `lapse` they end.
    func baseline(_ commitments: [Commitment]) -> [Commitment] {
        guard horizon.baseline == .renew else { return commitments }
        let window = horizon.window
        var result: [Commitment] = []
        for commitment in commitments {
            result.append(commitment)
            var last = commitment
            var round = 1
            while let end = last.end, window.contains(end.hour), end.hour > window.start {
                var next = last
                next.id = "\(commitment.id)/renewed-\(round)"
                next.start = end
                let length = max(1, commitment.start.map { $0.hour.distance(to: end.hour) } ?? 0)
                let hours = commitment.term?.hours ?? (commitment.start == nil ? Term.oneYear.hours : length)
                next.end = Instant(hour: end.hour.advanced(by: hours), second: end.second)
                result.append(next)
                last = next
                round += 1
            }
        }
        return result
    }
}

extension HourSeries {
    /// The values of the hours of `grid`; zero where the series has none.
    func values(in grid: HourGrid) -> [Int64] {
        (grid.start.index..<grid.end.index).map { hour in
            let offset = hour - start.index
            return values.indices.contains(offset) ? values[offset] : 0
        }
    }
}

extension Projection {
    /// A projection of an input's past, with the prices of its last day.
    init(of input: RatingInput, past: HourGrid, horizon: Horizon) throws(Failure) {
        self.init(past: past, horizon: horizon)
        guard horizon.followsTrend else { return }
        let rules = try RatingEstate(input).rules
        let day = past.end.advanced(by: -1).day
        worth = { key in rules.contractedPrice(of: key, on: day).map { Double($0.first.raw) / 1e12 } ?? 0 }
    }
}
