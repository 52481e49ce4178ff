/// A table for people: columns as wide as needed, numbers to the right, fitted to a width by leaving out
/// the least important columns and then shortening texts.
public struct TextTable: Sendable {
    /// One column.
    public struct Column: Sendable {
        /// Heading.
        public var title: String
        /// Whether cells stand to the right.
        public var isNumber: Bool
        /// Columns with the highest rank go first where the width is short; 0 always stays.
        public var rank: Int

        /// A column; numbers stand to the right.
        public init(_ title: String, isNumber: Bool = false, rank: Int = 0) {
            self.title = title
            self.isNumber = isNumber
            self.rank = rank
        }
    }

    private var columns: [Column]
    private var rows: [[String]] = []
    private let indent: Int
    private let hasHead: Bool

    /// An empty table, so many blanks from the left; without a head it is rows only.
    public init(_ columns: [Column], indent: Int = 0, hasHead: Bool = true) {
        self.columns = columns
        self.indent = indent
        self.hasHead = hasHead
    }

    /// Adds a row: one cell for every column. What a terminal would obey instead of showing becomes blanks.
    public mutating func add(_ cells: [String]) { rows.append(cells.map(Visible.text)) }

    /// The table's text, every line at most `width` cells of a terminal where that can be done: numbers are whole.
    public func text(width: Int) -> String {
        var shown = columns.indices.filter { column in
            columns[column].rank == 0 || rows.contains { !$0[column].isEmpty }
        }
        func size(_ column: Int) -> Int {
            max(hasHead ? Screen.width(columns[column].title) : 0, rows.map { Screen.width($0[column]) }.max() ?? 0)
        }
        var sizes = columns.indices.map(size)
        func total() -> Int { shown.reduce(indent - 2) { $0 + sizes[$1] + 2 } }
        while total() > width, let last = shown.max(by: { columns[$0].rank < columns[$1].rank }), columns[last].rank > 0
        {
            shown.removeAll { $0 == last }
        }
        while total() > width {
            let texts = shown.filter { !columns[$0].isNumber && sizes[$0] > 8 }
            guard let widest = texts.max(by: { sizes[$0] < sizes[$1] }) else { break }
            sizes[widest] -= 1
        }
        let lines = (hasHead ? [columns.map { Visible.text($0.title) }] : []) + rows
        let left = String(repeating: " ", count: indent)
        return lines.map { cells in
            let padded = shown.map { Self.fit(cells[$0], sizes[$0], right: columns[$0].isNumber) }
            var line = left + padded.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    private static func fit(_ text: String, _ size: Int, right: Bool) -> String {
        let text = Screen.width(text) > size ? Screen.fitted(text, width: size) : text
        let blank = String(repeating: " ", count: max(0, size - Screen.width(text)))
        return right ? blank + text : text + blank
    }
}

/// Numbers as people read them.
public enum Show {
    /// A decimal with `places` decimals and commas between thousands.
    public static func grouped(_ decimal: String) -> String {
        let negative = decimal.hasPrefix("-")
        let parts = decimal.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
        guard let whole = parts.first else { return decimal }
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        if parts.count == 2 { result += "." + parts[1] }
        return negative ? "-" + result : result
    }
}
