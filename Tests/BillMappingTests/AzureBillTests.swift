import AzureProvider
import Foundation
import PlimsollCore
import Testing

/// Synthetic cost details of a known estate, after the vendor's schema: on-demand
/// and spot machines, a reservation and a savings plan partly used, a refund, a
/// marketplace purchase, rounding.
private struct AzureEstate {
    var actual: Sheet
    var amortized: Sheet
    var truth = Truth()
    /// What the amortised view says of each commitment: used, unused, bought.
    var commitments: [String: (used: Money, unused: Money, bought: Money)] = [:]
    private let customer: Bool
    /// Billing units for a unit of the pricing currency, in hundredths.
    private let rate: Int
    private var dice = Dice(seed: 7)

    private static let plan = "/providers/Microsoft.BillingBenefits/savingsPlanOrders/o/savingsPlans/s"

    init(customer: Bool) {
        self.customer = customer
        rate = customer ? 92 : 100
        let columns = customer ? Self.customerColumns : Self.enterpriseColumns
        actual = Sheet(columns)
        amortized = Sheet(columns)
        for day in 1...30 { onDemand(day) }
        reservation()
        savingsPlan()
        oneTime("Purchase", name: "Marketplace offer", amount: .micros(19_990_000), reservation: nil)
        oneTime("Refund", name: "Reserved VM Instance", amount: -Money(125), reservation: "r-old")
        oneTime("RoundingAdjustment", name: "Rounding", amount: .micros(-12_345), reservation: nil)
    }

    /// An amount in billing currency of one in pricing currency.
    private func billing(_ amount: Money) -> Money { Money(raw: amount.raw * Int128(rate) / 100) }

    private mutating func onDemand(_ day: Int) {
        for machine in 1...3 {
            let hours = 1 + dice.roll(24)
            let spot = machine == 3
            let (unit, retail) = (Money.micros(spot ? 21_000 : 96_000), Money.micros(120_000))
            let row = usage(day, machine: "vm\(machine)", hours: hours, unit: unit, retail: retail)
                .merging(["PricingModel": spot ? "Spot" : "OnDemand"]) { $1 }
            let cost = billing(unit * hours)
            truth.add(
                billed: cost, effective: cost, list: billing(retail * hours), contracted: billing(unit * hours))
            put(row.merging(price(cost, perHour: unit)) { $1 }, in: .both)
        }
    }

    /// 2 machine hours each hour at 0.05, 30 days: bought for what it is worth.
    private mutating func reservation() {
        var (used, unused) = (Money.zero, Money.zero)
        let hourly = Money.micros(50_000)
        for day in 1...30 {
            var left = 48
            for machine in 1...2 {
                let hours = dice.roll(25)
                left -= hours
                let row = usage(
                    day, machine: "vm1\(machine)", hours: hours, unit: .micros(96_000), retail: .micros(120_000)
                ).merging([
                    "PricingModel": "Reservation", "ReservationId": "r-1", "ReservationName": "pool",
                    "AdditionalInfo": #"{"ServiceType":"Standard_D2s_v3","RINormalizationRatio":"1"}"#,
                ]) { $1 }
                cover(row, hours: hours, cost: billing(hourly * hours), perHour: hourly)
                used += billing(hourly * hours)
            }
            let rest = billing(hourly * left)
            unused += rest
            waste("UnusedReservation", day, rest, hours: left, ["ReservationId": "r-1", "PricingModel": "Reservation"])
        }
        let bought = billing(hourly * (48 * 30))
        oneTime("Purchase", name: "Reserved VM Instance", amount: Money(72), reservation: "R-1")
        commitments["r-1"] = (used, unused, bought)
    }

    /// 1.5 an hour, paid for the month.
    private mutating func savingsPlan() {
        var (used, unused) = (Money.zero, Money.zero)
        let (daily, rate) = (Money(36), Money.micros(70_000))
        for day in 1...30 {
            let hours = 100 + dice.roll(400)
            let row = usage(day, machine: "vm20", hours: hours, unit: .micros(96_000), retail: .micros(120_000))
                .merging(["PricingModel": "SavingsPlan", "BenefitId": Self.plan, "BenefitName": "plan"]) { $1 }
            cover(row, hours: hours, cost: billing(rate * hours), perHour: rate)
            used += billing(rate * hours)
            let rest = billing(daily - rate * hours)
            unused += rest
            waste("UnusedSavingsPlan", day, rest, hours: 1, ["BenefitId": Self.plan, "PricingModel": "SavingsPlan"])
        }
        oneTime("Purchase", name: "Savings plan", amount: daily * 30, reservation: nil, benefit: Self.plan)
        commitments[Self.plan.lowercased()] = (used, unused, billing(daily * 30))
    }

    private enum Place { case actual, amortized, both }

