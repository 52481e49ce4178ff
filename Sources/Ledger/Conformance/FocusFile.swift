internal import Foundation
internal import PlimsollCore

/// A file that is to be FOCUS, as the checks read it: all cells as text, null where there is nothing.
struct FocusFile {
    let source: SourceFile
    /// Columns of the header in their order, with the types of a typed file; `VARCHAR` else.
    let columns: [(name: String, type: String)]

    /// Opens it. Throws ``Failure`` where it cannot be opened (exit 66) or is no table (exit 65).
    init(_ path: String, _ duckdb: DuckDBProgram) throws(Failure) {
        guard let found = SourceFile.layout(of: path), found.layout != .jsonLines else {
            throw Failure(
                .badInput, "validate.unknown-kind", "`\(path)` is no CSV or Parquet file by its name",
                at: .init(file: path), hint: "names end in .csv, .csv.gz or .parquet")
        }
        source = try SourceFile.open(path, duckdb)
        if source.layout == .parquet {
            columns = try Self.types(path, duckdb)
        } else {
            columns = source.columns.map { ($0, "VARCHAR") }
        }
    }

    private static func types(_ path: String, _ duckdb: DuckDBProgram) throws(Failure) -> [(name: String, type: String)]
    {
        let rows = try duckdb.rows(
            "SELECT column_name AS c, column_type AS t FROM (DESCRIBE SELECT * FROM read_parquet(\(SQL.text(path))));")
        return rows.compactMap { row in
            guard let name = row["c"]?.string, let type = row["t"]?.string else { return nil }
            return (name, type)
        }
    }

    /// Names that stand in the header more than once.
    var duplicates: [String] {
        var seen: Set<String> = []
        return columns.map(\.name).filter { !seen.insert($0.lowercased()).inserted }
    }

    /// Columns that are neither FOCUS's nor marked as the provider's own.
    var strangers: [String] {
        let known = Set(FocusColumn.all.map(\.name))
        return columns.map(\.name).filter { !known.contains($0) && !$0.hasPrefix("x_") }
    }

    /// What a typed file says of a column; nil where there is no such column.
    func type(of column: String) -> String? { columns.first { $0.name == column }?.type }

    /// The view `raw`: FOCUS's columns as text and the number of each row, from 1; without numbers it is
    /// read by all threads.
    func view(numbered: Bool) -> String {
        let cells = FocusColumn.all.map { column in
            guard let type = type(of: column.name) else { return "NULL::VARCHAR AS \(SQL.name(column.name))" }
            return "\(Self.text(SQL.name(column.name), type)) AS \(SQL.name(column.name))"
        }
        let number = numbered ? "row_number() OVER ()" : "1::BIGINT"
        return """
            SET preserve_insertion_order=\(numbered);
            CREATE VIEW cells AS SELECT \(number) AS _row, \(cells.joined(separator: ", ")) FROM \(table);
            CREATE VIEW raw AS SELECT *, coalesce(ChargeCategory IN ('Usage', 'Purchase') AND ChargeClass IS DISTINCT FROM 'Correction', false)
              AS _priced FROM cells;

            """
    }

    private var table: String {
        let path = SQL.text(source.path)
        guard source.layout == .csv else { return "read_parquet(\(path))" }
        var seen: Set<String> = []
        let types = columns.enumerated().map { index, column in
            // A name that stands twice is told about; the first one is read.
            let name = seen.insert(column.name.lowercased()).inserted ? column.name : "\(column.name) \(index)"
            return SQL.text(name) + ": 'VARCHAR'"
        }
        return """
            read_csv(\(path), auto_detect=false, header=true, delim=',', quote='"', escape='"', nullstr=['', 'NULL'],
              allow_quoted_nulls=false, max_line_size=2097152, columns={\(types.joined(separator: ", "))})
            """
    }

    private static func text(_ cell: String, _ type: String) -> String {
        if type == "VARCHAR" { return cell }
        if type.hasPrefix("TIMESTAMP") || type == "DATE" {
            return "strftime(CAST(\(cell) AS TIMESTAMP), '%Y-%m-%dT%H:%M:%SZ')"
        }
        if type.hasPrefix("MAP") || type.hasPrefix("STRUCT") || type.hasSuffix("]") {
            return "CAST(to_json(\(cell)) AS VARCHAR)"
        }
        return "CAST(\(cell) AS VARCHAR)"
    }
}
