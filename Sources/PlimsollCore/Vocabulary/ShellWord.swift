/// Words for a POSIX shell.
public enum ShellWord {
    /// The text as one word, quoted where it has anything but harmless characters.
    public static func quote(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || "-._/:".utf8.contains(byte)
        }
        // A word that begins with a dash would be an option.
        if isPlain, !text.isEmpty, !text.hasPrefix("-") { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
