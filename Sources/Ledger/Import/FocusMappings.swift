public import PlimsollCore

/// Mappings of files that are FOCUS already.
public enum FocusMappings {
    /// Versions 1.0 to 1.3: one mapping, told apart by the columns they have.
    public static let all: [BillMapping] = [
        mapping("focus-1.3", "1.3", signature: ["ServiceProviderName"], without: []),
        mapping("focus-1.2", "1.2", signature: ["PricingCurrency"], without: ["ServiceProviderName"]),
        mapping(
            "focus-1.1", "1.1", signature: ["ServiceSubcategory"], without: ["PricingCurrency", "ServiceProviderName"]),
        mapping(
            "focus-1.0", "1.0", signature: [],
            without: ["PricingCurrency", "ServiceProviderName", "ServiceSubcategory"]),
    ]

    /// What versions since 1.3 call otherwise.
    private static let later = [
        "ProviderName": "ServiceProviderName", "PublisherName": "HostProviderName",
    ]

    private static func mapping(_ id: String, _ version: String, signature: [String], without: [String]) -> BillMapping
    {
        let names = FocusColumn.all.map(\.name)
        let cells = names.map { name in
            later[name].map { "coalesce(\(SQL.name(name)), \(SQL.name($0))) AS \(SQL.name(name))" } ?? SQL.name(name)
        }
        return BillMapping(
            id: id, provider: "", title: "FOCUS \(version)",
            source: "FinOps Open Cost and Usage Specification, version \(version)",
            signature: ["BilledCost", "BillingAccountId", "ChargePeriodStart"] + signature, without: without,
            columns: names + later.values.sorted(),
            sql: "SELECT *, NULL::VARCHAR AS reject_reason FROM (SELECT * REPLACE (\(replacements)) FROM raw)"
                .replacing("\(replacements)", with: cells.filter { $0.hasPrefix("coalesce") }.joined(separator: ", ")))
    }

    private static let replacements = "@"
}
