internal import PlimsollCore

/// The statements that bring a price list into the columns of the contract.
enum PriceSQL {
    /// What the engine is told to stay below; it goes a few hundred megabytes beyond that.
    static let memory = "600MB"

    /// Columns of the `prices` contract, and how they are stored.
    static let columns: [(name: String, type: String)] = InterchangeSchema.prices.columns.map { column in
        switch column.kind {
        case .money, .quantity: (column.name, "DECIMAL(38,12)")
        case .day: (column.name, "DATE")
        default: (column.name, "VARCHAR")
        }
    }

    /// Columns of the `catalog` contract that say something of a SKU.
    static let facts = InterchangeSchema.catalog.columns.map(\.name).filter { $0 != "provider" && $0 != "sku" }

    /// What tells one price of a book from another.
    static let key = [
        "provider", "region", "zone", "service", "sku", "os", "license", "tenancy", "offer", "term", "payment",
        "currency", "unit", "tier_from",
    ]

    /// Functions for mappings, beside the ledger's; `about` is what the file says of itself.
    static func macros(_ about: [String: String]) -> String {
        let cases = about.sorted { $0.key < $1.key }.map {
            "WHEN \(SQL.text($0.key.lowercased())) THEN \(SQL.text($0.value))"
        }
        let known = cases.isEmpty ? "NULL::VARCHAR" : "CASE lower(k) \(cases.joined(separator: " ")) END"
        return ImportSQL.macros + """
            CREATE MACRO about(k) AS \(known);
            CREATE MACRO raw_of(d) AS CAST(d * 1000000000000 AS HUGEINT);
            CREATE MACRO short(d) AS CASE WHEN d IS NULL THEN '' WHEN d = CAST(d AS DECIMAL(38,0)) THEN CAST(CAST(d AS DECIMAL(38,0)) AS VARCHAR)
              ELSE rtrim(CAST(d AS VARCHAR), '0') END;
            CREATE MACRO half_even(q, r, n) AS CASE WHEN 2 * r > n OR (2 * r = n AND q % 2 = 1) THEN q + 1 ELSE q END;
            CREATE MACRO scaled(h) AS CAST(h // 1000000000000 AS VARCHAR) || '.' || lpad(CAST(h % 1000000000000 AS VARCHAR), 12, '0');
            CREATE MACRO spread(s, n) AS CASE WHEN even_money(s) >= 0
              THEN scaled(half_even(raw_of(even_money(s)) // n, raw_of(even_money(s)) % n, n)) ELSE s END;

            """
    }

    // MARK: Source rows

    /// The view `raw` of a CSV file; with each row's number only where it is asked for, since that costs time.
    static func rawView(
        _ file: PriceFile, _ mapping: PriceMapping, columns: [String], skip: Int, numbered: Bool, padded: Bool
    ) -> String {
        var seen: Set<String> = []
        let names = columns.enumerated().map { index, name in
            seen.insert(name.lowercased()).inserted && !name.isEmpty ? name : "column \(index + 1)"
        }
        let there = Set(columns.map { $0.lowercased() })
        let cells = mapping.columns.map {
            there.contains($0.lowercased()) ? SQL.name($0) : "NULL::VARCHAR AS \(SQL.name($0))"
        }
        let types = names.map { SQL.text($0) + ": 'VARCHAR'" }.joined(separator: ", ")
        return """
            CREATE OR REPLACE VIEW raw AS SELECT \(cells.joined(separator: ", ")),
              \(numbered ? "row_number() OVER ()" : "NULL::BIGINT") AS _row FROM read_csv(\(SQL.text(file.path)),
              auto_detect=false, header=false, skip=\(skip), delim=',', quote='"', escape='"', nullstr='',
              \(file.isCompressed ? "compression='gzip', " : "")max_line_size=2097152, store_rejects=true, rejects_limit=0,
              null_padding=\(padded), columns={\(types)});

            """
    }

    /// The view of one kind of JSON record, over the lines that a splitter wrote.
    static func recordView(_ kind: String, path: String) -> String {
        """
        CREATE OR REPLACE VIEW \(SQL.name(kind)) AS SELECT n AS _row, string_split(p, chr(2)) AS p, v FROM read_csv(\(SQL.text(path)),
          auto_detect=false, header=false, delim=chr(1), quote='', escape='', nullstr=chr(3), max_line_size=16777216,
          columns={'n': 'BIGINT', 'p': 'VARCHAR', 'v': 'JSON'});

        """
    }

    // MARK: Contract rows

