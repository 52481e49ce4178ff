internal import Foundation
internal import PlimsollCore

/// Where a collection lands: finished files, and a folder `.collect` with the pieces of one that is under way.
///
/// Each piece has its own files there. They are joined in the order of the pieces once all are done, so that the
/// result is the same however the pieces ran and however often the collection was interrupted.
struct CollectFolder: Sendable {
    /// The folder of the result.
    let path: String
    /// Files of a collection, in the order of ``Kind``.
    enum Kind: String, CaseIterable {
        case resources = "resources.jsonl"
        case metrics = "metrics.csv"
        case prices = "prices.csv"
        case catalog = "catalog.csv"
        case commitments = "commitments.csv"
        case gaps = "gaps.jsonl"

        /// The header; empty where there is none.
        var header: String {
            switch self {
            case .resources, .gaps: ""
            case .metrics: InterchangeSchema.metrics.header + "\n"
            case .prices: InterchangeSchema.prices.header + "\n"
            case .catalog: InterchangeSchema.catalog.header + "\n"
            case .commitments: InterchangeSchema.commitments.header + "\n"
            }
        }
    }

    private var parts: String { path + "/.collect" }
    private var files: FileManager { .default }

    /// Makes the folders; `scope` says what is collected. Whether a collection of the same scope was under way, begun
    /// a day ago at most. Throws where the folder cannot be made.
    func begin(_ scope: String) throws(Failure) -> Bool {
        let mark = parts + "/scope"
        let begun = (try? files.attributesOfItem(atPath: mark))?[.modificationDate] as? Date
        if let begun, begun.timeIntervalSinceNow > -86_400, files.contents(atPath: mark) == Data(scope.utf8) {
            return true
        }
        try writing(parts) {
            if files.fileExists(atPath: parts) { try files.removeItem(atPath: parts) }
            try files.createDirectory(atPath: parts, withIntermediateDirectories: true)
            try Data(scope.utf8).write(to: URL(fileURLWithPath: mark), options: .atomic)
        }
        return false
    }

    /// Holds the folder for one process: others are refused until the lock goes away, at the process's end at the
    /// latest.
    func lock() throws(Failure) -> FileHandle {
        try writing(path) { try files.createDirectory(atPath: path, withIntermediateDirectories: true) }
        let name = path + "/.collect.lock"
        guard files.fileExists(atPath: name) || files.createFile(atPath: name, contents: nil),
            let handle = FileHandle(forUpdatingAtPath: name)
        else {
            throw Failure(
                .cannotWrite, "output.failed", "`\(name)` cannot be written",
                hint: "check the folder, its permissions and the space on its disk")
        }
        guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Failure(
                .cannotWrite, "collect.busy", "another collection writes into `\(path)`",
                hint: "wait for it, or name another folder")
        }
        return handle
    }

    /// Lets the folder go.
    func unlock(_ handle: FileHandle) {
        try? files.removeItem(atPath: path + "/.collect.lock")
        try? handle.close()
    }

    /// Beginning of the names of a piece's files.
    func stem(_ piece: CollectPiece) -> String {
        parts + "/" + String(ContentHash.sha256(piece.id).prefix(24))
    }

    /// What a finished piece counted; nil where it is not finished.
    func finished(_ piece: CollectPiece) -> CollectCounts? {
        files.contents(atPath: stem(piece) + ".done").flatMap {
            JSONValue(parsing: Array($0)).flatMap(CollectCounts.init)
        }
    }

    /// Says that a piece is finished.
    func finish(_ piece: CollectPiece, _ counts: CollectCounts) throws(Failure) {
        let mark = stem(piece) + ".done"
        try writing(mark) {
            try Data(counts.json.canonical.utf8).write(to: URL(fileURLWithPath: mark), options: .atomic)
        }
    }

    /// Joins the pieces' files into the result and takes `.collect` away.
    func join(_ pieces: [CollectPiece], gaps: [Gap]) throws(Failure) {
        for kind in Kind.allCases {
            let target = path + "/" + kind.rawValue
            try writing(target) {
                let temporary = parts + "/joined"
                var beginning = kind.header
                if kind == .gaps { beginning += gaps.map { $0.json.canonical + "\n" }.joined() }
                _ = files.createFile(atPath: temporary, contents: Data(beginning.utf8))
                let out = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
                defer { try? out.close() }
                try out.seekToEnd()
                var seen = Set<Data>()
                for piece in pieces { try append(stem(piece) + "." + kind.rawValue, kind, to: out, &seen) }
                guard rename(temporary, target) == 0 else { throw CocoaError(.fileWriteUnknown) }
            }
        }
        try writing(parts) { try files.removeItem(atPath: parts) }
    }

    /// Adds a piece's file, if it has one. Facts of SKUs are the same in every region: each line once.
    private func append(_ part: String, _ kind: Kind, to out: FileHandle, _ seen: inout Set<Data>) throws {
        guard files.fileExists(atPath: part) else { return }
        let input = try FileHandle(forReadingFrom: URL(fileURLWithPath: part))
        defer { try? input.close() }
        guard kind == .catalog else {
            while let bytes = try input.read(upToCount: 1 << 20), !bytes.isEmpty { try out.write(contentsOf: bytes) }
            return
        }
        for line in (try input.readToEnd() ?? Data()).split(separator: 0x0A) where seen.insert(Data(line)).inserted {
            try out.write(contentsOf: line + [0x0A])
        }
    }

    /// Does something to a file; what goes wrong names it.
    func writing<Value>(_ path: String, _ body: () throws -> Value) throws(Failure) -> Value {
        do { return try body() } catch {
            throw Failure(
                .cannotWrite, "output.failed", "`\(path)` cannot be written: \(error.localizedDescription)",
                hint: "check the folder, its permissions and the space on its disk")
        }
    }
}
