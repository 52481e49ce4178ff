import ArgumentParser
import Foundation
import Ledger
import PlimsollCore
import ScenarioRunner

/// `plimsoll init`: a scenario out of a ledger.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a runnable scenario from the bills in a ledger.",
        discussion: """
            Writes scenario.yaml, usage.csv, prices.csv (list, negotiated and plan rates seen), commitments.csv, catalog.csv \
            (sizes, where the bill tells them), bill.csv and coverage.csv (to calibrate with), and gaps.jsonl: what is \
            missing and how to get it. Discounts, support, tax and credits become agreements in scenario.yaml. Prices that come \
            from the bill cannot vouch for it; --prices takes a list of your own.

            Examples:
              plimsoll init --from ledger --out scenario
              plimsoll init --from ledger --period 2026-01..2026-03 --prices prices.csv --out scenario
              plimsoll run scenario/scenario.yaml
            """)

    @Option(name: .customLong("from"), help: ArgumentHelp("The ledger.", valueName: "ledger")) var ledger: String
    @Option(help: ArgumentHelp("2026-01, 2026-01..2026-06 or days.", valueName: "period")) var period: PeriodArgument?
    @Option(help: ArgumentHelp("A price file (CSV, Parquet) in place of the bill's own prices.", valueName: "file"))
    var prices: String?
    @Option(help: ArgumentHelp("Folder to write into.", valueName: "dir")) var out = "scenario"
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        let program = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
        let query = try LedgerQuery(LedgerStore(ledger), program)
        Talk.progress("reading the bills in \(ledger)")
        let extraction = try EstateExtraction(
            query, vocabularies: Registry.vocabularies, from: period?.from, to: period?.to)
        let book = try prices.map { try PriceBytes.read($0) }
        let list = try book.map { try Interchange.prices($0, file: prices ?? "").value }
        let found = try extraction.run(name: "from-ledger", book: list)
        var files = found.files.map { OutputFile($0.name, $0.bytes) }
        if let book { files.append(OutputFile("prices.csv", book)) }
        Talk.progress("")
        try Talk.write(files, into: out)
        var lines = [
            "\(out)/scenario.yaml: \(found.counts.usage) rows of usage, \(found.counts.commitments) commitments, "
                + "\(found.counts.agreements) agreements, "
                + (book == nil ? "\(found.counts.prices) prices of the bill" : "prices of \(prices ?? "")")
        ]
        if found.cost.hourly < found.cost.all {
            lines.append(
                "\(found.cost.hourly) of \(found.cost.all) of the usage's cost has its true hours; the rest is billed "
                    + "by the day or longer and spread evenly")
        }
        if !found.gaps.isEmpty {
            lines.append("missing (\(out)/gaps.jsonl):")
            lines += found.gaps.prefix(10).map { "  \($0.what): \($0.reason); \($0.remedy)" }
            if found.gaps.count > 10 { lines.append("  … \(found.gaps.count - 10) more") }
        }
        lines.append("next: plimsoll run \(out)/scenario.yaml")
        try StandardOutput.write(lines.joined(separator: "\n") + "\n")
    }
}
