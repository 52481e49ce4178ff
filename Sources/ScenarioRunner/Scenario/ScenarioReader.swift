public import PlimsollCore

extension Scenario {
    /// Reads a scenario; throws all of the file's errors at once.
    ///
    /// - Parameters:
    ///   - set: `path=value` settings that replace values of the file.
    ///   - seed: replaces the file's `seed`.
    public static func load(
        _ bytes: [UInt8], file: String, set: [String] = [], seed: Int? = nil
    ) throws(Failure) -> Scenario {
        var tree = try YAMLNode.parse(bytes, file: file, topic: "scenario")
        for setting in set { tree = try apply(setting, to: tree) }
        if let seed {
            let node = YAMLNode(content: .scalar(String(seed)), place: .init(file: "--seed"))
            tree = try tree.setting("seed", to: node, topic: "scenario")
        }
        var scenario = try read(tree)
        scenario.file = file
        scenario.hash = ContentHash.sha256(bytes)
        scenario.settings = set + (seed.map { ["seed=\($0)"] } ?? [])
        for variant in scenario.variants { _ = try scenario.applying(variant) }
        return scenario
    }

    /// The scenario with a variant's values.
    func applying(_ variant: Variant) throws(Failure) -> Scenario {
        var tree = tree
        for (path, value) in variant.settings { tree = try tree.setting(path, to: value, topic: "scenario") }
        var result = try Scenario.read(tree)
        (result.file, result.hash, result.settings, result.variants) = (file, hash, settings, [])
        return result
    }

    private static func apply(_ setting: String, to tree: YAMLNode) throws(Failure) -> YAMLNode {
        guard let cut = setting.firstIndex(of: "="), cut > setting.startIndex else {
            throw Failure(
                .usage, "scenario.bad-set", "`\(setting)` is not `key=value`",
                hint: "write for example `--set horizon.growth=0`")
        }
        let text = String(setting[setting.index(after: cut)...])
        let place = Diagnostic.Place(file: "--set \(setting)")
        let value =
            text.isEmpty
            ? YAMLNode(content: .scalar(""), place: place)
            : try YAMLNode.parse(Array(text.utf8), file: place.file, topic: "scenario")
        return try tree.setting(String(setting[..<cut]), to: value, topic: "scenario")
    }

    private static func read(_ tree: YAMLNode) throws(Failure) -> Scenario {
        let reader = YAMLReader(topic: "scenario")
        var scenario = ScenarioReader(reader: reader).scenario(tree)
        try reader.finish()
        scenario.tree = tree
        return scenario
    }
}

/// Reads the parts of a scenario file.
struct ScenarioReader {
    let reader: YAMLReader

    private static let keys = [
        "scenario", "note", "seed", "estate", "horizon", "agreements", "levers", "compare", "uncertainty",
    ]

    func scenario(_ tree: YAMLNode) -> Scenario {
        var result = Scenario()
        guard let map = reader.mapping(tree, "a scenario", known: Self.keys) else { return result }
        result.name = map.required("scenario").flatMap { reader.text($0, "`scenario`") } ?? ""
        result.note = map.text("note") ?? ""
        result.seed = map.integer("seed", 0...Int.max) ?? 1
        if let node = map.required("estate") { result.estate = EstateReader(reader: reader).estate(node) }
        result.horizon = map.node("horizon").flatMap(horizon)
        if let node = map.node("agreements") {
            result.agreements = AgreementReader(reader: reader).agreements(node)
        }
        if let node = map.node("levers") { result.levers = levers(node) }
        if let node = map.node("compare") { result.variants = variants(node) }
        if let node = map.node("uncertainty") {
            result.uncertainty = UncertaintyReader(reader: reader).read(node, seed: result.seed)
        }
        return result
    }

    /// Says that this version cannot do what the file asks.
    private func unavailable(_ what: String, _ place: Diagnostic.Place) {
        reader.report(
            "not-available", "\(what) is not available yet in this version", at: place,
            hint: "take it out of the file; this version has the lever `commit`")
    }

    // MARK: Horizon

