internal import PlimsollCore
internal import Rating

/// Reads `uncertainty`.
struct UncertaintyReader {
    let reader: YAMLReader

    static let keys = ["samples", "seed", "weeks", "growth", "retirement", "shutdowns"]
    static let shutdownKeys = ["from", "probability", "provider", "account", "region", "family"]

    func read(_ node: YAMLNode, seed: Int) -> UncertaintySpec? {
        guard let map = reader.mapping(node, "`uncertainty`", known: Self.keys) else { return nil }
        var spec = UncertaintySpec()
        spec.samples = map.integer("samples", 1...10_000) ?? spec.samples
        spec.demand.seed = map.integer("seed", 0...Int.max) ?? seed
        spec.demand.weeks = map.integer("weeks", 0...520) ?? spec.demand.weeks
        if let node = map.node("growth") {
            let growth = reader.value(node, "`growth`", "a spread such as 1%/month", YAMLValues.growth)
            spec.demand.growth = growth.map { Int($0.raw * 100 / FixedPoint.one) } ?? 0
            if spec.demand.growth < 0 {
                reader.report("bad-value", "`growth` is a spread both ways: it cannot be negative", at: node.place)
            }
        }
        if let node = map.node("retirement") {
            spec.demand.retirement =
                reader.value(node, "`retirement`", "a share a year, such as 5%", PurchaseConstraints.share) ?? 0
        }
        if let node = map.node("shutdowns") {
            spec.demand.shutdowns = reader.list(node, "`shutdowns`").compactMap(shutdown)
        }
        return spec
    }

    private func shutdown(_ node: YAMLNode) -> DemandUncertainty.Shutdown? {
        guard let map = reader.mapping(node, "a shutdown", known: Self.shutdownKeys) else { return nil }
        let from = map.required("from").flatMap {
            reader.value($0, "`from`", "a date such as 2027-06-01", YAMLValues.hourOrMonth)
        }
        let probability = map.required("probability").flatMap {
            reader.value($0, "`probability`", "a share such as 20%", PurchaseConstraints.share)
        }
        guard let from, let probability else { return nil }
        return .init(
            from: from, probability: probability, provider: map.text("provider") ?? "",
            account: map.text("account") ?? "", region: map.text("region") ?? "", family: map.text("family") ?? "")
    }
}
