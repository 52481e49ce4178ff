internal import PlimsollCore

/// What an engineer carries out, and a reviewer looks at: `actions/` beside the report.
public struct ActionFiles: Sendable {
    private let document: ReportDocument
    private static let screen = 12

    /// The actions of `document`.
    public init(_ document: ReportDocument) { self.document = document }

    private var items: [JSONValue] { PurchaseList(document).ranked }

    /// The files, by name below the report's folder; none where nothing is to be done.
    public var all: [(name: String, text: String)] {
        guard !items.isEmpty else { return [] }
        return [
            ("actions/buy-today.md", BuyToday(document, items).text), ("actions/checklist.md", checklist),
            ("actions/purchases.csv", csv), ("actions/purchases.sh", script),
        ] + (TerraformFile(document, items).text.map { [("actions/purchases.tf", $0)] } ?? [])
            + forms.map { ("actions/console-\($0.id).csv", form($0.id)) }
    }

    // MARK: Checklist

    private var checklist: String {
        var text = "# Before buying\n\n"
        var boxes = [
            "The demand is what is expected: `\(root("calibration", "demand"))`.",
            "The prices are today's: `\(root("calibration", "prices"))`.",
            "A fall of demand is survivable: \(falls)",
            "Nothing of the plan was bought since it was made: the commitments file had SHA-256 "
                + "\(document.root.at("inputs", "commitments")?.string ?? "none, since none were given").",
            "The plan verifies: `plimsoll verify plan.json` in the report's folder.",
        ]
        boxes += document.root.list("warnings").compactMap(\.string).map { "Understood: \($0)" }
        text += boxes.map { "- [ ] \(MarkdownReport.prose($0))\n" }.joined()
        text += forms.map { "\nconsole-\($0.id).csv: \(MarkdownReport.prose($0.page))\n" }.joined()
        for item in items.prefix(Self.screen) {
            let line = PurchaseLine(item, currency: document.currency)
            text += "\n## \(plain(line.title)), \(plain(line.scope)), \(plain(line.amount))\n\n"
            let checks = item.list("steps", "checks").compactMap(\.string)
            text += (checks + ["Undo is understood: \(item.text("steps", "undo"))"]).map {
                "- [ ] \(MarkdownReport.prose($0))\n"
            }.joined()
        }
        let more = items.count - Self.screen
        return text + (more > 0 ? "\nThe other \(more) purchases: the same questions.\n" : "")
    }

    private func root(_ first: String, _ second: String) -> String { document.root.text(first, second) }

    private var falls: String {
        let falls = document.root.list("plan", "demand_falls").map {
            "\(document.shown($0.text("saving"))) at −\($0.text("percent")) %"
        }
        return falls.isEmpty ? "it was not re-rated." : "the plan then saves \(falls.joined(separator: ", "))."
    }

    /// Pages of consoles that ask for purchases, in the order of the list; a page's word is a file's name.
    private var forms: [(id: String, page: String)] {
        var result: [(id: String, page: String)] = []
        for item in items {
            let id = item.text("steps", "form", "id")
            let isWord =
                !id.isEmpty
                && id.utf8.allSatisfy { $0 == 0x2d || (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }
            if isWord, !result.contains(where: { $0.id == id }) {
                result.append((id, item.text("steps", "form", "page")))
            }
        }
        return result
    }

    /// The console's own columns after the purchase's number and account.
    private func form(_ id: String) -> String {
        let rows = items.enumerated().filter { $0.element.text("steps", "form", "id") == id }
        let names = rows.first?.element.list("steps", "form", "fields").map { $0.text("name") } ?? []
        var out = CSVWriter(header: ["order", "account"] + names)
        for (index, item) in rows {
            let owner = PurchaseLine(item, currency: document.currency).owner
            let values = item.list("steps", "form", "fields").map { Self.cell($0.text("value")) }
            guard values.count == names.count else { continue }
            out.add([String(index + 1), Self.cell(owner)] + values)
        }
        return String(decoding: out.bytes, as: UTF8.self)
    }

    private func plain(_ text: String) -> String { MarkdownReport.plain(text) }

    // MARK: CSV

    private var csv: String {
        var out = CSVWriter(header: [
            "order", "id", "title", "offer", "account", "region", "zone", "family", "sku", "os", "quantity",
            "hourly_commitment", "currency", "term", "payment", "begins", "costs", "saves", "lookup", "buy", "undo",
        ])
        for (index, item) in items.enumerated() {
            let line = PurchaseLine(item, currency: document.currency)
            let names = ["offer", "account", "region", "zone", "family", "sku", "os", "quantity", "hourly_commitment"]
            out.add(
                [String(index + 1), item.text("id"), line.title].map(Self.cell)
                    + names.map { Self.cell(item.text($0)) }
                    + [item.text("currency"), item.text("term"), item.text("payment"), line.begins].map(Self.cell)
                    + [item.text("figures", "fee"), item.text("figures", "saving")]
                    + [item.text("steps", "lookup"), item.text("steps", "buy"), item.text("steps", "undo")])
        }
        return String(decoding: out.bytes, as: UTF8.self)
    }

    /// A cell that a spreadsheet takes for a formula gets a quote before it.
    private static func cell(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return text }
        return "'" + text
    }

    // MARK: Script

    /// Runs the look-ups; the purchases are comments, so that running the file buys nothing.
    private var script: String {
        var text = """
            #!/usr/bin/env bash
            # Purchases of a plan, largest first. Run as it is, it only looks offerings up. To buy, put the
            # offering's id in and take away the `#` before the command: one at a time, after checklist.md.
            set -euo pipefail

            """
        for (index, item) in items.enumerated() {
            let line = PurchaseLine(item, currency: document.currency)
            text +=
                "\n# \(index + 1). \(Self.comment("\(line.amount) \(line.title), \(line.scope), from \(line.begins)"))\n"
            let (lookup, buy) = (item.text("steps", "lookup"), item.text("steps", "buy"))
            if buy.isEmpty {
                text += "# No module here knows the command: buy it in the vendor's console.\n"
                continue
            }
            if Self.isOneLine(lookup), !lookup.isEmpty { text += lookup + "\n" }
            text += "# " + Self.comment(buy) + "\n# Undo: " + Self.comment(item.text("steps", "undo")) + "\n"
        }
        return text
    }

    /// Text that stays in its line.
    private static func comment(_ text: String) -> String { Visible.text(text) }

    private static func isOneLine(_ text: String) -> Bool { !text.unicodeScalars.contains(where: isControl) }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
