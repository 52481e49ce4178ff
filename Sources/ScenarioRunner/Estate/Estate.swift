internal import Foundation
internal import PlimsollCore
internal import Rating

/// Everything a scenario's estate was made of.
struct Estate: Sendable {
    var input = RatingInput()
    /// SHA-256 by name: `usage`, `prices`, …
    var hashes: [String: String] = [:]
    /// Where the demand comes from, in words.
    var demandSource = ""
    /// Where the prices come from, in words.
    var priceSource = ""
    /// The real bill of the same hours; empty = there is none.
    var charges: [BilledCharge] = []
    /// What commitments paid for by it.
    var coverage: [BilledCoverage] = []
    /// What was noticed in the files.
    var warnings: [Diagnostic] = []
}

/// Makes the estate of a scenario.
struct EstateLoader {
    let scenario: Scenario
    let context: ScenarioContext

    private var spec: EstateSpec { scenario.estate }

    func load() throws(Failure) -> Estate {
        var estate = Estate()
        estate.input.programs = context.programs
        estate.input.agreements = scenario.agreements
        try loadFacts(&estate)
        try loadPrices(&estate)
        try loadDemand(&estate)
        if case .synthetic(let seed) = spec.prices { makePrices(seed ?? scenario.seed, &estate) }
        try cut(&estate)
        return estate
    }

    /// Whether the prices are the user's: then so are the facts.
    private var ownBook: Bool { if case .file = spec.prices { true } else { false } }

    private var isGenerated: Bool { if case .generated = spec.demand { true } else { false } }

    // MARK: Files

    private func loadFacts(_ estate: inout Estate) throws(Failure) {
        estate.input.catalog = ownBook && !isGenerated ? [] : context.builtInCatalog
        if let path = spec.catalog {
            let decoded = try Interchange.catalog(try bytes(path, "catalog", &estate), file: name(path))
            estate.input.catalog = decoded.value
            estate.warnings += decoded.warnings
        }
        if let path = spec.commitments {
            let decoded = try Interchange.commitments(try bytes(path, "commitments", &estate), file: name(path))
            estate.input.commitments = decoded.value
            estate.warnings += decoded.warnings
        }
        if let path = spec.accounts {
            let decoded = try Interchange.accounts(try bytes(path, "accounts", &estate), file: name(path))
            estate.input.accounts = decoded.value
            estate.warnings += decoded.warnings
        }
        if let path = spec.bill {
            let decoded = try Interchange.bill(try bytes(path, "bill", &estate), file: name(path))
            estate.charges = decoded.value
            estate.warnings += decoded.warnings
        }
        if let path = spec.coverage {
            let decoded = try Interchange.coverage(try bytes(path, "coverage", &estate), file: name(path))
            estate.coverage = decoded.value
            estate.warnings += decoded.warnings
        }
        if let path = spec.fx {
            let decoded = try Interchange.fx(try bytes(path, "fx", &estate), file: name(path))
            estate.input.fx = decoded.value
            estate.warnings += decoded.warnings
        }
    }

    private func loadPrices(_ estate: inout Estate) throws(Failure) {
        switch spec.prices {
        case .builtIn:
            estate.input.prices = context.builtInPrices
            estate.hashes["prices"] = ContentHash.sha256(Interchange.write(prices: context.builtInPrices))
        case .file(let path):
            let decoded = try Interchange.prices(try bytes(path, "prices", &estate), file: name(path))
            estate.input.prices = decoded.value
            estate.warnings += decoded.warnings
        case .synthetic: break
        }
    }

    private func loadDemand(_ estate: inout Estate) throws(Failure) {
        switch spec.demand {
        case .none: return
        case .file(let path):
            let decoded = try Interchange.usage(
                try bytes(path, "usage", &estate), file: name(path),
                billingOrderOf: context.programs.providersInBillingOrder)
            estate.input.usage = decoded.value
            estate.warnings += decoded.warnings
            estate.demandSource = "usage file \(path.text)"
        case .generated(let generator):
            let book = estate.input.prices.isEmpty ? context.builtInPrices : estate.input.prices
            var maker = try Generator(generator, seed: scenario.seed, prices: book, catalog: estate.input.catalog)
            estate.input.usage = maker.usage()
            estate.input.window = HourGrid(start: generator.from, end: generator.to)
            estate.hashes["usage"] = Self.hash(estate.input.usage)
            estate.demandSource = "generated from seed \(generator.seed ?? scenario.seed)"
        case .recorded(let recorded):
            estate.input.usage = try recordedUsage(recorded, &estate)
            estate.input.window = HourGrid(start: recorded.from, end: recorded.to)
            estate.demandSource = "recorded demand, machine types mapped by the scenario"
        }
    }

