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
    /// Sources: "Deduction rules of savings plans", "Savings plan-eligible items" (ECS); "Savings Plan
    /// Overview" (Expenses and Costs).
    public static let benefitPrograms: [BenefitProgram] = [
        BenefitProgram(
            provider: "alibaba", name: "Reserved instances and savings plans",
            sources: [
                "Deduction rules of savings plans", "Savings plan-eligible items (ECS)",
                "Savings Plan Overview (Expenses and Costs)",
            ],
            stages: [
                reserved, plans("ECS compute savings plan", "savings-plan-ecs"),
                plans("general-purpose savings plan", "savings-plan-general"), subscriptions,
            ],
            naming: naming)
    ]

    private static let reserved = BenefitStage(
        name: "reserved instances", offers: ["reservation"], locality: .any,
        matches: [.region, .zone, .sku, .os, .tenancy], conversion: .count, order: [.earliestEndFirst],
        sharing: .ownerFirst)

    private static func plans(_ name: String, _ offer: String) -> BenefitStage {
        BenefitStage(
            name: name, offers: [offer], locality: .any, matches: [], conversion: .lowerRate,
            order: [.earliestEndFirst, .billingOrder], sharing: .ownerFirst)
    }

    private static let subscriptions = BenefitStage(
        name: "subscriptions", offers: ["subscription"], locality: .any, matches: [.region, .sku], conversion: .count,
        order: [], sharing: .ownerFirst)

    /// `ecs.g7.large` is of the family `ecs.g7`; sizes serve only themselves here.
    private static let naming = SKUNaming(
        separator: ".", sizes: [:], numberedSuffix: "\u{0}", numberedFactor: "1", exceptions: [:])
}
