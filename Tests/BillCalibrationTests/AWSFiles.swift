import Foundation
import PlimsollCore

/// Cost and Usage Reports of the estate, in CUR 2.0's or the legacy report's names.
struct AWSFiles {
    private let estate = Estate(
        [("m5.large", "m5"), ("m5.xlarge", "m5"), ("c5.large", "c5")], reserved: 4, isFlexible: true)
    private var sheet = Sheet()
    /// Billed before agreements, by month.
    private var base: [String: Money] = [:]
    private var storageCost: [String: Money] = [:]

    private static let plan = "arn:aws:savingsplans::1000:savingsplan/s1"
    private static let reservation = "arn:aws:ec2:us-east-1:1000:reserved-instances/r1"
    private static let node = "arn:aws:rds:us-east-1:1000:ri:n1"
    private static let nodeFee = Money.text("0.11")

    static func bill(legacy: Bool) -> KnownBill {
        var files = AWSFiles()
        files.write()
        let text = legacy ? files.sheet.renamed(legacyName).csv : files.sheet.csv
        return KnownBill(
            files: [("cur.csv", legacy ? "aws-cur-csv" : "aws-cur-2", text)], commitments: files.commitments,
            agreements: files.agreements, prices: files.prices, storage: "AmazonS3",
            gaps: ["rates of `m5.large linux us-east-1` under `compute-sp` 1y none"])
    }

    private mutating func write() {
        for index in 0..<Estate.days {
            let day = estate.day(index)
            for hour in 0..<24 { write(day, estate.hour(index, hour)) }
            daily(day)
        }
        for month in ["2026-04", "2026-05"] { adjust(month) }
    }

    // MARK: Usage and fees

    private mutating func write(_ day: Estate.Day, _ hour: Hour) {
        for share in day.shares {
            let machine = estate.machines[share.machine]
            var row = usage(hour, machine.account, machine.sku, share.quantity, machine.list)
            let atList = machine.list * share.quantity
            switch share.commitment {
            case .reservation:
                row.merge([
                    "line_item_line_item_type": "DiscountedUsage", "line_item_unblended_cost": "0",
                    "reservation_reservation_a_r_n": Self.reservation, "pricing_offering_class": "standard",
                    "pricing_lease_contract_length": "1yr", "pricing_purchase_option": "No Upfront",
                    "reservation_effective_cost":
                        (estate.reservedFee * Quantity(raw: share.quantity.raw * machine.size))
                        .description,
                ]) { $1 }
            case .plan:
                row.merge([
                    "line_item_line_item_type": "SavingsPlanCoveredUsage", "savings_plan_savings_plan_a_r_n": Self.plan,
                    "savings_plan_savings_plan_rate": machine.rate.description,
                    "savings_plan_offering_type": "ComputeSavingsPlans",
                    "savings_plan_savings_plan_effective_cost": (machine.rate * share.quantity).description,
                ]) { $1 }
                var back = self.row("SavingsPlanNegation", hour, 1, machine.account, -atList)
                back["savings_plan_savings_plan_a_r_n"] = Self.plan
                sheet.add(back)
            case nil: charge(hour, atList)
            }
            sheet.add(row)
        }
        fees(day, hour)
        others(hour)
    }

    private mutating func fees(_ day: Estate.Day, _ hour: Hour) {
        var fee = row("SavingsPlanRecurringFee", hour, 1, "a1", estate.hourlyPlan)
        fee.merge([
            "savings_plan_savings_plan_a_r_n": Self.plan, "savings_plan_offering_type": "ComputeSavingsPlans",
            "savings_plan_purchase_term": "1yr", "savings_plan_payment_option": "No Upfront",
            "savings_plan_total_commitment_to_date": estate.hourlyPlan.description,
            "savings_plan_used_commitment": (estate.hourlyPlan - day.planUnused).description,
        ]) { $1 }
        sheet.add(fee)
        charge(hour, estate.hourlyPlan)
    }

    /// Storage, and a database with and without its reservation.
    private mutating func others(_ hour: Hour) {
        var row = self.row("Usage", hour, 1, "a1", estate.storageCost)
        row.merge([
            "line_item_product_code": "AmazonS3", "line_item_usage_type": "TimedStorage-ByteHrs",
            "line_item_usage_amount": "\(estate.storage)", "pricing_unit": "GB-Mo", "product_sku": "S3SKU",
            "pricing_public_on_demand_rate": estate.storagePrice.description,
            "line_item_unblended_rate": estate.storagePrice.description,
            "pricing_public_on_demand_cost": estate.storageCost.description,
        ]) { $1 }
        sheet.add(row)
        charge(hour, estate.storageCost)
        storageCost[Self.month(hour), default: .zero] += estate.storageCost
        for isReserved in [true, false] {
            var node = usage(hour, "a2", "db.m5.large", Quantity(1), .text("0.17"))
            node.merge([
                "line_item_product_code": "AmazonRDS", "line_item_operation": "CreateDBInstance:0014",
                "line_item_usage_type": "InstanceUsage:db.m5.large",
            ]) { $1 }
            if isReserved {
                node.merge([
                    "line_item_line_item_type": "DiscountedUsage", "line_item_unblended_cost": "0",
                    "reservation_reservation_a_r_n": Self.node, "pricing_lease_contract_length": "1yr",
                    "pricing_purchase_option": "No Upfront", "reservation_effective_cost": Self.nodeFee.description,
                ]) { $1 }
            } else {
                charge(hour, .text("0.17"))
            }
            sheet.add(node)
        }
    }

