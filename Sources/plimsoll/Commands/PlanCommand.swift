internal import ArgumentParser
internal import CommitmentPlanner
internal import PlimsollCore
internal import Rating
internal import ScenarioRunner

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Make a plan from files.", subcommands: [PlanCommitments.self])
}

struct PlanCommitments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commitments", abstract: "Plan which commitments to hold throughout the usage's window.",
        discussion: """
            Writes plan.json with purchases, the bill before and after, and a certificate: a lower bound on the cost \
            of any plan of the same space. `plimsoll verify DIR/plan.json` re-checks it without a solver.

            EXAMPLES
              plimsoll plan commitments --usage usage.csv --prices prices.csv --out plan
              plimsoll plan commitments --usage usage.csv --offers ri-standard,compute-sp --terms 1y --payment none --out plan
            """)

    @OptionGroup var estate: EstateOptions
    @Option(help: ArgumentHelp("Offers to plan with, commas between. Default: all the rules know.", valueName: "offers"))
    var offers: String?
    @Option(help: ArgumentHelp("Terms to plan with: 1y, 3y.", valueName: "terms"))
    var terms: String?
    @Option(help: ArgumentHelp("Payment options to plan with: none, partial, all, monthly.", valueName: "options"))
    var payment: String?
    @Option(help: ArgumentHelp("Directory for plan.json and what belongs to it.", valueName: "dir"))
    var out: String
    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        if estate.usage == nil { throw ValidationError("Give --usage FILE.") }
        _ = try options()
    }

    func run() throws {
        let loaded = try estate.load()
        terminal.warn(loaded.warnings)
        let plan = try PlannerSeam.planner.plan(
            CommitRequest(input: loaded.input, options: try options(), inputs: loaded.files))
        try OutputDirectory(out).publish(plan.files)
        try StandardOutput.write(plan.summary)
        terminal.say("wrote \(plan.files.map { "\(out)/\($0.name)" }.joined(separator: ", "))")
    }

    private func options() throws -> PlanOptions {
        var options = PlanOptions()
        if let offers { options.offers = try words(offers, "offers", Offer.all.filter(\.isCommitment).map(\.rawValue)).map(Offer.init(rawValue:)) }
        if let terms { options.terms = try words(terms, "terms", Term.allCases.map(\.rawValue)).compactMap(Term.init(rawValue:)) }
        if let payment {
            options.payments = try words(payment, "payment", Payment.allCases.map(\.rawValue)).compactMap(Payment.init(rawValue:))
        }
        return options
    }

    private func words(_ text: String, _ name: String, _ known: [String]) throws -> [String] {
        try text.split(separator: ",").map(String.init).map { word in
            if known.contains(word) { return word }
            let near = Suggestion.nearest(to: word, in: known).map { "did you mean `\($0)`? " } ?? ""
            throw ValidationError("`\(word)` is not a word for --\(name). \(near)Words: \(known.joined(separator: ", ")).")
        }
    }
}

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Re-check a plan without a solver: accept (0) or refuse (3) and say why.",
        discussion: """
            EXAMPLES
              plimsoll verify plan/plan.json
            """)

    @Argument(help: ArgumentHelp("plan.json, or the directory it is in; its inputs lie beside it.", valueName: "plan"))
    var plan: String
    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try StandardOutput.write(try PlannerSeam.verify(plan))
    }
}
