public import PlimsollCore
internal import Solver

/// Finds purchases for a ``PlanningModel`` and proves how good they are.
public enum PlanningEngine {
    /// Where to stop; never by time.
    public struct Options: Sendable, Hashable {
        /// Relative gap between the relaxation's cost and its bound.
        public var gap = 1e-5
        /// Relative gap at which the ascent over many groups stops.
        public var ascentGap = 1e-3
        /// Iterations at most.
        public var iterations = 300
        /// Whether the relaxation's purchases are moved to where the vendor's order of allocation costs less.
        public var searchesVendorOrder = true
        /// Which search is used; automatic chooses by the model's shape and size.
        public var method = Method.automatic
        /// How far, relative to the cost, the search by the vendor's order may move away from the
        /// relaxation's best point.
        public var latitude = 5e-5

        /// A search for purchases.
        public enum Method: Sendable, Hashable {
            /// By the model's shape and size.
            case automatic
            /// Cutting planes on the purchases.
            case cuts
            /// Mirror ascent on the wide pool's hourly prices, where the model has its shape.
            case ascent
        }

        /// The usual limits.
        public init() {}
    }

    /// Purchases and their proof.
    public struct Result: Sendable {
        /// Steps bought of each pool.
        public var steps: [Int64]
        /// Prices that prove the bound.
        public var prices: DualPrices
        /// The bound, in 10⁻¹² currency.
        public var lowerBound: Int128
        /// How it was found, in words.
        public var method: String
    }

    /// The real cost of steps bought of each pool, in any fixed unit; nil where it cannot be told.
    public typealias Judge = (_ steps: [Int64]) -> Int128?

    /// Plans. Throws where HiGHS is missing or numbers leave their range.
    ///
    /// - Parameter judge: asked for the last word among a few plans that look about equally good; without it the
    ///   vendor's order in floating point decides.
    public static func plan(
        _ model: PlanningModel, _ options: Options = Options(), judge: Judge? = nil
    ) throws(Failure) -> Result {
        guard !model.cells.isEmpty, model.hours > 0, model.pools.contains(where: { $0.fee != nil }) else {
            return try nothing(model)
        }
        if options.method != .cuts, let problem = AscentProblem(model) {
            if options.method == .ascent || problem.groups.count >= manyGroups { return try ascend(problem, options) }
        }
        return try cut(model, options, judge)
    }

    /// From so many groups on, a master problem over all purchases costs more than the ascent.
    private static let manyGroups = 100

    private static func cut(
        _ model: PlanningModel, _ options: Options, _ judge: Judge?
    ) throws(Failure) -> Result {
        guard model.servedLimit != nil else { return try cut(model, served: 0, options).result(judge) }
        var low = try cut(model, served: 0, options)
        guard low.isOverServing else { return low.result(judge) }
        // The price of serving: too low, and more is served than may be; too high, and too little is.
        var high: Draft?
        var range = (low: 0.0, high: 1.0)
        var best = low
        for _ in 0..<servedSteps {
            let middle = (range.low + range.high) / 2
            let draft = try cut(model, served: middle, options)
            if draft.lowerBound > best.lowerBound { best.replaceProof(draft) }
            if draft.isOverServing {
                (range.low, low) = (middle, draft)
            } else {
                (range.high, high) = (middle, draft)
            }
        }
        best.candidates = low.candidates + (high?.candidates ?? [])
        return best.result(judge)
    }

    /// Halvings of the price of serving: after them a gap of less than a thousandth of the price is left.
    private static let servedSteps = 10

    /// What one search found.
    private struct Draft {
        var candidates: [[Int64]]
        var prices: DualPrices
        var lowerBound: Int128
        var method: String
        /// Whether the relaxation serves more than the limit.
        var isOverServing: Bool

        mutating func replaceProof(_ other: Draft) { (prices, lowerBound) = (other.prices, other.lowerBound) }

        func result(_ judge: Judge?) -> Result {
            Result(
                steps: PlanningEngine.choose(candidates, judge), prices: prices, lowerBound: lowerBound,
                method: method)
        }
    }

