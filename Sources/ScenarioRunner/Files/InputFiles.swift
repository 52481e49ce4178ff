public import PlimsollCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Reads input files whole. What cannot be opened or read is a ``Failure`` with exit code 66.
public enum InputFiles {
    /// The bytes of the file at `path`; `-` is standard input.
    public static func read(_ path: String) throws(Failure) -> [UInt8] {
        if path == "-" { return try drain(0, size: 0, name: name(path)) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotOpen(path, errno) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw cannotOpen(path, errno) }
        if facts.st_mode & S_IFMT == S_IFDIR {
            throw Failure(
                .noInput, "input.directory", "`\(path)` is a directory, not a file", at: .init(file: path),
                hint: "name a file in it: `ls \(path)`")
        }
        return try drain(descriptor, size: Int(facts.st_size), name: path)
    }

    /// What messages call the file at `path`.
    public static func name(_ path: String) -> String { path == "-" ? "<stdin>" : path }

    /// All bytes of a file; nil where there is none of that name.
    public static func readIfThere(_ path: String) throws(Failure) -> [UInt8]? {
        if case .missing = POSIX.kind(path) { return nil }
        return try read(path)
    }

    private static func drain(_ descriptor: Int32, size: Int, name: String) throws(Failure) -> [UInt8] {
        // One byte more than the file has, so that its end is seen without growing.
        var room = max(size + 1, 1 << 16)
        var result: [UInt8] = []
        while true {
            let part = chunk(descriptor, room)
            if part.failure != 0 { throw cannotOpen(name, part.failure) }
            if part.bytes.isEmpty { return result }
            if result.isEmpty { result = part.bytes } else { result += part.bytes }
            room = 1 << 20
        }
    }

    private static func chunk(_ descriptor: Int32, _ room: Int) -> (bytes: [UInt8], failure: Int32) {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            while count < room, let base = buffer.baseAddress {
                let got = Self.systemRead(descriptor, base + count, room - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { return }
                count += got
            }
        }
        return (bytes, failure)
    }

    private static func systemRead(_ descriptor: Int32, _ base: UnsafeMutablePointer<UInt8>, _ room: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, base, room)
        #else
            Darwin.read(descriptor, base, room)
        #endif
    }

    private static func cannotOpen(_ path: String, _ code: Int32) -> Failure {
        let place = Diagnostic.Place(file: path)
        switch code {
        case ENOENT, ENOTDIR:
            return Failure(
                .noInput, "input.missing", "there is no file `\(path)`", at: place,
                hint: "check the path; a relative one begins at the directory that plimsoll was started in")
        case EACCES, EPERM:
            return Failure(
                .noInput, "input.unreadable", "`\(path)` may not be read", at: place,
                hint: "allow it with `chmod u+r \(path)`, or run as a user who may")
        default:
            let reason = String(cString: strerror(code))
            return Failure(
                .noInput, "input.unreadable", "`\(path)` cannot be read: \(reason)", at: place,
                hint: "check the path and the disk it is on")
        }
    }
}
