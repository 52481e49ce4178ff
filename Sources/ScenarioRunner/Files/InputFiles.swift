internal import Foundation
public import PlimsollCore

/// Reads input files. What cannot be opened ends in exit code 66, with the path and a remedy.
public enum InputFiles {
    /// All bytes of a file; `-` is standard input.
    public static func read(_ path: String) throws(Failure) -> [UInt8] {
        if path == "-" { return try drain(STDIN_FILENO, path) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unopenable(path, errno) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw unopenable(path, errno) }
        guard facts.st_mode & S_IFMT != S_IFDIR else { throw unopenable(path, EISDIR) }
        return try drain(descriptor, path, expecting: Int(facts.st_size))
    }

    private static func drain(_ descriptor: Int32, _ path: String, expecting: Int = 0) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expecting + 1)
        var chunk = [UInt8](repeating: 0, count: max(1 << 16, min(expecting, 1 << 22)))
        while true {
            let got = fill(descriptor, &chunk)
            if got == 0 { return bytes }
            if got < 0 {
                if errno == EINTR { continue }
                throw unopenable(path, errno)
            }
            bytes.append(contentsOf: chunk[..<got])
        }
    }

    private static func fill(_ descriptor: Int32, _ chunk: inout [UInt8]) -> Int {
        chunk.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
    }

    private static func unopenable(_ path: String, _ code: Int32) -> Failure {
        let shown = path == "-" ? "standard input" : path
        let hint: String
        switch code {
        case ENOENT: hint = "check the path; it is taken relative to the current directory, in YAML files to the file"
        case EISDIR: return Failure(.noInput, "input.directory", "`\(shown)` is a directory", hint: "name a file in it")
        case EACCES, EPERM: hint = "allow reading it: `chmod u+r \(shown)`"
        default: hint = "check that the file can be read"
        }
        let reason = String(cString: strerror(code)).lowercased()
        return Failure(.noInput, "input.unreadable", "`\(shown)` cannot be read: \(reason)", hint: hint)
    }

    /// A path written in a file at `file`: absolute, or relative to that file's directory.
    public static func resolve(_ path: String, besides file: String) -> String {
        guard !path.hasPrefix("/"), path != "-" else { return path }
        guard let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }
}
