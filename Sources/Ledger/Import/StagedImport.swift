internal import Foundation
internal import PlimsollCore

/// Rows on their way into the ledger: checked and cast into one Parquet file outside of it.
struct StagedImport {
    private let duckdb: DuckDBProgram
    private let sql: ImportSQL
    private let folder: URL
    private var known: [String: String] = [:]
    private(set) var badRows = 0
    /// The file of rows cast the exact way; nil = they are in the first one.
    private var apart: URL?
    /// Rows of the files that were read.
    private(set) var rowsRead = 0
    /// Whether the engine left records out.
    private(set) var lostRecords = false
    /// Records that could not even be split into cells.
    var unreadable: Int { sql.files.reduce(0) { $0 + $1.broken.count } }
    /// CSV: file, row, column, value, reason.
    private(set) var rejects: [UInt8] = []

    init(_ duckdb: DuckDBProgram, _ sql: ImportSQL, _ folder: URL) throws(Failure) {
        self.duckdb = duckdb
        self.sql = sql
        self.folder = folder
        let names = try duckdb.rows(
            "SELECT column_name AS c, column_type AS t FROM (DESCRIBE SELECT * FROM mapped);", after: setup)
        for row in names { known[row["c"]?.string ?? ""] = row["t"]?.string ?? "" }
        let lacking = ImportSQL.needed.filter { known[$0] == nil }
        guard lacking.isEmpty else {
            throw Failure(
                .bug, "import.bad-mapping",
                "the mapping `\(sql.mapping.id)` yields no \(lacking.joined(separator: ", "))")
        }
    }

    private var setup: String { ImportSQL.macros + sql.rawView() + sql.mappedView }
    private var all: URL { folder.appending(path: "all.parquet") }

    /// Reads everything once, with casts that are quick; then the rows for which those may not be exact.
    mutating func stage(_ progress: (String) -> Void) throws(Failure) {
        let hasCSV = sql.files.contains { $0.layout == .csv }
        let copy = "COPY (\(sql.quick(known))) TO \(SQL.text(all.path)) \(Self.parquet);\n"
        let lost = SQL.text(path("lost.csv"))
        let (meter, title) = (ReadingMeter(sql.files), sql.mapping.title)
        try duckdb.run(
            setup + copy + (hasCSV ? "COPY (SELECT count(*) AS n FROM reject_errors) TO \(lost);\n" : ""),
            watch: { bytes in
                if let text = meter.text(read: bytes) { progress("reading as \(title): \(text)") }
            })
        progress("checking what was read")
        let counts = try duckdb.rows(
            """
            SELECT count(*) AS n, count(*)\(sourceRows) AS source, count(*) FILTER (WHERE _odd > 0) AS odd
            FROM read_parquet(\(SQL.text(all.path)));
            """)
        rowsRead = Self.integer(counts.first?["source"])
        try makeExact(rows: Self.integer(counts.first?["n"]), odd: Self.integer(counts.first?["odd"]))
        let bad = try duckdb.rows("SELECT count(*)\(sourceRows) AS n FROM \(rows) WHERE \(sql.isBad(known));")
        badRows = Self.integer(bad.first?["n"])
        guard hasCSV else { return }
        let errors = try duckdb.rows("SELECT n FROM read_csv(\(lost), header=true);")
        lostRecords = Self.integer(errors.first?["n"]) > 0
    }

    /// Whether every record was read: as many as a scan of the CSV files counted, else as they have lines. A
    /// quote that was opened by mistake makes one record of many, and the engine says nothing of it.
    func isComplete(_ files: [SourceFile]) -> Bool {
        guard !lostRecords else { return false }
        guard files.allSatisfy({ $0.layout == .csv }) else { return true }
        if files.allSatisfy({ $0.records != nil }) { return rowsRead == files.reduce(0) { $0 + ($1.records ?? 0) } }
        return files.contains { $0.lines == 0 } || rowsRead == files.reduce(0) { $0 + $1.lines - 1 }
    }

