internal import Foundation
public import PlimsollCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What one import put into one partition: provider × billing account × export × billing period.
public struct LedgerManifest: Hashable, Sendable, Codable {
    /// A file that was imported.
    public struct Input: Hashable, Sendable, Codable {
        /// Name without its folder.
        public var name: String
        /// SHA-256 of its bytes.
        public var sha256: String
        /// Size.
        public var bytes: Int
    }

    /// Sums in one currency, as exact decimal texts.
    public struct Sums: Hashable, Sendable, Codable {
        /// ISO 4217 code.
        public var currency: String
        /// What the invoice says.
        public var billed: String
        /// Amortised.
        public var effective: String
        /// At list prices.
        public var list: String
        /// At the customer's own prices.
        public var contracted: String
    }

    /// Version of the layout.
    public var version = 1
    /// `ProviderName`.
    public var provider: String
    /// `BillingAccountId`.
    public var billingAccount: String
    /// Which export: the mapping's id, or a name given.
    public var export: String
    /// Billing period, such as `2026-01`.
    public var period: String
    /// Id of the mapping.
    public var mapping: String
    /// SHA-256 of everything the rows were made from.
    public var key: String
    /// Name of the Parquet file beside the manifest.
    public var file: String
    /// Charges stored.
    public var rows: Int
    /// Rows of the files they were made from: one row may hold several charges.
    public var sourceRows: Int
    /// Rows whose charge period is one hour.
    public var hourlyRows: Int
    /// Numbers finer than 12 places, rounded half-even.
    public var rounded: Int
    /// Sums, by currency.
    public var sums: [Sums]
    /// What was imported, all partitions of the import together.
    public var inputs: [Input]
    /// Partitions of the same import.
    public var partitions: Int
}

/// The folder of a ledger: Parquet files that manifests list.
public struct LedgerStore: Sendable {
    /// The folder.
    public let folder: String

    /// The ledger in `folder`, which need not exist yet.
    public init(_ folder: String) { self.folder = folder }

    private var root: URL { URL(fileURLWithPath: folder) }
    var staging: URL { root.appending(path: "staging") }
    var rejects: URL { root.appending(path: "rejects") }

    /// Where a partition lies.
    func place(_ manifest: LedgerManifest) -> URL {
        let names = [
            "provider=" + Self.word(manifest.provider), "account=" + Self.word(manifest.billingAccount),
            "export=" + Self.word(manifest.export), "period=" + manifest.period,
        ]
        return names.reduce(root.appending(path: "focus")) { $0.appending(path: $1) }
    }

