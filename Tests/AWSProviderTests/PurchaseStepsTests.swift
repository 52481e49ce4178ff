import PlimsollCore
import Testing

@testable import AWSProvider

@Suite struct PurchaseStepsTests {
    private func plan(_ hourly: String) -> Commitment {
        var plan = Commitment()
        (plan.provider, plan.offer, plan.region, plan.family) = ("aws", .familyPlan, "us-east-1", "m4")
        (plan.term, plan.payment, plan.currency) = (.oneYear, .partial, "USD")
        plan.hourlyCommitment = Money(hourly) ?? .zero
        return plan
    }

    @Test func plansHaveBothCommandsAndTheirUndo() throws {
        let steps = try #require(AWS.purchaseSteps(plan("81.338")))
        #expect(steps.lookup.contains("--plan-types EC2Instance --durations 31536000"))
        #expect(steps.lookup.contains("--payment-options 'Partial Upfront'"))
        #expect(steps.buy.hasSuffix("--commitment 81.338"))
        #expect(steps.undo.contains("return-savings-plan"))
        #expect(try #require(AWS.purchaseSteps(plan("100.001"))).undo.hasPrefix("None"))
    }

    @Test func reservationsAreCounted() throws {
        var item = Commitment()
        (item.provider, item.offer, item.region, item.sku) = ("aws", .riStandard, "eu-west-1", "m4.large")
        (item.term, item.payment, item.quantity, item.os) = (.threeYears, .all, Quantity(12), "windows")
        let steps = try #require(AWS.purchaseSteps(item))
        #expect(steps.lookup.contains("--product-description Windows") && steps.lookup.contains("94608000"))
        #expect(steps.buy.hasSuffix("--instance-count 12"))
        item.offer = .riConvertible
        #expect(try #require(AWS.purchaseSteps(item)).undo.contains("exchange"))
        item.offer = Offer(rawValue: "cud-flex")
        #expect(AWS.purchaseSteps(item) == nil)
        item.provider = "other"
        #expect(AWS.purchaseSteps(item) == nil)
    }

    /// As `website/docs/r/savingsplans_savings_plan.html.markdown` of the Terraform AWS provider names them.
    @Test func plansHaveAResourceAndReservationsSayWhyNot() throws {
        let steps = try #require(AWS.purchaseSteps(plan("81.338")))
        let resource = try #require(steps.resource)
        #expect(resource.type == "aws_savingsplans_savings_plan")
        #expect(resource.offeringArgument == "savings_plan_offering_id")
        #expect(resource.arguments == [.init("commitment", "81.33800000")])
        #expect(resource.document.hasSuffix("Resource: aws_savingsplans_savings_plan") && steps.noResource.isEmpty)
        #expect(steps.form?.fields.map(\.name).prefix(3) == ["Type", "Term", "Region"])
        var item = Commitment()
        (item.provider, item.offer, item.sku, item.quantity) = ("aws", .riStandard, "m4.large", Quantity(2))
        let other = try #require(AWS.purchaseSteps(item))
        #expect(other.resource == nil && other.noResource.contains("no resource for EC2 Reserved Instances"))
        #expect(other.form?.fields.last == .init("Desired quantity", "2"))
    }

    @Test func hostileNamesStayOneWord() throws {
        var item = plan("1")
        item.family = "m4'; rm -rf ~; echo '$(id)"
        let steps = try #require(AWS.purchaseSteps(item))
        #expect(steps.lookup.contains(#"'name=instanceFamily,values=m4'\''; rm -rf ~; echo '\''$(id)'"#))
        #expect(ShellWord.quote("") == "''" && ShellWord.quote("--x") == "'--x'" && ShellWord.quote("a b") == "'a b'")
    }
}
