internal import ArgumentParser
internal import Foundation
internal import PlimsollCore
internal import Reporting
internal import ScenarioRunner

enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

/// Options every command has.
struct TerminalOptions: ParsableArguments {
    @Option(help: "When to use colour: auto (on a terminal, unless NO_COLOR is set), always, never.")
    var color = ColorChoice.auto

    @Flag(name: [.long, .short], help: "Say only errors on standard error.")
    var quiet = false

    var style: TextStyle {
        switch color {
        case .always: TextStyle(colored: true)
        case .never: TextStyle(colored: false)
        case .auto:
            TextStyle(colored: isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty)
        }
    }

    /// Characters in a line of the terminal; wide where output goes to a file.
    var width: Int {
        if let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text), columns >= 40 {
            return columns
        }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 200 }
        return Int(size.ws_col)
    }

    /// Prints warnings to standard error.
    func warn(_ warnings: [Diagnostic]) {
        guard !quiet else { return }
        for warning in warnings { StandardOutput.talk(warning.description) }
    }

    /// Says something on standard error.
    func say(_ text: String) {
        if !quiet { StandardOutput.talk(text) }
    }
}
