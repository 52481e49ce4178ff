import Glibc
import PlimsollCore

/// Standard error, for everything that is not data.
enum Talk {
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

    /// Diagnostics, a blank line between.
    static func tell(_ diagnostics: [Diagnostic]) {
        guard !diagnostics.isEmpty else { return }
        say(diagnostics.map(\.description).joined(separator: "\n\n"))
    }

    /// Characters in a line of standard output: the terminal's, `COLUMNS`, or 200 where nobody looks.
    static var width: Int {
        var size = winsize()
        if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return max(40, Int(size.ws_col)) }
        let told = getenv("COLUMNS").flatMap { Int(String(cString: $0)) }
        return told.map { max(40, $0) } ?? 200
    }

    /// What is being done, on a terminal only, over the line before; empty wipes it.
    static func progress(_ text: String) {
        guard isatty(2) == 1 else { return }
        let line = text.isEmpty ? "\r\u{1b}[K" : "\r\u{1b}[K\(text) …"
        _ = Array(line.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}
