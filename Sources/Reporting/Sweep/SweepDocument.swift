public import PlimsollCore

/// A sweep as `sweep.json` says it, and what is made from it.
public struct SweepDocument: Sendable {
    private let root: JSONValue

    /// A document in the form of `sweep.json`.
    public init(_ root: JSONValue) { self.root = root }

    /// The text of `sweep.json`.
    public var json: String { root.text }

    private var keys: [String] { root.list("vary").map { $0.text("key") } }
    private var points: [JSONValue] { root.list("points") }
    private var currency: String { root.text("currency") }
    private var missing: [JSONValue] { root.list("no_plan") }

    /// `key = value, key = value` of a run.
    private func settings(_ point: JSONValue) -> String {
        zip(keys, point.list("settings")).map { "\($0) = \($1.string ?? "")" }.joined(separator: ", ")
    }

    private func isBest(_ point: JSONValue) -> Bool { point.text("undominated") == "true" }

    private static let amounts = ["before", "after", "saving", "percent", "saving_after_fall", "upfront", "purchases"]

    /// One row a run, amounts exact.
    public var csv: [UInt8] {
        var out = CSVWriter(header: keys + Self.amounts + ["undominated", "no_plan"])
        for point in points {
            out.add(
                point.list("settings").compactMap(\.string) + Self.amounts.map { point.text($0) }
                    + [point.text("undominated"), ""])
        }
        for run in missing {
            out.add(
                run.list("settings").compactMap(\.string) + Self.amounts.map { _ in "" } + ["", run.text("reason")])
        }
        return out.bytes
    }

    /// For people, lines at most `width` characters where that can be done.
    public func table(width: Int) -> String {
        var table = TextTable(
            keys.map { TextTable.Column($0) } + [
                .init("Bill before", isNumber: true, rank: 3), .init("Bill after", isNumber: true, rank: 2),
                .init("Saving", isNumber: true), .init("%", isNumber: true, rank: 1),
                .init("Saving, demand −\(root.text("fall_percent")) %", isNumber: true),
                .init("Upfront", isNumber: true, rank: 1), .init("", rank: 1),
            ])
        for point in points {
            table.add(
                point.list("settings").compactMap(\.string)
                    + ["before", "after", "saving"].map { Show.amount(point.text($0)) } + [point.text("percent")]
                    + ["saving_after_fall", "upfront"].map { Show.amount(point.text($0)) }
                    + [isBest(point) ? "*" : ""])
        }
        return table.text(width: width)
            + "\n* no other run saves more, keeps more when demand falls and pays less upfront\n"
            + missing.map { "No plan: \(Visible.text("\(settings($0)): \($0.text("reason"))"))\n" }.joined()
    }

    /// The page; `library` is Chart.js's source.
    public func html(library: String?) -> String {
        let library = PageShell.usable(library)
        let rows = points.map { point in
            point.list("settings").map { Markup.name($0.string ?? "") }
                + ["before", "after"].map { Markup.amount(point.text($0)) } + [Markup.signed(point.text("saving"))]
                + ["\(Markup.escape(point.text("percent"))) %", Markup.signed(point.text("saving_after_fall"))]
                + [Markup.amount(point.text("upfront")), isBest(point) ? "yes" : ""]
        }
        let fall = "Saving, demand −\(root.text("fall_percent"))\u{a0}%"
        let table = Markup.table(
            "Runs of the sweep, \(currency)",
            keys + ["Bill before", "Bill after", "Saving", "Of the bill", fall, "Upfront", "Undominated"], rows,
            numbers: Set(keys.count...keys.count + 5))
        let plot =
            library == nil
            ? "<p>No chart library was at hand, so there are tables only.</p>\n"
            : #"<figure class="chart" id="sweep-chart"><div class="plot"><canvas id="sweep-canvas" role="img" aria-label="Saving of each run against its saving when demand falls"></canvas></div></figure>"#
        let body = """
            <header><p class="eyebrow">Sweep · \(Markup.escape(currency))</p>
            <h1>\(Markup.name(root.text("scenario")))</h1></header>
            <main id="main"><section id="sweep" aria-labelledby="sweep-title">
            <h2 id="sweep-title">Saving against risk</h2>
            <p class="lead">One point a run: upwards it saves more, to the right it keeps more when demand is \
            \(Markup.escape(root.text("fall_percent"))) % lower. No run beats an undominated one in saving, in risk \
            and in cash paid upfront at once.</p>
            \(plot)
            \(table)\(notes)<p class="small">Scenario: SHA-256 <code class="hash">\(Markup.escape(root.text("sha256")))</code></p>
            </section></main>

            """
        return PageShell(title: "\(root.text("scenario")): sweep", body: body, figures: figures, library: library).text
    }

    private var notes: String {
        missing.map { run in
            "<p class=\"warning\"><strong>No plan.</strong> \(Markup.name(settings(run))): "
                + "\(Markup.prose(run.text("reason")))</p>\n"
        }.joined()
    }

    private var figures: JSONValue {
        func number(_ text: String) -> JSONValue {
            (Money(text)?.rounded(to: 2)).flatMap { Double($0) }.map(JSONValue.double) ?? .null
        }
        return .object([
            "currency": .string(currency),
            "sweep": .array(
                points.map { point in
                    .object([
                        "label": .string(Visible.text(settings(point))),
                        "x": number(point.text("saving_after_fall")), "y": number(point.text("saving")),
                        "best": .bool(isBest(point)),
                    ])
                }),
        ])
    }
}
