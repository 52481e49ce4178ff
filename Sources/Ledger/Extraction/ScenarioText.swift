internal import PlimsollCore

/// The scenario file that goes with extracted files.
struct ScenarioText {
    let name: String
    let hasCatalog: Bool
    let hasCoverage: Bool
    let agreements: [Agreement]

    var yaml: String {
        var lines = [
            "scenario: \(name)", "note: made from a ledger; gaps.jsonl lists what the bill does not say", "estate:",
            "  usage: usage.csv", "  prices: prices.csv",
        ]
        if hasCatalog { lines.append("  catalog: catalog.csv") }
        lines += ["  commitments: commitments.csv", "  bill: bill.csv"]
        if hasCoverage { lines.append("  coverage: coverage.csv") }
        if !agreements.isEmpty {
            lines.append("agreements:")
            lines += agreements.flatMap(Self.lines)
        }
        return (lines + ["levers:", "  - commit: {}", ""]).joined(separator: "\n")
    }

    private static func lines(_ agreement: Agreement) -> [String] {
        var lines = ["  - name: \(quoted(agreement.name))"]
        if !agreement.billingAccount.isEmpty {
            lines.append("    billing_account: \(quoted(agreement.billingAccount))")
        }
        if !agreement.service.isEmpty { lines.append("    service: \(quoted(agreement.service))") }
        return lines + ["    " + terms(agreement.kind)]
    }

    private static func terms(_ kind: Agreement.Kind) -> String {
        switch kind {
        case .discount(let percent): "discount: \(percent)%"
        case .tax(let percent): "tax: \(percent)%"
        case .floor(let amount): "floor: \(amount)"
        case .support(let tiers, let minimum):
            "support: {tiers: [\(tiers.map { "{from: \($0.from), percent: \($0.percent)%}" }.joined(separator: ", "))]"
                + (minimum == .zero ? "}" : ", minimum: \(minimum)}")
        case .credit(let amount, let expires): "credit: \(dated(amount, "expires", expires))"
        case .fixed(let amount, let on): "fixed: \(dated(amount, "on", on))"
        }
    }

    private static func dated(_ amount: Money, _ key: String, _ day: Day?) -> String {
        day.map { "{amount: \(amount), \(key): \($0)}" } ?? "\(amount)"
    }

    /// A text in quotes, which YAML reads as JSON does.
    private static func quoted(_ text: String) -> String { JSONValue.string(text).canonical }
}
