import ArgumentParser
import PlimsollCore
import ScenarioRunner

/// `plimsoll sweep SCENARIO --vary key=a..b`: a scenario over a grid of settings.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Run a scenario over a grid of settings: saving against risk and cash.",
        discussion: """
            Every combination is run, two at a time. With --out, writes sweep.html, sweep.csv and sweep.json.

            Examples:
              plimsoll sweep scenario.yaml --vary horizon.growth=0%/month..3%/month
              plimsoll sweep scenario.yaml --vary levers.0.commit.payment=[none],[partial],[all] --out sweep
              plimsoll sweep scenario.yaml --vary horizon.growth=0..4%/month:3 --vary levers.0.commit.terms=[1y],[3y]
            """)

    @Argument(help: ArgumentHelp("The scenario (YAML).", valueName: "scenario"))
    var scenario: String

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Values of a setting: a..b, a..b:points, or a list; may be repeated.", valueName: "key=values"))
    var vary: [String]

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Replace a value of the scenario in every run; may be repeated.", valueName: "key=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Replace the scenario's seed.", valueName: "n"))
    var seed: Int?

    @Option(help: ArgumentHelp("Write the page, the table and the document into this directory.", valueName: "dir"))
    var out: String?

    @Option(help: "table, csv or json.")
    var format = OutputFormat.table

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        if let seed, seed < 0 { throw ValidationError("'--seed' is 0 or more.") }
    }

    func run() throws {
        var axes: [SweepAxis] = []
        for text in vary { axes.append(try SweepAxis(text)) }
        let name = InputFiles.name(scenario)
        let sweep = try Sweep(Talk.read(scenario), file: name, axes: axes, set: settings, seed: seed)
        let charts = out == nil ? nil : try Charts.library()
        let result = try sweep.run(Registry.context, planner: Registry.planner, charts: charts)
        Talk.progress("")
        if let out { try Talk.write(result.files.map { OutputFile($0.name, $0.bytes) }, into: out) }
        switch format {
        case .table: try StandardOutput.write(result.table(width: Talk.width))
        case .csv: try StandardOutput.write(String(decoding: result.csv, as: UTF8.self))
        case .json: try StandardOutput.write(result.json)
        }
        guard result.missing > 0 else { return }
        throw Failure(
            .partial, "sweep.no-plan", "\(result.missing) of the runs came to no plan", at: .init(file: name),
            hint: "the others are printed; the reasons stand below the table and in `no_plan` of --format json")
    }
}
