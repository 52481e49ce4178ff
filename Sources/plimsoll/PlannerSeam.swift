import CommitmentPlanner
import PlimsollCore
import Rating
import ScenarioRunner

/// The commitment planner as the scenario runner knows it.
struct PlannerSeam: CommitPlanning {
    func plan(_ input: RatingInput, _ options: CommitOptions) throws(Failure) -> CommitPlan {
        var wanted = PlanOptions(offers: options.offers)
        if !options.terms.isEmpty { wanted.terms = options.terms }
        if !options.payments.isEmpty { wanted.payments = options.payments }
        (wanted.ladder, wanted.constraints) = (options.ladder, options.constraints)
        (wanted.discount, wanted.terminal) = (options.discount, options.terminal)
        let outcome = try CommitmentPlanner.plan(input, inputs: PlanInputs(input), options: wanted)
        return CommitPlan(
            purchases: outcome.purchases, certificate: outcome.certificate, verdicts: outcome.verdicts,
            files: outcome.files.map { (name: $0.path, bytes: $0.bytes) })
    }
}