    /// A reservation's fee of a day.
    private mutating func daily(_ day: Estate.Day) {
        let fee = estate.reservedFee * Quantity(estate.reserved * 24)
        var row = self.row("RIFee", estate.hour(day.index), 24, "a1", fee)
        row.merge(usage(estate.hour(day.index), "a1", "m5.large", .zero, .zero).filter { $0.key.hasPrefix("product") })
        { $1 }
        row.merge([
            "reservation_reservation_a_r_n": Self.reservation, "pricing_offering_class": "standard",
            "pricing_lease_contract_length": "1yr", "pricing_purchase_option": "No Upfront",
            "reservation_number_of_reservations": "\(estate.reserved)",
            "reservation_unused_recurring_fee":
                (estate.reservedFee * Quantity(raw: day.reservedUnused.raw * 24)).description,
        ]) { $1 }
        sheet.add(row)
        charge(estate.hour(day.index), fee)
        let nodeFee = Self.nodeFee * Quantity(24)
        var node = self.row("RIFee", estate.hour(day.index), 24, "a2", nodeFee)
        node.merge([
            "line_item_product_code": "AmazonRDS", "line_item_operation": "CreateDBInstance:0014",
            "product_instance_type": "db.m5.large", "product_region_code": "us-east-1",
            "reservation_reservation_a_r_n": Self.node, "pricing_lease_contract_length": "1yr",
            "pricing_purchase_option": "No Upfront", "reservation_number_of_reservations": "1",
        ]) { $1 }
        sheet.add(node)
        charge(estate.hour(day.index), nodeFee)
    }

    // MARK: Agreements

    /// 10 % off storage, 5 % off all, a fee, the least of a support plan, 20 % tax, a credit.
    private mutating func adjust(_ month: String) {
        let hour = month == "2026-04" ? Estate.first : estate.hour(2)
        var total = base[month] ?? .zero
        var parts: [(kind: String, code: String, amount: Money, text: String)] = []
        func add(_ kind: String, _ code: String, _ amount: Money, _ text: String) {
            parts.append((kind, code, amount, text))
            total += amount
        }
        add("PrivateRateDiscount", "AmazonS3", -(storageCost[month] ?? .zero).percent(10), "private rate")
        add("EdpDiscount", "AmazonEC2", -total.percent(5), "discount program")
        if month == "2026-04" { add("Fee", "AmazonRegistrar", .text("12.5"), "Registration of a name") }
        add("Fee", "AWSSupportBusiness", Money(100), "support")
        add("Tax", "AmazonEC2", total.percent(20), "tax")
        if month == "2026-05" { add("Credit", "AmazonEC2", -.text("7.5"), "Promotional \"May\" credit") }
        for part in parts {
            var row = self.row(part.kind, hour, 24, "a1", part.amount)
            row["line_item_product_code"] = part.code
            row["line_item_line_item_description"] = part.text
            sheet.add(row)
        }
    }

    private var agreements: [Agreement] {
        let tiers: [(Int, String)] = [(0, "10"), (10_000, "7"), (80_000, "5"), (250_000, "3")]
        let support = Agreement.Kind.support(
            tiers: tiers.map { .init(from: Money($0.0), percent: Quantity($0.1) ?? .zero) }, minimum: Money(100))
        return [
            Agreement(
                name: "PrivateRateDiscount", billingAccount: "1000", service: "AmazonS3",
                kind: .discount(percent: Quantity(10))),
            Agreement(name: "EdpDiscount", billingAccount: "1000", kind: .discount(percent: Quantity(5))),
            Agreement(
                name: "Registration of a name", billingAccount: "1000",
                kind: .fixed(amount: .text("12.5"), on: Day("2026-04-29"))),
            Agreement(name: "AWS Business Support", billingAccount: "1000", kind: support),
            Agreement(name: "Tax", billingAccount: "1000", kind: .tax(percent: Quantity(20))),
            Agreement(
                name: "Promotional \"May\" credit", billingAccount: "1000",
                kind: .credit(amount: .text("7.5"), expires: Day("2026-06-01"))),
        ]
    }

    // MARK: What it was made of

