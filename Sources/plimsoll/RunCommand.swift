import ArgumentParser
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll run SCENARIO`: the past billed, the future billed twice, and a plan between.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a scenario: the bill before, the bill after, and what to buy.",
        discussion: """
            Prints a summary. With --out, writes report.html, report.md, report.json, the hours, both bills, \
            the actions and the plan's files into a directory. The same scenario and seed give the same bytes.

            Examples:
              plimsoll run Scenarios/quickstart/quickstart.yaml
              plimsoll run scenario.yaml --out result
              plimsoll run scenario.yaml --set horizon.growth=3%/month --set levers.0.commit.terms=[1y,3y]
              plimsoll run scenario.yaml --seed 42 --format json
              plimsoll run held.yaml --fail-on 'utilization<90%' --fail-on 'coverage<60%'

            Recorded demand is looked for in $PLIMSOLL_SHARED, else in a folder `shared` above the scenario.
            """)

    @Argument(help: ArgumentHelp("The scenario (YAML).", valueName: "scenario"))
    var scenario: String

    @Option(help: ArgumentHelp("Write the report, the bills and the plan into this directory.", valueName: "dir"))
    var out: String?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Replace a value of the scenario; may be repeated.", valueName: "key=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Replace the scenario's seed.", valueName: "n"))
    var seed: Int?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Exit with 3 where this holds of the bill after: utilization<90%, coverage, saving, unused, on-demand, "
                + "gap; may be repeated.", valueName: "condition"))
    var failOn: [String] = []

    @Option(help: "table (the summary) or json (the report).")
    var format = OutputFormat.table

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        if format == .csv { throw ValidationError("'--format' is table or json; '--out' writes the bills as CSV.") }
        if let seed, seed < 0 { throw ValidationError("'--seed' is 0 or more.") }
    }

    func run() throws {
        let name = InputFiles.name(scenario)
        var conditions: [FailCondition] = []
        for text in failOn { conditions.append(try FailCondition(text)) }
        let loaded = try Scenario.load(Talk.read(scenario), file: name, set: settings, seed: seed)
        let result = try loaded.run(Registry.context, planner: Registry.planner)
        Talk.progress("")
        if let out {
            let charts = try Charts.library()
            let files = try Talk.during("making the report") { () throws(Failure) in try result.files(charts: charts) }
            try Talk.write(files.map { OutputFile($0.name, $0.bytes) }, into: out)
        }
        switch format {
        case .json: try StandardOutput.write(result.reportText)
        case .table, .csv: try StandardOutput.write(ScenarioSummary(result).text(width: Talk.width))
        }
        Talk.tell(result.warnings)
        if result.isPartial {
            throw Failure(
                .partial, "run.unpriced", "some usage has no price and is billed nowhere", at: .init(file: name),
                hint: "add rows to the price book; `unpriced` in report.json lists all of it")
        }
        let complaints = conditions.compactMap { $0.complaint(result) }
        guard !complaints.isEmpty else { return }
        throw Failure(
            .partial, "run.fail-on", complaints.joined(separator: "; "), at: .init(file: name),
            hint: "the run itself is whole; this exit was asked for by --fail-on")
    }
}
