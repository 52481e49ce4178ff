internal import CloudHTTP
internal import PlimsollCore

/// Reservations of machines and savings plans. REST references of Azure Reservations and Billing Benefits.
extension AzureListings {
    static let reservationPaths = [
        "id", "sku.name", "location", "properties.quantity", "properties.term", "properties.billingPlan",
        "properties.reservedResourceType", "properties.instanceFlexibility", "properties.appliedScopeType",
        "properties.appliedScopes", "properties.appliedScopeProperties.subscriptionId",
        "properties.appliedScopeProperties.resourceGroupId", "properties.appliedScopeProperties.managementGroupId",
        "properties.displayProvisioningState", "properties.provisioningState", "properties.effectiveDateTime",
        "properties.expiryDateTime", "properties.benefitStartTime", "properties.billingScopeId",
    ]
    static let planPaths = [
        "id", "properties.term", "properties.billingPlan", "properties.commitment.amount",
        "properties.commitment.currencyCode", "properties.commitment.grain", "properties.appliedScopeType",
        "properties.appliedScopeProperties.subscriptionId", "properties.appliedScopeProperties.resourceGroupId",
        "properties.appliedScopeProperties.managementGroupId", "properties.displayProvisioningState",
        "properties.effectiveDateTime", "properties.expiryDateTime", "properties.benefitStartTime",
        "properties.billingScopeId",
    ]

    /// States of those that are over.
    private static let over: Set = ["cancelled", "expired", "merged", "split", "failed", "refunded", "exchanged"]

    private static func isHeld(_ item: CloudItem) -> Bool {
        ["displayProvisioningState", "provisioningState"].allSatisfy {
            !over.contains(item["properties.\($0)"].lowercased())
        }
    }

    static let reservations = AzureListing("reservations", "reservations", AzureCall.reservations.permission) {
        reader in
        var found = 0
        var other: [String: Int] = [:]
        try await reader.pages(.reservations) { page in
            for item in page where isHeld(item) {
                let kind = item["properties.reservedResourceType"]
                guard kind == "VirtualMachines" else {
                    other[kind, default: 0] += 1
                    continue
                }
                found += 1
                try await reader.push([reservation(item)])
            }
        }
        if found > 0 {
            try await reader.gap(
                "fees and families of \(found) reservations",
                CloudFailure(
                    .unsupported, "the API does not tell what they cost, nor their instance size flexibility groups",
                    hint: "import the bill of their purchase with `plimsoll import`; give a catalogue with families"))
        }
        for (kind, count) in other.sorted(by: { $0.key < $1.key }) {
            try await reader.gap(
                "\(count) reservations of \(kind)",
                CloudFailure(.unsupported, "only reservations of virtual machines are billed by rules", hint: ""))
        }
    }

    private static func reservation(_ item: CloudItem) -> Commitment {
        var result = commitment(item, offer: "reservation")
        result.region = AzureReader.region(item["location"])
        result.sku = item["sku.name"]
        result.quantity = Quantity(item["properties.quantity"]) ?? .zero
        result.payment = item["properties.billingPlan"] == "Monthly" ? .monthly : .all
        return result
    }

    static let savingsPlans = AzureListing(
        "savings-plans", "savings plans", AzureCall.savingsPlans.permission
    ) { reader in
        try await reader.pages(.savingsPlans) { page in
            for item in page where isHeld(item) {
                guard ["", "Hourly"].contains(item["properties.commitment.grain"]) else {
                    let failure = CloudFailure(.unsupported, "its commitment is not by the hour", hint: "")
                    try await reader.gap("the savings plan \(item["id"])", failure)
                    continue
                }
                try await reader.push([plan(item)])
            }
        }
    }

    private static func plan(_ item: CloudItem) -> Commitment {
        var result = commitment(item, offer: "compute-savings-plan")
        result.hourlyCommitment = Money(item["properties.commitment.amount"]) ?? .zero
        result.currency = item["properties.commitment.currencyCode"]
        result.payment = item["properties.billingPlan"] == "P1M" ? .monthly : .all
        return result
    }

    /// What both have: id, scope, term and dates.
    private static func commitment(_ item: CloudItem, offer: String) -> Commitment {
        var result = Commitment()
        result.id = item["id"]
        result.provider = "azure"
        result.offer = Offer(rawValue: offer)
        result.billingAccount = item["properties.billingScopeId"]
        let owner = item.item("properties.appliedScopeProperties")
        let old = item.texts("properties.appliedScopes").first ?? ""
        switch item["properties.appliedScopeType"] {
        case "Single":
            let group = owner["resourceGroupId"]
            let subscription = owner["subscriptionId"].isEmpty ? old : owner["subscriptionId"]
            let parts = (group.isEmpty ? subscription : group).split(separator: "/").map(String.init)
            result.account = parts.count > 1 ? parts[1] : parts.first ?? ""
            result.sharing = group.isEmpty ? .account : .resourceGroup
            if !group.isEmpty { result.resourceGroup = parts.last ?? "" }
        case "ManagementGroup":
            result.sharing = .managementGroup
            result.account = owner["managementGroupId"].split(separator: "/").last.map(String.init) ?? ""
        default: result.sharing = .organization
        }
        result.term = ["P1Y": Term.oneYear, "P3Y": .threeYears, "P5Y": .fiveYears][item["properties.term"]]
        let start = item["properties.benefitStartTime"]
        result.start = Instant(fractional: start.isEmpty ? item["properties.effectiveDateTime"] : start)
        result.end = Instant(fractional: item["properties.expiryDateTime"])
        return result
    }
}
