internal import Foundation
internal import Synchronization

/// Runs the helper programs that credential chains name.
enum ChildProgram {
    /// Seconds that a helper may take.
    private static let limit = 60.0
    /// Bytes of output that are read.
    private static let cap = 1 << 20

    /// What a program writes to standard output. Its error output is dropped: helpers put secrets there too.
    static func output(of words: [String], environment: [String: String]) async throws(CloudFailure) -> [UInt8] {
        guard let name = words.first, let path = path(of: name, environment) else {
            throw CloudFailure(.config, "the program `\(words.first ?? "")` is not found")
        }
        let result = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: run(path, Array(words.dropFirst()), environment))
            }
        }
        return try result.get()
    }

    private static func run(
        _ path: String, _ arguments: [String], _ environment: [String: String]
    ) -> Result<[UInt8], CloudFailure> {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch {
            return .failure(CloudFailure(.config, "the program `\(path)` cannot be started"))
        }
        let isLate = Atomic(false)
        let identifier = process.processIdentifier
        let guardian = DispatchWorkItem {
            isLate.store(true, ordering: .relaxed)
            kill(identifier, SIGKILL)
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: guardian)
        var bytes: [UInt8] = []
        while bytes.count <= cap, let piece = try? pipe.fileHandleForReading.read(upToCount: 65_536), !piece.isEmpty {
            bytes += piece
        }
        if bytes.count > cap { kill(identifier, SIGKILL) }
        process.waitUntilExit()
        guardian.cancel()
        if isLate.load(ordering: .relaxed) {
            return .failure(CloudFailure(.config, "the program `\(path)` took longer than \(Int(limit)) s"))
        }
        guard process.terminationStatus == 0, bytes.count <= cap else {
            return .failure(
                CloudFailure(.config, "the program `\(path)` ended with status \(process.terminationStatus)"))
        }
        return .success(bytes)
    }

    private static func path(of name: String, _ environment: [String: String]) -> String? {
        let folders = name.contains("/") ? [""] : (environment["PATH"] ?? "").split(separator: ":").map { $0 + "/" }
        return folders.map { $0 + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Words of a command line: blanks part them, quotes and backslashes keep them together. No shell is asked.
    /// Nil where a quote stays open.
    static func words(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if quote == nil, character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let done = word { words.append(done) }
        return quote == nil && !isEscaped ? words : nil
    }
}
