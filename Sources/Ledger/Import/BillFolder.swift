internal import Foundation
internal import PlimsollCore

/// The files of a folder that make up its bills: of every export and period the latest delivery, as its
/// manifest lists it.
struct BillFolder {
    /// What to import, by path: one list for each billing period that folders tell apart, in their order. What
    /// several exports deliver of a period belongs together.
    private(set) var sets: [[String]] = []
    /// Bills of earlier deliveries.
    private(set) var leftOut: [String] = []

    private struct Manifest {
        var path: String
        var delivery: BillDelivery
        var listed: [String]
        var written: String
        /// Export, period and name: manifests with the same group are deliveries of one bill.
        var group: String
        var parts: [Substring] { path.split(separator: "/") }
    }

    private let root: String

    /// Looks at a folder; `names` are its files where they are not all there yet. Throws ``Failure`` where it has no
    /// bill, where a manifest lists a file that is not there, and where nothing tells which of several deliveries
    /// counts.
    init(_ folder: String, _ deliveries: [BillDelivery], names: [String]? = nil) throws(Failure) {
        root = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let found = names ?? FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let names = found.sorted()
        let aside = Set(deliveries.flatMap(\.aside))
        let all = names.filter { name in
            !name.split(separator: "/").contains {
                $0.hasPrefix(".") || $0.hasPrefix("_") || aside.contains(String($0))
            }
        }
        let bills = all.filter { !$0.lowercased().hasSuffix(".json") && SourceFile.layout(of: $0) != nil }
        let manifests = all.compactMap { manifest($0, deliveries) }
        guard !manifests.isEmpty else {
            try onlyOneDelivery(bills, deliveries)
            guard !bills.isEmpty else { throw nothing(folder) }
            sets = [bills.map(full)]
            return
        }
        let latest = try Self.latest(manifests, in: root)
        var periods: [String: Set<String>] = [:]
        for manifest in latest {
            let period = Self.period(manifest.path, manifest.delivery)
            for name in manifest.listed {
                periods[period, default: []].insert(try local(name, of: manifest, among: all))
            }
        }
        let listed = periods.values.reduce(into: Set()) { $0.formUnion($1) }
        let others = bills.filter { !listed.contains($0) }
        let earlier = others.filter { isEarlier($0, latest) }
        leftOut = earlier.map(full)
        // A bill that no manifest lists may be of any period.
        let loose = others.filter { !earlier.contains($0) }
        sets = periods.sorted { $0.key < $1.key }.map { $0.value.sorted().map(full) }
        if !loose.isEmpty { sets = [(sets.flatMap { $0 } + loose.map(full)).sorted()] }
        guard !sets.joined().isEmpty else { throw nothing(folder) }
    }

    /// The folder of the billing period in a path; empty where there is none.
    private static func period(_ name: String, _ delivery: BillDelivery) -> String {
        let folders = name.split(separator: "/").dropLast().map(String.init)
        return periodIndex(folders, delivery).map { folders[$0] } ?? ""
    }

    private func full(_ name: String) -> String { root + "/" + name }

    private func nothing(_ folder: String) -> Failure {
        Failure(
            .noInput, "import.nothing", "no bill in the folder `\(folder)`", at: .init(file: folder),
            hint: "bills end in .csv, .csv.gz, .parquet or .jsonl")
    }

    // MARK: Manifests

    private func manifest(_ name: String, _ deliveries: [BillDelivery]) -> Manifest? {
        for delivery in deliveries where name.lowercased().hasSuffix(delivery.manifestSuffix) {
            guard let data = FileManager.default.contents(atPath: full(name)) else { continue }
            let bytes = Array(data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data)
            guard let json = JSONValue(parsing: bytes) else { continue }
            let listed = Self.texts(json, delivery.files[...])
            guard !listed.isEmpty else { continue }
            let group = Self.export(name, delivery) + "\u{1}" + (name.split(separator: "/").last ?? "")
            return Manifest(
                path: name, delivery: delivery, listed: listed,
                written: Self.texts(json, delivery.written[...]).first ?? "", group: group)
        }
        return nil
    }

    private static func texts(_ json: JSONValue, _ keys: ArraySlice<String>) -> [String] {
        if let list = json.array { return list.flatMap { texts($0, keys) } }
        guard let key = keys.first else { return json.string.map { [$0] } ?? [] }
        return json[key].map { texts($0, keys.dropFirst()) } ?? []
    }

