internal import PlimsollCore

/// Takes usage apart into what its vendor prices and commits it by: machines into their parts, and licences
/// off the machines that hold them.
struct UsageSplit {
    private let programs: [String: BenefitProgram]
    private let rules: CoverageRules
    private let catalog: [String: CatalogRow]
    private let window: HourGrid
    private let boundaries: [Hour]
    private(set) var usage: [UsageLine] = []
    /// Prices of licences alone.
    private(set) var prices: [PriceRow] = []
    private(set) var isChanged = false
    private var licenceKeys: Set<UsageKey> = []

    /// Splits `input`'s usage by its programs; prices are those of the first day that a line and `window` share.
    init(_ input: RatingInput, rules: CoverageRules, window: HourGrid, boundaries: [Hour]) {
        let taking = input.programs.filter { $0.parts != nil || $0.licences != nil }
        let known = Dictionary(taking.map { ($0.provider, $0) }, uniquingKeysWith: { first, _ in first })
        programs = known
        self.rules = rules
        self.window = window
        self.boundaries = boundaries
        catalog = Dictionary(
            input.catalog.filter { known[$0.provider] != nil }.map { ($0.provider + "\u{1}" + $0.sku, $0) },
            uniquingKeysWith: { first, _ in first })
        guard !programs.isEmpty else { return }
        for line in input.usage { split(line) }
    }

    private mutating func split(_ line: UsageLine) {
        guard let program = programs[line.key.provider], line.key.pricing != .spot else {
            usage.append(line)
            return
        }
        let day = line.series.grid.intersection(window).start.day
        if let parts = program.parts, let lines = self.parts(of: line, parts, on: day) {
            usage += lines
            isChanged = true
        } else if let licences = program.licences, let lines = licence(of: line, licences, on: day) {
            usage += lines
            isChanged = true
        } else {
            usage.append(line)
        }
    }

    // MARK: Machines

    /// The lines of a machine's parts; nil where it has none, or where not all of them have a price.
    private func parts(of line: UsageLine, _ rule: MachineParts, on day: Day) -> [UsageLine]? {
        let key = line.key
        guard !rule.isPart(key.sku) else { return nil }
        let row = catalog[key.provider + "\u{1}" + key.sku]
        let named = rule.shape(of: key.sku)
        var lines: [UsageLine] = []
        for part in rule.parts {
            let count: Quantity?
            switch part.measure {
            case .vcpu: count = row?.vcpu ?? named?.vcpu
            case .memory: count = row?.memoryGiB ?? named?.memory
            case .gpu: count = row?.gpuCount ?? .zero
            }
            guard let count else { return nil }
            guard count != .zero else { continue }
            var families = [rules.facts.family(key.provider, key.sku), rules.facts.namedFamily(key.provider, key.sku)]
            if part.measure == .gpu { families = [row?.gpu.lowercased().replacing(" ", with: "-") ?? ""] }
            let priced = families.lazy.compactMap { family in
                self.priced(key, sku: family + "/" + part.suffix, on: day)
            }
            guard let found = priced.first, let series = Self.times(line.series, count) else { return nil }
            lines.append(UsageLine(key: found, series: series, order: line.order, unitsPerMachine: count))
        }
        return lines.isEmpty ? nil : lines
    }

    /// The key of a part as the book prices it: parts are mostly sold whatever the operating system.
    private func priced(_ key: UsageKey, sku: String, on day: Day) -> UsageKey? {
        var part = key
        part.sku = sku
        var plain = part
        (plain.os, plain.license) = ("", "")
        var bare = plain
        bare.tenancy = ""
        for var candidate in [part, plain, bare] {
            let units = rules.book.unitsKnown(for: candidate, offer: .onDemand, on: day)
            guard let unit = units.contains(key.unit) ? key.unit : units.first else { continue }
            candidate.unit = unit == "*" ? key.unit : unit
            return candidate
        }
        return nil
    }

    /// The series × `count`: exact where the product has at most 12 decimals and fits, else rounded half-even to
    /// the decimals that do. Nil where not even whole units fit.
    private static func times(_ series: HourSeries, _ count: Quantity) -> HourSeries? {
        let places = Compiler.decimals(count.raw)
        let factor = count.raw / FixedPoint.power(FixedPoint.places - places)
        let (most, overflow) = Int128(series.values.max() ?? 0).multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        var result = series
        result.scale = min(series.scale + places, FixedPoint.places)
        func cut() -> Int128 { FixedPoint.power(series.scale + places - result.scale) }
        while most / cut() >= FixedPoint.power(18), result.scale > 0 { result.scale -= 1 }
        let divisor = cut()
        guard most / divisor < FixedPoint.power(18) else { return nil }
        for index in result.values.indices {
            result.values[index] = Int64(FixedPoint.divideHalfEven(Int128(result.values[index]) * factor, by: divisor))
        }
        return result
    }

