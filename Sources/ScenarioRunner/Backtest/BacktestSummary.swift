internal import PlimsollCore

/// What the decisions of a back-test came to, over all of them.
struct BacktestSummary {
    let methods: [BacktestMethod]
    let periods: [Backtest.Period]

    private func total(_ method: Int) -> Money { periods.reduce(.zero) { $0 + $1.costs[method] } }

    private func index(_ family: BacktestMethod.Family) -> Int { methods.firstIndex { $0.family == family } ?? 0 }

    /// Methods that anybody could use: neither ours nor the one that knew.
    private var others: [Int] {
        methods.indices.filter { [.advice, .rule, .nothing].contains(methods[$0].family) }
    }

    /// The cheapest of the other methods over all decisions.
    private var best: Int { others.min { (total($0), $0) < (total($1), $1) } ?? 0 }

    private func percent(_ part: Money, of whole: Money) -> JSONValue {
        .string(ScenarioReport.percent(part, of: whole, 4))
    }

    /// The document `backtest.json`, with what is said of the run itself.
    func json(_ head: [String: JSONValue]) -> JSONValue {
        var root = head
        root["methods"] = .array(methods.indices.map(method))
        root["periods"] = .array(periods.map(period))
        root["best_other"] = .string(methods[best].id)
        root["beaten"] = .array(beaten)
        root["regret_won"] = .object(
            Dictionary(uniqueKeysWithValues: others.map { (methods[$0].id, won(from: $0)) }))
        return .object(root)
    }

    private func method(_ place: Int) -> JSONValue {
        let (ours, nothing, clairvoyant) = (index(.ours), index(.nothing), index(.clairvoyant))
        let cost = total(place)
        let count = Int128(max(1, periods.count))
        let cheaper = periods.filter { $0.costs[place] < $0.costs[ours] }
        let margin = cheaper.map { $0.costs[ours] - $0.costs[place] }
        let shares = zip(cheaper, margin).map { ScenarioReport.percent($1, of: $0.costs[place], 4) }
        let most = shares.max { (Money($0) ?? .zero) < (Money($1) ?? .zero) }
        return .object([
            "id": .string(methods[place].id), "title": .string(methods[place].title),
            "family": .string(methods[place].family.rawValue),
            "mean_cost": .money(Money(raw: FixedPoint.divideHalfEven(cost.raw, by: count))),
            "of_on_demand_percent": percent(cost, of: total(nothing)),
            "regret_percent": percent(cost - total(clairvoyant), of: total(clairvoyant)),
            "cheaper_than_forecast": .int(cheaper.count),
            "cheaper_by_at_most_percent": .string(most ?? "0.0000"),
        ])
    }

    private func period(_ period: Backtest.Period) -> JSONValue {
        .object([
            "price_seed": period.seed.map(JSONValue.int) ?? .null,
            "decided": .string(period.window.start.description), "until": .string(period.window.end.description),
            "costs": .object(
                Dictionary(
                    uniqueKeysWithValues: zip(methods, period.costs).map { ($0.id, JSONValue.money($1)) })),
            "purchases": .object(
                Dictionary(
                    uniqueKeysWithValues: zip(methods, period.purchases).map { ($0.id, JSONValue.int($1)) })),
        ])
    }

    /// Decisions in which another method was cheaper than ours.
    private var beaten: [JSONValue] {
        let ours = index(.ours)
        return periods.flatMap { period in
            others.filter { period.costs[$0] < period.costs[ours] }.map { place in
                .object([
                    "price_seed": period.seed.map(JSONValue.int) ?? .null,
                    "decided": .string(period.window.start.description), "method": .string(methods[place].id),
                    "by_percent": percent(period.costs[ours] - period.costs[place], of: period.costs[place]),
                ])
            }
        }
    }

    /// The share of another method's regret that ours does without.
    private func won(from other: Int) -> JSONValue {
        percent(total(other) - total(index(.ours)), of: total(other) - total(index(.clairvoyant)))
    }
}
