public import PlimsollCore

/// Standard output, for data.
public enum StandardOutput {
    /// Writes all of `bytes`. A reader that went away ends the process quietly (SIGPIPE); a full disk is a
    /// ``Failure`` with exit code 73.
    public static func write(_ bytes: some Collection<UInt8>) throws(Failure) {
        let code = POSIX.writeAll(1, bytes)
        if code != 0 { throw POSIX.failure(code, "<stdout>") }
    }

    /// Writes a text.
    public static func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }
}
