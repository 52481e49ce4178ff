internal import Foundation
public import PlimsollCore

/// A local copy of an export in an object store. Only what is new or changed is fetched; each object is there whole or not
/// at all, so that an interrupted update goes on where it was.
public struct ExportCopy: Sendable {
    /// What an update did.
    public struct Report: Hashable, Sendable {
        /// Folder of the copy.
        public var folder = ""
        /// Bills that count.
        public var wanted = 0
        /// Objects that were fetched, manifests among them.
        public var fetched = 0
        /// Their bytes.
        public var bytes = 0
    }

    private let folder: String

    /// A copy in a folder, which is made where it is missing.
    public init(folder: String) { self.folder = folder }

    /// Fetches manifests, then what `choose` wants of the names there, and takes away what is in the bucket no more.
    /// Throws a ``Failure``.
    public func update(
        from store: some ObjectStore, under prefix: String, progress: @Sendable (String) -> Void,
        choose: @Sendable ([String], String) throws(Failure) -> [String]
    ) async throws -> Report {
        do {
            return try await updated(from: store, prefix, progress, choose)
        } catch let failure as ProviderFailure {
            throw Failure(.partial, "cloud.\(failure.code)", failure.message, hint: failure.hint)
        }
    }

    private func updated(
        from store: some ObjectStore, _ prefix: String, _ progress: @Sendable (String) -> Void,
        _ choose: @Sendable ([String], String) throws(Failure) -> [String]
    ) async throws -> Report {
        let root = prefix.isEmpty ? "" : prefix + "/"
        var report = Report()
        report.folder = root.isEmpty ? folder : folder + "/" + prefix
        progress("listing \(store.title)/\(root)")
        let objects = try await store.list(under: root).filter { Self.isUsable($0.key) }
        guard !objects.isEmpty else {
            throw Failure(
                .noInput, "import.nothing", "no object under `\(store.title)/\(root)`",
                hint: "check bucket and prefix")
        }
        var index = CopyIndex(folder + "/.copied-" + ContentHash.sha256(root).prefix(12) + ".json")
        let manifests = objects.filter { $0.key.lowercased().hasSuffix(".json") }
        try await fetch(manifests, store, &index, &report, progress)
        let names = objects.map { String($0.key.dropFirst(root.count)) }
        let wanted = Set(try choose(names, report.folder).map { root + $0 })
        report.wanted = wanted.count
        try await fetch(objects.filter { wanted.contains($0.key) }, store, &index, &report, progress)
        try removeOthers(keeping: wanted.union(manifests.map(\.key)), &index)
        return report
    }

    /// Keys become paths below the folder: others are left alone.
    private static func isUsable(_ key: String) -> Bool {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        return !key.isEmpty && parts.allSatisfy { !$0.isEmpty && $0 != ".." && $0 != "." } && !key.contains("\0")
    }

    private func fetch(
        _ objects: [StoredObject], _ store: some ObjectStore, _ index: inout CopyIndex, _ report: inout Report,
        _ progress: @Sendable (String) -> Void
    ) async throws {
        for (number, object) in objects.enumerated() {
            let path = folder + "/" + object.key
            if index.tags[object.key] == object.tag, FileManager.default.fileExists(atPath: path) { continue }
            progress("fetching \(number + 1) of \(objects.count) files")
            let part = folder + "/.part"
            try await read(object, store, into: part)
            try Self.place(part, at: path)
            index.tags[object.key] = object.tag
            try index.write()
            report.fetched += 1
            report.bytes += object.size
        }
    }

    private func read(_ object: StoredObject, _ store: some ObjectStore, into part: String) async throws {
        try Self.writing(part) {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            guard FileManager.default.createFile(atPath: part, contents: nil) else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
        let handle = try Self.writing(part) { try FileHandle(forWritingTo: URL(fileURLWithPath: part)) }
        defer { try? handle.close() }
        try await store.read(object.key) { bytes in try handle.write(contentsOf: bytes) }
    }

    private static func place(_ part: String, at path: String) throws(Failure) {
        try writing(path) {
            let home = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            guard rename(part, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    private func removeOthers(keeping keys: Set<String>, _ index: inout CopyIndex) throws {
        let gone = index.tags.keys.filter { !keys.contains($0) }
        for key in gone {
            try? FileManager.default.removeItem(atPath: folder + "/" + key)
            index.tags[key] = nil
        }
        if !gone.isEmpty { try index.write() }
    }

    fileprivate static func writing<Value>(_ path: String, _ body: () throws -> Value) throws(Failure) -> Value {
        do { return try body() } catch {
            throw Failure(
                .cannotWrite, "output.failed", "`\(path)` cannot be written: \(error.localizedDescription)",
                hint: "check the folder, its permissions and the space on its disk")
        }
    }
}

/// Which content of each key the copy has.
private struct CopyIndex {
    private let path: String
    var tags: [String: String] = [:]

    init(_ path: String) {
        self.path = path
        let known = FileManager.default.contents(atPath: path).flatMap { JSONValue(parsing: Array($0)) }
        if case .object(let members)? = known { tags = members.compactMapValues(\.string) }
    }

    func write() throws(Failure) {
        try ExportCopy.writing(path) {
            let text = JSONValue.object(tags.mapValues(JSONValue.string)).text
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        }
    }
}