    private mutating func put(_ row: [String: String], in place: Place) {
        let row = customer ? Dictionary(uniqueKeysWithValues: row.map { (Self.customerName($0), $1) }) : row
        if place != .amortized { actual.add(row) }
        if place != .actual { amortized.add(row) }
    }

    /// Covered usage: nothing in the actual view, its share of the fee in the other.
    private mutating func cover(_ row: [String: String], hours: Int, cost: Money, perHour: Money) {
        truth.add(
            billed: .zero, effective: cost, list: billing(.micros(120_000) * hours),
            contracted: billing(.micros(96_000) * hours))
        put(row.merging(price(.zero, perHour: .zero)) { $1 }, in: .actual)
        put(row.merging(price(cost, perHour: perHour)) { $1 }, in: .amortized)
    }

    private mutating func waste(_ kind: String, _ day: Int, _ cost: Money, hours: Int, _ more: [String: String]) {
        truth.add(billed: .zero, effective: cost, list: .zero, contracted: .zero)
        let row = common(day).merging([
            "ChargeType": kind, "Quantity": "\(hours)", "UnitOfMeasure": "1 Hour",
            "ProductName": kind == "UnusedReservation" ? "Reserved VM Instance" : "Savings plan",
        ]) { $1 }
        put(row.merging(more) { $1 }.merging(price(cost, perHour: .zero)) { $1 }, in: .amortized)
    }

    private mutating func oneTime(
        _ kind: String, name: String, amount: Money, reservation: String?, benefit: String? = nil
    ) {
        let cost = billing(amount)
        let commitment = reservation != nil || benefit != nil
        truth.add(billed: cost, effective: commitment ? .zero : cost, list: cost, contracted: cost)
        var row = common(1).merging([
            "ChargeType": kind, "ProductName": name, "Frequency": kind == "Purchase" ? "OneTime" : "UsageBased",
            "Quantity": "1", "UnitPrice": amount.text, "Term": commitment ? "12" : "",
        ]) { $1 }
        row["ReservationId"] = reservation
        row["BenefitId"] = benefit
        put(row.merging(price(cost, perHour: amount)) { $1 }, in: commitment ? .actual : .both)
    }

    private func usage(_ day: Int, machine: String, hours: Int, unit: Money, retail: Money) -> [String: String] {
        let row = common(day).merging([
            "ChargeType": "Usage", "Frequency": "UsageBased", "Quantity": "\(hours)", "UnitOfMeasure": "1 Hour",
            "UnitPrice": unit.text, "PayGPrice": retail.text, "MeterCategory": "Virtual Machines",
            "MeterSubCategory": "Dsv3 Series", "MeterName": "D2s v3", "MeterId": "m-1", "ServiceFamily": "Compute",
            "ConsumedService": "Microsoft.Compute", "ResourceId": "/subscriptions/s/\(machine)",
            "ResourceName": machine, "ResourceLocation": "EastUS2", "Tags": #""env": "test""#,
            "AdditionalInfo": #"{"ServiceType":"Standard_D2s_v3"}"#,
        ]) { $1 }
        guard customer else { return row }
        return row.merging(["paygCostInBillingCurrency": billing(retail * hours).text]) { $1 }
    }

    private func common(_ day: Int) -> [String: String] {
        let text = day < 10 ? "0\(day)" : "\(day)"
        let row = [
            "SubscriptionId": "s", "SubscriptionName": "sub", "Date": "04/\(text)/2026", "PublisherType": "Azure",
            "BillingAccountId": "123", "BillingAccountName": "Example", "BillingPeriodStartDate": "04/01/2026",
            "BillingPeriodEndDate": "04/30/2026",
        ]
        guard customer else { return row.merging(["BillingCurrencyCode": "USD"]) { $1 } }
        return row.merging([
            "billingCurrency": "EUR", "pricingCurrency": "USD", "exchangeRatePricingToBilling": "0.92",
            "invoiceId": "G1", "servicePeriodStartDate": "04/01/2026",
        ]) { $1 }
    }

    private func price(_ cost: Money, perHour: Money) -> [String: String] {
        let row = ["CostInBillingCurrency": cost.text, "EffectivePrice": perHour.text]
        guard customer else { return row }
        return row.merging(["costInPricingCurrency": Money(raw: cost.raw * 100 / Int128(rate)).text]) { $1 }
    }

    private static func customerName(_ name: String) -> String {
        switch name {
        case "ResourceGroup": "resourceGroupName"
        case "ResourceId", "SubscriptionId", "ProductName", "PayGPrice": name
        default: name.prefix(1).lowercased() + name.dropFirst()
        }
    }

