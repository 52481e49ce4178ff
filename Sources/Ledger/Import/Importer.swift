internal import Foundation
public import PlimsollCore

/// What an import did, for its last lines.
public struct ImportSummary: Hashable, Sendable {
    /// The format found or given.
    public var mapping = ""
    /// Rows in all files.
    public var rowsIn = 0
    /// Rows in the ledger.
    public var stored = 0
    /// Charges made from them.
    public var charges = 0
    /// Rows in `rejects/`.
    public var rejected = 0
    /// Numbers finer than 12 places, rounded half-even.
    public var rounded = 0
    /// Rows whose charge period is one hour.
    public var hourlyRows = 0
    /// Whether the ledger had all of it already.
    public var isUnchanged = false
    /// Rows that the ledger had already, and that were not read again.
    public var unchangedRows = 0
    /// The file that lists rejected rows; nil = there are none.
    public var rejectsFile: String?
    /// Files in folders that are earlier deliveries of the same bills.
    public var leftOut: [String] = []
    /// Partitions written.
    public var partitions: [LedgerManifest] = []
    /// Seconds it took; shown on a terminal only.
    public var seconds = 0.0

    /// Both together.
    static func + (left: ImportSummary, right: ImportSummary) -> ImportSummary {
        var sum = left
        if !left.mapping.split(separator: ",").contains(Substring(right.mapping)) { sum.mapping += ",\(right.mapping)" }
        sum.rowsIn += right.rowsIn
        sum.stored += right.stored
        sum.charges += right.charges
        sum.rejected += right.rejected
        sum.rounded += right.rounded
        sum.hourlyRows += right.hourlyRows
        sum.isUnchanged = left.isUnchanged && right.isUnchanged
        sum.rejectsFile = left.rejectsFile ?? right.rejectsFile
        sum.leftOut += right.leftOut
        sum.partitions += right.partitions
        sum.unchangedRows += right.unchangedRows
        return sum
    }
}

/// Which files of an export are worth having, for whoever fetches them from a store.
public enum BillSelection {
    /// Of `names`, paths within `folder`, those that an import of it will read; manifests must be there already.
    /// Throws ``Failure`` as an import would.
    public static func wanted(
        _ names: [String], in folder: String, deliveries: [BillDelivery]
    ) throws(Failure) -> [String] {
        let root = folder.hasSuffix("/") ? folder : folder + "/"
        return try BillFolder(folder, deliveries, names: names).sets.joined().map { String($0.dropFirst(root.count)) }
    }
}

/// Brings billing files into a ledger: one file set, all or nothing.
public struct Importer: Sendable {
    private let store: LedgerStore
    private let duckdb: DuckDBProgram
    private let mappings: [BillMapping]
    private let deliveries: [BillDelivery]

    /// An importer of the given formats, which come in folders as `deliveries` says.
    public init(
        _ store: LedgerStore, _ duckdb: DuckDBProgram, mappings: [BillMapping], deliveries: [BillDelivery] = []
    ) {
        self.store = store
        self.duckdb = duckdb
        self.mappings = mappings
        self.deliveries = deliveries
    }

    /// Version of what rows are made into: a change makes everything be imported again.
    private static let schema = "1"

    /// Imports the files and folders in `paths`. Throws ``Failure`` for file faults: then nothing is written.
    public func run(
        _ paths: [String], format: String? = nil, export: String? = nil,
        progress: (String) -> Void = { _ in }
    ) throws(Failure) -> ImportSummary {
        let clock = ContinuousClock.now
        let found = try expand(paths)
        progress("looking at \(found.sets.joined().count) files")
        var sets: [(files: [SourceFile], mappings: [BillMapping])] = []
        for set in found.sets {
            let files = try SourceFile.inspect(set, duckdb)
            sets.append((files, try self.mappings(files, format)))
        }
        let ready = sets
        var result = try store.locked { () throws(Failure) in
            try publish(ready, export, progress)
        }
        let time = (ContinuousClock.now - clock).components
        result.leftOut = found.leftOut
        result.seconds = Double(time.seconds) + Double(time.attoseconds) * 1e-18
        return result
    }

    // MARK: What to import

