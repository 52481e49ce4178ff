internal import PlimsollCore
internal import Rating

/// A way of deciding what to buy, on a day on which only the past is known.
struct BacktestMethod: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Buys nothing.
        case nothing
        /// The joint plan for the scenario's horizon, made from the past.
        case forecast
        /// The best purchases of these offers for the last days, as if they came again.
        case lookBack(days: Int, offers: [Offer])
        /// The same offer after offer, each for what the ones before leave.
        case inTurn(days: Int)
        /// What pays off where every line of usage stays at a level that it had in so many per cent of its hours.
        case level(percent: Int, days: Int)
        /// The joint plan for what really came.
        case clairvoyant
    }

    /// Whose way it is.
    enum Family: String, Sendable { case ours, nothing, advice, rule, clairvoyant }

    var kind: Kind
    var id: String
    var title: String
    var family: Family

    /// Days that the vendors' own advice looks back.
    static let adviceDays = [7, 30, 60]
    /// Share of hours, in per cent, in which usage is at least the level that is bought: of 100 it is the minimum.
    static let levels = [100, 90, 70, 50, 30, 10]

    /// All of them for the offers, which stand in the order in which the vendor applies them.
    static func all(_ offers: [Offer]) -> [BacktestMethod] {
        var result = [
            BacktestMethod(kind: .forecast, id: "forecast", title: "Plimsoll: joint plan on a forecast", family: .ours)
        ]
        for days in adviceDays {
            for offer in offers {
                result.append(
                    BacktestMethod(
                        kind: .lookBack(days: days, offers: [offer]), id: "\(offer.rawValue)-\(days)d",
                        title: "advice for \(offer.rawValue), last \(days) days", family: .advice))
            }
            guard offers.count > 1 else { continue }
            result.append(
                BacktestMethod(
                    kind: .inTurn(days: days), id: "in-turn-\(days)d",
                    title: "advice offer after offer, last \(days) days", family: .advice))
            result.append(
                BacktestMethod(
                    kind: .lookBack(days: days, offers: offers), id: "joint-\(days)d",
                    title: "joint plan on the last \(days) days", family: .rule))
        }
        for percent in levels {
            let level = percent == 100 ? "minimum" : "level of \(percent) % of the hours"
            result.append(
                BacktestMethod(
                    kind: .level(percent: percent, days: 30), id: "level-\(percent)-30d",
                    title: "\(level), last 30 days", family: .rule))
        }
        result.append(.init(kind: .nothing, id: "nothing", title: "nothing", family: .nothing))
        result.append(
            .init(kind: .clairvoyant, id: "clairvoyant", title: "joint plan that knew what came", family: .clairvoyant))
        return result
    }
}

/// Decides at one hour what each method buys.
struct BacktestDecision {
    /// The estate, the hours to come among it: only `clairvoyant` may look at them.
    let whole: RatingInput
    /// First hour that is not known.
    let now: Hour
    /// How the past goes on.
    let horizon: Horizon
    let options: CommitOptions
    let offers: [Offer]
    let planner: any CommitPlanning

    /// Usage before `now`: nothing else reaches a method that is no clairvoyant.
    private let past: RatingInput

    init(
        _ whole: RatingInput, now: Hour, horizon: Horizon, options: CommitOptions, offers: [Offer],
        planner: any CommitPlanning
    ) {
        (self.whole, self.now, self.horizon) = (whole, now, horizon)
        (self.options, self.offers, self.planner) = (options, offers, planner)
        let start = whole.window?.start ?? now
        past = Self.cut(whole, HourGrid(start: start, end: now))
    }

    /// What the method buys.
    func purchases(_ method: BacktestMethod) throws(Failure) -> [Commitment] {
        switch method.kind {
        case .nothing: return []
        case .clairvoyant: return try plan(Self.cut(whole, horizon.window), offers)
        case .forecast: return try plan(try forecast(), offers)
        case .lookBack(let days, let offers): return try plan(standing(last(days)), offers)
        case .level(let percent, let days): return try plan(level(standing(last(days)), percent), offers)
        case .inTurn(let days):
            var input = standing(last(days))
            var bought: [Commitment] = []
            for offer in offers {
                let more = try plan(input, [offer])
                bought += more.enumerated().map { index, item in
                    var item = item
                    item.id = "\(offer.rawValue)-\(index + 1)"
                    return item
                }
                input.commitments = standing(last(days)).commitments + bought
            }
            return bought
        }
    }

    private func plan(_ input: RatingInput, _ offers: [Offer]) throws(Failure) -> [Commitment] {
        guard input.usage.contains(where: { $0.series.values.contains { $0 != 0 } }) else { return [] }
        var options = options
        options.offers = offers
        return try planner.plan(input, options).purchases
    }

    private func forecast() throws(Failure) -> RatingInput {
        var input = past
        guard let grid = past.window else { return input }
        let projection = try Projection(of: past, past: grid, horizon: horizon)
        input.usage = try projection.project(past.usage)
        input.commitments = projection.baseline(past.commitments)
        input.window = horizon.window
        return input
    }

    private func last(_ days: Int) -> RatingInput {
        let start = max(past.window?.start ?? now, now.advanced(by: -24 * days))
        return Self.cut(past, HourGrid(start: start, end: now))
    }

    /// Commitments held now, as held in all the hours looked at; others are none.
    private func standing(_ input: RatingInput) -> RatingInput {
        var result = input
        result.commitments = input.commitments.compactMap { held in
            guard held.active(in: HourGrid(start: now, end: now.advanced(by: 1))).count > 0 else { return nil }
            var held = held
            (held.start, held.end) = (nil, nil)
            return held
        }
        return result
    }

    /// Every line at the level it had in at least so many per cent of the hours, in one hour.
    private func level(_ input: RatingInput, _ percent: Int) -> RatingInput {
        var result = input
        let window = input.window ?? HourGrid(start: now, end: now)
        let hour = HourGrid(start: now.advanced(by: -1), end: now)
        result.window = hour
        result.usage = input.usage.map { line in
            var line = line
            let values = line.series.values(in: window).sorted(by: >)
            let place = min(values.count - 1, max(0, (values.count * percent + 99) / 100 - 1))
            line.series = HourSeries(
                start: hour.start, scale: line.series.scale, values: values.isEmpty ? [0] : [values[place]])
            return line
        }
        return result
    }

    // MARK: Hours

    /// The input with the usage of `grid` only.
    static func cut(_ input: RatingInput, _ grid: HourGrid) -> RatingInput {
        var result = input
        result.window = grid
        result.usage = input.usage.map { line in
            var line = line
            line.series = HourSeries(
                start: grid.start, scale: line.series.scale, values: line.series.values(in: grid))
            return line
        }
        return result
    }
}
