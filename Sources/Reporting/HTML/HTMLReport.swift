internal import Foundation
internal import PlimsollCore

/// `report.html`: one file that needs no network. Without a chart library it has the tables only, and says so.
public struct HTMLReport: Sendable {
    let document: ReportDocument
    /// The chart library's source.
    let library: String?

    /// A page of `document`; `library` is the source of Chart.js, inlined as it is.
    public init(_ document: ReportDocument, library: String?) {
        self.document = document
        // What would end the element it is put in is no script that could be inlined.
        self.library = library.flatMap { $0.lowercased().contains("</script") ? nil : $0 }
    }

    var root: JSONValue { document.root }
    var currency: String { document.currency }
    var hasCharts: Bool { library != nil }

    /// The page.
    public var text: String {
        let scripts = library.map { [$0.replacing("//# sourceMappingURL", with: "//"), PageScript.text] } ?? []
        let policy =
            "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
            + "style-src \(Self.source(PageStyle.text)); "
            + "script-src \(scripts.isEmpty ? "'none'" : scripts.map(Self.source).joined(separator: " "))"
        let title = Markup.escape("\(document.name): \(document.period)")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <link rel="icon" href="data:,">
            <title>\(title)</title>
            <style>\(PageStyle.text)</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the report</a>
            \(body)
            \(hasCharts ? #"<script type="application/json" id="figures">\#(Markup.data(figures))</script>"# : "")
            \(scripts.map { "<script>\($0)</script>" }.joined(separator: "\n"))
            </body>
            </html>

            """
    }

    private static func source(_ text: String) -> String {
        let hex = ContentHash.sha256(text)
        var bytes = Data()
        var rest = hex[...]
        while rest.count >= 2 {
            bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return "'sha256-\(bytes.base64EncodedString())'"
    }

    private var body: String {
        let parts = [
            headline, levers, monthly, hourly, coverage, purchases, risk, buying, comparison, calibration, missing,
            inputs,
        ]
        return header + "<main id=\"main\">\n" + parts.filter { !$0.isEmpty }.joined(separator: "\n") + "</main>\n"
    }

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
            <details><summary>The numbers of this chart</summary>
            \(table)</details>

            """
    }
}
