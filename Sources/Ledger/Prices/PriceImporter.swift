internal import Foundation
public import PlimsollCore

/// Makes a price book of vendors' price lists.
public struct PriceImporter: Sendable {
    let duckdb: DuckDBProgram
    private let mappings: [PriceMapping]

    /// An importer of the given formats, and of the contract itself.
    public init(_ duckdb: DuckDBProgram, mappings: [PriceMapping]) {
        self.duckdb = duckdb
        self.mappings = mappings
    }

    /// Version of what rows are made into: a change makes everything be imported again.
    private static let schema = "1"

    /// What the book would be made from. Throws ``Failure`` where a file is none or of no known format.
    func inspect(_ paths: [String], format: String?) throws(Failure) -> [PriceFile] {
        let inspector = PriceFileInspector(mappings: mappings, format: format)
        var files: [PriceFile] = []
        for path in paths { files.append(try inspector.inspect(path)) }
        return files
    }

    func key(_ files: [PriceFile], _ filter: PriceFilter) -> String {
        let sql = Dictionary(
            mappings.map { ($0.id, ContentHash.sha256($0.sql)) }, uniquingKeysWith: { first, _ in first })
        let parts = files.map { "\($0.sha256) \($0.format.id) \(sql[$0.format.id] ?? "")" }.sorted()
        return ContentHash.sha256((parts + [filter.condition, Self.schema]).joined(separator: "|"))
    }

    /// Makes the book in `folder`.
    func draft(
        _ files: [PriceFile], _ filter: PriceFilter, in folder: URL, progress: (String) -> Void
    ) throws(Failure) -> PriceDraft {
        var lists: [StagedPrices] = []
        for (index, file) in files.enumerated() {
            progress("reading \(file.path) as \(file.format.title)")
            var list = StagedPrices(file, duckdb, folder: folder, index: index)
            try list.stage()
            lists.append(list)
        }
        progress("making the book")
        let assembly = PriceAssembly(duckdb, lists.map(\.path), filter, folder: folder)
        var summary = try assembly.run()
        summary.formats = files.map(\.format.id)
        for (index, list) in lists.enumerated() {
            summary.rowsIn += list.unreadable
            summary.rejected += list.unreadable
            summary.padded += list.padded
            try list.check(rows: try assembly.sourceRows(index))
        }
        let inputs = files.map {
            PriceInput(name: URL(fileURLWithPath: $0.path).lastPathComponent, sha256: $0.sha256, bytes: $0.bytes)
        }
        return PriceDraft(
            summary: summary, inputs: inputs, key: key(files, filter), rejects: Self.rejects(lists.flatMap(\.faults)),
            book: assembly.book, catalog: assembly.catalog)
    }

    private static func rejects(_ faults: [[String]]) -> [UInt8] {
        guard !faults.isEmpty else { return [] }
        var out = CSVWriter(header: ["file", "row", "column", "value", "reason"])
        for fault in faults { out.add(fault) }
        return out.bytes
    }
}

/// Puts staged lists together: fees to their rates, each price once, in order.
struct PriceAssembly {
    let duckdb: DuckDBProgram
    private let lists: [String]
    private let filter: PriceFilter
    private let folder: URL

    init(_ duckdb: DuckDBProgram, _ lists: [String], _ filter: PriceFilter, folder: URL) {
        self.duckdb = duckdb
        self.lists = lists
        self.filter = filter
        self.folder = folder
    }

    var book: String { folder.appending(path: "book.parquet").path }
    var catalog: String { folder.appending(path: "catalog.csv").path }
    private var joined: String { folder.appending(path: "joined.parquet").path }

    private var setup: String {
        """
        SET temp_directory=\(SQL.text(folder.appending(path: "spill").path));
        CREATE VIEW staged AS SELECT *, _fault IS NULL AND _left_out IS NULL AND (\(filter.condition)) AS _taken
          FROM read_parquet(\(SQL.list(lists)));
        CREATE VIEW joined AS SELECT * FROM read_parquet(\(SQL.text(joined)));
        CREATE VIEW book AS SELECT * FROM read_parquet(\(SQL.text(book)));

        """
    }

