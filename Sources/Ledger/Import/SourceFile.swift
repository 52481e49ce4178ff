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
    /// Lines of a CSV file, the header's among them; 0 = not known.
    var lines: Int
    /// Records that cannot be split into cells, where a copy without them is read instead.
    var broken: [RecordScan.Broken] = []
    /// That copy.
    var mended: String?
    /// Records that can be read, where they were counted.
    var records: Int?

    /// Number of a record of the file, the unreadable ones counted, by its number among those that are read.
    func record(_ number: Int) -> Int { RecordScan.number(number, among: broken) }

    /// The file without the records that cannot be split into cells, copied into `folder` where there are any.
    func mend(into folder: URL, name: String) throws(Failure) -> SourceFile {
        guard layout == .csv else { return self }
        let copy = folder.appending(path: name)
        let scan = try RecordScan.mend(
            FileBytes(path: path, isCompressed: isCompressed), cells: columns.count, to: copy)
        var result = self
        (result.broken, result.records) = (scan.broken, scan.good)
        if !scan.broken.isEmpty { result.mended = copy.path }
        return result
    }

    /// The file that the engine reads.
    var readable: String { mended ?? path }
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
            files.append(try facts(path, found))
        }
        for index in files.indices {
            files[index].columns = try columns(files[index], duckdb)
            try checkOnce(files[index])
        }
        return files
    }

    /// Looks at one file; its header may name a column twice.
    static func open(_ path: String, _ duckdb: DuckDBProgram) throws(Failure) -> SourceFile {
        var file = try facts(path, layout(of: path) ?? (.csv, false))
        file.columns = try columns(file, duckdb)
        return file
    }

    private static func facts(
        _ path: String, _ found: (layout: Layout, isCompressed: Bool)
    ) throws(Failure) -> SourceFile {
        let facts = try FileFacts.read(path, isCompressed: found.isCompressed)
        guard facts.bytes > 0 else {
            throw Failure(
                .badInput, "import.empty-file", "`\(path)` is empty", at: .init(file: path),
                hint: "export it again; a bill without charges still has a header")
        }
        return SourceFile(
            path: path, layout: found.layout, isCompressed: found.isCompressed, columns: [], bytes: facts.bytes,
            sha256: facts.sha256, lines: found.layout == .csv ? facts.lines : 0)
    }

    private static func columns(_ file: SourceFile, _ duckdb: DuckDBProgram) throws(Failure) -> [String] {
        let result = file.layout == .csv ? header(try headerLine(file)) : try names(file, duckdb)
        guard !result.isEmpty, result != [""] else {
            throw Failure(
                .badInput, "import.no-header", "`\(file.path)` has no header",
                at: .init(file: file.path, line: 1, column: 1),
                hint: "the first line names the columns")
        }
        return result
    }

    /// The first record of a CSV file: its quotes may hold line ends.
    private static func headerLine(_ file: SourceFile) throws(Failure) -> String {
        let stream = try ByteStream(file.path, isCompressed: file.isCompressed)
        var line: [UInt8] = []
        var isQuoted = false
        while line.count < RecordScan.limit, let piece = try stream.next() {
            for byte in piece {
                if byte == 0x22 { isQuoted.toggle() }
                if byte == 0x0A, !isQuoted { return String(decoding: line, as: UTF8.self) }
                line.append(byte)
            }
        }
        return String(decoding: line.prefix(RecordScan.limit), as: UTF8.self)
    }

    private static func names(_ file: SourceFile, _ duckdb: DuckDBProgram) throws(Failure) -> [String] {
        let path = SQL.text(file.path)
        let select =
            file.layout == .parquet
            ? "SELECT column_name AS c FROM (DESCRIBE SELECT * FROM read_parquet(\(path)));"
            : "SELECT DISTINCT unnest(json_keys(json)) AS c FROM (SELECT json FROM read_ndjson_objects(\(path), ignore_errors=true) LIMIT 1000) ORDER BY 1;"
        do throws(Failure) {
            return try duckdb.rows(select).compactMap { $0["c"]?.string }
        } catch {
            throw Failure(
                .badInput, "import.unreadable",
                "`\(file.path)` cannot be read: \(error.diagnostics.first?.message ?? "")",
                at: .init(file: file.path), hint: "check that the file is what its name says")
        }
    }

    private static func checkOnce(_ file: SourceFile) throws(Failure) {
        var seen: Set<String> = []
        guard let twice = file.columns.first(where: { !seen.insert($0.lowercased()).inserted }) else { return }
        throw Failure(
            .badInput, "import.duplicate-column", "column `\(twice)` stands twice in the header of `\(file.path)`",
            at: .init(file: file.path, line: 1, column: 1), hint: "export it again with each column once")
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
