import ArgumentParser
import Foundation
import PlimsollCore
import Reporting
import ScenarioRunner

/// How a finished run is shown.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case html, md, json

    var rendering: ReportRendering {
        switch self {
        case .html: .html
        case .md: .md
        case .json: .json
        }
    }
}

/// `plimsoll report DIR`: a finished run rendered again, from its report.json and hours.csv alone.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Render a finished run again: HTML, Markdown or JSON.",
        discussion: """
            Reads report.json, and hours.csv beside it, from a directory that `plimsoll run --out` wrote. Nothing \
            is rated again: the numbers are those of report.json.

            Examples:
              plimsoll report result > report.html
              plimsoll report result --format md
              plimsoll report result --out result/report.html

            The chart library is looked for in $PLIMSOLL_CHARTS, then beside the program and in .tools of the \
            checkout (scripts/bootstrap); without it the page has tables only.
            """)

    @Argument(help: ArgumentHelp("The directory of a finished run.", valueName: "dir"))
    var directory: String

    @Option(help: "html, md or json.")
    var format = ReportFormat.html

    @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
    var out: String?

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        let name = directory + "/report.json"
        let document = try ReportDocument(
            json: Talk.read(name), hours: InputFiles.readIfThere(directory + "/hours.csv"), file: name)
        Talk.note("rendering \(format.rawValue)")
        let library = format == .html ? try Charts.library() : nil
        let text = document.text(format.rendering, library: library)
        if let out { try Talk.write(Array(text.utf8), to: out) } else { try StandardOutput.write(text) }
    }
}

/// The chart library of pages.
enum Charts {
    /// Its source, or nil after a warning.
    static func library() throws(Failure) -> String? {
        if let source = try ChartLibrary.source(ProcessInfo.processInfo.environment) { return source }
        Talk.tell([
            Diagnostic(
                .warning, "report.no-charts", "there is no chart library: report.html has tables only",
                hint: "run `scripts/bootstrap` in the checkout, or set PLIMSOLL_CHARTS to a chart.min.js")
        ])
        return nil
    }
}
