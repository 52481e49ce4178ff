internal import Foundation
public import PlimsollCore

/// A price book in a file: the `prices` contract as CSV or Parquet.
public struct PriceBookFile: Hashable, Sendable {
    /// Where it is.
    public let path: String

    /// The book at `path`.
    public init(path: String) { self.path = path }

    /// Whether the file is Parquet, by its first bytes.
    public var isParquet: Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 4)) == Data("PAR1".utf8)
    }

    /// The bytes of the same book as CSV, whole. Throws ``Failure`` where the file is none.
    public func csv(_ duckdb: DuckDBProgram) throws(Failure) -> [UInt8] { try csv(duckdb, folder: nil) }

    func csv(_ duckdb: DuckDBProgram, folder: URL?) throws(Failure) -> [UInt8] {
        let place = (folder ?? FileManager.default.temporaryDirectory)
            .appending(path: "plimsoll-prices-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: place) }
        try write(duckdb, to: place.path)
        guard let data = try? Data(contentsOf: place) else { throw LedgerStore.cannotWrite(place.path) }
        return Array(data)
    }

    /// Writes the book as CSV in the order it has.
    func write(_ duckdb: DuckDBProgram, to target: String) throws(Failure) {
        let present = try columns(duckdb)
        let cells = PriceSQL.columns.map { column in
            present.contains(column.name) ? PriceSQL.written(column) : "'' AS \(column.name)"
        }
        try duckdb.run(
            PriceSQL.macros([:])
                + """
                SET preserve_insertion_order=true;
                COPY (SELECT nullif(COLUMNS(*), '') FROM (SELECT \(cells.joined(separator: ", ")) FROM (SELECT * REPLACE (\(casts(present))) FROM read_parquet(\(SQL.text(path))))))
                  TO \(SQL.text(target)) (FORMAT csv, HEADER true);
                """)
    }

    private func casts(_ present: Set<String>) -> String {
        PriceSQL.columns.filter { present.contains($0.name) }
            .map { "CAST(\($0.name) AS \($0.type)) AS \($0.name)" }.joined(separator: ", ")
    }

    func columns(_ duckdb: DuckDBProgram) throws(Failure) -> Set<String> {
        let found: [JSONValue]
        do throws(Failure) {
            found = try duckdb.rows(
                "SELECT column_name AS c FROM (DESCRIBE SELECT * FROM read_parquet(\(SQL.text(path))));")
        } catch {
            throw Failure(
                .badInput, "prices.unreadable", "`\(path)` is cut off or damaged, or no Parquet file",
                at: .init(file: path), hint: "make it again with `plimsoll prices import`")
        }
        let names = Set(found.compactMap { $0["c"]?.string })
        let lacking = InterchangeSchema.prices.columns.filter { $0.required && !names.contains($0.name) }.map(\.name)
        guard let first = lacking.first else { return names }
        throw Failure(
            .badInput, "prices.missing-column", "`\(path)` has no column `\(first)`", at: .init(file: path),
            hint: "a price book has the columns of `plimsoll schema prices`")
    }
}
