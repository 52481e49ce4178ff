public import PlimsollCore

/// Answers which usage a commitment serves, in which stage, and how much one unit of it takes.
public struct CoverageRules: Sendable {
    /// How a commitment serves one usage line.
    public struct Match: Hashable, Sendable {
        /// Position in the program: lower is applied first.
        public var stage: Int
        /// What one unit of usage takes from the commitment, in 10⁻¹² of its unit.
        public var rate: Int128
        /// What one unit of usage costs under the commitment, for stages that go by saving.
        public var cost: Int128
        /// The size of the usage's SKU, for stages that go by size.
        public var size: Int128
    }

    /// The price book.
    public var book: PriceBook
    /// Families and sizes.
    public var facts: SKUFacts
    private var programs: [String: [BenefitProgram]] = [:]

    /// Rules from the providers' programs, a price book and facts of SKUs.
    public init(programs: [BenefitProgram], book: PriceBook, facts: SKUFacts) {
        self.book = book
        self.facts = facts
        for program in programs { self.programs[program.provider, default: []].append(program) }
    }

    /// The program of a provider that holds on `day`.
    public func program(of provider: String, on day: Day) -> BenefitProgram? {
        programs[provider]?.first { program in
            holds(from: program.validFrom, to: program.validTo, on: day)
        }
    }

    /// The stage a commitment belongs to.
    public func stage(of commitment: Commitment, on day: Day) -> (index: Int, stage: BenefitStage)? {
        guard let program = program(of: commitment.provider, on: day) else { return nil }
        let name = commitment.sku.isEmpty ? commitment.family : commitment.sku
        for (index, stage) in program.stages.enumerated() where stage.offers.contains(commitment.offer.rawValue) {
            if let prefixes = stage.skuPrefixes, !prefixes.contains(where: name.hasPrefix) { continue }
            switch stage.locality {
            case .zonal: if !commitment.zone.isEmpty { return (index, stage) }
            case .regional: if commitment.zone.isEmpty { return (index, stage) }
            case .any: return (index, stage)
            }
        }
        return nil
    }

    /// A commitment with everything about it looked up once.
    public struct Prepared: Sendable {
        /// The commitment.
        public var commitment: Commitment
        /// Position of its stage in the program.
        public var stageIndex: Int
        /// Its stage.
        public var stage: BenefitStage
        /// The family it is for: its own, else its SKU's; empty = any.
        public var family: String
        /// Whether it serves the other sizes of its family.
        public var isFlexible: Bool
        /// What one unit of quantity holds, in 10⁻¹² of the unit that usage takes: the size factor of its
        /// SKU where it is size-flexible, else 1.
        public var unitSize: Int128
        /// What is paid for one currency unit committed, in 10⁻¹²; nil = the commitment itself.
        public var feeShare: Int128?

        /// A commitment that no program knows: it costs its fee and serves nothing.
        static func servingNothing(_ commitment: Commitment) -> Prepared {
            let stage = BenefitStage(
                name: "none", offers: [], locality: .any, matches: [], conversion: .count, order: [], sharing: .pooled)
            return Prepared(
                commitment: commitment, stageIndex: Int.max, stage: stage, family: "\u{0}", isFlexible: false,
                unitSize: FixedPoint.one)
        }
    }

    /// Looks up a commitment's stage, family and flexibility on `day`; nil where no program knows its offer.
    public func prepare(_ commitment: Commitment, on day: Day) -> Prepared? {
        guard let (index, stage) = stage(of: commitment, on: day) else { return nil }
        let family = family(of: commitment)
        let flexible = isFlexible(commitment, family: family, stage, on: day)
        var size = FixedPoint.one
        if flexible, !commitment.sku.isEmpty {
            size = facts.sizeFactor(commitment.provider, commitment.sku)?.raw ?? FixedPoint.one
        }
        var prepared = Prepared(
            commitment: commitment, stageIndex: index, stage: stage, family: family, isFlexible: flexible,
            unitSize: size)
        prepared.feeShare = feeShare(commitment, stage)
        // Where licences stay to be paid, a commitment is for infrastructure, whatever system it names.
        if let licences = program(of: commitment.provider, on: day)?.licences, licences.os.contains(commitment.os) {
            prepared.commitment.os = ""
        }
        return prepared
    }

    private func feeShare(_ commitment: Commitment, _ stage: BenefitStage) -> Int128? {
        guard let term = commitment.term?.rawValue, let share = stage.feeShares?[term] else { return nil }
        return Quantity(share)?.raw
    }

    private func isFlexible(_ commitment: Commitment, family: String, _ stage: BenefitStage, on day: Day) -> Bool {
        guard let rule = stage.flexibility, !family.isEmpty else { return false }
        if rule.namedFamilyOnly == true, commitment.family.isEmpty { return false }
        guard commitment.os.isEmpty || rule.os.contains(commitment.os) else { return false }
        guard commitment.tenancy.isEmpty || rule.tenancy.contains(commitment.tenancy) else { return false }
        if let licences = rule.licences, !licences.contains(commitment.license) { return false }
        let excluded = rule.exclusions.contains { $0.family == family && holds(from: $0.from, to: $0.to, on: day) }
        return !excluded && (commitment.sku.isEmpty || facts.sizeFactor(commitment.provider, commitment.sku) != nil)
    }

