public import PlimsollCore
internal import Rating
internal import Reporting

/// Plans made on one part of the past and billed on the part after it, by this planner and by other methods.
public struct Backtest: Sendable {
    /// When is decided, and for how long is billed.
    public struct Options: Sendable, Hashable {
        /// Months that are known at the first decision.
        public var first = 3
        /// Months billed after each decision; nil = a year, or half of what follows the first decision where
        /// that is less than a year.
        public var months: Int?
        /// Months between decisions.
        public var every = 1
        /// Seeds of synthetic prices; empty = the scenario's own prices.
        public var priceSeeds: [Int] = []

        /// Every month from the third on, a year each.
        public init() {}
    }

    /// What one decision came to: by method, the bill of the months after it.
    struct Period: Sendable {
        var seed: Int?
        var window: HourGrid
        var costs: [Money]
        var purchases: [Int]
    }

    private let name: String
    private let hash: String
    private let file: String
    private let options: Options
    private let scenarios: [(seed: Int?, scenario: Scenario)]

    /// A back-test of the scenario in `bytes`, with `set` on top. Throws where it has no lever `commit`, or
    /// price seeds are given for prices that are not synthetic.
    public init(
        _ bytes: [UInt8], file: String, options: Options, set: [String] = []
    ) throws(Failure) {
        var scenarios: [(seed: Int?, scenario: Scenario)] = []
        for seed in options.priceSeeds.isEmpty ? [nil] : options.priceSeeds.map(Optional.some) {
            let own = seed.map { ["estate.prices={synthetic: {seed: \($0)}}"] } ?? []
            let given = try Scenario.load(bytes, file: file, set: set)
            if seed != nil, given.hasRealPrices { throw Self.realPrices(file) }
            scenarios.append((seed, try Scenario.load(bytes, file: file, set: set + own)))
        }
        guard let scenario = scenarios.first?.scenario, scenario.commitOptions != nil else {
            throw Failure(
                .badInput, "backtest.no-commit", "the scenario has no lever `commit`", at: .init(file: file),
                hint: "add `levers: [commit: {}]`")
        }
        self.scenarios = scenarios
        self.options = options
        self.file = file
        name = scenario.name
        hash = ContentHash.sha256(bytes)
    }

    private static func realPrices(_ file: String) -> Failure {
        Failure(
            .usage, "backtest.real-prices", "price seeds are for synthetic prices, and the scenario has others",
            at: .init(file: file), hint: "leave out --price-seeds")
    }

    /// Decides and bills, two decisions at a time.
    public func run(
        _ context: ScenarioContext, planner: any CommitPlanning, charts: String?
    ) throws(Failure) -> BacktestResult {
        var jobs: [Job] = []
        var months = 0
        for (seed, scenario) in scenarios {
            context.progress("reading the estate")
            var quiet = context
            quiet.progress = { _ in }
            let estate = try EstateLoader(scenario: scenario, context: quiet).load()
            months = self.months(in: estate.input.window)
            jobs += try self.jobs(seed, scenario, estate.input, months: months)
        }
        let all = jobs
        let results = context.sideBySide(all.count, "decisions") { (index) throws(Failure) in
            try Self.period(all[index], planner)
        }
        var periods: [Period] = []
        for result in results { periods.append(try result.get()) }
        guard let job = jobs.first else { throw Failure(.bug, "backtest.no-jobs", "no decisions", hint: "report it") }
        let currency = try RatingEstate(job.input).currency
        let summary = BacktestSummary(methods: job.methods, periods: periods)
        let root = summary.json(
            [
                "scenario": .string(name), "sha256": .string(hash), "currency": .string(currency),
                "first": .int(options.first), "months": .int(months), "every": .int(options.every),
                "forecast": .string(job.scenario.forecastText),
            ])
        return BacktestResult(document: BacktestDocument(root), charts: charts)
    }

    // MARK: Decisions

    /// One decision to be made.
    private struct Job: Sendable {
        var seed: Int?
        var scenario: Scenario
        var input: RatingInput
        var now: Hour
        var horizon: Horizon
        var offers: [Offer]
        var methods: [BacktestMethod]
    }

    /// Months billed after each decision.
    private func months(in past: HourGrid?) -> Int {
        if let months = options.months { return months }
        guard let past else { return Self.year }
        let first = Horizon.later(past.start, months: options.first)
        let left = (1...Self.year).last { Horizon.later(first, months: $0) <= past.end } ?? 0
        return left == Self.year ? left : max(1, (left + 1) / 2)
    }

