import Foundation
import PlimsollCore

/// Runs a mapping in the embedded engine's binary, without the ledger around it.
enum Engine {
    /// The binary: `PLIMSOLL_DUCKDB`, else the checkout's own.
    static let binary: URL? = {
        let named = ProcessInfo.processInfo.environment["PLIMSOLL_DUCKDB"].map { URL(filePath: $0) }
        let own = Self.root.appending(path: ".tools/bin/duckdb")
        return [named, own].compactMap(\.self).first {
            FileManager.default.isExecutableFile(atPath: $0.path)
        }
    }()

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let absent = "no duckdb binary: name one in PLIMSOLL_DUCKDB"

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// A file in a folder of its own that goes with the value.
    final class Scratch {
        let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-bills-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func write(_ text: String, _ name: String) throws -> URL {
            let url = folder.appending(path: name)
            try Data(text.utf8).write(to: url)
            return url
        }
    }

    /// Rows of a query over the tables `out1`, `out2`, … that the inputs give.
    static func rows(_ inputs: [(BillMapping, Source)], _ query: String) throws -> [[String: String]] {
        var script = macros
        for (index, (mapping, source)) in inputs.enumerated() {
            script += try source.view("raw\(index + 1)", mapping: mapping)
            // A later view must not stand under an earlier table's SQL.
            script += "CREATE OR REPLACE VIEW raw AS SELECT * FROM raw\(index + 1);\n"
            script += "CREATE TABLE out\(index + 1) AS \(mapping.sql);\n"
        }
        return try run(script, query)
    }

