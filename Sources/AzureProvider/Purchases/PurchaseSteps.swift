public import PlimsollCore

extension Azure {
    /// How a commitment is bought through the vendor's REST API and command line; nil for offers this module does
    /// not know.
    ///
    /// Sources: "Reservation Order - Calculate", "Reservation Order - Purchase", "Savings Plan Order Alias - Create"
    /// (Azure REST API reference, versions 2022-11-01).
    public static func purchaseSteps(_ commitment: Commitment) -> PurchaseSteps? {
        guard commitment.provider == descriptor.id else { return nil }
        switch commitment.offer.rawValue {
        case "reservation": return reservationSteps(commitment)
        case "compute-savings-plan": return planSteps(commitment)
        default: return nil
        }
    }

    private static let endpoint = "https://management.azure.com/providers/"
    private static let version = "?api-version=2022-11-01"

    // MARK: Reservations

    private static func reservationSteps(_ item: Commitment) -> PurchaseSteps {
        var properties: [String: JSONValue] = [
            "reservedResourceType": .string("VirtualMachines"), "term": .string(term(item)),
            "billingScopeId": .string(subscription(item)),
            "billingPlan": .string(isMonthly(item) ? "Monthly" : "Upfront"),
            "quantity": .int(Int(item.quantity.raw / FixedPoint.one)), "displayName": .string("plimsoll-\(item.id)"),
            "reservedResourceProperties": .object([
                "instanceFlexibility": .string(item.family.isEmpty ? "Off" : "On")
            ]),
        ]
        properties.merge(scope(item)) { own, _ in own }
        let body = compact([
            "sku": .object(["name": .string(item.sku)]), "location": .string(item.region),
            "properties": .object(properties),
        ])
        return PurchaseSteps(
            title: "Reservation of virtual machines, \(words(item))",
            lookup:
                "az rest --method post --url '\(endpoint)Microsoft.Capacity/calculatePrice\(version)' --body \(body)"
                + " --query properties.reservationOrderId --output tsv",
            buy: "az rest --method put --url '\(endpoint)Microsoft.Capacity/reservationOrders/<ORDER-ID>\(version)'"
                + " --body \(body)",
            undo: "Within limits: it may be returned for a refund that the vendor works out (self-service refunds are "
                + "limited to an amount a year), or exchanged for others; see Self-service exchanges and refunds for "
                + "Azure Reservations.",
            checks: [
                "The price that `calculatePrice` answers is that of the price book.",
                "The SKU is spelt as the vendor's catalogue has it (`Standard_D2s_v3`).", scopeCheck(item),
            ],
            noResource: "The azurerm provider of Terraform has no resource that buys a reservation: use the command.",
            form: reservationForm(item))
    }

    private static func reservationForm(_ item: Commitment) -> PurchaseForm {
        PurchaseForm(
            id: "azure-reservations",
            page:
                "Azure portal, Reservations, Add, Virtual machine (Prepay for virtual machines with Azure Reserved VM "
                + "Instances). The rows are for typing in.",
            fields: [
                .init("Scope", scopeWord(item)), .init("Billing subscription", item.account),
                .init("Region", item.region), .init("Instance size", item.sku),
                .init("Optimize for", item.family.isEmpty ? "Capacity priority" : "Instance size flexibility"),
                .init("Term", years(item)), .init("Billing frequency", isMonthly(item) ? "Monthly" : "Upfront"),
                .init("Quantity", item.quantity.description),
            ])
    }

    // MARK: Savings plans

