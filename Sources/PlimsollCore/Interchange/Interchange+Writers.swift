/// Writes CSV: LF line ends, quotes only where a cell needs them.
public struct CSVWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// Begins with a header.
    public init(header: [String]) { add(header) }

    /// Adds a row.
    public mutating func add(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ cell: String) {
        guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
            bytes.append(contentsOf: cell.utf8)
            return
        }
        bytes.append(0x22)
        for byte in cell.utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }
}

extension CSVWriter {
    /// Cells as they stand in a row, for rows that share them.
    fileprivate static func joined(_ cells: [String]) -> [UInt8] {
        var row = CSVWriter(header: cells)
        row.bytes.removeLast()
        return row.bytes
    }

    /// Adds bytes of a row.
    fileprivate mutating func add(bytes: some Sequence<UInt8>) { self.bytes.append(contentsOf: bytes) }
}

extension Interchange {
    private static func writer(_ schema: InterchangeSchema) -> CSVWriter {
        CSVWriter(header: schema.columns.map(\.name))
    }

    /// Zero is written as an empty cell: both mean the same.
    private static func cell(_ value: Money) -> String { value == .zero ? "" : value.description }
    private static func cell(_ value: Quantity?) -> String { value?.description ?? "" }

    /// A `usage` file: lines in their order, one row per hour that is not 0. A line's first and last hour
    /// are written also where they are 0, so that the window survives.
    public static func write(usage lines: [UsageLine]) -> [UInt8] {
        var out = writer(.usage)
        var hours: [Hour: [UInt8]] = [:]
        for line in lines {
            let key = line.key
            let front = [
                key.provider, key.billingAccount, key.account, key.resourceGroup, key.region, key.zone, key.service,
                key.sku, key.os, key.license, key.tenancy, key.pricing == .onDemand ? "" : key.pricing.rawValue,
            ]
            let unit = FixedPoint.power(FixedPoint.places - line.series.scale)
            // All but hour and quantity is the same in every row of the line.
            let middle = [0x2C] + CSVWriter.joined(front) + [0x2C]
            let end = [0x2C] + CSVWriter.joined([key.unit, key.resource]) + [0x0A]
            let last = line.series.values.count - 1
            for (offset, value) in line.series.values.enumerated() where value != 0 || offset == 0 || offset == last {
                let hour = line.series.start.advanced(by: offset)
                let text = hours[hour] ?? Array(hour.description.utf8)
                hours[hour] = text
                out.add(bytes: text)
                out.add(bytes: middle)
                out.add(bytes: FixedPoint.text(Int128(value) * unit).utf8)
                out.add(bytes: end)
            }
        }
        return out.bytes
    }

    /// The cells of a price row, in the order of the file.
    public static func cells(_ row: PriceRow) -> [String] {
        [
            row.provider, row.region, row.zone, row.service, row.sku, row.os, row.license, row.tenancy,
            row.offer.rawValue, row.term, row.payment, cell(row.upfront), row.price.description, row.currency,
            row.unit, cell(row.tierFrom == .zero ? nil : row.tierFrom), cell(row.tierTo),
            row.validFrom?.description ?? "", row.validTo?.description ?? "", row.source,
        ]
    }

    /// A `prices` file, rows in the given order.
    public static func write(prices rows: [PriceRow]) -> [UInt8] {
        var out = writer(.prices)
        for row in rows { out.add(cells(row)) }
        return out.bytes
    }

    /// A `catalog` file, rows in the given order.
    public static func write(catalog rows: [CatalogRow]) -> [UInt8] {
        var out = writer(.catalog)
        for row in rows { out.add(cells(row)) }
        return out.bytes
    }

    /// The cells of a catalogue row, in the order of the file.
    public static func cells(_ row: CatalogRow) -> [String] {
        [
            row.provider, row.sku, row.family, cell(row.vcpu), cell(row.memoryGiB), cell(row.sizeFactor), row.arch,
            row.gpu, cell(row.gpuCount), cell(row.gpuMemoryGiB), cell(row.networkGbps), row.burstable ? "true" : "",
        ]
    }

    /// The cells of a commitment, in the order of the file.
    public static func cells(_ item: Commitment) -> [String] {
        [
            item.id, item.provider, item.billingAccount, item.account, item.resourceGroup, item.offer.rawValue,
            item.sharing == .organization ? "" : item.sharing.rawValue, item.region, item.zone, item.family, item.sku,
            item.os, item.license, item.tenancy, item.offer.isSpend ? "" : item.quantity.description,
            item.offer.isSpend ? item.hourlyCommitment.description : "", item.term?.rawValue ?? "",
            item.payment?.rawValue ?? "", cell(item.upfront), cell(item.hourly), item.currency,
            item.start?.description ?? "", item.end?.description ?? "",
        ]
    }

    /// A `commitments` file, rows in the given order.
    public static func write(commitments items: [Commitment]) -> [UInt8] {
        var out = writer(.commitments)
        for item in items { out.add(cells(item)) }
        return out.bytes
    }

    /// An `accounts` file, rows in the given order.
    public static func write(accounts rows: [AccountRow]) -> [UInt8] {
        var out = writer(.accounts)
        for row in rows { out.add([row.account, row.parent, row.billingAccount, row.name, row.sharing ? "" : "off"]) }
        return out.bytes
    }
}