    private func horizon(_ node: YAMLNode) -> Horizon? {
        let keys = ["start", "months", "growth", "baseline", "weeks"]
        guard let map = reader.mapping(node, "`horizon`", known: keys) else { return nil }
        let start = map.required("start").flatMap {
            reader.value($0, "`start`", "a date such as 2027-01-01", YAMLValues.hourOrMonth)
        }
        _ = map.required("months")
        let months = map.integer("months", 1...120)
        let growth = map.node("growth").map {
            reader.value($0, "`growth`", "a growth such as 1.5%/month, or trend", YAMLValues.growthOrTrend)
                ?? .rate(.zero)
        }
        let baseline = map.words("baseline", Horizon.Baseline.allCases.map(\.rawValue)) {
            Horizon.Baseline(rawValue: $0)
        }
        let weeks = map.integer("weeks", 1...1_000)
        guard let start, let months else { return nil }
        var result = Horizon(start: start, months: months, baseline: baseline?.first ?? .lapse, weeks: weeks)
        switch growth {
        case .rate(let rate): result.growth = rate
        case .trend: result.followsTrend = true
        case nil: break
        }
        return result
    }

    // MARK: Levers

    private static let laterLevers = ["waste", "rightsize", "schedule"]

    private func levers(_ node: YAMLNode) -> [Scenario.Lever] {
        var result: [Scenario.Lever] = []
        for item in reader.list(node, "`levers`") {
            guard let map = reader.mapping(item, "a lever", known: ["commit"] + Self.laterLevers) else { continue }
            for member in map.members where Self.laterLevers.contains(member.key) {
                unavailable("the lever `\(member.key)`", member.place)
            }
            guard let body = map.node("commit"), let lever = commit(body) else { continue }
            if result.contains(where: { $0.name == lever.name }) {
                reader.report(
                    "repeated-lever", "`commit` stands twice under `levers`", at: item.place,
                    hint: "list all offers in one: they are planned together")
                continue
            }
            result.append(lever)
        }
        return result
    }

    private func commit(_ node: YAMLNode) -> Scenario.Lever? {
        let keys = ["offers", "terms", "payment", "ladder", "discount", "terminal", "constraints"]
        guard let map = reader.mapping(node, "`commit`", known: keys) else { return nil }
        let offers = map.words("offers", Offer.all.filter(\.isCommitment).map(\.rawValue)) { Offer(rawValue: $0) }
        let terms = map.words("terms", Term.allCases.map(\.rawValue)) { Term(rawValue: $0) }
        let payments = map.words("payment", Payment.allCases.map(\.rawValue)) { Payment(rawValue: $0) }
        var options = CommitOptions(offers: offers, terms: terms ?? [], payments: payments ?? [])
        options.ladder = map.node("ladder").flatMap {
            reader.value(
                $0, "`ladder`", "`monthly`, `quarterly` or a number of months up to 12", PurchaseConstraints.ladder)
        }
        options.discount =
            map.node("discount").flatMap {
                reader.value($0, "`discount`", "a yearly rate such as 8%", PurchaseConstraints.share)
            } ?? 0
        options.terminal =
            map.node("terminal").flatMap {
                reader.value($0, "`terminal`", "a share such as 50%", PurchaseConstraints.share)
            } ?? 10_000
        if let node = map.node("constraints") { options.constraints = ConstraintsReader(reader: reader).read(node) }
        return .commit(options)
    }

    // MARK: Variants

    private func variants(_ node: YAMLNode) -> [Scenario.Variant] {
        var result: [Scenario.Variant] = []
        for item in reader.list(node, "`compare`") {
            guard let map = reader.mapping(item, "a variant", known: ["name", "set"]) else { continue }
            guard let name = map.required("name").flatMap({ reader.text($0, "`name`") }) else { continue }
            guard let set = map.required("set").flatMap({ reader.openMapping($0, "`set`") }) else { continue }
            if result.contains(where: { $0.name == name }) {
                reader.report("repeated-name", "two variants are called `\(name)`", at: item.place)
            }
            let settings = set.members.map { (path: $0.key, value: $0.value) }
            result.append(Scenario.Variant(name: name, place: item.place, settings: settings))
        }
        return result
    }
}
