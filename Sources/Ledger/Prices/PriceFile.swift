internal import Foundation
internal import PlimsollCore

/// A price list as it lies on disk: how it is written, in which format, and where its rows begin.
struct PriceFile: Sendable {
    /// What reads it.
    enum Reader: Sendable {
        /// The `prices` contract, as CSV.
        case contract
        /// The same as Parquet.
        case parquet
        /// A vendor's CSV: the header's columns, and the lines above them and it.
        case csv(PriceMapping, columns: [String], skip: Int)
        /// A vendor's JSON.
        case json(PriceMapping, [PriceMapping.Record])
    }

    var path: String
    var isCompressed: Bool
    var bytes: Int
    var sha256: String
    /// Lines of text; 0 = not known.
    var lines: Int
    var reader: Reader
    /// What a CSV file says of itself above its header.
    var about: [String: String] = [:]

    /// Id of the format that is the interchange file itself.
    static let contract = "plimsoll"

    /// Name and title of the format.
    var format: (id: String, title: String) {
        switch reader {
        case .contract, .parquet: (Self.contract, "a `prices` file")
        case .csv(let mapping, _, _), .json(let mapping, _): (mapping.id, mapping.title)
        }
    }

    var stream: FileBytes { FileBytes(path: path, isCompressed: isCompressed) }
}

/// Finds out what price lists are.
struct PriceFileInspector {
    let mappings: [PriceMapping]
    let format: String?

    private static let reach = 1 << 20

    func inspect(_ path: String) throws(Failure) -> PriceFile {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw Failure(
                .noInput, "input.directory", "`\(path)` is a directory, not a file", at: .init(file: path),
                hint: "name the files in it: `plimsoll prices import \(path)/*`")
        }
        let head = try prefix(FileBytes(path: path, isCompressed: false), 4)
        let isCompressed = head.starts(with: [0x1f, 0x8b])
        let facts = try FileFacts.read(path, isCompressed: isCompressed)
        guard facts.bytes > 0 else {
            throw Failure(
                .badInput, "prices.empty-file", "`\(path)` is empty", at: .init(file: path),
                hint: "download it again")
        }
        var file = PriceFile(
            path: path, isCompressed: isCompressed, bytes: facts.bytes, sha256: facts.sha256, lines: facts.lines,
            reader: .parquet)
        if head.starts(with: Array("PAR1".utf8)) { return file }
        let text = try prefix(file.stream, Self.reach)
        let first = text.drop { [0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d].contains($0) }.first
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            file.reader = try json(text, file)
        } else {
            (file.reader, file.about) = try csv(text, file)
        }
        return file
    }

    private func prefix(_ stream: FileBytes, _ count: Int) throws(Failure) -> [UInt8] {
        do {
            return Array(try stream.prefix(count).prefix(max(count, Self.reach)))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .noInput, "input.unreadable", "`\(stream.path)` cannot be read: \(error.localizedDescription)",
                at: .init(file: stream.path), hint: "check the path and the disk it is on")
        }
    }

    /// The formats to try.
    private func candidates() throws(Failure) -> [PriceMapping] {
        guard let format else { return mappings }
        if format == PriceFile.contract { return [] }
        guard let named = mappings.first(where: { $0.id == format }) else {
            let names = [PriceFile.contract] + mappings.map(\.id)
            let near = Suggestion.nearest(to: format, in: names).map { "did you mean `\($0)`? " } ?? ""
            throw Failure(
                .usage, "prices.unknown-format", "`\(format)` is no format of price lists",
                hint: near + "formats: " + names.joined(separator: ", "))
        }
        return [named]
    }

    // MARK: JSON

    private func json(_ text: [UInt8], _ file: PriceFile) throws(Failure) -> PriceFile.Reader {
        let tried = try candidates()
        for mapping in tried {
            guard case .json(let records) = mapping.layout else { continue }
            guard format == nil else { return .json(mapping, records) }
            if Self.fits(mapping, records, text) { return .json(mapping, records) }
        }
        throw unknown(file, "is JSON, but of no price list known")
    }

    /// Whether the first record at the mapping's first path has the mapping's keys.
    private static func fits(_ mapping: PriceMapping, _ records: [PriceMapping.Record], _ text: [UInt8]) -> Bool {
        guard let kind = records.first?.kind else { return false }
        var found: [UInt8]?
        var splitter = JSONSplitter(records.filter { $0.kind == kind }) { _, line in
            if found == nil { found = line }
        }
        // The text may be cut off here, and what is wrong with it is said when it is read.
        try? text.withUnsafeBufferPointer { (bytes) throws(JSONSplitter.Fault) in
            for start in stride(from: 0, to: bytes.count, by: 1 << 16) where found == nil {
                let end = min(bytes.count, start + 1 << 16)
                try splitter.feed(UnsafeBufferPointer(rebasing: bytes[start..<end]))
            }
        }
        guard let line = found, let value = line.split(separator: 1, maxSplits: 2).last,
            let object = JSONValue(parsing: Array(value))
        else { return false }
        return mapping.signature.allSatisfy { object[$0] != nil }
    }

    // MARK: CSV

    private func csv(
        _ text: [UInt8], _ file: PriceFile
    ) throws(Failure) -> (PriceFile.Reader, [String: String]) {
        let tried = try candidates()
        let lines = text.split(separator: 0x0a, maxSplits: 100, omittingEmptySubsequences: false).prefix(100)
        var about: [String: String] = [:]
        var closest: (mapping: PriceMapping, lacking: [String], line: Int)?
        for (number, line) in lines.enumerated() {
            let cells = SourceFile.header(String(decoding: line, as: UTF8.self))
            let known = Set(cells.map { $0.lowercased() })
            if format == nil || format == PriceFile.contract, known.isSuperset(of: Self.contractColumns), number == 0 {
                return (.contract, [:])
            }
            for mapping in tried where mapping.layout == .csv {
                let lacking = mapping.signature.filter { !known.contains($0.lowercased()) }
                if lacking.isEmpty { return (.csv(mapping, columns: cells, skip: number + 1), about) }
                if lacking.count < mapping.signature.count, lacking.count < closest?.lacking.count ?? Int.max {
                    closest = (mapping, lacking, number + 1)
                }
            }
            if cells.count == 2, about.count < 32 { about[cells[0]] = cells[1] }
        }
        if format == PriceFile.contract { return (.contract, [:]) }
        guard let closest else { throw unknown(file, "has the header of no price list known") }
        throw Failure(
            .badInput, "prices.missing-column",
            "`\(file.path)` has no column `\(closest.lacking.first ?? "")`",
            at: .init(file: file.path, line: closest.line, column: 1),
            hint: "\(closest.mapping.title) needs \(closest.lacking.map { "`\($0)`" }.joined(separator: ", "))")
    }

    private static let contractColumns: Set = ["provider", "sku", "offer", "price", "currency"]

    private func unknown(_ file: PriceFile, _ what: String) -> Failure {
        let names = [PriceFile.contract] + mappings.map(\.id)
        return Failure(
            .badInput, "prices.unrecognised", "`\(file.path)` \(what)\(format.map { " as `\($0)`" } ?? "")",
            at: .init(file: file.path), hint: "formats: \(names.joined(separator: ", "))")
    }
}
