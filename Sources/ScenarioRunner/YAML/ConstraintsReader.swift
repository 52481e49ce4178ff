internal import PlimsollCore

/// Reads the limits of a `commit` lever.
struct ConstraintsReader {
    let reader: YAMLReader

    static let keys = ["upfront", "caps", "utilization", "uncovered", "no_regret", "leave"]
    static let capKeys = ["hourly", "provider", "account", "region", "family", "offer"]
    static let leaveKeys = ["by", "provider", "region", "family"]

    func read(_ node: YAMLNode) -> PurchaseConstraints {
        var limits = PurchaseConstraints()
        guard let map = reader.mapping(node, "`constraints`", known: Self.keys) else { return limits }
        if let node = map.node("upfront") { upfront(node, &limits) }
        limits.utilization = share(map, "utilization")
        limits.uncovered = share(map, "uncovered")
        limits.noRegret = share(map, "no_regret")
        if let node = map.node("caps") { limits.caps = reader.list(node, "`caps`").compactMap(cap) }
        if let node = map.node("leave") { limits.leaving = reader.list(node, "`leave`").compactMap(leaving) }
        return limits
    }

    private func share(_ map: YAMLMapping, _ key: String) -> Int? {
        map.node(key).flatMap {
            reader.value($0, "`\(key)`", "a share from 0% to 100%, such as 90%", PurchaseConstraints.share)
        }
    }

    private func amount(_ map: YAMLMapping, _ key: String) -> Money? {
        map.node(key).flatMap { reader.value($0, "`\(key)`", "an amount such as 2500.50") { Money($0) } }
    }

    private func upfront(_ node: YAMLNode, _ limits: inout PurchaseConstraints) {
        guard node.scalar == nil else {
            limits.upfront = reader.value(node, "`upfront`", "an amount such as 10000") { Money($0) }
            return
        }
        guard let map = reader.mapping(node, "`upfront`", known: ["month", "total"]) else { return }
        limits.upfrontPerMonth = amount(map, "month")
        limits.upfront = amount(map, "total")
    }

    private func cap(_ node: YAMLNode) -> PurchaseConstraints.Cap? {
        guard let map = reader.mapping(node, "a cap", known: Self.capKeys) else { return nil }
        _ = map.required("hourly")
        guard let hourly = amount(map, "hourly") else { return nil }
        return .init(
            hourly: hourly, provider: map.text("provider") ?? "", account: map.text("account") ?? "",
            region: map.text("region") ?? "", family: map.text("family") ?? "", offer: map.text("offer") ?? "")
    }

    private func leaving(_ node: YAMLNode) -> PurchaseConstraints.Leaving? {
        guard let map = reader.mapping(node, "an element of `leave`", known: Self.leaveKeys) else { return nil }
        let by = map.required("by").flatMap {
            reader.value($0, "`by`", "a date such as 2027-06-01", YAMLValues.hourOrMonth)
        }
        let item = by.map {
            PurchaseConstraints.Leaving(
                by: $0.day, provider: map.text("provider") ?? "", region: map.text("region") ?? "",
                family: map.text("family") ?? "")
        }
        if let item, item.scope == "all" {
            reader.report(
                "missing-key", "an element of `leave` names nothing that is left", at: node.place,
                hint: "add `family: …`, `region: …` or `provider: …`")
        }
        return item
    }
}
