internal import Foundation
internal import PlimsollCore

/// The files of one piece: takes its batches, each as a whole. Whoever pushes waits until the rows are written, so
/// that memory holds one batch and no more.
actor PieceFiles: CollectSink {
    private let folder: CollectFolder
    private let stem: String
    private var open: [CollectFolder.Kind: FileHandle] = [:]
    private(set) var counts = CollectCounts()
    /// Where the piece goes on; nil = at its beginning.
    let state: String?

    /// The files of a piece: as of the last batch that can be resumed from, or empty.
    init(_ piece: CollectPiece, in folder: CollectFolder) throws(Failure) {
        self.folder = folder
        stem = folder.stem(piece)
        let journal = FileManager.default.contents(atPath: stem + ".state").flatMap { JSONValue(parsing: Array($0)) }
        state = journal?["state"]?.string
        counts = journal?["counts"].flatMap(CollectCounts.init) ?? CollectCounts()
        for kind in CollectFolder.Kind.allCases {
            let path = stem + "." + kind.rawValue
            guard FileManager.default.fileExists(atPath: path) else { continue }
            try folder.writing(path) {
                var kept: UInt64 = 0
                if case .int(let size)? = journal?["sizes"]?[kind.rawValue] { kept = UInt64(size) }
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                try handle.truncate(atOffset: kept)
                try handle.close()
            }
        }
    }

    /// Writes the rows; where the batch can be resumed from, says so beside them.
    func push(_ batch: CollectedBatch) throws(Failure) {
        try write(.resources, batch.resources.map { $0.json.canonical + "\n" })
        try write(.gaps, batch.gaps.map { $0.json.canonical + "\n" })
        try write(.metrics, rows: batch.metrics.map(Interchange.cells))
        try write(.prices, rows: batch.prices.map(Interchange.cells))
        try write(.catalog, rows: batch.catalog.map(Interchange.cells))
        try write(.commitments, rows: batch.commitments.map(Interchange.cells))
        counts.add(batch)
        if let state = batch.state { try keep(state) }
    }

    private func write(_ kind: CollectFolder.Kind, rows: [[String]]) throws(Failure) {
        guard let first = rows.first else { return }
        var writer = CSVWriter(header: first)
        for row in rows.dropFirst() { writer.add(row) }
        try write(kind, bytes: writer.bytes)
    }

    private func write(_ kind: CollectFolder.Kind, _ lines: [String]) throws(Failure) {
        if !lines.isEmpty { try write(kind, bytes: Array(lines.joined().utf8)) }
    }

    private func write(_ kind: CollectFolder.Kind, bytes: [UInt8]) throws(Failure) {
        let path = stem + "." + kind.rawValue
        try folder.writing(path) {
            let handle = try open[kind] ?? opened(path)
            open[kind] = handle
            try handle.write(contentsOf: bytes)
        }
    }

    private func opened(_ path: String) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        return handle
    }

    private func keep(_ state: String) throws(Failure) {
        try folder.writing(stem + ".state") {
            let sizes = try open.map { (kind, handle) in (kind.rawValue, JSONValue.int(Int(try handle.offset()))) }
            let journal: JSONValue = .object([
                "state": .string(state), "counts": counts.json, "sizes": .object(Dictionary(sizes) { $1 }),
            ])
            try Data(journal.canonical.utf8).write(to: URL(fileURLWithPath: stem + ".state"), options: .atomic)
        }
    }

    /// Closes the files.
    func close() throws(Failure) {
        try folder.writing(stem) { for handle in open.values { try handle.close() } }
        open = [:]
    }
}