    private static let enterpriseColumns = [
        "InvoiceSectionName", "SubscriptionId", "SubscriptionName", "ResourceGroup", "ResourceLocation", "Date",
        "ProductName", "MeterCategory", "MeterSubCategory", "MeterId", "MeterName", "UnitOfMeasure", "Quantity",
        "EffectivePrice", "CostInBillingCurrency", "ConsumedService", "ResourceId", "Tags", "AdditionalInfo",
        "ResourceName", "ReservationId", "ReservationName", "UnitPrice", "Term", "PublisherType", "PublisherName",
        "ChargeType", "Frequency", "PricingModel", "BillingAccountId", "BillingAccountName", "BillingCurrencyCode",
        "BillingPeriodStartDate", "BillingPeriodEndDate", "PayGPrice", "ServiceFamily", "BenefitId", "BenefitName",
    ]

    private static let customerColumns =
        enterpriseColumns.filter { $0 != "BillingCurrencyCode" }.map(customerName) + [
            "invoiceId", "billingCurrency", "pricingCurrency", "costInPricingCurrency",
            "paygCostInBillingCurrency", "exchangeRatePricingToBilling", "servicePeriodStartDate",
        ]
}

@Suite(.enabled(if: Engine.binary != nil, "\(Engine.absent)"))
struct AzureBillTests {
    /// The rule of Azure.billMappings for a period of which both views are there.
    private static let both = """
        (SELECT * FROM out1 WHERE x_ViewRole <> 'covered'
         UNION ALL BY NAME SELECT * FROM out2 WHERE x_ViewRole <> 'shared')
        """

    private static func mapping(_ id: String) throws -> BillMapping {
        try #require(Azure.billMappings.first { $0.id == id })
    }

    private static func inputs(
        _ estate: AzureEstate, _ agreement: String, _ scratch: Engine.Scratch
    ) throws -> [(BillMapping, Source)] {
        [
            (try mapping("azure-\(agreement)-actual"), .csv(try scratch.write(estate.actual.csv, "actual.csv"))),
            (
                try mapping("azure-\(agreement)-amortized"),
                .csv(try scratch.write(estate.amortized.csv, "amortized.csv"))
            ),
        ]
    }

    @Test(arguments: [false, true])
    func `both views together give the four costs of the estate`(customer: Bool) throws {
        let estate = AzureEstate(customer: customer)
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let inputs = try Self.inputs(estate, customer ? "mca" : "ea", scratch)
        let totals = try Engine.rows(inputs, Truth.query(from: Self.both))
        #expect(totals.count == 1)
        #expect(totals.first?["currency"] == (customer ? "EUR" : "USD"))
        #expect(totals.first.flatMap(Truth.init) == estate.truth)
        let faults = try Engine.rows(
            inputs, "SELECT DISTINCT reject_reason AS r FROM \(Self.both) WHERE reject_reason IS NOT NULL")
        #expect(faults.isEmpty)
    }

    @Test(arguments: [false, true])
    func `the ledger has the four costs of the estate, and its export conforms`(customer: Bool) throws {
        let estate = AzureEstate(customer: customer)
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let ledger = try RealLedger(try Self.inputs(estate, customer ? "mca" : "ea", scratch))
        #expect(try ledger.totals() == estate.truth)
        try conform(ledger)
    }

    @Test(arguments: [false, true])
    func `a view alone gives what it knows`(customer: Bool) throws {
        let estate = AzureEstate(customer: customer)
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let inputs = try Self.inputs(estate, customer ? "mca" : "ea", scratch)
        let actual = try Engine.rows(inputs, Truth.query(from: "out1")).first.flatMap(Truth.init)
        let amortized = try Engine.rows(inputs, Truth.query(from: "out2")).first.flatMap(Truth.init)
        #expect(actual?.billed == estate.truth.billed)
        #expect(actual?.list == estate.truth.list)
        #expect(amortized?.effective == estate.truth.effective)
    }

    @Test(arguments: [false, true])
    func `commitments are conserved`(customer: Bool) throws {
        let estate = AzureEstate(customer: customer)
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let rows = try Engine.rows(
            try Self.inputs(estate, customer ? "mca" : "ea", scratch),
            """
            SELECT CommitmentDiscountId AS id,
              CAST(sum(EffectiveCost) FILTER (CommitmentDiscountStatus = 'Used') AS VARCHAR) AS used,
              CAST(sum(EffectiveCost) FILTER (CommitmentDiscountStatus = 'Unused') AS VARCHAR) AS unused,
              CAST(sum(BilledCost) FILTER (ChargeCategory = 'Purchase') AS VARCHAR) AS bought,
              CAST(sum(EffectiveCost) FILTER (ChargeCategory = 'Purchase') AS VARCHAR) AS early
            FROM \(Self.both) WHERE CommitmentDiscountId <> 'r-old' GROUP BY ALL
            """)
        #expect(rows.count == estate.commitments.count)
        for row in rows {
            let known = try #require(estate.commitments[row["id"] ?? ""])
            #expect(row["used"].flatMap(Money.init) == known.used)
            #expect(row["unused"].flatMap(Money.init) == known.unused)
            #expect(row["bought"].flatMap(Money.init) == known.bought)
            #expect(known.used + known.unused == known.bought)
            #expect(row["early"].flatMap(Money.init) == .zero)
        }
    }

