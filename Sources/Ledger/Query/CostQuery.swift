internal import Foundation
public import PlimsollCore

/// Which of a charge's four costs.
public enum CostLens: String, Sendable, CaseIterable {
    /// As on the invoice.
    case billed
    /// Amortised.
    case effective
    /// At list prices.
    case list
    /// At the customer's own prices.
    case contracted

    /// The FOCUS column.
    public var column: String {
        switch self {
        case .billed: "BilledCost"
        case .effective: "EffectiveCost"
        case .list: "ListCost"
        case .contracted: "ContractedCost"
        }
    }
}

/// Costs of a ledger, grouped and cut to a period.
public struct CostQuery: Sendable {
    /// Width of a step in time.
    public enum Granularity: String, Sendable, CaseIterable { case hour, day, month }

    /// One row of the answer.
    public struct Row: Hashable, Sendable {
        /// Start of the step, where the query has a granularity.
        public var time: String?
        /// Values of the columns grouped by; empty where the bill has none.
        public var group: [String]
        /// ISO 4217 code.
        public var currency: String
        /// Sum.
        public var cost: Money
    }

    /// FOCUS columns to group by.
    public var groupBy: [String] = []
    /// Which cost.
    public var lens = CostLens.effective
    /// First moment, of charge periods.
    public var from: Hour?
    /// First moment after.
    public var to: Hour?
    /// A condition on columns, in SQL.
    public var filter: String?
    /// Steps in time; nil = one sum.
    public var granularity: Granularity?
    /// How many of the largest groups; the rest is summed as one row named `(other)`.
    public var top: Int?

    /// Everything, by currency.
    public init() {}

    /// Asks a ledger. Throws ``Failure`` for columns it does not have and for filters that are no condition.
    public func rows(_ ledger: LedgerQuery) throws(Failure) -> [Row] {
        // The engine takes as long to say its columns as to answer: the specification's are known.
        if !groupBy.allSatisfy(FocusColumn.all.map(\.name).contains) { try check(try ledger.columns()) }
        let time = granularity.map {
            "strftime(date_trunc('\($0.rawValue)', ChargePeriodStart), '\(Self.pattern($0))') AS t"
        }
        let keys = groupBy.enumerated().map { "coalesce(CAST(\(SQL.name($1)) AS VARCHAR), '') AS g\($0)" }
        let cells = (time.map { [$0] } ?? []) + keys + ["BillingCurrency AS c"]
        let select = """
            SELECT \(cells.joined(separator: ", ")), CAST(coalesce(sum(\(lens.column)), 0) AS VARCHAR) AS cost
            FROM focus WHERE \(conditions.joined(separator: " AND ")) GROUP BY ALL ORDER BY ALL;
            """
        let answer: [JSONValue]
        if filter == nil {
            answer = try ledger.rows(select)
        } else {
            answer = JSONValue(parsing: try ledger.run(select, format: .json))?.array ?? []
        }
        let all = answer.map { row in
            Row(
                time: granularity == nil ? nil : row["t"]?.string ?? "",
                group: groupBy.indices.map { row["g\($0)"]?.string ?? "" }, currency: row["c"]?.string ?? "",
                cost: Money(row["cost"]?.string ?? "") ?? .zero)
        }
        return limited(all)
    }

    private static func pattern(_ granularity: Granularity) -> String {
        switch granularity {
        case .hour: "%Y-%m-%dT%H:00:00Z"
        case .day: "%Y-%m-%d"
        case .month: "%Y-%m"
        }
    }

    private func check(_ columns: [String]) throws(Failure) {
        for name in groupBy where !columns.contains(name) {
            let near = Suggestion.nearest(to: name, in: columns).map { "did you mean `\($0)`?" }
            throw Failure(
                .usage, "costs.unknown-column", "the ledger has no column `\(name)`",
                hint: near ?? "columns are FOCUS's, such as ProviderName, ServiceName, RegionId")
        }
    }

    private var conditions: [String] {
        Self.period(from: from, to: to) + (filter.map { ["(\($0))"] } ?? [])
    }

    /// The conditions on charges that begin in a period.
    static func period(from: Hour?, to: Hour?) -> [String] {
        var all = ["true"]
        if let from { all.append("ChargePeriodStart >= TIMESTAMP \(SQL.text(stamp(from)))") }
        if let to { all.append("ChargePeriodStart < TIMESTAMP \(SQL.text(stamp(to)))") }
        return all
    }

    private static func stamp(_ hour: Hour) -> String {
        hour.description.replacing("T", with: " ").replacing("Z", with: "")
    }

    /// The largest groups over all steps in time, and one for the rest.
    private func limited(_ rows: [Row]) -> [Row] {
        guard let top, !groupBy.isEmpty else { return rows }
        var sizes: [[String]: Money] = [:]
        for row in rows { sizes[row.group + [row.currency], default: .zero] += row.cost }
        let ranked = sizes.sorted { a, b in
            let (left, right) = (a.value.raw.magnitude, b.value.raw.magnitude)
            return left != right ? left > right : a.key.lexicographicallyPrecedes(b.key)
        }
        let kept = Set(ranked.prefix(top).map(\.key))
        var result: [Row] = []
        var rest: [Row] = []
        for row in rows {
            if kept.contains(row.group + [row.currency]) {
                result.append(row)
            } else if let same = rest.firstIndex(where: { ($0.time, $0.currency) == (row.time, row.currency) }) {
                rest[same].cost += row.cost
            } else {
                var other = row
                other.group = row.group.indices.map { $0 == 0 ? "(other)" : "" }
                rest.append(other)
            }
        }
        if granularity == nil {
            result.sort {
                ($0.currency, $1.cost, $0.group.joined(separator: "\u{1}")) < (
                    $1.currency, $0.cost, $1.group.joined(separator: "\u{1}")
                )
            }
        }
        return result + rest
    }
}
