/// Reads and writes the interchange files, bytes to values and back. No I/O.
///
/// Every decoder takes the file's name for messages, collects all errors of the file and throws them as
/// one ``Failure`` (exit 65). A file with a header and no rows is valid; one of 0 bytes is not.
public enum Interchange {
    /// Reads every record of a table with `row`.
    static func read<Element>(
        _ schema: InterchangeSchema, _ source: TableSource, _ row: (inout TableReader) -> Element?
    ) throws(Failure) -> Decoded<[Element]> {
        try source.bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
            var table = try TableReader(schema, buffer, source)
            var rows: [Element] = []
            while table.next() {
                if let element = row(&table) { rows.append(element) }
            }
            try table.finish()
            return Decoded(rows, warnings: table.rounding.warnings(schema.name))
        }
    }

    /// Reads a `catalog` file.
    public static func catalog(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[CatalogRow]> {
        try catalog(TableSource(bytes, file: file))
    }

    static func catalog(_ source: TableSource) throws(Failure) -> Decoded<[CatalogRow]> {
        try read(.catalog, source) { table in
            var row = CatalogRow()
            row.provider = table.text("provider")
            row.sku = table.text("sku")
            row.family = table.text("family")
            row.vcpu = table.quantity("vcpu")
            row.memoryGiB = table.quantity("memory_gib")
            row.sizeFactor = table.quantity("size_factor")
            row.arch = table.text("arch")
            row.gpu = table.text("gpu")
            row.gpuCount = table.quantity("gpu_count")
            row.gpuMemoryGiB = table.quantity("gpu_memory_gib")
            row.networkGbps = table.quantity("network_gbps")
            row.burstable = flag(&table, "burstable")
            if row.sizeFactor == .zero {
                table.add(
                    "bad-size_factor", "`size_factor` is 0", at: "size_factor",
                    hint: "leave it empty to have it read off the SKU's name")
            }
            return row
        }
    }

    private static func flag(_ table: inout TableReader, _ name: String) -> Bool {
        let text = table.text(name)
        switch text.lowercased() {
        case "true", "1", "yes": return true
        case "", "false", "0", "no": return false
        default:
            table.add("bad-\(name)", "`\(text)` is neither true nor false", at: name, hint: "write `true` or `false`")
            return false
        }
    }

    /// Reads an `accounts` file.
    public static func accounts(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[AccountRow]> {
        try accounts(TableSource(bytes, file: file))
    }

    static func accounts(_ source: TableSource) throws(Failure) -> Decoded<[AccountRow]> {
        var seen: Set<String> = []
        return try read(.accounts, source) { table in
            var row = AccountRow()
            row.account = table.text("account")
            row.parent = table.text("parent")
            row.billingAccount = table.text("billing_account")
            row.name = table.text("name")
            row.sharing = table.text("sharing") != "off"
            if !seen.insert(row.account).inserted {
                table.add(
                    "duplicate-account", "account `\(row.account)` appears twice", at: "account", hint: "keep one")
            }
            return row
        }
    }

    /// Reads an `fx` file.
    public static func fx(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[FxRate]> {
        try fx(TableSource(bytes, file: file))
    }

    static func fx(_ source: TableSource) throws(Failure) -> Decoded<[FxRate]> {
        try read(.fx, source) { table in
            let date = table.day("date")
            let (from, to, rate) = (table.text("from"), table.text("to"), table.number("rate"))
            if rate == 0 {
                table.add("bad-rate", "the rate is 0", at: "rate", hint: "give how many `to` one `from` is")
            }
            guard let date, let rate else { return nil }
            return FxRate(date: date, from: from, to: to, rate: Money(raw: rate))
        }
    }
}
