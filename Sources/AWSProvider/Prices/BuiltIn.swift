public import PlimsollCore

extension AWS {
    /// Prices that scenarios use where they bring none: on-demand and Reserved Instance list prices of
    /// 2017-11-12 (the last full public table there is) for common types in us-east-1, eu-west-1 and
    /// ap-northeast-1, Linux and Windows, shared tenancy, in USD; one type of about 2025.
    ///
    /// That table has no Savings Plans: their rates are derived from the Reserved Instances', and `source`
    /// of every such row begins with `synthetic:`.
    public static let builtInPrices: [PriceRow] = BuiltInBook().rows

    /// Facts of the types in ``builtInPrices``: family, vCPU, memory, normalisation factor, architecture.
    public static let builtInCatalog: [CatalogRow] = BuiltInBook.catalog
}

/// The texts that scripts/make-aws-prices writes, one constant a file.
///
/// A line of prices is type, system (`l` Linux, `w` Windows), on-demand price, then twelve effective
/// hourly rates: Standard 1 year none, partial, all upfront, Standard 3 years, Convertible 1, 3 years.
enum BuiltInTables {}

/// Expands the tables into price rows and catalogue rows.
struct BuiltInBook {
    private(set) var rows: [PriceRow] = []

    private static let table2017 =
        "AWS EC2 list prices of 2017-11-12 (vantage-sh/ec2instances.info, www/instances.json @ 94e1f006, MIT)"
    private static let table2025 =
        "AWS EC2 list prices, undated, about 2025 "
        + "(vantage-sh/ec2instances.info, next/utils/mocks/ec2_single_instance.json @ 4ef36cd2, MIT)"
    private static let calculator =
        "AWS Pricing Calculator output of 2025-06, c5.xlarge Windows in Asia Pacific (Tokyo)"
    private static let example =
        "synthetic: figures of the worked example in \"Understanding how Savings Plans apply to your usage\" "
        + "(Savings Plans User Guide), no price list"

    private static let terms: [Term] = [.oneYear, .threeYears]
    private static let payments: [Payment] = [.none, .partial, .all]

