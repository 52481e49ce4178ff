import Foundation
import GCPProvider
import PlimsollCore
import Testing

/// A cell of the export.
private enum Cell {
    case text(String)
    case number(String)
    case object([(String, Cell)])
    case list([Cell])

    var json: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .number(let number): number
        case .object(let pairs): "{" + pairs.map { "\"\($0)\":\($1.json)" }.joined(separator: ",") + "}"
        case .list(let cells): "[" + cells.map(\.json).joined(separator: ",") + "]"
        }
    }

    var plain: String {
        switch self {
        case .text(let text): text
        case .number(let number): number
        default: json
        }
    }
}

/// A synthetic export of a known estate, after the vendor's schema: machines at
/// a contract price with sustained use, both models of commitments partly used,
/// promotions, free tier, tax, an adjustment and rounding.
private struct GCPEstate {
    private(set) var rows: [[(String, Cell)]] = []
    private(set) var truth = Truth()
    /// Per commitment: cost on its usage, cost not on usage, fee.
    private(set) var commitments: [String: (used: Money, rest: Money, fee: Money)] = [:]
    private(set) var rounded = 0
    private var dice = Dice(seed: 11)

    init() {
        for hour in 0..<48 {
            machine(hour)
            resourceCommitment(hour)
            spendCommitment(hour)
        }
        storage()
        plain("tax", .micros(3_210_000), "Tax")
        plain("adjustment", .micros(-1_500_000), "Goodwill")
        plain("rounding_error", .micros(-1), "Rounding error")
    }

    private typealias Credit = (kind: String, amount: Money)

    private mutating func machine(_ hour: Int) {
        let cores = 2 + dice.roll(30)
        let (list, contract) = (Money.micros(31_611) * cores, Money.micros(30_000) * cores)
        let sustained = -Money.micros(dice.roll(6_000) * cores)
        let negotiated = -Money.micros(dice.roll(900) * cores)
        let promotion = -Money.micros(1 + dice.roll(5_000))
        var credits: [Credit] = [("SUSTAINED_USAGE_DISCOUNT", sustained), ("DISCOUNT", negotiated)]
        if hour.isMultiple(of: 3) { credits.append(("PROMOTION", promotion)) }
        let net = contract + sustained + negotiated
        truth.add(billed: net, effective: net, list: list, contracted: contract + negotiated)
        if hour.isMultiple(of: 3) { truth.add(all: promotion) }
        // A binary fraction's digits past the 12th place are noise of the export.
        let noisy = hour.isMultiple(of: 5)
        rounded += noisy ? 1 : 0
        add(
            hour, sku: "N2 Instance Core running in Americas", quantity: cores,
            cost: contract, noise: noisy ? "00000004" : "", list: list, credits: credits,
            more: [
                ("price", price(list: .micros(31_611), effective: .micros(30_000))),
                (
                    "system_labels",
                    .list([
                        .object([
                            ("key", .text("compute.googleapis.com/machine_spec")), ("value", .text("n2-standard-8")),
                        ])
                    ])
                ),
            ])
    }

    /// Credits the usage at its price and bills the fee apart, 40 cores at 0.02.
    private mutating func resourceCommitment(_ hour: Int) {
        let cores = 1 + dice.roll(60)
        let (list, covered) = (Money.micros(31_611) * cores, min(cores, 40))
        let credit = -(Money.micros(31_611) * covered)
        truth.add(billed: list + credit, effective: list + credit, list: list, contracted: list)
        add(
            hour, sku: "N2 Instance Core running in Europe", quantity: cores, cost: list, list: list,
            credits: [("COMMITTED_USAGE_DISCOUNT", credit)])
        let fee = Money.micros(20_000) * 40
        truth.add(billed: fee, effective: fee, list: fee, contracted: fee)
        add(
            hour, sku: "Commitment v1: N2 Cpu in Europe for 1 Year", quantity: 40, cost: fee, list: fee, credits: [],
            more: [("subscription", .object([("instance_id", .text("sub-resource"))]))])
        settle("sub-resource", used: .zero, rest: fee, fee: fee)
    }

