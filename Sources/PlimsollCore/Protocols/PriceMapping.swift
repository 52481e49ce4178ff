/// How a vendor's price list becomes rows of the `prices` and `catalog` files: one bare SELECT.
///
/// The SELECT reads views in which everything is text, so that no number passes through floating point:
/// - of a CSV file the view `raw`: the header's columns (absent ones are null) and `_row`, from 1;
/// - of a JSON file a view for each kind of ``Record``, named like it: `v`, the value as JSON with every number
///   as a string; `p`, the path of keys and positions (from 1) that leads to it; `_row`, from 1 in its kind.
///
/// It yields the columns of `prices` as text (null or absent = empty; `provider` too), facts of SKUs under the names
/// of `catalog`, and, where needed, these:
/// - `left_out`: why the row is no price; null = it is one;
/// - `pair` and `is_fee`: a row with `is_fee` is the upfront part of the rate that has the same `pair`;
///   `needs_fee` marks a rate that is wrong without one;
/// - `_part`: 0 stands for the source row, others are further prices inside it;
/// - `_row`, carried through.
///
/// Beyond the portable functions the SQL uses `json_text(json, path)`, `re_match(text, pattern)`,
/// `about(key)` (what the file says of itself before its rows: the lines before a CSV header, the plain values at the
/// top of a JSON document) and `spread(amount, hours)` (an amount per hour, half-even to 12 places).
public struct PriceMapping: Hashable, Sendable {
    /// What in a JSON document is a row.
    public struct Record: Hashable, Sendable {
        /// Name of the view.
        public var kind: String
        /// Where it is: keys, `*` for any key, `[]` for any element; the first path that fits.
        public var paths: [[String]]
        /// Whether its rows count as rows of the file.
        public var isRow: Bool
        /// A key that what lies there has, or it is none; nil = all are.
        public var needed: String?

        /// Records of `kind` at `paths`, each written like `terms.OnDemand.*.*`; an empty one is the document.
        public init(_ kind: String, at paths: [String], isRow: Bool = true, needed: String? = nil) {
            self.kind = kind
            self.paths = paths.map { $0.split(separator: ".").map(String.init) }
            self.isRow = isRow
            self.needed = needed
        }
    }

    /// How the file is written.
    public enum Layout: Hashable, Sendable {
        /// CSV with a header, which may stand below other lines.
        case csv
        /// JSON: one document, or one a line.
        case json([Record])
    }

    /// Name of the format.
    public var id: String
    /// Title for people.
    public var title: String
    /// Title of the vendor's document that describes it.
    public var source: String
    /// How it is written.
    public var layout: Layout
    /// CSV: columns the header has, in any case. JSON: keys that the first record of the first kind has.
    public var signature: [String]
    /// CSV: all columns that the SQL mentions.
    public var columns: [String]
    /// The SELECT.
    public var sql: String

    /// A mapping.
    public init(
        id: String, title: String, source: String, layout: Layout, signature: [String], columns: [String] = [],
        sql: String
    ) {
        self.id = id
        self.title = title
        self.source = source
        self.layout = layout
        self.signature = signature
        self.columns = columns
        self.sql = sql
    }
}
