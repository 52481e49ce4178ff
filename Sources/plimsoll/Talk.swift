import ArgumentParser
import Glibc
import PlimsollCore
import Reporting
import ScenarioRunner
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

    /// One line or paragraph.
    static func say(_ text: String) {
        var bytes = Array(text.utf8)[...]
        bytes.append(UInt8(ascii: "\n"))
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
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

    private static func text(_ diagnostic: Diagnostic) -> String {
        let plain = diagnostic.description
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

    /// Whether someone watches standard error.
    static var isTerminal: Bool { isatty(2) == 1 }

    /// A line of `--verbose`.
    static func note(_ text: String) {
        guard isVerbose.load(ordering: .relaxed) else { return }
        say((isTerminal ? "\r\u{1b}[K" : "") + text)
    }

    /// A file's bytes; its size is a line of `--verbose`.
    static let read: ScenarioContext.ReadFile = { (path) throws(Failure) in
        let bytes = try InputFiles.read(path)
        note("read \(InputFiles.name(path)): \(Show.grouped(String(bytes.count))) bytes")
        return bytes
    }

    /// What is being done, on a terminal only, over the line before; empty wipes it.
    static func progress(_ text: String) {
        if !text.isEmpty { note(text) }
        line(text)
    }

    private static let began = ContinuousClock.now

    /// How much is done of all, on a terminal with the time that is left at this pace.
    static func counted(_ done: Int, _ all: Int, _ what: String) {
        let text = "\(done) of \(all) \(what)"
        note(text)
        let seconds = began.duration(to: .now).components.seconds
        line(text + left(seconds: Int(seconds), done: done, of: all))
    }

    /// `, about 2 min left`; nothing before the first is done and after the last.
    static func left(seconds: Int, done: Int, of all: Int) -> String {
        guard done > 0, done < all else { return "" }
        let rest = seconds * (all - done) / done
        return rest < 90 ? ", about \(rest) s left" : ", about \((rest + 30) / 60) min left"
    }

    private static func line(_ text: String) {
        guard isatty(2) == 1, !isQuiet.load(ordering: .relaxed) else { return }
        let line = text.isEmpty ? "\r\u{1b}[K" : "\r\u{1b}[K\(text) …"
        _ = Array(line.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}
