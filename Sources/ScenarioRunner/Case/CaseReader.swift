public import PlimsollCore
internal import Rating

extension CaseFile {
    /// Reads a case; throws all of the file's errors at once.
    ///
    /// `read` opens the files that tables name with `file:`, paths being relative to the case's folder. `programs`
    /// say whose rows are billed in the order they stand in.
    public static func load(
        _ bytes: [UInt8], file: String, programs: [BenefitProgram] = [],
        read: @escaping (_ path: String) throws(Failure) -> [UInt8] = InputFiles.read
    ) throws(Failure) -> CaseFile {
        let tree = try YAMLNode.parse(bytes, file: file, topic: "case")
        let reader = YAMLReader(topic: "case")
        let result = try CaseReader(
            reader: reader, file: file, ordered: programs.providersInBillingOrder, read: read
        ).read(tree)
        try reader.finish()
        return result
    }
}

/// Reads the parts of a case file.
struct CaseReader {
    let reader: YAMLReader
    let file: String
    /// Providers whose rows are billed in the order they stand in.
    let ordered: Set<String>
    let read: (_ path: String) throws(Failure) -> [UInt8]

    private static let tables = ["usage", "prices", "catalog", "commitments", "accounts", "fx"]
    private static let keys =
        ["case", "source", "note"] + tables + ["agreements", "defaults", "window", "currency", "expect"]

    func read(_ tree: YAMLNode) throws(Failure) -> CaseFile {
        var result = CaseFile()
        guard let map = reader.mapping(tree, "a case", known: Self.keys) else { return result }
        result.name = map.required("case").flatMap { reader.text($0, "`case`") } ?? ""
        result.source = map.text("source") ?? ""
        result.note = map.text("note") ?? ""
        try tables(map, &result)
        result.input.currency = map.text("currency")
        if let node = map.node("agreements") {
            result.input.agreements = AgreementReader(reader: reader).agreements(node)
        }
        result.input.window = map.node("window").flatMap(window)
        if let node = map.required("expect") { result.expect = ExpectationReader(reader: reader).expectation(node) }
        return result
    }

    // MARK: Tables

    private func tables(_ map: YAMLMapping, _ result: inout CaseFile) throws(Failure) {
        let defaults = map.node("defaults").flatMap { reader.mapping($0, "`defaults`", known: Self.tables) }
        _ = map.required("usage")
        _ = map.required("prices")
        func table<Row>(
            _ name: String, _ bytes: ([UInt8], String) throws(Failure) -> Decoded<[Row]>,
            _ records: ([InterchangeRecord], String) throws(Failure) -> Decoded<[Row]>
        ) throws(Failure) -> [Row] {
            guard let node = map.node(name) else { return [] }
            do throws(Failure) {
                let decoded: Decoded<[Row]>
                if let path = self.path(node) {
                    decoded = try bytes(try read(path), path)
                } else {
                    decoded = try records(rows(node, name, defaults?.node(name)), file)
                }
                result.warnings += decoded.warnings
                return decoded.value
            } catch {
                // What cannot be opened ends the reading; what is wrong is collected.
                if error.exitCode != .badInput { throw error }
                reader.report(error)
                return []
            }
        }
        let ordered = ordered
        result.input.usage = try table(
            "usage",
            { (bytes, file) throws(Failure) in try Interchange.usage(bytes, file: file, billingOrderOf: ordered) },
            { (rows, file) throws(Failure) in
                try Interchange.usage(records: rows, file: file, billingOrderOf: ordered)
            })
        result.input.prices = try table("prices", Interchange.prices(_:file:), Interchange.prices(records:file:))
        result.input.catalog = try table("catalog", Interchange.catalog(_:file:), Interchange.catalog(records:file:))
        result.input.commitments = try table(
            "commitments", Interchange.commitments(_:file:), Interchange.commitments(records:file:))
        result.input.accounts = try table(
            "accounts", Interchange.accounts(_:file:), Interchange.accounts(records:file:))
        result.input.fx = try table("fx", Interchange.fx(_:file:), Interchange.fx(records:file:))
    }

