public import PlimsollCore

extension Alibaba {
    /// How a commitment is bought with the vendor's command line; nil for offers this module does not know.
    ///
    /// Sources: "PurchaseReservedInstancesOffering" (ECS API reference); "CreateSavingsPlansInstance" (BSS OpenAPI);
    /// "alicloud_reserved_instance" (Terraform Alibaba Cloud provider).
    public static func purchaseSteps(_ commitment: Commitment) -> PurchaseSteps? {
        guard commitment.provider == descriptor.id else { return nil }
        switch commitment.offer.rawValue {
        case "reservation": return reservationSteps(commitment)
        case "savings-plan-ecs", "savings-plan-general": return planSteps(commitment)
        default: return nil
        }
    }

    // MARK: Reserved instances

    private static func reservationSteps(_ item: Commitment) -> PurchaseSteps {
        let platform = item.os == "windows" ? "Windows" : "Linux"
        let scope = item.zone.isEmpty ? "--Scope Region" : "--Scope Zone --ZoneId \(ShellWord.quote(item.zone))"
        let region = ShellWord.quote(item.region)
        return PurchaseSteps(
            title: "Reserved instance, \(years(item)), \(payment(item))",
            lookup: "aliyun ecs DescribeReservedInstances --RegionId \(region)",
            buy: "aliyun ecs PurchaseReservedInstancesOffering --RegionId \(region) \(scope)"
                + " --InstanceType \(ShellWord.quote(item.sku)) --InstanceAmount \(item.quantity)"
                + " --OfferingType '\(payment(item))' --Platform \(platform)"
                + " --Period \(number(item)) --PeriodUnit Year --ReservedInstanceName \(ShellWord.quote("plimsoll-" + item.id))",
            undo: "None: a reserved instance cannot be refunded; it may be split, merged, or its scope changed "
                + "(`aliyun ecs ModifyReservedInstances`).",
            checks: [
                "The price that the console shows for the same choice is that of the price book.",
                "An account may hold 20 regional reserved instances, and 20 zonal ones in a zone.", accountCheck(item),
            ],
            resource: reservationResource(item, platform),
            form: PurchaseForm(
                id: "alibaba-reserved-instances",
                page: "ECS console, Reserved Instances, Purchase Reserved Instance. The rows are for typing in.",
                fields: [
                    .init("Region", item.region), .init("Zone", item.zone), .init("Instance Type", item.sku),
                    .init("Platform", platform), .init("Payment Option", payment(item)),
                    .init("Instances", item.quantity.description), .init("Duration", years(item)),
                ]))
    }

    private static func reservationResource(_ item: Commitment, _ platform: String) -> PurchaseResource {
        PurchaseResource(
            type: "alicloud_reserved_instance", source: "aliyun/alicloud", version: ">= 1.65.0",
            arguments: [
                .init("instance_type", item.sku), .init("instance_amount", item.quantity.description),
                .init("platform", platform), .init("scope", item.zone.isEmpty ? "Region" : "Zone"),
            ] + (item.zone.isEmpty ? [] : [.init("zone_id", item.zone)]) + [
                .init("offering_type", payment(item)), .init("period", number(item)), .init("period_unit", "Year"),
                .init("reserved_instance_name", "plimsoll-\(item.id)"),
            ],
            document: "Terraform Alibaba Cloud provider, Resource: alicloud_reserved_instance",
            cautions: [
                "The region is the provider's: configure one for each.",
                "Undo: none by Terraform. A destroy forgets the state, and the reserved instance runs on.",
            ])
    }

    // MARK: Savings plans

    private static func planSteps(_ plan: Commitment) -> PurchaseSteps {
        let isGeneral = plan.offer.rawValue == "savings-plan-general"
        let mode = [Payment.all: "total", .partial: "half"][plan.payment ?? Payment.none] ?? "zero"
        var buy = [
            "aliyun bssopenapi CreateSavingsPlansInstance", "--Type \(isGeneral ? "universal" : "ecs")",
            "--CommodityCode '<COMMODITY-CODE>'", "--PayMode \(mode)", "--PoolValue \(plan.hourlyCommitment)",
            "--Duration \(number(plan))", "--PricingCycle Year",
        ]
        if !isGeneral {
            buy.append("--Region \(ShellWord.quote(plan.region))")
            if !plan.family.isEmpty {
                buy.append("--SpecType family --Specification \(ShellWord.quote(plan.family))")
            }
        }
        return PurchaseSteps(
            title: "\(isGeneral ? "General-purpose" : "ECS") savings plan, \(years(plan)), \(payment(plan))",
            lookup: "aliyun bssopenapi QuerySavingsPlansInstance", buy: buy.joined(separator: " "),
            undo: "None: a savings plan cannot be cancelled or refunded.",
            checks: [
                "`<COMMODITY-CODE>` is that of the account's site: `savingplan_common_public_cn` on the China site.",
                "The call buys and pays at once. The commitment is money an hour in the account's currency.",
                accountCheck(plan),
            ],
            noResource: "No Terraform resource is known here that buys an Alibaba Cloud savings plan: use the command.",
            form: PurchaseForm(
                id: "alibaba-savings-plans",
                page: "Expenses and Costs console, Savings Plans, Purchase. The rows are for typing in.",
                fields: [
                    .init("Type", isGeneral ? "General-purpose" : "ECS compute"),
                    .init("Region", isGeneral ? "" : plan.region),
                    .init("Instance family", isGeneral ? "" : plan.family),
                    .init("Hourly commitment", plan.hourlyCommitment.description), .init("Duration", years(plan)),
                    .init("Payment option", payment(plan)),
                ]))
    }

    // MARK: Words

    private static func number(_ item: Commitment) -> String { String((item.term ?? .oneYear).hours / 8_760) }

    private static func years(_ item: Commitment) -> String {
        let count = number(item)
        return "\(count) year\(count == "1" ? "" : "s")"
    }

    private static func payment(_ item: Commitment) -> String {
        switch item.payment {
        case .all: "All Upfront"
        case .partial: "Partial Upfront"
        default: "No Upfront"
        }
    }

    private static func accountCheck(_ item: Commitment) -> String {
        "The command runs as account `\(item.account.isEmpty ? item.billingAccount : item.account)`: "
            + "`aliyun sts GetCallerIdentity` says so."
    }
}