    /// Prices the usage at the commitment's rate and takes the used part of the
    /// fee back: 5 an hour.
    private mutating func spendCommitment(_ hour: Int) {
        let units = 1 + dice.roll(90)
        let (list, plan) = (Money.micros(60_000) * units, Money.micros(43_200) * units)
        truth.add(billed: plan, effective: plan, list: list, contracted: list)
        add(
            hour, sku: "E2 Instance Core running in Americas", quantity: units, cost: plan, list: list, credits: [],
            more: [
                ("cost_at_effective_price_default", .number(list.text)),
                ("subscription", .object([("instance_id", .text("sub-spend"))])),
                (
                    "consumption_model",
                    .object([("id", .text("7754-699E-0EBF")), ("description", .text("Compute Flexible CUDs - 1 Year"))])
                ),
                ("price", price(list: .micros(60_000), effective: .micros(43_200), standard: .micros(60_000))),
            ])
        let fee = Money(5)
        truth.add(billed: fee - plan, effective: fee - plan, list: fee - plan, contracted: fee - plan)
        add(
            hour, sku: "Commitment - dollar based v1: GCE for 1 Year", quantity: 1, cost: fee, list: fee,
            credits: [("FEE_UTILIZATION_OFFSET", -plan)],
            more: [("subscription", .object([("instance_id", .text("sub-spend"))]))])
        settle("sub-spend", used: plan, rest: fee - plan, fee: fee)
    }

    private mutating func settle(_ id: String, used: Money, rest: Money, fee: Money) {
        let before = commitments[id] ?? (.zero, .zero, .zero)
        commitments[id] = (before.used + used, before.rest + rest, before.fee + fee)
    }

    private mutating func storage() {
        let (cost, free) = (Money.micros(2_600_000), Money.micros(-130_000))
        truth.add(billed: cost + free, effective: cost + free, list: cost, contracted: cost)
        let scheme = Money.micros(-700_001)
        truth.add(all: scheme)
        add(
            0, hours: 24, sku: "Standard Storage US Regional", service: "Cloud Storage", quantity: 130, cost: cost,
            list: cost, credits: [("FREE_TIER", free), ("A_KIND_OF_TOMORROW", scheme)])
    }

    private mutating func plain(_ type: String, _ amount: Money, _ name: String) {
        truth.add(all: amount)
        add(0, hours: 24, sku: name, quantity: 0, type: type, cost: amount, list: nil, credits: [])
    }

    private func price(list: Money, effective: Money, standard: Money? = nil) -> Cell {
        .object([
            ("effective_price", .number(effective.text)), ("tier_start_amount", .number("0")),
            ("unit", .text("hour")), ("pricing_unit_quantity", .number("1")), ("list_price", .number(list.text)),
            ("effective_price_default", .number((standard ?? effective).text)),
        ])
    }

    private mutating func add(
        _ hour: Int, hours: Int = 1, sku: String, service: String = "Compute Engine", quantity: Int,
        type: String = "regular", cost: Money, noise: String = "", list: Money?, credits: [Credit],
        more: [(String, Cell)] = []
    ) {
        func time(_ hour: Int) -> Cell {
            let (day, rest) = (1 + hour / 24, hour % 24)
            return .text("2026-04-0\(day) \(rest < 10 ? "0" : "")\(rest):00:00 UTC")
        }
        // 12 places, so that noise starts at the 13th.
        let padded = cost.text.contains(".") ? cost.text : cost.text + ".0"
        let places = padded.split(separator: ".")[1].count
        let text = noise.isEmpty ? cost.text : padded + String(repeating: "0", count: 12 - places) + noise
        var row: [(String, Cell)] = [
            ("billing_account_id", .text("0A0A0A-0B0B0B-0C0C0C")),
            (
                "service",
                .object([("id", .text(service == "Compute Engine" ? "6F81" : "95FF")), ("description", .text(service))])
            ),
            ("sku", .object([("id", .text("\(sku.utf8.count)-\(sku.prefix(2))")), ("description", .text(sku))])),
            ("usage_start_time", time(hour)), ("usage_end_time", time(hour + hours)),
            (
                "project",
                .object([("id", .text("shop")), ("number", .text("42")), ("name", .text("Shop"))])
            ),
            ("labels", .list([.object([("key", .text("env")), ("value", .text("prod"))])])),
            (
                "location",
                .object([
                    ("location", .text("us-central1")), ("country", .text("US")), ("region", .text("us-central1")),
                    ("zone", .text("us-central1-a")),
                ])
            ),
            ("cost", .number(text)), ("currency", .text("USD")), ("currency_conversion_rate", .number("1.0")),
            (
                "usage",
                .object([
                    ("amount", .number("\(quantity * 3_600).0")), ("unit", .text("seconds")),
                    ("amount_in_pricing_units", .number("\(quantity).0")), ("pricing_unit", .text("hour")),
                ])
            ),
            (
                "credits",
                .list(
                    credits.map { credit in
                        .object([
                            ("name", .text(credit.kind.lowercased())), ("amount", .number(credit.amount.text)),
                            ("full_name", .text("Credit of \(credit.kind)")), ("id", .text("c")),
                            ("type", .text(credit.kind)),
                        ])
                    })
            ),
            ("invoice", .object([("month", .text("202604"))])), ("cost_type", .text(type)),
        ]
        if let list { row.append(("cost_at_list", .number(list.text))) }
        rows.append(row + more)
    }

