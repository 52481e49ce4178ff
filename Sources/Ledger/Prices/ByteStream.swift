internal import Foundation
internal import PlimsollCore

/// The bytes of a file, unpacked where it is a gzip file, piece by piece.
struct ByteStream {
    let path: String
    let isCompressed: Bool

    /// Calls `body` with piece after piece until it says false or there is no more.
    func read(_ body: (UnsafeBufferPointer<UInt8>) throws -> Bool) throws {
        guard isCompressed else {
            guard let handle = FileHandle(forReadingAtPath: path) else { throw Self.unreadable(path) }
            defer { try? handle.close() }
            try Self.drain(handle, body)
            return
        }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardOutput = pipe
        try process.run()
        defer {
            if process.isRunning { process.terminate() }
            try? pipe.fileHandleForReading.close()
            process.waitUntilExit()
        }
        try Self.drain(pipe.fileHandleForReading, body)
    }

    private static func drain(_ handle: FileHandle, _ body: (UnsafeBufferPointer<UInt8>) throws -> Bool) throws {
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            let goesOn = try piece.withUnsafeBytes { try body($0.bindMemory(to: UInt8.self)) }
            if !goesOn { return }
        }
    }

    /// The first bytes, at most `count` of them and a piece more.
    func prefix(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read { piece in
            bytes += piece
            return bytes.count < count
        }
        return bytes
    }

    private static func unreadable(_ path: String) -> Failure {
        Failure(
            .noInput, "input.unreadable", "`\(path)` cannot be read", at: .init(file: path),
            hint: "check its permissions")
    }
}
