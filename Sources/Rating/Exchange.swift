internal import PlimsollCore

/// Brings prices and commitments into one currency, by dated rates.
struct Exchange {
    let currency: String
    private let rates: [String: [FxRate]]

    init(_ input: RatingInput) throws(Failure) {
        let used = Self.currencies(input)
        if let wanted = input.currency {
            currency = wanted
        } else if used.count <= 1 {
            currency = used.first ?? ""
        } else {
            let targets = Set(input.fx.map(\.to))
            guard targets.count == 1, let target = targets.first else {
                let list = used.map { "`\($0)`" }.joined(separator: ", ")
                throw Failure(
                    .badInput, "prices.currencies", "the prices and commitments are in several currencies: \(list)",
                    hint: "give dated exchange rates into one currency with `--fx FILE` (`plimsoll schema fx`)")
            }
            currency = target
        }
        let target = currency
        rates = Dictionary(grouping: input.fx.filter { $0.to == target }, by: \.from)
            .mapValues { $0.sorted { $0.date < $1.date } }
        for name in used where name != target && rates[name] == nil {
            throw Failure(
                .badInput, "fx.missing", "no exchange rate from `\(name)` to `\(target)`",
                hint: "add rows `date,from,to,rate` for it to the exchange rates")
        }
    }

    private static func currencies(_ input: RatingInput) -> [String] {
        var providers: Set<String> = []
        var found: Set<String> = []
        // Rows in a run share their words: each is looked up once.
        var last: String?
        for line in input.usage where line.key.provider != last {
            providers.insert(line.key.provider)
            last = line.key.provider
        }
        for commitment in input.commitments {
            providers.insert(commitment.provider)
            if !commitment.currency.isEmpty { found.insert(commitment.currency) }
        }
        var known = (provider: "", currency: "", isSet: false)
        for row in input.prices where !known.isSet || row.currency != known.currency || row.provider != known.provider {
            known = (row.provider, row.currency, true)
            if providers.isEmpty || providers.contains(row.provider) { found.insert(row.currency) }
        }
        return found.sorted()
    }

    /// First hours of days on which a rate changes.
    var boundaries: [Hour] { Set(rates.values.flatMap { $0.map(\.date.firstHour) }).sorted() }

    func convert(_ input: inout RatingInput) throws(Failure) {
        guard !rates.isEmpty else { return }
        var prices: [PriceRow] = []
        for row in input.prices { prices += try converted(row) }
        input.prices = prices
        var commitments: [Commitment] = []
        for commitment in input.commitments { commitments.append(try converted(commitment, input)) }
        input.commitments = commitments
    }

    private func converted(_ row: PriceRow) throws(Failure) -> [PriceRow] {
        guard row.currency != currency, let dated = rates[row.currency] else { return [row] }
        var result: [PriceRow] = []
        for (index, rate) in dated.enumerated() {
            var copy = row
            copy.price = try times(row.price, rate.rate)
            copy.upfront = try times(row.upfront, rate.rate)
            copy.currency = currency
            // The first rate also holds before its date: there is none better.
            if index > 0 { copy.validFrom = max(row.validFrom ?? rate.date, rate.date) }
            if index + 1 < dated.count {
                copy.validTo = min(row.validTo ?? dated[index + 1].date, dated[index + 1].date)
            }
            if let from = copy.validFrom, let to = copy.validTo, from >= to { continue }
            result.append(copy)
        }
        return result
    }

    /// A commitment's fees at the rate of its start, or of the bill's first day.
    private func converted(_ commitment: Commitment, _ input: RatingInput) throws(Failure) -> Commitment {
        guard commitment.currency != currency, let dated = rates[commitment.currency] else { return commitment }
        let day = commitment.start?.hour.day ?? input.window?.start.day ?? input.usage.map(\.series.start.day).min()
        guard let rate = dated.last(where: { $0.date <= day ?? $0.date }) ?? dated.first else { return commitment }
        var copy = commitment
        copy.hourly = try times(commitment.hourly, rate.rate)
        copy.upfront = try times(commitment.upfront, rate.rate)
        copy.hourlyCommitment = try times(commitment.hourlyCommitment, rate.rate)
        copy.currency = currency
        return copy
    }

    private func times(_ amount: Money, _ rate: Money) throws(Failure) -> Money {
        let product = Exact(amount.raw, over: FixedPoint.one) * Exact(rate.raw, over: FixedPoint.one)
        return Money(raw: try product.roundedRaw())
    }
}
