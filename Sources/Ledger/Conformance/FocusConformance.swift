internal import Foundation
public import PlimsollCore

/// How far a file keeps to FOCUS 1.2: by rule, column and row.
public struct FocusConformance: Sendable {
    /// A rule that some rows do not meet.
    public struct Finding: Sendable {
        /// A row that does not meet it.
        public struct Sample: Hashable, Sendable {
            /// The row, counted from 1 below the header.
            public var row: Int
            /// Its cell; nil = null.
            public var value: String?
        }
        /// The rule's id in the requirements model; ids that begin with `x_` are ours.
        public var rule: String
        /// The column it judges.
        public var column: String
        /// Whether it is a MUST; else a SHOULD.
        public var isMust: Bool
        /// What it asks of the column.
        public var text: String
        /// How many rows, or groups of rows, do not meet it; 1 for a demand on the file.
        public var count: Int
        /// The first of them.
        public var samples: [Sample]
    }

    /// The file.
    public var file: String
    /// Its rows.
    public var rows: Int
    /// Rules that were looked at; the others are about columns that are not there.
    public var checked: [String]
    /// Rules not met, in the order of the rules.
    public var findings: [Finding]
    /// Whether it keeps to every MUST.
    public var conforms: Bool { !findings.contains(where: \.isMust) }

    /// Checks the CSV (also gzip) or Parquet file at `path`.
    ///
    /// Throws ``Failure``: exit 66 where it cannot be opened, 65 where it is no table.
    public static func check(_ path: String, _ duckdb: DuckDBProgram) throws(Failure) -> FocusConformance {
        let file = try FocusFile(path, duckdb)
        do throws(Failure) {
            return try ConformanceRun(file: file, duckdb: duckdb).result()
        } catch {
            guard error.diagnostics.first?.code == "duckdb.failed" else { throw error }
            let reason = error.diagnostics.first?.message.replacing("duckdb refused: ", with: "") ?? ""
            throw Failure(
                .badInput, "validate.unreadable", "`\(path)` cannot be read as a table: \(reason)",
                at: .init(file: path), hint: "every row needs as many cells as the header, quotes must be closed")
        }
    }
}

/// One check of a file: the counts of all rules in one pass, then the first rows of those not met in another.
struct ConformanceRun {
    let file: FocusFile
    let duckdb: DuckDBProgram

    /// A rule of rows with the condition that offends it.
    private typealias RowRule = (rule: FocusRule, offends: String)

