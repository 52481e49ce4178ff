extension InterchangeSchema {
    /// A real bill, by month and what was used.
    public static let bill = InterchangeSchema(
        name: "bill", layout: .csv,
        summary: "Charges of a real bill, summed by month: what the re-rated past is compared with.",
        columns: [
            Column("month", .day, required: true, "first day of the month"),
            Column(
                "kind", .word, required: true, "kind of charge", words: ChargeKind.allCases.map(\.rawValue)),
            Column("name", "the bill's words, where it is no usage"),
        ]
            + usage.columns.filter { !["hour", "quantity"].contains($0.name) }.map { column in
                var copy = column
                copy.required = column.name == "provider"
                return copy
            } + [
                Column("commitment", "commitment that paid for the usage, or whose fee it is"),
                Column(
                    "shape", .word, "how finely the bill tells when it was used; empty = hour",
                    words: BilledCharge.Shape.allCases.map(\.rawValue)),
                Column("quantity", .amount, "units; negative for corrections", unit: "`unit`"),
                Column("list", .amount, "at on-demand prices", unit: "`currency`"),
                Column("contracted", .amount, "at the customer's own prices", unit: "`currency`"),
                Column("effective", .amount, required: true, "amortised", unit: "`currency`"),
                Column("billed", .amount, "cash", unit: "`currency`"),
                Column("currency", required: true, "ISO 4217 code"),
            ])

    /// What commitments paid for, by the bill.
    public static let coverage = InterchangeSchema(
        name: "coverage", layout: .csv, summary: "Units of usage that a commitment paid for in one hour.",
        columns: [
            Column("hour", .hour, required: true, "the hour, UTC"),
            Column("commitment", required: true, "id of the commitment"),
            Column("quantity", .amount, required: true, "units of usage, whatever their sizes"),
        ])
}

extension Interchange {
    /// Reads a `bill` file.
    public static func bill(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[BilledCharge]> {
        try read(.bill, TableSource(bytes, file: file)) { table in
            let month = table.day("month")
            let kind = ChargeKind(rawValue: table.text("kind"))
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
            var charge = BilledCharge(month: month ?? Day(index: 0), kind: kind ?? .carried, key: key)
            charge.name = table.text("name")
            charge.commitment = table.text("commitment")
            charge.shape = BilledCharge.Shape(rawValue: table.text("shape")) ?? .hour
            charge.quantity = table.quantity("quantity") ?? .zero
            charge.list = table.money("list")
            charge.contracted = table.money("contracted")
            charge.effective = table.money("effective")
            charge.billed = table.money("billed")
            charge.currency = table.text("currency")
            return month == nil || kind == nil ? nil : charge
        }
    }

    /// Reads a `coverage` file.
    public static func coverage(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[BilledCoverage]> {
        try read(.coverage, TableSource(bytes, file: file)) { table in
            let hour = table.instant("hour")
            let commitment = table.text("commitment")
            guard let quantity = table.quantity("quantity"), let hour else { return nil }
            guard hour.second == 0 else {
                table.add(
                    "bad-hour", "`\(hour)` is not a full hour", at: "hour", hint: "write it like `2026-01-31T05:00:00Z`"
                )
                return nil
            }
            return BilledCoverage(hour: hour.hour, commitment: commitment, quantity: quantity)
        }
    }

    /// A `bill` file, rows in the given order.
    public static func write(bill charges: [BilledCharge]) -> [UInt8] {
        var out = CSVWriter(header: InterchangeSchema.bill.columns.map(\.name))
        for charge in charges {
            let key = charge.key
            let place = [
                key.provider, key.billingAccount, key.account, key.resourceGroup, key.region, key.zone, key.service,
            ]
            let goods = [
                key.sku, key.os, key.license, key.tenancy, key.pricing == .onDemand ? "" : key.pricing.rawValue,
                key.unit, key.resource,
            ]
            let amounts = [charge.list, charge.contracted, charge.effective, charge.billed].map(\.description)
            out.add(
                [charge.month.description, charge.kind.rawValue, charge.name] + place + goods
                    + [
                        charge.commitment, charge.shape == .hour ? "" : charge.shape.rawValue,
                        charge.quantity.description,
                    ] + amounts + [charge.currency])
        }
        return out.bytes
    }

    /// A `coverage` file, rows in the given order.
    public static func write(coverage rows: [BilledCoverage]) -> [UInt8] {
        var out = CSVWriter(header: InterchangeSchema.coverage.columns.map(\.name))
        for row in rows { out.add([row.hour.description, row.commitment, row.quantity.description]) }
        return out.bytes
    }
}
