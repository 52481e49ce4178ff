internal import PlimsollCore

/// `actions/buy-today.md`: at most a screen, 24 lines of 80 characters.
struct BuyToday {
    private let document: ReportDocument
    private let items: [JSONValue]
    private static let lines = 24
    private static let columns = 80

    /// The first of `items`, as many as a screen holds.
    init(_ document: ReportDocument, _ items: [JSONValue]) {
        self.document = document
        self.items = items
    }

    /// The text; ends in a newline.
    var text: String {
        for count in stride(from: min(items.count, Self.lines / 2), to: 1, by: -1) {
            let lines = self.lines(count)
            if lines.count <= Self.lines { return lines.map { $0 + "\n" }.joined() }
        }
        return lines(1).prefix(Self.lines).map { $0 + "\n" }.joined()
    }

    private func lines(_ count: Int) -> [String] {
        var undos: [String] = []
        var list: [String] = []
        for (index, item) in items.prefix(count).enumerated() {
            let undo = item.text("steps", "undo")
            if !undos.contains(undo) { undos.append(undo) }
            let letter = Self.letter(undos.firstIndex(of: undo) ?? 0)
            let line = PurchaseLine(item, currency: document.currency)
            let lead = "\(index + 1). "
            list.append(lead + plain("\(line.amount) \(line.title)", Self.columns - lead.count - 4) + " (\(letter))")
            list.append("   " + plain("from \(line.begins), \(line.scope)", Self.columns - 3))
        }
        let name = plain(document.name, Self.columns - 22)
        let saving = "\(document.shown(document.saving)) \(document.currency) in \(document.period)"
        var lines = ["# Buy this much today", "", "\(items.count) purchases: \(name)"]
        lines += Screen.wrapped(
            "Together they save \(saving). Go through checklist.md first; the commands are in purchases.sh.",
            width: Self.columns)
        lines += [""] + list
        if items.count > count { lines += ["", "\(items.count - count) smaller ones are in purchases.csv."] }
        lines.append("")
        for (index, undo) in undos.enumerated() {
            let words = undo.isEmpty ? "ask the vendor: no module here knows it." : MarkdownReport.prose(undo)
            lines += Screen.wrapped("Undo \(Self.letter(index)): \(words)", width: Self.columns)
        }
        return lines
    }

    private static func letter(_ index: Int) -> String { String(UnicodeScalar(UInt8(0x41 + index % 26))) }

    private func plain(_ text: String, _ width: Int) -> String {
        Screen.fitted(Visible.text(text), width: width, render: MarkdownReport.plain)
    }
}
