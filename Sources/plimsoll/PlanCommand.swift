import ArgumentParser
import CommitmentPlanner
import PlimsollCore
import Rating
import Reporting
import ScenarioRunner

/// `plimsoll plan`: plans to act on.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Make plans: what to buy.", subcommands: [PlanCommitmentsCommand.self])
}

/// `plimsoll plan commitments`: what to hold throughout the hours of a usage file.
struct PlanCommitmentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commitments",
        abstract: "Plan which commitments to hold, with a proof of how good the plan is.",
        discussion: """
            Plans for the hours of the usage file: what to hold throughout them. A term longer than that is \
            charged for those hours. Writes plan.json, plan.csv, duals.csv and the inputs into the folder \
            named by --out; `plimsoll verify` checks them again with no solver.

            Examples:
              plimsoll plan commitments --usage usage.csv --prices prices.csv --out plan
              plimsoll plan commitments --usage usage.csv --offers family-sp,compute-sp --terms 1y \\
                --payment none --commitments held.csv --out plan
            """)

    @OptionGroup(title: "Files") var files: RatingFiles

    @Option(
        help: ArgumentHelp("Offers that may be bought (a list with commas; default: all known).", valueName: "list"))
    var offers: WordList?

    @Option(help: ArgumentHelp("Terms that may be bought: 1y,3y,5y.", valueName: "list"))
    var terms: WordList?

    @Option(help: ArgumentHelp("Payments that may be bought: none,partial,all,monthly.", valueName: "list"))
    var payment: WordList?

    @Option(help: ArgumentHelp("The folder to write into.", valueName: "folder"))
    var out: String

    @OptionGroup(title: "Limits") var limits: LimitOptions

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        guard files.usage != nil else {
            throw ValidationError("Missing expected argument '--usage <file>'.")
        }
        _ = try options()
    }

    func run() throws {
        let inputs = try files.bytes()
        let input = try inputs.decode(programs: Registry.programs)
        let options = try options()
        let outcome = try Talk.during("planning for \(input.usage.count) usage lines") { () throws(Failure) in
            try CommitmentPlanner.plan(input, inputs: inputs, options: options)
        }
        let output = outcome.files.map { OutputFile($0.path, $0.bytes) }
        try Talk.write(output, into: out)
        try StandardOutput.write(PlanSummary.text(outcome, folder: out, width: Talk.width))
        Talk.tell(RatingFiles.synthetic(input) + outcome.after.warnings)
        guard let first = outcome.before.unpriced.first else { return }
        throw Failure(
            .partial, "rate.unpriced",
            "lines of usage without a price, planned for nowhere: \(outcome.before.unpriced.count), first "
                + "`\(first.key.sku)`: \(first.reason)",
            hint: "add rows to the price book")
    }

    private func options() throws -> PlanOptions {
        var options = PlanOptions()
        if let offers {
            options.offers = try offers.words.map { word in
                let known = Offer.all.filter(\.isCommitment)
                guard let offer = known.first(where: { $0.rawValue == word }) else {
                    let hint = Meant.hint(word, in: known.map(\.rawValue))
                    throw ValidationError("'\(word)' is not an offer. \(hint)See 'plimsoll schema prices'.")
                }
                return offer
            }
        }
        if let terms { options.terms = try terms.values("term") }
        if let payment { options.payments = try payment.values("payment option") }
        try limits.fill(&options)
        return options
    }
}

/// A list of words with commas.
struct WordList: ExpressibleByArgument {
    var words: [String]

    init?(argument: String) {
        words = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if words.contains(where: \.isEmpty) { return nil }
    }

    /// The words as values of a type whose raw values they are.
    func values<Value: RawRepresentable & CaseIterable>(_ kind: String) throws -> [Value]
    where Value.RawValue == String {
        try words.map { word in
            guard let value = Value(rawValue: word) else {
                let known = Value.allCases.map(\.rawValue)
                let hint = Meant.hint(word, in: known)
                throw ValidationError("'\(word)' is not a \(kind). \(hint)Known: \(known.joined(separator: ", ")).")
            }
            return value
        }
    }
}

extension RatingFiles {
    /// The files' bytes, to be kept beside a plan; the built-in book where no prices are given.
    func bytes() throws(Failure) -> PlanInputs {
        var bytes: [String: [UInt8]] = [:]
        let paths = [
            "usage.csv": usage, "prices.csv": prices, "catalog.csv": catalog, "commitments.csv": commitments,
            "accounts.csv": accounts, "fx.csv": fx,
        ]
        // Decoded first under the names the user gave, so that messages speak of those files.
        let loaded = try paths.values.contains("-") ? nil : load()
        for (name, path) in paths.sorted(by: { $0.key < $1.key }) {
            if let path { bytes[name] = try PriceBytes.read(path, isAgain: loaded != nil) }
        }
        Talk.tell(loaded?.warnings.filter { $0.code != "prices.synthetic" } ?? [])
        if prices == nil {
            bytes["prices.csv"] = Interchange.write(prices: Registry.prices)
            if catalog == nil { bytes["catalog.csv"] = Interchange.write(catalog: Registry.catalog) }
        }
        return PlanInputs(files: bytes)
    }
}
