internal import CloudHTTP
internal import PlimsollCore

/// Commitments held. API References of Amazon EC2, RDS, ElastiCache, Redshift, OpenSearch Service and Savings Plans.
extension AWSListings {
    static let commitments: [AWSListing] = [
        reservedInstances, reservedDatabases, reservedCaches, reservedWarehouses, reservedSearches, savingsPlans,
    ]

    /// States in which a commitment serves, or will.
    private static let living: Set = ["active", "payment-pending", "queued", "pending-return"]

    private static let reservedInstances = AWSListing(
        "reserved-instances", "EC2 Reserved Instances", "ec2:DescribeReservedInstances"
    ) { reader in
        let answer = try await reader.answer(.ec2, "DescribeReservedInstances")
        let items = answer.list("reservedInstancesSet").filter { living.contains($0["state"]) }
        try await reader.push(
            items.map { item in
                var result = commitment(item["reservedInstancesId"], reader)
                result.offer = item["offeringClass"] == "convertible" ? .riConvertible : .riStandard
                result.sku = item["instanceType"]
                (result.os, result.license) = platform(item["productDescription"])
                result.tenancy = item["instanceTenancy"] == "dedicated" ? "dedicated" : "shared"
                result.zone = item["availabilityZone"]
                // Size-flexible: regional, Linux, shared tenancy ("How Reserved Instances are applied").
                if result.zone.isEmpty, result.os == "linux", result.license.isEmpty, result.tenancy == "shared" {
                    result.family = String(result.sku.prefix { $0 != "." })
                }
                result.quantity = Quantity(item["instanceCount"]) ?? .zero
                result.currency = item["currencyCode"].isEmpty ? "USD" : item["currencyCode"]
                price(&result, item, "fixedPrice", "usagePrice", "recurringCharges", "amount", "offeringType")
                dates(&result, start: item["start"], seconds: item["duration"], end: item["end"])
                return result
            })
    }

    private static let reservedDatabases = AWSListing(
        "reserved-databases", "reserved DB instances", "rds:DescribeReservedDBInstances"
    ) { reader in
        try await reader.pages(
            .rds, "DescribeReservedDBInstances", [("MaxRecords", "100")], items: "ReservedDBInstances", token: .marker
        ) { page in
            try await reader.push(
                page.filter { living.contains($0["State"]) }.map { item in
                    var result = nodes(item, reader, id: "ReservedDBInstanceId", sku: "DBInstanceClass")
                    result.license = item["ProductDescription"].lowercased()
                    result.quantity = Quantity(item["DBInstanceCount"]) ?? .zero
                    return result
                })
        }
    }

    private static let reservedCaches = AWSListing(
        "reserved-caches", "reserved cache nodes", "elasticache:DescribeReservedCacheNodes"
    ) { reader in
        try await reader.pages(
            .elastiCache, "DescribeReservedCacheNodes", [("MaxRecords", "100")], items: "ReservedCacheNodes",
            token: .marker
        ) { page in
            try await reader.push(
                page.filter { living.contains($0["State"]) }.map { item in
                    var result = nodes(item, reader, id: "ReservedCacheNodeId", sku: "CacheNodeType")
                    result.license = item["ProductDescription"].lowercased()
                    result.quantity = Quantity(item["CacheNodeCount"]) ?? .zero
                    return result
                })
        }
    }

    private static let reservedWarehouses = AWSListing(
        "reserved-warehouses", "reserved Redshift nodes", "redshift:DescribeReservedNodes"
    ) { reader in
        try await reader.pages(
            .redshift, "DescribeReservedNodes", [("MaxRecords", "100")], items: "ReservedNodes", token: .marker
        ) { page in
            try await reader.push(
                page.filter { living.contains($0["State"]) }.map { item in
                    var result = nodes(item, reader, id: "ReservedNodeId", sku: "NodeType")
                    result.quantity = Quantity(item["NodeCount"]) ?? .zero
                    return result
                })
        }
    }

    private static let reservedSearches = AWSListing(
        "reserved-searches", "reserved OpenSearch instances", "es:DescribeReservedInstances"
    ) { reader in
        let call = try reader.session.call(
            .search, "DescribeReservedInstances", reader.region, path: "/2021-01-01/opensearch/reservedInstances",
            query: [("maxResults", "100")])
        let token = AWSToken(name: "nextToken", next: "NextToken")
        try await reader.session.pages(call, .search, items: "ReservedInstances", token: token) { page in
            try await reader.push(
                page.filter { living.contains($0["State"]) }.map { item in
                    var result = nodes(
                        item, reader, id: "ReservedInstanceId", sku: "InstanceType", option: "PaymentOption")
                    result.quantity = Quantity(item["InstanceCount"]) ?? .zero
                    return result
                })
        }
    }

