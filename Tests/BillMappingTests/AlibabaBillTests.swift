import AlibabaProvider
import Foundation
import PlimsollCore
import Testing

/// Synthetic bill details of a known estate, after the vendor's schema:
/// pay-as-you-go hours with contract discounts, coupons of both kinds, an hourly
/// savings plan partly used, a bought machine, a refund, an adjustment, tax.
private struct AlibabaEstate {
    private(set) var sheet: Sheet
    private(set) var truth = Truth()
    private(set) var planUsed = Money.zero
    private(set) var planFee = Money.zero
    private(set) var planUnused = Money.zero
    private let spaced: Bool
    private var dice = Dice(seed: 5)

    init(spaced: Bool) {
        self.spaced = spaced
        sheet = Sheet(spaced ? Self.columns.map(Self.spaced) : Self.columns)
        for hour in 0..<48 {
            payAsYouGo(hour)
            savingsPlan(hour)
        }
        order("SubscriptionOrder", amount: Money(240), product: "ecs", instance: "i-sub")
        order("Refund", amount: -Money(60), product: "ecs", instance: "i-sub")
        order("Adjustment", amount: .micros(-1_230_000), product: "ecs", instance: nil)
    }

    private mutating func payAsYouGo(_ hour: Int) {
        let count = 1 + dice.roll(9)
        let gross = Money.micros(123_457) * count
        let discount = Money.micros(12_345) * count
        let roundDown = Money.micros(dice.roll(1_000))
        let coupon = hour.isMultiple(of: 4) ? Money.micros(50_000) : .zero
        // Some bills pay with a coupon after the pretax amount.
        let inside = hour.isMultiple(of: 8)
        let tax = hour.isMultiple(of: 6) ? Money.micros(9_001) : .zero
        let net = gross - discount - roundDown
        truth.add(billed: net, effective: net, list: gross, contracted: gross - discount)
        if inside { truth.add(all: -coupon) }
        truth.add(all: tax)
        add([
            "UsageStartTime": Self.time(hour), "UsageEndTime": Self.time(hour + 1), "Item": "PayAsYouGoBill",
            "SubscriptionType": "PayAsYouGo", "ProductCode": "ecs", "ProductName": "Elastic Compute Service",
            "InstanceID": "i-1", "InstanceSpec": "ecs.g7.large", "Usage": "\(count)", "UsageUnit": "Hour",
            "ListPrice": "0.123457", "PretaxGrossAmount": gross.text, "InvoiceDiscount": discount.text,
            "RoundDownDiscount": roundDown.text, "DeductedByCoupons": coupon.text,
            "PretaxAmount": (inside ? net - coupon : net).text, "Tax": tax.text, "Tag": "env:prod;team:a",
        ])
    }

    /// 4.75 for what lists at 12; 95 an hour.
    private mutating func savingsPlan(_ hour: Int) {
        let count = 5 + dice.roll(15)
        let (gross, burnt, fee) = (Money(12) * count, Money.micros(4_750_000) * count, Money(95))
        truth.add(billed: .zero, effective: burnt, list: gross, contracted: burnt)
        add([
            "UsageStartTime": Self.time(hour), "UsageEndTime": Self.time(hour + 1), "Item": "PayAsYouGoBill",
            "SubscriptionType": "PayAsYouGo", "ProductCode": "ecs", "InstanceID": "i-2", "Usage": "\(count)",
            "UsageUnit": "Hour", "PretaxGrossAmount": gross.text, "InvoiceDiscount": (gross - burnt).text,
            "PretaxAmount": "0", "SpnID": "spn-1", "SpnDiscountAmount": burnt.text,
        ])
        truth.add(billed: fee, effective: .zero, list: fee, contracted: fee)
        add([
            "UsageStartTime": Self.time(hour), "UsageEndTime": Self.time(hour + 1), "Item": "PayAsYouGoBill",
            "SubscriptionType": "PayAsYouGo", "ProductCode": "savingplan", "ProductDetail": "ECS Savings Plan",
            "InstanceID": "spn-1", "PretaxGrossAmount": fee.text, "PretaxAmount": fee.text,
        ])
        planUsed += burnt
        planFee += fee
        planUnused += fee - burnt
    }

    private mutating func order(_ item: String, amount: Money, product: String, instance: String?) {
        truth.add(all: amount)
        add([
            "UsageStartTime": Self.time(0), "UsageEndTime": "2026-05-01 00:00:00", "Item": item,
            "SubscriptionType": item == "Adjustment" ? "PayAsYouGo" : "Subscription", "ProductCode": product,
            "InstanceID": instance ?? "", "ServicePeriod": "1", "ServicePeriodUnit": "Month",
            "PretaxGrossAmount": amount.text, "PretaxAmount": amount.text,
        ])
    }

    private mutating func add(_ cells: [String: String]) {
        let row = cells.merging([
            "BillingCycle": "2026-04", "AccountID": "1", "AccountName": "example", "Currency": "USD",
        ]) { $1 }
        sheet.add(spaced ? Dictionary(uniqueKeysWithValues: row.map { (Self.spaced($0), $1) }) : row)
    }

    private static func time(_ hour: Int) -> String {
        let (day, rest) = (1 + hour / 24, hour % 24)
        return "2026-04-0\(day) \(rest < 10 ? "0" : "")\(rest):00:00"
    }

