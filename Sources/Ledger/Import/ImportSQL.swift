internal import PlimsollCore

/// The statements of an import: the files as text, the mapping over them, checks and casts.
struct ImportSQL {
    let files: [SourceFile]
    let mapping: BillMapping

    /// Functions that mappings and checks may call.
    ///
    /// Without that optimizer: it makes a join of a list of more than four values, and computes what is
    /// looked for in it for every row, also where a CASE above keeps most rows away from it.
    static let macros = #"""
        SET disabled_optimizers='in_clause';
        CREATE MACRO is_odd(digit) AS digit <> '' AND contains('13579', digit);
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
            AND is_odd(right(CAST(CAST(w AS DECIMAL(38,12)) AS VARCHAR), 1))
            THEN CAST(w + (w - CAST(w AS DECIMAL(38,12))) AS DECIMAL(38,12))
          ELSE CAST(w AS DECIMAL(38,12)) END;
        CREATE MACRO is_fixed(s) AS translate(s, '0123456789.', '') IN ('', '-', '+') AND TRY_CAST(s AS DOUBLE) IS NOT NULL;
        CREATE MACRO unsigned(s) AS ltrim(s, '+-');
        CREATE MACRO whole(s) AS split_part(unsigned(s), '.', 1);
        CREATE MACRO fraction(s) AS split_part(unsigned(s), '.', 2);
        CREATE MACRO finer(s) AS rtrim(substr(fraction(s), 13), '0');
        CREATE MACRO upwards(s) AS CASE
          WHEN strlen(fraction(s)) <= 12 OR finer(s) < '5' THEN 0.000000000000
          WHEN finer(s) > '5' OR is_odd(substr(fraction(s), 12, 1)) THEN 0.000000000001
          ELSE 0.000000000000 END;
        CREATE MACRO quick_part(s) AS TRY_CAST('0.' || left(fraction(s), 12) || '0' AS DECIMAL(18,12));
        CREATE MACRO slow_part(s) AS TRY_CAST(whole(s) || '.' || left(fraction(s), 12) || '0' AS DECIMAL(38,12));
        CREATE MACRO size_of(s) AS CASE
          WHEN strlen(whole(s)) <= 18 THEN
            CAST(TRY_CAST('0' || whole(s) AS BIGINT) AS DECIMAL(38,12)) + (quick_part(s) + upwards(s))
          ELSE slow_part(s) + upwards(s) END;
        CREATE MACRO even_money(s) AS CASE
          WHEN is_fixed(s) THEN CAST(CASE WHEN starts_with(s, '-') THEN -size_of(s) ELSE size_of(s) END AS DECIMAL(38,12))
          WHEN is_number(s) THEN
            from_wide(coalesce(TRY_CAST(s AS DECIMAL(38,30)), TRY_CAST(s AS DECIMAL(38,24)), TRY_CAST(s AS DECIMAL(38,12))))
          END;
        CREATE MACRO money_even(s) AS CASE
          WHEN is_plain(s) THEN coalesce(quick_money(s), even_money(s))
          WHEN s IS NOT NULL THEN even_money(s) END;
        CREATE MACRO product(a, b) AS coalesce(
          TRY_CAST(a AS DECIMAL(19,12)) * TRY_CAST(b AS DECIMAL(19,12)),
          TRY_CAST(a AS DECIMAL(26,12)) * TRY_CAST(b AS DECIMAL(12,12)),
          TRY_CAST(a AS DECIMAL(12,12)) * TRY_CAST(b AS DECIMAL(26,12)));
        CREATE MACRO money_times(a, b) AS from_wide(product(a, b));
        CREATE MACRO rounds(s) AS CASE
          WHEN s = '' OR is_plain(s) THEN 0
          WHEN NOT has_exponent(s) THEN (strpos(s, '.') > 0 AND strlen(rtrim(s, '0')) - strpos(s, '.') > 12)::INT
          WHEN is_number(s) THEN is_finer(s, TRY_CAST(s AS DECIMAL(38,12)))::INT
          ELSE 0 END;
        CREATE MACRO odd_money(s) AS ((TRY_CAST(s AS DECIMAL(18,12)) IS NULL) <> (s IS NULL))::UTINYINT
          + (coalesce(strlen(s) - strpos(s, '.'), 0) > 12)::UTINYINT + coalesce(contains(s, 'e'), false)::UTINYINT
          + coalesce(contains(s, 'E'), false)::UTINYINT + coalesce(contains(s, '_'), false)::UTINYINT
          + coalesce(contains(s, ' '), false)::UTINYINT;
        CREATE MACRO is_instant(s) AS strlen(s) = 20 AND ends_with(s, 'Z');
        CREATE MACRO quick_instant(s) AS TRY_CAST(s AS TIMESTAMP);
        CREATE MACRO odd_instant(s) AS (s IS NOT NULL)::UTINYINT - (coalesce(strlen(s), 0) = 20)::UTINYINT
          * coalesce(ends_with(s, 'Z'), false)::UTINYINT * (TRY_CAST(s AS TIMESTAMP) IS NOT NULL)::UTINYINT;
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
        let paths = SQL.list(files.map(\.readable))
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
                "SELECT \(names.joined(separator: ", ")), \(SQL.text(first.path)) AS _file\(number) FROM read_ndjson_objects(\(paths), ignore_errors=true)"
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

