import PlimsollCore
import Rating
import ScenarioRunner

/// Hands the commitment planner to the scenario runner, which knows none by name.
struct PlannerAdapter: CommitPlanning {
    func plan(_ input: RatingInput, _ options: CommitOptions) throws(Failure) -> CommitPlan {
        throw Failure(
            .missingTool, "run.no-planner", "this build has no commitment planner",
            hint: "leave `levers` empty to compare bills only")
    }
}
