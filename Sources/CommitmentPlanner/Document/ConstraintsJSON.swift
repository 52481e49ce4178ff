internal import PlimsollCore

/// Limits as a plan states them.
enum ConstraintsJSON {
    static func write(_ limits: PurchaseConstraints) -> JSONValue {
        var members: [String: JSONValue] = [:]
        if let limit = limits.upfront { members["upfront"] = .money(limit) }
        if let limit = limits.upfrontPerMonth { members["upfront_per_month"] = .money(limit) }
        if let share = limits.utilization { members["utilization"] = text(share) }
        if let share = limits.uncovered { members["uncovered"] = text(share) }
        if let share = limits.noRegret { members["no_regret"] = text(share) }
        if !limits.caps.isEmpty {
            members["caps"] = .array(
                limits.caps.map { cap in
                    .object([
                        "hourly": .money(cap.hourly), "provider": .string(cap.provider),
                        "account": .string(cap.account), "region": .string(cap.region),
                        "family": .string(cap.family), "offer": .string(cap.offer),
                    ])
                })
        }
        if !limits.leaving.isEmpty {
            members["leave"] = .array(
                limits.leaving.map { item in
                    .object([
                        "by": .string(item.by.description), "provider": .string(item.provider),
                        "region": .string(item.region), "family": .string(item.family),
                    ])
                })
        }
        return .object(members)
    }

    /// Nil where something cannot be read.
    static func read(_ value: JSONValue?) -> PurchaseConstraints? {
        var limits = PurchaseConstraints()
        guard let value else { return limits }
        var isWhole = true
        func read<T>(_ key: String, _ parse: (String) -> T?) -> T? {
            guard let part = value[key] else { return nil }
            let result = part.string.flatMap(parse)
            if result == nil { isWhole = false }
            return result
        }
        limits.upfront = read("upfront") { Money($0) }
        limits.upfrontPerMonth = read("upfront_per_month") { Money($0) }
        limits.utilization = read("utilization", share)
        limits.uncovered = read("uncovered", share)
        limits.noRegret = read("no_regret", share)
        for part in value["caps"]?.array ?? [] {
            guard let hourly = part["hourly"]?.string.flatMap({ Money($0) }) else { return nil }
            limits.caps.append(
                .init(
                    hourly: hourly, provider: part["provider"]?.string ?? "", account: part["account"]?.string ?? "",
                    region: part["region"]?.string ?? "", family: part["family"]?.string ?? "",
                    offer: part["offer"]?.string ?? ""))
        }
        for part in value["leave"]?.array ?? [] {
            guard let by = part["by"]?.string.flatMap({ Day($0) }) else { return nil }
            limits.leaving.append(
                .init(
                    by: by, provider: part["provider"]?.string ?? "", region: part["region"]?.string ?? "",
                    family: part["family"]?.string ?? ""))
        }
        return isWhole ? limits : nil
    }

    /// Shares as decimals of one: `0.9`.
    private static func text(_ tenThousandths: Int) -> JSONValue {
        .string(FixedPoint.text(Int128(tenThousandths) * FixedPoint.one / 10_000))
    }

    private static func share(_ text: String) -> Int? {
        guard let value = Quantity(text) else { return nil }
        let scaled = value.raw * 10_000
        return scaled % FixedPoint.one == 0 ? Int(scaled / FixedPoint.one) : nil
    }
}
