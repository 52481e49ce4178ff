internal import PlimsollCore

extension FocusRule {
    /// The condition that offending rows meet; nil for demands on the file or on groups of rows.
    ///
    /// Cells are text, null where there is nothing. `type` is what a typed file says of the column.
    func offends(_ type: String) -> String? {
        let cell = SQL.name(column)
        guard let fault = fault(cell, type) else { return nil }
        guard let condition else { return fault }
        return "(\(condition)) AND (\(fault))"
    }

    private func fault(_ cell: String, _ type: String) -> String? {
        switch demand {
        case .column, .one, .same: nil
        case .string: type == "VARCHAR" || type.hasPrefix("ENUM") ? "false" : "\(cell) IS NOT NULL"
        case .decimal, .number:
            Self.isNumeric(type) ? "false" : "\(cell) IS NOT NULL AND NOT regexp_full_match(\(cell), \(Self.number))"
        case .time: "\(cell) IS NOT NULL AND NOT \(Self.isTime(cell))"
        case .instant:
            "NOT regexp_full_match(\(cell), '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z')"
        case .notBlank: "trim(\(cell)) = ''"
        case .filled: "\(cell) IS NULL"
        case .empty: "\(cell) IS NOT NULL"
        case .value("0"): "\(cell) IS NOT NULL AND \(Self.amount(cell)) IS DISTINCT FROM 0"
        case .value(let value): "\(cell) <> \(SQL.text(value))"
        case .notValue(let value): "\(cell) = \(SQL.text(value))"
        case .equal(let other): "\(cell) IS DISTINCT FROM \(SQL.name(other))"
        case .oneOf(let values): "\(cell) NOT IN (\(values.map(SQL.text).joined(separator: ", ")))"
        case .ofItsCategory: Self.misplaced(cell)
        case .positive: "\(Self.amount(cell)) < 0"
        case .product(let a, let b): Self.noProduct(SQL.name(a), SQL.name(b), cell)
        case .after(let other): "TRY_CAST(\(cell) AS TIMESTAMP) <= TRY_CAST(\(SQL.name(other)) AS TIMESTAMP)"
        case .currencyCode: "NOT regexp_full_match(\(cell), '[A-Z]{3}')"
        case .currency: "\(cell) NOT IN (\(ISO4217.codes.sorted().map(SQL.text).joined(separator: ", ")))"
        case .unit: "NOT regexp_full_match(\(cell), \(Self.unit))"
        case .object: Self.noObject(cell)
        case .keys: Self.foreignKeys(cell)
        }
    }

    /// Rows `_row`, `value` that offend a demand on groups; nil for other demands.
    var groups: String? {
        let cell = SQL.name(column)
        switch demand {
        case .one(let other):
            // A value that another column has none of, or several, counts once.
            return """
                SELECT min(_row) AS _row, \(cell) AS value FROM raw WHERE \(cell) IS NOT NULL
                GROUP BY \(cell) HAVING count(DISTINCT \(SQL.name(other))) <> 1
                """
        case .same(let other):
            let key = SQL.name(other)
            return """
                SELECT min(_row) AS _row, \(key) || ': ' || string_agg(DISTINCT \(cell), ', ' ORDER BY \(cell)) AS value FROM raw
                WHERE \(key) IS NOT NULL GROUP BY \(key) HAVING count(DISTINCT \(cell)) > 1
                """
        default: return nil
        }
    }

    /// Columns beside its own without which it cannot be judged.
    var others: [String] {
        let words = condition?.split { !$0.isLetter }.map(String.init) ?? []
        let conditions = words.filter(Self.names.contains)
        switch demand {
        case .product(let a, let b): return [a, b] + conditions
        case .after(let other), .one(let other), .same(let other), .equal(let other): return [other] + conditions
        case .ofItsCategory: return ["ServiceCategory"] + conditions
        default: return conditions
        }
    }

    private static let names = Set(FocusColumn.all.map(\.name))

    private static func isNumeric(_ type: String) -> Bool {
        type.hasPrefix("DECIMAL") || ["DOUBLE", "FLOAT", "HUGEINT"].contains(type) || type.hasSuffix("INT")
            || type.hasSuffix("INTEGER")
    }

    static let number = "'[+-]?([0-9]*[.])?[0-9]+([eE][+-]?[0-9]+)?'"

    private static func isTime(_ cell: String) -> String {
        "(regexp_full_match(\(cell), '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?')"
            + " AND TRY_CAST(left(replace(\(cell), 'T', ' '), 19) AS TIMESTAMP) IS NOT NULL)"
    }

    static func amount(_ cell: String) -> String { "TRY_CAST(\(cell) AS DECIMAL(38,12))" }

    /// Prices and quantities in files are rounded: what is within a billionth is equal.
    private static func noProduct(_ a: String, _ b: String, _ cell: String) -> String {
        let real = { (name: String) in "TRY_CAST(\(name) AS DOUBLE)" }
        return "abs(\(real(a)) * \(real(b)) - \(real(cell))) > 1e-9 * greatest(abs(\(real(cell))), 1)"
    }

    private static func misplaced(_ cell: String) -> String {
        let pairs = FocusServices.all.map {
            "WHEN \(SQL.text($0.category)) THEN \(cell) NOT IN (\($0.subcategories.map(SQL.text).joined(separator: ", ")))"
        }
        return "\(cell) IS NOT NULL AND CASE ServiceCategory \(pairs.joined(separator: " ")) ELSE true END"
    }

    private static let unit: String = {
        let words = "[A-Za-z][A-Za-z0-9]*( +[A-Za-z][A-Za-z0-9]*)*"
        let one = "(Year|Month|Day|Hour|Minute|Second)"
        return SQL.text("([0-9]+ )?\(words)|\(words)-\(one)s|\(words)/\(one)|\(words)/[0-9]+ \(one)s")
    }()

    /// CASE, since both sides of OR are computed, and no function of JSON takes what is none.
    private static func noObject(_ cell: String) -> String {
        """
        CASE WHEN \(cell) IS NULL THEN false WHEN NOT json_valid(\(cell)) THEN true WHEN json_type(\(cell)) <> 'OBJECT' THEN true
          ELSE len(list_filter(json_extract(\(cell), '$.*'), lambda v: json_type(v) IN ('OBJECT', 'ARRAY'))) > 0 END
        """
    }

    /// The properties of SKU prices that FOCUS 1.2 defines.
    private static let properties = [
        "CoreCount", "DiskMaxIops", "DiskSpace", "DiskType", "GpuCount", "InstanceSeries", "InstanceType", "MemorySize",
        "NetworkMaxIops", "NetworkMaxThroughput", "OperatingSystem", "Redundancy", "StorageClass",
    ]

    private static func foreignKeys(_ cell: String) -> String {
        """
        CASE WHEN json_valid(\(cell)) THEN len(list_filter(json_keys(\(cell)),
          lambda k: NOT starts_with(k, 'x_') AND k NOT IN (\(properties.map(SQL.text).joined(separator: ", "))))) > 0 ELSE false END
        """
    }
}
