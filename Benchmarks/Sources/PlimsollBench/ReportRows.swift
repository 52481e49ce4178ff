import Foundation
import PlimsollCore

/// Rows of a Cost and Usage Report 2.0 in CSV: machines by the hour, half of them under a savings plan.
struct ReportRows {
    /// The columns of the vendor's table (AWS Data Exports User Guide: Cost and Usage Report 2.0).
    static let columns = """
        bill_bill_type bill_billing_entity bill_billing_period_end_date bill_billing_period_start_date bill_invoice_id \
        bill_invoicing_entity bill_payer_account_id bill_payer_account_name cost_category discount discount_bundled_discount \
        discount_total_discount identity_line_item_id identity_time_interval line_item_availability_zone \
        line_item_blended_cost line_item_blended_rate line_item_currency_code line_item_legal_entity \
        line_item_line_item_description line_item_line_item_type line_item_net_unblended_cost line_item_net_unblended_rate \
        line_item_normalization_factor line_item_normalized_usage_amount line_item_operation line_item_product_code \
        line_item_resource_id line_item_tax_type line_item_unblended_cost line_item_unblended_rate \
        line_item_usage_account_id line_item_usage_account_name line_item_usage_amount line_item_usage_end_date \
        line_item_usage_start_date line_item_usage_type pricing_currency pricing_lease_contract_length \
        pricing_offering_class pricing_public_on_demand_cost pricing_public_on_demand_rate pricing_purchase_option \
        pricing_rate_code pricing_rate_id pricing_term pricing_unit product product_comment product_fee_code \
        product_fee_description product_from_location product_from_location_type product_from_region_code \
        product_instance_family product_instance_type product_instancesku product_location product_location_type \
        product_operation product_pricing_unit product_product_family product_region_code product_servicecode product_sku \
        product_to_location product_to_location_type product_to_region_code product_usagetype \
        reservation_amortized_upfront_cost_for_usage reservation_amortized_upfront_fee_for_billing_period \
        reservation_availability_zone reservation_effective_cost reservation_end_time reservation_modification_status \
        reservation_net_amortized_upfront_cost_for_usage reservation_net_amortized_upfront_fee_for_billing_period \
        reservation_net_effective_cost reservation_net_recurring_fee_for_usage \
        reservation_net_unused_amortized_upfront_fee_for_billing_period reservation_net_unused_recurring_fee \
        reservation_net_upfront_value reservation_normalized_units_per_reservation reservation_number_of_reservations \
        reservation_recurring_fee_for_usage reservation_reservation_a_r_n reservation_start_time reservation_subscription_id \
        reservation_total_reserved_normalized_units reservation_total_reserved_units reservation_units_per_reservation \
        reservation_unused_amortized_upfront_fee_for_billing_period reservation_unused_normalized_unit_quantity \
        reservation_unused_quantity reservation_unused_recurring_fee reservation_upfront_value resource_tags \
        savings_plan_amortized_upfront_commitment_for_billing_period savings_plan_end_time \
        savings_plan_instance_type_family savings_plan_net_amortized_upfront_commitment_for_billing_period \
        savings_plan_net_recurring_commitment_for_billing_period savings_plan_net_savings_plan_effective_cost \
        savings_plan_offering_type savings_plan_payment_option savings_plan_purchase_term \
        savings_plan_recurring_commitment_for_billing_period savings_plan_region savings_plan_savings_plan_a_r_n \
        savings_plan_savings_plan_effective_cost savings_plan_savings_plan_rate savings_plan_start_time \
        savings_plan_total_commitment_to_date savings_plan_used_commitment
        """.split(separator: " ").map(String.init)

