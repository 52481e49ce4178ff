internal import Foundation
public import PlimsollCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What is known of one price book of a ledger.
public struct PriceManifest: Hashable, Sendable, Codable {
    /// Version of the layout.
    public var version = 1
    /// Name of the book.
    public var name: String
    /// SHA-256 of everything the book is made from.
    public var key: String
    /// Name of the Parquet file beside the manifest.
    public var file: String
    /// SHA-256 of that file.
    public var sha256: String
    /// Name of the catalogue beside the manifest; nil = the lists had no facts.
    public var catalog: String?
    /// What the book was made from.
    public var inputs: [PriceInput]
    /// Which rows were taken.
    public var filter: PriceFilter
    /// What the import did.
    public var summary: PriceSummary
}

/// The price books of a ledger: Parquet files in its folder `prices`, each listed by a manifest.
public struct PriceStore: Sendable {
    private let ledger: LedgerStore

    /// The books of a ledger.
    public init(_ ledger: LedgerStore) { self.ledger = ledger }

    private var root: URL { URL(fileURLWithPath: ledger.folder).appending(path: "prices") }

    /// How an import ended.
    public struct Stored: Sendable {
        /// The book.
        public var manifest: PriceManifest
        /// Whether it was there already.
        public var isUnchanged: Bool
        /// The file that lists rejected rows; nil = there are none.
        public var rejects: String?
    }

    /// Every book, by name. Throws ``Failure`` where a manifest cannot be read.
    public func manifests() throws(Failure) -> [PriceManifest] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        var found: [PriceManifest] = []
        for name in names.sorted() where name.hasSuffix(".json") {
            let file = root.appending(path: name)
            guard let data = try? Data(contentsOf: file),
                let manifest = try? JSONDecoder().decode(PriceManifest.self, from: data)
            else {
                throw Failure(
                    .badInput, "prices.bad-manifest", "`\(file.path)` is no manifest of a price book",
                    at: .init(file: file.path), hint: "remove it and import that list again")
            }
            found.append(manifest)
        }
        return found
    }

    /// The Parquet file of a book.
    public func file(_ manifest: PriceManifest) -> PriceBookFile {
        PriceBookFile(path: root.appending(path: manifest.file).path)
    }

    /// The book called `name`, nil where there is none.
    public func book(_ name: String) throws(Failure) -> PriceBookFile? {
        try manifests().first { $0.name == name }.map(file)
    }

    /// The name of a book made from `path`, where none is given: the file's own, without endings.
    public static func name(of path: String) -> String {
        let base = URL(fileURLWithPath: path).lastPathComponent
        let name = base.split(separator: ".").first.map(String.init) ?? "prices"
        let plain = name.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : "-" }
        return String(plain) == "store" ? "store-1" : String(plain)
    }

    /// Makes a book of price lists and keeps it under `name`, in place of one of that name. What was there
    /// stays whole until the new one is. Throws ``Failure`` for file faults: then nothing is written.
    public func add(
        _ name: String, _ paths: [String], format: String?, filter: PriceFilter, _ importer: PriceImporter,
        progress: (String) -> Void
    ) throws(Failure) -> Stored {
        let files = try importer.inspect(paths, format: format)
        let key = importer.key(files, filter)
        return try ledger.locked { () throws(Failure) in
            if let there = try manifests().first(where: { $0.name == name && $0.key == key }),
                FileManager.default.fileExists(atPath: root.appending(path: there.file).path)
            {
                return Stored(manifest: there, isUnchanged: true, rejects: nil)
            }
            let folder = root.appending(path: ".staging")
            try? FileManager.default.removeItem(at: folder)
            try LedgerStore.makeFolder(folder)
            defer { try? FileManager.default.removeItem(at: folder) }
            let draft = try importer.draft(files, filter, in: folder, progress: progress)
            return try publish(draft, name, filter)
        }
    }

    private func publish(_ draft: PriceDraft, _ name: String, _ filter: PriceFilter) throws(Failure) -> Stored {
        let book = try FileFacts.read(draft.book, isCompressed: false)
        var manifest = PriceManifest(
            name: name, key: draft.key, file: "\(name)-\(book.sha256.prefix(16)).parquet", sha256: book.sha256,
            catalog: nil, inputs: draft.inputs, filter: filter, summary: draft.summary)
        if draft.summary.catalog > 0 { manifest.catalog = "\(name)-\(book.sha256.prefix(16)).catalog.csv" }
        try move(draft.book, to: root.appending(path: manifest.file))
        if let catalog = manifest.catalog { try move(draft.catalog, to: root.appending(path: catalog)) }
        let rejects = try list(draft, name)
        try LedgerStore.write(manifest, to: root.appending(path: "\(name).json"))
        removeOthers()
        return Stored(manifest: manifest, isUnchanged: false, rejects: rejects)
    }

    private func move(_ path: String, to target: URL) throws(Failure) {
        try LedgerStore.sync(path)
        guard rename(path, target.path) == 0 else { throw LedgerStore.cannotWrite(target.path) }
    }

    private func list(_ draft: PriceDraft, _ name: String) throws(Failure) -> String? {
        guard !draft.rejects.isEmpty else { return nil }
        try LedgerStore.makeFolder(ledger.rejects)
        let file = ledger.rejects.appending(path: "prices-\(name).csv")
        guard (try? Data(draft.rejects).write(to: file, options: .atomic)) != nil else {
            throw LedgerStore.cannotWrite(file.path)
        }
        return "\(ledger.folder)/rejects/prices-\(name).csv"
    }

    /// Files that no manifest lists any more.
    private func removeOthers() {
        guard let known = try? manifests() else { return }
        let kept = Set(known.flatMap { [$0.name + ".json", $0.file] + [$0.catalog].compactMap { $0 } })
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        for name in names where !kept.contains(name) && !name.hasPrefix(".") {
            try? FileManager.default.removeItem(at: root.appending(path: name))
        }
    }
}