    private var commitments: [Commitment] {
        var all = Commitment()
        (all.provider, all.billingAccount, all.currency) = ("aws", "1000", "USD")
        (all.term, all.payment) = (.oneYear, Payment.none)
        var machines = all
        (machines.id, machines.account, machines.region) = (Self.reservation, "a1", "us-east-1")
        (machines.sku, machines.os, machines.tenancy) = ("m5.large", "linux", "shared")
        (machines.quantity, machines.hourly) = (Quantity(estate.reserved), estate.reservedFee)
        var node = all
        (node.id, node.account, node.region, node.sku) = (Self.node, "a2", "us-east-1", "db.m5.large")
        (node.license, node.quantity, node.hourly) = ("CreateDBInstance:0014", Quantity(1), Self.nodeFee)
        var plan = all
        (plan.id, plan.account, plan.offer, plan.hourlyCommitment) = (Self.plan, "a1", .computePlan, estate.hourlyPlan)
        return [machines, node, plan]
    }

    private var prices: [String: Money] {
        [
            "m5.large on-demand": .text("0.1"), "m5.xlarge on-demand": .text("0.2"),
            "c5.large on-demand": .text("0.08"),
            "db.m5.large on-demand": .text("0.17"), "S3SKU on-demand": .text("0.02"),
            "m5.xlarge compute-sp": .text("0.16"), "c5.large compute-sp": .text("0.04"),
            "m5.large ri-standard": .text("0.06"), "m5.xlarge ri-standard": .text("0.12"),
            "db.m5.large ri-standard": Self.nodeFee,
        ]
    }

    // MARK: Rows

    private static func month(_ hour: Hour) -> String { String(hour.day.description.prefix(7)) }

    private mutating func charge(_ hour: Hour, _ amount: Money) { base[Self.month(hour), default: .zero] += amount }

    private func usage(
        _ hour: Hour, _ account: String, _ type: String, _ quantity: Quantity, _ list: Money
    ) -> [String: String] {
        let cost = list * quantity
        return row("Usage", hour, 1, account, cost).merging([
            "line_item_usage_type": "BoxUsage:\(type)", "line_item_usage_amount": quantity.description,
            "product_instance_type": type, "product_region_code": "us-east-1", "product_operating_system": "Linux",
            "product_tenancy": "Shared", "pricing_unit": "Hrs", "pricing_public_on_demand_rate": list.description,
            "pricing_public_on_demand_cost": cost.description, "line_item_unblended_rate": list.description,
        ]) { $1 }
    }

    private func row(_ kind: String, _ hour: Hour, _ hours: Int, _ account: String, _ cost: Money) -> [String: String] {
        let start = hour.monthStart
        return [
            "bill_payer_account_id": "1000", "bill_billing_period_start_date": start.description,
            "bill_billing_period_end_date": start.nextMonth.description, "bill_invoice_id": "I",
            "line_item_usage_account_id": account, "line_item_line_item_type": kind,
            "line_item_usage_start_date": hour.description,
            // Fees of a day end a second early, as the vendor's do.
            "line_item_usage_end_date": hours == 24
                ? hour.advanced(by: 23).description.replacing(":00:00Z", with: ":59:59Z")
                : hour.advanced(by: hours).description, "line_item_product_code": "AmazonEC2",
            "line_item_currency_code": "USD", "line_item_operation": "RunInstances",
            "line_item_unblended_cost": cost.description, "product": "",
        ]
    }

    /// `line_item_usage_amount` as `lineItem/UsageAmount`.
    private static func legacyName(_ name: String) -> String {
        let known = [
            "product_region_code": "product/region", "product_instance_type": "product/instanceType",
            "product_operating_system": "product/operatingSystem", "product_tenancy": "product/tenancy",
            "product_sku": "product/sku", "product": "identity/LineItemId",
            "pricing_public_on_demand_cost": "pricing/publicOnDemandCost",
            "pricing_public_on_demand_rate": "pricing/publicOnDemandRate", "pricing_unit": "pricing/unit",
            "reservation_reservation_a_r_n": "reservation/ReservationARN",
            "savings_plan_savings_plan_a_r_n": "savingsPlan/SavingsPlanARN",
        ]
        if let name = known[name] { return name }
        for (prefix, group) in [
            ("line_item", "lineItem"), ("savings_plan", "savingsPlan"), ("bill", "bill"),
            ("reservation", "reservation"), ("pricing", "pricing"),
        ] where name.hasPrefix(prefix + "_") {
            let words = name.dropFirst(prefix.count + 1).split(separator: "_")
            return group + "/" + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }
        return name
    }
}

extension Sheet {
    /// The same rows under other names.
    func renamed(_ name: (String) -> String) -> Sheet {
        var result = Sheet(columns.map(name))
        for row in rows { result.rows.append(Dictionary(uniqueKeysWithValues: row.map { (name($0), $1) })) }
        return result
    }
}