    /// Rows of the mapping in the contract's types, and what is wrong with each: `_why` it is left out, or the
    /// `_column`, `_value` and `_reason` of a fault.
    static func typed(_ known: Set<String>, from source: String = "mapped") -> String {
        func text(_ name: String) -> String {
            known.contains(name) ? "CAST(\(SQL.name(name)) AS VARCHAR)" : "NULL::VARCHAR"
        }
        func cell(_ name: String, _ type: String) -> String {
            switch type {
            case "VARCHAR": "coalesce(\(text(name)), '') AS \(name)"
            case "DATE": "TRY_CAST(\(text(name)) AS DATE) AS \(name)"
            default: "\(known.contains(name) ? "money_even(\(text(name)))" : "NULL::DECIMAL(38,12)") AS \(name)"
            }
        }
        let numbers = columns.filter { $0.type.hasPrefix("DECIMAL") && known.contains($0.name) }.map(\.name)
        let dates = columns.filter { $0.type == "DATE" && known.contains($0.name) }.map(\.name)
        let rounded = numbers.map { "coalesce(rounds(\(text($0))), 0)" }.joined(separator: " + ")
        let texts = (numbers + dates).map { "\(text($0)) AS _text_\($0)" }
        let plain = ["pair", "left_out"].map { "\(text($0)) AS _\($0)" }
        let flags = ["is_fee", "needs_fee"].map {
            "coalesce(\(known.contains($0) ? $0 : "false"), false) AS _\($0)"
        }
        let part = known.contains("_part") ? "coalesce(_part, 0)" : "0"
        let cells =
            columns.map { cell($0.name, $0.type) } + facts.map { "\(text($0)) AS _fact_\($0)" } + texts + plain + flags
        return """
            SELECT *, CASE WHEN _left_out IS NULL THEN CASE \(faults(numbers, dates)) END END AS _fault FROM (
              SELECT \(cells.joined(separator: ",\n  ")),
                CAST(\(rounded.isEmpty ? "0" : rounded) AS UTINYINT) AS _rounded, CAST(\(part) AS INTEGER) AS _part, _row
              FROM \(source))
            """
    }

    /// The cases of what is wrong with a row: column, value and reason, with bytes 2 between.
    private static func faults(_ numbers: [String], _ dates: [String]) -> String {
        func fault(_ condition: String, _ column: String, _ value: String, _ reason: String) -> String {
            "WHEN \(condition) THEN \(SQL.text(column)) || chr(2) || coalesce(\(value), '') || chr(2) || \(SQL.text(reason))"
        }
        var cases: [String] = []
        for column in InterchangeSchema.prices.columns {
            let name = column.name
            if numbers.contains(name) {
                cases.append(
                    fault(
                        "\(name) IS NULL AND _text_\(name) IS NOT NULL", name, "_text_\(name)", "is no decimal number"))
                cases.append(fault("\(name) < 0", name, "_text_\(name)", "is negative"))
            }
            if dates.contains(name) {
                cases.append(
                    fault("\(name) IS NULL AND _text_\(name) IS NOT NULL", name, "_text_\(name)", "is no date"))
            }
            if column.required {
                cases.append(fault(column.kind == .money ? "\(name) IS NULL" : "\(name) = ''", name, "''", "is empty"))
            }
            if !column.words.isEmpty {
                let words = column.words + (column.wildcard ? ["*", ""] : [])
                cases.append(
                    fault(
                        "\(name) NOT IN (\(words.map(SQL.text).joined(separator: ", ")))", name, name,
                        "is no word for it"))
            }
        }
        cases.append(
            fault(
                "tier_to <= coalesce(tier_from, 0)", "tier_to", "_text_tier_to", "is where the tier begins, or before"))
        cases.append(fault("valid_to <= valid_from", "valid_to", "_text_valid_to", "is the day it begins, or before"))
        return cases.joined(separator: "\n")
            .replacing("_text_tier_to", with: numbers.contains("tier_to") ? "_text_tier_to" : "''")
            .replacing("_text_valid_to", with: dates.contains("valid_to") ? "_text_valid_to" : "''")
    }

    /// Columns by which the rows of a book are ordered: all of them, what tells prices apart first.
    static let order: String = {
        let first = key + ["valid_from"]
        return (first + columns.map(\.name).filter { !first.contains($0) }).joined(separator: ", ")
    }()

    /// Columns of the contract, by comma.
    static var names: String { columns.map(\.name).joined(separator: ", ") }

    /// The columns of a book as text, as the interchange file has them.
    static func written(_ column: (name: String, type: String)) -> String {
        switch column.type {
        case "DATE": "coalesce(strftime(\(column.name), '%Y-%m-%d'), '') AS \(column.name)"
        case "VARCHAR": column.name
        default:
            switch column.name {
            case "upfront", "tier_from":
                "CASE WHEN \(column.name) = 0 THEN '' ELSE short(\(column.name)) END AS \(column.name)"
            default: "short(\(column.name)) AS \(column.name)"
            }
        }
    }
}
