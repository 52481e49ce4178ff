internal import ArgumentParser
internal import PlimsollCore
internal import Rating
internal import Reporting
internal import ScenarioRunner

struct Rate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bill usage by the clouds' own rules.",
        discussion: """
            Prices usage, commitments used and unused, and lists what has no price (exit code 3).

            EXAMPLES
              plimsoll rate --usage usage.csv --prices prices.csv
              plimsoll rate --usage usage.csv --commitments held.csv --by commitment --format json
              plimsoll rate --usage usage.csv --from 2026-01-01 --to 2026-02-01 --by hour,resource --format csv
              plimsoll rate --case case.yaml
            """)

    @OptionGroup var estate: EstateOptions
    @Option(help: ArgumentHelp("Run a case file instead and compare; exit code 3 where it differs.", valueName: "file"))
    var `case`: [String] = []
    @Option(help: ArgumentHelp("Split rows: hour, resource, commitment; several with commas.", valueName: "what"))
    var by: String?
    @Option(help: "How to print: table, csv, json.")
    var format = OutputFormat.table
    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        if `case`.isEmpty, estate.usage == nil { throw ValidationError("Give --usage FILE or --case FILE.yaml.") }
        if !`case`.isEmpty, estate.usage != nil { throw ValidationError("--usage and --case exclude each other.") }
        _ = try detail()
    }

    func run() throws {
        guard `case`.isEmpty else { return try runCases() }
        var loaded = try estate.load()
        loaded.input.detail = try detail()
        let bill = try Rater.rate(loaded.input)
        terminal.warn(loaded.warnings + bill.warnings)
        let document = BillDocument(bill, detail: loaded.input.detail, notes: loaded.warnings)
        switch format {
        case .table: try StandardOutput.write(document.text(width: terminal.width, style: terminal.style))
        case .csv: try StandardOutput.write(document.csv)
        case .json: try StandardOutput.write(document.json.text)
        }
        if !bill.unpriced.isEmpty {
            throw Failure(
                .partial, "rate.unpriced",
                "\(bill.unpriced.count) usage \(bill.unpriced.count == 1 ? "key has" : "keys have") no price and \(bill.unpriced.count == 1 ? "is" : "are") billed nowhere: "
                    + bill.unpriced.prefix(3).map { "`\($0.key.sku)`" }.joined(separator: ", "),
                hint: "add rows to the price file; region, service, os, license, tenancy and unit must be equal, or `*`")
        }
    }

    private func detail() throws -> Set<RatingInput.Detail> {
        guard let by else { return [] }
        return Set(
            try by.split(separator: ",").map { word in
                guard let detail = RatingInput.Detail(rawValue: String(word)) else {
                    throw ValidationError("`\(word)` is not a split; --by takes hour, resource, commitment.")
                }
                return detail
            })
    }

    private func runCases() throws {
        var failed = 0
        for path in `case` {
            let item = try RatingCase.read(path, providers: Registry.providers)
            terminal.warn(item.warnings)
            let outcome = item.run()
            if !outcome.passed { failed += 1 }
            if format == .json, let bill = outcome.bill {
                try StandardOutput.write(BillDocument(bill, detail: item.input.detail, notes: item.warnings).json.text)
            } else {
                try StandardOutput.write(outcome.text)
            }
        }
        if failed > 0 {
            throw Failure(
                .partial, "case.differs", "\(failed) of \(`case`.count) cases differ from what they expect",
                hint: "the differences are listed under each case")
        }
    }
}
