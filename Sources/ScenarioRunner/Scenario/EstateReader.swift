internal import PlimsollCore

/// Reads `estate:` of a scenario file.
struct EstateReader {
    let reader: YAMLReader

    private static let sources = ["usage", "generate", "demand"]
    private static let keys =
        sources + [
            "from", "to", "prices", "catalog", "commitments", "accounts", "fx", "bill", "coverage", "ledger", "period",
        ]

    func estate(_ node: YAMLNode) -> EstateSpec {
        var result = EstateSpec()
        guard let map = reader.mapping(node, "`estate`", known: Self.keys) else { return result }
        for key in ["ledger", "period"] {
            guard let later = map.node(key) else { continue }
            reader.report(
                "not-available", "`estate.\(key)` is not available yet in this version", at: later.place,
                hint: "give `usage: FILE.csv`, or `generate:`")
        }
        result.from = hour(map, "from")
        result.to = hour(map, "to")
        if let from = result.from, let to = result.to, to <= from {
            reader.report("bad-value", "`to` is not after `from`", at: map.place)
        }
        result.demand = demand(map)
        result.prices = map.node("prices").map(prices) ?? .builtIn
        result.catalog = path(map, "catalog")
        result.commitments = path(map, "commitments")
        result.accounts = path(map, "accounts")
        result.fx = path(map, "fx")
        result.bill = path(map, "bill")
        result.coverage = path(map, "coverage")
        if result.bill == nil, let node = map.node("coverage") {
            reader.report(
                "bad-estate", "`coverage` is compared with `bill`, which is missing", at: node.place,
                hint: "give both; `plimsoll init` writes them")
        }
        return result
    }

    private func demand(_ map: YAMLMapping) -> EstateSpec.Demand {
        let present = Self.sources.filter { map.node($0) != nil }
        guard present.count == 1, let word = present.first, let body = map.node(word) else {
            if map.node("ledger") == nil {
                reader.report(
                    "bad-estate", "`estate` has exactly one of \(YAMLReader.words(Self.sources))", at: map.place)
            }
            return .none
        }
        switch word {
        case "usage": return path(map, "usage").map { .file($0) } ?? .none
        case "generate": return .generated(generate(body))
        default: return .recorded(recorded(body))
        }
    }

    private func generate(_ node: YAMLNode) -> GeneratorSpec {
        var spec = GeneratorSpec()
        let keys = [
            "from", "to", "seed", "billing_account", "accounts", "regions", "families", "os", "workloads", "growth",
        ]
        guard let map = reader.mapping(node, "`generate`", known: keys) else { return spec }
        (spec.from, spec.to) = span(map)
        spec.seed = map.integer("seed", 0...Int.max)
        spec.billingAccount = map.text("billing_account") ?? spec.billingAccount
        spec.accounts = map.texts("accounts") ?? spec.accounts
        spec.regions = map.texts("regions") ?? spec.regions
        spec.families = map.texts("families") ?? spec.families
        spec.os = map.texts("os") ?? spec.os
        spec.workloads = map.integer("workloads", 1...100_000) ?? spec.workloads
        if let growth = map.node("growth") {
            let value = reader.value(growth, "`growth`", "a growth such as 1.5%/month", YAMLValues.growth)
            spec.growth = value ?? .zero
        }
        if spec.accounts.isEmpty {
            reader.report("bad-value", "`accounts` is empty", at: map.node("accounts")?.place, hint: "name one or more")
        }
        return spec
    }

    private func recorded(_ node: YAMLNode) -> DemandSpec {
        var spec = DemandSpec()
        let keys = [
            "file", "from", "to", "provider", "billing_account", "account", "os", "tenancy", "regions", "types",
        ]
        guard let map = reader.mapping(node, "`demand`", known: keys) else { return spec }
        spec.place = node.place
        spec.file = path(map, "file")
        (spec.from, spec.to) = span(map)
        spec.provider = map.required("provider").flatMap { reader.text($0, "`provider`") } ?? ""
        spec.billingAccount = map.text("billing_account") ?? spec.billingAccount
        spec.account = map.text("account") ?? spec.account
        spec.os = map.text("os") ?? spec.os
        spec.tenancy = map.text("tenancy") ?? spec.tenancy
        spec.regions = names(map, "regions")
        spec.types = names(map, "types")
        return spec
    }

    private func names(_ map: YAMLMapping, _ key: String) -> [String: String] {
        guard let node = map.required(key), let inner = reader.openMapping(node, "`\(key)`") else { return [:] }
        var result: [String: String] = [:]
        for member in inner.members { result[member.key] = reader.text(member.value, "`\(member.key)`") }
        return result
    }

    private func prices(_ node: YAMLNode) -> EstateSpec.Prices {
        if let text = node.scalar {
            return text == "built-in" ? .builtIn : .file(.init(text: text, place: node.place))
        }
        guard let map = reader.mapping(node, "`prices`", known: ["synthetic"]) else { return .builtIn }
        guard let body = map.required("synthetic") else { return .builtIn }
        guard let inner = reader.mapping(body, "`synthetic`", known: ["seed"]) else { return .builtIn }
        return .synthetic(seed: inner.integer("seed", 0...Int.max))
    }

    // MARK: Values

    private func path(_ map: YAMLMapping, _ key: String) -> EstateSpec.Path? {
        guard let node = map.node(key), let text = reader.text(node, "`\(key)`") else { return nil }
        guard !text.isEmpty else {
            reader.report("bad-value", "`\(key)` names no file", at: node.place)
            return nil
        }
        return .init(text: text, place: node.place)
    }

    private func hour(_ map: YAMLMapping, _ key: String) -> Hour? {
        map.node(key).flatMap {
            reader.value($0, "`\(key)`", "a date or hour such as 2026-01-01", YAMLValues.hourOrMonth)
        }
    }

    private func span(_ map: YAMLMapping) -> (Hour, Hour) {
        _ = map.required("from")
        _ = map.required("to")
        guard let from = hour(map, "from"), let to = hour(map, "to") else { return (Hour(index: 0), Hour(index: 0)) }
        if to <= from { reader.report("bad-value", "`to` is not after `from`", at: map.place) }
        return (from, to)
    }
}
