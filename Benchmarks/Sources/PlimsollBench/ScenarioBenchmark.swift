import AWSProvider
import CommitmentPlanner
import Foundation
import PlimsollCore
import Rating
import ScenarioRunner

/// `Scenarios/commitments-at-scale` from the scenario file to the plan: time, memory, gap.
struct ScenarioBenchmark {
    func run() throws {
        let checkout = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardizedFileURL
        let name = "commitments-at-scale"
        let file = checkout.appending(path: "Scenarios/\(name)/\(name).yaml")
        let scenario = try Scenario.load([UInt8](Data(contentsOf: file)), file: file.lastPathComponent)
        let context = ScenarioContext(
            programs: AWS.benefitPrograms, builtInPrices: AWS.builtInPrices, builtInCatalog: AWS.builtInCatalog,
            read: { (path) throws(Failure) in throw Failure(.noInput, "input.missing", path) },
            purchaseSteps: { AWS.purchaseSteps($0) })
        print("scenario: \(name)")
        let time = try Measuring.time { _ = try scenario.run(context, planner: TimedPlanner()) }
        print(
            "  the whole run: \(Self.digits(time.wall)) s, \(Self.digits(time.processor)) s of the processor,"
                + " peak \(Measuring.memory(ofChildren: false)) MiB")
    }

    static func digits(_ value: Double, _ places: Int = 2) -> String { String(format: "%.\(places)f", value) }
}

/// The planner, with a line about each plan.
private struct TimedPlanner: CommitPlanning {
    func plan(_ input: RatingInput, _ options: CommitOptions) throws(Failure) -> CommitPlan {
        var wanted = PlanOptions(offers: options.offers)
        if !options.terms.isEmpty { wanted.terms = options.terms }
        if !options.payments.isEmpty { wanted.payments = options.payments }
        let (start, used) = (ContinuousClock.now, Measuring.processor())
        let outcome = try CommitmentPlanner.plan(input, inputs: PlanInputs(input), options: wanted)
        let wall = (ContinuousClock.now - start) / .seconds(1)
        let certificate = outcome.certificate
        let gap = Double((certificate.cost - certificate.lowerBound).raw) / Double(max(1, certificate.cost.raw))
        let order = Double((certificate.cost - certificate.relaxation).raw) / Double(max(1, certificate.cost.raw))
        print(
            "  the plan: \(input.usage.count) usage lines, \(outcome.purchases.count) purchases,"
                + " \(ScenarioBenchmark.digits(wall)) s, \(ScenarioBenchmark.digits(Measuring.processor() - used)) s of the"
                + " processor; bill \(outcome.before.total.effective) before, \(certificate.cost) after, gap"
                + " \(ScenarioBenchmark.digits(100 * gap, 4)) %, of it the vendor's order"
                + " \(ScenarioBenchmark.digits(100 * order, 4)) %")
        return CommitPlan(
            purchases: outcome.purchases, certificate: certificate, verdicts: outcome.verdicts,
            files: outcome.files.map { (name: $0.path, bytes: $0.bytes) })
    }
}
