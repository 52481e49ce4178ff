public import PlimsollCore

/// Compares the ledger's billed cost with invoices, and says by charge category where it differs.
public struct Reconciliation: Hashable, Sendable {
    /// One line to meet: an account, a service, or everything.
    public struct Line: Hashable, Sendable {
        /// Values of the columns compared by.
        public var group: [String]
        /// ISO 4217 code.
        public var currency: String
        /// What the invoice says; nil = the invoice has no such line.
        public var invoice: Money?
        /// Billed cost in the ledger, by charge category.
        public var categories: [String: Money]
        /// Billed cost in the ledger.
        public var ledger: Money { categories.values.reduce(.zero, +) }
        /// Ledger − invoice; where the invoice is silent, the ledger's cost.
        public var difference: Money { ledger - (invoice ?? .zero) }
    }

    /// By group and currency.
    public var lines: [Line]
    /// Whether every line meets its invoice.
    public var isMet: Bool { lines.allSatisfy { $0.difference == .zero } }

    /// Compares by `columns` (FOCUS names) over charges of billing periods that begin in `from` … `to`.
    public static func compare(
        _ ledger: LedgerQuery, invoices: [(group: [String], currency: String, amount: Money)], columns: [String],
        from: Hour?, to: Hour?
    ) throws(Failure) -> Reconciliation {
        let known = try ledger.columns()
        for name in columns where !known.contains(name) {
            throw Failure(
                .usage, "costs.unknown-column", "the ledger has no column `\(name)`",
                hint: Suggestion.nearest(to: name, in: known).map { "did you mean `\($0)`?" })
        }
        func stamp(_ hour: Hour) -> String {
            SQL.text(hour.description.replacing("T", with: " ").replacing("Z", with: ""))
        }
        var conditions = ["true"]
        if let from { conditions.append("BillingPeriodStart >= TIMESTAMP \(stamp(from))") }
        if let to { conditions.append("BillingPeriodStart < TIMESTAMP \(stamp(to))") }
        let keys = columns.enumerated().map { "coalesce(CAST(\(SQL.name($1)) AS VARCHAR), '') AS g\($0), " }
        let rows = try ledger.rows(
            """
            SELECT \(keys.joined())BillingCurrency AS c, coalesce(ChargeCategory, '') AS k,
            CAST(coalesce(sum(BilledCost), 0) AS VARCHAR) AS cost FROM focus
            WHERE \(conditions.joined(separator: " AND ")) GROUP BY ALL ORDER BY ALL;
            """)
        var lines: [[String]: Line] = [:]
        for invoice in invoices {
            let key = invoice.group + [invoice.currency]
            var line =
                lines[key] ?? Line(group: invoice.group, currency: invoice.currency, invoice: nil, categories: [:])
            line.invoice = (line.invoice ?? .zero) + invoice.amount
            lines[key] = line
        }
        for row in rows {
            let group = columns.indices.map { row["g\($0)"]?.string ?? "" }
            let currency = row["c"]?.string ?? ""
            var line =
                lines[group + [currency]] ?? Line(group: group, currency: currency, invoice: nil, categories: [:])
            line.categories[row["k"]?.string ?? "", default: .zero] += Money(row["cost"]?.string ?? "") ?? .zero
            lines[group + [currency]] = line
        }
        let sorted = lines.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        return Reconciliation(lines: sorted)
    }
}
