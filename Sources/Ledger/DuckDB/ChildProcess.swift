internal import Foundation
internal import PlimsollCore
internal import Synchronization

/// Runs a program to its end, with all it reads and writes in memory.
enum ChildProcess {
    struct Output: Sendable {
        var status: Int32
        var standardOutput: [UInt8]
        var standardError: [UInt8]
    }

    /// Drains both outputs side by side, and waits; `watch` is told a few times a second how many bytes the
    /// program has read, where the system says that. Throws where the program cannot be started.
    static func run(
        _ path: String, _ arguments: [String], watch: (Int) -> Void = { _ in }
    ) throws(Failure) -> Output {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        (process.standardOutput, process.standardError) = (output, errors)
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw Failure(
                .missingTool, "tool.not-started", "`\(path)` could not be started: \(error.localizedDescription)",
                hint: "run scripts/bootstrap")
        }
        let (printed, said) = (Drain(output.fileHandleForReading), Drain(errors.fileHandleForReading))
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) { printed.empty() }
        DispatchQueue.global().async(group: group) { said.empty() }
        while group.wait(timeout: .now() + 0.3) == .timedOut { watch(bytesRead(process.processIdentifier)) }
        process.waitUntilExit()
        return Output(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            standardOutput: printed.bytes, standardError: said.bytes)
    }

    /// What a process has read so far; 0 where the system does not say.
    private static func bytesRead(_ process: Int32) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/io", encoding: .utf8) else { return 0 }
        let line = text.split(separator: "\n").first { $0.hasPrefix("rchar:") }
        return line.flatMap { Int($0.dropFirst(6).trimmingCharacters(in: .whitespaces)) } ?? 0
    }
}

/// Everything that comes out of a pipe.
private final class Drain: Sendable {
    private let handle: FileHandle
    private let all = Mutex<[UInt8]>([])

    init(_ handle: FileHandle) { self.handle = handle }

    func empty() {
        let data = handle.readDataToEndOfFile()
        all.withLock { $0 = Array(data) }
    }

    var bytes: [UInt8] { all.withLock { $0 } }
}
