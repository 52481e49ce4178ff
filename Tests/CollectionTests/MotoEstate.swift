import Foundation
import PlimsollCore
import Testing

/// A program on Python with moto that answers lines with lines. Nothing of it changes once it is made, so that threads
/// may share it.
final class MotoProgram: @unchecked Sendable {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts it. Blocks.
    init(_ name: String, _ arguments: [String] = []) throws {
        process.executableURL = URL(fileURLWithPath: try #require(MotoEstate.python))
        process.arguments = [MotoEstate.root + "/Tests/Fixtures/" + name] + arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
    }

    /// Says a line.
    func say(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

    /// The next line. Blocks.
    func line() -> [UInt8] {
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            let piece = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { break }
            line += piece
        }
        return line
    }
}

/// moto, a stand-in for AWS by others, with something of every kind, as `Tests/Fixtures/moto_estate.py` makes it.
final class MotoEstate: Sendable {
    private let program: MotoProgram
    /// What boto3 lists, and where.
    let facts: JSONValue

    /// The Python with moto in it; nil where `scripts/test-peers` was not run.
    static let python: String? = {
        let path = root + "/.tools/python/bin/python3"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()
    static let missing: Comment = "moto is absent: scripts/test-peers installs it"
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Starts it; with a policy, a user has that and no more, and every signature is checked. Blocks.
    init(policy: String? = nil) throws {
        program = try MotoProgram("moto_estate.py", policy == nil ? [] : ["--policy"])
        if let policy { try program.say(policy) }
        facts = try #require(JSONValue(parsing: program.line()), "moto did not start")
    }

    func text(_ name: String) throws -> String { try #require(facts[name]?.string) }

    /// Starts one on a thread of its own: those of tasks are few.
    static func started(policy: String? = nil) async throws -> MotoEstate {
        try await blocking { try MotoEstate(policy: policy) }
    }
}

/// Runs what blocks on a thread of its own.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}
