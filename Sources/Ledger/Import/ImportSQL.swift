internal import PlimsollCore

/// The statements of an import: the files as text, the mapping over them, checks and casts.
struct ImportSQL {
    let files: [SourceFile]
    let mapping: BillMapping

    /// Functions that mappings and checks may call.
    static let macros = #"""
        CREATE MACRO json_text(j, k) AS CASE WHEN json_valid(j) THEN json_extract_string(j, k) END;
        CREATE MACRO re_match(s, re) AS regexp_matches(s, re);
        CREATE MACRO is_plain(s) AS (strpos(s, '.') = 0 OR strlen(s) - strpos(s, '.') <= 12)
          AND NOT contains(s, 'e') AND NOT contains(s, 'E') AND NOT contains(s, '_') AND NOT contains(s, ' ');
        CREATE MACRO quick_money(s) AS CAST(TRY_CAST(s AS DECIMAL(18,12)) AS DECIMAL(38,12));
        CREATE MACRO is_number(s) AS regexp_full_match(s, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?');
        CREATE MACRO has_exponent(s) AS contains(s, 'e') OR contains(s, 'E');
        CREATE MACRO is_finer(s, stored) AS
          coalesce(TRY_CAST(s AS DECIMAL(38,24)) <> TRY_CAST(stored AS DECIMAL(38,24)), false);
        CREATE MACRO exact_money(s) AS CASE
          WHEN NOT is_number(s) THEN NULL
          WHEN has_exponent(s) THEN CASE
            WHEN NOT is_finer(s, TRY_CAST(s AS DECIMAL(38,12))) THEN TRY_CAST(s AS DECIMAL(38,12)) END
          WHEN strpos(s, '.') = 0 OR strlen(rtrim(s, '0')) - strpos(s, '.') <= 12 THEN TRY_CAST(s AS DECIMAL(38,12))
        END;
        CREATE MACRO money(s) AS CASE
          WHEN is_plain(s) THEN coalesce(quick_money(s), exact_money(s))
          WHEN s IS NOT NULL THEN exact_money(s) END;
        CREATE MACRO from_wide(w) AS CASE
          WHEN abs(w - CAST(w AS DECIMAL(38,12))) = 0.0000000000005
            AND right(CAST(CAST(w AS DECIMAL(38,12)) AS VARCHAR), 1) IN ('1', '3', '5', '7', '9')
            THEN CAST(w + (w - CAST(w AS DECIMAL(38,12))) AS DECIMAL(38,12))
          ELSE CAST(w AS DECIMAL(38,12)) END;
        CREATE MACRO even_money(s) AS CASE
          WHEN NOT is_number(s) THEN NULL
          WHEN has_exponent(s) THEN
            from_wide(coalesce(TRY_CAST(s AS DECIMAL(38,30)), TRY_CAST(s AS DECIMAL(38,24)), TRY_CAST(s AS DECIMAL(38,12))))
          WHEN strpos(s, '.') > 0 AND strlen(rtrim(s, '0')) - strpos(s, '.') = 13 AND right(rtrim(s, '0'), 1) = '5'
            AND substr(s, strpos(s, '.') + 12, 1) IN ('0', '2', '4', '6', '8')
            THEN TRY_CAST(left(s, strpos(s, '.') + 12) AS DECIMAL(38,12))
          ELSE TRY_CAST(s AS DECIMAL(38,12)) END;
        CREATE MACRO money_even(s) AS CASE
          WHEN is_plain(s) THEN coalesce(quick_money(s), even_money(s))
          WHEN s IS NOT NULL THEN even_money(s) END;
        CREATE MACRO product(a, b) AS coalesce(
          TRY_CAST(a AS DECIMAL(19,12)) * TRY_CAST(b AS DECIMAL(19,12)),
          TRY_CAST(a AS DECIMAL(26,12)) * TRY_CAST(b AS DECIMAL(12,12)),
          TRY_CAST(a AS DECIMAL(12,12)) * TRY_CAST(b AS DECIMAL(26,12)));
        CREATE MACRO money_times(a, b) AS from_wide(product(a, b));
        CREATE MACRO rounds(s, stored) AS CASE
          WHEN stored IS NULL OR is_plain(s) THEN 0
          WHEN has_exponent(s) THEN CASE WHEN is_finer(s, stored) THEN 1 ELSE 0 END
          WHEN strpos(s, '.') > 0 AND strlen(rtrim(s, '0')) - strpos(s, '.') > 12 THEN 1
          ELSE 0 END;
        CREATE MACRO clock_part(s) AS TRY_CAST(CASE
          WHEN strlen(s) >= 19 AND substr(s, 17, 1) = ':' THEN left(s, 19)
          WHEN strlen(s) >= 16 THEN left(s, 16) ELSE left(s, 10) END AS TIMESTAMP);
        CREATE MACRO zone_minutes(s) AS CASE
          WHEN strlen(s) <= 16 THEN 0
          WHEN substr(s, -6, 1) IN ('+', '-') AND substr(s, -3, 1) = ':'
            THEN (CAST(substr(s, -5, 2) AS INT) * 60 + CAST(right(s, 2) AS INT)) * CASE substr(s, -6, 1) WHEN '-' THEN -1 ELSE 1 END
          WHEN substr(s, -5, 1) IN ('+', '-')
            THEN (CAST(substr(s, -4, 2) AS INT) * 60 + CAST(right(s, 2) AS INT)) * CASE substr(s, -5, 1) WHEN '-' THEN -1 ELSE 1 END
          ELSE 0 END;
        CREATE MACRO instant(s) AS CASE
          WHEN strlen(s) = 20 AND ends_with(s, 'Z') THEN TRY_CAST(s AS TIMESTAMP)
          WHEN s IS NULL THEN NULL
          WHEN regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z| ?UTC|[+-][0-9]{2}:?[0-9]{2}|[+]00)?)?')
            THEN clock_part(s) - to_minutes(zone_minutes(s))
        END;

        """#

    /// The view `raw` over all files, or over one with the number of each row.
    func rawView(only one: SourceFile? = nil) -> String {
        let known = one.map { [$0] } ?? files
        var groups: [(key: SourceFile, files: [SourceFile])] = []
        for file in known {
            let same = groups.firstIndex {
                $0.key.columns == file.columns && $0.key.layout == file.layout && file.layout == .csv
            }
            if let same { groups[same].files.append(file) } else { groups.append((file, [file])) }
        }
        let numbered = one != nil
        let parts = groups.map { Self.read($0.files, columns: columns, numbered: numbered) }
        return "CREATE OR REPLACE VIEW raw AS\n" + parts.joined(separator: "\nUNION ALL BY NAME\n") + ";\n"
    }

    /// Columns that the mapping may name or that are kept: all of them are in the view.
    private var columns: [String] {
        var seen: Set<String> = []
        return (mapping.columns + extras.map(\.source)).filter { seen.insert($0).inserted }
    }

    /// Columns of the files that are neither FOCUS's nor the mapping's: kept under an `x_` name. Only files
    /// that are FOCUS already have any.
    var extras: [(source: String, name: String)] {
        guard mapping.keepsOtherColumns else { return [] }
        let known = Set(mapping.columns.map { $0.lowercased() })
        let others = Set(files.flatMap(\.columns)).filter { !known.contains($0.lowercased()) }.sorted()
        return others.map { ($0, $0.hasPrefix("x_") ? $0 : "x_" + $0) }
    }

    private static func read(_ files: [SourceFile], columns: [String], numbered: Bool) -> String {
        let first = files[0]
        let there = Set(first.columns.map { $0.lowercased() })
        let number = numbered ? ", row_number() OVER () AS _row" : ", NULL::BIGINT AS _row"
        let paths = SQL.list(files.map(\.path))
        switch first.layout {
        case .csv:
            let names = columns.map {
                there.contains($0.lowercased())
                    ? "\(SQL.name($0)) AS \(SQL.name($0))" : "NULL::VARCHAR AS \(SQL.name($0))"
            }
            let types = first.columns.map { SQL.text($0) + ": 'VARCHAR'" }.joined(separator: ", ")
            return """
                SELECT \(names.joined(separator: ", ")), filename AS _file\(number) FROM read_csv(\(paths),
                auto_detect=false, header=true, delim=',', quote='"', escape='"', nullstr=['', 'NULL'], filename=true,
                max_line_size=2097152, store_rejects=true, rejects_limit=0, columns={\(types)})
                """
        case .parquet:
            let names = columns.map { name in
                there.contains(name.lowercased()) ? text(name) : "NULL::VARCHAR AS \(SQL.name(name))"
            }
            return
                "SELECT \(names.joined(separator: ", ")), \(SQL.text(first.path)) AS _file\(number) FROM read_parquet(\(paths))"
        case .jsonLines:
            let names = columns.map {
                "json_extract_string(json, '$.' || \(SQL.text("\"" + $0 + "\""))) AS \(SQL.name($0))"
            }
            return
                "SELECT \(names.joined(separator: ", ")), \(SQL.text(first.path)) AS _file\(number) FROM read_ndjson_objects(\(paths))"
        }
    }

    /// A typed column as text: nested ones as JSON.
    private static func text(_ name: String) -> String {
        let quoted = SQL.name(name)
        return """
            CASE WHEN typeof(\(quoted)) LIKE '%[]' OR typeof(\(quoted)) LIKE 'STRUCT%' OR typeof(\(quoted)) LIKE 'MAP%' \
            THEN CAST(to_json(\(quoted)) AS VARCHAR) ELSE CAST(\(quoted) AS VARCHAR) END AS \(quoted)
            """
    }

    /// The mapping over `raw`, as the view `mapped`; `known` are the columns it yields.
    var mappedView: String { "CREATE OR REPLACE VIEW mapped AS\n\(mapping.sql);\n" }

    /// The checked and cast rows: FOCUS columns, `x_` columns, and whether something is wrong with each.
    ///
    /// Casts are in an inner query, so that each is made once.
    func checked(_ known: [String: String]) -> String {
        var cells: [String] = []
        var texts: [String] = []
        var hidden: [String] = []
        var faults: [String] = []
        var rounded: [String] = []
        for column in FocusColumn.all {
            let (name, text) = (SQL.name(column.name), SQL.name("_t_" + column.name))
            guard let type = known[column.name] else {
                cells.append("NULL::\(Self.type(column)) AS \(name)")
                continue
            }
            guard type != Self.type(column) || type == "VARCHAR" else {
                cells.append(name)
                continue
            }
            switch column.kind {
            case .string, .json: cells.append("CAST(\(name) AS VARCHAR) AS \(name)")
            case .decimal, .time:
                let isMoney = column.kind == .decimal
                cells.append("\(isMoney ? "money_even" : "instant")(CAST(\(name) AS VARCHAR)) AS \(name)")
                texts.append("CAST(\(name) AS VARCHAR) AS \(text)")
                hidden.append(text)
                faults.append("(\(name) IS NULL AND \(text) IS NOT NULL)")
                if isMoney { rounded.append("rounds(\(text), \(name))") }
            }
        }
        cells += known.keys.filter { $0.hasPrefix("x_") }.sorted().map {
            "CAST(\(SQL.name($0)) AS VARCHAR) AS \(SQL.name($0))"
        }
        for extra in extras where known[extra.name] == nil {
            cells.append("\(SQL.name(extra.source)) AS \(SQL.name(extra.name))")
        }
        faults += Self.needed.map { "\(SQL.name($0)) IS NULL" }
        if known["reject_reason"] != nil {
            texts.append("reject_reason")
            hidden.append("reject_reason")
            faults.append("reject_reason IS NOT NULL")
        }
        return """
            SELECT * EXCLUDE (\(hidden.joined(separator: ", "))),
              \(faults.joined(separator: "\n    OR ")) AS _bad,
              CAST(\(rounded.isEmpty ? "0" : rounded.joined(separator: " + ")) AS UTINYINT) AS _rounded
            FROM (SELECT \((cells + texts).joined(separator: ",\n  ")) FROM mapped)
            """
    }

    /// Columns without which a row belongs to no partition.
    static let needed = [
        "ProviderName", "BillingAccountId", "BillingCurrency", "ChargePeriodStart", "BillingPeriodStart",
    ]

    private static func type(_ column: FocusColumn) -> String {
        switch column.kind {
        case .string, .json: "VARCHAR"
        case .decimal: "DECIMAL(38,12)"
        case .time: "TIMESTAMP"
        }
    }

    /// What is wrong with the bad rows of one file: column, value and reason, by row.
    func reasons(_ known: [String: String]) -> String {
        var checks: [String] = []
        for column in FocusColumn.all where known[column.name].map({ $0 == "VARCHAR" }) == true {
            let name = SQL.name(column.name)
            let source = "CAST(\(name) AS VARCHAR)"
            let title = SQL.text(column.name)
            switch column.kind {
            case .string, .json: continue
            case .decimal:
                checks.append(
                    "CASE WHEN \(name) IS NOT NULL AND money_even(\(source)) IS NULL THEN {'c': \(title), 'v': \(source), 'w': 'is not a decimal number with at most 26 digits before the point'} END"
                )
            case .time:
                checks.append(
                    "CASE WHEN \(name) IS NOT NULL AND instant(\(source)) IS NULL THEN {'c': \(title), 'v': \(source), 'w': 'is not a UTC time'} END"
                )
            }
        }
        for name in Self.needed {
            checks.append(
                "CASE WHEN \(SQL.name(name)) IS NULL THEN {'c': \(SQL.text(name)), 'v': '', 'w': 'is empty'} END")
        }
        if known["reject_reason"] != nil {
            checks.append(
                "CASE WHEN reject_reason IS NOT NULL THEN {'c': '', 'v': '', 'w': CAST(reject_reason AS VARCHAR)} END")
        }
        return """
            SELECT _row, e.c AS c, e.v AS v, e.w AS w FROM (
              SELECT r._row, unnest(list_filter([\(checks.joined(separator: ",\n    "))], lambda x: x IS NOT NULL)) AS e
              FROM mapped AS r)
            """
    }
}

extension BillMapping {
    /// Files that are FOCUS already keep their other columns.
    var keepsOtherColumns: Bool { id.hasPrefix("focus") }
}
