internal import PlimsollCore
internal import ScenarioRunner

// SEAM: the commitment planner's façade is wired here, and nowhere else. `run`'s commit lever,
// `plan commitments` and `verify` go through it.

/// Where the commands meet the commitment planner.
enum PlannerSeam {
    /// Plans commitments.
    static let planner: any CommitPlanning = UnwiredPlanner()

    /// Re-checks a plan; returns what to print, throws exit code 3 where the plan is refused.
    static func verify(_ path: String) throws(Failure) -> String {
        _ = try InputFiles.read(path.hasSuffix(".json") ? path : path + "/plan.json")
        throw UnwiredPlanner.failure
    }
}
