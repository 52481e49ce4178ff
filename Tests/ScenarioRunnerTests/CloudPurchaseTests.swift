import AlibabaProvider
import AzureProvider
import Foundation
import GCPProvider
import PlimsollCore
import Testing

/// How the purchases of a plan are carried out, in each vendor's words.
@Suite struct CloudPurchaseTests {
    private func item(_ provider: String, _ offer: String, _ change: (inout Commitment) -> Void) -> Commitment {
        var item = Commitment()
        (item.id, item.provider, item.offer, item.currency) = ("buy-1", provider, Offer(rawValue: offer), "USD")
        (item.billingAccount, item.region, item.term, item.payment) = ("payer", "r-1", .oneYear, Payment.none)
        change(&item)
        return item
    }

    /// Words of a command as a shell takes them.
    private func words(_ command: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "for word in \(command); do printf '%s\\0' \"$word\"; done"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The JSON after `--body`.
    private func body(_ command: String) throws -> JSONValue {
        let words = try words(command)
        let place = try #require(words.firstIndex(of: "--body"))
        return try #require(JSONValue(parsing: Array(words[place + 1].utf8)))
    }

    @Test func azureReservations() throws {
        let reserved = item("azure", "reservation") {
            ($0.sku, $0.family, $0.account, $0.quantity) = ("Standard_D2s_v3", "DSv3", "sub-1", Quantity(7))
            ($0.term, $0.payment) = (.threeYears, .all)
        }
        let steps = try #require(Azure.purchaseSteps(reserved))
        #expect(
            try words(steps.lookup).contains {
                $0.hasSuffix("Microsoft.Capacity/calculatePrice?api-version=2022-11-01")
            })
        let json = try body(steps.buy)
        #expect(json["sku"]?["name"] == .string("Standard_D2s_v3") && json["location"] == .string("r-1"))
        let properties = try #require(json["properties"])
        #expect(properties["quantity"] == .int(7) && properties["term"] == .string("P3Y"))
        #expect(properties["billingPlan"] == .string("Upfront") && properties["appliedScopeType"] == .string("Shared"))
        #expect(properties["billingScopeId"] == .string("/subscriptions/sub-1"))
        #expect(properties["reservedResourceProperties"]?["instanceFlexibility"] == .string("On"))
        #expect(steps.undo.contains("exchange") && !steps.noResource.isEmpty)
        var exact = reserved
        (exact.family, exact.sharing) = ("", .account)
        let other = try body(try #require(Azure.purchaseSteps(exact)).buy)["properties"]
        #expect(other?["reservedResourceProperties"]?["instanceFlexibility"] == .string("Off"))
        #expect(other?["appliedScopeType"] == .string("Single"))
    }

    @Test func azureSavingsPlans() throws {
        let plan = item("azure", "compute-savings-plan") { $0.hourlyCommitment = Money("15.2345") ?? .zero }
        let steps = try #require(Azure.purchaseSteps(plan))
        let properties = try #require(try body(steps.buy)["properties"])
        #expect(properties["commitment"]?["amount"] == .double(15.234) && properties["billingPlan"] == .string("P1M"))
        #expect(properties["commitment"]?["grain"] == .string("Hourly"))
        #expect(steps.undo.hasPrefix("None"))
    }

    @Test func googleCommitments() throws {
        let memory = item("gcp", "cud-resource") {
            ($0.sku, $0.account, $0.quantity, $0.term) = ("n2/gib", "project-1", Quantity(16), .threeYears)
        }
        let steps = try #require(GCP.purchaseSteps(memory))
        #expect(
            try words(steps.buy).dropFirst(4) == [
                "plimsoll-buy-1", "--project=project-1", "--region=r-1", "--plan=36-month", "--type=general-purpose-n2",
                "--resources=memory=16GB",
            ])
        let resource = try #require(steps.resource)
        #expect(resource.blocks == [.init("resources", [.init("type", "MEMORY"), .init("amount", "16384")])])
        #expect(resource.arguments.contains(.init("type", "GENERAL_PURPOSE_N2")) && resource.offeringArgument.isEmpty)
        var unknown = memory
        unknown.sku = "z9/vcpu"
        let other = try #require(GCP.purchaseSteps(unknown))
        #expect(other.buy.contains("'<TYPE>'") && other.resource == nil && !other.noResource.isEmpty)
        let flexible = try #require(GCP.purchaseSteps(item("gcp", "cud-flex") { $0.hourlyCommitment = Money(36) }))
        #expect(flexible.buy.isEmpty && flexible.form?.fields.last == .init("Hourly commitment", "36"))
    }

    @Test func alibabaPurchases() throws {
        let reserved = item("alibaba", "reservation") {
            ($0.sku, $0.os, $0.quantity, $0.payment) = ("ecs.g6.large", "windows", Quantity(3), .partial)
        }
        let steps = try #require(Alibaba.purchaseSteps(reserved))
        let words = try words(steps.buy)
        #expect(words.contains("Partial Upfront") && words.contains("Windows") && words.contains("ecs.g6.large"))
        #expect(steps.resource?.type == "alicloud_reserved_instance")
        let plan = item("alibaba", "savings-plan-ecs") {
            ($0.family, $0.hourlyCommitment, $0.payment) = ("ecs.g6", Money("0.5") ?? .zero, .all)
        }
        let bought = try self.words(try #require(Alibaba.purchaseSteps(plan)).buy)
        #expect(
            bought.contains("ecs") && bought.contains("total") && bought.contains("0.5") && bought.contains("ecs.g6"))
        let general = item("alibaba", "savings-plan-general") { $0.hourlyCommitment = Money(1) }
        #expect(try self.words(try #require(Alibaba.purchaseSteps(general)).buy).contains("universal"))
    }

    /// What the rules apply and the vendor sells by itself; instances are subscribed one by one.
    @Test func everyOfferOfTheProgramsIsBoughtSomehow() throws {
        for program in Azure.benefitPrograms + GCP.benefitPrograms + Alibaba.benefitPrograms {
            for offer in program.stages.flatMap(\.offers) where offer != "subscription" {
                let item = item(program.provider, offer) { ($0.sku, $0.quantity) = ("n2/vcpu", Quantity(1)) }
                let steps = Azure.purchaseSteps(item) ?? GCP.purchaseSteps(item) ?? Alibaba.purchaseSteps(item)
                #expect(steps != nil, "\(program.provider) \(offer)")
            }
        }
    }

    @Test(arguments: ["azure", "gcp", "alibaba"]) func hostileNamesStayOneWord(_ provider: String) throws {
        let hostile = "a'b\"; touch harm; $(id) `id`\n-x"
        for offer in ["reservation", "compute-savings-plan", "cud-resource", "savings-plan-ecs"] {
            let item = item(provider, offer) {
                ($0.id, $0.account, $0.region, $0.family) = (hostile, hostile, hostile, hostile)
                ($0.sku, $0.quantity) = (offer == "cud-resource" ? "n2/vcpu" : hostile, Quantity(1))
            }
            let steps = Azure.purchaseSteps(item) ?? GCP.purchaseSteps(item) ?? Alibaba.purchaseSteps(item)
            guard let steps else { continue }
            for command in [steps.lookup, steps.buy] where !command.isEmpty {
                #expect(!(try words(command)).contains { $0 == "touch" || $0 == "harm;" }, "\(offer): \(command)")
            }
        }
        #expect(Azure.purchaseSteps(item("aws", "reservation") { _ in }) == nil)
        #expect(GCP.purchaseSteps(item("gcp", "unknown") { _ in }) == nil)
    }
}