    /// The path of `{file: …}`, relative to the case's folder.
    private func path(_ node: YAMLNode) -> String? {
        guard case .mapping(let members) = node.content else { return nil }
        guard members.count == 1, members[0].key == "file", let text = members[0].value.scalar else { return nil }
        guard !text.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return text }
        return file[...slash] + text
    }

    private func rows(_ node: YAMLNode, _ table: String, _ defaults: YAMLNode?) -> [InterchangeRecord] {
        var base: [String: InterchangeRecord.Cell] = [:]
        if let defaults { base = cells(defaults, "the defaults of `\(table)`") ?? [:] }
        return reader.list(node, "`\(table)`").flatMap { item -> [InterchangeRecord] in
            guard let own = cells(item, "a row of `\(table)`") else { return [] }
            var all = base.merging(own) { _, new in new }
            guard table == "usage", let span = all.removeValue(forKey: "hours") else {
                return [InterchangeRecord(all, at: item.place)]
            }
            return hours(span).map { hour in
                var record = all
                record["hour"] = InterchangeRecord.Cell(hour.description, at: span.place)
                return InterchangeRecord(record, at: item.place)
            }
        }
    }

    private func cells(_ node: YAMLNode, _ what: String) -> [String: InterchangeRecord.Cell]? {
        guard let map = reader.openMapping(node, what) else { return nil }
        var result: [String: InterchangeRecord.Cell] = [:]
        for member in map.members {
            guard let text = reader.text(member.value, "`\(member.key)`") else { continue }
            result[member.key] = InterchangeRecord.Cell(text, at: member.value.place)
        }
        return result
    }

    /// The hours of `FROM..TO`, TO not included.
    private func hours(_ cell: InterchangeRecord.Cell) -> Range<Hour> {
        let parts = cell.text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
        let empty = Hour(index: 0)..<Hour(index: 0)
        guard parts.count == 2, let from = YAMLValues.hour(parts[0]), let to = YAMLValues.hour(parts[1]) else {
            reader.report(
                "bad-hours", "`\(cell.text)` is not a span of hours", at: cell.place,
                hint: "write `2026-01-01T00:00:00Z..2026-01-02T00:00:00Z`; the last one is not included")
            return empty
        }
        guard from < to, from.distance(to: to) <= 100_000 else {
            reader.report("bad-hours", "`\(cell.text)` has no hour, or more than 100,000", at: cell.place)
            return empty
        }
        return from..<to
    }

    private func window(_ node: YAMLNode) -> HourGrid? {
        guard let map = reader.mapping(node, "`window`", known: ["from", "to"]) else { return nil }
        func hour(_ key: String) -> Hour? {
            map.required(key).flatMap {
                reader.value($0, "`\(key)`", "a date or hour such as 2026-01-01T00:00:00Z", YAMLValues.hour)
            }
        }
        guard let from = hour("from"), let to = hour("to") else { return nil }
        if to <= from { reader.report("bad-value", "`to` is not after `from`", at: node.place) }
        return HourGrid(start: from, end: to)
    }
}

/// Reads `expect:` of a case file.
struct ExpectationReader {
    let reader: YAMLReader

    func expectation(_ node: YAMLNode) -> CaseExpectation {
        var result = CaseExpectation()
        let keys = ["total", "commitments", "unpriced", "rounded"]
        guard let map = reader.mapping(node, "`expect`", known: keys) else { return result }
        if let total = map.node("total") {
            figures(total, "total", CaseExpectation.totals, into: &result)
        }
        if let node = map.node("commitments"), let uses = reader.openMapping(node, "`commitments`") {
            for member in uses.members {
                figures(member.value, "commitments.\(member.key)", CaseExpectation.uses, into: &result)
            }
        }
        result.unpriced = map.texts("unpriced") ?? []
        if let node = map.node("rounded"), let rounded = reader.openMapping(node, "`rounded`") {
            for member in rounded.members { result.rounded[member.key] = self.rounded(member) }
        }
        return result
    }

    private func figures(
        _ node: YAMLNode, _ path: String, _ names: [String], into result: inout CaseExpectation
    ) {
        guard let map = reader.mapping(node, "`\(path)`", known: names) else { return }
        for name in names {
            guard let value = map.node(name) else { continue }
            result.figures["\(path).\(name)"] = reader.value(value, "`\(name)`", "a decimal number") { Quantity($0) }
        }
    }

    private func rounded(_ member: YAMLNode.Member) -> CaseExpectation.Rounded? {
        let path = member.key.split(separator: ".")
        let known = path.first == "total" ? CaseExpectation.totals : CaseExpectation.uses
        guard path.count >= 2, ["total", "commitments"].contains(path[0]), known.contains(String(path[path.count - 1]))
        else {
            reader.report(
                "unknown-figure", "`\(member.key)` is not a figure of a bill", at: member.place,
                hint: "write for example `total.effective` or `commitments.ID.used`")
            return nil
        }
        guard let map = reader.mapping(member.value, "`\(member.key)`", known: ["places", "value"]) else { return nil }
        _ = map.required("places")
        guard let places = map.integer("places", 0...12) else { return nil }
        guard let node = map.required("value") else { return nil }
        guard let value = reader.value(node, "`value`", "a decimal number", { Money($0) }) else { return nil }
        return .init(places: places, value: value.rounded(to: places))
    }
}
