extension Interchange {
    /// Reads a `commitments` file.
    public static func commitments(_ bytes: [UInt8], file: String) throws(Failure) -> Decoded<[Commitment]> {
        try commitments(TableSource(bytes, file: file))
    }

    static func commitments(_ source: TableSource) throws(Failure) -> Decoded<[Commitment]> {
        var seen: [String: Int] = [:]
        return try read(.commitments, source) { table in
            let commitment = commitment(&table)
            if let line = seen[commitment.id], !commitment.id.isEmpty {
                table.add(
                    "duplicate-id", "commitment `\(commitment.id)` stands already at line \(line)", at: "id",
                    hint: "give every commitment an id of its own")
            }
            seen[commitment.id] = commitment.place?.line ?? 0
            return commitment
        }
    }

    private static func commitment(_ table: inout TableReader) -> Commitment {
        var item = Commitment()
        item.place = table.place(of: "id")
        item.id = table.text("id")
        item.provider = table.text("provider")
        item.billingAccount = table.text("billing_account")
        item.account = table.text("account")
        item.resourceGroup = table.text("resource_group")
        item.offer = Offer(rawValue: table.text("offer"))
        item.sharing = Commitment.Sharing(rawValue: table.text("sharing")) ?? .organization
        item.region = table.text("region")
        item.zone = table.text("zone")
        item.family = table.text("family")
        item.sku = table.text("sku")
        item.os = table.text("os")
        item.license = table.text("license")
        item.tenancy = table.text("tenancy")
        item.quantity = table.quantity("quantity") ?? .zero
        item.hourlyCommitment = table.money("hourly_commitment")
        item.term = Term(rawValue: table.text("term"))
        item.payment = Payment(rawValue: table.text("payment"))
        item.upfront = table.money("upfront")
        item.hourly = table.money("hourly")
        item.currency = table.text("currency")
        item.start = table.instant("start")
        item.end = table.instant("end")
        check(item, &table)
        return item
    }

    private static func check(_ item: Commitment, _ table: inout TableReader) {
        if let start = item.start, let end = item.end, end <= start {
            table.add(
                "bad-end", "it ends at `\(end)`, before or when it starts at `\(start)`", at: "end",
                hint: "`end` is not included and must be after `start`")
        }
        guard item.offer.isCommitment, Offer.all.contains(item.offer) else { return }
        if item.offer.isSpend {
            checkSpend(item, &table)
        } else {
            checkCounted(item, &table)
        }
    }

    private static func isEmpty(_ name: String, _ table: TableReader) -> Bool {
        table.field(name).map { $0.start == $0.end } ?? true
    }

    private static func checkSpend(_ item: Commitment, _ table: inout TableReader) {
        if isEmpty("hourly_commitment", table) {
            table.add(
                "missing-hourly_commitment", "`\(item.offer.rawValue)` needs `hourly_commitment`",
                at: "hourly_commitment", hint: "give its fee an hour, such as `2.5`")
        }
        for name in ["quantity", "upfront", "hourly"] where !isEmpty(name, table) && table.isPositive(name) {
            table.add(
                "unexpected-\(name)", "`\(item.offer.rawValue)` is money an hour and has no `\(name)`", at: name,
                hint: "leave it empty; the fee is `hourly_commitment`, paid upfront as `payment` says")
        }
    }

    private static func checkCounted(_ item: Commitment, _ table: inout TableReader) {
        if isEmpty("quantity", table) {
            table.add(
                "missing-quantity", "`\(item.offer.rawValue)` needs `quantity`", at: "quantity",
                hint: "give how many are held")
        }
        if !isEmpty("hourly_commitment", table), table.isPositive("hourly_commitment") {
            table.add(
                "unexpected-hourly_commitment", "`\(item.offer.rawValue)` counts units and has no `hourly_commitment`",
                at: "hourly_commitment", hint: "leave it empty; the fee is `hourly` and `upfront` per unit")
        }
        if item.upfront > .zero, item.term == nil, item.start == nil || item.end == nil {
            table.add(
                "missing-term", "`upfront` needs hours to be spread over", at: "term",
                hint: "give `term`, or `start` and `end`")
        }
    }
}

extension TableReader {
    /// Whether a cell holds a decimal above 0.
    func isPositive(_ column: String) -> Bool {
        guard let field = field(column), let reading = FixedPoint.parse(scanner.content(field)) else { return false }
        return reading.raw > 0
    }
}
