public import PlimsollCore

/// An input made ready: one currency, an indexed price book, usage and commitments sorted by who pays.
/// The rater and planners start from the same one.
public struct RatingEstate: Sendable {
    /// The input, in one currency.
    public let input: RatingInput
    /// What serves what.
    public let rules: CoverageRules
    /// Currency of all amounts.
    public let currency: String
    /// Hours billed.
    public let window: HourGrid
    /// Billing accounts by provider and id.
    public let payers: [Payer]
    /// First hours of days on which a price changes.
    let boundaries: [Hour]

    /// Makes `given` ready. Throws where currencies cannot be brought together.
    public init(_ given: RatingInput) throws(Failure) {
        var input = given
        let exchange = try Exchange(input)
        try exchange.convert(&input)
        currency = exchange.currency
        let book = PriceBook(input.prices)
        let facts = SKUFacts(catalog: input.catalog, programs: input.programs)
        var rules = CoverageRules(programs: input.programs, book: book, facts: facts)
        window = input.window ?? Self.span(input.usage)
        boundaries = Set(book.boundaries + exchange.boundaries + rules.boundaries).sorted()
        let split = UsageSplit(input, rules: rules, window: window, boundaries: boundaries)
        if split.isChanged {
            input.usage = split.usage
            input.prices += split.prices
            if !split.prices.isEmpty { rules.book = PriceBook(input.prices) }
        }
        self.rules = rules
        payers = PayerList(input, window: window).payers
        self.input = input
    }

    private static func span(_ usage: [UsageLine]) -> HourGrid {
        let filled = usage.filter { !$0.series.values.isEmpty }
        guard let first = filled.map(\.series.grid.start).min(), let last = filled.map(\.series.grid.end).max() else {
            return HourGrid(start: Hour(index: 0), end: Hour(index: 0))
        }
        return HourGrid(start: first, end: last)
    }

    /// The window cut where a price changes.
    public var priceEpochs: [HourGrid] { cut(window) }

    /// The hours around `hour` in which no price changes, within the window.
    func epoch(of hour: Hour) -> HourGrid {
        HourGrid(
            start: boundaries.last { $0 <= hour && $0 > window.start } ?? window.start,
            end: boundaries.first { $0 > hour && $0 < window.end } ?? window.end)
    }

    /// A stretch of hours cut where a price changes.
    func cut(_ grid: HourGrid) -> [HourGrid] {
        var result: [HourGrid] = []
        var from = grid.start
        for boundary in boundaries where boundary > from && boundary < grid.end {
            result.append(HourGrid(start: from, end: boundary))
            from = boundary
        }
        if from < grid.end { result.append(HourGrid(start: from, end: grid.end)) }
        return result
    }
}

extension CoverageRules {
    /// What usage left over costs: the negotiated price, else the on-demand one.
    public func contractedPrice(of key: UsageKey, on day: Day) -> PriceBook.Price? {
        book.price(of: key, offer: .negotiated, on: day) ?? book.price(of: key, offer: .onDemand, on: day)
    }
}