    private func family(of commitment: Commitment) -> String {
        if !commitment.family.isEmpty { return commitment.family }
        return commitment.sku.isEmpty ? "" : facts.family(commitment.provider, commitment.sku)
    }

    /// How a commitment serves usage `key` of `family` on `day`; nil where it does not. Accounts and
    /// sharing are not looked at here. Eligible is exactly what the price book has a row for under the offer.
    public func match(_ prepared: Prepared, _ key: UsageKey, family: String, on day: Day) -> Match? {
        match(prepared, key, family: family, size: facts.sizeFactor(key.provider, key.sku)?.raw, on: day)
    }

    /// The same where the size of the usage's SKU was looked up before.
    func match(_ prepared: Prepared, _ key: UsageKey, family: String, size: Int128?, on day: Day) -> Match? {
        let commitment = prepared.commitment
        guard key.pricing != .spot, agrees(prepared, key, family) else { return nil }
        var rate = FixedPoint.one
        if prepared.stage.conversion == .count {
            guard let count = count(prepared, key, family, size) else { return nil }
            rate = count
        }
        let price = book.price(
            of: key, offer: commitment.offer, term: commitment.term?.rawValue ?? "",
            payment: commitment.payment?.rawValue ?? "", on: day)
        guard let price else { return nil }
        switch prepared.stage.conversion {
        case .count: break
        case .rate: rate = price.first.raw
        case .lowerRate:
            let own = book.price(of: key, offer: .negotiated, on: day)?.first.raw ?? price.first.raw
            rate = min(price.first.raw, own)
        case .onDemand:
            guard let list = book.price(of: key, offer: .onDemand, on: day) else { return nil }
            rate = list.first.raw
        }
        let cost = prepared.stage.conversion == .onDemand ? price.first.raw : rate
        return Match(stage: prepared.stageIndex, rate: rate, cost: cost, size: size ?? FixedPoint.one)
    }

    private func agrees(_ prepared: Prepared, _ key: UsageKey, _ family: String) -> Bool {
        let commitment = prepared.commitment
        func same(_ wanted: String, _ value: String) -> Bool { wanted.isEmpty || wanted == value }
        guard key.provider == commitment.provider else { return false }
        return prepared.stage.matches.allSatisfy { attribute in
            switch attribute {
            case .region: same(commitment.region, key.region)
            case .zone: same(commitment.zone, key.zone)
            case .os: same(commitment.os, key.os)
            case .license: same(commitment.license, key.license)
            case .tenancy: same(commitment.tenancy, key.tenancy)
            case .family: same(commitment.family, family)
            case .sku: true  // decided with the sizes
            }
        }
    }

    /// What one unit of usage takes from a counted commitment.
    private func count(_ prepared: Prepared, _ key: UsageKey, _ family: String, _ size: Int128?) -> Int128? {
        let commitment = prepared.commitment
        if !commitment.sku.isEmpty, key.sku == commitment.sku {
            return prepared.isFlexible ? size : FixedPoint.one
        }
        guard prepared.isFlexible, let rule = prepared.stage.flexibility else {
            return commitment.sku.isEmpty && commitment.family.isEmpty ? FixedPoint.one : nil
        }
        guard family == prepared.family, rule.os.contains(key.os), rule.tenancy.contains(key.tenancy),
            rule.licences?.contains(key.license) != false
        else { return nil }
        return size
    }

    /// First hours of the days on which a program or an exception of one begins or ceases to hold.
    var boundaries: [Hour] {
        var days: Set<Day> = []
        for program in programs.values.joined() {
            let exclusions = program.stages.flatMap { $0.flexibility?.exclusions ?? [] }
            let dates = [program.validFrom, program.validTo] + exclusions.flatMap { [$0.from, $0.to] }
            days.formUnion(dates.compactMap { $0.flatMap(Day.init) })
        }
        return days.sorted().map(\.firstHour)
    }

    /// Whether a program that holds on some day of the window knows the commitment's offer.
    func isKnown(_ commitment: Commitment, in window: HourGrid) -> Bool {
        let days = [window.start.day] + boundaries.filter { window.contains($0) }.map(\.day)
        return days.contains { prepare(commitment, on: $0) != nil }
    }

    /// The day within the commitment's hours of the window from which on another share of it is paid.
    func modelChange(_ commitment: Commitment, in window: HourGrid) -> Day? {
        let active = commitment.active(in: window)
        guard active.count > 0, commitment.offer.isSpend else { return nil }
        let before = prepare(commitment, on: active.start.day)?.feeShare
        return boundaries.filter { active.contains($0) && $0 > active.start }.map(\.day)
            .first { prepare(commitment, on: $0)?.feeShare != before }
    }

    private func holds(from: String?, to: String?, on day: Day) -> Bool {
        if let from, let first = Day(from), day < first { return false }
        if let to, let last = Day(to), day >= last { return false }
        return true
    }
}
