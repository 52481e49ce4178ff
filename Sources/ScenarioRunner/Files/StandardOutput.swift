internal import Foundation
public import PlimsollCore

/// Data to standard output, whole or with an error; talk to standard error.
public enum StandardOutput {
    /// Writes data. A reader that has gone away ends the process quietly, as the system does it.
    public static func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

    /// Writes data.
    public static func write(_ bytes: [UInt8]) throws(Failure) {
        let problem = OutputDirectory.writeAll(bytes, to: STDOUT_FILENO)
        if problem == EPIPE { exit(0) }
        guard problem == 0 else {
            let reason = String(cString: strerror(problem)).lowercased()
            throw Failure(
                .cannotWrite, "output.cannot-write", "standard output cannot be written: \(reason)",
                hint: "free some space where it is redirected to")
        }
    }

    /// Writes talk, followed by a line end; failing is no error.
    public static func talk(_ text: String) {
        _ = OutputDirectory.writeAll(Array((text + "\n").utf8), to: STDERR_FILENO)
    }
}
