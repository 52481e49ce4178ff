import Foundation

/// The debug program, run as a user runs it.
enum Program {
    /// How a run ended.
    struct Result {
        var status: Int32
        var out: String
        var talk: String
    }

    static let missing = "the debug program is not beside the tests: run `swift build` first"

    /// Beside the test bundle, where `swift build` puts both.
    static let path: String? = {
        let beside = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates = [beside, root.appending(path: ".build/debug")].map { $0.appending(path: "plimsoll").path }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Whether the program is there and has the tools it runs.
    static var hasTools: Bool {
        guard path != nil, let folder = try? Folder([:]) else { return false }
        return (try? run("plimsoll doctor", in: folder).status) == 0
    }

    /// Runs a line of bash in which `plimsoll` is the program; in `folder`.
    static func run(_ line: String, in folder: Folder) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", "plimsoll() { '\(path ?? "false")' \"$@\"; }\n" + line]
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.standardInput = FileHandle.nullDevice
        // Files, so that much on one of them does not block the other.
        let (out, talk) = (folder.path + "/.stdout", folder.path + "/.stderr")
        for name in [out, talk] { _ = FileManager.default.createFile(atPath: name, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: talk)
        try process.run()
        process.waitUntilExit()
        let status =
            process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
        return Result(
            status: status, out: try String(contentsOfFile: out, encoding: .utf8),
            talk: try String(contentsOfFile: talk, encoding: .utf8))
    }
}

/// A directory of its own, with files, gone with the test.
final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "plimsoll-e2e-\(UUID().uuidString)").path

    init(_ files: [String: String]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