    /// Charges that stand for a row of the files: the first of each.
    private var sourceRows: String {
        known["x_Part"] == nil ? "" : " FILTER (WHERE x_Part IS NULL OR x_Part = '0')"
    }

    private static let parquet = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440)"

    /// Casts the odd rows again: where they are few, into a file of their own.
    private mutating func makeExact(rows: Int, odd: Int) throws(Failure) {
        guard odd > 0 else { return }
        let exact = folder.appending(path: "exact.parquet")
        let areFew = odd * 2 < rows
        let select = sql.exact(known, path: all.path) + (areFew ? " WHERE _odd > 0" : "")
        try duckdb.run(ImportSQL.macros + "COPY (\(select)) TO \(SQL.text(exact.path)) \(Self.parquet);")
        if areFew {
            apart = exact
        } else if rename(exact.path, all.path) != 0 {
            throw LedgerStore.cannotWrite(all.path)
        }
    }

    /// All rows, cast exactly.
    private var rows: String {
        guard let apart else { return "read_parquet(\(SQL.text(all.path)))" }
        return """
            (SELECT * FROM read_parquet(\(SQL.text(all.path))) WHERE _odd = 0
             UNION ALL SELECT * FROM read_parquet(\(SQL.text(apart.path))))
            """
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    static func integer(_ value: JSONValue?) -> Int {
        switch value {
        case .int(let number): number
        case .double(let number): Int(number)
        case .string(let text): Int(text) ?? 0
        default: 0
        }
    }

    // MARK: Rejects

    /// Reads the files with bad rows once more, each by itself, to say which rows and why.
    mutating func listRejects() throws(Failure) {
        var out = CSVWriter(header: ["file", "row", "column", "value", "reason"])
        for file in sql.files {
            for record in file.broken {
                out.add([file.name, String(record.line), "", record.text, "line \(record.line): \(record.reason)"])
            }
        }
        if badRows > 0 {
            for file in sql.files {
                let view = ImportSQL.macros + sql.rawView(only: file) + sql.mappedView
                let rows = try duckdb.rows(sql.reasons(known) + " ORDER BY _row, c;", after: view)
                for row in rows {
                    out.add([
                        file.name, String(file.record(Self.integer(row["_row"]))), row["c"]?.string ?? "",
                        row["v"]?.string ?? "", row["w"]?.string ?? "",
                    ])
                }
            }
        }
        rejects = out.bytes
    }

    // MARK: Partitions

    /// The good rows, a Parquet file for each partition, with its manifest.
    func partitions(
        key: String, export: String, files: [SourceFile]
    ) throws(Failure) -> [(manifest: LedgerManifest, file: URL)] {
        let inputs = files.map {
            LedgerManifest.Input(
                name: URL(fileURLWithPath: $0.path).lastPathComponent, sha256: $0.sha256, bytes: $0.bytes)
        }
        let groups = try groups()
        var result: [(manifest: LedgerManifest, file: URL)] = []
        for (index, group) in groups.enumerated() {
            var manifest = LedgerManifest(
                provider: group.provider, billingAccount: group.account, export: export, period: group.period,
                mapping: sql.mapping.id, key: key, file: "\(key.prefix(24)).parquet", rows: group.rows,
                sourceRows: group.source,
                hourlyRows: group.hourly, rounded: group.rounded, sums: group.sums, inputs: inputs,
                partitions: groups.count)
            manifest.sums.sort { $0.currency < $1.currency }
            let file = folder.appending(path: "part-\(index).parquet")
            if groups.count == 1, badRows == 0, apart == nil {
                guard rename(all.path, file.path) == 0 else { throw LedgerStore.cannotWrite(file.path) }
            } else {
                try duckdb.run(
                    """
                    COPY (SELECT COLUMNS(lambda c: NOT starts_with(c, '_odd')) FROM \(rows) WHERE NOT \(sql.isBad(known)) AND \(group.condition))
                    TO \(SQL.text(file.path)) \(Self.parquet);
                    """)
            }
            try check(file, manifest)
            result.append((manifest, file))
        }
        return result
    }

    private struct Group {
        var provider: String
        var account: String
        var period: String
        var rows = 0
        var source = 0
        var hourly = 0
        var rounded = 0
        var sums: [LedgerManifest.Sums] = []

        var condition: String {
            "ProviderName = \(SQL.text(provider)) AND BillingAccountId = \(SQL.text(account)) AND strftime(BillingPeriodStart, '%Y-%m') = \(SQL.text(period))"
        }
    }

    private func sums(_ columns: [String: String]) -> String {
        let more = columns["x_RoundedValues"] == nil ? "" : " + coalesce(sum(TRY_CAST(x_RoundedValues AS INT)), 0)"
        return """
                count(*) AS n, count(*)\(sourceRows) AS source, count(*) FILTER (WHERE ChargePeriodEnd - ChargePeriodStart <= INTERVAL 1 HOUR) AS hourly,
            sum(_rounded)\(more) AS rounded, CAST(coalesce(sum(BilledCost), 0) AS VARCHAR) AS billed,
            CAST(coalesce(sum(EffectiveCost), 0) AS VARCHAR) AS effective,
            CAST(coalesce(sum(ListCost), 0) AS VARCHAR) AS list,
            CAST(coalesce(sum(ContractedCost), 0) AS VARCHAR) AS contracted
            """
    }

    private func groups() throws(Failure) -> [Group] {
        let found = try duckdb.rows(
            """
            SELECT ProviderName AS p, BillingAccountId AS a, strftime(BillingPeriodStart, '%Y-%m') AS t,
            BillingCurrency AS c, \(sums(known)) FROM \(rows) WHERE NOT \(sql.isBad(known))
            GROUP BY ALL ORDER BY 1, 2, 3, 4;
            """)
        var groups: [Group] = []
        for row in found {
            let (provider, account) = (row["p"]?.string ?? "", row["a"]?.string ?? "")
            let period = row["t"]?.string ?? ""
            if groups.last.map({ ($0.provider, $0.account, $0.period) == (provider, account, period) }) != true {
                groups.append(Group(provider: provider, account: account, period: period))
            }
            let last = groups.count - 1
            groups[last].rows += Self.integer(row["n"])
            groups[last].source += Self.integer(row["source"])
            groups[last].hourly += Self.integer(row["hourly"])
            groups[last].rounded += Self.integer(row["rounded"])
            groups[last].sums.append(
                LedgerManifest.Sums(
                    currency: row["c"]?.string ?? "", billed: Self.decimal(row["billed"]),
                    effective: Self.decimal(row["effective"]), list: Self.decimal(row["list"]),
                    contracted: Self.decimal(row["contracted"])))
        }
        return groups
    }

    private static func decimal(_ value: JSONValue?) -> String {
        Money(value?.string ?? "")?.description ?? "0"
    }

    /// Reads the file again: what is not there as it was counted is not published.
    private func check(_ file: URL, _ manifest: LedgerManifest) throws(Failure) {
        let rows = try duckdb.rows(
            "SELECT BillingCurrency AS c, \(sums(known)) FROM read_parquet(\(SQL.text(file.path))) GROUP BY ALL;")
        let count = rows.reduce(0) { $0 + Self.integer($1["n"]) }
        let billed = Dictionary(
            rows.map { ($0["c"]?.string ?? "", Self.decimal($0["billed"])) }, uniquingKeysWith: { first, _ in first })
        let same = manifest.sums.allSatisfy { billed[$0.currency] == $0.billed }
        guard count == manifest.rows, same else {
            throw Failure(
                .cannotWrite, "ledger.check-failed",
                "what was written for \(manifest.period) does not read back the same",
                hint: "check the disk; nothing was published")
        }
    }
}
