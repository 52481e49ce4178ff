/// How to solve. There is no time limit, and nothing else that would make a
/// result depend on the machine's load: the same model, options and version
/// of HiGHS give the same answer.
public struct SolverOptions: Sendable, Hashable {
    /// Which algorithm solves linear programs.
    public enum Method: String, Sendable, Hashable {
        /// HiGHS chooses.
        case automatic = "choose"
        /// Dual simplex.
        case simplex
        /// Interior point.
        case interiorPoint = "ipm"
    }

    /// Which algorithm solves linear programs.
    public var method: Method = .automatic
    /// Whether to simplify the model first.
    public var presolve = true
    /// Whether the interior point's answer is moved to a vertex; without it an
    /// answer comes sooner and is less exact.
    public var crossover = true
    /// An integer search ends when |objective − bound| ÷ |objective| is no more than this.
    public var relativeGap = 1e-6
    /// An integer search ends when |objective − bound| is no more than this.
    public var absoluteGap = 1e-9
    /// How far a point may violate a row or bound.
    public var feasibilityTolerance = 1e-7
    /// How far a reduced cost may have the wrong sign.
    public var optimalityTolerance = 1e-7
    /// How many simplex or interior-point iterations a linear program may take.
    public var iterationLimit: Int?
    /// How many branch-and-bound nodes an integer search may visit.
    public var nodeLimit: Int?
    /// Where the solver breaks ties at random: the seed, ≥ 0.
    public var seed: Int32 = 0

    /// The defaults.
    public init() {}

    func check() throws(SolverFailure) {
        for (name, value) in [
            ("relativeGap", relativeGap), ("absoluteGap", absoluteGap),
        ] where !(value >= 0) {
            throw SolverFailure(.badOption, "`\(name)` is \(value), it must not be negative")
        }
        for (name, value) in [
            ("feasibilityTolerance", feasibilityTolerance), ("optimalityTolerance", optimalityTolerance),
        ] where !(value >= 1e-10 && value < 1) {
            throw SolverFailure(.badOption, "`\(name)` is \(value), it must be from 1e-10 to 1")
        }
        for (name, value) in [("iterationLimit", iterationLimit), ("nodeLimit", nodeLimit)] {
            if let value, value < 0 || value > Int(Int32.max) {
                throw SolverFailure(.badOption, "`\(name)` is \(value), it must be from 0 to \(Int32.max)")
            }
        }
        if seed < 0 { throw SolverFailure(.badOption, "`seed` is \(seed), it must not be negative") }
    }
}
