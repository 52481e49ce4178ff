internal import PlimsollCore

/// `report.md`: what a pull request or a ticket needs of a report.
public struct MarkdownReport: Sendable {
    private let document: ReportDocument
    private static let shown = 20

    /// A summary of `document`.
    public init(_ document: ReportDocument) { self.document = document }

    private var root: JSONValue { document.root }

    /// The text; ends in a newline.
    public var text: String {
        let parts = [headline, levers, purchases, calendar, risk, comparison, months, calibration, missing, inputs]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    // MARK: Sections

    private var headline: String {
        let note = root.text("scenario", "note")
        var text = "# \(Self.plain(document.name))\n\n"
        text += "\(Self.plain(document.period)), \(Self.plain(document.currency)), effective cost."
        text += note.isEmpty ? "\n\n" : " \(Self.plain(note))\n\n"
        text += Self.table(
            ["Bill now", "Bill after", "Saving", "Of the bill"],
            [
                [document.before, document.after, document.saving].map { "**\(document.shown($0))**" }
                    + ["\(root.text("savings", "percent")) %"]
            ], numbers: [0, 1, 2, 3])
        if !document.keyFacts.isEmpty {
            text +=
                "\n"
                + document.keyFacts.map { "- \(Self.plain($0.title)): **\(words([$0.value]))**, \(words($0.note))\n" }
                .joined()
        }
        if !document.certificate.isEmpty { text += "\n\(words(document.certificate))\n" }
        if case .object? = root.at("savings", "range") {
            text += "\nRange: \(Self.prose(root.text("savings", "range_reason"))).\n"
        } else {
            text += "\nNo range of the saving: \(Self.prose(root.text("savings", "range_reason"))).\n"
        }
        if document.isHindsight {
            text += "\n> Hindsight: the plan was found in the very hours it is judged by.\n"
        }
        for warning in root.list("warnings").compactMap(\.string) {
            text += "\n> Note: \(Self.prose(HTMLReport.sentence(warning)))\n"
        }
        return text
    }

    private var levers: String {
        let steps = root.list("waterfall")
        guard !steps.isEmpty else { return "" }
        return "## Levers\n\n"
            + Self.table(
                ["Lever", "Bill before", "Bill after", "Saving"],
                steps.map { step in
                    [Self.plain(Show.lever(step.text("lever")))]
                        + [step.text("before"), step.text("after"), step.text("saving")].map { document.shown($0) }
                }, numbers: [1, 2, 3])
    }

    private var purchases: String {
        let ranked = PurchaseList(document).ranked
        guard !ranked.isEmpty else { return "## What to buy\n\nNothing: no commitment offered here saves money.\n" }
        let rows = ranked.prefix(Self.shown).enumerated().map { index, item in
            let line = PurchaseLine(item, currency: document.currency)
            return [
                "\(index + 1). " + Self.plain("\(line.title), \(line.scope)"), Self.plain(line.amount),
                Self.plain(line.begins),
                document.shown(item.text("figures", "fee")), document.shown(item.text("figures", "saving")),
                line.used.isEmpty ? "" : "\(line.used) %", line.breakEven,
            ]
        }
        let more = ranked.count - Self.shown
        return "## What to buy\n\n"
            + Self.table(
                ["Commitment", "How much", "Begins", "Costs", "Saves", "Used", "Paid off in"], Array(rows),
                numbers: [3, 4, 5]) + (more > 0 ? "\n\(more) more are in report.json.\n" : "")
    }

    private var calendar: String {
        let months = root.list("calendar")
        guard !months.isEmpty, !root.list("ends").isEmpty else { return "" }
        return "## When commitments begin and end\n\n"
            + Self.table(
                ["Month", "Begins, an hour", "Paid at purchase", "Ends, an hour", "In force, an hour"],
                months.map { month in
                    func fee(_ key: String) -> String {
                        Show.grouped((Money(month.text(key)) ?? .zero).rounded(to: 2))
                    }
                    return [
                        month.text("month"), fee("begins"), document.shown(month.text("upfront")), fee("ends"),
                        fee("in_force"),
                    ]
                }, numbers: [1, 2, 3, 4])
    }

    private var risk: String {
        guard let plan = root.at("plan"), !plan.list("demand_falls").isEmpty else { return "" }
        let falls = plan.list("demand_falls")
        let waiting = plan.text("waiting_a_month")
        return "## What if demand falls\n\n"
            + Self.table(
                ["As planned"] + falls.map { "−\($0.text("percent")) %" } + ["Waiting a month costs"],
                [
                    [document.shown(document.saving)] + falls.map { document.shown($0.text("saving")) }
                        + [waiting.isEmpty ? "–" : document.shown(waiting)]
                ], numbers: Set(0...falls.count + 1))
            + "\nThe saving of the whole plan; a minus is a loss against not buying.\n"
    }

    private var comparison: String {
        let variants = root.list("compare")
        guard !variants.isEmpty else { return "" }
        return "## Variants\n\n"
            + Self.table(
                ["Variant", "What differs", "Bill now", "Bill after", "Saving", "Of the bill"],
                variants.map { variant in
                    let settings = (variant.at("settings")?.members ?? []).map {
                        "\($0.key) = \($0.value.string ?? "")"
                    }
                    return [
                        Self.plain(variant.text("name")),
                        settings.isEmpty ? "the scenario itself" : Self.plain(settings.joined(separator: ", ")),
                        document.shown(variant.text("before")), document.shown(variant.text("after")),
                        document.shown(variant.text("savings", "saving")), "\(variant.text("savings", "percent")) %",
                    ]
                }, numbers: [2, 3, 4, 5])
    }

    private var months: String {
        let months = root.list("months")
        guard !months.isEmpty else { return "" }
        return "## By month\n\n"
            + Self.table(
                ["Month", "Bill now", "Bill after", "Coverage", "Utilisation"],
                months.map { month in
                    [
                        month.text("month"), document.shown(month.text("effective_before")),
                        document.shown(month.text("effective_after")), "\(month.text("coverage_percent")) %",
                        "\(month.text("utilization_percent")) %",
                    ]
                }, numbers: [1, 2, 3, 4])
    }

    private var calibration: String {
        let calibration = root.at("calibration") ?? .null
        let shares = ["rated", "derived", "carried"].map { "\($0) \(calibration.text("shares", $0, "percent")) %" }
        let statements = ["statement", "coverage_statement", "shape_statement"].map { calibration.text($0) }.filter {
            !$0.isEmpty
        }
        return "## Trust\n\n\(statements.map { Self.prose(HTMLReport.sentence($0)) }.joined(separator: " ")) "
            + "Of the bill: \(shares.joined(separator: ", ")). Demand: \(Self.plain(calibration.text("demand"))). "
            + "Prices: \(Self.plain(calibration.text("prices"))).\n"
    }

    private var missing: String {
        let rows = root.list("not_evaluated").map { item in
            [item.text("subject"), item.text("missing"), item.text("supplied_by")].map(Self.prose)
        }
        return rows.isEmpty
            ? "" : "## Not evaluated\n\n" + Self.table(["What", "Why", "What would supply it"], rows, numbers: [])
    }

    private var inputs: String {
        let rows = (root.at("inputs")?.members ?? []).map { [Self.plain($0.key), "`\($0.value.string ?? "")`"] }
        return "## Made from\n\n" + Self.table(["Input", "SHA-256"], rows, numbers: [])
    }

    // MARK: Text

    /// A text in which nothing is markup, in one line.
    static func plain(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "!": out += "\\" + String(scalar)
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "&": out += "&amp;"
            // Names and addresses of people in a text notify nobody.
            case "@": out += "&#64;"
            default: Visible.append(scalar, to: &out)
            }
        }
        return out
    }

    /// A sentence of our own in which names may stand between backticks: those stay code, the rest is plain.
    static func prose(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return plain(text) }
        return parts.enumerated().map { index, part in
            guard index % 2 == 1 else { return plain(String(part)) }
            return "`" + Visible.text(String(part)) + "`"
        }.joined()
    }

    /// A sentence of words and amounts.
    private func words(_ pieces: [Piece]) -> String {
        pieces.map { piece in
            switch piece {
            case .words(let text): Self.plain(text)
            case .amount(let exact): document.shown(exact)
            }
        }.joined()
    }

    private static func table(_ head: [String], _ rows: [[String]], numbers: Set<Int>) -> String {
        let rule = head.indices.map { numbers.contains($0) ? "---:" : "---" }
        return ([head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}
