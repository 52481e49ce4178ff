/// Why a model could not be solved at all. Infeasible and unbounded models and
/// reached limits are results, see ``Solution/Status``.
public struct SolverFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure; more may be added.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The stable name that messages show.
        public let rawValue: String

        /// Makes a code of a name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// HiGHS is not there or cannot be loaded; commands exit with 69.
        public static let missingLibrary = Code(rawValue: "solver.missing-library")
        /// A number or name of the model makes no sense; see ``LinearModel/faults()``.
        public static let badModel = Code(rawValue: "solver.bad-model")
        /// An option is out of its range.
        public static let badOption = Code(rawValue: "solver.bad-option")
        /// HiGHS gave up for a reason of its own.
        public static let engine = Code(rawValue: "solver.engine")
        /// An optimal solution was demanded and there is none.
        public static let notOptimal = Code(rawValue: "solver.not-optimal")
    }

    /// What kind of failure.
    public let code: Code
    /// One sentence with what is wrong and, where there is one, the remedy.
    public let message: String

    /// Makes a failure.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
