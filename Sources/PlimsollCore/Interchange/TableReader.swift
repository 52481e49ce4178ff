/// Reads a CSV file against its schema, row by row, and collects everything that is wrong with it.
struct TableReader {
    let schema: InterchangeSchema
    let file: String
    private(set) var scanner: CSVScanner
    /// Position in the record of each schema column; nil where the file lacks it.
    private(set) var positions: [Int?] = []
    private(set) var width = 0
    private(set) var fields: [CSVScanner.Field] = []
    var faults: FaultList
    var rounding = RoundingNote()
    private var index: [String: Int] = [:]
    /// What the rows were made from; empty for files.
    private let records: [InterchangeRecord]
    /// How many rows were read.
    private var count = 0

    init(
        _ schema: InterchangeSchema, _ bytes: UnsafeBufferPointer<UInt8>, _ source: TableSource
    ) throws(Failure) {
        self.schema = schema
        file = source.file
        records = source.records
        scanner = CSVScanner(bytes)
        faults = FaultList(file: source.file)
        for (position, column) in schema.columns.enumerated() { index[column.name] = position }
        try readHeader()
        checkRecords()
    }

    // MARK: Records

    /// Reads the next record with the header's number of fields; false at the end.
    mutating func next() -> Bool {
        while true {
            do throws(CSVScanner.Fault) {
                guard try scanner.next(into: &fields) else { return false }
            } catch {
                let place = scanner.place(of: error.offset)
                add(error.code, error.message, line: place.line, column: place.column, hint: error.hint)
                return false
            }
            count &+= 1
            if fields.count == width { return true }
            add(
                "bad-row", "the row has \(fields.count) fields, the header has \(width)", line: scanner.line, column: 1,
                hint: "fill the row up with empty cells, and put quotes around cells that hold commas")
        }
    }

    /// Throws what was collected.
    func finish() throws(Failure) { try faults.check() }

    private mutating func readHeader() throws(Failure) {
        let found: Bool
        do throws(CSVScanner.Fault) {
            found = try scanner.next(into: &fields)
        } catch {
            let place = scanner.place(of: error.offset)
            add(error.code, error.message, line: place.line, column: place.column, hint: error.hint)
            try faults.check()
            return
        }
        guard found else {
            add(
                "empty-file", "the file is empty",
                hint: "a file without rows still has the header; see `plimsoll schema \(schema.name)`")
            try faults.check()
            return
        }
        matchColumns()
        try faults.check()
    }

    private mutating func matchColumns() {
        width = fields.count
        positions = Array(repeating: nil, count: schema.columns.count)
        var unknown: [String] = []
        for (position, field) in fields.enumerated() {
            let name = scanner.text(field) ?? ""
            guard let column = index[name] else {
                unknown.append(name)
                continue
            }
            if positions[column] != nil {
                let place = scanner.place(of: field.start)
                add(
                    "duplicate-column", "column `\(name)` appears twice", line: place.line, column: place.column,
                    hint: "keep one of them")
            }
            positions[column] = position
        }
        for (column, position) in zip(schema.columns, positions) where column.required && position == nil {
            let near = Suggestion.nearest(to: column.name, in: unknown).map { "is `\($0)` meant? " } ?? ""
            add(
                "missing-column", "column `\(column.name)` is missing", line: scanner.line, column: 1,
                hint: near + "the header of this file is printed by `plimsoll schema \(schema.name)`")
        }
    }

    /// A CSV file may have columns of its own; a misspelt key of a record is an error.
    private mutating func checkRecords() {
        for record in records {
            for (name, cell) in record.cells.sorted(by: { $0.key < $1.key }) where index[name] == nil {
                let near = Suggestion.nearest(to: name, in: index.keys).map { "did you mean `\($0)`? " } ?? ""
                add(
                    "unknown-column", "`\(name)` is not a column of `\(schema.name)`", line: cell.place.line,
                    column: cell.place.column, hint: near + "see `plimsoll schema \(schema.name)`")
            }
        }
    }

    // MARK: Faults

    mutating func add(_ code: String, _ message: String, line: Int = 0, column: Int = 0, hint: String? = nil) {
        faults.add("\(schema.name).\(code)", message, line: line, column: column, hint: hint)
    }

