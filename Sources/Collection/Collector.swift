internal import Foundation
public import PlimsollCore

/// Reads a provider piece by piece into a folder in the contract's formats.
///
/// Pieces run side by side, a few at once. One that fails becomes a gap and leaves the others alone. After a kill,
/// the same collection goes on with the pieces that are not finished.
public struct Collector: Sendable {
    /// What a collection gave.
    public struct Result: Hashable, Sendable {
        /// Rows by kind.
        public var counts: CollectCounts
        /// Pieces, and how many of them an earlier run had finished.
        public var pieces: Int
        /// Pieces that an earlier, interrupted run had finished.
        public var resumed: Int
    }

    /// Pieces at once.
    public var width = 6
    /// Called after each piece: how many are done, of how many, and what the last one was.
    public var progress: @Sendable (_ done: Int, _ all: Int, _ what: String) -> Void = { _, _, _ in }

    /// A collector.
    public init() {}

    /// Collects a scope into the folder at `path`, which is made where it is missing. `label` stands for what else
    /// decides what comes, such as the endpoint. Throws where nothing can be collected, or the folder cannot be
    /// written.
    public func collect(
        _ provider: some CollectingProvider, _ scope: CollectScope, label: String, into path: String
    ) async throws(Failure) -> Result {
        let folder = CollectFolder(path: path)
        let lock = try folder.lock()
        defer { folder.unlock(lock) }
        let isResumed = try folder.begin(Self.text(of: scope, provider, label))
        let (pieces, gaps): ([CollectPiece], [Gap])
        do throws(ProviderFailure) { (pieces, gaps) = try await provider.pieces(of: scope) } catch {
            throw Failure(.partial, "cloud.\(error.code)", error.message, hint: error.hint.isEmpty ? nil : error.hint)
        }
        let before = isResumed ? pieces.filter { folder.finished($0) != nil }.count : 0
        try await run(pieces, provider, scope, folder)
        var counts = CollectCounts()
        counts.gaps = gaps.count
        for piece in pieces { counts = counts + (folder.finished(piece) ?? CollectCounts()) }
        try folder.join(pieces, gaps: gaps)
        return Result(counts: counts, pieces: pieces.count, resumed: before)
    }

    /// What is collected, for telling whether it is the same again.
    private static func text(of scope: CollectScope, _ provider: some CollectingProvider, _ label: String) -> String {
        JSONValue.object([
            "provider": .string(provider.descriptor.id), "label": .string(label),
            "accounts": .array(scope.accounts.map(JSONValue.string)),
            "regions": .array(scope.regions.map(JSONValue.string)),
            "since": scope.since.map { .string($0.description) } ?? .null,
        ]).text
    }

    private func run(
        _ pieces: [CollectPiece], _ provider: some CollectingProvider, _ scope: CollectScope, _ folder: CollectFolder
    ) async throws(Failure) {
        do {
            try await withThrowingTaskGroup(of: CollectPiece.self) { group in
                var rest = pieces.filter { folder.finished($0) == nil }[...]
                var done = pieces.count - rest.count
                progress(done, pieces.count, "")
                func begin() {
                    guard let piece = rest.popFirst() else { return }
                    group.addTask {
                        try await read(piece, provider, scope, folder)
                        return piece
                    }
                }
                for _ in 0..<max(1, width) { begin() }
                while let piece = try await group.next() {
                    done += 1
                    progress(
                        done, pieces.count, [piece.region, piece.what].filter { !$0.isEmpty }.joined(separator: " "))
                    begin()
                }
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.interrupted, "run.interrupted", "interrupted", hint: "run the same again to go on")
        }
    }

    /// One piece: its rows, or what there is of them and a gap.
    private func read(
        _ piece: CollectPiece, _ provider: some CollectingProvider, _ scope: CollectScope, _ folder: CollectFolder
    ) async throws {
        let files = try PieceFiles(piece, in: folder)
        do {
            try await provider.read(piece, of: scope, from: files.state, into: files)
        } catch let failure as Failure {
            throw failure
        } catch let failure as ProviderFailure where failure.code != "cancelled" {
            var batch = CollectedBatch()
            batch.gaps = [Gap(failure, provider: provider.descriptor.id, what: piece.what, of: piece)]
            try await files.push(batch)
        }
        try await files.close()
        try folder.finish(piece, await files.counts)
    }
}
