/// How one vendor's billing file becomes FOCUS rows: a header signature and one bare SELECT.
///
/// The SELECT reads the view `raw`: every column of the file as text (nested ones as JSON text, absent
/// ones as NULL), `_file` and `_row`. It yields FOCUS 1.2 columns as text or DECIMAL, any `x_…` columns,
/// `reject_reason`, and carries `_file` and `_row` through; what it leaves out is NULL. The ledger checks and casts: money to DECIMAL(38,12), times
/// to UTC. Only functions that DuckDB and Spark share, plus `json_text(j, '$.k')`, `re_match(s, re)` and
/// `money(s)`, which the ledger defines.
public struct BillMapping: Hashable, Sendable {
    /// Word for `--format`.
    public var id: String
    /// Word of the provider whose bill it is; empty = the file says.
    public var provider: String
    /// Name for people.
    public var title: String
    /// The vendor's document that describes the columns.
    public var source: String
    /// Columns that the header must all have.
    public var signature: [String]
    /// Columns that it must not have.
    public var without: [String]
    /// All columns that the SELECT may name.
    public var columns: [String]
    /// The SELECT.
    public var sql: String

    /// A mapping.
    public init(
        id: String, provider: String, title: String, source: String, signature: [String], without: [String] = [],
        columns: [String], sql: String
    ) {
        self.id = id
        self.provider = provider
        self.title = title
        self.source = source
        self.signature = signature
        self.without = without
        self.columns = columns
        self.sql = sql
    }

    /// Whether a file with these columns is of this format.
    public func matches(_ header: Set<String>) -> Bool {
        header.isSuperset(of: signature) && header.isDisjoint(with: without)
    }
}
