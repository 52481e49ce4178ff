internal import PlimsollCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The system calls that writing needs, with their failures in words.
enum POSIX {
    enum Kind { case missing, regular, directory, special }

    /// What is at `path`, links followed.
    static func kind(_ path: String) -> Kind {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return .missing }
        switch facts.st_mode & S_IFMT {
        case S_IFREG: return .regular
        case S_IFDIR: return .directory
        default: return .special
        }
    }

    /// Where `path` leads, so that a link is kept and its target replaced.
    static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    static func split(_ path: String) -> (folder: String, name: String) {
        guard let cut = path.lastIndex(of: "/") else { return (".", path) }
        let folder = String(path[..<cut])
        return (folder.isEmpty ? "/" : folder, String(path[path.index(after: cut)...]))
    }

    /// Makes a folder and those above it; the ones it had to make are added to `made`.
    static func makeFolders(_ path: String, named: String, made: inout [String]) throws(Failure) {
        switch kind(path) {
        case .directory: return
        case .regular, .special: throw failure(ENOTDIR, path)
        case .missing: break
        }
        let above = split(path).folder
        if !path.isEmpty, above != path { try makeFolders(above, named: named, made: &made) }
        if mkdir(path, 0o777) == 0 {
            made.append(path)
        } else if errno != EEXIST {
            throw failure(errno, named)
        }
    }

    /// Writes all bytes; the error number, or 0.
    static func writeAll(_ descriptor: Int32, _ bytes: some Collection<UInt8>) -> Int32 {
        let written = bytes.withContiguousStorageIfAvailable { buffer in
            var done = 0
            while done < buffer.count, let base = buffer.baseAddress {
                let count = write(descriptor, base + done, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return errno }
                done += count
            }
            return 0
        }
        return written ?? writeAll(descriptor, Array(bytes))
    }

    static func check(_ result: Int32, _ path: String) throws(Failure) {
        if result != 0 { throw failure(errno, path) }
    }

    static func failure(_ code: Int32, _ path: String) -> Failure {
        let remedy =
            switch code {
            case EFBIG: "raise the limit on file sizes (`ulimit -f unlimited`), or write to another disk"
            case ENOSPC, EDQUOT: "make room on that disk, or write to another one"
            case EACCES, EPERM, EROFS: "write where you may, or allow it with `chmod`"
            case ENOENT: "make the directory first, or correct the path"
            case ENOTDIR: "a part of the path is a file: move it, or write elsewhere"
            case EISDIR: "a directory stands where the file goes: move it, or write elsewhere"
            default: "check the path and the disk it is on"
            }
        return Failure(
            .cannotWrite, "output.failed", "`\(path)` cannot be written: \(String(cString: strerror(code)))",
            at: .init(file: path), hint: remedy)
    }
}
