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
        let relaxation = Relaxation(model)
        let engine = CutEngine(relaxation)
        let outcome = try solving { () throws(SolverFailure) in
            try engine.run(gap: options.gap, limit: options.iterations)
        }
        var certified = DualPrices.rounding(outcome.prices, for: model)
        var lowerBound = try certified.lowerBound(for: model)
        let rounding = Rounding(relaxation, engine, outcome, options)
        var candidates = rounding.candidates()
        var method = "cutting planes on purchases, exact hourly duals, search by the vendor's order"
        if options.method == .automatic, let program = WholeProgram(model) {
            let whole = try solving { () throws(SolverFailure) in try program.run() }
            let prices = DualPrices.rounding(whole.prices, for: model)
            let bound = try prices.lowerBound(for: model)
            if bound > lowerBound { (certified, lowerBound) = (prices, bound) }
            if let steps = whole.steps { candidates += rounding.near(steps) }
            method = "whole linear and integer program beside cutting planes, search by the vendor's order"
        }
        if let found = rounding.exhaust(from: candidates) {
            candidates = found.steps + candidates
            if found.isComplete { method += ", all whole steps ruled out or tried" }
        }
        return Result(
            steps: choose(candidates, judge), prices: certified, lowerBound: lowerBound, method: method)
    }

    /// The cheapest by the judge's word; the first where there is none.
    private static func choose(_ candidates: [[Int64]], _ judge: Judge?) -> [Int64] {
        guard let judge, var best = candidates.first, var least = judge(best) else { return candidates.first ?? [] }
        for candidate in candidates.dropFirst() where candidate != best {
            guard let cost = judge(candidate), cost < least else { continue }
            (best, least) = (candidate, cost)
        }
        return best
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
