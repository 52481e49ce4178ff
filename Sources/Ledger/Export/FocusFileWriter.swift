internal import Foundation
public import PlimsollCore

/// Writes a FOCUS dataset that stands in memory as text to a file, as CSV or Parquet by its name.
public enum FocusFileWriter {
    /// The format that a file's name asks for; nil for other names.
    public static func format(of path: String) -> FocusExport.Format? {
        FocusExport.Format(rawValue: URL(fileURLWithPath: path).pathExtension.lowercased())
    }

    /// Writes `csv` as Parquet with FOCUS's types. Throws ``Failure`` (exit 73) where it cannot be written.
    public static func writeParquet(_ csv: [UInt8], to path: String, _ duckdb: DuckDBProgram) throws(Failure) {
        let source = FileManager.default.temporaryDirectory.appending(path: "plimsoll-\(UUID().uuidString).csv").path
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: source, contents: Data(csv), attributes: attributes) else {
            throw LedgerStore.cannotWrite(source)
        }
        defer { try? FileManager.default.removeItem(atPath: source) }
        let beside = path + ".\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: beside, contents: nil) else {
            throw LedgerStore.cannotWrite(path)
        }
        do {
            try duckdb.run(statement(csv, from: source, to: beside))
        } catch {
            try? FileManager.default.removeItem(atPath: beside)
            throw error
        }
        guard rename(beside, path) == 0 else {
            try? FileManager.default.removeItem(atPath: beside)
            throw LedgerStore.cannotWrite(path)
        }
    }

    private static func statement(_ csv: [UInt8], from source: String, to target: String) -> String {
        let line = csv.prefix { $0 != UInt8(ascii: "\n") }
        let columns = SourceFile.header(String(decoding: line, as: UTF8.self))
        let kinds = Dictionary(
            FocusColumn.all.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
        let cells = columns.map { column in
            let name = SQL.name(column)
            return switch kinds[column] ?? (column.hasSuffix("Cost") ? .decimal : .string) {
            case .string, .json: name
            case .decimal: "CAST(\(name) AS DECIMAL(38,12)) AS \(name)"
            case .time: "CAST(\(name) AS TIMESTAMP) AS \(name)"
            }
        }
        let types = columns.map { SQL.text($0) + ": 'VARCHAR'" }.joined(separator: ", ")
        return """
            SET preserve_insertion_order=true;
            COPY (SELECT \(cells.joined(separator: ", ")) FROM read_csv(\(SQL.text(source)), auto_detect=false, header=true,
              delim=',', quote='"', escape='"', nullstr='', max_line_size=2097152, columns={\(types)}))
            TO \(SQL.text(target)) (FORMAT parquet, COMPRESSION zstd);
            """
    }
}
