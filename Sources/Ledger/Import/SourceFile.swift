internal import Foundation
internal import PlimsollCore

/// A billing file as it lies on disk: how it is written, and its columns.
struct SourceFile: Hashable, Sendable {
    enum Layout: Hashable, Sendable { case csv, parquet, jsonLines }

    var path: String
    var layout: Layout
    var isCompressed: Bool
    var columns: [String]
    var bytes: Int
    var sha256: String

    /// The name in messages and rejects.
    var name: String { path }

    /// The layout that a file's name tells; nil for files that are no bill.
    static func layout(of name: String) -> (layout: Layout, isCompressed: Bool)? {
        var rest = name.lowercased()
        let compressed = rest.hasSuffix(".gz")
        if compressed { rest.removeLast(3) }
        if rest.hasSuffix(".csv") { return (.csv, compressed) }
        if rest.hasSuffix(".parquet") { return compressed ? nil : (.parquet, false) }
        if rest.hasSuffix(".json") || rest.hasSuffix(".jsonl") || rest.hasSuffix(".ndjson") {
            return (.jsonLines, compressed)
        }
        return nil
    }

    /// Looks at the files: their columns and hashes. Throws ``Failure`` where one cannot be opened or has
    /// no header.
    static func inspect(_ paths: [String], _ duckdb: DuckDBProgram) throws(Failure) -> [SourceFile] {
        var files: [SourceFile] = []
        for path in paths {
            guard let found = layout(of: path) else {
                throw Failure(
                    .badInput, "import.unknown-kind", "`\(path)` is no CSV, Parquet or JSON lines file by its name",
                    at: .init(file: path), hint: "names end in .csv, .csv.gz, .parquet, .json, .jsonl (or .gz of these)"
                )
            }
            let facts = try FileFacts.read(path)
            guard facts.bytes > 0 else {
                throw Failure(
                    .badInput, "import.empty-file", "`\(path)` is empty", at: .init(file: path),
                    hint: "export it again; a bill without charges still has a header")
            }
            if found.isCompressed { try checkGzip(path) }
            files.append(
                SourceFile(
                    path: path, layout: found.layout, isCompressed: found.isCompressed, columns: [],
                    bytes: facts.bytes, sha256: facts.sha256))
        }
        for index in files.indices { files[index].columns = try columns(files[index], duckdb) }
        return files
    }

    /// The whole stream is read: duckdb itself does not notice a file that was cut off.
    static func checkGzip(_ path: String) throws(Failure) {
        let output = try ChildProcess.run("/usr/bin/env", ["gzip", "-t", path])
        guard output.status != 0 else { return }
        throw Failure(
            .badInput, "import.bad-gzip", "`\(path)` is cut off or damaged: its gzip checksum does not hold",
            at: .init(file: path), hint: "fetch the file again")
    }

    private static func columns(_ file: SourceFile, _ duckdb: DuckDBProgram) throws(Failure) -> [String] {
        let path = SQL.text(file.path)
        let rows: [JSONValue]
        do throws(Failure) {
            switch file.layout {
            case .parquet:
                rows = try duckdb.rows("SELECT column_name AS c FROM (DESCRIBE SELECT * FROM read_parquet(\(path)));")
            case .jsonLines:
                rows = try duckdb.rows(
                    "SELECT DISTINCT unnest(json_keys(json)) AS c FROM (SELECT json FROM read_ndjson_objects(\(path)) LIMIT 1000) ORDER BY 1;"
                )
            case .csv:
                // In order and by one thread: in parallel, any line of a large file may come first.
                rows = try duckdb.rows(
                    """
                    SELECT c FROM read_csv(\(path), auto_detect=false, header=false, delim=chr(1), quote='', escape='',
                    columns={'c': 'VARCHAR'}, max_line_size=2097152, parallel=false) LIMIT 1;
                    """, after: "SET threads=1;\nSET preserve_insertion_order=true;\n")
            }
        } catch {
            throw Failure(
                .badInput, "import.unreadable",
                "`\(file.path)` cannot be read: \(error.diagnostics.first?.message ?? "")",
                at: .init(file: file.path), hint: "check that the file is what its name says")
        }
        let names = rows.compactMap { $0["c"]?.string }
        let result = file.layout == .csv ? header(names.first ?? "") : names
        guard !result.isEmpty, result != [""] else {
            throw Failure(
                .badInput, "import.no-header", "`\(file.path)` has no header",
                at: .init(file: file.path, line: 1, column: 1),
                hint: "the first line names the columns")
        }
        var seen: Set<String> = []
        if let twice = result.first(where: { !seen.insert($0.lowercased()).inserted }) {
            throw Failure(
                .badInput, "import.duplicate-column", "column `\(twice)` stands twice in the header of `\(file.path)`",
                at: .init(file: file.path, line: 1, column: 1), hint: "export it again with each column once")
        }
        return result
    }

    /// The cells of a header line.
    static func header(_ line: String) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var text = Substring(line)
        if text.first == "\u{feff}" { text.removeFirst() }
        while let character = text.popFirst() {
            switch character {
            case "\"" where isQuoted && text.first == "\"": cell.append(text.removeFirst())
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                cells.append(cell)
                cell = ""
            case "\r", "\n", "\r\n": continue
            default: cell.append(character)
            }
        }
        return cells + [cell]
    }
}

/// Size and hash of a file, read in pieces.
enum FileFacts {
    static func read(_ path: String) throws(Failure) -> (bytes: Int, sha256: String) {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw missing(path) }
        defer { try? handle.close() }
        var hash = ContentHash.Stream()
        var bytes = 0
        do {
            while let piece = try handle.read(upToCount: 1 << 22), !piece.isEmpty {
                bytes += piece.count
                hash.update(Array(piece))
            }
        } catch {
            throw missing(path)
        }
        return (bytes, hash.finish())
    }

    private static func missing(_ path: String) -> Failure {
        let isThere = FileManager.default.fileExists(atPath: path)
        return Failure(
            .noInput, "input.missing", isThere ? "`\(path)` cannot be read" : "`\(path)` does not exist",
            at: .init(file: path), hint: isThere ? "check its permissions" : "check the path")
    }
}
