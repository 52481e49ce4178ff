internal import Foundation
public import PlimsollCore

/// What changed between two price books: prices that are new, gone or of another amount.
///
/// A price is told apart by all columns but the amounts, the days it holds and its source. Where a book has
/// several of one key, the one that became valid last counts, of those the cheapest.
public struct PriceDifference: Sendable {
    /// How many prices.
    public struct Counts: Hashable, Sendable {
        /// In the new book only.
        public var new = 0
        /// In the old book only.
        public var gone = 0
        /// Dearer than before.
        public var dearer = 0
        /// Cheaper than before.
        public var cheaper = 0
        /// Changed in how they are paid, not in what they cost in all.
        public var shifted = 0
        /// The same in both.
        public var same = 0

        /// Whether anything differs.
        public var isEmpty: Bool { new + gone + dearer + cheaper + shifted == 0 }
    }

    /// Columns of ``stream(limit:_:_:)``.
    public static let columns =
        ["change", "percent"] + PriceSQL.key + ["old_price", "new_price", "old_upfront", "new_upfront"]

    private let duckdb: DuckDBProgram
    private let setup: String

    /// Compares `new` with `old`. Throws ``Failure`` where one of them is no price book.
    public init(_ duckdb: DuckDBProgram, old: [PriceBookFile], new: [PriceBookFile], filter: PriceFilter = .init())
        throws(Failure)
    {
        self.duckdb = duckdb
        let views =
            try PriceQuery.view("old_rows", old, duckdb)
            + (try PriceQuery.view("new_rows", new, duckdb)).split(separator: "\n").drop {
                !$0.hasPrefix("CREATE VIEW new_rows")
            }
            .joined(separator: "\n") + "\n"
        setup = views + Self.comparison(filter)
    }

    /// The table `moved`: keys as digests, so that millions of them need little memory, with both amounts.
    private static func comparison(_ filter: PriceFilter) -> String {
        let key = "md5_number(concat_ws(chr(31), \(PriceSQL.key.joined(separator: ", "))))"
        func best(_ view: String) -> String {
            """
            SELECT k, max_by({'p': price, 'u': upfront, 't': term}, ({'d': coalesce(valid_from, DATE '0001-01-01'), 'p': -price, 'u': -upfront})) AS best
            FROM (SELECT \(key) AS k, price, upfront, term, valid_from FROM \(view) WHERE \(filter.condition)) GROUP BY k
            """
        }
        return """
            CREATE MACRO hours(t) AS CASE t WHEN '1y' THEN 8760 WHEN '3y' THEN 26280 WHEN '5y' THEN 43800 ELSE 1 END;
            CREATE MACRO cost(b) AS raw_of(b.p) * hours(b.t) + raw_of(b.u);
            CREATE MACRO tenths(n, o) AS CASE WHEN o IS NULL OR n IS NULL OR o = 0 THEN NULL
              ELSE ((n - o) * 20000 + CASE WHEN n >= o THEN o ELSE -o END) // (2 * o) END;
            CREATE TEMP TABLE moved AS SELECT k, o.best AS o, n.best AS n, tenths(cost(n.best), cost(o.best)) AS bp,
              CASE WHEN o.best IS NULL THEN 'new' WHEN n.best IS NULL THEN 'gone'
                WHEN cost(n.best) > cost(o.best) THEN 'dearer' WHEN cost(n.best) < cost(o.best) THEN 'cheaper'
                WHEN n.best <> o.best THEN 'shifted' ELSE 'same' END AS change
            FROM (\(best("old_rows"))) AS o FULL JOIN (\(best("new_rows"))) AS n USING (k);

            """
    }

    /// How many prices changed.
    public func counts() throws(Failure) -> Counts {
        let found = try duckdb.rows(
            "SELECT change, count(*) AS n FROM moved GROUP BY change;", after: setup, memory: PriceSQL.memory)
        var counts = Counts()
        for row in found {
            let number = StagedImport.integer(row["n"])
            switch row["change"]?.string {
            case "new": counts.new = number
            case "gone": counts.gone = number
            case "dearer": counts.dearer = number
            case "cheaper": counts.cheaper = number
            case "shifted": counts.shifted = number
            default: counts.same = number
            }
        }
        return counts
    }

    /// Hands the changes to `write`, the largest in per cent first, then what is new and what is gone, by key.
    public func stream(
        limit: Int? = nil, _ format: PriceQuery.Format, _ write: (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let keys = PriceSQL.key.map { name in
            name == "tier_from" ? "CASE WHEN tier_from = 0 THEN '' ELSE short(tier_from) END AS tier_from" : name
        }
        let cells =
            [
                "change",
                "CASE WHEN bp IS NULL THEN '' ELSE CASE WHEN bp < 0 THEN '-' ELSE '' END || CAST(abs(bp) // 100 AS VARCHAR) || '.' || lpad(CAST(abs(bp) % 100 AS VARCHAR), 2, '0') END AS percent",
            ] + keys + [
                "coalesce(short(o.p), '') AS old_price", "coalesce(short(n.p), '') AS new_price",
                "CASE WHEN coalesce(o.u, 0) = 0 THEN '' ELSE short(o.u) END AS old_upfront",
                "CASE WHEN coalesce(n.u, 0) = 0 THEN '' ELSE short(n.u) END AS new_upfront",
            ]
        let named =
            format == .json
            ? cells.enumerated().sorted { Self.columns[$0.offset] < Self.columns[$1.offset] }.map(\.element) : cells
        let key = PriceSQL.key.joined(separator: ", ")
        let names = """
            SELECT DISTINCT k, \(key) FROM (
              SELECT md5_number(concat_ws(chr(31), \(key))) AS k, \(key) FROM new_rows
              UNION ALL SELECT md5_number(concat_ws(chr(31), \(key))) AS k, \(key) FROM old_rows)
            WHERE k IN (SELECT k FROM moved WHERE change <> 'same')
            """
        let select = """
            SELECT \(named.joined(separator: ", ")) FROM (
              SELECT * FROM (\(names)) JOIN (SELECT * FROM moved WHERE change <> 'same') USING (k))
            ORDER BY CASE change WHEN 'new' THEN 1 WHEN 'gone' THEN 2 ELSE 0 END, abs(bp) DESC NULLS LAST, \(key)
            \(limit.map { "LIMIT \($0)" } ?? "")
            """
        try PriceQuery.copy(select, format, after: setup, duckdb, write)
    }
}