    private let place = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    private let constant: [(column: String, text: String)] = [
        ("bill_bill_type", "Anniversary"), ("bill_billing_entity", "AWS"),
        ("bill_billing_period_end_date", "2026-02-01T00:00:00.000Z"),
        ("bill_billing_period_start_date", "2026-01-01T00:00:00.000Z"), ("bill_invoicing_entity", "AWS Inc."),
        ("bill_payer_account_id", "123456789012"), ("cost_category", "{}"), ("discount", "{}"),
        ("line_item_currency_code", "USD"), ("line_item_legal_entity", "AWS Inc."),
        ("line_item_operation", "RunInstances"), ("line_item_product_code", "AmazonEC2"), ("pricing_currency", "USD"),
        ("pricing_term", "OnDemand"), ("pricing_unit", "Hrs"), ("product_product_family", "Compute Instance"),
        ("product_servicecode", "AmazonEC2"), ("product_operation", "RunInstances"),
        ("product_location_type", "AWS Region"), ("line_item_normalization_factor", "8"),
    ]

    func line(_ row: Int, _ next: (Int) -> Int) -> String {
        var cells = [String](repeating: "", count: Self.columns.count)
        func set(_ column: String, _ text: String) { if let index = place[column] { cells[index] = text } }
        for (column, text) in constant { set(column, text) }
        let start = Hour(index: 490_896 + row % 744)
        let (rate, planRate) = (Money(raw: Int128(1 + next(9_000_000)) * 1_000_000), next(2) == 0)
        let quantity = 1 + next(40)
        let cost = Money(raw: rate.raw * Int128(quantity)).description
        let machine = "m\(5 + next(3)).\(["large", "xlarge", "2xlarge", "4xlarge"][next(4)])"
        let (region, account) = ("us-east-\(1 + next(2))", String(200_000_000_000 + next(30)))
        set("identity_line_item_id", "line\(row)")
        set("identity_time_interval", "\(start)/\(start.advanced(by: 1))")
        set("line_item_availability_zone", region + "a")
        set("line_item_blended_cost", cost)
        set("line_item_blended_rate", rate.description)
        set("line_item_line_item_description", "$\(rate) per On Demand Linux \(machine) Instance Hour")
        set("line_item_line_item_type", planRate ? "SavingsPlanCoveredUsage" : "Usage")
        set("line_item_resource_id", "i-0\(next(20_000))")
        set("line_item_unblended_cost", cost)
        set("line_item_unblended_rate", rate.description)
        set("line_item_usage_account_id", account)
        set("line_item_usage_account_name", "Account \(account)")
        set("line_item_usage_amount", String(quantity))
        set("line_item_usage_start_date", Self.stamp(start))
        set("line_item_usage_end_date", Self.stamp(start.advanced(by: 1)))
        set("line_item_usage_type", "USE1-BoxUsage:\(machine)")
        set("pricing_public_on_demand_cost", cost)
        set("pricing_public_on_demand_rate", rate.description)
        set("pricing_rate_code", "CODE\(next(900)).JRTCKXETXF.6YS6EN2CT7")
        set(
            "product",
            #""{""instance_type"":""\#(machine)"",""operating_system"":""Linux"",""tenancy"":""Shared"",""vcpu"":""4""}""#
        )
        set("product_instance_type", machine)
        set("product_region_code", region)
        set("product_sku", "SKU\(next(900))")
        set("product_usagetype", "BoxUsage:\(machine)")
        set("resource_tags", #""{""user_team"":""t\#(next(40))""}""#)
        if planRate { plan(set, rate, quantity, next) }
        return cells.joined(separator: ",") + "\n"
    }

    private func plan(_ set: (String, String) -> Void, _ rate: Money, _ quantity: Int, _ next: (Int) -> Int) {
        let paid = Money(raw: rate.raw * 7 / 10)
        set("savings_plan_savings_plan_a_r_n", "arn:aws:savingsplans::123456789012:savingsplan/\(next(20))")
        set("savings_plan_savings_plan_rate", paid.description)
        set("savings_plan_savings_plan_effective_cost", Money(raw: paid.raw * Int128(quantity)).description)
        set("savings_plan_offering_type", "ComputeSavingsPlans")
        set("savings_plan_payment_option", "No Upfront")
        set("savings_plan_purchase_term", "1yr")
        set("savings_plan_start_time", "2025-12-01T00:00:00.000Z")
        set("savings_plan_end_time", "2026-12-01T00:00:00.000Z")
    }

    private static func stamp(_ hour: Hour) -> String { hour.description.dropLast() + ".000Z" }
}
