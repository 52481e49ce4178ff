public import PlimsollCore

extension Alibaba {
    /// How reserved instances and savings plans apply, hour by hour: reserved instances, the ECS compute
    /// savings plan, the general-purpose savings plan, then pay-as-you-go.
    ///
    /// Inside a plan there is no order by saving: items are deducted in the order of their billing time, which
    /// is the order of rows within an hour. Several plans: the one that ends first, then the one bought first.
    /// A contract price below the plan's rate is what burns the commitment. A subscription is a bought machine:
    /// its usage is not metered, so it serves nothing.
    ///
    /// A regional reserved instance that names its family serves the family's other sizes, by normalisation
    /// factor; a zonal one its exact type in its zone. Assumed, because it was not found published: zonal ones
    /// go first, and among sizes that one reaches the small ones.
    ///
    /// Sources: "Usage rules for reserved instances" (ECS); "Deduction rules of savings plans", "Savings plan-eligible items" (ECS); "Savings Plan
    /// Overview" (Expenses and Costs).
    public static let benefitPrograms: [BenefitProgram] = [
        BenefitProgram(
            provider: "alibaba", name: "Reserved instances and savings plans",
            sources: [
                "Usage rules for reserved instances (ECS)", "Deduction rules of savings plans",
                "Savings plan-eligible items (ECS)",
                "Savings Plan Overview (Expenses and Costs)",
            ],
            stages: [
                zonal, regional, plans("ECS compute savings plan", "savings-plan-ecs"),
                plans("general-purpose savings plan", "savings-plan-general"), subscriptions,
            ],
            naming: naming)
    ]

    private static let zonal = BenefitStage(
        name: "zonal reserved instances", offers: ["reservation"], locality: .zonal,
        matches: [.region, .zone, .sku, .os, .tenancy], conversion: .count, order: [.earliestEndFirst],
        sharing: .ownerFirst)

    private static let regional = BenefitStage(
        name: "regional reserved instances", offers: ["reservation"], locality: .regional,
        matches: [.region, .sku, .os, .tenancy], conversion: .count, order: [.earliestEndFirst, .sizeAscending],
        sharing: .ownerFirst,
        flexibility: SizeFlexibility(
            os: ["linux", "windows", "rhel", "sles", ""], tenancy: ["shared", ""], exclusions: [],
            namedFamilyOnly: true))

    private static func plans(_ name: String, _ offer: String) -> BenefitStage {
        BenefitStage(
            name: name, offers: [offer], locality: .any, matches: [], conversion: .lowerRate,
            order: [.earliestEndFirst, .billingOrder], sharing: .ownerFirst)
    }

    private static let subscriptions = BenefitStage(
        name: "subscriptions", offers: ["subscription"], locality: .any, matches: [.region, .sku], conversion: .count,
        order: [], sharing: .ownerFirst)

    /// `ecs.g7.large` is of the family `ecs.g7`. Normalisation factors go by vCPUs: small 1, large 4, xlarge 8,
    /// Nxlarge 8·N.
    private static let naming = SKUNaming(
        separator: ".", sizes: ["small": "1", "medium": "2", "large": "4", "xlarge": "8"], numberedSuffix: "xlarge",
        numberedFactor: "8", exceptions: [:])
}
