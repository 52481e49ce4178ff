extension Interchange {
    /// Reads a `usage` file: one line per key, in the order of first rows; rows of the same key and hour
    /// are summed exactly. A line's series begins at its first hour and has the decimals it needs.
    public static func usage(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[UsageLine]> {
        try usage(TableSource(bytes, file: file))
    }

    /// The same, keeping the order of rows inside of every hour for the usage of some providers: where a key's rows
    /// come before others in one hour and after them in another, it has several lines.
    public static func usage(
        _ bytes: [UInt8], file: String, billingOrderOf providers: Set<String>
    ) throws(Failure) -> Decoded<[UsageLine]> {
        try usage(TableSource(bytes, file: file), billingOrderOf: providers)
    }

    static func usage(
        _ source: TableSource, billingOrderOf providers: Set<String> = []
    ) throws(Failure) -> Decoded<[UsageLine]> {
        try source.bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
            var table = try TableReader(.usage, buffer, source)
            var reader = UsageReader(table, billingOrderOf: providers)
            while table.next() { reader.add(&table) }
            try table.finish()
            return Decoded(reader.lines, warnings: table.rounding.warnings("usage"))
        }
    }
}

/// Gathers usage rows into series. No text is made for a row: keys are told apart by the bytes of their
/// cells, and decoded once per key.
private struct UsageReader {
    private static let keyColumns = InterchangeSchema.usage.columns.map(\.name).filter {
        $0 != "hour" && $0 != "quantity"
    }

    /// Positions in the record of the key columns the file has.
    private let keyPositions: [Int]
    private let hourPosition: Int
    private let quantityPosition: Int
    private var keys = KeyTable()
    private var hours = HourCells()
    private var series: [SeriesBuilder] = []
    private var decoded: [UsageKey] = []
    private var known: [UsageKey: Int] = [:]
    private var order: BillingOrder
    /// Whether the order of rows counts, by series.
    private var isOrdered: [Bool] = []

    init(_ table: TableReader, billingOrderOf providers: Set<String>) {
        order = BillingOrder(providers: providers)
        let schema = InterchangeSchema.usage.columns.map(\.name)
        func position(_ name: String) -> Int? { schema.firstIndex(of: name).flatMap { table.positions[$0] } }
        keyPositions = Self.keyColumns.compactMap(position)
        // Both are required: the header was refused without them.
        hourPosition = position("hour") ?? 0
        quantityPosition = position("quantity") ?? 0
    }

    mutating func add(_ table: inout TableReader) {
        var slot = keys.slot(of: table, keyPositions) ?? decode(&table)
        guard let hour = hour(&table), let number = number(&table) else { return }
        if isOrdered[slot] { slot = place(slot, in: hour) }
        guard series[slot].add(number.mantissa, scale: number.scale, at: hour) else {
            table.add(
                "out-of-range", "the quantity does not fit: a line holds up to 18 digits over all its decimals",
                at: "quantity", hint: "use a larger unit, or fewer decimal places")
            return
        }
    }

    /// The line for a row of the key whose first line is `slot`, where the order of rows counts.
    private mutating func place(_ slot: Int, in hour: Int) -> Int {
        let place = order.place(of: slot, in: hour, next: series.count)
        if place == series.count {
            decoded.append(decoded[slot])
            series.append(SeriesBuilder())
            isOrdered.append(true)
        }
        return place
    }

    /// The lines, in the order of their first rows.
    var lines: [UsageLine] {
        zip(decoded, series).enumerated().compactMap { order, pair in
            pair.1.series.map { UsageLine(key: pair.0, series: $0, order: order) }
        }
    }

    // MARK: Keys

    /// Decodes the key of a row whose bytes were not seen before.
    private mutating func decode(_ table: inout TableReader) -> Int {
        var key = UsageKey(provider: table.text("provider"), sku: table.text("sku"))
        key.billingAccount = table.text("billing_account")
        key.account = table.text("account")
        key.resourceGroup = table.text("resource_group")
        key.region = table.text("region")
        key.zone = table.text("zone")
        key.service = table.text("service")
        key.os = table.text("os")
        key.license = table.text("license")
        key.tenancy = table.text("tenancy")
        key.pricing = UsageKey.Pricing(rawValue: table.text("pricing")) ?? .onDemand
        key.unit = table.text("unit")
        key.resource = table.text("resource")
        let slot: Int
        if let existing = known[key] {
            // Spelt otherwise (quoted, or on-demand for empty), the same in meaning.
            slot = existing
        } else {
            slot = series.count
            known[key] = slot
            decoded.append(key)
            series.append(SeriesBuilder())
            isOrdered.append(order.isKept(of: key.provider))
        }
        keys.add(table, keyPositions, slot: slot)
        return slot
    }

    // MARK: Cells

    private mutating func hour(_ table: inout TableReader) -> Int? {
        let content = table.scanner.content(table.fields[hourPosition])
        if let hour = hours.index(content) { return hour }
        let text = String(decoding: content, as: UTF8.self)
        guard let hour = Hour(text) else {
            explain(text, &table)
            return nil
        }
        guard HourCells.range.contains(hour.index) else {
            table.add(
                "bad-hour", "`\(text)` is not between the years 2000 and 2100", at: "hour", hint: "check the year")
            return nil
        }
        return hour.index
    }

    private func explain(_ text: String, _ table: inout TableReader) {
        if text.isEmpty {
            table.add("empty-cell", "`hour` is empty", at: "hour", hint: "fill it: the hour used, UTC")
        } else if Instant(text) != nil {
            table.add(
                "bad-hour", "`\(text)` is not a full hour", at: "hour",
                hint: "sum the quantities of an hour in one row, such as `2026-01-01T00:00:00Z`")
        } else {
            table.add(
                "bad-hour", "`\(text)` is not a UTC hour", at: "hour",
                hint: "write it like `2026-01-01T00:00:00Z`; other offsets than Z are not taken")
        }
    }

    private func number(_ table: inout TableReader) -> (mantissa: Int64, scale: Int)? {
        if let fast = ShortDecimal.parse(table.scanner.content(table.fields[quantityPosition])) { return fast }
        guard let raw = table.number("quantity") else { return nil }
        return ShortDecimal.trimmed(raw, scale: FixedPoint.places) ?? outOfRange(&table)
    }

    private func outOfRange(_ table: inout TableReader) -> (mantissa: Int64, scale: Int)? {
        table.add(
            "out-of-range", "the quantity has more than 18 digits", at: "quantity",
            hint: "use a larger unit, or fewer decimal places")
        return nil
    }
}