    /// - Parameter served: the price of a currency unit of usage being served.
    private static func cut(_ model: PlanningModel, served: Double, _ options: Options) throws(Failure) -> Draft {
        var priced = model
        let toll = Int64(served * Double(FixedPoint.one))
        for cell in priced.cells.indices {
            let price = model.cells[cell].price
            priced.cells[cell].price = price - Int64(Int128(price) * Int128(toll) / FixedPoint.one)
        }
        let relaxation = Relaxation(priced)
        let engine = CutEngine(relaxation)
        let outcome = try solving { () throws(SolverFailure) in
            try engine.run(gap: options.gap, limit: options.iterations)
        }
        var certified = DualPrices.rounding(outcome.prices, multipliers: outcome.multipliers, for: model)
        certified.served = toll
        let rounding = Rounding(toll == 0 ? relaxation : Relaxation(model), engine, outcome, options)
        var draft = Draft(
            candidates: rounding.candidates(), prices: certified, lowerBound: try certified.lowerBound(for: model),
            method: "cutting planes on purchases, exact hourly duals, search by the vendor's order",
            isOverServing: engine.servedCost(outcome.quantities) > Double(model.servedLimit ?? 0) * 1e-12 * (1 - served)
        )
        if options.method == .automatic, let program = WholeProgram(priced) {
            let whole = try solving { () throws(SolverFailure) in try program.run() }
            var prices = DualPrices.rounding(whole.prices, multipliers: whole.multipliers, for: model)
            prices.served = toll
            let bound = try prices.lowerBound(for: model)
            if bound > draft.lowerBound { (draft.prices, draft.lowerBound) = (prices, bound) }
            if let steps = whole.steps { draft.candidates += rounding.near(steps) }
            draft.method = "whole linear and integer program beside cutting planes, search by the vendor's order"
        }
        if let found = rounding.exhaust(from: draft.candidates) {
            draft.candidates = found.steps + draft.candidates
            if found.isComplete { draft.method += ", all whole steps ruled out or tried" }
        }
        return draft
    }

    /// The cheapest by the judge's word; the first where there is none.
    private static func choose(_ candidates: [[Int64]], _ judge: Judge?) -> [Int64] {
        guard let judge else { return candidates.first ?? [] }
        var best: (steps: [Int64], cost: Int128)?
        var seen: Set<[Int64]> = []
        for candidate in candidates where seen.insert(candidate).inserted {
            guard let cost = judge(candidate), cost < best?.cost ?? .max else { continue }
            best = (candidate, cost)
        }
        return best?.steps ?? candidates.first ?? []
    }

    private static func ascend(_ problem: AscentProblem, _ options: Options) throws(Failure) -> Result {
        let ascent = DualAscent(problem)
        let outcome = ascent.run(gap: options.ascentGap, limit: options.iterations)
        let certified = ascent.certificate(outcome.prices)
        return Result(
            steps: ascent.steps(outcome), prices: certified,
            lowerBound: try certified.lowerBound(for: problem.model),
            method: "mirror ascent on the wide pool's hourly prices, groups by quantile")
    }

    private static func nothing(_ model: PlanningModel) throws(Failure) -> Result {
        let engine = CutEngine(Relaxation(model))
        let free = engine.prices(at: [Double](repeating: 0, count: model.pools.count))
        let prices = DualPrices.rounding(free, for: model)
        return Result(
            steps: Array(repeating: 0, count: model.pools.count), prices: prices,
            lowerBound: try prices.lowerBound(for: model), method: "nothing to plan")
    }

    private static func solving<T>(_ body: () throws(SolverFailure) -> T) throws(Failure) -> T {
        do {
            return try body()
        } catch {
            let isMissing = error.code == .missingLibrary
            throw Failure(
                isMissing ? .missingTool : .bug, error.code.rawValue, error.message,
                hint: isMissing ? "run `scripts/bootstrap`" : "please report the inputs that led here")
        }
    }

    /// On-demand cost left under the best hourly allocation of held and bought capacity (pool units in
    /// 10⁻¹²), in 10⁻¹² currency, rounded down to 10⁻⁶ currency.
    public static func allocationCost(_ model: PlanningModel, units: [Int128]) -> Int128 {
        guard !model.cells.isEmpty else { return 0 }
        let quantities = units.map { Double($0) / Double(FixedPoint.one) }
        let engine = CutEngine(Relaxation(model))
        let cost = (engine.evaluate(quantities).total + engine.relaxation.unserved) * 1e6
        return Int128(Int64(cost.rounded(.down))) * 1_000_000
    }
}

extension PlanningEngine {
    /// What purchases (pool units in 10⁻¹²) cost in the vendor's order of stages and savings: fees and on-demand
    /// usage, in currency, in floating point. The rater's bill is the exact one.
    public static func vendorCost(_ model: PlanningModel, units: [Int128]) -> Double {
        VendorOrder(Relaxation(model)).cost(units.map { Double($0) / Double(FixedPoint.one) })
    }
}