    private func recordedUsage(_ recorded: DemandSpec, _ estate: inout Estate) throws(Failure) -> [UsageLine] {
        let found: String?
        if let path = recorded.file {
            found = resolve(path)
        } else {
            found = SharedData.find(SharedData.demand, above: folder, environment: context.environment)
        }
        guard let path = found, FileManager.default.fileExists(atPath: path) else {
            let named = recorded.file?.text ?? SharedData.demand
            throw Failure(
                .noInput, "scenario.no-demand", "the recorded demand `\(named)` was not found", at: recorded.place,
                hint: recorded.file == nil
                    ? "it is looked for in $PLIMSOLL_SHARED, else in a folder `shared` above the scenario"
                    : "it is looked for beside the scenario")
        }
        let shown = recorded.file?.text ?? SharedData.demand
        let packed = try context.read(path)
        estate.hashes["demand"] = ContentHash.sha256(packed)
        let plain = packed.starts(with: [0x1f, 0x8b]) ? try Gunzip.read(path, as: shown) : packed
        let lines = try RecordedDemand(spec: recorded, file: shown).usage(plain)
        guard lines.isEmpty else { return lines }
        throw Failure(
            .badInput, "scenario.no-usage", "the recorded demand has nothing between `from` and `to`",
            at: recorded.place, hint: "check `from`, `to`, `regions` and `types`")
    }

    private func makePrices(_ seed: Int, _ estate: inout Estate) {
        let factors = Dictionary(
            estate.input.catalog.map { ($0.sku, $0.sizeFactor) }, uniquingKeysWith: { first, _ in first })
        let namings = context.programs.map(\.naming)
        var maker = SyntheticPrices(seed: seed)
        estate.input.prices = maker.rows(estate.input.usage.map(\.key)) { sku in
            if let known = factors[sku] { return known }
            return namings.lazy.compactMap { $0.sizeFactor(of: sku) }.first
        }
        estate.hashes["prices"] = ContentHash.sha256(Interchange.write(prices: estate.input.prices))
    }

    // MARK: Window

    /// Keeps the hours from `from` to `to`, and names where the prices used come from.
    private func cut(_ estate: inout Estate) throws(Failure) {
        let lines = estate.input.usage
        guard let first = lines.map(\.series.start).min(), let last = lines.map(\.series.grid.end).max() else {
            throw Failure(
                .badInput, "scenario.no-usage", "the estate has no usage", at: .init(file: scenario.file),
                hint: "give usage rows, or `generate:`")
        }
        let whole = estate.input.window ?? HourGrid(start: first, end: last)
        estate.input.window = HourGrid(start: spec.from ?? whole.start, end: spec.to ?? whole.end)
        estate.priceSource = PriceSource(spec: spec, estate: estate, scenario: scenario).text
    }

    // MARK: Paths

    private var folder: String {
        scenario.file.lastIndex(of: "/").map { String(scenario.file[..<$0]) } ?? ""
    }

    private func resolve(_ path: EstateSpec.Path) -> String {
        path.text.hasPrefix("/") || folder.isEmpty ? path.text : folder + "/" + path.text
    }

    private func name(_ path: EstateSpec.Path) -> String { resolve(path) }

    private func bytes(_ path: EstateSpec.Path, _ kind: String, _ estate: inout Estate) throws(Failure) -> [UInt8] {
        let bytes = try context.read(resolve(path))
        estate.hashes[kind] = ContentHash.sha256(bytes)
        return bytes
    }

    /// The hash of usage that was made, not read: every key's fields and values.
    static func hash(_ lines: [UsageLine]) -> String {
        var bytes: [UInt8] = []
        for line in lines {
            bytes += Array(line.key.sortFields.joined(separator: "\n").utf8)
            bytes += Array("\n\(line.series.start.index) \(line.series.scale)\n".utf8)
            for value in line.series.values { withUnsafeBytes(of: value.littleEndian) { bytes += Array($0) } }
        }
        return ContentHash.sha256(bytes)
    }
}

/// Says in words where prices come from, and says `synthetic` where any of them was made up.
struct PriceSource {
    let spec: EstateSpec
    let estate: Estate
    let scenario: Scenario

    var text: String {
        let used = Set(estate.input.usage.map { $0.key.sku })
        let rows = estate.input.prices.filter { used.contains($0.sku) || $0.sku == "*" }
        let made = Set(rows.filter { $0.source.hasPrefix("synthetic") }.map(\.offer)).sorted()
        switch spec.prices {
        case .synthetic(let seed): return "synthetic prices made from seed \(seed ?? scenario.seed): no real ones"
        case .builtIn: return "built-in list prices" + note(made)
        case .file(let path): return "price file \(path.text)" + note(made)
        }
    }

    private func note(_ made: [Offer]) -> String {
        made.isEmpty ? "" : "; synthetic for " + made.map(\.rawValue).joined(separator: ", ")
    }
}
