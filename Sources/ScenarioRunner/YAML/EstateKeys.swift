internal import PlimsollCore
internal import Rating

/// The keys that case files and scenario files share: the tables and the agreements.
struct EstateKeys {
    static let tables = ["prices", "commitments", "catalog", "accounts", "fx", "agreements", "defaults"]

    private let map: YAMLMap
    private let tables: YAMLTables
    private let providers: ProviderSet
    private(set) var warnings: [Diagnostic] = []

    init(
        _ map: YAMLMap, providers: ProviderSet, readFile: @escaping (String) throws(Failure) -> [UInt8]
    ) {
        self.map = map
        self.providers = providers
        var defaults: [String: String] = [:]
        let columns = InterchangeSchema.all.flatMap { $0.columns.map(\.name) }
        if let given = map.map("defaults", keys: Array(Set(columns)).sorted()) {
            for name in columns { if let text = given.text(name) { defaults[name] = text } }
        }
        tables = YAMLTables(context: map.context, defaults: defaults, readFile: readFile)
    }

    /// Fills everything but usage and window; `prices: built-in`, or none, means the built-in book.
    mutating func fill(_ input: inout RatingInput) throws(Failure) {
        input.programs = providers.programs
        if map.value("prices") == nil || map.value("prices")?.text == "built-in" {
            (input.prices, input.catalog) = (providers.prices, providers.catalog)
        } else {
            input.prices = try take("prices", .prices) { (bytes, file) throws(Failure) in
                try Interchange.prices(bytes, file: file)
            }
        }
        if map.has("catalog") {
            input.catalog = try take("catalog", .catalog) { (bytes, file) throws(Failure) in
                try Interchange.catalog(bytes, file: file)
            }
        }
        input.commitments = try take("commitments", .commitments) { (bytes, file) throws(Failure) in
            try Interchange.commitments(bytes, file: file)
        }
        placeCommitments(&input)
        input.accounts = try take("accounts", .accounts) { (bytes, file) throws(Failure) in
            try Interchange.accounts(bytes, file: file)
        }
        input.fx = try take("fx", .fx) { (bytes, file) throws(Failure) in try Interchange.fx(bytes, file: file) }
        input.agreements = AgreementKeys(map).agreements()
    }

    /// Usage rows or a file.
    mutating func usage() throws(Failure) -> [UsageLine] {
        try take("usage", .usage) { (bytes, file) throws(Failure) in try Interchange.usage(bytes, file: file) }
    }

    private mutating func take<Element>(
        _ key: String, _ schema: InterchangeSchema,
        _ decode: ([UInt8], String) throws(Failure) -> Decoded<[Element]>
    ) throws(Failure) -> [Element] {
        guard let decoded = try tables.table(key, of: map, schema, decode) else { return [] }
        warnings += decoded.warnings
        return decoded.value
    }

    /// Commitments written in the YAML itself are found there.
    private func placeCommitments(_ input: inout RatingInput) {
        guard let items = map.value("commitments")?.items, items.count == input.commitments.count else { return }
        for (index, item) in items.enumerated() {
            input.commitments[index].place = .init(file: map.context.file, line: item.line, column: item.column)
        }
    }
}

/// Reads `agreements`.
struct AgreementKeys {
    private let map: YAMLMap

    init(_ map: YAMLMap) { self.map = map }

    func agreements() -> [Agreement] { map.list("agreements").compactMap(agreement) }

    private func agreement(_ node: YAMLNode) -> Agreement? {
        let keys = [
            "name", "kind", "percent", "amount", "minimum", "tiers", "expires", "on", "billing_account", "service",
        ]
        let item = YAMLMap(node, map.context, keys: keys, named: "an agreement")
        let words = ["discount", "support", "floor", "tax", "credit", "fixed"]
        guard let word = item.word("kind", of: words) else {
            if !item.has("kind") {
                map.context.error(
                    "missing-key", "an agreement needs `kind`", at: node, hint: "kinds: " + words.joined(separator: ", "))
            }
            return nil
        }
        guard let kind = kind(word, item) else { return nil }
        return Agreement(
            name: item.text("name") ?? word, billingAccount: item.text("billing_account") ?? "",
            service: item.text("service") ?? "", kind: kind)
    }

    private func kind(_ word: String, _ item: YAMLMap) -> Agreement.Kind? {
        switch word {
        case "discount": return need("percent", item, item.percent("percent")).map { .discount(percent: $0) }
        case "tax": return need("percent", item, item.percent("percent")).map { .tax(percent: $0) }
        case "floor": return need("amount", item, item.money("amount")).map { .floor(amount: $0) }
        case "credit":
            return need("amount", item, item.money("amount")).map { .credit(amount: $0, expires: item.day("expires")) }
        case "fixed": return need("amount", item, item.money("amount")).map { .fixed(amount: $0, on: item.day("on")) }
        default:
            var tiers = item.list("tiers").compactMap { node -> Agreement.PercentTier? in
                let tier = YAMLMap(node, map.context, keys: ["from", "percent"], named: "a tier")
                guard let percent = need("percent", tier, tier.percent("percent")) else { return nil }
                return .init(from: tier.money("from") ?? .zero, percent: percent)
            }
            if let flat = item.percent("percent") { tiers.append(.init(from: .zero, percent: flat)) }
            tiers.sort { $0.from < $1.from }
            return .support(tiers: tiers, minimum: item.money("minimum") ?? .zero)
        }
    }

    private func need<Value>(_ key: String, _ item: YAMLMap, _ value: Value?) -> Value? {
        if value == nil, !item.has(key) {
            map.context.error("missing-key", "`\(key)` is missing", at: item.node, hint: "add `\(key)`")
        }
        return value
    }
}
