import AWSProvider
import PlimsollCore
import Rating

@testable import ScenarioRunner

/// Buys nothing, or one plan for all compute of the first payer.
struct FakePlanner: CommitPlanning {
    var hourly: Money?

    func plan(_ input: RatingInput, _ options: CommitOptions) throws(Failure) -> CommitPlan {
        var purchases: [Commitment] = []
        if let hourly {
            var plan = Commitment()
            (plan.id, plan.provider, plan.offer) = ("buy-1", "aws", .computePlan)
            (plan.billingAccount, plan.account) = (input.usage[0].key.billingAccount, input.usage[0].key.account)
            (plan.hourlyCommitment, plan.term, plan.payment) = (hourly, .oneYear, Payment.none)
            plan.currency = "USD"
            purchases = [plan]
        }
        let certificate = Certificate(
            lowerBound: Money(80), relaxation: Money(90), cost: Money(100), eligibleCost: Money(200),
            onDemandCost: Money(400))
        let keep = Verdict(recommender: "commit", subject: "pool", outcome: .keep(reason: "it saves nothing"))
        return CommitPlan(
            purchases: purchases, certificate: certificate, verdicts: [keep], files: [("plan.json", Array("{}".utf8))])
    }
}

extension ScenarioContext {
    /// AWS's programs and built-in facts; reads `files` alone.
    static func test(_ files: [String: String] = [:]) -> ScenarioContext {
        ScenarioContext(
            programs: AWS.benefitPrograms, builtInPrices: AWS.builtInPrices, builtInCatalog: AWS.builtInCatalog,
            read: { (path) throws(Failure) in
                guard let text = files[path] else { throw Failure(.noInput, "input.missing", path) }
                return Array(text.utf8)
            })
    }
}

extension Scenario {
    static func load(_ text: String, set: [String] = [], seed: Int? = nil) throws(Failure) -> Scenario {
        try load(Array(text.utf8), file: "test.yaml", set: set, seed: seed)
    }
}

/// The failure `body` throws.
func failure(_ body: () throws(Failure) -> Void) -> Failure? {
    do throws(Failure) {
        try body()
        return nil
    } catch {
        return error
    }
}

let smallScenario = """
    scenario: small
    seed: 3
    estate:
      generate:
        from: 2026-01-01
        to: 2026-01-22
        regions: [us-east-1]
        families: [m4]
        workloads: 5
    horizon: {start: 2026-02-01, months: 2, growth: 1.5%/month}
    levers:
      - commit: {terms: [1y], payment: [none]}
    compare:
      - {name: flat, set: {horizon.growth: 0}}
    """
