import Glibc
import PlimsollCore
import Reporting
import ScenarioRunner
import Synchronization

/// What is being done: a line over itself on a terminal, lines with `--verbose`.
extension Talk {
    /// Whether someone watches standard error.
    static var isTerminal: Bool { isatty(2) == 1 }

    /// Wipes the line the cursor stands in.
    static let wipe = "\r\u{1b}[K"

    /// A line of `--verbose`.
    static func note(_ text: String) {
        guard isVerbose.load(ordering: .relaxed) else { return }
        say(Visible.text(text))
    }

    /// A file's bytes; its size is a line of `--verbose`.
    static let read: ScenarioContext.ReadFile = { (path) throws(Failure) in
        let bytes = try InputFiles.read(path)
        note("read \(InputFiles.name(path)): \(Show.grouped(String(bytes.count))) bytes")
        return bytes
    }

    /// Writes files into a folder; each is a line of `--verbose`.
    static func write(_ files: [OutputFile], into folder: String) throws(Failure) {
        for file in files { note("write \(folder)/\(file.name): \(Show.grouped(String(file.bytes.count))) bytes") }
        try OutputFiles.write(files, into: folder)
    }

    /// Writes a file; it is a line of `--verbose`.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        note("write \(path): \(Show.grouped(String(bytes.count))) bytes")
        try OutputFiles.write(bytes, to: path)
    }

    /// What is being done, on a terminal only, over the line before; empty wipes it.
    static func progress(_ text: String) {
        if !text.isEmpty { note(text) }
        line(text)
    }

    /// Does something that takes time, and says what meanwhile.
    static func during<Result, Trouble>(
        _ what: String, _ body: () throws(Trouble) -> Result
    ) throws(Trouble) -> Result {
        progress(what)
        defer { progress("") }
        return try body()
    }

    /// When what is counted at present was begun.
    private static let counting = Mutex<(what: String, began: ContinuousClock.Instant)?>(nil)

    /// How much is done of all, on a terminal with a bar and the time that is left at this pace.
    static func counted(_ done: Int, _ all: Int, _ what: String) {
        if done > 0 { note("\(what): \(done) of \(all)") }
        let began = counting.withLock { state in
            if let state, state.what == what { return state.began }
            let now = ContinuousClock.now
            state = (what, now)
            return now
        }
        let seconds = Int(began.duration(to: .now).components.seconds)
        line("\(bar(done, of: all)) \(what): \(done) of \(all)\(left(seconds: seconds, done: done, of: all))")
    }

    /// `[===       ]`.
    static func bar(_ done: Int, of all: Int) -> String {
        let full = all > 0 ? min(10, max(0, done * 10 / all)) : 10
        return "[" + String(repeating: "=", count: full) + String(repeating: " ", count: 10 - full) + "]"
    }

    /// `, about 2 min left`; nothing before the first is done and after the last.
    static func left(seconds: Int, done: Int, of all: Int) -> String {
        guard done > 0, done < all else { return "" }
        let rest = seconds * (all - done) / done
        return rest < 90 ? ", about \(rest) s left" : ", about \((rest + 30) / 60) min left"
    }

    /// One line of the terminal at most: a longer one could not be wiped.
    private static func line(_ text: String) {
        guard isTerminal, !isQuiet.load(ordering: .relaxed) else { return }
        var size = winsize()
        let width = ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
        let shown = text.isEmpty ? "" : Screen.fitted(Visible.text(text), width: max(8, width - 3)) + " …"
        isLineShown.store(!text.isEmpty, ordering: .relaxed)
        _ = Array((wipe + shown).utf8).withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
