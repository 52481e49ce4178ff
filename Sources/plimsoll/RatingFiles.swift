import ArgumentParser
import Foundation
import Ledger
import PlimsollCore
import Rating
import Reporting
import ScenarioRunner

/// The interchange files a bill is made from.
struct RatingFiles: ParsableArguments {
    @Option(help: ArgumentHelp("Demand by the hour (CSV; - = standard input).", valueName: "file"))
    var usage: String?

    @Option(help: ArgumentHelp("The price book (CSV, Parquet); without it, the built-in one.", valueName: "file"))
    var prices: String?

    @Option(help: ArgumentHelp("Facts of SKUs: family, size.", valueName: "file"))
    var catalog: String?

    @Option(help: ArgumentHelp("Commitments held.", valueName: "file"))
    var commitments: String?

    @Option(help: ArgumentHelp("Accounts: who pays, who shares.", valueName: "file"))
    var accounts: String?

    @Option(help: ArgumentHelp("Dated exchange rates.", valueName: "file"))
    var fx: String?

    func validate() throws {
        let named = [usage, prices, catalog, commitments, accounts, fx]
        if named.count(where: { $0 == "-" }) > 1 {
            throw ValidationError("Standard input (-) can be one file only.")
        }
    }

    /// Whether any file is named.
    var isGiven: Bool { [usage, prices, catalog, commitments, accounts, fx].contains { $0 != nil } }

    /// Reads them all; errors of all files are told at once.
    func load() throws(Failure) -> Decoded<RatingInput> {
        var loader = Loader()
        var input = RatingInput()
        input.programs = Registry.programs
        let ordered = input.programs.providersInBillingOrder
        input.usage =
            loader.read(usage) { (bytes, file) throws(Failure) in
                try Interchange.usage(bytes, file: file, billingOrderOf: ordered)
            } ?? []
        input.prices = loader.read(prices, Interchange.prices) ?? Registry.prices
        input.catalog = loader.read(catalog, Interchange.catalog) ?? (prices == nil ? Registry.catalog : [])
        input.commitments = loader.read(commitments, Interchange.commitments) ?? []
        input.accounts = loader.read(accounts, Interchange.accounts) ?? []
        input.fx = loader.read(fx, Interchange.fx) ?? []
        try loader.check()
        return Decoded(input, warnings: loader.warnings + Self.synthetic(input))
    }

    /// Prices that were made up are called so.
    static func synthetic(_ input: RatingInput) -> [Diagnostic] {
        let used = Set(input.usage.map(\.key.sku))
        let offers = Set(input.commitments.map(\.offer))
        let rows = input.prices.filter { row in
            row.source.hasPrefix("synthetic") && used.contains(row.sku)
                && (!row.offer.isCommitment || offers.contains(row.offer))
        }
        guard let first = rows.first else { return [] }
        return [
            Diagnostic(
                .warning, "prices.synthetic",
                "synthetic prices are used: \(rows.count) rows, first `\(first.sku)` under `\(first.offer.rawValue)`",
                hint:
                    "give your own with `--prices FILE`; `plimsoll prices show --sku \(first.sku)` says where these are from"
            )
        ]
    }
}

/// Reads file after file and keeps what is wrong with each.
private struct Loader {
    private(set) var warnings: [Diagnostic] = []
    private var failures: [Failure] = []

    mutating func read<Row>(
        _ path: String?, _ decode: ([UInt8], String) throws(Failure) -> Decoded<[Row]>
    ) -> [Row]? {
        guard let path else { return nil }
        do throws(Failure) {
            let decoded = try decode(try PriceBytes.read(path), InputFiles.name(path))
            Talk.note("\(InputFiles.name(path)): \(Show.grouped(String(decoded.value.count))) records")
            warnings += decoded.warnings
            return decoded.value
        } catch {
            failures.append(error)
            return []
        }
    }

    /// Throws everything at once; a file that is wrong decides the exit code before one that is missing.
    func check() throws(Failure) {
        guard let first = failures.first(where: { $0.exitCode == .badInput }) ?? failures.first else { return }
        throw Failure(first.exitCode, failures.flatMap(\.diagnostics))
    }
}

/// Files of the command line, price books in Parquet among them.
enum PriceBytes {
    /// The bytes of a file; of a Parquet file those of the same price book as CSV.
    /// What was read before is not told again.
    static func read(_ path: String, isAgain: Bool = false) throws(Failure) -> [UInt8] {
        let book = PriceBookFile(path: path)
        guard path.lowercased().hasSuffix(".parquet"), book.isParquet else {
            return try isAgain ? InputFiles.read(path) : Talk.read(path)
        }
        if !isAgain { Talk.note("read \(InputFiles.name(path))") }
        return try book.csv(try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment))
    }
}
