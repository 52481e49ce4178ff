import ArgumentParser
import CommitmentPlanner
import PlimsollCore
import Rating
import ScenarioRunner

/// `plimsoll verify`: checks a plan again, with no solver.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a plan: every number is recomputed, with no solver.",
        discussion: """
            Reads plan.json and, beside it, duals.csv, plan.csv and inputs/. Accepts (0) or refuses (3), and says why: \
            input hash, purchase, bill, dual feasibility, bound, coverage of pools and hours, document.

            Examples:
              plimsoll verify plan/plan.json
            """)

    @Argument(help: ArgumentHelp("The plan.json of a plan's folder.", valueName: "plan"))
    var plan: String

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        let folder = plan.contains("/") ? String(plan.prefix(upTo: plan.lastIndex(of: "/") ?? plan.startIndex)) : "."
        let document = try Talk.read(plan)
        try Verifier.document(document)
        let duals = try Talk.read(folder + "/duals.csv")
        var inputs = PlanInputs(files: [:])
        for name in PlanInputs.names {
            inputs.files[name] = try InputFiles.readIfThere(folder + "/inputs/" + name)
        }
        let purchases = try InputFiles.readIfThere(folder + "/plan.csv")
        let findings = try Talk.during("computing every number again") { () throws(Failure) in
            try Verifier.verify(
                plan: document, duals: duals, inputs: inputs, programs: Registry.programs, purchasesFile: purchases)
        }
        guard findings.isEmpty else {
            throw Failure(
                .partial,
                findings.prefix(20).map { finding in
                    let code = "verify." + finding.reason.split(separator: " ").joined(separator: "-")
                    return Diagnostic(.error, code, "\(finding.reason): \(finding.detail)", at: .init(file: plan))
                }
                    + [
                        Diagnostic(
                            .note, "verify.refused", "the plan is refused: \(findings.count) numbers do not hold",
                            hint: "make it again with `plimsoll plan commitments` or `plimsoll run`")
                    ])
        }
        try StandardOutput.write("accepted: inputs, purchases, bills, dual prices and the bound all hold\n")
    }
}