    /// `PretaxGrossAmount` as `Pretax Gross Amount`.
    private static func spaced(_ name: String) -> String {
        var words = ""
        var last: Character = "A"
        for letter in name {
            if letter.isUppercase && last.isLowercase { words.append(" ") }
            words.append(letter)
            last = letter
        }
        return words
    }

    private static let columns = [
        "BillingCycle", "AccountID", "AccountName", "SubscriptionType", "ProductCode", "ProductName", "ProductDetail",
        "UsageStartTime", "UsageEndTime", "ServicePeriod", "ServicePeriodUnit", "Item", "InstanceID",
        "InstanceSpec", "Region", "Usage", "UsageUnit", "ListPrice", "PretaxGrossAmount", "InvoiceDiscount",
        "RoundDownDiscount", "DeductedByCoupons", "PretaxAmount", "Currency", "Tax", "SpnID", "SpnDiscountAmount",
        "Tag",
    ]
}

@Suite(.enabled(if: Engine.binary != nil, "\(Engine.absent)"))
struct AlibabaBillTests {
    private static func input(
        _ sheet: Sheet, spaced: Bool, _ scratch: Engine.Scratch
    ) throws -> (BillMapping, Source) {
        let id = spaced ? "alibaba-bill-details-console" : "alibaba-bill-details"
        let mapping = try #require(Alibaba.billMappings.first { $0.id == id })
        return (mapping, .csv(try scratch.write(sheet.csv, "bill.csv")))
    }

    @Test(arguments: [false, true])
    func `both spellings give the four costs of the estate`(spaced: Bool) throws {
        let estate = AlibabaEstate(spaced: spaced)
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let input = try Self.input(estate.sheet, spaced: spaced, scratch)
        let totals = try Engine.rows([input], Truth.query(from: "out1"))
        #expect(totals.count == 1)
        #expect(totals.first.flatMap(Truth.init) == estate.truth)
        let checks = try Engine.rows(
            [input],
            """
            SELECT CAST(count(*) FILTER (x_Part = 0) AS VARCHAR) AS parts,
              CAST(count(*) FILTER (x_AmountResidual <> 0) AS VARCHAR) AS unexplained,
              CAST(count(reject_reason) AS VARCHAR) AS bad, min(ChargePeriodStart) AS start,
              max(Tags) AS tags FROM out1
            """)
        #expect(
            checks == [
                [
                    "parts": "\(estate.sheet.rows.count)", "unexplained": "0", "bad": "0",
                    "start": "2026-03-31 16:00:00", "tags": #"{"env":"prod","team":"a"}"#,
                ]
            ])
    }

    @Test(arguments: [false, true])
    func `the ledger has the four costs of the estate, and its export conforms`(spaced: Bool) throws {
        let estate = AlibabaEstate(spaced: spaced)
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let ledger = try RealLedger([try Self.input(estate.sheet, spaced: spaced, scratch)])
        #expect(try ledger.totals() == estate.truth)
        if spaced { try conform(ledger) }
    }

    @Test func `a savings plan's fee less its used part is what was not used`() throws {
        let estate = AlibabaEstate(spaced: false)
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let rows = try Engine.rows(
            [try Self.input(estate.sheet, spaced: false, scratch)],
            """
            SELECT CommitmentDiscountId AS id,
              CAST(sum(EffectiveCost) FILTER (CommitmentDiscountStatus = 'Used') AS VARCHAR) AS used,
              CAST(sum(BilledCost) FILTER (ChargeCategory = 'Purchase') AS VARCHAR) AS fee,
              CAST(sum(EffectiveCost) FILTER (ChargeCategory = 'Purchase') AS VARCHAR) AS early
            FROM out1 WHERE CommitmentDiscountId IS NOT NULL GROUP BY ALL
            """)
        #expect(rows.count == 1)
        #expect(rows.first?["id"] == "spn-1")
        #expect(rows.first?["used"].flatMap(Money.init) == estate.planUsed)
        #expect(rows.first?["fee"].flatMap(Money.init) == estate.planFee)
        #expect(estate.planFee - estate.planUsed == estate.planUnused)
        #expect(rows.first?["early"].flatMap(Money.init) == .zero)
    }

    @Test func `bad rows are rejected once with their reason`() throws {
        let good = [
            "BillingCycle": "2026-04", "AccountID": "1", "PretaxGrossAmount": "2", "PretaxAmount": "1",
            "DeductedByCoupons": "1", "Currency": "USD", "Tax": "0.1", "UsageStartTime": "2026-04-01 00:00:00",
            "UsageEndTime": "2026-04-01 01:00:00",
        ]
        let faults: [(String, String, String)] = [
            ("PretaxGrossAmount", "1,200", "gross is no number: 1,200"),
            ("PretaxAmount", "", "no pretax amount"),
            ("DeductedByCoupons", "x", "amount is no number: x"),
            ("BillingCycle", "April", "billing cycle is no month: April"),
            ("UsageStartTime", "soon", "start of the charge is no time: soon"),
            ("AccountID", "", "no account"),
        ]
        var sheet = Sheet(good.keys.sorted())
        for (column, cell, _) in faults { sheet.add(good.merging([column: cell]) { $1 }) }
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let rows = try Engine.rows(
            [try Self.input(sheet, spaced: false, scratch)], "SELECT reject_reason AS r FROM out1")
        #expect(rows.compactMap { $0["r"] }.sorted() == faults.map(\.2).sorted())
        #expect(rows.count == faults.count)
    }
}
