internal import PlimsollCore

/// Tables inside YAML files: rows with the interchange files' column names, or the path of a file.
///
/// Rows are turned into the bytes of an interchange file and read by its decoder, so that YAML and CSV
/// mean and refuse the same; faults are carried back to the YAML's lines and columns.
struct YAMLTables {
    let context: YAMLContext
    /// Columns filled in where a row does not say them.
    var defaults: [String: String] = [:]
    /// Reads a file named in the YAML.
    let readFile: (String) throws(Failure) -> [UInt8]

    /// The bytes of a table and the places of its cells.
    private struct Sheet {
        var bytes: [UInt8] = []
        /// By CSV line: where each cell begins in it, and the node it came from.
        var rows: [(node: YAMLNode, cells: [(column: Int, node: YAMLNode)])] = []
    }

    /// Decodes the table under `key`; nil where it is absent or wrong (then errors are added).
    func table<Value>(
        _ key: String, of map: YAMLMap, _ schema: InterchangeSchema,
        _ decode: ([UInt8], String) throws(Failure) -> Decoded<Value>
    ) throws(Failure) -> Decoded<Value>? {
        guard let node = map.value(key) else { return nil }
        if let path = node.text, !path.isEmpty { return try file(path, decode) }
        if let entries = node.entries, entries.count == 1, entries[0].key.text == "file",
            let path = entries[0].value.text
        {
            return try file(path, decode)
        }
        guard let items = node.items else {
            context.error(
                "wrong-kind", "`\(key)` is \(node.kind), not a list of rows", at: node,
                hint: "give a list of rows, or `file: PATH`; columns: `plimsoll schema \(schema.name)`")
            return nil
        }
        let sheet = sheet(items, schema)
        do {
            var decoded = try decode(sheet.bytes, context.file)
            for index in decoded.warnings.indices {
                guard let origin = place(decoded.warnings[index], sheet) else { continue }
                decoded.warnings[index].place = .init(file: context.file, line: origin.line, column: origin.column)
            }
            return decoded
        } catch {
            for diagnostic in error.diagnostics { context.add(diagnostic, at: place(diagnostic, sheet) ?? node) }
            return nil
        }
    }

    private func file<Value>(
        _ path: String, _ decode: ([UInt8], String) throws(Failure) -> Decoded<Value>
    ) throws(Failure) -> Decoded<Value> {
        try decode(try readFile(path), InputFiles.resolve(path, besides: context.file))
    }

    // MARK: Sheets

    private func sheet(_ items: [YAMLNode], _ schema: InterchangeSchema) -> Sheet {
        var columns = schema.columns.map(\.name)
        let isUsage = schema.name == "usage"
        if isUsage { columns.append("hours") }
        let header = schema.columns.map(\.name)
        var sheet = Sheet()
        var out = CSVWriter(header: header)
        for item in items {
            let map = YAMLMap(item, context, keys: columns, named: "a row of \(schema.name)")
            let range = isUsage ? hours(map) : nil
            for hour in range ?? [nil] {
                var cells: [String] = []
                var places: [(column: Int, node: YAMLNode)] = []
                var at = 1
                for name in header {
                    let value = name == "hour" && hour != nil ? map.value("hours") : map.value(name)
                    var cell = value?.text ?? defaults[name] ?? ""
                    if name == "hour", let hour { cell = hour.description }
                    if cell.utf8.contains(0x0A) || cell.utf8.contains(0x22) || cell.utf8.contains(0x2C) {
                        // Quoted cells begin one column later; line ends would move the lines below.
                        cell = cell.replacing("\n", with: " ")
                        places.append((at + 1, value ?? item))
                        at += 2 + cell.utf8.count(where: { $0 == 0x22 })
                    } else {
                        places.append((at, value ?? item))
                    }
                    at += cell.utf8.count + 1
                    cells.append(cell)
                }
                out.add(cells)
                sheet.rows.append((item, places))
            }
        }
        sheet.bytes = out.bytes
        return sheet
    }

    /// The hours of `hours: A..B`, B not included.
    private func hours(_ map: YAMLMap) -> [Hour?]? {
        guard map.has("hours") else { return nil }
        let limit = 200_000
        let range: HourGrid? = map.parsed("hours", "a run of hours such as `2026-01-01..2026-01-08`, the end not included")
        { text in
            let parts = text.split(separator: "..", omittingEmptySubsequences: false)
            guard parts.count == 2, let from = YAMLTables.hour(parts[0]), let to = YAMLTables.hour(parts[1]) else {
                return nil
            }
            return from < to && to.index - from.index <= limit ? HourGrid(start: from, end: to) : nil
        }
        return range.map { grid in (grid.start.index..<grid.end.index).map { Hour(index: $0) } } ?? []
    }

    private static func hour(_ text: Substring) -> Hour? { Day(text)?.firstHour ?? Hour(text) }

    private func place(_ diagnostic: Diagnostic, _ sheet: Sheet) -> YAMLNode? {
        guard let place = diagnostic.place, place.line >= 2, place.line - 2 < sheet.rows.count else { return nil }
        let row = sheet.rows[place.line - 2]
        return row.cells.last { $0.column <= place.column }?.node ?? row.node
    }
}
