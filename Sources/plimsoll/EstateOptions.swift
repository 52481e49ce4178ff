internal import ArgumentParser
internal import PlimsollCore
internal import Rating
internal import ScenarioRunner

/// The interchange files a command reads.
struct EstateOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Usage file; `-` reads standard input.", valueName: "file"))
    var usage: String?
    @Option(help: ArgumentHelp("Price file; repeatable. Without it the built-in book is used.", valueName: "file"))
    var prices: [String] = []
    @Option(help: ArgumentHelp("Catalogue file: facts of SKUs.", valueName: "file"))
    var catalog: String?
    @Option(help: ArgumentHelp("Commitments held.", valueName: "file"))
    var commitments: String?
    @Option(help: ArgumentHelp("Accounts, their payers, and whether they share.", valueName: "file"))
    var accounts: String?
    @Option(help: ArgumentHelp("Dated exchange rates.", valueName: "file"))
    var fx: String?
    @Option(help: ArgumentHelp("First hour of the window, or a date. Default: the usage's.", valueName: "hour"))
    var from: String?
    @Option(help: ArgumentHelp("First hour after the window, or a date. Default: after the usage's last.", valueName: "hour"))
    var to: String?

    /// Reads all files; every file's errors are collected before the first is thrown.
    func load() throws -> (input: RatingInput, warnings: [Diagnostic], files: [String: [UInt8]]) {
        var loader = EstateLoader()
        var input = RatingInput()
        input.programs = Registry.providers.programs
        if let usage { input.usage = loader.take(usage, "usage", Interchange.usage) }
        if prices.isEmpty {
            (input.prices, input.catalog) = (Registry.providers.prices, Registry.providers.catalog)
        }
        for (index, path) in prices.enumerated() {
            input.prices += loader.take(path, index == 0 ? "prices" : "prices-\(index + 1)", Interchange.prices)
        }
        if let catalog { input.catalog = loader.take(catalog, "catalog", Interchange.catalog) }
        if let commitments { input.commitments = loader.take(commitments, "commitments", Interchange.commitments) }
        if let accounts { input.accounts = loader.take(accounts, "accounts", Interchange.accounts) }
        if let fx { input.fx = loader.take(fx, "fx", Interchange.fx) }
        try loader.check()
        input.window = try window(input.usage)
        return (input, loader.warnings, loader.files)
    }

    private func window(_ usage: [UsageLine]) throws -> HourGrid? {
        guard from != nil || to != nil else { return nil }
        let first = try hour(from, "from") ?? usage.map(\.series.grid.start).min()
        let last = try hour(to, "to") ?? usage.map(\.series.grid.end).max()
        guard let first, let last else {
            throw Failure(
                .usage, "rate.no-window", "there is no usage to take the window from", hint: "give both --from and --to")
        }
        guard first < last else {
            throw Failure(
                .usage, "rate.empty-window", "the window from `\(first)` to `\(last)` is empty",
                hint: "--to is not included and must be after --from")
        }
        return HourGrid(start: first, end: last)
    }

    private func hour(_ text: String?, _ name: String) throws -> Hour? {
        guard let text else { return nil }
        if let hour = Day(text)?.firstHour ?? Hour(text) { return hour }
        throw Failure(
            .usage, "rate.bad-\(name)", "`\(text)` is not a UTC hour",
            hint: "write --\(name) 2026-01-01T00:00:00Z, or 2026-01-01 for its first hour")
    }
}

/// Reads files one after the other and keeps all that is wrong with them.
struct EstateLoader {
    private(set) var warnings: [Diagnostic] = []
    /// Content by name, for hashes.
    private(set) var files: [String: [UInt8]] = [:]
    private var errors: [Diagnostic] = []
    private var code: Failure.ExitCode?

    mutating func take<Element>(
        _ path: String, _ name: String, _ decode: ([UInt8], String) throws(Failure) -> Decoded<[Element]>
    ) -> [Element] {
        do throws(Failure) {
            let bytes = try InputFiles.read(path)
            files[name] = bytes
            let decoded = try decode(bytes, path)
            warnings += decoded.warnings
            return decoded.value
        } catch {
            errors += error.diagnostics
            code = code ?? error.exitCode
            return []
        }
    }

    func check() throws {
        if let code { throw Failure(code, errors) }
    }
}
