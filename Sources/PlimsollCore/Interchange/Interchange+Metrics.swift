extension Interchange {
    /// Reads a `metrics` file.
    public static func metrics(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[MetricRow]> {
        try read(.metrics, TableSource(bytes, file: file)) { table in
            let time = table.instant("time")
            let (provider, resource, metric) = (table.text("provider"), table.text("resource"), table.text("metric"))
            // Checked as a decimal; kept as a double.
            let number = table.number("value")
            guard let time, number != nil, let value = Double(table.text("value")) else { return nil }
            return MetricRow(
                time: time, provider: provider, resource: resource, metric: metric,
                statistic: table.text("statistic"), value: value, unit: table.text("unit"))
        }
    }

    /// Reads a `resources` file: one JSON object a line, empty lines between.
    public static func resources(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[Resource]> {
        var faults = FaultList(file: file)
        var rows: [Resource] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
            guard let row = JSONValue(parsing: Array(line)).flatMap({ Resource($0) }) else {
                faults.add(
                    "resources.bad-row", "the line is no resource", line: index + 1, column: 1,
                    hint: "one JSON object with `provider`, `type` and `id`; see `plimsoll schema resources`")
                continue
            }
            rows.append(row)
        }
        try faults.check()
        return Decoded(rows)
    }
}
