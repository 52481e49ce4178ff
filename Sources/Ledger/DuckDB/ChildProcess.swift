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

    /// Drains both outputs side by side, and waits. Throws where the program cannot be started.
    static func run(_ path: String, _ arguments: [String]) throws(Failure) -> Output {
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
        let drained = Mutex<[UInt8]>([])
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            let bytes = errors.fileHandleForReading.readDataToEndOfFile()
            drained.withLock { $0 = Array(bytes) }
        }
        let standardOutput = Array(output.fileHandleForReading.readDataToEndOfFile())
        group.wait()
        process.waitUntilExit()
        return Output(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            standardOutput: standardOutput, standardError: drained.withLock { $0 })
    }
}