    /// A name that any file system takes: letters, digits, `-`, `_` and `.`, the rest as `%XX`.
    private static func word(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80,
                scalar.properties.isAlphabetic || (0x30...0x39).contains(byte) || "-_.".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                result += "%" + String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
            }
        }
        return result.hasPrefix(".") ? "%2E" + result.dropFirst() : result
    }

    // MARK: Reading

    /// Every partition's manifest, by provider, account, export and period. Throws ``Failure`` where the
    /// folder is no ledger or a manifest cannot be read.
    public func manifests() throws(Failure) -> [LedgerManifest] {
        let base = root.appending(path: "focus")
        guard let walker = FileManager.default.enumerator(atPath: base.path) else { return [] }
        var found: [LedgerManifest] = []
        for case let path as String in walker where path.hasSuffix("/manifest.json") {
            let file = base.appending(path: path)
            guard let data = try? Data(contentsOf: file),
                let manifest = Self.decoded(LedgerManifest.self, data)
            else {
                throw Failure(
                    .badInput, "ledger.bad-manifest", "`\(file.path)` is no manifest of a ledger",
                    at: .init(file: file.path), hint: "remove its folder and import that period again")
            }
            found.append(manifest)
        }
        // What a journal has is published already, though its import was cut off.
        if let data = try? Data(contentsOf: journal) {
            for manifest in Self.decoded([LedgerManifest].self, data) ?? [] {
                found.removeAll { place($0) == place(manifest) }
                found.append(manifest)
            }
        }
        return found.sorted {
            ($0.provider, $0.billingAccount, $0.export, $0.period) < (
                $1.provider, $1.billingAccount, $1.export, $1.period
            )
        }
    }

    /// The Parquet files that the manifests list.
    func files(_ manifests: [LedgerManifest]) throws(Failure) -> [String] {
        var paths: [String] = []
        for manifest in manifests {
            let path = place(manifest).appending(path: manifest.file).path
            guard FileManager.default.fileExists(atPath: path) else {
                throw Failure(
                    .badInput, "ledger.missing-file", "`\(path)` is gone, though its manifest lists it",
                    at: .init(file: path), hint: "import that period again")
            }
            paths.append(path)
        }
        return paths
    }

    // MARK: Writing

    /// Holds the ledger for as long as `body` runs: one import at a time.
    func locked<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try Self.makeFolder(root)
        let path = root.appending(path: ".lock").path
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.cannotWrite(path) }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Failure(
                .cannotWrite, "ledger.locked", "another import is writing to the ledger `\(folder)`",
                at: .init(file: folder), hint: "wait until it has ended, then run this one again")
        }
        try settle()
        return try body()
    }

    static func makeFolder(_ folder: URL) throws(Failure) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw cannotWrite(folder.path)
        }
    }

    static func cannotWrite(_ path: String) -> Failure {
        Failure(
            .cannotWrite, "ledger.cannot-write", "`\(path)` cannot be written: \(String(cString: strerror(errno)))",
            at: .init(file: path), hint: "check the path, its permissions and the room on its disk")
    }

    /// Puts checked Parquet files into their partitions, all of them or none: the rename of one journal that
    /// has all manifests is what publishes them.
    func publish(_ parts: [(manifest: LedgerManifest, file: URL)]) throws(Failure) {
        for (manifest, staged) in parts {
            let place = place(manifest)
            try Self.makeFolder(place)
            try Self.sync(staged.path)
            let file = place.appending(path: manifest.file)
            guard rename(staged.path, file.path) == 0 else { throw Self.cannotWrite(file.path) }
            try Self.sync(place.path)
        }
        try Self.write(parts.map(\.manifest), to: journal)
        try settle()
    }

    private var journal: URL { root.appending(path: "journal.json") }

    /// Finishes what a journal says: an import that was killed after its journal was written is complete.
    func settle() throws(Failure) {
        guard let data = try? Data(contentsOf: journal) else { return }
        for manifest in Self.decoded([LedgerManifest].self, data) ?? [] {
            let place = place(manifest)
            try Self.write(manifest, to: place.appending(path: "manifest.json"))
            removeOthers(in: place, keeping: manifest.file)
        }
        guard unlink(journal.path) == 0 else { throw Self.cannotWrite(journal.path) }
        try Self.sync(root.path)
    }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ data: Data) -> Value? {
        try? JSONDecoder().decode(type, from: data)
    }

    /// Writes beside, flushes, and renames.
    static func write(_ value: some Encodable, to file: URL) throws(Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let next = file.appendingPathExtension("new")
        guard let data = try? encoder.encode(value), (try? data.write(to: next)) != nil else {
            throw cannotWrite(next.path)
        }
        try sync(next.path)
        guard rename(next.path, file.path) == 0 else { throw cannotWrite(file.path) }
        try sync(file.deletingLastPathComponent().path)
    }

    /// Files that no manifest lists any more.
    private func removeOthers(in place: URL, keeping file: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        for name in names where name != file && name != "manifest.json" {
            try? FileManager.default.removeItem(at: place.appending(path: name))
        }
    }

    static func sync(_ path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotWrite(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw cannotWrite(path) }
    }

    /// Removes what no manifest lists: files of cut-off imports, and staging. Every partition is one file
    /// already. Returns how many files went.
    public func compact() throws(Failure) -> Int {
        try locked { () throws(Failure) in
            var gone = 0
            let kept = Set(try files(try manifests()).map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path })
            let base = root.appending(path: "focus")
            let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
            for name in names where name.hasSuffix(".parquet") || name.hasSuffix(".new") {
                let file = base.appending(path: name)
                guard !kept.contains(file.resolvingSymlinksInPath().path) else { continue }
                guard unlink(file.path) == 0 else { throw Self.cannotWrite(file.path) }
                gone += 1
            }
            if (try? FileManager.default.removeItem(at: staging)) != nil { gone += 1 }
            return gone
        }
    }

    /// Takes partitions out, manifest first.
    public func drop(_ manifests: [LedgerManifest]) throws(Failure) {
        try locked { () throws(Failure) in
            for manifest in manifests {
                let place = place(manifest)
                guard unlink(place.appending(path: "manifest.json").path) == 0 else {
                    throw Self.cannotWrite(place.path)
                }
                try? FileManager.default.removeItem(at: place)
            }
        }
    }
}
