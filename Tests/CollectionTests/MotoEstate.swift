import Foundation
import PlimsollCore
import Testing

/// moto, a stand-in for AWS by others, with something of every kind, as `Tests/Fixtures/moto_estate.py` makes it.
/// Nothing of it changes once it is made, so that threads may share it.
final class MotoEstate: @unchecked Sendable {
    private let process = Process()
    private let input = Pipe()
    /// What boto3 lists, and where.
    let facts: JSONValue

    /// The Python with moto in it; nil where `scripts/test-peers` was not run.
    static let python: String? = {
        let path = root + "/.tools/python/bin/python3"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()
    static let missing: Comment = "moto is absent: scripts/test-peers installs it"
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Starts it; with a policy, a user has that and no more, and every signature is checked. Blocks.
    init(policy: String? = nil) throws {
        process.executableURL = URL(fileURLWithPath: try #require(Self.python))
        process.arguments = [Self.root + "/Tests/Fixtures/moto_estate.py"] + (policy == nil ? [] : ["--policy"])
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        if let policy { try input.fileHandleForWriting.write(contentsOf: Data((policy + "\n").utf8)) }
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            let piece = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { break }
            line += piece
        }
        facts = try #require(JSONValue(parsing: line), "moto did not start")
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
    }

    func text(_ name: String) throws -> String { try #require(facts[name]?.string) }

    /// Starts one on a thread of its own: those of tasks are few.
    static func started(policy: String? = nil) async throws -> MotoEstate {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try MotoEstate(policy: policy) }) }
        }
    }
}
