import ArgumentParser
import Glibc
import PlimsollCore
import Reporting
import Synchronization

/// Options that every command has.
struct TalkOptions: ParsableArguments {
    enum Color: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

    @Option(help: "Colour in messages; auto is on a terminal where NO_COLOR is not set.")
    var color = Color.auto

    @Flag(name: [.short, .long], help: "Say errors only: no warnings, no progress.")
    var quiet = false

    @Flag(help: "Say what is read and written, with sizes, and every phase with its counts.")
    var verbose = false

    // Called when the command line has been read, before the command runs.
    func validate() throws {
        guard !(quiet && verbose) else { throw ValidationError("'--quiet' and '--verbose' exclude each other.") }
        Talk.isQuiet.store(quiet, ordering: .relaxed)
        Talk.isVerbose.store(verbose, ordering: .relaxed)
        switch color {
        case .auto: break
        case .always: Talk.isColored.store(true, ordering: .relaxed)
        case .never: Talk.isColored.store(false, ordering: .relaxed)
        }
    }
}

/// Standard error, for everything that is not data.
enum Talk {
    /// Whether only errors are said.
    static let isQuiet = Atomic(false)
    /// Whether files and phases are said too.
    static let isVerbose = Atomic(false)
    /// Whether messages have colour; it repeats what their first word says.
    static let isColored = Atomic(isatty(2) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true))

    /// Whether a line of progress stands on the terminal.
    static let isLineShown = Atomic(false)

    /// One line or paragraph.
    static func say(_ text: String) {
        // A line of progress makes room.
        var bytes = Array((isLineShown.exchange(false, ordering: .relaxed) ? wipe + text : text).utf8)[...]
        bytes.append(UInt8(ascii: "\n"))
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Warnings and notes, a blank line between; nothing where only errors are asked for.
    static func tell(_ diagnostics: [Diagnostic]) {
        if !isQuiet.load(ordering: .relaxed) { complain(diagnostics) }
    }

    /// Diagnostics that end the run, a blank line between.
    static func complain(_ diagnostics: [Diagnostic]) {
        guard !diagnostics.isEmpty else { return }
        say(diagnostics.map(text).joined(separator: "\n\n"))
    }

    /// As it is said: what a terminal would obey instead of showing becomes blanks.
    private static func text(_ diagnostic: Diagnostic) -> String {
        let plain = diagnostic.description.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Visible.text(String($0)) }.joined(separator: "\n")
        guard isColored.load(ordering: .relaxed) else { return plain }
        let head = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
        guard plain.hasPrefix(head) else { return plain }
        let code = diagnostic.severity == .error ? "1;31" : "1;33"
        return "\u{1b}[\(code)m\(head)\u{1b}[0m" + plain.dropFirst(head.count)
    }

    /// Characters in a line of standard output: the terminal's, `COLUMNS`, or 200 where nobody looks.
    static var width: Int {
        var size = winsize()
        if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return max(40, Int(size.ws_col)) }
        let told = getenv("COLUMNS").flatMap { Int(String(cString: $0)) }
        return told.map { max(40, $0) } ?? 200
    }
}