    var columns: [String] {
        var seen: [String] = []
        for row in rows { for (name, _) in row where !seen.contains(name) { seen.append(name) } }
        return seen
    }

    var jsonLines: String {
        rows.map { Cell.object($0).json }.joined(separator: "\n") + "\n"
    }

    var csv: String {
        var sheet = Sheet(columns)
        for row in rows { sheet.add(Dictionary(uniqueKeysWithValues: row.map { ($0, $1.plain) })) }
        return sheet.csv
    }

    /// Records as columns of their own; lists stay JSON.
    func flat(_ joint: String) -> String {
        let wide = rows.map { row in
            row.flatMap { name, cell -> [(String, String)] in
                guard case .object(let pairs) = cell else { return [(name, cell.plain)] }
                return pairs.map { (name + joint + $0, $1.plain) }
            }
        }
        var names: [String] = []
        for row in wide { for (name, _) in row where !names.contains(name) { names.append(name) } }
        var sheet = Sheet(names)
        for row in wide { sheet.add(Dictionary(uniqueKeysWithValues: row)) }
        return sheet.csv
    }
}

@Suite(.enabled(if: Engine.binary != nil, "\(Engine.absent)"))
struct GCPBillTests {
    enum Shape: String, CaseIterable, Sendable { case jsonLines, parquet, csv, dotted, underscored }

    private static func input(
        _ estate: GCPEstate, _ shape: Shape, _ scratch: Engine.Scratch
    ) throws -> (BillMapping, Source) {
        let file: URL
        let id: String
        let columns = estate.columns
        switch shape {
        case .jsonLines:
            file = try scratch.write(estate.jsonLines, "bill.jsonl")
            return (try mapping("gcp-billing-export"), .jsonLines(file, columns: columns))
        case .parquet:
            let lines = try scratch.write(estate.jsonLines, "bill.jsonl")
            file = scratch.folder.appending(path: "bill.parquet")
            _ = try Engine.run(
                "COPY (SELECT * FROM read_json('\(lines.path)')) TO '\(file.path)' (FORMAT parquet);\n",
                "SELECT '1' AS done")
            let nested: Set = [
                "service", "sku", "project", "labels", "location", "usage", "credits", "invoice", "price",
                "system_labels", "subscription", "consumption_model",
            ]
            return (try mapping("gcp-billing-export"), .parquet(file, columns: columns, nested: nested))
        case .csv: (file, id) = (try scratch.write(estate.csv, "bill.csv"), "gcp-billing-export")
        case .dotted: (file, id) = (try scratch.write(estate.flat("."), "bill.csv"), "gcp-billing-export-flat")
        case .underscored:
            (file, id) = (try scratch.write(estate.flat("_"), "bill.csv"), "gcp-billing-export-underscored")
        }
        return (try mapping(id), .csv(file))
    }

    private static func mapping(_ id: String) throws -> BillMapping {
        try #require(GCP.billMappings.first { $0.id == id })
    }

    @Test(arguments: Shape.allCases)
    func `every shape gives the four costs of the estate`(shape: Shape) throws {
        let estate = GCPEstate()
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let totals = try Engine.rows([try Self.input(estate, shape, scratch)], Truth.query(from: "out1"))
        #expect(totals.count == 1)
        #expect(totals.first.flatMap(Truth.init) == estate.truth)
        // Whatever a charge's category, all of it is on the invoice and in the effective cost once.
        #expect(estate.truth.billed == estate.truth.effective)
    }

    @Test(arguments: Shape.allCases)
    func `the ledger has the four costs of the estate, and its export conforms`(shape: Shape) throws {
        let estate = GCPEstate()
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let ledger = try RealLedger([try Self.input(estate, shape, scratch)])
        #expect(try ledger.totals() == estate.truth)
        if shape == .csv { try conform(ledger) }
    }

    @Test func `rounding is counted and no row is lost`() throws {
        let estate = GCPEstate()
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let rows = try Engine.rows(
            [try Self.input(estate, .csv, scratch)],
            """
            SELECT CAST(sum(x_RoundedValues) AS VARCHAR) AS rounded,
              CAST(count(*) FILTER (x_Part = 0) AS VARCHAR) AS parts, CAST(count(reject_reason) AS VARCHAR) AS bad
            FROM out1
            """)
        #expect(rows == [["rounded": "\(estate.rounded)", "parts": "\(estate.rows.count)", "bad": "0"]])
    }

