internal import Foundation
public import PlimsollCore

/// Asks a ledger: the view `focus` over every file that manifests list.
public struct LedgerQuery: Sendable {
    private let duckdb: DuckDBProgram
    private let files: [String]
    /// Parts of the view: files, and the condition on their rows.
    private let parts: [(files: [String], condition: String)]
    /// What the ledger holds.
    public let manifests: [LedgerManifest]

    /// Opens a ledger. Throws ``Failure`` (exit 66) where there is nothing in it.
    public init(_ store: LedgerStore, _ duckdb: DuckDBProgram) throws(Failure) {
        self.duckdb = duckdb
        manifests = try store.manifests()
        guard !manifests.isEmpty else {
            throw Failure(
                .noInput, "ledger.empty", "there is no bill in the ledger `\(store.folder)`",
                at: .init(file: store.folder),
                hint: "bring one in with `plimsoll import FILE`, or name another folder with --ledger")
        }
        files = try store.files(manifests)
        parts = Self.parts(manifests, files)
    }

    /// Some bills come in two views, an actual and an amortised one. Where both are there, the actual one
    /// gives all rows but those that commitments covered, the amortised one all but those both have.
    private static func parts(
        _ manifests: [LedgerManifest], _ files: [String]
    ) -> [(files: [String], condition: String)] {
        func name(_ manifest: LedgerManifest, _ export: String) -> String {
            [manifest.provider, manifest.billingAccount, manifest.period, export].joined(separator: "\u{1}")
        }
        let there = Set(manifests.map { name($0, $0.export) })
        var plain: [String] = []
        var actual: [String] = []
        var amortized: [String] = []
        for (manifest, file) in zip(manifests, files) {
            let export = manifest.export
            if export.hasSuffix("-actual"), there.contains(name(manifest, export.dropLast(6) + "amortized")) {
                actual.append(file)
            } else if export.hasSuffix("-amortized"), there.contains(name(manifest, export.dropLast(9) + "actual")) {
                amortized.append(file)
            } else {
                plain.append(file)
            }
        }
        return [
            (plain, "true"), (actual, "x_ViewRole IS DISTINCT FROM 'covered'"),
            (amortized, "x_ViewRole IS DISTINCT FROM 'shared'"),
        ].filter { !$0.0.isEmpty }
    }

    /// The view over all partitions.
    var view: String {
        let selects = parts.map {
            "SELECT COLUMNS(lambda c: NOT starts_with(c, '_')) FROM read_parquet(\(SQL.list($0.files)), union_by_name=true, hive_partitioning=false) WHERE \($0.condition)"
        }
        return "CREATE VIEW focus AS " + selects.joined(separator: "\nUNION ALL BY NAME ") + ";\n"
    }

    /// Rows of one SELECT over `focus`, written by us.
    func rows(_ select: String, after setup: String = "") throws(Failure) -> [JSONValue] {
        try duckdb.rows(select, after: view + setup)
    }

    /// Bytes printed by one SELECT over `focus`, written by us.
    func print(_ select: String, mode: DuckDBProgram.Mode) throws(Failure) -> [UInt8] {
        try duckdb.run(view + select, mode: mode)
    }

    /// The columns of the view, by name.
    public func columns() throws(Failure) -> [String] {
        try rows("SELECT column_name AS c FROM (DESCRIBE SELECT * FROM focus);").compactMap { $0["c"]?.string }
    }

    // MARK: A query of the user's

    /// How rows are printed.
    public enum Format: String, Sendable, CaseIterable {
        /// One JSON array of objects.
        case json
        /// CSV with a header.
        case csv
        /// A table for people.
        case table
        /// A Markdown table.
        case markdown
    }

    /// Runs one SELECT of the user's, which sees `focus` and nothing else: no file, no network, no setting.
    ///
    /// Throws ``Failure`` (exit 64) for anything but one SELECT.
    public func run(_ select: String, format: Format) throws(Failure) -> [UInt8] {
        let text = try gated(select)
        let mode =
            switch format {
            case .json: ".mode json"
            case .csv: ".mode csv\n.separator \",\" \"\\n\""
            case .table: ".mode duckbox\n.maxrows 1000000"
            case .markdown: ".mode markdown"
            }
        let folders = Set(files.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }).sorted()
        let fence = """
            SET temp_directory='';
            SET autoload_known_extensions=false;
            SET allowed_directories=\(SQL.list(folders));
            .safe_mode
            \(mode)

            """
        do {
            return try duckdb.run(view + fence + text + "\n;\n", mode: .json)
        } catch {
            let message = error.diagnostics.first?.message ?? ""
            throw Failure(
                .usage, "sql.failed", message.replacing("duckdb refused: ", with: ""),
                hint: "the view is `focus`; its columns are FOCUS 1.2's and the x_ columns of the exports")
        }
    }

    /// The one SELECT in `text`. The engine's own parser decides: it serialises nothing else.
    private func gated(_ text: String) throws(Failure) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines.union(["\u{3b}"]))
        let answer =
            try duckdb.rows("SELECT CAST(json_serialize_sql(\(SQL.text(trimmed))) AS VARCHAR) AS j;").first?["j"]?
            .string ?? ""
        let parsed = JSONValue(parsing: Array(answer.utf8))
        if parsed?["error"] == .bool(false), parsed?["statements"]?.array?.count == 1 {
            guard !Self.readsFiles(answer) else { throw Self.confined("it may read the view `focus` only") }
            return trimmed
        }
        let reason = parsed?["error_message"]?.string ?? "it is not one SELECT"
        throw Self.confined(reason)
    }

    private static func confined(_ reason: String) -> Failure {
        Failure(
            .usage, "sql.not-a-select", "the query is refused: \(reason)",
            hint:
                "give one SELECT over the view `focus`, such as \"SELECT ServiceName, sum(BilledCost) FROM focus GROUP BY 1\""
        )
    }

    /// Whether the parsed query calls a function of files or of the environment.
    private static func readsFiles(_ tree: String) -> Bool {
        let calls = [
            "read_csv", "read_csv_auto", "read_parquet", "parquet_scan", "read_json", "read_json_auto", "read_text",
            "read_blob", "glob", "getenv", "read_ndjson", "read_json_objects", "read_ndjson_objects", "sniff_csv",
            "parquet_metadata", "parquet_schema", "query", "query_table", "duckdb_settings", "duckdb_secrets",
        ]
        let lower = tree.lowercased()
        return calls.contains { lower.contains("\"function_name\":\"\($0)\"") }
            || lower.range(of: #""table_name":"[^"]*[./\\]"#, options: .regularExpression) != nil
    }
}
