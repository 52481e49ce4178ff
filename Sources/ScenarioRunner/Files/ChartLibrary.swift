public import PlimsollCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Where the chart library is: `$PLIMSOLL_CHARTS`, else beside the program or in the checkout it is built in.
public enum ChartLibrary {
    private static let below = ["share/plimsoll/chart.min.js", ".tools/share/chart.min.js"]

    /// Its source; nil where there is none. Throws where `$PLIMSOLL_CHARTS` names a file that cannot be read.
    public static func source(_ environment: [String: String]) throws(Failure) -> String? {
        if let named = environment["PLIMSOLL_CHARTS"] {
            return named.isEmpty ? nil : String(decoding: try InputFiles.read(named), as: UTF8.self)
        }
        var folder = POSIX.split(program).folder
        while true {
            for name in below {
                let path = (folder == "/" ? "" : folder) + "/" + name
                if isTrusted(path), let bytes = try InputFiles.readIfThere(path) {
                    return String(decoding: bytes, as: UTF8.self)
                }
            }
            let above = POSIX.split(folder).folder
            if above == folder || !folder.hasPrefix("/") { return nil }
            folder = above
        }
    }

    /// Of whoever owns the program, or the system's: what lies in a folder that anybody may write to is not run.
    private static func isTrusted(_ path: String) -> Bool {
        var found = stat()
        var own = stat()
        guard stat(path, &found) == 0, stat(program, &own) == 0 else { return false }
        return found.st_uid == own.st_uid || found.st_uid == 0
    }

    private static var program: String {
        let name = CommandLine.arguments.first ?? ""
        let paths = ["/proc/self/exe", name]
        for path in paths {
            guard let found = realpath(path, nil) else { continue }
            defer { free(found) }
            return String(cString: found)
        }
        return name
    }
}
