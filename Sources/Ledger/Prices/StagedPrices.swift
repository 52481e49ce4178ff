internal import Foundation
internal import PlimsollCore

/// One price list on its way into a book: rows of the contract in a Parquet file, with what is wrong with some.
struct StagedPrices {
    let file: PriceFile
    private let duckdb: DuckDBProgram
    private let folder: URL
    private let index: Int
    /// Rows of the file, as far as they are counted before the rows are made.
    private var counted: Int?
    private(set) var padded = 0
    /// Records that cannot be split into cells.
    private var broken: [RecordScan.Broken] = []
    /// How many those are.
    var unreadable: Int { broken.count }
    /// Cells of the rows that cannot be read: file, row, column, value, reason.
    private(set) var faults: [[String]] = []
    private var about: [String: String]

    init(_ file: PriceFile, _ duckdb: DuckDBProgram, folder: URL, index: Int) {
        self.file = file
        self.duckdb = duckdb
        self.folder = folder
        self.index = index
        about = file.about
    }

    /// The Parquet file.
    var path: String { folder.appending(path: "list-\(index).parquet").path }

    private func path(_ name: String) -> String { folder.appending(path: "\(index)-\(name)").path }
    private var settings: String { "SET temp_directory=\(SQL.text(folder.appending(path: "spill").path));\n" }

    /// Makes the Parquet file.
    mutating func stage() throws(Failure) {
        switch file.reader {
        case .contract: try stageContract(try contractBytes())
        case .parquet: try stageContract(try PriceBookFile(path: file.path).csv(duckdb, folder: folder))
        case .csv(let mapping, let columns, let skip): try stageCSV(mapping, columns, skip)
        case .json(let mapping, let records): try stageJSON(mapping, records)
        }
    }

    // MARK: The contract itself

