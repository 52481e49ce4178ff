public import PlimsollCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// One file to be written: its name below a directory, and its content.
public struct OutputFile: Sendable {
    /// Path below the directory, such as `inputs/usage.csv`.
    public var name: String
    /// All of its content.
    public var bytes: [UInt8]

    /// A file with the given content.
    public init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// A file with the UTF-8 of a text.
    public init(_ name: String, text: String) { self.init(name, Array(text.utf8)) }
}

/// Writes files so that a reader sees an old file or a whole new one, never a part of it: written
/// beside, synced, renamed. What cannot be written is a ``Failure`` with exit code 73.
public enum OutputFiles {
    /// Writes or replaces the file at `path`.
    public static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let target = POSIX.resolved(path)
        switch POSIX.kind(target) {
        case .directory:
            throw Failure(
                .cannotWrite, "output.directory", "`\(path)` is a directory", at: .init(file: path),
                hint: "name a file in it")
        case .special: try fill(target, bytes, named: path)
        case .regular, .missing:
            let shield = SignalShield()
            defer { shield.lower() }
            let (folder, name) = POSIX.split(target)
            let beside = "\(folder)/.\(name).\(getpid()).part"
            do throws(Failure) {
                try fill(beside, bytes, named: path)
                try POSIX.check(rename(beside, target), path)
            } catch {
                unlink(beside)
                throw error
            }
        }
    }

    /// Writes `files` into the directory at `path`, which is made where it is missing. All are staged
    /// first: where one cannot be, none is written and nothing new remains.
    public static func write(_ files: [OutputFile], into path: String) throws(Failure) {
        let shield = SignalShield()
        defer { shield.lower() }
        var made: [String] = []
        let stage = "\(path)/.plimsoll.\(getpid()).part"
        do throws(Failure) {
            try POSIX.makeFolders(path, named: path, made: &made)
            try POSIX.makeFolders(stage, named: path, made: &made)
            for (index, file) in files.enumerated() {
                try fill("\(stage)/\(index)", file.bytes, named: "\(path)/\(file.name)")
            }
            for file in files {
                let target = "\(path)/\(file.name)"
                try POSIX.makeFolders(POSIX.split(target).folder, named: target, made: &made)
                if POSIX.kind(target) == .directory { throw POSIX.failure(EISDIR, target) }
            }
            for (index, file) in files.enumerated() {
                let target = "\(path)/\(file.name)"
                try POSIX.check(rename("\(stage)/\(index)", target), target)
            }
            rmdir(stage)
        } catch {
            for index in files.indices { unlink("\(stage)/\(index)") }
            for folder in made.reversed() { rmdir(folder) }
            throw error
        }
    }

    /// Writes a file that nobody reads yet, and sees it on the disk.
    private static func fill(_ target: String, _ bytes: [UInt8], named path: String) throws(Failure) {
        let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw POSIX.failure(errno, path) }
        var code = POSIX.writeAll(descriptor, bytes)
        // What cannot be synced, such as a pipe, says EINVAL.
        if code == 0, fsync(descriptor) != 0, errno != EINVAL, errno != EROFS, errno != ENOTSUP { code = errno }
        if close(descriptor) != 0, code == 0, errno != EINTR { code = errno }
        guard code == 0 else { throw POSIX.failure(code, path) }
    }
}

/// Holds back SIGINT and SIGTERM while files are between two states.
private struct SignalShield {
    private var before = sigset_t()

    init() {
        var held = sigset_t()
        sigemptyset(&held)
        sigaddset(&held, SIGINT)
        sigaddset(&held, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &held, &before)
    }

    func lower() {
        var mask = before
        pthread_sigmask(SIG_SETMASK, &mask, nil)
    }
}
