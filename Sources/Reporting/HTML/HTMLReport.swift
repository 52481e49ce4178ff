internal import PlimsollCore

/// `report.html`: one file that needs no network. Without a chart library it has the tables only, and says so.
public struct HTMLReport: Sendable {
    let document: ReportDocument
    /// The chart library's source.
    let library: String?

    /// A page of `document`; `library` is the source of Chart.js, inlined as it is.
    public init(_ document: ReportDocument, library: String?) {
        self.document = document
        self.library = PageShell.usable(library)
    }

    var root: JSONValue { document.root }
    var currency: String { document.currency }
    var hasCharts: Bool { library != nil }

    /// The page.
    public var text: String {
        PageShell(title: "\(document.name): \(document.period)", body: body, figures: figures, library: library).text
    }

    private var body: String {
        // What is decided on comes first, what it rests on last.
        let parts = [
            ("headline", "In short", headline), ("levers", "Saving", levers), ("purchases", "What to buy", purchases),
            ("calendar", "Calendar", calendar), ("risk", "If demand falls", risk), ("months", "By month", monthly),
            ("hours", "By hour", hourly),
            ("coverage", "Coverage", coverage), ("compare", "Variants", comparison), ("buying", "How to buy", buying),
            ("calibration", "Trust", calibration), ("missing", "Not evaluated", missing),
            ("inputs", "Made from", inputs),
        ].filter { !$0.2.isEmpty }
        let links = parts.dropFirst().map { "<a href=\"#\($0.0)\">\($0.1)</a>" }
        return header + "<nav aria-label=\"Parts of the report\">\(links.joined(separator: "\n"))</nav>\n"
            + "<main id=\"main\">\n" + parts.map(\.2).joined(separator: "\n") + "</main>\n"
    }

    // MARK: Amounts

    /// An exact amount, shown rounded.
    func amount(_ exact: String) -> String { Markup.amount(exact, places: document.places) }

    /// A saving or a loss.
    func signed(_ exact: String) -> String { Markup.signed(exact, places: document.places) }

    // MARK: Parts of sections

    func section(_ id: String, _ title: String, _ lead: String, _ content: String) -> String {
        let lead = lead.isEmpty ? "" : "<p class=\"lead\">\(lead)</p>\n"
        return """
            <section id="\(id)" aria-labelledby="\(id)-title">
            <h2 id="\(id)-title">\(Markup.escape(title))</h2>
            \(lead)\(content)</section>

            """
    }

    /// A chart with its table: folded away where the chart is drawn, open where there is none.
    func chart(_ id: String, _ label: String, controls: String = "", table: String) -> String {
        guard hasCharts else { return table }
        return """
            <figure class="chart" id="\(id)-chart">
            \(controls)<div class="plot"><canvas id="\(id)-canvas" role="img" aria-label="\(Markup.escape(label))"></canvas></div>
            </figure>
            <details><summary>Table of this chart</summary>
            \(table)</details>

            """
    }
}
