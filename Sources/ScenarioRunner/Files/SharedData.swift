internal import Foundation
public import PlimsollCore

/// The data that lies beside a checkout and is too large for it.
public enum SharedData {
    /// Environment variable that says where it is.
    public static let variable = "PLIMSOLL_SHARED"

    /// `$PLIMSOLL_SHARED`, else the first directory `shared` with `data` in it beside `directory` or one
    /// above it; nil where there is none.
    public static func find(near directory: String) -> String? {
        if let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty { return path }
        var current = URL(filePath: directory).standardizedFileURL.resolvingSymlinksInPath()
        while current.path != "/" {
            current.deleteLastPathComponent()
            let candidate = current.appending(path: "shared")
            if FileManager.default.fileExists(atPath: candidate.appending(path: "data").path) { return candidate.path }
        }
        return nil
    }

    /// Replaces a leading `${PLIMSOLL_SHARED}` in a path written in `file`.
    public static func expand(_ path: String, in file: String) throws(Failure) -> String {
        let mark = "${\(variable)}"
        guard path.hasPrefix(mark) else { return InputFiles.resolve(path, besides: file) }
        let directory = URL(filePath: file).deletingLastPathComponent().path
        guard let root = find(near: directory) else {
            throw Failure(
                .noInput, "input.no-shared-data", "`\(path)` is shared data, which is not here",
                hint: "set \(variable) to its directory, or put it as `shared/` beside the checkout")
        }
        return root + path.dropFirst(mark.count)
    }
}
