internal import PlimsollCore

/// Purchases as resources of Terraform and as pages of the console.
extension AWS {
    static func planResource(_ plan: Commitment) -> PurchaseResource {
        PurchaseResource(
            type: "aws_savingsplans_savings_plan", source: "hashicorp/aws", version: ">= 6.62.0",
            offeringArgument: "savings_plan_offering_id",
            // The vendor answers with eight decimals; a text that differs fails after the plan is bought.
            arguments: [.init("commitment", plan.hourlyCommitment.rounded(to: 8))],
            document: "Terraform AWS provider, Resource: aws_savingsplans_savings_plan",
            cautions: [
                "The command line is the safer way: the provider's authors cannot test this resource, and its issues "
                    + "48393, 49263 and 49753 tell of plans that were bought although the apply failed.",
                "After a failed apply look at `aws savingsplans describe-savings-plans` before anything else: "
                    + "another apply may buy a second plan. A plan that is there is taken over by `terraform import`.",
                "A changed commitment or offering replaces the resource, which buys again: prevent_destroy refuses it.",
                "Undo: none by Terraform. A destroy takes back a queued plan only; of an active one it forgets the "
                    + "state, and the plan runs on. For returning within 7 days see the command line's undo.",
            ])
    }

    static func planForm(_ plan: Commitment) -> PurchaseForm {
        let isFamily = plan.offer == .familyPlan
        return PurchaseForm(
            id: "savings-plans-cart",
            page: "Billing and Cost Management console, Savings Plans, Cart (Savings Plans User Guide, Reviewing and "
                + "finalizing Savings Plans purchases). It takes no file, and `CreateSavingsPlan` one plan a call: "
                + "the rows are for typing in on Purchase Savings Plans, and for comparing the cart with.",
            fields: [
                .init("Type", isFamily ? "EC2 Instance Savings Plans" : "Compute Savings Plans"),
                .init("Term", years(plan)), .init("Region", isFamily ? plan.region : ""),
                .init("Instance type", isFamily ? plan.family : ""), .init("Purchase option", payment(plan)),
                .init("Start date", plan.start.map(\.description) ?? "Now"),
                .init("Commitment", plan.hourlyCommitment.description),
            ])
    }

    static func reservationForm(_ item: Commitment) -> PurchaseForm {
        PurchaseForm(
            id: "reserved-instances",
            page: "EC2 console, Reserved Instances, Purchase Reserved Instances (EC2 User Guide, Buy Reserved "
                + "Instances for Amazon EC2). It takes no file: the rows are for typing in.",
            fields: [
                .init("Region", item.region), .init("Platform", product(item.os)),
                .init("Tenancy", item.tenancy == "dedicated" ? "Dedicated" : "Default"),
                .init("Offering class", item.offer == .riStandard ? "Standard" : "Convertible"),
                .init("Instance type", item.sku), .init("Term", years(item)),
                .init("Payment option", payment(item)), .init("Availability Zone", item.zone),
                .init("Desired quantity", item.quantity.description),
            ])
    }

    private static func years(_ item: Commitment) -> String { item.term == .threeYears ? "3-year" : "1-year" }
}
