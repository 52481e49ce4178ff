import AWSProvider
import Foundation
import PlimsollCore
import Testing

@testable import Ledger

/// Synthetic Cost and Usage Reports of a known estate, in all three spellings.
@Suite(
    "AWS Cost and Usage Reports", .enabled(if: LedgerFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct AWSBillTests {
    /// One row by column, in the names of CUR 2.0 without maps.
    private typealias Row = [String: String]

    private static let plan = "arn:aws:savingsplans::100000000001:savingsplan/sp-1"
    private static let reservation = "arn:aws:ec2:us-east-1:100000000001:reserved-instances/ri-1"

    private static func row(_ kind: String, hour: Int = 0, _ cells: Row) -> Row {
        var row: Row = [
            "bill_payer_account_id": "100000000001", "bill_billing_period_start_date": "2026-01-01T00:00:00Z",
            "bill_billing_period_end_date": "2026-02-01T00:00:00Z", "bill_invoice_id": "INV-1",
            "line_item_usage_account_id": "200000000001", "line_item_line_item_type": kind,
            "bill_payer_account_name": "Example Ltd", "line_item_usage_account_name": "Shop",
            "line_item_usage_start_date": String(format: "2026-01-01T%02d:00:00Z", hour),
            "line_item_usage_end_date": String(format: "2026-01-01T%02d:00:00Z", hour + 1),
            "line_item_product_code": "AmazonEC2", "line_item_currency_code": "USD",
            "line_item_operation": "RunInstances",
            "line_item_unblended_cost": "0",
        ]
        row.merge(cells) { $1 }
        return row
    }

    private static let machine: Row = [
        "line_item_usage_type": "BoxUsage:m5.large", "line_item_usage_amount": "1", "product_instance_type": "m5.large",
        "product_region_code": "us-east-1", "product_operating_system": "Linux", "product_tenancy": "Shared",
        "pricing_unit": "Hrs", "pricing_public_on_demand_rate": "0.096", "pricing_public_on_demand_cost": "0.096",
        "line_item_unblended_rate": "0.096",
    ]

    /// A month's bill: each line item type with what it is worth.
    private static let rows: [Row] = [
        row("Usage", machine.merging(["line_item_unblended_cost": "0.096"]) { $1 }),
        row(
            "DiscountedUsage",
            machine.merging([
                "reservation_reservation_a_r_n": reservation, "reservation_effective_cost": "0.0603",
                "line_item_unblended_rate": "0",
            ]) { $1 }),
        row(
            "SavingsPlanCoveredUsage",
            machine.merging([
                "line_item_unblended_cost": "0.096", "savings_plan_savings_plan_a_r_n": plan,
                "savings_plan_savings_plan_rate": "0.07", "savings_plan_savings_plan_effective_cost": "0.07",
            ]) { $1 }),
        row(
            "SavingsPlanNegation",
            [
                "line_item_unblended_cost": "-0.096", "savings_plan_savings_plan_a_r_n": plan,
                "line_item_usage_amount": "1",
            ]),
        row(
            "SavingsPlanRecurringFee",
            [
                "line_item_unblended_cost": "0.1", "savings_plan_savings_plan_a_r_n": plan,
                "savings_plan_total_commitment_to_date": "0.1", "savings_plan_used_commitment": "0.07",
                "line_item_usage_type": "ComputeSP:1yrPartialUpfront",
            ]),
        row(
            "RIFee",
            [
                "line_item_unblended_cost": "44.64", "reservation_reservation_a_r_n": reservation,
                "reservation_unused_recurring_fee": "44.5797",
                "reservation_unused_amortized_upfront_fee_for_billing_period": "0",
                "reservation_unused_quantity": "743", "reservation_total_reserved_units": "744",
                "line_item_usage_type": "HeavyUsage:m5.large",
            ]),
        row("SavingsPlanUpfrontFee", ["line_item_unblended_cost": "500", "savings_plan_savings_plan_a_r_n": plan]),
        row("EdpDiscount", ["line_item_unblended_cost": "-0.0096"]),
        row("Credit", ["line_item_unblended_cost": "-5"]),
        row("Refund", ["line_item_unblended_cost": "-0.5"]),
        row("Tax", ["line_item_unblended_cost": "8.25", "line_item_product_code": "AmazonEC2"]),
        row("Fee", ["line_item_unblended_cost": "12.5"]),
    ]

    private static let truth = [
        "billed": "560.0764",
        // 0.096 + 0.0603 + 0.07 + 0.03 unused + 44.5797 unused - 0.0096 - 5 - 0.5 + 8.25 + 12.5
        "effective": "60.0764",
        "list": "560.2684", "contracted": "560.2684",
    ]

    static func file(_ mapping: BillMapping, maps: Bool = false, rename: (String) -> String) -> String {
        var names = Set(rows.flatMap(\.keys)).sorted()
        if maps { names = names.filter { !$0.hasPrefix("product_") } + ["product"] }
        var out = CSVWriter(header: names.map(rename))
        for row in rows {
            out.add(
                names.map { name in
                    guard name == "product" else { return row[name] ?? "" }
                    let members = row.filter { $0.key.hasPrefix("product_") }.sorted { $0.key < $1.key }
                    let pairs = members.map { "\"\($0.key.dropFirst(8))\":\"\($0.value)\"" }
                    return "{" + pairs.joined(separator: ",") + "}"
                })
        }
        return String(decoding: out.bytes, as: UTF8.self)
    }

    private func check(_ ledger: LedgerFixture, _ path: String, _ id: String) throws {
        let importer = Importer(ledger.store, ledger.duckdb, mappings: FocusMappings.all + AWS.billMappings)
        let summary = try importer.run([path])
        #expect(summary.mapping == id)
        #expect(summary.rowsIn == Self.rows.count && summary.stored == Self.rows.count && summary.rejected == 0)
        #expect(summary.charges == Self.rows.count + 2)
        let sums = try #require(summary.partitions.first?.sums.first)
        #expect(sums.billed == Self.truth["billed"] && sums.effective == Self.truth["effective"])
        #expect(sums.list == Self.truth["list"] && sums.contracted == Self.truth["contracted"])
        let machine = try ledger.query().rows(
            "SELECT x_InstanceType AS i, RegionId AS r, CAST(sum(EffectiveCost) AS VARCHAR) AS e FROM focus WHERE CommitmentDiscountStatus = 'Used' AND PricingQuantity > 0 GROUP BY ALL;"
        )
        #expect(machine.first?["i"]?.string == "m5.large" && machine.first?["r"]?.string == "us-east-1")
        #expect(Money(machine.first?["e"]?.string ?? "") == Money("0.1303"))
        // Used and unused of a commitment add up to what it cost in the hour or month.
        let use = try ledger.query().rows(
            """
            SELECT CommitmentDiscountType AS t, CAST(sum(EffectiveCost) AS VARCHAR) AS e FROM focus
            WHERE CommitmentDiscountStatus IS NOT NULL GROUP BY ALL ORDER BY 1;
            """)
        #expect(use.map { Money($0["e"]?.string ?? "") } == [Money("44.64"), Money("0.1")])
    }

    @Test("2.0, with maps") func second() throws {
        let ledger = try LedgerFixture()
        let text = Self.file(AWS.billMappings[2], maps: true) { $0 }
        try check(ledger, try ledger.write("cur2.csv", text), "aws-cur-2")
    }

    @Test("legacy, as CSV") func legacyCSV() throws {
        let ledger = try LedgerFixture()
        let mapping = AWS.billMappings[0]
        // The mapping lists its columns in the spelling of the file: found by what is left without signs.
        func plain(_ name: String) -> String { name.lowercased().filter(\.isLetter) }
        let known = Dictionary(mapping.columns.map { (plain($0), $0) }, uniquingKeysWith: { first, _ in first })
        let text = Self.file(mapping) { known[plain($0 == "product_region_code" ? "product_region" : $0)] ?? $0 }
        #expect(text.hasPrefix("bill/BillingPeriodEndDate,bill/BillingPeriodStartDate,bill/InvoiceId"))
        try check(ledger, try ledger.write("cur.csv", text), "aws-cur-csv")
    }

    @Test("legacy, as Parquet") func legacyParquet() throws {
        let ledger = try LedgerFixture()
        let text = Self.file(AWS.billMappings[1]) { $0 == "product_region_code" ? "product_region" : $0 }
        let csv = try ledger.write("cur.csv", text)
        let parquet = ledger.folder.appending(path: "cur.parquet").path
        try ledger.duckdb.run(
            "COPY (SELECT * FROM read_csv('\(csv)', all_varchar=true)) TO '\(parquet)' (FORMAT parquet);")
        try check(ledger, parquet, "aws-cur")
    }

    @Test("an unknown line item type is rejected, not guessed") func unknown() throws {
        let ledger = try LedgerFixture()
        let text = Self.file(AWS.billMappings[2], maps: true) { $0 }.replacing("EdpDiscount", with: "Mystery")
        let path = try ledger.write("cur2.csv", text)
        let summary = try Importer(ledger.store, ledger.duckdb, mappings: AWS.billMappings).run([path])
        #expect(summary.rejected == 1)
        #expect(try ledger.rejects(summary).first?.contains("the line item type is not known: Mystery") == true)
    }
}
