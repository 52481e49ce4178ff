internal import CloudHTTP
internal import PlimsollCore

/// Reserved instances, savings plans and subscriptions that are held. ECS API reference, "DescribeReservedInstances";
/// BSS OpenAPI, "QuerySavingsPlansInstance".
extension AlibabaListings {
    static let commitments: [AlibabaListing] = [reservedInstances, subscriptions, savingsPlans]

    static let reservedCall = AlibabaCall(
        .ecs, "DescribeReservedInstances", items: "ReservedInstances.ReservedInstance", .number(100))
    static let plansCall = AlibabaCall(
        .billing, "QuerySavingsPlansInstance", items: "Data.Items",
        .number(100, number: "PageNum", size: "PageSize", total: "Data.TotalCount"),
        permission: "bssapi:QuerySavingsPlansInstance")
    static let instancesCall = AlibabaCall(.ecs, "DescribeInstances", items: "Instances.Instance", .token(100))

    private static let reservedInstances = AlibabaListing(
        "reserved-instances", "reserved instances", reservedCall.permission
    ) { reader in
        var found = 0
        try await reader.pages(reservedCall) { page in
            let held = page.filter { $0["Status"] != "Expired" }
            found += held.count
            try await reader.push(held.map { reserved($0, reader) })
        }
        guard found > 0 else { return }
        try await reader.gap(
            "fees of \(found) reserved instances",
            CloudFailure(
                .unsupported, "the API does not tell what they cost",
                hint: "import the bill of their purchase with `plimsoll import`"))
    }

    private static func reserved(_ item: CloudItem, _ reader: AlibabaReader) -> Commitment {
        var result = commitment(item["ReservedInstanceId"], "reservation", reader)
        result.sku = item["InstanceType"]
        // Regional ones serve their family, zonal ones their type.
        if item["Scope"] == "Zone" { result.zone = item["ZoneId"] } else { result.family = family(result.sku) }
        result.os = item["Platform"].lowercased()
        result.tenancy = "shared"
        result.quantity = Quantity(item["InstanceAmount"]) ?? .zero
        result.payment = payment(item["OfferingType"])
        dates(&result, Instant(fractional: item["StartTime"]), Instant(fractional: item["ExpiredTime"]))
        return result
    }

    /// Machines that are paid for a time in advance.
    private static let subscriptions = AlibabaListing(
        "subscriptions", "subscription instances", instancesCall.permission
    ) { reader in
        try await reader.pages(instancesCall, [("InstanceChargeType", "PrePaid")]) { page in
            try await reader.push(
                page.filter { $0["InstanceChargeType"] == "PrePaid" }.map { item in
                    var result = commitment(item["InstanceId"], "subscription", reader)
                    result.sku = item["InstanceType"]
                    result.zone = item["ZoneId"]
                    result.os = item["OSType"].lowercased()
                    result.quantity = Quantity("1") ?? .zero
                    result.payment = .all
                    dates(&result, Instant(fractional: item["CreationTime"]), Instant(fractional: item["ExpiredTime"]))
                    return result
                })
        }
    }

    private static let savingsPlans = AlibabaListing(
        "savings-plans", "savings plans", plansCall.permission, isGlobal: true
    ) { reader in
        try await reader.pages(plansCall) { page in
            for item in page where item["Status"] != "RELEASE" {
                guard let plan = plan(item, reader), Money(item["PoolValue"]) != nil else {
                    try await reader.gap(
                        "the savings plan \(item["InstanceId"])",
                        CloudFailure(
                            .unsupported,
                            "its kind `\(item["SavingsType"])`, cycle `\(item["DeductCycleType"])` or value is not known",
                            hint: "report it with the answer of QuerySavingsPlansInstance"))
                    continue
                }
                try await reader.push([plan])
            }
        }
    }

    private static func plan(_ item: CloudItem, _ reader: AlibabaReader) -> Commitment? {
        // The reference has it in both spellings.
        let offers = [
            "ecs": "savings-plan-ecs", "universal": "savings-plan-general", "unversal": "savings-plan-general",
        ]
        guard let offer = offers[item["SavingsType"].lowercased()],
            item["DeductCycleType"].isEmpty || item["DeductCycleType"].lowercased().hasPrefix("hour")
        else { return nil }
        var result = commitment(item["InstanceId"], offer, reader)
        result.hourlyCommitment = Money(item["PoolValue"]) ?? .zero
        result.currency = item["Currency"]
        result.region = item["Region"]
        result.family = item["InstanceFamily"]
        result.payment = ["total": Payment.all, "half": .partial, "zero": Payment.none][item["PayMode"]]
        // `1:Year`
        if let years = item["Cycle"].split(separator: ":").first.flatMap({ Int($0) }), item["Cycle"].hasSuffix("Year") {
            result.term = Term.allCases.first { $0.hours == years * 8_760 }
        }
        result.start = milliseconds(item["StartTimestamp"])
        result.end = milliseconds(item["EndTimestamp"])
        return result
    }

    // MARK: What they share

    private static func commitment(_ id: String, _ offer: String, _ reader: AlibabaReader) -> Commitment {
        var result = Commitment()
        result.id = id
        result.provider = "alibaba"
        result.offer = Offer(rawValue: offer)
        result.billingAccount = reader.account
        result.account = reader.account
        result.region = reader.region
        return result
    }

    /// `ecs.g7.large` is of the family `ecs.g7`.
    static func family(_ sku: String) -> String { sku.split(separator: ".").dropLast().joined(separator: ".") }

    private static func milliseconds(_ text: String) -> Instant? {
        Double(text).map { Instant(secondsSince1970: ($0 / 1_000).rounded(.down)) }
    }

    private static func payment(_ option: String) -> Payment? {
        switch option.lowercased() {
        case "no upfront": Payment.none
        case "partial upfront": .partial
        case "all upfront": .all
        default: nil
        }
    }

    /// Terms are of 365 days; some have a leap day in them.
    private static func dates(_ result: inout Commitment, _ start: Instant?, _ end: Instant?) {
        (result.start, result.end) = (start, end)
        guard let start, let end else { return }
        let hours = (end.secondsSince1970 - start.secondsSince1970) / 3_600
        result.term = Term.allCases.first { abs(Double($0.hours) - hours) <= 72 }
    }
}
