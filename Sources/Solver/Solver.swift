internal import CHiGHS

/// The door to HiGHS, which is loaded when first needed: from
/// `$PLIMSOLL_HIGHS`, from `../lib` beside the program, from `.tools/lib` of a
/// directory above it, or from where the system keeps libraries.
///
/// All functions are synchronous, use one thread, and may be called from any.
public enum Solver {
    /// Whether HiGHS is there. Loads it.
    public static var isAvailable: Bool { chighs_load() == 1 }

    /// The loaded library's file, or nil when there is none.
    public static var libraryPath: String? {
        isAvailable ? String(cString: chighs_path()) : nil
    }

    /// HiGHS's version, such as `1.15.1`.
    ///
    /// - Throws: ``SolverFailure/Code/missingLibrary`` with a sentence on what to do.
    public static func version() throws(SolverFailure) -> String {
        try requireLibrary()
        return String(cString: chighs_version())
    }

    /// Solves a model from nothing.
    ///
    /// - Returns: the best point, or what makes the model infeasible or unbounded.
    /// - Throws: ``SolverFailure`` where the library is missing, the model has
    ///   ``LinearModel/faults()``, an option is out of range, or HiGHS gives up.
    public static func solve(
        _ model: LinearModel, options: SolverOptions = SolverOptions()
    ) throws(SolverFailure) -> Solution {
        var warm = try WarmModel(model, options: options)
        return try warm.solve()
    }

    static func requireLibrary() throws(SolverFailure) {
        if chighs_load() != 1 {
            throw SolverFailure(.missingLibrary, String(cString: chighs_error()))
        }
    }
}