    private static let parquet = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440)"

    func run() throws(Failure) -> PriceSummary {
        // The views over files to come cannot be made yet.
        let first = setup.split(separator: "\n").prefix(3).joined(separator: "\n") + "\n"
        try duckdb.run(first + "COPY (\(rows)) TO \(SQL.text(joined)) \(Self.parquet);", memory: PriceSQL.memory)
        let names = PriceSQL.names
        try duckdb.run(
            PriceSQL.macros([:]) + first
                + """
                COPY (SELECT DISTINCT \(names) FROM read_parquet(\(SQL.text(joined))) WHERE _why IS NULL ORDER BY \(PriceSQL.order))
                  TO \(SQL.text(book)) \(Self.parquet);
                COPY (\(catalogRows)) TO \(SQL.text(catalog)) (FORMAT csv, HEADER true);

                """, memory: PriceSQL.memory)
        return try count()
    }

    /// Rates with the fee of the same pair, and fees that have no rate.
    private var rows: String {
        let columns = PriceSQL.columns.map { column in
            switch column.name {
            case "tier_from": "coalesce(tier_from, 0) AS tier_from"
            case "upfront": "coalesce(fee, upfront, 0) AS upfront"
            default: column.name
            }
        }.joined(separator: ", ")
        let lone = columns.replacing("price, ", with: "0::DECIMAL(38,12) AS price, ")
            .replacing("coalesce(fee, upfront, 0) AS upfront", with: "price AS upfront")
        return """
            WITH fees AS (SELECT _pair, count(DISTINCT price) AS n, max(price) AS fee FROM staged WHERE _taken AND _is_fee GROUP BY _pair)
            SELECT \(columns), false AS _was_fee, CASE WHEN n > 1 THEN 'its upfront fee is given twice'
              WHEN _needs_fee AND fee IS NULL THEN 'its upfront fee is not in the file' END AS _why
            FROM (SELECT * FROM staged WHERE _taken AND NOT _is_fee) AS rate LEFT JOIN fees USING (_pair)
            UNION ALL
            SELECT \(lone), true AS _was_fee, CASE WHEN n > 1 THEN 'its upfront fee is given twice'
              WHEN payment <> 'all' THEN 'its rate by the hour is not in the file' END AS _why
            FROM (SELECT * FROM staged WHERE _taken AND _is_fee) AS fee JOIN fees USING (_pair)
            WHERE n > 1 OR _pair NOT IN (SELECT _pair FROM staged WHERE _taken AND NOT _is_fee AND _pair IS NOT NULL)
            """
    }

    private var catalogRows: String {
        let cells = PriceSQL.facts.map { name in
            switch name {
            case "family", "arch", "gpu", "burstable": "max(_fact_\(name)) AS \(name)"
            default: "nullif(short(max(money_even(_fact_\(name)))), '') AS \(name)"
            }
        }
        let any = PriceSQL.facts.map { "_fact_\($0) IS NOT NULL" }.joined(separator: " OR ")
        return """
            SELECT provider, sku, \(cells.joined(separator: ", ")) FROM staged WHERE _taken AND (\(any))
            GROUP BY provider, sku ORDER BY provider, sku
            """
    }

    // MARK: Counting

    /// Rows of the list at `index`, without those inside others.
    func sourceRows(_ index: Int) throws(Failure) -> Int {
        let found = try duckdb.rows(
            "SELECT count(*) FILTER (WHERE _part = 0) AS n FROM read_parquet(\(SQL.text(lists[index])));")
        return StagedImport.integer(found.first?["n"])
    }

    private func count() throws(Failure) -> PriceSummary {
        var summary = PriceSummary()
        let one = try duckdb.rows(
            """
            SELECT (SELECT count(*) FILTER (WHERE _part = 0) FROM staged) AS rows_in,
              (SELECT count(*) FILTER (WHERE _part > 0) FROM staged) AS inside,
              (SELECT count(*) FROM staged WHERE _fault IS NOT NULL) AS rejected,
              (SELECT count(*) FROM staged WHERE _fault IS NULL AND _left_out IS NULL AND NOT _taken) AS outside,
              (SELECT coalesce(sum(_rounded), 0) FROM staged WHERE _taken) AS rounded,
              (SELECT count(*) FROM staged WHERE _taken AND _is_fee) AS fees,
              (SELECT count(*) FROM joined WHERE _was_fee) AS lone,
              (SELECT count(*) FROM joined WHERE _why IS NULL) AS taken, (SELECT count(*) FROM book) AS prices,
              (SELECT count(*) FROM read_csv(\(SQL.text(catalog)), header=true, all_varchar=true)) AS facts;
            """, after: setup, memory: PriceSQL.memory
        ).first
        summary.rowsIn = StagedImport.integer(one?["rows_in"])
        summary.inside = StagedImport.integer(one?["inside"])
        summary.rejected = StagedImport.integer(one?["rejected"])
        summary.outside = StagedImport.integer(one?["outside"])
        summary.rounded = StagedImport.integer(one?["rounded"])
        summary.fees = StagedImport.integer(one?["fees"]) - StagedImport.integer(one?["lone"])
        summary.prices = StagedImport.integer(one?["prices"])
        summary.duplicates = StagedImport.integer(one?["taken"]) - summary.prices
        summary.catalog = StagedImport.integer(one?["facts"])
        summary.leftOut = try leftOut()
        (summary.ambiguous, summary.ambiguousExample) = try ambiguous()
        return summary
    }

    private func leftOut() throws(Failure) -> [PriceSummary.LeftOut] {
        let found = try duckdb.rows(
            """
            SELECT why, count(*) AS n FROM (
              SELECT _left_out AS why FROM staged WHERE _left_out IS NOT NULL
              UNION ALL SELECT _why FROM joined WHERE _why IS NOT NULL)
            GROUP BY why ORDER BY n DESC, why;
            """, after: setup, memory: PriceSQL.memory)
        return found.map { .init(reason: $0["why"]?.string ?? "", rows: StagedImport.integer($0["n"])) }
    }

    /// Keys with several prices of the same days: how many, and the first one's SKU.
    private func ambiguous() throws(Failure) -> (Int, String) {
        let key = (PriceSQL.key + ["coalesce(valid_from, DATE '0001-01-01')"]).joined(separator: ", ")
        let found = try duckdb.rows(
            """
            SELECT count(*) AS n, min(sku) AS sku FROM (
              SELECT min(sku) AS sku FROM book GROUP BY md5_number(concat_ws(chr(31), \(key)))
              HAVING count(DISTINCT (price, upfront)) > 1);
            """, after: setup, memory: PriceSQL.memory
        ).first
        return (StagedImport.integer(found?["n"]), found?["sku"]?.string ?? "")
    }
}