    /// The folders of the export and of the period, without those between; the file's own folder where
    /// no period stands in its path.
    private static func export(_ name: String, _ delivery: BillDelivery) -> String {
        let folders = name.split(separator: "/").dropLast().map(String.init)
        guard let index = periodIndex(folders, delivery) else { return "\u{2}" + folders.joined(separator: "/") }
        let above = folders[..<index].filter { !delivery.between.contains($0) }
        return (above + [folders[index]]).joined(separator: "/")
    }

    private static func periodIndex(_ folders: [String], _ delivery: BillDelivery) -> Int? {
        folders.lastIndex { $0.range(of: "^(\(delivery.periodFolder))$", options: .regularExpression) != nil }
    }

    /// Of each export and period the manifest that counts: the one above the deliveries' own folders, else
    /// the one written last.
    private static func latest(_ manifests: [Manifest], in root: String) throws(Failure) -> [Manifest] {
        var result: [Manifest] = []
        for (_, group) in Dictionary(grouping: manifests, by: \.group).sorted(by: { $0.key < $1.key }) {
            let depth = group.map(\.parts.count).min() ?? 0
            let highest = group.filter { $0.parts.count == depth }
            let times = Set(highest.map(\.written))
            let sorted = highest.sorted { ($0.written, $0.path) < ($1.written, $1.path) }
            guard let last = sorted.last else { continue }
            let isTold = highest.count == 1 || last.delivery.namesSort || times.count == highest.count
            guard isTold else { throw several(root + "/" + last.path, highest.count) }
            result.append(last)
        }
        return result
    }

    private static func several(_ path: String, _ count: Int) -> Failure {
        Failure(
            .badInput, "import.several-deliveries",
            "\(count) deliveries of one bill, such as `\(path)`, and nothing tells which is the latest",
            at: .init(file: path), hint: "give the folder of the one that counts, or add the export's own manifest")
    }

    // MARK: Files

    /// The file here that a manifest names by its key in the vendor's store.
    private func local(_ key: String, of manifest: Manifest, among names: [String]) throws(Failure) -> String {
        let wanted = key.split(separator: "/")
        let home = manifest.parts.dropLast()
        let fitting = names.filter { name in
            let parts = name.split(separator: "/")
            guard parts.last == wanted.last else { return false }
            return parts.count == 1 || parts.dropLast() == home || parts.dropLast().last == wanted.dropLast().last
        }
        let ranked = fitting.map { (name: $0, shared: Self.shared($0.split(separator: "/"), wanted)) }
            .sorted { ($0.shared, $1.name) > ($1.shared, $0.name) }
        guard let best = ranked.first else {
            throw Failure(
                .badInput, "import.incomplete-delivery",
                "`\(full(manifest.path))` lists `\(wanted.last ?? "")`, which is not there",
                at: .init(file: full(manifest.path)),
                hint: "fetch the whole delivery, with its folders; nothing was stored")
        }
        return best.name
    }

    private static func shared(_ a: [Substring], _ b: [Substring]) -> Int {
        zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
    }

    /// Whether a bill that no chosen manifest lists is of another delivery of the same export and period.
    private func isEarlier(_ name: String, _ latest: [Manifest]) -> Bool {
        latest.contains { manifest in
            let own = Self.export(name, manifest.delivery)
            return manifest.group.hasPrefix(own + "\u{1}")
        }
    }

    /// Throws where a period's folder has several deliveries and there is no manifest.
    private func onlyOneDelivery(_ bills: [String], _ deliveries: [BillDelivery]) throws(Failure) {
        for delivery in deliveries {
            var runs: [String: Set<String>] = [:]
            for name in bills {
                let folders = name.split(separator: "/").dropLast().map(String.init)
                guard let index = Self.periodIndex(folders, delivery), index + 1 < folders.count else { continue }
                runs[folders[...index].joined(separator: "/"), default: []].insert(folders[index + 1])
            }
            if let (folder, names) = runs.sorted(by: { $0.key < $1.key }).first(where: { $0.value.count > 1 }) {
                throw Self.several(full(folder + "/" + (names.sorted().last ?? "")), names.count)
            }
        }
    }
}
