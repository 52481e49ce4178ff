public import PlimsollCore

/// Writes rows as JSON, byte by byte: a stream has millions of them. Columns without value are left out.
public struct RowWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []
    private var isFirst = true

    /// Nothing yet.
    public init() {}

    /// The rows of a batch as an object of lists.
    public static func rows(_ batch: CollectedBatch) -> [UInt8] {
        var writer = RowWriter()
        writer.bytes.reserveCapacity(batch.count * 256)
        writer.bytes.append(UInt8(ascii: "{"))
        writer.list("resources", batch.resources) { $0.resource($1) }
        writer.list("metrics", batch.metrics) { $0.cells(.metrics, Interchange.cells($1)) }
        writer.list("prices", batch.prices) { $0.cells(.prices, Interchange.cells($1)) }
        writer.list("catalog", batch.catalog) { $0.cells(.catalog, Interchange.cells($1)) }
        writer.list("commitments", batch.commitments) { $0.cells(.commitments, Interchange.cells($1)) }
        writer.list("gaps", batch.gaps) { $0.append($1.json.canonical) }
        writer.bytes.append(UInt8(ascii: "}"))
        return writer.bytes
    }

    /// The rows of a batch of verdicts.
    public static func rows(_ verdicts: [Verdict]) -> [UInt8] {
        var writer = RowWriter()
        writer.bytes.append(UInt8(ascii: "{"))
        writer.list("verdicts", verdicts) { $0.append(PluginRows.json($1).canonical) }
        writer.bytes.append(UInt8(ascii: "}"))
        return writer.bytes
    }

    /// A resource as one object.
    public static func line(_ resource: Resource) -> [UInt8] {
        var writer = RowWriter()
        writer.resource(resource)
        return writer.bytes
    }

    /// A measurement as one object.
    public static func line(_ row: MetricRow) -> [UInt8] {
        var writer = RowWriter()
        writer.cells(.metrics, Interchange.cells(row))
        return writer.bytes
    }

    private mutating func list<Row>(_ kind: String, _ rows: [Row], _ write: (inout RowWriter, Row) -> Void) {
        guard !rows.isEmpty else { return }
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        quote(kind)
        append(":[")
        for (index, row) in rows.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, row)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func resource(_ row: Resource) {
        begin()
        member("provider", row.provider)
        member("billing_account", row.billingAccount)
        member("account", row.account)
        member("region", row.region)
        member("zone", row.zone)
        member("type", row.type)
        member("id", row.id)
        member("name", row.name)
        member("sku", row.sku)
        member("state", row.state)
        member("created", row.created)
        texts("attributes", row.attributes)
        texts("tags", row.tags)
        if !row.links.isEmpty {
            key("links")
            bytes.append(UInt8(ascii: "["))
            for (index, link) in row.links.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                begin()
                member("kind", link.kind)
                member("id", link.id)
                end()
            }
            bytes.append(UInt8(ascii: "]"))
            isFirst = false
        }
        end()
    }

    private mutating func cells(_ schema: InterchangeSchema, _ cells: [String]) {
        begin()
        for (column, cell) in zip(schema.columns, cells) { member(column.name, cell) }
        end()
    }

    private mutating func texts(_ name: String, _ values: [String: String]) {
        guard !values.isEmpty else { return }
        key(name)
        begin()
        // Sorted, so that the same rows are the same bytes.
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            key(name)
            quote(value)
        }
        end()
    }

    private mutating func begin() {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
    }

    private mutating func end() {
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    private mutating func member(_ name: String, _ value: String) {
        guard !value.isEmpty else { return }
        key(name)
        quote(value)
    }

    private mutating func key(_ name: String) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        quote(name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func quote(_ text: String) {
        bytes.append(0x22)
        var text = text
        text.withUTF8 { utf8 in
            guard utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else {
                bytes.append(contentsOf: utf8)
                return
            }
            for byte in utf8 { escape(byte) }
        }
        bytes.append(0x22)
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C: bytes += [0x5C, byte]
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: bytes.append(byte)
        }
    }
}
