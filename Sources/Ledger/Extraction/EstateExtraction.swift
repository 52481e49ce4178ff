public import PlimsollCore

/// A runnable scenario out of a ledger: usage, prices, commitments, the bill to calibrate with, and what
/// is missing.
public struct EstateExtraction: Sendable {
    private let ledger: LedgerQuery
    private let vocabularies: [BillVocabulary]
    private let from: Hour?
    private let to: Hour?
    private let sql: EstateSQL

    /// What was found.
    public struct Found: Sendable {
        /// Files by name.
        public var files: [(name: String, bytes: [UInt8])]
        /// Usage rows, price rows, commitments.
        public var counts: (usage: Int, prices: Int, commitments: Int)
        /// What is missing and how to get it.
        public var gaps: [Gap]
    }

    /// An extraction of charges that begin in `from` … `to`.
    public init(
        _ ledger: LedgerQuery, vocabularies: [BillVocabulary], from: Hour?, to: Hour?
    ) throws(Failure) {
        self.ledger = ledger
        self.vocabularies = vocabularies
        self.from = from
        self.to = to
        sql = EstateSQL(vocabularies: vocabularies, columns: Set(try ledger.columns()), from: from, to: to)
    }

    /// Everything; `prices` names a price file to use instead of the bill's own prices.
    public func run(name: String, prices: String? = nil) throws(Failure) -> Found {
        let usage = try table(EstateSQL.usage)
        let bill = try table(EstateSQL.bill)
        let coverage = try table(EstateSQL.coverage)
        var gaps: [Gap] = []
        let priceRows = try self.prices(&gaps)
        let commitments = try self.commitments(&gaps)
        let lines = usage.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } - 1
        guard lines > 0 else {
            throw Failure(
                .noInput, "init.no-usage", "the ledger has no usage in that period",
                hint: "see `plimsoll ledger list` for the periods there are")
        }
        gaps += try carried()
        var files: [(name: String, bytes: [UInt8])] = [
            ("usage.csv", usage), ("bill.csv", bill), ("coverage.csv", coverage),
            ("commitments.csv", Interchange.write(commitments: commitments)),
            ("gaps.jsonl", Array(gaps.map { Self.json($0).canonical + "\n" }.joined().utf8)),
        ]
        if prices == nil { files.append(("prices.csv", Interchange.write(prices: priceRows))) }
        let text = scenario(name: name, prices: prices ?? "prices.csv", hasCoverage: coverage.count > 30)
        files.append(("scenario.yaml", Array(text.utf8)))
        return Found(files: files, counts: (lines, priceRows.count, commitments.count), gaps: gaps)
    }

    private func table(_ select: String) throws(Failure) -> [UInt8] {
        try ledger.print(sql.lines + ".mode csv\n.separator \",\" \"\\n\"\n" + select, mode: .csv)
    }

    private func rows(_ select: String) throws(Failure) -> [JSONValue] { try ledger.rows(select, after: sql.lines) }

    private func scenario(name: String, prices: String, hasCoverage: Bool) -> String {
        """
        scenario: \(name)
        note: made from a ledger; gaps.jsonl lists what the bill does not say
        estate:
          usage: usage.csv
          prices: \(prices)
          commitments: commitments.csv
          bill: bill.csv\(hasCoverage ? "\n  coverage: coverage.csv" : "")
        levers:
          - commit: {}

        """
    }

    private static func json(_ gap: Gap) -> JSONValue {
        .object([
            "provider": .string(gap.provider), "account": .string(gap.account), "region": .string(gap.region),
            "what": .string(gap.what), "reason": .string(gap.reason), "permission": .string(gap.permission),
            "remedy": .string(gap.remedy),
        ])
    }

    private static func gap(_ provider: String, _ what: String, _ reason: String, _ remedy: String) -> Gap {
        Gap(provider: provider, what: what, reason: reason, remedy: remedy)
    }

    // MARK: Prices

    private func row(_ item: JSONValue, _ offer: Offer, _ price: Money, source: String) -> PriceRow {
        func text(_ name: String) -> String { item[name]?.string ?? "" }
        var row = PriceRow()
        row.provider = text("provider")
        row.region = text("region")
        row.service = text("service")
        row.sku = text("sku")
        row.os = text("os")
        row.license = text("license")
        row.tenancy = text("tenancy")
        row.unit = text("unit")
        row.currency = text("currency")
        (row.offer, row.price, row.source) = (offer, price, source)
        return row
    }

    private func prices(_ gaps: inout [Gap]) throws(Failure) -> [PriceRow] {
        var result: [PriceRow] = []
        var several = 0
        for item in try rows(EstateSQL.prices) {
            guard let price = Money(item["price"]?.string ?? "") else { continue }
            let month = item["m"]?.string ?? ""
            guard let offer = offer(item) else { continue }
            var row = row(item, offer, price, source: "bill \(month)")
            if offer.isSpend {
                row.term = Self.term(item["term"]?.string)?.rawValue ?? ""
                row.payment = Self.payment(item["payment"]?.string)?.rawValue ?? ""
            }
            if StagedImport.integer(item["prices"]) > 1 { several += 1 }
            add(row, month: month, to: &result)
        }
        result += try reservationPrices()
        if several > 0 {
            gaps.append(
                Self.gap(
                    "", "prices in tiers: \(several) prices of a month",
                    "the bill shows several unit prices; the one of most units was taken",
                    "give the vendor's price list with `plimsoll init --prices FILE`"))
        }
        return result
    }

    private func offer(_ item: JSONValue) -> Offer? {
        switch item["what"]?.string ?? "" {
        case "on-demand": return .onDemand
        case "negotiated": return .negotiated
        case "spot": return .spot
        default:
            let words = vocabularies.first { $0.provider == item["provider"]?.string }
            return words?.planOffers[item["plan_type"]?.string ?? ""]
        }
    }

    /// One row for as long as the price stays the same; a new one from the month that it changes in.
    private func add(_ row: PriceRow, month: String, to rows: inout [PriceRow]) {
        var row = row
        if let last = rows.indices.last {
            var same = rows[last]
            (same.validFrom, same.validTo, same.price, same.source) = (nil, nil, row.price, row.source)
            var now = row
            (now.validFrom, now.validTo) = (nil, nil)
            if same == now {
                if rows[last].price == row.price { return }
                let day = Day(month + "-01")
                rows[last].validTo = day
                row.validFrom = day
            }
        }
        rows.append(row)
    }

    /// Eligibility for reservations: what they cost a unit of what they served.
    private func reservationPrices() throws(Failure) -> [PriceRow] {
        var result: [PriceRow] = []
        for item in try rows(EstateSQL.reserved) {
            let words = vocabularies.first { $0.provider == item["provider"]?.string }
            guard let offer = words?.reservationOffers[item["offering_class"]?.string ?? ""],
                let cost = Money(item["effective"]?.string ?? ""), let units = Quantity(item["q"]?.string ?? ""),
                let price = FixedPoint.scaled(cost.raw, by: FixedPoint.one, over: units.raw)
            else { continue }
            var row = row(item, offer, Money(raw: price), source: "bill, amortised")
            row.term = Self.term(item["term"]?.string)?.rawValue ?? "1y"
            row.payment = Self.payment(item["payment"]?.string)?.rawValue ?? "none"
            result.append(row)
        }
        return result
    }

    // MARK: Commitments

    private func commitments(_ gaps: inout [Gap]) throws(Failure) -> [Commitment] {
        var result: [Commitment] = []
        for item in try rows(EstateSQL.commitments) {
            if let commitment = commitment(item) {
                result.append(commitment)
            } else {
                gaps.append(
                    Self.gap(
                        item["provider"]?.string ?? "", "commitment \(item["id"]?.string ?? "")",
                        "the bill does not say its offer, term, or fee",
                        "add it to commitments.csv (`plimsoll schema commitments`)"))
            }
        }
        return result
    }

    private func commitment(_ item: JSONValue) -> Commitment? {
        func text(_ name: String) -> String { item[name]?.string ?? "" }
        guard let words = vocabularies.first(where: { $0.provider == text("provider") }) else { return nil }
        var result = Commitment()
        (result.id, result.provider) = (text("id"), text("provider"))
        (result.billingAccount, result.account) = (text("billing_account"), text("account"))
        result.currency = text("currency")
        result.term = Self.term(text("term"))
        result.payment = Self.payment(text("payment"))
        result.start = Instant(text("start")).map { Instant(hour: $0.hour) }
        result.end = Instant(text("end_time")).map { Instant(hour: $0.hour) }
        let hours = Int128(StagedImport.integer(item["fee_hours"]))
        let fee = Money(text("fee")) ?? .zero
        if text("category") == "Spend" {
            guard let offer = words.planOffers[text("plan_type")], hours > 0 else { return nil }
            let committed = Money(text("commitment")) ?? fee
            guard let hourly = FixedPoint.scaled(committed.raw, by: 1, over: hours), hourly > 0 else { return nil }
            (result.offer, result.hourlyCommitment) = (offer, Money(raw: hourly))
            (result.region, result.family) = (text("plan_region"), text("plan_family"))
            if result.region.lowercased() == "any" { result.region = "" }
            return result
        }
        guard let offer = words.reservationOffers[text("offering_class")], let count = Quantity(text("reservations")),
            count > .zero
        else { return nil }
        result.offer = offer
        result.quantity = count
        result.region = text("region")
        result.sku = text("machine")
        result.os = text("os")
        result.tenancy = text("tenancy")
        if hours > 0 {
            result.hourly = Money(raw: FixedPoint.scaled(fee.raw, by: FixedPoint.one, over: hours * count.raw) ?? 0)
        }
        if let upfront = Money(text("upfront")) {
            result.upfront = Money(raw: FixedPoint.scaled(upfront.raw, by: FixedPoint.one, over: count.raw) ?? 0)
        }
        return result
    }

    private static func term(_ text: String?) -> Term? {
        switch (text ?? "").lowercased().filter({ !$0.isWhitespace }) {
        case "1yr", "1y", "1year", "p1y", "oneyear": .oneYear
        case "3yr", "3y", "3years", "p3y", "threeyears": .threeYears
        case "5yr", "5y", "5years", "p5y": .fiveYears
        default: nil
        }
    }

    private static func payment(_ text: String?) -> Payment? {
        switch (text ?? "").lowercased() {
        case "no upfront", "none": Payment.none
        case "partial upfront", "partial": .partial
        case "all upfront", "all": .all
        case "monthly": .monthly
        default: nil
        }
    }

    // MARK: What is not rated

    private func carried() throws(Failure) -> [Gap] {
        let rows = try rows(
            """
            SELECT provider, kind, coalesce(nullif(line_type, ''), ChargeCategory) AS name, BillingCurrency AS c,
              CAST(sum(EffectiveCost) AS VARCHAR) AS cost
            FROM lines WHERE kind NOT IN ('usage', 'commitment-fee') GROUP BY ALL HAVING sum(EffectiveCost) <> 0 ORDER BY ALL;
            """)
        return rows.map { row in
            Self.gap(
                row["provider"]?.string ?? "",
                "\(row["name"]?.string ?? ""): \(Money(row["cost"]?.string ?? "")?.description ?? "") \(row["c"]?.string ?? "")",
                "it is no usage that a rule bills (\(row["kind"]?.string ?? ""))",
                "write its terms under `agreements` in scenario.yaml, or leave it out of both bills")
        }
    }
}
