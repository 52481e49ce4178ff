internal import PlimsollCore

/// How a finished run can be shown.
public enum ReportRendering: String, Sendable, CaseIterable {
    /// The page for people.
    case html
    /// The summary for a pull request.
    case md
    /// `report.json` as it is.
    case json
}

extension ReportDocument {
    /// Everything made from the report: the page, the summary, and what to do. `library` is Chart.js's source.
    public func files(library: String?) -> [(name: String, bytes: [UInt8])] {
        let texts =
            [("report.html", HTMLReport(self, library: library).text), ("report.md", MarkdownReport(self).text)]
            + ActionFiles(self).all.map { ($0.name, $0.text) }
        return texts.map { (name: $0.0, bytes: Array($0.1.utf8)) }
    }

    /// The text of one rendering; for JSON the document as `report.json` has it.
    public func text(_ rendering: ReportRendering, library: String?) -> String {
        switch rendering {
        case .html: HTMLReport(self, library: library).text
        case .md: MarkdownReport(self).text
        case .json: root.text
        }
    }
}
