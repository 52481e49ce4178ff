public import PlimsollCore

/// Rows of a batch as they came, read and checked.
public struct PluginRows: Sendable {
    /// Rows of a provider.
    public var batch = CollectedBatch()
    /// Rows of a recommender; `recommender` is filled in by the host.
    public var verdicts: [Verdict] = []
    /// Kinds that have rows.
    public private(set) var kinds: [String] = []
    /// What is wrong, each with kind, row and column; empty = nothing.
    public private(set) var faults: [String] = []
    /// Times that were read.
    private var instants: [String: Instant] = [:]

    /// Rows in it.
    public var count: Int { batch.count + verdicts.count }

    /// Reads the member `rows` of a batch.
    public init(_ json: JSONValue) {
        guard case .object(let lists) = json else {
            faults.append("`rows` is \(JSONSchema.shown(json)), not an object of lists")
            return
        }
        for (kind, value) in lists.sorted(by: { $0.key < $1.key }) {
            guard case .array(let rows) = value else {
                faults.append("`rows.\(kind)` is \(JSONSchema.shown(value)), not a list")
                continue
            }
            if !rows.isEmpty { kinds.append(kind) }
            read(kind, rows)
        }
    }

    private mutating func read(_ kind: String, _ rows: [JSONValue]) {
        switch kind {
        case "resources": batch.resources = each(kind, rows) { $0.resource($1, $2) }
        case "metrics": batch.metrics = each(kind, rows) { $0.metric($1, $2) }
        case "gaps": batch.gaps = each(kind, rows) { $0.gap($1, $2) }
        case "verdicts": verdicts = each(kind, rows) { $0.verdict($1, $2) }
        case "prices": batch.prices = table(.prices, rows, Interchange.prices)
        case "catalog": batch.catalog = table(.catalog, rows, Interchange.catalog)
        case "commitments": batch.commitments = table(.commitments, rows, Interchange.commitments)
        default: faults.append("`rows.\(kind)` is no kind of rows")
        }
    }

    private mutating func each<Row>(
        _ kind: String, _ rows: [JSONValue], _ read: (inout PluginRows, JSONValue, String) -> Row?
    ) -> [Row] {
        var result: [Row] = []
        result.reserveCapacity(rows.count)
        for (index, row) in rows.enumerated() {
            if let row = read(&self, row, "\(kind)[\(index)]") { result.append(row) }
        }
        return result
    }

    // MARK: Kinds

    private static let resourceKeys = Set(InterchangeSchema.resources.columns.map(\.name))
    private static let resourceTypes = Set(InterchangeSchema.resources.column("type")?.words ?? [])
    private static let linkKinds: Set = ["attached-to", "part-of", "created-from", "member-of", "targets"]

    private mutating func resource(_ json: JSONValue, _ place: String) -> Resource? {
        guard case .object(let members) = json, let row = Resource(json),
            members.keys.allSatisfy(Self.resourceKeys.contains)
        else { return explain(json, "resource", place) }
        if !Self.resourceTypes.contains(row.type), !row.type.contains(":") {
            faults.append(
                "`\(place).type` is `\(row.type)`, which is no type of resources; own types are written `provider:type`"
            )
        }
        if !row.created.isEmpty, !Self.isTime(row.created) {
            faults.append("`\(place).created` is `\(row.created)`, not a time such as `2026-01-31T00:00:00Z`")
        }
        for link in row.links where !Self.linkKinds.contains(link.kind) || link.id.isEmpty {
            faults.append("`\(place).links` has a link of kind `\(link.kind)` to `\(link.id)`")
        }
        return row
    }

    private mutating func metric(_ json: JSONValue, _ place: String) -> MetricRow? {
        guard case .object(let members) = json, members.count <= 7, let time = members["time"]?.string,
            let provider = members["provider"]?.string, let resource = members["resource"]?.string,
            let metric = members["metric"]?.string, let text = members["value"]?.string,
            !provider.isEmpty, !resource.isEmpty, !metric.isEmpty,
            // Of seven columns five are there: the others are these two, or misspelt.
            members.count == 5 + ["statistic", "unit"].count(where: { members[$0]?.string != nil })
        else { return explain(json, "metric", place) }
        guard let instant = instant(time) else {
            faults.append("`\(place).time` is `\(time)`, not a time such as `2026-01-31T00:00:00Z`")
            return nil
        }
        guard FixedPoint.parse(text) != nil, let value = Double(text), value.isFinite else {
            faults.append("`\(place).value` is `\(text)`, not a decimal number")
            return nil
        }
        return MetricRow(
            time: instant, provider: provider, resource: resource, metric: metric,
            statistic: members["statistic"]?.string ?? "", value: value, unit: members["unit"]?.string ?? "")
    }