    private func contractBytes() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            try file.stream.read {
                bytes += $0
                return true
            }
        } catch {
            throw Failure(.noInput, "input.unreadable", "`\(file.path)` cannot be read", at: .init(file: file.path))
        }
        return bytes
    }

    /// Checked by the reader of interchange files, all or nothing.
    private mutating func stageContract(_ bytes: [UInt8]) throws(Failure) {
        let decoded = try Interchange.prices(bytes, file: file.path)
        counted = decoded.value.count
        let checked = path("contract.csv")
        guard (try? Data(Interchange.write(prices: decoded.value)).write(to: URL(fileURLWithPath: checked))) != nil
        else { throw LedgerStore.cannotWrite(checked) }
        let types = PriceSQL.columns.map { SQL.text($0.name) + ": 'VARCHAR'" }.joined(separator: ", ")
        let view = """
            CREATE OR REPLACE VIEW mapped AS SELECT *, NULL::BIGINT AS _row FROM read_csv(\(SQL.text(checked)), auto_detect=false,
              header=true, delim=',', quote='"', escape='"', nullstr='', max_line_size=2097152, columns={\(types)});

            """
        try copy(view, Set(PriceSQL.columns.map(\.name)))
    }

    // MARK: CSV

    private mutating func stageCSV(_ mapping: PriceMapping, _ columns: [String], _ skip: Int) throws(Failure) {
        var source = file
        func view(padded: Bool, numbered: Bool = false) -> String {
            PriceSQL.rawView(source, mapping, columns: columns, skip: skip, numbered: numbered, padded: padded)
                + "CREATE OR REPLACE VIEW mapped AS\n\(mapping.sql);\n"
        }
        let known = try known(view(padded: false))
        try copy(view(padded: false), known, unreadable: true)
        let lost = try duckdb.rows(
            "SELECT count(DISTINCT line) AS n, count(DISTINCT line) FILTER (WHERE why = 'MISSING COLUMNS') AS short FROM read_csv(\(SQL.text(path("unreadable.csv"))), header=true, all_varchar=true);"
        ).first
        let (bad, short) = (StagedImport.integer(lost?["n"]), StagedImport.integer(lost?["short"]))
        // A file that lacks the last cells of most of its rows is one of few columns, not a cut-off one.
        let whole = try rows()
        let isPadded = short == bad && short > whole
        if isPadded {
            padded = short
            try copy(view(padded: true), known)
        } else if bad > 0 || file.lines > 0 && whole != file.lines - skip {
            if let mended = try mended(cells: columns.count, above: skip - 1) {
                (source.path, source.isCompressed) = (mended, false)
                try copy(view(padded: false), known)
            }
        }
        try listFaults(view(padded: isPadded, numbered: true), known, above: skip)
    }

    /// A copy without the records that cannot be split into cells; nil where there are none.
    private mutating func mended(cells: Int, above: Int) throws(Failure) -> String? {
        let copy = folder.appending(path: "\(index)-mended.csv")
        let scan = try RecordScan.mend(
            FileBytes(path: file.path, isCompressed: file.isCompressed), cells: cells, above: above, to: copy)
        broken = scan.broken
        for record in broken {
            faults.append([file.path, String(record.line), "", String(record.text.prefix(200)), record.reason])
        }
        return broken.isEmpty ? nil : copy.path
    }

    // MARK: JSON

    private mutating func stageJSON(_ mapping: PriceMapping, _ records: [PriceMapping.Record]) throws(Failure) {
        let counts = try split(records)
        var kinds: [String] = []
        for record in records where !kinds.contains(record.kind) { kinds.append(record.kind) }
        counted = zip(kinds, counts).reduce(0) { sum, kind in
            records.contains { $0.kind == kind.0 && $0.isRow } ? sum + kind.1 : sum
        }
        let views = kinds.map { PriceSQL.recordView($0, path: path($0)) }.joined()
        let setup = views + "CREATE OR REPLACE VIEW mapped AS\n\(mapping.sql);\n"
        let known = try known(setup)
        try copy(setup, known)
        try listFaults(setup, known)
    }

    /// Writes a file of lines for each kind of record.
    private mutating func split(_ records: [PriceMapping.Record]) throws(Failure) -> [Int] {
        var kinds: [String] = []
        for record in records where !kinds.contains(record.kind) { kinds.append(record.kind) }
        var outputs: [LineFile] = []
        for kind in kinds { outputs.append(try LineFile(path(kind))) }
        var splitter = JSONSplitter(records) { record, line in outputs[record].add(line) }
        do {
            try file.stream.read {
                try splitter.feed($0)
                return outputs.allSatisfy { !$0.hasFailed }
            }
            try splitter.finish()
        } catch let fault as JSONSplitter.Fault {
            throw Failure(
                .badInput, "prices.bad-json",
                "`\(file.path)` is cut off or damaged at byte \(fault.offset): \(fault.message)",
                at: .init(file: file.path), hint: "download the file again")
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.noInput, "input.unreadable", "`\(file.path)` cannot be read", at: .init(file: file.path))
        }
        for output in outputs { try output.close() }
        about.merge(splitter.about) { first, _ in first }
        return splitter.records
    }

    // MARK: Both

    private func known(_ setup: String) throws(Failure) -> Set<String> {
        let columns = try duckdb.rows(
            "SELECT column_name AS c FROM (DESCRIBE SELECT * FROM mapped);", after: PriceSQL.macros(about) + setup)
        return Set(columns.compactMap { $0["c"]?.string })
    }

    private func copy(_ setup: String, _ known: Set<String>, unreadable: Bool = false) throws(Failure) {
        let errors = """
            COPY (SELECT line, error_type AS why FROM reject_errors)
              TO \(SQL.text(path("unreadable.csv")));

            """
        try duckdb.run(
            settings + PriceSQL.macros(about) + setup
                + "COPY (\(PriceSQL.typed(known))) TO \(SQL.text(path)) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440);\n"
                + (unreadable ? errors : ""), memory: PriceSQL.memory)
    }

    /// Lists the rows with a fault: by line where there are `above` lines before the first, else by number.
    private mutating func listFaults(
        _ numbered: String, _ known: Set<String>, above: Int = 0
    ) throws(Failure) {
        let bad = try duckdb.rows(
            "SELECT count(*) AS n FROM read_parquet(\(SQL.text(path))) WHERE _fault IS NOT NULL;")
        guard StagedImport.integer(bad.first?["n"]) > 0 else { return }
        let found = try duckdb.rows(
            "SELECT _row, _fault FROM (\(PriceSQL.typed(known))) WHERE _fault IS NOT NULL ORDER BY _row, _fault;",
            after: settings + PriceSQL.macros(about) + numbered)
        for row in found {
            let parts = (row["_fault"]?.string ?? "").split(separator: "\u{2}", omittingEmptySubsequences: false)
            // The engine numbers the rows that it could split.
            let line = RecordScan.number(StagedImport.integer(row["_row"]), among: broken) + above
            faults.append([file.path, String(line)] + parts.map(String.init))
        }
    }

    private func rows() throws(Failure) -> Int {
        let found = try duckdb.rows("SELECT count(*) AS n FROM read_parquet(\(SQL.text(path)));")
        return StagedImport.integer(found.first?["n"])
    }

    /// Throws where the mapping lost or doubled a row.
    func check(rows: Int) throws(Failure) {
        guard let counted, counted != rows else { return }
        throw Failure(
            .bug, "prices.bad-mapping", "the mapping `\(file.format.id)` made \(rows) rows of \(counted)",
            at: .init(file: file.path))
    }
}

/// A file that lines are added to.
private final class LineFile {
    private let path: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private(set) var hasFailed = false

    init(_ path: String) throws(Failure) {
        self.path = path
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw LedgerStore.cannotWrite(path) }
        self.handle = handle
    }

    func add(_ line: [UInt8]) {
        buffer += line
        if buffer.count > 1 << 20 { flush() }
    }

    private func flush() {
        do { try handle.write(contentsOf: Data(buffer)) } catch { hasFailed = true }
        buffer.removeAll(keepingCapacity: true)
    }

    func close() throws(Failure) {
        flush()
        try? handle.close()
        if hasFailed { throw LedgerStore.cannotWrite(path) }
    }
}
