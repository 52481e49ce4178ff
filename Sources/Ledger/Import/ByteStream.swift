internal import Foundation
internal import PlimsollCore

/// The bytes of a file in pieces, unpacked where it is gzip.
final class ByteStream {
    private let path: String
    private let handle: FileHandle
    private let unpacking: Process?

    /// Opens the file. Throws ``Failure`` (exit 66) where that cannot be done.
    init(_ path: String, isCompressed: Bool) throws(Failure) {
        self.path = path
        guard isCompressed else {
            guard let opened = FileHandle(forReadingAtPath: path) else { throw FileFacts.missing(path) }
            (handle, unpacking) = (opened, nil)
            return
        }
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        process.standardOutput = output
        (process.standardInput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        do {
            try process.run()
        } catch {
            throw Failure(
                .missingTool, "tool.not-started", "`gzip` could not be started: \(error.localizedDescription)",
                hint: "install gzip")
        }
        (handle, unpacking) = (output.fileHandleForReading, process)
    }

    deinit {
        if let unpacking, unpacking.isRunning { unpacking.terminate() }
        try? handle.close()
    }

    /// The next piece; nil at the end. Throws ``Failure`` where the file cannot be read, or is no whole gzip
    /// file: the engine itself does not notice one that was cut off.
    func next() throws(Failure) -> Data? {
        let piece: Data?
        do {
            piece = try handle.read(upToCount: 1 << 22)
        } catch {
            throw FileFacts.missing(path)
        }
        if let piece, !piece.isEmpty { return piece }
        guard let unpacking else { return nil }
        unpacking.waitUntilExit()
        guard unpacking.terminationStatus == 0, unpacking.terminationReason == .exit else {
            throw Failure(
                .badInput, "import.bad-gzip", "`\(path)` is cut off or damaged: its gzip checksum does not hold",
                at: .init(file: path), hint: "fetch the file again")
        }
        return nil
    }
}

/// A file that may be read several times.
struct FileBytes {
    let path: String
    let isCompressed: Bool

    /// Calls `body` with piece after piece until it says false or there is no more.
    func read(_ body: (UnsafeBufferPointer<UInt8>) throws -> Bool) throws {
        let stream = try ByteStream(path, isCompressed: isCompressed)
        while let piece = try stream.next() {
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
}

/// Size, hash and lines of a file, read in pieces.
struct FileFacts {
    var bytes = 0
    var sha256 = ""
    /// Lines of text, the header's among them; 0 = there are no line feeds.
    var lines = 0

    static func read(_ path: String, isCompressed: Bool) throws(Failure) -> FileFacts {
        var facts = FileFacts()
        var hash = ContentHash.Stream()
        var counter = LineCounter()
        let raw = try ByteStream(path, isCompressed: false)
        while let piece = try raw.next() {
            facts.bytes += piece.count
            hash.update(piece)
            if !isCompressed { counter.add(piece) }
        }
        if isCompressed, facts.bytes > 0 {
            let text = try ByteStream(path, isCompressed: true)
            while let piece = try text.next() { counter.add(piece) }
        }
        facts.sha256 = hash.finish()
        facts.lines = counter.lines
        return facts
    }

    static func missing(_ path: String) -> Failure {
        let isThere = FileManager.default.fileExists(atPath: path)
        return Failure(
            .noInput, "input.missing", isThere ? "`\(path)` cannot be read" : "`\(path)` does not exist",
            at: .init(file: path), hint: isThere ? "check its permissions" : "check the path")
    }
}

/// Counts lines, whether or not the last one has a line feed.
private struct LineCounter {
    private var feeds = 0
    private var last: UInt8 = 0x0A

    mutating func add(_ piece: Data) {
        feeds += piece.withUnsafeBytes { bytes in
            var count = 0
            for byte in bytes where byte == 0x0A { count += 1 }
            return count
        }
        last = piece.last ?? last
    }

    var lines: Int { feeds == 0 ? 0 : feeds + (last == 0x0A ? 0 : 1) }
}