    init() {
        let tables = [
            ("us-east-1", BuiltInTables.pricesUsEast1), ("eu-west-1", BuiltInTables.pricesEuWest1),
            ("ap-northeast-1", BuiltInTables.pricesApNortheast1),
        ]
        for (region, text) in tables {
            for line in text.split(separator: "\n") { expand(line, region, Self.table2017) }
        }
        for line in BuiltInTables.pricesRecent.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            expand(parts[1], String(parts[0]), Self.table2025)
        }
        addTokyo()
        for (region, _) in tables { addServerless(region) }
    }

    // MARK: Machines

    private mutating func expand(_ line: Substring, _ region: String, _ source: String) {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard cells.count > 2, let onDemand = Money(cells[2]) else { return }
        var row = PriceRow()
        (row.provider, row.region, row.service, row.sku) = ("aws", region, "compute", cells[0])
        (row.os, row.tenancy) = (cells[1] == "w" ? "windows" : "linux", "shared")
        (row.currency, row.unit, row.price, row.source) = ("USD", "Hrs", onDemand, source)
        rows.append(row)
        for (offer, first) in [(Offer.riStandard, 3), (.riConvertible, 9)] {
            for (position, variant) in Self.variants.enumerated() {
                guard cells.indices.contains(first + position), let rate = Money(cells[first + position]) else {
                    continue
                }
                addReserved(row, offer, variant.0, variant.1, effective: rate)
                addPlan(row, offer, variant.0, variant.1, effective: rate)
            }
        }
    }

    private static var variants: [(Term, Payment)] {
        terms.flatMap { term in payments.map { (term, $0) } }
    }

    /// The table has the effective hourly price with the upfront part spread over the term.
    private mutating func addReserved(
        _ machine: PriceRow, _ offer: Offer, _ term: Term, _ payment: Payment, effective: Money
    ) {
        var row = machine
        (row.offer, row.term, row.payment) = (offer, term.rawValue, payment.rawValue)
        let whole = effective.raw * Int128(term.hours)
        switch payment {
        case .all:
            (row.price, row.upfront) = (.zero, Money(raw: whole))
            row.source += "; upfront = effective hourly price x \(term.hours) h"
        case .partial:
            (row.price, row.upfront) = (Money(raw: effective.raw / 2), Money(raw: whole / 2))
            row.source += "; effective hourly price taken as half upfront, half hourly"
        default: row.price = effective
        }
        rows.append(row)
    }

    /// The vendor states the same greatest discount for EC2 Instance Savings Plans as for Standard Reserved
    /// Instances, and for Compute Savings Plans as for Convertible ones.
    private mutating func addPlan(
        _ machine: PriceRow, _ reserved: Offer, _ term: Term, _ payment: Payment, effective: Money
    ) {
        var row = machine
        row.offer = reserved == .riStandard ? .familyPlan : .computePlan
        (row.term, row.payment, row.price) = (term.rawValue, payment.rawValue, effective)
        let name = reserved == .riStandard ? "Standard" : "Convertible"
        row.source =
            "synthetic: effective hourly price of the \(name) Reserved Instance of the same term and payment; "
            + machine.source
        rows.append(row)
    }

    // MARK: Single facts

    /// Every plan of one machine with the vendor's own figures. The table of 2017 has no c5 in Tokyo.
    private mutating func addTokyo() {
        var row = PriceRow()
        (row.provider, row.region, row.service, row.sku) = ("aws", "ap-northeast-1", "compute", "c5.xlarge")
        (row.os, row.tenancy, row.currency, row.unit) = ("windows", "shared", "USD", "Hrs")
        row.source = Self.calculator
        let facts: [(Offer, String, String, String, String)] = [
            (.onDemand, "", "", "0.398", "0"),
            (.riStandard, "1y", "none", "0.319", "0"), (.riStandard, "1y", "partial", "0.156", "1368"),
            (.riStandard, "1y", "all", "0", "2714"), (.riStandard, "3y", "none", "0.276", "0"),
            (.riStandard, "3y", "partial", "0.135", "3543"), (.riStandard, "3y", "all", "0", "6950"),
            (.computePlan, "1y", "none", "0.361", "0"), (.computePlan, "1y", "partial", "0.352", "0"),
            (.computePlan, "1y", "all", "0.349", "0"), (.computePlan, "3y", "none", "0.31", "0"),
            (.computePlan, "3y", "partial", "0.301", "0"), (.computePlan, "3y", "all", "0.299", "0"),
            (.familyPlan, "1y", "none", "0.319", "0"),
        ]
        for (offer, term, payment, price, upfront) in facts {
            (row.offer, row.term, row.payment) = (offer, term, payment)
            (row.price, row.upfront) = (Money(price) ?? .zero, Money(upfront) ?? .zero)
            rows.append(row)
        }
    }

    private static let serverless: [(String, String, String, String, String)] = [
        ("fargate", "fargate-vcpu", "vCPU-Hours", "0.04", "0.03"),
        ("fargate", "fargate-gb", "GB-Hours", "0.004", "0.003"),
        ("lambda", "lambda-duration", "GB-s", "0.000015", "0.00001275"),
        ("lambda", "lambda-requests", "Requests", "0.0000002", "0.0000002"),
    ]

    private mutating func addServerless(_ region: String) {
        for (service, sku, unit, price, rate) in Self.serverless {
            var row = PriceRow()
            (row.provider, row.region, row.service, row.sku) = ("aws", region, service, sku)
            (row.currency, row.unit, row.source) = ("USD", unit, Self.example)
            row.price = Money(price) ?? .zero
            rows.append(row)
            (row.offer, row.price) = (.computePlan, Money(rate) ?? .zero)
            for (term, payment) in Self.variants {
                (row.term, row.payment) = (term.rawValue, payment.rawValue)
                rows.append(row)
            }
        }
    }

    // MARK: Catalogue

    static var catalog: [CatalogRow] {
        let naming = AWS.benefitPrograms.first?.naming
        var result: [CatalogRow] = []
        for line in BuiltInTables.facts.split(separator: "\n") {
            let cells = line.split(separator: ",").map(String.init)
            guard cells.count == 4, let naming else { continue }
            var row = CatalogRow()
            (row.provider, row.sku, row.family) = ("aws", cells[0], naming.family(of: cells[0]))
            (row.vcpu, row.memoryGiB, row.arch) = (Quantity(cells[1]), Quantity(cells[2]), cells[3])
            row.sizeFactor = naming.sizeFactor(of: cells[0])
            row.burstable = row.family == "t2"
            result.append(row)
        }
        for fact in serverless {
            var row = CatalogRow()
            (row.provider, row.sku, row.family) = ("aws", fact.1, fact.0)
            result.append(row)
        }
        return result
    }
}