extension PriceImporter {
    /// Makes a book of price lists and writes it to `target`, Parquet or CSV by its name, and the facts of its
    /// SKUs to `catalog`. Both are written beside and renamed. Throws ``Failure`` for file faults: then nothing
    /// is written.
    public func write(
        _ paths: [String], format: String?, filter: PriceFilter, to target: String, catalog: String?,
        progress: (String) -> Void
    ) throws(Failure) -> (draft: PriceDraft, rejects: String?) {
        let files = try inspect(paths, format: format)
        let parent = URL(fileURLWithPath: target).deletingLastPathComponent()
        guard FileManager.default.fileExists(atPath: parent.path) else {
            throw Failure(
                .cannotWrite, "output.failed", "there is no folder `\(parent.relativePath)` to write `\(target)` into",
                at: .init(file: target), hint: "make the folder first")
        }
        Self.removeStale(parent)
        let folder = parent.appending(path: Self.staging + "\(ProcessInfo.processInfo.processIdentifier)")
        try LedgerStore.makeFolder(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let draft = try draft(files, filter, in: folder, progress: progress)
        progress("writing \(target)")
        var made = draft.book
        if !target.lowercased().hasSuffix(".parquet") {
            made = folder.appending(path: "book.csv").path
            try PriceBookFile(path: draft.book).write(duckdb, to: made)
        }
        try Self.move(made, to: target)
        if let catalog { try Self.move(draft.catalog, to: catalog) }
        guard !draft.rejects.isEmpty else { return (draft, nil) }
        let rejects = URL(fileURLWithPath: target).deletingPathExtension().path + ".rejects.csv"
        guard (try? Data(draft.rejects).write(to: URL(fileURLWithPath: rejects), options: .atomic)) != nil else {
            throw LedgerStore.cannotWrite(rejects)
        }
        return (draft, target.hasPrefix("/") ? rejects : Self.relative(target))
    }

    private static let staging = ".plimsoll-prices-"

    /// Removes what imports that were killed left.
    private static func removeStale(_ parent: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
        for name in names where name.hasPrefix(staging) {
            guard let process = pid_t(name.dropFirst(staging.count)), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            try? FileManager.default.removeItem(at: parent.appending(path: name))
        }
    }

    private static func relative(_ target: String) -> String {
        let dot = target.lastIndex(of: ".") ?? target.endIndex
        return target[..<dot] + ".rejects.csv"
    }

    private static func move(_ path: String, to target: String) throws(Failure) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: target, isDirectory: &isFolder), isFolder.boolValue {
            throw Failure(
                .cannotWrite, "output.directory", "`\(target)` is a directory", at: .init(file: target),
                hint: "name a file in it")
        }
        try LedgerStore.sync(path)
        if rename(path, target) == 0 { return }
        // Another file system than the book's: copied, since it cannot be renamed into place.
        guard errno == EXDEV, let data = try? Data(contentsOf: URL(fileURLWithPath: path)),
            (try? data.write(to: URL(fileURLWithPath: target), options: .atomic)) != nil
        else { throw LedgerStore.cannotWrite(target) }
    }
}
