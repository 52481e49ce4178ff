public import PlimsollCore

/// A runnable scenario out of a ledger: usage, prices, commitments, agreements, the bill to calibrate with,
/// and what is missing.
public struct EstateExtraction: Sendable {
    let ledger: LedgerQuery
    let vocabularies: [BillVocabulary]
    private let from: Hour?
    private let to: Hour?
    private let sql: EstateSQL

    /// What was found.
    public struct Found: Sendable {
        /// Files by name.
        public var files: [(name: String, bytes: [UInt8])]
        /// Usage rows, price rows, commitments, agreements.
        public var counts: (usage: Int, prices: Int, commitments: Int, agreements: Int)
        /// Terms that work on the whole bill.
        public var agreements: [Agreement]
        /// What is missing and how to get it.
        public var gaps: [Gap]
        /// Cost of all usage, and of the part that the bill tells the hours of.
        public var cost: (all: Money, hourly: Money)
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

    /// Everything; `book` is a price list to use instead of the bill's own prices.
    public func run(name: String, book: [PriceRow]? = nil) throws(Failure) -> Found {
        let (usage, lines) = try usage()
        guard lines > 0 else {
            throw Failure(
                .noInput, "init.no-usage", "the ledger has no usage in that period",
                hint: "see `plimsoll ledger list` for the periods there are")
        }
        let bill = try table(EstateSQL.bill)
        let coverage = try table(EstateSQL.coverage)
        var gaps: [Gap] = []
        let commitments = try self.commitments(&gaps)
        let prices = try self.prices(commitments, &gaps)
        gaps += unknownScopes(commitments)
        gaps += missingRates(commitments, book ?? prices)
        let terms = AgreementExtraction(vocabularies: vocabularies, rows: try rows(EstateSQL.sums)).found
        gaps += terms.gaps
        gaps += try others(except: terms.handled)
        let catalog = try self.catalog()
        var files: [(name: String, bytes: [UInt8])] = [
            ("usage.csv", usage), ("bill.csv", bill), ("coverage.csv", coverage),
            ("commitments.csv", Interchange.write(commitments: commitments)),
            ("gaps.jsonl", Array(gaps.map { $0.json.canonical + "\n" }.joined().utf8)),
        ]
        if book == nil { files.append(("prices.csv", Interchange.write(prices: prices))) }
        if !catalog.isEmpty { files.append(("catalog.csv", Interchange.write(catalog: catalog))) }
        let text = ScenarioText(
            name: name, hasCatalog: !catalog.isEmpty, hasCoverage: coverage.count > 30, agreements: terms.agreements)
        files.append(("scenario.yaml", Array(text.yaml.utf8)))
        return Found(
            files: files, counts: (lines, prices.count, commitments.count, terms.agreements.count),
            agreements: terms.agreements, gaps: gaps, cost: try cost())
    }

    /// The interchange file `usage`, and its number of rows.
    public func usage() throws(Failure) -> (bytes: [UInt8], rows: Int) {
        try UsageExtraction(ledger, views: sql.views).table()
    }

    private func table(_ select: String) throws(Failure) -> [UInt8] {
        try ledger.print(sql.views + ".mode csv\n.separator \",\" \"\\n\"\n" + select, mode: .csv)
    }

    func rows(_ select: String) throws(Failure) -> [JSONValue] { try ledger.rows(select, after: sql.views) }

    /// The words of the provider that a row is of.
    func words(_ item: JSONValue) -> BillVocabulary? {
        vocabularies.first { $0.provider == item["provider"]?.string }
    }

    /// Facts of SKUs that serve each other by size, as the bill tells them.
    private func catalog() throws(Failure) -> [CatalogRow] {
        try rows(EstateSQL.sizes).compactMap { item in
            guard let ratio = Quantity(item["ratio"]?.string ?? "") else { return nil }
            var row = CatalogRow()
            row.provider = item["provider"]?.string ?? ""
            row.sku = item["sku"]?.string ?? ""
            row.family = item["family"]?.string ?? ""
            row.sizeFactor = ratio
            return row
        }
    }

