import ArgumentParser
import Foundation
import PlimsollCore
import ScenarioRunner

/// `plimsoll backtest SCENARIO`: plans made on the past, billed on what came after.
struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Bill commitment plans made on one part of the past on the part after it.",
        discussion: """
            Every month, what to buy is decided on the hours before, by this planner's forecast, by advice as the
            clouds publish it, by rules of thumb, and by a planner that knows what comes; each is billed over the
            months after. With --out, writes backtest.html, backtest.csv and backtest.json.

            Examples:
              plimsoll backtest scenario.yaml
              plimsoll backtest scenario.yaml --first 6 --months 6 --out backtest
              plimsoll backtest Scenarios/real-demand/real-demand.yaml --price-seeds 1,2,3
            """)

    @Argument(help: ArgumentHelp("The scenario (YAML).", valueName: "scenario"))
    var scenario: String

    @Option(help: ArgumentHelp("Months that are known at the first decision.", valueName: "n"))
    var first = 3

    @Option(
        help: ArgumentHelp("Months billed after each decision: 12, or half of what there is.", valueName: "n"))
    var months: Int?

    @Option(help: ArgumentHelp("Months between decisions.", valueName: "n"))
    var every = 1

    @Option(help: ArgumentHelp("Repeat under synthetic prices of these seeds.", valueName: "n,n,…"))
    var priceSeeds: String?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Replace a value of the scenario; may be repeated.", valueName: "key=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Write the page, the table and the document into this directory.", valueName: "dir"))
    var out: String?

    @Option(help: "table, csv or json.")
    var format = OutputFormat.table

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        for (name, value) in [("first", first), ("months", months ?? 1), ("every", every)] {
            guard (1...120).contains(value) else { throw ValidationError("'--\(name)' is 1 to 120.") }
        }
        guard seeds?.allSatisfy({ $0 >= 0 }) ?? true, priceSeeds == nil || seeds != nil else {
            throw ValidationError("'--price-seeds' is a list of whole numbers: 1,2,3.")
        }
    }

    private var seeds: [Int]? {
        guard let priceSeeds else { return [] }
        let parts = priceSeeds.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        return numbers.count == parts.count && Set(numbers).count == numbers.count ? numbers : nil
    }

    func run() throws {
        var options = Backtest.Options()
        (options.first, options.months, options.every) = (first, months, every)
        options.priceSeeds = seeds ?? []
        let backtest = try Backtest(
            Talk.read(scenario), file: InputFiles.name(scenario), options: options, set: settings)
        let charts = out == nil ? nil : try Charts.library()
        let result = try backtest.run(Registry.context, planner: Registry.planner, charts: charts)
        Talk.progress("")
        if let out { try OutputFiles.write(result.files.map { OutputFile($0.name, $0.bytes) }, into: out) }
        switch format {
        case .table: try StandardOutput.write(result.table(width: Talk.width))
        case .csv: try StandardOutput.write(String(decoding: result.csv, as: UTF8.self))
        case .json: try StandardOutput.write(result.json)
        }
    }
}
