/// One row of an interchange table that was not read from CSV: cells by column name, each with its place.
///
/// Rows written in a scenario or case file become records, so that they are checked by the very code that
/// checks the CSV files, and their errors name where they stand.
public struct InterchangeRecord: Hashable, Sendable {
    /// The text of one cell and where it stands.
    public struct Cell: Hashable, Sendable {
        /// The text, as it would stand in the CSV file.
        public var text: String
        /// Where it stands.
        public var place: Diagnostic.Place

        /// A cell.
        public init(_ text: String, at place: Diagnostic.Place) {
            self.text = text
            self.place = place
        }
    }

    /// Cells by column name; a column that is missing is empty.
    public var cells: [String: Cell]
    /// Where the record begins: the place of a missing cell.
    public var place: Diagnostic.Place

    /// A record of `cells` that begins at `place`.
    public init(_ cells: [String: Cell], at place: Diagnostic.Place) {
        self.cells = cells
        self.place = place
    }
}

/// What a table is read from: the bytes of a file, or records with places of their own.
struct TableSource {
    var bytes: [UInt8]
    var file: String
    /// The record of every row; empty for files.
    var records: [InterchangeRecord] = []

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    init(_ records: [InterchangeRecord], of schema: InterchangeSchema, file: String) {
        let names = schema.columns.map(\.name)
        var writer = CSVWriter(header: names)
        for record in records { writer.add(names.map { record.cells[$0]?.text ?? "" }) }
        bytes = writer.bytes
        self.file = file
        self.records = records
    }
}

extension Interchange {
    /// Decodes rows of usage written elsewhere than in a CSV file.
    public static func usage(
        records: [InterchangeRecord], file: String, billingOrderOf providers: Set<String> = []
    ) throws(Failure) -> Decoded<[UsageLine]> {
        try usage(TableSource(records, of: .usage, file: file), billingOrderOf: providers)
    }

    /// Decodes rows of prices written elsewhere than in a CSV file.
    public static func prices(records: [InterchangeRecord], file: String) throws(Failure) -> Decoded<[PriceRow]> {
        try prices(TableSource(records, of: .prices, file: file))
    }

    /// Decodes rows of a catalogue written elsewhere than in a CSV file.
    public static func catalog(records: [InterchangeRecord], file: String) throws(Failure) -> Decoded<[CatalogRow]> {
        try catalog(TableSource(records, of: .catalog, file: file))
    }

    /// Decodes commitments written elsewhere than in a CSV file.
    public static func commitments(
        records: [InterchangeRecord], file: String
    ) throws(Failure) -> Decoded<[Commitment]> {
        try commitments(TableSource(records, of: .commitments, file: file))
    }

    /// Decodes accounts written elsewhere than in a CSV file.
    public static func accounts(records: [InterchangeRecord], file: String) throws(Failure) -> Decoded<[AccountRow]> {
        try accounts(TableSource(records, of: .accounts, file: file))
    }

    /// Decodes exchange rates written elsewhere than in a CSV file.
    public static func fx(records: [InterchangeRecord], file: String) throws(Failure) -> Decoded<[FxRate]> {
        try fx(TableSource(records, of: .fx, file: file))
    }
}
