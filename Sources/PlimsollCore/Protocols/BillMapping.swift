/// How a vendor's bill becomes FOCUS: one bare SELECT over the view `raw`.
///
/// In `raw` every column is text, nested ones as JSON, beside `_file` and
/// `_row`. The SELECT gives FOCUS 1.2's columns, `reject_reason` (null where the
/// row is good) and custom columns that start with `x_`. Where one row of the
/// vendor becomes several charges, `x_Part` numbers them and part 0 stands for
/// the row: a rejected row has no other part. `x_RoundedValues` counts the
/// row's numbers finer than 12 places, which were rounded half-even. `_file` and
/// `_row` are carried through.
///
/// Beyond the portable functions the SQL uses those of the engine:
/// `json_text(json, path)` (null where the text is no JSON), `re_match(text,
/// pattern)`, `money(text)` (exact to 12 places or null), `money_even(text)`
/// (rounded half-even to 12 places, null where the text is no number) and
/// `money_times(a, b)` (exact product of two amounts, rounded half-even to 12
/// places, null where it is too large).
public struct BillMapping: Hashable, Sendable, Codable {
    /// Name of the format and of the export it fills: `name-actual`.
    public var id: String
    /// The provider's word in the interchange files.
    public var provider: String
    /// Title for people.
    public var title: String
    /// Title of the vendor's document that describes the columns.
    public var source: String
    /// Columns that a header must have, in any case, to be this format.
    public var signature: [String]
    /// Columns that a header must not have.
    public var without: [String]
    /// All source columns that the SQL mentions; absent ones read as null.
    public var columns: [String]
    /// The SELECT.
    public var sql: String

    /// A mapping.
    public init(
        id: String, provider: String, title: String, source: String, signature: [String],
        without: [String] = [], columns: [String], sql: String
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

    /// Whether a file with these columns, in lower case, is of this format.
    public func matches(_ header: Set<String>) -> Bool {
        header.isSuperset(of: signature.map { $0.lowercased() })
            && header.isDisjoint(with: without.map { $0.lowercased() })
    }
}
