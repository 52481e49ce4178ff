internal import PlimsollCore

/// How text is set on a terminal. Colour only repeats what the words say.
public struct TextStyle: Sendable, Hashable {
    /// Whether escape codes may be written.
    public var colored: Bool

    /// Plain, or with colour.
    public init(colored: Bool = false) { self.colored = colored }

    /// A heading.
    public func bold(_ text: String) -> String { wrap(text, "1") }
    /// Good news.
    public func good(_ text: String) -> String { wrap(text, "32") }
    /// Something to look at.
    public func alarm(_ text: String) -> String { wrap(text, "33") }
    /// Less important.
    public func faint(_ text: String) -> String { wrap(text, "2") }

    private func wrap(_ text: String, _ code: String) -> String {
        colored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

/// A table of text that fits a width: numbers right-aligned and never cut, texts cut with `…`.
public struct TextTable: Sendable {
    /// Heading and alignment of a column.
    public enum Column: Sendable, Hashable {
        /// Text; may be cut.
        case left(String)
        /// Numbers; never cut.
        case right(String)

        var title: String { switch self { case .left(let title), .right(let title): title } }
        var isText: Bool { if case .left = self { true } else { false } }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    /// An empty table.
    public init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row, one cell per column.
    public mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The table in lines of at most `width` characters, each ended by a newline, as far as the numbers allow.
    public func text(width: Int, style: TextStyle = TextStyle()) -> String {
        let widths = fitted(to: width)
        var out = style.bold(line(columns.map(\.title), widths)) + "\n"
        out += style.faint(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")) + "\n"
        for row in rows { out += line(row, widths) + "\n" }
        return out
    }

    private func fitted(to width: Int) -> [Int] {
        var widths = columns.enumerated().map { index, column in
            rows.reduce(column.title.count) { max($0, index < $1.count ? $1[index].count : 0) }
        }
        let gaps = 2 * (columns.count - 1)
        while widths.reduce(gaps, +) > width {
            let cuttable = columns.indices.filter { columns[$0].isText && widths[$0] > 8 }
            guard let widest = cuttable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var parts: [String] = []
        for (index, width) in widths.enumerated() {
            let cell = index < cells.count ? cells[index] : ""
            let shown = cell.count > width ? cell.prefix(width - 1) + "…" : cell[...]
            let space = String(repeating: " ", count: width - shown.count)
            parts.append(columns[index].isText ? shown + space : space + shown)
        }
        var text = parts.joined(separator: "  ")
        while text.last == " " { text.removeLast() }
        return text
    }
}
