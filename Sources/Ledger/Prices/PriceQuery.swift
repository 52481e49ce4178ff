internal import Foundation
public import PlimsollCore

/// Looks into price books: CSV or Parquet files of the contract, one or several as one.
public struct PriceQuery: Sendable {
    private let duckdb: DuckDBProgram
    private let books: [PriceBookFile]

    /// A question to `books`.
    public init(_ duckdb: DuckDBProgram, _ books: [PriceBookFile]) {
        self.duckdb = duckdb
        self.books = books
    }

    /// How prices are written.
    public enum Format: Sendable {
        /// A `prices` file.
        case csv
        /// One object with the list `prices`.
        case json
    }

    /// How many prices fit.
    public func count(_ filter: PriceFilter) throws(Failure) -> Int {
        let found = try duckdb.rows(
            "SELECT count(*) AS n FROM book WHERE \(filter.condition);", after: try Self.view("book", books, duckdb))
        return StagedImport.integer(found.first?["n"])
    }

    /// Rows that fit, in the books' order; at most `limit`.
    public func rows(_ filter: PriceFilter, limit: Int) throws(Failure) -> [PriceRow] {
        var bytes: [UInt8] = []
        try stream(filter, limit: limit, .csv) { bytes += $0 }
        return try Interchange.prices(bytes, file: books.first?.path ?? "").value
    }

    /// Hands what fits to `write`, piece by piece.
    public func stream(
        _ filter: PriceFilter, limit: Int? = nil, _ format: Format, _ write: (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let cells = PriceSQL.columns.map(PriceSQL.written)
        let order =
            format == .json
            ? cells.indices.sorted { PriceSQL.columns[$0].name < PriceSQL.columns[$1].name } : Array(cells.indices)
        let select = """
            SELECT \(order.map { cells[$0] }.joined(separator: ", ")) FROM book WHERE \(filter.condition)
            ORDER BY \(PriceSQL.order) \(limit.map { "LIMIT \($0)" } ?? "")
            """
        try Self.copy(select, format, after: try Self.view("book", books, duckdb), duckdb, write)
    }

    // MARK: Engine

    /// A view over books, with the contract's types. Throws ``Failure`` where one cannot be read.
    static func view(_ name: String, _ books: [PriceBookFile], _ duckdb: DuckDBProgram) throws(Failure) -> String {
        var parts: [String] = []
        for book in books {
            let facts = try FileFacts.read(book.path, isCompressed: false)
            guard facts.bytes > 0 else {
                throw Failure(
                    .badInput, "prices.empty-file", "`\(book.path)` is empty", at: .init(file: book.path),
                    hint: "a price book without rows still has its header: `plimsoll schema prices --format header`")
            }
            parts.append(book.isParquet ? try parquet(book, duckdb) : try csv(book, duckdb))
        }
        let spill = FileManager.default.temporaryDirectory.appending(path: "plimsoll-spill-\(UUID().uuidString)").path
        return PriceSQL.macros([:]) + "SET temp_directory=\(SQL.text(spill));\nSET preserve_insertion_order=true;\n"
            + "CREATE VIEW \(name) AS \(parts.joined(separator: "\nUNION ALL\n"));\n"
    }

    private static func parquet(_ book: PriceBookFile, _ duckdb: DuckDBProgram) throws(Failure) -> String {
        let there = try book.columns(duckdb)
        let cells = PriceSQL.columns.map { column in
            there.contains(column.name)
                ? "CAST(\(column.name) AS \(column.type)) AS \(column.name)"
                : "\(Self.absent(column)) AS \(column.name)"
        }
        return "SELECT \(cells.joined(separator: ", ")) FROM read_parquet(\(SQL.text(book.path)))"
    }

    /// A CSV file that the engine finds a fault in is read by the reader of interchange files, which says where.
    private static func csv(_ book: PriceBookFile, _ duckdb: DuckDBProgram) throws(Failure) -> String {
        let header = SourceFile.header(String(decoding: try firstLine(book), as: UTF8.self))
        let known = Set(header)
        let types = header.map { SQL.text($0) + ": 'VARCHAR'" }.joined(separator: ", ")
        let mapped = """
            SELECT *, NULL::BIGINT AS _row FROM read_csv(\(SQL.text(book.path)), auto_detect=false, header=true, delim=',',
              quote='"', escape='"', nullstr='', max_line_size=2097152, columns={\(types)})
            """
        let typed = PriceSQL.typed(known, from: "(\(mapped))")
        let isWhole =
            known.count == header.count
            && InterchangeSchema.prices.columns.allSatisfy { !$0.required || known.contains($0.name) }
        let setup = PriceSQL.macros([:]) + "SET preserve_insertion_order=true;\n"
        let faults = isWhole ? try? duckdb.rows("SELECT count(_fault) AS n FROM (\(typed));", after: setup) : nil
        if StagedImport.integer(faults?.first?["n"] ?? .int(1)) > 0 {
            _ = try Interchange.prices(
                Array(FileManager.default.contents(atPath: book.path) ?? Data()), file: book.path)
        }
        let cells = PriceSQL.columns.map {
            ["upfront", "tier_from"].contains($0.name) ? "coalesce(\($0.name), 0) AS \($0.name)" : $0.name
        }
        return "SELECT \(cells.joined(separator: ", ")) FROM (\(typed))"
    }

    private static func firstLine(_ book: PriceBookFile) throws(Failure) -> [UInt8] {
        do {
            let head = try FileBytes(path: book.path, isCompressed: false).prefix(1 << 16)
            return Array(head.prefix { $0 != 0x0a })
        } catch {
            throw Failure(.noInput, "input.unreadable", "`\(book.path)` cannot be read", at: .init(file: book.path))
        }
    }

    private static func absent(_ column: (name: String, type: String)) -> String {
        switch column.name {
        case "upfront", "tier_from": "CAST(0 AS DECIMAL(38,12))"
        default: column.type == "VARCHAR" ? "''" : "CAST(NULL AS \(column.type))"
        }
    }

    /// What `select` yields, by way of a file: it may be more than fits in memory.
    static func copy(
        _ select: String, _ format: Format, after setup: String, _ duckdb: DuckDBProgram,
        _ write: (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let place = FileManager.default.temporaryDirectory.appending(path: "plimsoll-prices-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        // An empty text would be written as two quotes, no value as nothing.
        let cells = format == .csv ? "SELECT nullif(COLUMNS(*), '') FROM (\(select))" : select
        let options = format == .csv ? "(FORMAT csv, HEADER true)" : "(FORMAT json, ARRAY true)"
        try duckdb.run(setup + "COPY (\(cells)) TO \(SQL.text(place.path)) \(options);\n", memory: PriceSQL.memory)
        guard let handle = FileHandle(forReadingAtPath: place.path) else { throw LedgerStore.cannotWrite(place.path) }
        defer { try? handle.close() }
        // Gone at once, so that nothing is left where the reader goes away and the process with it.
        try? FileManager.default.removeItem(at: place)
        while let piece = try? handle.read(upToCount: 1 << 20), !piece.isEmpty { try write(Array(piece)[...]) }
    }
}