    /// The rows with their columns cast the quick way, and what is left to look at: `_odd_…` has a cell's
    /// text where that cast may not be exact (else it is empty), `_odd` is not zero in rows that have such
    /// cells, `_lack` counts what makes the row bad whatever they hold.
    ///
    /// Conditions are sums: the engine computes an expression once for all its uses, but not inside of CASE,
    /// AND and OR.
    func quick(_ known: [String: String]) -> String {
        let texts = Set(castColumns(known).map(\.name))
        var cells: [String] = []
        for column in FocusColumn.all {
            let name = SQL.name(column.name)
            if known[column.name] == nil {
                cells.append("NULL::\(Self.type(column)) AS \(name)")
            } else if texts.contains(column.name) {
                cells.append(
                    "\(column.kind == .decimal ? "quick_money" : "quick_instant")(\(Self.text(column))) AS \(name)")
            } else {
                cells.append("CAST(\(name) AS \(Self.type(column))) AS \(name)")
            }
        }
        cells += known.keys.filter { $0.hasPrefix("x_") }.sorted().map {
            "CAST(\(SQL.name($0)) AS VARCHAR) AS \(SQL.name($0))"
        }
        for extra in extras where known[extra.name] == nil {
            cells.append("\(SQL.name(extra.source)) AS \(SQL.name(extra.name))")
        }
        return "SELECT \((cells + notes(known)).joined(separator: ",\n  ")) FROM mapped"
    }

    /// The columns of ``quick(_:)`` beside the bill's own.
    private func notes(_ known: [String: String]) -> [String] {
        let columns = castColumns(known)
        let odd = columns.map { "\($0.kind == .decimal ? "odd_money" : "odd_instant")(\(Self.text($0)))" }
        let count = odd.isEmpty ? "0" : odd.joined(separator: "\n    + ")
        let texts = zip(columns, odd).map { column, odd in
            "repeat(\(Self.text(column)), (\(odd) > 0)::INT) AS \(Self.oddText(column))"
        }
        var lacks = Self.needed.map { name in
            let isCast = columns.contains { $0.name == name }
            return "(\(isCast ? "CAST(\(SQL.name(name)) AS VARCHAR)" : SQL.name(name)) IS NULL)::INT"
        }
        if known["reject_reason"] != nil { lacks.append("(reject_reason IS NOT NULL)::INT") }
        return texts + [
            "CAST(\(count) AS USMALLINT) AS _odd", "CAST(\(lacks.joined(separator: " + ")) AS UTINYINT) AS _lack",
            "0::UTINYINT AS _rounded",
        ]
    }

    /// A quick condition that all bad rows of `mapped` meet.
    private func mayBeBad(_ known: [String: String]) -> String {
        let odd = castColumns(known).map {
            "\($0.kind == .decimal ? "odd_money" : "odd_instant")(\(Self.text($0))) > 0"
        }
        let lacks = Self.needed.map { "\(SQL.name($0)) IS NULL" }
        let rejected = known["reject_reason"] != nil ? ["reject_reason IS NOT NULL"] : []
        return (odd + lacks + rejected).joined(separator: " OR ")
    }

    private static func oddText(_ column: FocusColumn) -> String { SQL.name("_odd_" + column.name) }

    /// Decimals and times that the mapping gives as text.
    private func castColumns(_ known: [String: String]) -> [FocusColumn] {
        FocusColumn.all.filter {
            ($0.kind == .decimal || $0.kind == .time) && known[$0.name].map { $0 == "VARCHAR" } == true
        }
    }

    private static func text(_ column: FocusColumn) -> String { "CAST(\(SQL.name(column.name)) AS VARCHAR)" }

    /// The rows of ``quick(_:)`` in the Parquet file at `path`, with each odd cell cast the exact way.
    func exact(_ known: [String: String], path: String) -> String {
        let columns = castColumns(known)
        let values = columns.map { column in
            let (name, text) = (SQL.name(column.name), Self.oddText(column))
            let cast = column.kind == .decimal ? "even_money" : "instant"
            return "CASE WHEN \(text) <> '' THEN \(cast)(\(text)) ELSE \(name) END AS \(name)"
        }
        let rounded = columns.filter { $0.kind == .decimal }.map {
            "CASE WHEN \(Self.oddText($0)) <> '' THEN rounds(\(Self.oddText($0))) ELSE 0 END"
        }
        let count = rounded.isEmpty ? "0" : rounded.joined(separator: " + ")
        return """
            SELECT * REPLACE (\((values + ["CAST(\(count) AS UTINYINT) AS _rounded"]).joined(separator: ",\n  ")))
            FROM read_parquet(\(SQL.text(path)))
            """
    }

    /// The condition on rows of ``quick(_:)`` or ``exact(_:path:)`` that something is wrong with.
    func isBad(_ known: [String: String]) -> String {
        let cells = castColumns(known).map { "\(SQL.name($0.name)) IS NULL AND \(Self.oddText($0)) <> ''" }
        guard !cells.isEmpty else { return "(_lack > 0)" }
        return "(_lack > 0 OR _odd > 0 AND coalesce(\(cells.joined(separator: " OR ")), false))"
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
              FROM (SELECT * FROM mapped WHERE \(mayBeBad(known))) AS r)
            """
    }
}

extension BillMapping {
    /// Files that are FOCUS already keep their other columns.
    var keepsOtherColumns: Bool { id.hasPrefix("focus") }
}