    private static let savingsPlans = AWSListing(
        "savings-plans", "Savings Plans", "savingsplans:DescribeSavingsPlans", isGlobal: true
    ) { reader in
        let call = try reader.session.call(
            .savingsPlans, "DescribeSavingsPlans", "us-east-1", method: "POST", path: "/DescribeSavingsPlans",
            body: .object(["maxResults": 1000]))
        try await reader.session.pages(call, .savingsPlans, items: "savingsPlans", token: .camel) { page in
            try await reader.push(page.filter { living.contains($0["state"]) }.compactMap { plan($0, reader) })
        }
    }

    private static func plan(_ item: CloudItem, _ reader: AWSReader) -> Commitment? {
        var result = commitment(item["savingsPlanId"], reader)
        switch item["savingsPlanType"] {
        case "Compute": result.offer = .computePlan
        case "EC2Instance": result.offer = .familyPlan
        case "SageMaker": result.offer = Offer(rawValue: "sagemaker-sp")
        case "Database": result.offer = Offer(rawValue: "database-sp")
        default: return nil
        }
        result.region = item["region"]
        result.family = item["ec2InstanceFamily"]
        result.hourlyCommitment = Money(item["commitment"]) ?? .zero
        result.payment = payment(item["paymentOption"])
        result.currency = item["currency"]
        dates(&result, start: item["start"], seconds: item["termDurationInSeconds"], end: item["end"])
        return result
    }

    // MARK: What they share

    private static func commitment(_ id: String, _ reader: AWSReader) -> Commitment {
        var result = Commitment()
        result.id = id
        result.provider = "aws"
        result.billingAccount = reader.billingAccount
        result.account = reader.session.account
        result.region = reader.region
        return result
    }

    /// Reserved nodes of a managed service. A Multi-AZ database is written as one of its own size.
    private static func nodes(
        _ item: CloudItem, _ reader: AWSReader, id: String, sku: String, option: String = "OfferingType"
    ) -> Commitment {
        var result = commitment(item[id], reader)
        result.offer = .riStandard
        result.sku = item[sku]
        result.currency = item["CurrencyCode"].isEmpty ? "USD" : item["CurrencyCode"]
        price(&result, item, "FixedPrice", "UsagePrice", "RecurringCharges", "RecurringChargeAmount", option)
        dates(&result, start: item.time("StartTime"), seconds: item["Duration"], end: "")
        return result
    }

    /// Upfront and hourly price of one unit. An hourly price is either the usage price or a recurring charge.
    private static func price(
        _ result: inout Commitment, _ item: CloudItem, _ fixed: String, _ usage: String, _ charges: String,
        _ amount: String, _ option: String
    ) {
        result.upfront = money(item[fixed])
        result.hourly = item.list(charges).reduce(money(item[usage])) { $0 + money($1[amount]) }
        result.payment = payment(item[option])
    }

    /// Amounts come as decimals, or as numbers with more places than there are.
    private static func money(_ text: String) -> Money {
        Money(text) ?? Double(text).flatMap { Money("\(($0 * 1e9).rounded() / 1e9)") } ?? .zero
    }

    private static func payment(_ option: String) -> Payment? {
        switch option.uppercased().replacing(" ", with: "_") {
        case "NO_UPFRONT": Payment.none
        case "PARTIAL_UPFRONT": .partial
        case "ALL_UPFRONT": .all
        default: nil
        }
    }

    private static func dates(_ result: inout Commitment, start: String, seconds: String, end: String) {
        result.start = Instant(fractional: start)
        result.end = Instant(fractional: end)
        guard let length = Int(seconds) else { return }
        // Terms are of 365 days; some say three years with a leap day.
        result.term = Term.allCases.first { abs($0.hours * 3_600 - length) <= 3 * 86_400 }
        if result.end == nil, let begin = result.start {
            result.end = Instant(secondsSince1970: begin.secondsSince1970 + Double(length))
        }
    }

    /// Operating system and licence of a product description ("Reserved Instances", platforms).
    static func platform(_ description: String) -> (os: String, license: String) {
        let text = description.replacing(" (Amazon VPC)", with: "")
        let os =
            text.hasPrefix("Windows")
            ? "windows"
            : text.hasPrefix("Red Hat") ? "rhel" : text.hasPrefix("SUSE") ? "sles" : "linux"
        var license = text.contains("HA") ? ["ha"] : []
        for (name, word) in [("Standard", "sql-std"), ("Enterprise", "sql-ent"), ("Web", "sql-web")]
        where text.contains("SQL Server \(name)") {
            license.append(word)
        }
        return (os, license.joined(separator: "+"))
    }
}
