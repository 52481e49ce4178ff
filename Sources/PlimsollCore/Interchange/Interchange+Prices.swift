extension Interchange {
    /// Reads a `prices` file. Warns once where commitment offers are dearer than on-demand.
    public static func prices(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[PriceRow]> {
        try prices(TableSource(bytes, file: file))
    }

    static func prices(_ source: TableSource) throws(Failure) -> Decoded<[PriceRow]> {
        var places: [Diagnostic.Place] = []
        var decoded = try read(.prices, source) { table in
            places.append(table.place(of: "price"))
            return priceRow(&table)
        }
        decoded.warnings += dearer(decoded.value, places)
        return decoded
    }

    private static func priceRow(_ table: inout TableReader) -> PriceRow {
        var row = PriceRow()
        row.provider = table.text("provider")
        row.region = table.text("region")
        row.zone = table.text("zone")
        row.service = table.text("service")
        row.sku = table.text("sku")
        row.os = table.text("os")
        row.license = table.text("license")
        row.tenancy = table.text("tenancy")
        row.offer = Offer(rawValue: table.text("offer"))
        row.term = table.text("term")
        row.payment = table.text("payment")
        row.upfront = table.money("upfront")
        row.price = table.money("price")
        row.currency = table.text("currency")
        row.unit = table.text("unit")
        row.tierFrom = table.quantity("tier_from") ?? .zero
        row.tierTo = table.quantity("tier_to")
        row.validFrom = table.day("valid_from")
        row.validTo = table.day("valid_to")
        row.source = table.text("source")
        checkRanges(row, &table)
        return row
    }

    private static func checkRanges(_ row: PriceRow, _ table: inout TableReader) {
        if let end = row.tierTo, end <= row.tierFrom {
            table.add(
                "empty-tier", "the tier ends at `\(end)`, where it begins or before", at: "tier_to",
                hint: "`tier_to` is not included and must be above `tier_from`")
        }
        if let from = row.validFrom, let to = row.validTo, to <= from {
            table.add(
                "empty-validity", "the row ends on `\(to)`, the day it begins or before", at: "valid_to",
                hint: "`valid_to` is not included and must be after `valid_from`")
        }
        if row.offer == .onDemand || row.offer == .spot || row.offer == .negotiated, row.upfront > .zero {
            table.add(
                "unexpected-upfront", "`\(row.offer.rawValue)` has no upfront part", at: "upfront",
                hint: "leave `upfront` empty")
        }
    }

    // MARK: Offers dearer than on-demand

    private static func dearer(_ rows: [PriceRow], _ places: [Diagnostic.Place]) -> [Diagnostic] {
        var onDemand: [PriceRow: Money] = [:]
        for row in rows where row.offer == .onDemand && row.tierFrom == .zero && row.validFrom == nil {
            onDemand[identity(row)] = row.price
        }
        var found: [(row: PriceRow, place: Diagnostic.Place, hourly: Money, base: Money)] = []
        for (row, place) in zip(rows, places) where row.offer.isCommitment {
            guard let base = onDemand[identity(row)] else { continue }
            let upfront = Term(rawValue: row.term).map { row.upfront.raw / Int128($0.hours) } ?? 0
            let hourly = Money(raw: row.price.raw + upfront)
            if hourly > base { found.append((row, place, hourly, base)) }
        }
        guard let first = found.first else { return [] }
        let what = "`\(first.row.sku)` under `\(first.row.offer.rawValue)` costs \(first.hourly) an hour"
        let rest = found.count > 1 ? "; \(found.count) such rows in all" : ""
        return [
            Diagnostic(
                .warning, "prices.dearer-than-on-demand", "\(what), on-demand \(first.base)\(rest)", at: first.place,
                hint: "no plan will buy it; check `price`, `upfront` and `term`")
        ]
    }

    /// What a row is a price of, whatever the offer.
    private static func identity(_ row: PriceRow) -> PriceRow {
        var key = PriceRow()
        (key.provider, key.region, key.zone, key.service, key.sku) =
            (row.provider, row.region, row.zone, row.service, row.sku)
        (key.os, key.license, key.tenancy, key.unit, key.currency) =
            (row.os, row.license, row.tenancy, row.unit, row.currency)
        return key
    }
}