    @Test func `commitments are conserved`() throws {
        let estate = GCPEstate()
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let rows = try Engine.rows(
            [try Self.input(estate, .jsonLines, scratch)],
            """
            SELECT CommitmentDiscountId AS id,
              CAST(coalesce(sum(EffectiveCost) FILTER (x_LineItemType = 'regular'), 0) AS VARCHAR) AS used,
              CAST(sum(EffectiveCost) FILTER (x_LineItemType = 'commitment_cost') AS VARCHAR) AS rest,
              CAST(sum(EffectiveCost) FILTER (ChargeCategory = 'Usage') AS VARCHAR) AS usage,
              CAST(sum(EffectiveCost) FILTER (CommitmentDiscountStatus IN ('Used', 'Unused')) AS VARCHAR) AS told,
              CAST(sum(BilledCost) FILTER (ChargeCategory = 'Purchase') AS VARCHAR) AS fee,
              CAST(sum(EffectiveCost) FILTER (ChargeCategory = 'Purchase') AS VARCHAR) AS early
            FROM out1 WHERE CommitmentDiscountId IS NOT NULL GROUP BY ALL
            """)
        #expect(rows.count == estate.commitments.count)
        for row in rows {
            let known = try #require(estate.commitments[row["id"] ?? ""])
            #expect(row["used"].flatMap(Money.init) == known.used)
            #expect(row["rest"].flatMap(Money.init) == known.rest)
            #expect(row["fee"].flatMap(Money.init) == known.fee)
            #expect(row["usage"] == row["fee"])
            #expect(row["told"] == row["fee"])
            #expect(row["early"].flatMap(Money.init) == .zero)
        }
    }

    @Test func `credits that stand by themselves are credits`() throws {
        let estate = GCPEstate()
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let rows = try Engine.rows(
            [try Self.input(estate, .parquet, scratch)],
            """
            SELECT DISTINCT x_LineItemType AS kind FROM out1 WHERE ChargeCategory = 'Credit' ORDER BY kind
            """)
        #expect(rows.map { $0["kind"] } == ["A_KIND_OF_TOMORROW", "FEE_UTILIZATION_OFFSET", "PROMOTION"])
        let first = try Engine.rows(
            [try Self.input(estate, .parquet, scratch)],
            """
            SELECT Tags AS tags, x_InstanceType AS type, RegionId AS region, SubAccountId AS project,
              ChargePeriodStart AS start, BillingPeriodEnd AS period FROM out1 WHERE x_InstanceType IS NOT NULL LIMIT 1
            """)
        #expect(
            first == [
                [
                    "tags": #"{"env":"prod"}"#, "type": "n2-standard-8", "region": "us-central1", "project": "shop",
                    "start": "2026-04-01 00:00:00", "period": "2026-05-01 00:00:00",
                ]
            ])
    }

    @Test func `bad rows are rejected once with their reason`() throws {
        let good = [
            "billing_account_id": "A", "service.id": "1", "sku.id": "2", "usage_start_time": "2026-04-01 00:00:00 UTC",
            "usage_end_time": "2026-04-01 01:00:00 UTC", "cost": "1.5", "currency": "USD", "invoice.month": "202604",
            "credits": #"[{"type":"PROMOTION","amount":-1}]"#,
        ]
        let many = "[" + (0..<9).map { _ in #"{"type":"PROMOTION","amount":-1}"# }.joined(separator: ",") + "]"
        let faults: [(String, String, String)] = [
            ("cost", "1,5", "cost is no number: 1,5"),
            ("credits", many, "more than 8 credits on one row"),
            ("credits", "[{", "credits are no JSON list"),
            ("credits", #"[{"type":"PROMOTION","amount":"x"}]"#, "the amount of a credit is no number"),
            ("credits", #"[{"type":"PROMOTION"}]"#, "the amount of a credit is no number"),
            (
                "usage_start_time", "2026-04-01 00:00:00+02:00",
                "usage_start_time is no UTC time: 2026-04-01 00:00:00+02:00"
            ),
            ("invoice.month", "2026-04", "invoice month is no month: 2026-04"),
            ("currency", "", "no currency"),
        ]
        var sheet = Sheet(good.keys.sorted())
        for (column, cell, _) in faults { sheet.add(good.merging([column: cell]) { $1 }) }
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let rows = try Engine.rows(
            [(try Self.mapping("gcp-billing-export-flat"), .csv(try scratch.write(sheet.csv, "bad.csv")))],
            "SELECT reject_reason AS r FROM out1")
        #expect(rows.compactMap { $0["r"] }.sorted() == faults.map(\.2).sorted())
        #expect(rows.count == faults.count)
    }
}
