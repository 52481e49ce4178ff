internal import Foundation
public import PlimsollCore

/// A file to be written.
public struct OutputFile: Sendable, Hashable {
    /// Path within the output directory, `/` between parts.
    public var name: String
    /// All of its content.
    public var bytes: [UInt8]

    /// A file of `bytes`.
    public init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// A file of a text's UTF-8.
    public init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
}

/// Publishes a set of files in a directory: all are written beside it first and renamed into place only
/// when every one is complete. A failure or an interruption before that leaves what was there untouched.
public struct OutputDirectory: Sendable {
    private let path: String

    /// The directory at `path`; made when first written to.
    public init(_ path: String) {
        var trimmed = Substring(path)
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)
    }

    /// Writes all of `files`. Throws exit code 73 with path and remedy; then nothing has changed.
    public func publish(_ files: [OutputFile]) throws(Failure) {
        try Self.checkDirectory(path)
        let staging = "\(path).plimsoll-\(getpid())"
        Interruption.willWrite(staging)
        defer { Interruption.discard(staging) }
        try Self.makeDirectory(staging)
        for file in files {
            try Self.makeParents(of: file.name, in: staging)
            try Self.write(file.bytes, to: "\(staging)/\(file.name)", shownAs: "\(path)/\(file.name)")
        }
        // From here on an interruption waits: the set is published whole.
        try Interruption.uninterrupted { () throws(Failure) in
            if rename(staging, path) == 0 { return }
            try Self.makeDirectory(path)
            for file in files {
                try Self.makeParents(of: file.name, in: path)
                let target = "\(path)/\(file.name)"
                if rename("\(staging)/\(file.name)", target) != 0 { throw Self.failure(target, errno) }
            }
        }
    }

    private static func checkDirectory(_ path: String) throws(Failure) {
        var facts = stat()
        if stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFDIR { throw failure(path, ENOTDIR) }
    }

    private static func makeParents(of name: String, in root: String) throws(Failure) {
        var path = root
        for part in name.split(separator: "/").dropLast() {
            path += "/" + part
            try makeDirectory(path)
        }
    }

    private static func makeDirectory(_ path: String) throws(Failure) {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectory(String(path[..<slash]))
            if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        }
        throw failure(path, errno)
    }

    private static func write(_ bytes: [UInt8], to path: String, shownAs shown: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure(shown, errno) }
        let problem = writeAll(bytes, to: descriptor)
        let closed = close(descriptor) == 0 ? 0 : errno
        if problem != 0 || closed != 0 { throw failure(shown, problem != 0 ? problem : closed) }
    }

    /// 0, or the system's error number.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
                let wrote = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if wrote < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                done += wrote
            }
            return 0
        }
    }

    static func failure(_ path: String, _ code: Int32) -> Failure {
        let hint: String
        switch code {
        case EACCES, EPERM, EROFS: hint = "choose another directory with --out, or allow writing there"
        case ENOSPC, EDQUOT: hint = "free some space, or choose another directory with --out"
        case EFBIG: hint = "raise the limit on file sizes (`ulimit -f`), or choose another directory"
        case ENOTDIR, EEXIST: hint = "a file is in the way; choose another directory with --out"
        default: hint = "choose another directory with --out"
        }
        let reason = String(cString: strerror(code)).lowercased()
        return Failure(
            .cannotWrite, "output.cannot-write", "`\(path)` cannot be written: \(reason); nothing was changed", hint: hint)
    }
}