    private static func planSteps(_ plan: Commitment) -> PurchaseSteps {
        var properties: [String: JSONValue] = [
            "term": .string(term(plan)), "billingScopeId": .string(subscription(plan)),
            "displayName": .string("plimsoll-\(plan.id)"),
            "commitment": .object([
                "grain": .string("Hourly"), "currencyCode": .string(plan.currency),
                "amount": .double(Double(plan.hourlyCommitment.rounded(to: 3)) ?? 0),
            ]),
        ]
        if isMonthly(plan) { properties["billingPlan"] = .string("P1M") }
        properties.merge(scope(plan)) { own, _ in own }
        let body: [String: JSONValue] = [
            "sku": .object(["name": .string("Compute_Savings_Plan")]), "properties": .object(properties),
        ]
        return PurchaseSteps(
            title: "Savings plan for compute, \(words(plan))",
            lookup: "az rest --method post --url '\(endpoint)Microsoft.BillingBenefits/validate\(version)' --body "
                + compact([
                    "benefits": .array([.object(properties.merging(["sku": body["sku"] ?? .null]) { a, _ in a })])
                ]),
            buy: "az rest --method put --url '\(endpoint)Microsoft.BillingBenefits/savingsPlanOrderAliases/"
                + "plimsoll-\(alias(plan.id))\(version)' --body \(compact(body))",
            undo: "None: a savings plan cannot be cancelled, refunded or exchanged; it runs to the end of its term.",
            checks: [
                "The commitment is in the currency that the agreement bills in; the vendor takes three decimals.",
                scopeCheck(plan),
            ],
            noResource: "The azurerm provider of Terraform has no resource that buys a savings plan: use the command.",
            form: PurchaseForm(
                id: "azure-savings-plans",
                page: "Azure portal, Savings plans, Add (Buy an Azure savings plan). The rows are for typing in.",
                fields: [
                    .init("Scope", scopeWord(plan)), .init("Billing subscription", plan.account),
                    .init("Term", years(plan)), .init("Hourly commitment", plan.hourlyCommitment.rounded(to: 3)),
                    .init("Billing frequency", isMonthly(plan) ? "Monthly" : "Upfront"),
                ]))
    }

    // MARK: Words

    private static func term(_ item: Commitment) -> String {
        item.term == .threeYears ? "P3Y" : item.term == .fiveYears ? "P5Y" : "P1Y"
    }

    private static func years(_ item: Commitment) -> String {
        item.term == .threeYears ? "Three years" : item.term == .fiveYears ? "Five years" : "One year"
    }

    private static func isMonthly(_ item: Commitment) -> Bool { item.payment != .all }

    private static func words(_ item: Commitment) -> String {
        "\(years(item).lowercased()), paid \(isMonthly(item) ? "monthly" : "upfront")"
    }

    private static func subscription(_ item: Commitment) -> String {
        "/subscriptions/\(item.account.isEmpty ? "<BILLING-SUBSCRIPTION>" : item.account)"
    }

    /// Where its benefit reaches, as a request says it.
    private static func scope(_ item: Commitment) -> [String: JSONValue] {
        switch item.sharing {
        case .account:
            [
                "appliedScopeType": .string("Single"),
                "appliedScopeProperties": .object(["subscriptionId": .string(subscription(item))]),
            ]
        case .resourceGroup:
            [
                "appliedScopeType": .string("Single"),
                "appliedScopeProperties": .object([
                    "resourceGroupId": .string("\(subscription(item))/resourceGroups/\(item.resourceGroup)")
                ]),
            ]
        case .managementGroup:
            [
                "appliedScopeType": .string("ManagementGroup"),
                "appliedScopeProperties": .object([
                    "managementGroupId": .string("/providers/Microsoft.Management/managementGroups/<GROUP>"),
                    "tenantId": .string("<TENANT-ID>"),
                ]),
            ]
        default: ["appliedScopeType": .string("Shared")]
        }
    }

    private static func scopeWord(_ item: Commitment) -> String {
        switch item.sharing {
        case .account: "Single subscription"
        case .resourceGroup: "Single resource group"
        case .managementGroup: "Management group"
        default: "Shared"
        }
    }

    private static func scopeCheck(_ item: Commitment) -> String {
        let payer =
            item.account.isEmpty
            ? "the subscription that is to pay stands for `<BILLING-SUBSCRIPTION>`"
            : "subscription `\(item.account)` pays"
        return "\(payer), and the benefit's scope (\(scopeWord(item).lowercased())) is the wanted one."
    }

    private static func alias(_ id: String) -> String {
        String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
    }

    private static func compact(_ members: [String: JSONValue]) -> String {
        ShellWord.quote(JSONValue.object(members).canonical)
    }
}