    /// The time of a text. Hours come again and again, and each is read once.
    private mutating func instant(_ text: String) -> Instant? {
        if let known = instants[text] { return known }
        guard Self.isTime(text), let instant = Instant(text) else { return nil }
        instants[text] = instant
        return instant
    }

    private mutating func gap(_ json: JSONValue, _ place: String) -> Gap? {
        guard explainIfWrong(json, "gap", place) else { return nil }
        func text(_ key: String) -> String { json[key]?.string ?? "" }
        return Gap(
            provider: text("provider"), account: text("account"), region: text("region"), what: text("what"),
            reason: text("reason"), permission: text("permission"), remedy: text("remedy"))
    }

    private mutating func verdict(_ json: JSONValue, _ place: String) -> Verdict? {
        guard explainIfWrong(json, "verdict", place), let subject = json["subject"]?.string,
            let text = json["text"]?.string
        else { return nil }
        let outcome: Verdict.Outcome =
            switch json["outcome"]?.string {
            case "recommend": .recommend(evidence: text)
            case "keep": .keep(reason: text)
            default: .notEvaluated(missing: text, remedy: json["remedy"]?.string ?? "")
            }
        return Verdict(recommender: "", subject: subject, outcome: outcome)
    }

    /// A verdict as a row.
    public static func json(_ verdict: Verdict) -> JSONValue {
        let (outcome, text, remedy) =
            switch verdict.outcome {
            case .recommend(let evidence): ("recommend", evidence, "")
            case .keep(let reason): ("keep", reason, "")
            case .notEvaluated(let missing, let remedy): ("not-evaluated", missing, remedy)
            }
        return [
            "subject": .string(verdict.subject), "outcome": .string(outcome), "text": .string(text),
            "remedy": .string(remedy),
        ]
    }

    // MARK: Faults

    /// Whether a row fits its schema; says why it does not.
    private mutating func explainIfWrong(_ json: JSONValue, _ definition: String, _ place: String) -> Bool {
        let found = PluginProtocol.schema.faults(in: json, of: definition, named: place)
        faults += found.map(Self.withHint)
        return found.isEmpty
    }

    private mutating func explain<Row>(_ json: JSONValue, _ definition: String, _ place: String) -> Row? {
        if explainIfWrong(json, definition, place) { faults.append("`\(place)` is \(JSONSchema.shown(json))") }
        return nil
    }

    private static func withHint(_ fault: String) -> String {
        fault.hasSuffix("not of type string") ? fault + ": numbers and times are written as strings" : fault
    }

    private static func isTime(_ text: String) -> Bool {
        text.utf8.count >= 20 && text.utf8.last == UInt8(ascii: "Z") && text.utf8.dropFirst(10).first == 0x54
            && Instant(text) != nil
    }

    /// Rows that the readers of CSV files check.
    private mutating func table<Row>(
        _ schema: InterchangeSchema, _ rows: [JSONValue],
        _ read: ([InterchangeRecord], String) throws(Failure) -> Decoded<[Row]>
    ) -> [Row] {
        var records: [InterchangeRecord] = []
        for (index, row) in rows.enumerated() {
            let place = Diagnostic.Place(file: schema.name, line: index + 1)
            guard case .object(let members) = row else {
                faults.append("`\(schema.name)[\(index)]` is \(JSONSchema.shown(row)), not an object")
                continue
            }
            var cells: [String: InterchangeRecord.Cell] = [:]
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                guard let text = value.string else {
                    faults.append(
                        "`\(schema.name)[\(index)].\(key)` is \(JSONSchema.shown(value)), not of type string: "
                            + "numbers and times are written as strings")
                    continue
                }
                cells[key] = .init(text, at: place)
            }
            records.append(InterchangeRecord(cells, at: place))
        }
        do throws(Failure) {
            return try read(records, schema.name).value
        } catch {
            faults += error.diagnostics.map { fault in
                "`\(schema.name)[\((fault.place?.line ?? 1) - 1)]`: \(fault.message) [\(fault.code)]"
            }
            return []
        }
    }
}
