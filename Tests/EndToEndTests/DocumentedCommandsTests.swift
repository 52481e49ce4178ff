import Foundation
import PlimsollTesting
import Testing

/// Runs the commands in the `console` blocks of docs/commands and docs/reference and compares what they print with what the
/// page says. `PLIMSOLL_RECORD=1` writes the pages anew. A block `console solver` needs HiGHS.
@Suite("Documented commands", .enabled(if: Console.program != nil, "the debug program is not built: swift build"))
struct DocumentedCommandsTests {
    static let pages = ["docs/commands", "docs/reference"].flatMap { folder in
        let path = Console.checkout.appending(path: folder).path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".md") }.sorted().map { "\(folder)/\($0)" }
    }

    @Test("says what the program prints", arguments: pages)
    func page(_ name: String) throws {
        let file = Console.checkout.appending(path: name)
        let console = try Console()
        let text = try console.replay(try String(contentsOf: file, encoding: .utf8))
        #expect(Snapshot.compare(text, with: file) == .same)
    }
}

/// A directory in which documented commands run.
private final class Console {
    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let program: String? = {
        let beside = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let folders = [beside, checkout.appending(path: ".build/debug")]
        return folders.map { $0.appending(path: "plimsoll").path }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }()

    private let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        .appending(path: "plimsoll-docs-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["Cases", "Scenarios", "docs"] {
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: name), withDestinationURL: Self.checkout.appending(path: name))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The page with the output of every command as it is now.
    func replay(_ page: String) throws -> String {
        var result: [Substring] = []
        var inConsole = false
        var isKept = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if !inConsole, line.hasPrefix("```console") {
                inConsole = true
                isKept = try line.hasSuffix("solver") && run("plimsoll doctor").status != 0
            } else if inConsole, line == "```" {
                inConsole = false
            } else if inConsole, !isKept {
                guard line.hasPrefix("$ ") else { continue }
                result.append(line)
                let ran = try run(String(line.dropFirst(2)))
                result += ran.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                if ran.status != 0 { result.append("[exit code \(ran.status)]") }
                continue
            }
            result.append(line)
        }
        return result.joined(separator: "\n")
    }

    /// Both streams of a line of bash, in which `plimsoll` is the program, and its exit code.
    private func run(_ line: String) throws -> (text: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", "plimsoll() { '\(Self.program ?? "false")' \"$@\"; }\n" + line]
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["COLUMNS": "100", "LC_ALL": "C"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        let output = folder.appending(path: ".output")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        return (try String(contentsOf: output, encoding: .utf8), process.terminationStatus)
    }
}
