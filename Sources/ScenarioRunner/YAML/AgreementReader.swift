internal import PlimsollCore

/// Reads the `agreements:` list that scenario and case files share.
struct AgreementReader {
    let reader: YAMLReader

    private static let kinds = ["discount", "support", "floor", "tax", "credit", "fixed"]
    private static let known = ["name", "billing_account", "service"] + kinds

    func agreements(_ node: YAMLNode) -> [Agreement] {
        reader.list(node, "`agreements`").compactMap(agreement)
    }

    private func agreement(_ node: YAMLNode) -> Agreement? {
        guard let map = reader.mapping(node, "an agreement", known: Self.known) else { return nil }
        let name = map.required("name").flatMap { reader.text($0, "`name`") }
        let present = Self.kinds.filter { map.node($0) != nil }
        guard present.count == 1, let word = present.first, let body = map.node(word) else {
            reader.report(
                "bad-agreement", "an agreement has exactly one of \(YAMLReader.words(Self.kinds))", at: node.place)
            return nil
        }
        guard let kind = kind(word, body), let name else { return nil }
        return Agreement(
            name: name, billingAccount: map.text("billing_account") ?? "", service: map.text("service") ?? "",
            kind: kind)
    }

    private func kind(_ word: String, _ node: YAMLNode) -> Agreement.Kind? {
        switch word {
        case "discount": percent(node).map { .discount(percent: $0) }
        case "tax": percent(node).map { .tax(percent: $0) }
        case "floor": money(node).map { .floor(amount: $0) }
        case "support": support(node)
        case "credit": dated(node, "expires").map { .credit(amount: $0.0, expires: $0.1) }
        default: dated(node, "on").map { .fixed(amount: $0.0, on: $0.1) }
        }
    }

    private func support(_ node: YAMLNode) -> Agreement.Kind? {
        guard let map = reader.mapping(node, "`support`", known: ["tiers", "minimum"]) else { return nil }
        guard let tiers = map.required("tiers") else { return nil }
        let minimum = map.node("minimum").flatMap(money) ?? .zero
        let list = reader.list(tiers, "`tiers`").compactMap { tier -> Agreement.PercentTier? in
            guard let part = reader.mapping(tier, "a tier", known: ["from", "percent"]) else { return nil }
            guard let from = part.required("from").flatMap(money) else { return nil }
            return part.required("percent").flatMap(percent).map { .init(from: from, percent: $0) }
        }
        return .support(tiers: list, minimum: minimum)
    }

    /// A bare amount, or `{amount: …, KEY: date}`.
    private func dated(_ node: YAMLNode, _ key: String) -> (Money, Day?)? {
        if node.scalar != nil { return money(node).map { ($0, nil) } }
        guard let map = reader.mapping(node, "the agreement's amount", known: ["amount", key]) else { return nil }
        let day = map.node(key).flatMap { reader.value($0, "`\(key)`", "a date such as 2026-01-31") { Day($0) } }
        return map.required("amount").flatMap(money).map { ($0, day) }
    }

    private func percent(_ node: YAMLNode) -> Quantity? {
        reader.value(node, "this", "a percentage such as 7.5%", YAMLValues.percent)
    }

    private func money(_ node: YAMLNode) -> Money? {
        reader.value(node, "this", "an amount such as 1500.00") { Money($0) }
    }
}