    // MARK: Licences

    /// The machine as infrastructure, and its licence alone; nil where nothing is to be told apart: the book
    /// has not both prices, or no commitment could serve the infrastructure.
    private mutating func licence(of line: UsageLine, _ rule: SeparateLicences, on day: Day) -> [UsageLine]? {
        let hasSystem = rule.os.contains(line.key.os)
        guard hasSystem || !line.key.license.isEmpty else { return nil }
        var bare = line
        (bare.key.os, bare.key.license) = (hasSystem ? rule.without : line.key.os, "")
        guard let infrastructure = rules.contractedPrice(of: bare.key, on: day)?.first else { return nil }
        let whole = rules.contractedPrice(of: line.key, on: day)?.first
        if rule.brought.contains(line.key.license) { return whole == nil ? [bare] : nil }
        guard let whole, whole > infrastructure, rules.isEligible(bare.key, on: day), !isReservedWhole(line.key, day)
        else { return nil }
        var alone = line
        alone.key.license = [line.key.license, rule.word].filter { !$0.isEmpty }.joined(separator: "+")
        if licenceKeys.insert(alone.key).inserted { addPrices(alone.key, whole: line.key, bare: bare.key) }
        return [bare, alone]
    }

    /// Whether the book sells commitments for the machine with its licence: a reservation's row for its very
    /// system, or any such row that was read off a bill, where licences are rows of their own already.
    private func isReservedWhole(_ key: UsageKey, _ day: Day) -> Bool {
        var other = key
        // What tells the machine with its licence from the one without: rows that say `*` there mean both.
        if !key.license.isEmpty { other.license = "\u{0}" } else { other.os = "\u{0}" }
        return rules.commitmentOffers(of: key, on: day).contains { offer in
            let sources = rules.book.sources(of: key, offer: offer, on: day)
            guard !sources.isEmpty, rules.book.variants(of: other, offer: offer, on: day).isEmpty else { return false }
            return !offer.isSpend || sources.allSatisfy { $0.hasPrefix("bill") }
        }
    }

    /// The list price, or what the customer pays.
    private func price(_ key: UsageKey, _ offer: Offer, on day: Day) -> Money? {
        let price =
            offer == .negotiated
            ? rules.contractedPrice(of: key, on: day) : rules.book.price(of: key, offer: offer, on: day)
        return price?.first
    }

    /// What the licence alone costs, from each day on which some price changes.
    private mutating func addPrices(_ key: UsageKey, whole: UsageKey, bare: UsageKey) {
        let days = [window.start.day] + boundaries.filter { $0 > window.start && $0 < window.end }.map(\.day)
        for (index, day) in days.enumerated() {
            for offer in [Offer.onDemand, .negotiated] {
                guard let with = price(whole, offer, on: day), let without = price(bare, offer, on: day) else {
                    continue
                }
                var row = PriceRow()
                (row.provider, row.region, row.zone, row.service) = (key.provider, key.region, key.zone, key.service)
                (row.sku, row.os, row.license, row.tenancy) = (key.sku, key.os, key.license, key.tenancy)
                (row.unit, row.offer, row.price) = (key.unit, offer, max(.zero, with - without))
                row.validFrom = index == 0 ? nil : day
                row.validTo = index + 1 < days.count ? days[index + 1] : nil
                prices.append(row)
            }
        }
    }
}

extension CoverageRules {
    /// Whether some commitment offer of the key's program has a price for it on `day`.
    func isEligible(_ key: UsageKey, on day: Day) -> Bool {
        commitmentOffers(of: key, on: day).contains { !book.variants(of: key, offer: $0, on: day).isEmpty }
    }

    /// The commitment offers of the key's program on `day`, in a fixed order.
    func commitmentOffers(of key: UsageKey, on day: Day) -> [Offer] {
        guard let program = program(of: key.provider, on: day) else { return [] }
        return Set(program.stages.flatMap(\.offers)).sorted().map(Offer.init(rawValue:))
    }
}