    static func run(_ script: String, _ query: String) throws -> [[String: String]] {
        guard let binary else { throw Failure(description: absent) }
        let process = Process()
        process.executableURL = binary
        process.arguments = ["-batch", "-bail", "-init", "/dev/null", "-json"]
        let (input, output, errors) = (
            Pipe(), Pipe(), FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        )
        try Data().write(to: errors)
        defer { try? FileManager.default.removeItem(at: errors) }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        input.fileHandleForWriting.write(Data((script + query + ";\n").utf8))
        try input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: (try? String(contentsOf: errors, encoding: .utf8)) ?? "failed")
        }
        let rows = try JSONDecoder().decode([[String: String?]].self, from: data)
        return rows.map { $0.compactMapValues(\.self) }
    }

    /// The engine's functions that the mappings use beyond the portable ones.
    static let macros = #"""
        SET TimeZone = 'UTC';
        CREATE MACRO json_text(j, k) AS CASE WHEN json_valid(j) THEN json_extract_string(j, k) END;
        CREATE MACRO re_match(s, re) AS regexp_matches(s, re);
        CREATE MACRO money(s) AS CASE
          WHEN regexp_full_match(s, '[+-]?([0-9]{1,26}([.][0-9]{0,12}0*)?|[.][0-9]{1,12}0*)')
            THEN TRY_CAST(s AS DECIMAL(38, 12))
          WHEN regexp_full_match(s, '[+-]?[0-9]([.][0-9]{1,17})?[eE][+-]?[0-9]{1,2}')
            AND length(rtrim(split_part(split_part(lower(s), 'e', 1), '.', 2), '0'))
              - CAST(split_part(lower(s), 'e', 2) AS INT) <= 12
            THEN TRY_CAST(s AS DECIMAL(38, 12)) END;
        CREATE MACRO from_wide(w) AS CASE
          WHEN abs(w - CAST(w AS DECIMAL(38, 12))) = 0.0000000000005
            AND right(CAST(CAST(w AS DECIMAL(38, 12)) AS STRING), 1) IN ('1', '3', '5', '7', '9')
            THEN CAST(w + (w - CAST(w AS DECIMAL(38, 12))) AS DECIMAL(38, 12))
          ELSE CAST(w AS DECIMAL(38, 12)) END;
        CREATE MACRO money_even(s) AS CASE
          WHEN s IS NULL OR money(s) IS NOT NULL THEN money(s)
          WHEN NOT regexp_full_match(s, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?') THEN NULL
          WHEN TRY_CAST(s AS DECIMAL(38, 30)) IS NOT NULL THEN from_wide(TRY_CAST(s AS DECIMAL(38, 30)))
          ELSE from_wide(TRY_CAST(s AS DECIMAL(38, 24))) END;
        CREATE MACRO product(a, b) AS coalesce(
          TRY_CAST(a AS DECIMAL(19, 12)) * TRY_CAST(b AS DECIMAL(19, 12)),
          TRY_CAST(a AS DECIMAL(26, 12)) * TRY_CAST(b AS DECIMAL(12, 12)),
          TRY_CAST(a AS DECIMAL(12, 12)) * TRY_CAST(b AS DECIMAL(26, 12)));
        CREATE MACRO money_times(a, b) AS from_wide(product(a, b));

        """#
}

/// Where raw rows come from.
enum Source {
    case csv(URL)
    case jsonLines(URL, columns: [String])
    /// `nested` are the columns that hold structs or lists.
    case parquet(URL, columns: [String], nested: Set<String>)

    func view(_ name: String, mapping: BillMapping) throws -> String {
        let (have, from): ([String], String)
        switch self {
        case .csv(let url):
            let header = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)[0]
            have = header.split(separator: ",").map(String.init)
            let types = have.map { "'\($0)': 'VARCHAR'" }.joined(separator: ", ")
            from = """
                SELECT 'f' AS _file, row_number() OVER () AS _row, * FROM read_csv('\(url.path)', auto_detect = false,
                header = true, delim = ',', quote = '"', escape = '"', nullstr = ['', 'NULL'], columns = {\(types)})
                """
        case .jsonLines(let url, let columns):
            have = columns
            let types = columns.map { "'\($0)': 'JSON'" }.joined(separator: ", ")
            let texts = columns.map {
                "CASE WHEN json_type(\"\($0)\") IN ('OBJECT', 'ARRAY') THEN CAST(\"\($0)\" AS VARCHAR) ELSE "
                    + "json_extract_string(\"\($0)\", '$') END AS \"\($0)\""
            }
            from = """
                SELECT 'f' AS _file, row_number() OVER () AS _row, \(texts.joined(separator: ", "))
                FROM read_json('\(url.path)', format = 'newline_delimited', columns = {\(types)})
                """
        case .parquet(let url, let columns, let nested):
            have = columns
            let texts = columns.map {
                nested.contains($0)
                    ? "CAST(to_json(\"\($0)\") AS VARCHAR) AS \"\($0)\"" : "CAST(\"\($0)\" AS VARCHAR) AS \"\($0)\""
            }
            from = """
                SELECT 'f' AS _file, row_number() OVER () AS _row, \(texts.joined(separator: ", "))
                FROM read_parquet('\(url.path)')
                """
        }
        let known = Set(have.map { $0.lowercased() })
        let absent = mapping.columns.filter { !known.contains($0.lowercased()) }
            .map { ", NULL::VARCHAR AS \"\($0)\"" }.joined()
        return "CREATE VIEW \(name) AS SELECT *\(absent) FROM (\(from));\n"
    }
}

/// Pseudo-random numbers from a seed.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func roll(_ below: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(below))
    }
}

/// A table of text in the making.
struct Sheet {
    let columns: [String]
    private(set) var rows: [[String: String]] = []

    init(_ columns: [String]) { self.columns = columns }

    mutating func add(_ cells: [String: String]) {
        let unknown = cells.keys.filter { !columns.contains($0) }
        precondition(unknown.isEmpty, "no such columns: \(unknown)")
        rows.append(cells)
    }

    var csv: String {
        let lines = rows.map { row in
            columns.map { column -> String in
                let cell = row[column] ?? ""
                let quoted = cell.contains { ",\"\n".contains($0) }
                return quoted ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
            }.joined(separator: ",")
        }
        return ([columns.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
    }
}

/// The four costs of a bill that is known.
struct Truth: Equatable {
    var billed = Money.zero
    var effective = Money.zero
    var list = Money.zero
    var contracted = Money.zero

    mutating func add(billed: Money, effective: Money, list: Money, contracted: Money) {
        self.billed += billed
        self.effective += effective
        self.list += list
        self.contracted += contracted
    }

    mutating func add(all amount: Money) {
        add(billed: amount, effective: amount, list: amount, contracted: amount)
    }

    init() {}

    /// From a row with the columns b, e, l and c.
    init?(_ row: [String: String]) {
        guard let billed = row["b"].flatMap(Money.init), let effective = row["e"].flatMap(Money.init),
            let list = row["l"].flatMap(Money.init), let contracted = row["c"].flatMap(Money.init)
        else { return nil }
        self.billed = billed
        self.effective = effective
        self.list = list
        self.contracted = contracted
    }

    /// The sums of good rows as text, by currency.
    static func query(from table: String) -> String {
        """
        SELECT BillingCurrency AS currency, CAST(sum(BilledCost) AS VARCHAR) AS b,
          CAST(sum(EffectiveCost) AS VARCHAR) AS e, CAST(sum(ListCost) AS VARCHAR) AS l,
          CAST(sum(ContractedCost) AS VARCHAR) AS c
        FROM \(table) WHERE reject_reason IS NULL GROUP BY ALL ORDER BY ALL
        """
    }
}

extension Money {
    /// A whole number of millionths.
    static func micros(_ count: Int) -> Money { Money(raw: Int128(count) * 1_000_000) }

    static func * (left: Money, right: Int) -> Money { Money(raw: left.raw * Int128(right)) }

    var text: String { description }
}