    /// Adds an error at a cell of the record read last; at the record where the file lacks the column.
    mutating func add(_ code: String, _ message: String, at column: String, hint: String? = nil) {
        let place = place(of: column)
        add(code, message, line: place.line, column: place.column, hint: hint)
    }

    func place(of column: String) -> Diagnostic.Place {
        if records.indices.contains(count - 1) {
            let record = records[count - 1]
            return record.cells[column]?.place ?? record.place
        }
        guard let field = field(column) else { return .init(file: file, line: scanner.line, column: 1) }
        let place = scanner.place(of: field.start)
        return .init(file: file, line: place.line, column: place.column)
    }

    func field(_ column: String) -> CSVScanner.Field? {
        guard let slot = index[column], let position = positions[slot] else { return nil }
        return fields[position]
    }

    // MARK: Cells

    /// A text; empty where the file lacks the column. Words are checked.
    mutating func text(_ name: String) -> String {
        guard let slot = index[name] else { return "" }
        let column = schema.columns[slot]
        guard let position = positions[slot] else { return "" }
        guard let text = scanner.text(fields[position]) else {
            add("bad-encoding", "`\(name)` is not UTF-8", at: name, hint: "save the file as UTF-8")
            return ""
        }
        if text.isEmpty {
            if column.required { add("empty-cell", "`\(name)` is empty", at: name, hint: "fill it: \(column.meaning)") }
        } else if !column.words.isEmpty, !column.words.contains(text), !(column.wildcard && text == "*") {
            badWord(text, column)
        }
        return text
    }

    private mutating func badWord(_ text: String, _ column: InterchangeSchema.Column) {
        let near = Suggestion.nearest(to: text, in: column.words).map { "did you mean `\($0)`? " } ?? ""
        let star = column.wildcard ? ", *" : ""
        add(
            "unknown-\(column.name)", "`\(text)` is not a word for `\(column.name)`", at: column.name,
            hint: near + "words: " + column.words.joined(separator: ", ") + star)
    }

    /// A decimal, not negative unless the column is an amount; nil where the cell is empty or wrong (then an error is added).
    mutating func number(_ name: String) -> Int128? {
        guard let slot = index[name], let position = positions[slot] else { return nil }
        let column = schema.columns[slot]
        let content = scanner.content(fields[position])
        guard !content.isEmpty else {
            if column.required { add("empty-cell", "`\(name)` is empty", at: name, hint: "fill it: \(column.meaning)") }
            return nil
        }
        let shown = String(decoding: content, as: UTF8.self)
        guard let reading = FixedPoint.parse(content) else {
            add(
                "bad-\(name)", "`\(shown)` is not a decimal number", at: name,
                hint: "write it like `0.096`, without separators or units, below 10^26")
            return nil
        }
        guard reading.raw >= 0 || column.kind == .amount else {
            add("negative-\(name)", "`\(shown)` is negative", at: name, hint: "give 0 or more")
            return nil
        }
        if reading.rounded { rounding.add(shown, place(of: name)) }
        return reading.raw
    }

    mutating func money(_ name: String) -> Money { Money(raw: number(name) ?? 0) }

    mutating func quantity(_ name: String) -> Quantity? { number(name).map(Quantity.init(raw:)) }

    /// A date; nil where the cell is empty or wrong (then an error is added).
    mutating func day(_ name: String) -> Day? {
        let text = text(name)
        guard !text.isEmpty else { return nil }
        if let day = Day(text) { return day }
        add("bad-\(name)", "`\(text)` is not a date", at: name, hint: "write it like `2026-01-31`")
        return nil
    }

    /// A time; nil where the cell is empty or wrong (then an error is added).
    mutating func instant(_ name: String) -> Instant? {
        let text = text(name)
        guard !text.isEmpty else { return nil }
        if let instant = Instant(text) { return instant }
        add(
            "bad-\(name)", "`\(text)` is not a UTC time", at: name,
            hint: "write it like `2026-01-31T00:00:00Z`, or `2026-01-31` for its first hour")
        return nil
    }
}