    private static let year = 12

    private func jobs(
        _ seed: Int?, _ scenario: Scenario, _ input: RatingInput, months: Int
    ) throws(Failure) -> [Job] {
        guard let past = input.window else { return [] }
        let offers = Self.offers(scenario, input)
        guard !offers.isEmpty else {
            throw Failure(
                .badInput, "backtest.no-offers", "the price book has no offer that the lever `commit` may buy",
                at: .init(file: file), hint: "give prices of commitments, or other `offers`")
        }
        var result: [Job] = []
        var now = Horizon.later(past.start, months: options.first)
        while case let horizon = scenario.horizon(from: now, months: months), horizon.window.end <= past.end {
            result.append(
                Job(
                    seed: seed, scenario: scenario, input: input, now: now, horizon: horizon, offers: offers,
                    methods: BacktestMethod.all(offers)))
            now = Horizon.later(now, months: options.every)
        }
        guard result.isEmpty else { return result }
        throw Failure(
            .badInput, "backtest.too-short",
            "the usage has \(past.count) hours: not \(options.first) months before a decision and \(months) after it",
            at: .init(file: file), hint: "give more usage, or ask for fewer months with --first and --months")
    }

    /// What may be bought, in the order in which the vendors apply it.
    private static func offers(_ scenario: Scenario, _ input: RatingInput) -> [Offer] {
        let priced = Set(input.prices.map(\.offer))
        var result: [Offer] = []
        for stage in input.programs.flatMap(\.stages) {
            for offer in stage.offers.map(Offer.init(rawValue:)) where offer.isCommitment && priced.contains(offer) {
                guard scenario.commitOptions?.offers?.contains(offer) ?? true, !result.contains(offer) else { continue }
                result.append(offer)
            }
        }
        return result
    }

    private static func period(_ job: Job, _ planner: any CommitPlanning) throws(Failure) -> Period {
        let decision = BacktestDecision(
            job.input, now: job.now, horizon: job.horizon, options: job.scenario.commitOptions ?? CommitOptions(),
            offers: job.offers, planner: planner)
        let window = job.horizon.window
        let actual = BacktestDecision.cut(job.input, window)
        var period = Period(seed: job.seed, window: window, costs: [], purchases: [])
        var known: [[Commitment]: Money] = [:]
        for method in job.methods {
            let bought = try decision.purchases(method)
            var input = actual
            input.agreements = []
            input.commitments += bought.map { ScenarioRun.bought($0, window) }
            let cost: Money
            if let same = known[bought] { cost = same } else { cost = try Rater.rate(input).total.effective }
            known[bought] = cost
            period.costs.append(cost)
            period.purchases.append(bought.count)
        }
        return period
    }
}

extension Scenario {
    /// What the lever `commit` allows; nil where there is none.
    var commitOptions: CommitOptions? {
        for case .commit(let options) in levers { return options }
        return nil
    }

    /// Whether prices are anything but synthetic.
    var hasRealPrices: Bool { if case .synthetic = estate.prices { false } else { true } }

    /// How the past goes on from `start`: as the scenario's horizon says, else the last two weeks along the trend.
    func horizon(from start: Hour, months: Int) -> Horizon {
        guard var horizon else { return Horizon(start: start, months: months, followsTrend: true, weeks: 2) }
        (horizon.start, horizon.months) = (start, months)
        return horizon
    }

    /// The forecast in words.
    var forecastText: String {
        let horizon = horizon(from: Hour(index: 0), months: 1)
        let weeks = horizon.weeks.map { "the last \($0) weeks" } ?? "all weeks known"
        if horizon.followsTrend { return "\(weeks), along the trend" }
        return horizon.growth == .zero ? weeks : "\(weeks), growing by \(horizon.growth) % a month"
    }
}

/// What a back-test came to.
public struct BacktestResult: Sendable {
    let document: BacktestDocument
    let charts: String?

    /// The table for a terminal.
    public func table(width: Int) -> String { document.table(width: width) }

    /// The text of `backtest.json`.
    public var json: String { document.json }

    /// The text of `backtest.csv`.
    public var csv: [UInt8] { document.csv }

    /// The files, by name within the output folder.
    public var files: [(name: String, bytes: [UInt8])] {
        [
            ("backtest.json", Array(document.json.utf8)), ("backtest.csv", document.csv),
            ("backtest.html", Array(document.html(library: charts).utf8)),
        ]
    }
}