    private func cost() throws(Failure) -> (all: Money, hourly: Money) {
        let row = try rows(EstateSQL.shape).first
        return (Money(row?["cost"]?.string ?? "") ?? .zero, Money(row?["hourly"]?.string ?? "") ?? .zero)
    }

    // MARK: What is missing

    private func unknownScopes(_ commitments: [Commitment]) -> [Gap] {
        vocabularies.compactMap { words in
            let count = commitments.count { $0.provider == words.provider }
            guard count > 0, let remedy = words.scopeRemedy else { return nil }
            return Gap(
                provider: words.provider, what: "how far \(count) commitments are shared",
                reason: "the bill does not say it; they are taken as shared over the billing account", remedy: remedy)
        }
    }

    /// SKUs that a plan held may serve, but the prices have no rate of: the bill shows only rates of what was
    /// covered.
    private func missingRates(_ commitments: [Commitment], _ prices: [PriceRow]) -> [Gap] {
        var seen: Set<[String]> = []
        var gaps: [Gap] = []
        for plan in commitments where plan.offer.isSpend {
            let (term, payment) = (plan.term?.rawValue ?? "", plan.payment?.rawValue ?? "")
            guard seen.insert([plan.provider, plan.offer.rawValue, term, payment, plan.region]).inserted else {
                continue
            }
            func reaches(_ row: PriceRow) -> Bool {
                row.provider == plan.provider && (plan.region.isEmpty || row.region == plan.region)
            }
            let rated = Set(
                prices.filter { reaches($0) && $0.offer == plan.offer && [term, "*"].contains($0.term) }
                    .map { [$0.region, $0.sku, $0.os] })
            let missing = prices.filter {
                reaches($0) && $0.offer == .onDemand && $0.service == "compute"
                    && !rated.contains([$0.region, $0.sku, $0.os])
            }
            let names = Set(missing.map { [$0.sku, $0.os, $0.region].filter { !$0.isEmpty }.joined(separator: " ") })
            guard !names.isEmpty else { continue }
            let list = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
            gaps.append(
                Gap(
                    provider: plan.provider,
                    what: "rates of \(list) under `\(plan.offer.rawValue)` \(term) \(payment)",
                    reason: "the bill shows a plan's rate only of what a plan has covered",
                    remedy:
                        "bring in the vendor's price list with `plimsoll prices import`, then `plimsoll init --prices FILE`"
                ))
        }
        return gaps
    }

    /// What is neither usage, nor a commitment, nor an agreement.
    private func others(except handled: Set<AgreementExtraction.Source>) throws(Failure) -> [Gap] {
        try rows(EstateSQL.others).compactMap { row in
            func text(_ name: String) -> String { row[name]?.string ?? "" }
            let source = AgreementExtraction.Source(
                provider: text("provider"), billingAccount: text("billing_account"), name: text("name"))
            guard !handled.contains(source) else { return nil }
            return Gap(
                provider: source.provider, account: source.billingAccount,
                what: "\(source.name): \(Money(text("cost"))?.description ?? "") \(text("c"))",
                reason: "it is no usage that a rule bills (\(text("kind")))",
                remedy: "write its terms under `agreements` in scenario.yaml, or leave it out of both bills")
        }
    }

    static func term(_ text: String?) -> Term? {
        switch (text ?? "").lowercased().filter({ !$0.isWhitespace }) {
        case "1yr", "1y", "1year", "p1y", "oneyear", "12", "12months": .oneYear
        case "3yr", "3y", "3years", "p3y", "threeyears", "36", "36months": .threeYears
        case "5yr", "5y", "5years", "p5y", "60", "60months": .fiveYears
        default: nil
        }
    }

    static func payment(_ text: String?) -> Payment? {
        switch (text ?? "").lowercased() {
        case "no upfront", "none": Payment.none
        case "partial upfront", "partial": .partial
        case "all upfront", "all", "upfront": .all
        case "monthly": .monthly
        default: nil
        }
    }
}
