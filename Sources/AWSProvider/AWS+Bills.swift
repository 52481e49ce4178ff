internal import Foundation
public import PlimsollCore

extension AWS {
    /// Cost and Usage Reports: legacy CSV, legacy Parquet, and CUR 2.0 (Data Exports).
    ///
    /// AWS's own FOCUS export needs no mapping of its own.
    public static let billMappings: [BillMapping] = [
        CostAndUsageReport.mapping(.csv), CostAndUsageReport.mapping(.parquet), CostAndUsageReport.mapping(.second),
    ]

    /// How Data Exports and legacy reports lie in a bucket.
    public static let billDeliveries: [BillDelivery] = [
        BillDelivery(
            provider: "aws", source: "AWS Data Exports User Guide: Understanding export delivery",
            manifestSuffix: "-manifest.json", files: ["dataFiles"], periodFolder: "BILLING_PERIOD=[0-9]{4}-[0-9]{2}",
            between: ["data", "metadata"], namesSort: true),
        BillDelivery(
            provider: "aws", source: "AWS Data Exports User Guide: Legacy Cost and Usage Reports, report delivery",
            manifestSuffix: "-manifest.json", files: ["reportKeys"], periodFolder: "[0-9]{8}-[0-9]{8}",
            aside: ["cost_and_usage_data_status"]),
    ]

    /// AWS's words in its bills.
    ///
    /// Sources: AWS Data Exports User Guide, "Cost and Usage Report columns" (line item types); "AWS Support
    /// Plan Pricing" (percentages and minimums).
    public static let billVocabulary: BillVocabulary = {
        var words = BillVocabulary(
            provider: "aws", names: ["aws", "amazon web services"],
            planOffers: [
                "ComputeSavingsPlans": .computePlan, "EC2InstanceSavingsPlans": .familyPlan,
                "SageMakerSavingsPlans": Offer(rawValue: "sagemaker-sp"),
                "DatabaseSavingsPlans": Offer(rawValue: "database-sp"),
            ],
            // Reserved nodes of some services have no offering class.
            reservationOffers: ["standard": .riStandard, "convertible": .riConvertible, "": .riStandard])
        words.discounts = [
            "PrivateRateDiscount", "BundledDiscount", "RiVolumeDiscount", "SppDiscount", "Discount", "EdpDiscount",
        ]
        words.supportPlans = supportPlans
        return words
    }()

    private static let supportPlans: [BillVocabulary.SupportPlan] = [
        plan("AWSDeveloperSupport", "AWS Developer Support", minimum: 29, [(0, "3")]),
        plan(
            "AWSSupportBusiness", "AWS Business Support", minimum: 100,
            [(0, "10"), (10_000, "7"), (80_000, "5"), (250_000, "3")]),
        plan(
            "AWSSupportEnterprise", "AWS Enterprise Support", minimum: 15_000,
            [(0, "10"), (150_000, "7"), (500_000, "5"), (1_000_000, "3")]),
    ]

    private static func plan(
        _ service: String, _ name: String, minimum: Int, _ tiers: [(from: Int, percent: String)]
    ) -> BillVocabulary.SupportPlan {
        let parts = tiers.map { tier in
            Agreement.PercentTier(from: Money(tier.from), percent: Quantity(tier.percent) ?? .zero)
        }
        return BillVocabulary.SupportPlan(service: service, name: name, tiers: parts, minimum: Money(minimum))
    }
}

/// One SELECT for all three spellings of a Cost and Usage Report's columns.
private enum CostAndUsageReport {
    enum Spelling {
        /// `lineItem/UsageAmount`
        case csv
        /// `line_item_usage_amount`, every attribute a column
        case parquet
        /// The same with maps: `product['instance_type']`
        case second
    }

    static func mapping(_ spelling: Spelling) -> BillMapping {
        let template = String(decoding: PackageResources.aws_cur_sql, as: UTF8.self)
        let names = fields(in: template)
        var sql = template
        for name in names { sql = sql.replacing("{\(name)}", with: expression(name, spelling)) }
        let signature = ["line_item_line_item_type", "line_item_unblended_cost", "bill_payer_account_id"]
        let id: String
        let title: String
        switch spelling {
        case .csv: (id, title) = ("aws-cur-csv", "AWS Cost and Usage Report (legacy), CSV")
        case .parquet: (id, title) = ("aws-cur", "AWS Cost and Usage Report (legacy), Parquet")
        case .second: (id, title) = ("aws-cur-2", "AWS Cost and Usage Report 2.0")
        }
        var columns = names.map { column($0, spelling) }
        if spelling == .second { columns += ["product", "discount", "resource_tags"] }
        let extra = spelling == .second ? ["product"] : []
        return BillMapping(
            id: id, provider: "aws", title: title,
            source: "AWS Data Exports User Guide: Cost and Usage Report columns",
            signature: signature.map { column($0, spelling) } + extra,
            without: spelling == .parquet ? ["product"] : [], columns: Array(Set(columns)).sorted(), sql: sql)
    }

    private static func fields(in template: String) -> [String] {
        var names: Set<String> = []
        for part in template.split(separator: "{").dropFirst() {
            if let end = part.firstIndex(of: "}") { names.insert(String(part[..<end])) }
        }
        return names.sorted()
    }

    private static func expression(_ name: String, _ spelling: Spelling) -> String {
        let plain = "\"\(column(name, spelling))\""
        guard spelling == .second, name.hasPrefix("product_") else { return plain }
        return "coalesce(\(plain), json_text(product, '$.\(name.dropFirst("product_".count))'))"
    }

    private static func column(_ name: String, _ spelling: Spelling) -> String {
        guard spelling == .csv else {
            return name == "product_region_code" && spelling == .parquet ? "product_region" : name
        }
        switch name {
        case "product_region_code": return "product/region"
        case "product_product_name": return "product/ProductName"
        case "reservation_reservation_a_r_n": return "reservation/ReservationARN"
        case "savings_plan_savings_plan_a_r_n": return "savingsPlan/SavingsPlanARN"
        default: break
        }
        let groups = [
            "line_item": "lineItem", "savings_plan": "savingsPlan", "bill": "bill", "product": "product",
            "pricing": "pricing", "reservation": "reservation",
        ]
        for (prefix, group) in groups.sorted(by: { $0.key.count > $1.key.count }) where name.hasPrefix(prefix + "_") {
            let words = name.dropFirst(prefix.count + 1).split(separator: "_").map(String.init)
            let isLower =
                group == "product" || name == "pricing_public_on_demand_cost" || name == "pricing_public_on_demand_rate"
                || name == "pricing_term" || name == "pricing_unit" || name == "pricing_currency"
            let tail = words.enumerated().map { index, word in
                index == 0 && isLower ? word : word.prefix(1).uppercased() + word.dropFirst()
            }
            return group + "/" + tail.joined()
        }
        return name
    }
}