    func result() throws(Failure) -> FocusConformance {
        let known = FocusRule.all.filter { rule in
            rule.demand == .column || ([rule.column] + rule.others).allSatisfy { file.type(of: $0) != nil }
        }
        let rowRules: [RowRule] = known.compactMap { rule in
            rule.offends(file.type(of: rule.column) ?? "VARCHAR").map { (rule, $0) }
        }
        let groups = known.filter { $0.groups != nil }
        let sums = Conservation.all.filter { $0.needs.allSatisfy { file.type(of: $0) != nil } }
        let counts = try counted(rowRules)
        var findings = absent(known) + header()
        let broken = zip(rowRules, counts.byRule).filter { $0.1 > 0 }.map { (rule: $0.0, count: $0.1) }
        findings += try sampled(broken)
        findings += try grouped(groups.map { ($0.id, $0.column, $0.isMust, $0.text, $0.groups ?? "") })
        findings += try grouped(sums.map { ($0.id, $0.column, true, $0.text, $0.sql) })
        let order = Dictionary(
            FocusRule.all.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        return FocusConformance(
            file: file.source.path, rows: counts.rows, checked: Set(known.map(\.id) + sums.map(\.id)).sorted(),
            findings: findings.enumerated().sorted {
                (order[$0.element.rule] ?? .max, $0.offset) < (order[$1.element.rule] ?? .max, $1.offset)
            }.map(\.element))
    }

    // MARK: The header

    private func absent(_ rules: [FocusRule]) -> [FocusConformance.Finding] {
        rules.filter { $0.demand == .column && file.type(of: $0.column) == nil }.map { rule in
            .init(
                rule: rule.id, column: rule.column, isMust: rule.isMust, text: rule.text, count: 1, samples: [])
        }
    }

    private func header() -> [FocusConformance.Finding] {
        let twice = file.duplicates.map { name in
            FocusConformance.Finding(
                rule: "x_DuplicateColumn", column: name, isMust: true, text: "must stand in the header once", count: 1,
                samples: [])
        }
        let strange = file.strangers.map { name in
            FocusConformance.Finding(
                rule: "ColumnHandling-A-010-M", column: name, isMust: true,
                text: "must begin with `x_`, since FOCUS 1.2 has no such column", count: 1, samples: [])
        }
        return twice + strange + mixed
    }

    /// The first column of the provider's own that stands before one of FOCUS's.
    private var mixed: [FocusConformance.Finding] {
        let names = file.columns.map(\.name)
        guard let own = names.firstIndex(where: { $0.hasPrefix("x_") }),
            let last = names.lastIndex(where: { !$0.hasPrefix("x_") }), own < last
        else { return [] }
        return [
            .init(
                rule: "ColumnHandling-A-013-O", column: names[own], isMust: false,
                text: "should stand after FOCUS's columns", count: 1, samples: [])
        ]
    }

    // MARK: Rows

    private struct Counts {
        var rows = 0
        var byRule: [Int] = []
    }

    private func counted(_ rules: [RowRule]) throws(Failure) -> Counts {
        let cells = rules.enumerated().map { "count(*) FILTER (WHERE \($1.offends)) AS c\($0)" }
        let select = "SELECT \((["count(*) AS n"] + cells).joined(separator: ",\n  ")) FROM raw;"
        let row = try duckdb.rows(select, after: file.view(numbered: false)).first
        var counts = Counts()
        counts.rows = row?["n"]?.integer ?? 0
        counts.byRule = rules.indices.map { row?["c\($0)"]?.integer ?? 0 }
        return counts
    }

    private func sampled(_ broken: [(rule: RowRule, count: Int)]) throws(Failure) -> [FocusConformance.Finding] {
        guard !broken.isEmpty else { return [] }
        let cells = broken.map(\.rule).enumerated().map { index, rule in
            """
            min_by({'r': _row, 'v': \(SQL.name(rule.rule.column))}, _row, 3) FILTER (WHERE \(rule.offends)) AS s\(index)
            """
        }
        let select = "SELECT \(cells.joined(separator: ",\n  ")) FROM raw;"
        let row = try duckdb.rows(select, after: file.view(numbered: true)).first
        return broken.enumerated().map { index, part in
            let rule = part.rule.rule
            let samples = (row?["s\(index)"]?.array ?? []).map { sample in
                FocusConformance.Finding.Sample(row: sample["r"]?.integer ?? 0, value: sample["v"]?.string)
            }
            return .init(
                rule: rule.id, column: rule.column, isMust: rule.isMust, text: rule.text, count: part.count,
                samples: samples)
        }
    }

    // MARK: Groups of rows

    private typealias GroupRule = (id: String, column: String, isMust: Bool, text: String, sql: String)

    private func grouped(_ rules: [GroupRule]) throws(Failure) -> [FocusConformance.Finding] {
        guard !rules.isEmpty else { return [] }
        let parts = rules.enumerated().map { index, rule in
            """
            SELECT \(index) AS i, count(*) AS n, min_by({'r': _row, 'v': value}, _row, 3) AS s FROM (\(rule.sql))
            """
        }
        let rows = try duckdb.rows(
            parts.joined(separator: "\nUNION ALL\n") + "\nORDER BY i;", after: file.view(numbered: true))
        return zip(rules, rows).compactMap { rule, row in
            guard let count = row["n"]?.integer, count > 0 else { return nil }
            let samples = (row["s"]?.array ?? []).map { sample in
                FocusConformance.Finding.Sample(row: sample["r"]?.integer ?? 0, value: sample["v"]?.string)
            }
            return .init(
                rule: rule.id, column: rule.column, isMust: rule.isMust, text: rule.text, count: count,
                samples: samples)
        }
    }
}

extension JSONValue {
    /// The whole number, if it is one, also as a string.
    fileprivate var integer: Int? {
        switch self {
        case .int(let number): number
        case .string(let text): Int(text)
        default: nil
        }
    }
}
