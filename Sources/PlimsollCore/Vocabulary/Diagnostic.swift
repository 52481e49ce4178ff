/// Something to tell the user: what is wrong, where, and what to do next.
///
/// Whoever collects diagnostics decides which end the run. Printed as
/// `error[code]: place: message` with a `hint:` line below.
public struct Diagnostic: Hashable, Sendable, Codable {
    /// How bad it is.
    public enum Severity: String, Sendable, Codable { case error, warning, note }

    /// A place in a file. Line and column count from 1; 0 = the file as a whole.
    public struct Place: Hashable, Sendable, Codable, CustomStringConvertible {
        /// The file as the user named it.
        public var file: String
        /// Physical line, from 1.
        public var line: Int
        /// Column in bytes of that line, from 1.
        public var column: Int

        /// A place in `file`.
        public init(file: String, line: Int = 0, column: Int = 0) {
            self.file = file
            self.line = line
            self.column = column
        }

        /// `file:line:column`, as far as known.
        public var description: String {
            guard line > 0 else { return file }
            return column > 0 ? "\(file):\(line):\(column)" : "\(file):\(line)"
        }
    }

    /// How bad it is.
    public var severity: Severity
    /// Stable, documented in docs/reference/diagnostics.md: `usage.bad-quantity`.
    public var code: String
    /// What is wrong, with the offending value in backticks.
    public var message: String
    /// Where, if it is in a file.
    public var place: Place?
    /// What to do next.
    public var hint: String?

    /// A diagnostic of the given severity.
    public init(_ severity: Severity, _ code: String, _ message: String, at place: Place? = nil, hint: String? = nil) {
        self.severity = severity
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The text shown to the user, one or three lines.
    public var description: String {
        let location = place.map { "\($0): " } ?? ""
        let tail = hint.map { "\n\nhint: \($0)" } ?? ""
        return "\(severity.rawValue)[\(code)]: \(location)\(message)\(tail)"
    }
}

/// Ends a run: the diagnostics and the exit code that goes with them.
public struct Failure: Error, Sendable {
    /// Exit codes, as documented in docs/reference/exit-codes.md.
    public enum ExitCode: Int32, Sendable {
        /// The answer is no or partial.
        case partial = 3
        /// Wrong options or arguments.
        case usage = 64
        /// An input was opened and is wrong.
        case badInput = 65
        /// An input cannot be opened.
        case noInput = 66
        /// A needed tool is missing.
        case missingTool = 69
        /// A bug.
        case bug = 70
        /// Cannot write.
        case cannotWrite = 73
        /// Interrupted.
        case interrupted = 130
    }

    /// What to say, worst first.
    public var diagnostics: [Diagnostic]
    /// How to exit.
    public var exitCode: ExitCode

    /// A failure that says all of `diagnostics`.
    public init(_ exitCode: ExitCode, _ diagnostics: [Diagnostic]) {
        self.exitCode = exitCode
        self.diagnostics = diagnostics
    }

    /// A failure with one message.
    public init(
        _ exitCode: ExitCode, _ code: String, _ message: String, at place: Diagnostic.Place? = nil, hint: String? = nil
    ) {
        self.init(exitCode, [Diagnostic(.error, code, message, at: place, hint: hint)])
    }
}

extension Failure: CustomStringConvertible {
    /// All messages, blank line between.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n\n") }
}