    /// Files as they are in one set, the bills of a folder by period; which were left out as earlier deliveries.
    private func expand(_ paths: [String]) throws(Failure) -> (sets: [[String]], leftOut: [String]) {
        var single: [String] = []
        var result: (sets: [[String]], leftOut: [String]) = ([], [])
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw Failure(
                    .noInput, "input.missing", "`\(path)` does not exist", at: .init(file: path), hint: "check the path"
                )
            }
            guard isFolder.boolValue else {
                single.append(path)
                continue
            }
            let folder = try BillFolder(path, deliveries)
            result.sets += folder.sets
            result.leftOut += folder.leftOut
        }
        // Several paths are one set, as the command says.
        if paths.count > 1 { return ([single + result.sets.joined()], result.leftOut) }
        return single.isEmpty ? result : ([single], result.leftOut)
    }

    /// The format's mappings: several where the header alone does not tell them apart.
    private func mappings(_ files: [SourceFile], _ format: String?) throws(Failure) -> [BillMapping] {
        if let format {
            guard let named = mappings.first(where: { $0.id == format }) else {
                let near = Suggestion.nearest(to: format, in: mappings.map(\.id)).map { "did you mean `\($0)`? " } ?? ""
                throw Failure(
                    .usage, "import.unknown-format", "`\(format)` is no format",
                    hint: near + "formats: " + mappings.map(\.id).joined(separator: ", "))
            }
            for file in files { try check(file, named) }
            return [named]
        }
        var found: [BillMapping] = []
        for file in files {
            let header = Set(file.columns.map { $0.lowercased() })
            let fitting = mappings.filter { $0.matches(header) }
            guard let size = fitting.map(\.signature.count).max() else { throw unknown(file) }
            let best = fitting.filter { $0.signature.count == size }
            if let other = found.first, let this = best.first, other.id != this.id {
                throw Failure(
                    .badInput, "import.several-formats",
                    "`\(file.path)` is \(this.title), the files before it are \(other.title)",
                    at: .init(file: file.path), hint: "import each format by itself")
            }
            found = best
        }
        guard !found.isEmpty else { throw Failure(.usage, "import.nothing", "no file to import") }
        return found
    }

    private func check(_ file: SourceFile, _ mapping: BillMapping) throws(Failure) {
        let header = Set(file.columns.map { $0.lowercased() })
        let lacking = mapping.signature.filter { !header.contains($0.lowercased()) }
        guard let first = lacking.first else { return }
        let near = Suggestion.nearest(to: first, in: file.columns).map { "is `\($0)` meant? " } ?? ""
        throw Failure(
            .badInput, "import.missing-column", "`\(file.path)` has no column `\(first)`",
            at: .init(file: file.path, line: 1, column: 1), hint: near + "\(mapping.title) needs it")
    }

    private func unknown(_ file: SourceFile) -> Failure {
        let header = Set(file.columns)
        let closest = mappings.max { a, b in
            header.intersection(a.signature).count < header.intersection(b.signature).count
        }
        var hint = "name it with --format: " + mappings.map(\.id).joined(separator: ", ")
        if let closest, !header.isDisjoint(with: closest.signature) {
            let lacking = closest.signature.filter { !header.contains($0) }.map { "`\($0)`" }
            hint = "it is closest to \(closest.title), which also has \(lacking.joined(separator: ", "))"
        }
        return Failure(
            .badInput, "import.unknown-format", "the columns of `\(file.path)` are those of no known bill",
            at: .init(file: file.path, line: 1, column: 1), hint: hint)
    }

    // MARK: Writing

    /// Sets one after another, each whole or not at all: those that are stored already are not read again. Where
    /// two have rows of one bill, all are one set.
    private func publish(
        _ sets: [(files: [SourceFile], mappings: [BillMapping])], _ export: String?, _ progress: (String) -> Void
    ) throws(Failure) -> ImportSummary {
        var result: ImportSummary?
        var seen: Set<String> = []
        for set in sets {
            let one = try publish(set.files, set.mappings, export, progress)
            for part in one.partitions {
                let bill = [part.provider, part.billingAccount, part.period, one.mapping].joined(separator: "\u{1}")
                guard seen.insert(bill).inserted || sets.count == 1 else {
                    return try publish(sets.flatMap(\.files), set.mappings, export, progress)
                }
            }
            result = result.map { $0 + one } ?? one
        }
        guard let result else { throw Failure(.usage, "import.nothing", "no file to import") }
        return result
    }

    private func publish(
        _ files: [SourceFile], _ fitting: [BillMapping], _ export: String?, _ progress: (String) -> Void
    ) throws(Failure) -> ImportSummary {
        let manifests = try store.manifests()
        for mapping in fitting {
            let key = Self.key(files, mapping, export ?? mapping.id)
            let known = manifests.filter { $0.key == key }
            if let first = known.first, known.count == first.partitions { return unchanged(known, mapping) }
        }
        try? FileManager.default.removeItem(at: store.staging)
        defer { try? FileManager.default.removeItem(at: store.staging) }
        var (staged, mapping) = try stage(files, fitting, progress)
        let key = Self.key(files, mapping, export ?? mapping.id)
        if staged.badRows > 0 || staged.unreadable > 0 {
            progress("listing what cannot be stored")
            try staged.listRejects()
        }
        progress("writing the ledger")
        let parts = try staged.partitions(key: key, export: export ?? mapping.id, files: files)
        try store.publish(parts)
        return try summary(staged, parts.map(\.manifest), mapping, key)
    }

    /// Reads the files by each mapping that may fit, until one has no fault with them; else by the one with
    /// the fewest.
    private func stage(
        _ files: [SourceFile], _ fitting: [BillMapping], _ progress: (String) -> Void
    ) throws(Failure) -> (StagedImport, BillMapping) {
        var best: (StagedImport, BillMapping)?
        var files = files
        for (index, mapping) in fitting.enumerated() {
            progress("reading \(files.count) files as \(mapping.title)")
            let folder = store.staging.appending(path: "\(ProcessInfo.processInfo.processIdentifier)-\(index)")
            try LedgerStore.makeFolder(folder)
            var staged = try StagedImport(duckdb, ImportSQL(files: files, mapping: mapping), folder)
            try staged.stage(progress)
            if !staged.isComplete(files), !files.contains(where: { $0.records != nil }) {
                progress("looking for records that are broken")
                files = try mended(files)
                staged = try StagedImport(duckdb, ImportSQL(files: files, mapping: mapping), folder)
                try staged.stage(progress)
            }
            guard staged.isComplete(files) else { throw Self.unaccounted(files, staged.rowsRead) }
            if let known = best, known.0.badRows <= staged.badRows { continue }
            best = (staged, mapping)
            if staged.badRows == 0 { break }
        }
        guard let best else { throw Failure(.usage, "import.nothing", "no file to import") }
        return best
    }

    private func mended(_ files: [SourceFile]) throws(Failure) -> [SourceFile] {
        let folder = store.staging.appending(path: "mended")
        try LedgerStore.makeFolder(folder)
        var result: [SourceFile] = []
        for (index, file) in files.enumerated() { result.append(try file.mend(into: folder, name: "\(index).csv")) }
        return result
    }

    private static func unaccounted(_ files: [SourceFile], _ rows: Int) -> Failure {
        let expected = files.reduce(0) { $0 + ($1.records ?? 0) }
        return Failure(
            .badInput, "import.unaccounted",
            "\(rows) records were read of \(files.count) files that have \(expected): nothing was stored",
            at: .init(file: files.first?.path ?? ""),
            hint: "look for unusual quotes, line ends and encodings in the file")
    }

    private func summary(
        _ staged: StagedImport, _ manifests: [LedgerManifest], _ mapping: BillMapping, _ key: String
    ) throws(Failure) -> ImportSummary {
        var result = ImportSummary()
        result.mapping = mapping.id
        result.stored = manifests.reduce(0) { $0 + $1.sourceRows }
        result.charges = manifests.reduce(0) { $0 + $1.rows }
        result.hourlyRows = manifests.reduce(0) { $0 + $1.hourlyRows }
        result.rounded = manifests.reduce(0) { $0 + $1.rounded }
        result.rejected = staged.badRows + staged.unreadable
        result.rowsIn = result.stored + result.rejected
        result.partitions = manifests
        if !staged.rejects.isEmpty {
            let file = store.rejects.appending(path: "\(key.prefix(16)).csv")
            try LedgerStore.makeFolder(store.rejects)
            guard (try? Data(staged.rejects).write(to: file, options: .atomic)) != nil else {
                throw LedgerStore.cannotWrite(file.path)
            }
            result.rejectsFile = "\(store.folder)/rejects/\(key.prefix(16)).csv"
        }
        return result
    }

    private func unchanged(_ manifests: [LedgerManifest], _ mapping: BillMapping) -> ImportSummary {
        var result = ImportSummary()
        result.mapping = mapping.id
        result.isUnchanged = true
        result.partitions = manifests
        result.stored = manifests.reduce(0) { $0 + $1.sourceRows }
        result.charges = manifests.reduce(0) { $0 + $1.rows }
        result.rowsIn = result.stored
        result.unchangedRows = result.stored
        return result
    }

    private static func key(_ files: [SourceFile], _ mapping: BillMapping, _ export: String) -> String {
        let hashes = files.map(\.sha256).sorted().joined(separator: ",")
        return ContentHash.sha256(
            [hashes, ContentHash.sha256(mapping.sql), mapping.id, export, schema].joined(separator: "|"))
    }
}