    @Test func `bad rows are rejected with their reason`() throws {
        let good = [
            "Date": "04/02/2026", "ChargeType": "Usage", "Quantity": "1", "CostInBillingCurrency": "1",
            "BillingCurrencyCode": "USD", "BillingAccountId": "1", "BillingPeriodStartDate": "04/01/2026",
            "BillingPeriodEndDate": "04/30/2026", "PricingModel": "OnDemand",
        ]
        var sheet = Sheet(good.keys.sorted() + ["MeterId"])
        sheet.add(good)
        let faults: [(String, String, String)] = [
            ("CostInBillingCurrency", "1,234.50", "cost is no number: 1,234.50"),
            ("CostInBillingCurrency", "", "cost is no number: empty"),
            ("Quantity", "many", "quantity is no number: many"),
            ("Date", "31/12/2026", "date is no day: 31/12/2026"),
            ("Date", "2026-04-02T05:00:00+02:00", "date is no day: 2026-04-02T05:00:00+02:00"),
            ("BillingCurrencyCode", "", "no billing currency"),
            ("ChargeType", "", "no charge type"),
            ("ChargeType", "UnusedReservation", "a row of the amortised view in an import of the actual one"),
            ("PricingModel", "Reservation", "a row of the amortised view in an import of the actual one"),
        ]
        for (column, cell, _) in faults { sheet.add(good.merging([column: cell]) { $1 }) }
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let rows = try Engine.rows(
            [(try Self.mapping("azure-ea-actual"), .csv(try scratch.write(sheet.csv, "bad.csv")))],
            "SELECT reject_reason AS r FROM out1")
        #expect(rows.map { $0["r"] } == [nil] + faults.map { $0.2 })
    }

    @Test func `an older file of the vendor's column set sums as published`() throws {
        // 2 of the costs have 14 places; the sum of the rows, each rounded.
        let costs = [
            "0.000305367", "5.64902E-05", "0.035351812", "0", "6.65679E-09", "6.19947E-09", "1.60101E-07",
        ]
        var sheet = Sheet([
            "Date", "MeterId", "ChargeType", "Quantity", "CostInBillingCurrency", "BillingCurrencyCode",
            "BillingAccountId", "BillingPeriodStartDate", "BillingPeriodEndDate",
        ])
        for cost in costs {
            sheet.add([
                "Date": "9/2/2023", "ChargeType": "Usage", "CostInBillingCurrency": cost,
                "BillingCurrencyCode": "CAD", "BillingAccountId": "1", "BillingPeriodStartDate": "9/1/2023",
                "BillingPeriodEndDate": "9/30/2023",
            ])
        }
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let rows = try Engine.rows(
            [(try Self.mapping("azure-ea-actual"), .csv(try scratch.write(sheet.csv, "old.csv")))],
            """
            SELECT CAST(sum(BilledCost) AS VARCHAR) AS b, CAST(sum(x_RoundedValues) AS VARCHAR) AS rounded,
              min(BillingPeriodEnd) AS period, min(ChargePeriodEnd) AS day FROM out1
            """)
        let sum = costs.compactMap { Money($0) }.reduce(.zero, +)
        #expect(rows.first?["b"].flatMap(Money.init) == sum)
        #expect(rows.first?["rounded"] == "2")
        #expect(rows.first?["period"] == "2023-10-01 00:00:00")
        #expect(rows.first?["day"] == "2023-09-03 00:00:00")
    }

    private static let sample = Engine.root.appending(path: "../shared/data/focus/converters/azure_ea_sample.csv")

    @Test(.enabled(if: FileManager.default.fileExists(atPath: sample.path), "no public sample beside the checkout"))
    func `the public sample sums to what its rows, each rounded, sum to`() throws {
        let totals = try Engine.rows(
            [(try Self.mapping("azure-ea-actual"), .csv(Self.sample))], Truth.query(from: "out1"))
        #expect(totals.first?["currency"] == "CAD")
        #expect(totals.first.flatMap(Truth.init)?.billed == Money("1.261369265057"))
        let counts = try Engine.rows(
            [(try Self.mapping("azure-ea-actual"), .csv(Self.sample))],
            "SELECT CAST(count(*) AS VARCHAR) AS rows, CAST(count(reject_reason) AS VARCHAR) AS bad FROM out1")
        #expect(counts == [["rows": "27", "bad": "0"]])
    }
}
