internal import CloudHTTP
internal import PlimsollCore

extension GCPListings {
    private static let skusCall = GCPCall(
        .cloudbilling, "cloudbilling.services.skus.list", "/v1/services/6F81-5844-456A/skus", "cloudbilling.skus",
        items: "skus", size: "pageSize", count: 5000)

    static let skusUse = Use(
        call: skusCall,
        paths: [
            "skuId", "description", "category.serviceDisplayName", "category.usageType", "serviceRegions",
            "pricingInfo.effectiveTime", "pricingInfo.pricingExpression.usageUnit",
            "pricingInfo.pricingExpression.tieredRates.startUsageAmount",
            "pricingInfo.pricingExpression.tieredRates.unitPrice.currencyCode",
            "pricingInfo.pricingExpression.tieredRates.unitPrice.units",
            "pricingInfo.pricingExpression.tieredRates.unitPrice.nanos",
        ])

    /// Prices of Compute Engine. They are the same for all projects, so that they belong to none; whoever has
    /// credentials may read them.
    static let prices: GCPListing = {
        var listing = GCPListing("prices", "prices of Compute Engine", isGlobal: true) { reader in
            try await reader.pages(skusCall) { page in
                for item in page {
                    try await reader.push(GCPCatalogue.rows(item).filter { reader.isAsked($0.region) })
                }
            }
        }
        listing.permissions = []
        return listing
    }()
}

/// How SKUs of the catalogue become prices: as the price list `gcp-billing-catalog` reads them.
enum GCPCatalogue {
    /// A price for each region, date and tier of a SKU; none for other uses than on-demand, spot and commitments.
    static func rows(_ item: CloudItem) -> [PriceRow] {
        let use = item["category.usageType"]
        let offers = ["OnDemand": "on-demand", "Preemptible": "spot"]
        let terms = ["Commit1Yr": "1y", "Commit3Yr": "3y"]
        guard let offer = offers[use] ?? (terms[use] == nil ? nil : "cud-resource") else { return [] }
        let name = part(item["description"], isCommitment: terms[use] != nil)
        var row = PriceRow()
        row.provider = "gcp"
        row.service = name == nil ? item["category.serviceDisplayName"] : "compute"
        row.sku = name ?? item["skuId"]
        row.offer = Offer(rawValue: offer)
        row.term = terms[use] ?? ""
        row.payment = row.term.isEmpty ? "" : "monthly"
        row.source = "Google Cloud billing catalogue"
        let regions = item.texts("serviceRegions")
        var rows: [PriceRow] = []
        for region in regions.isEmpty ? [""] : regions {
            row.region = region
            for info in item.list("pricingInfo") { rows += tiers(info, row) }
        }
        return rows
    }

    private static func tiers(_ info: CloudItem, _ row: PriceRow) -> [PriceRow] {
        let rates = info.list("pricingExpression.tieredRates")
        var row = row
        row.unit = info["pricingExpression.usageUnit"]
        row.validFrom = Day(info["effectiveTime"].prefix(10))
        return rates.indices.compactMap { index in
            let rate = rates[index]
            guard let price = money(rate.item("unitPrice")) else { return nil }
            row.price = price
            row.currency = rate["unitPrice.currencyCode"]
            row.tierFrom = Quantity(rate["startUsageAmount"]) ?? .zero
            row.tierTo = index + 1 < rates.count ? Quantity(rates[index + 1]["startUsageAmount"]) : nil
            return row
        }
    }

    /// Units and billionths, exactly; nil where there is no amount.
    static func money(_ item: CloudItem) -> Money? {
        guard case .object = item.json else { return nil }
        guard let units = Int(item["units"].isEmpty ? "0" : item["units"]),
            let nanos = Int(item["nanos"].isEmpty ? "0" : item["nanos"])
        else { return nil }
        return Money(raw: Int128(units) * 1_000_000_000_000 + Int128(nanos) * 1_000)
    }

    /// `n2/vcpu` or `n2/gib` where a description is that of a part of machines.
    static func part(_ description: String, isCommitment: Bool) -> String? {
        var words = description.split(separator: " ")[...]
        let first: [Substring] = isCommitment ? ["Commitment", "v1:"] : ["Spot", "Preemptible"]
        if words.starts(with: first) { words = words.dropFirst(2) } else if isCommitment { return nil }
        // The oldest series are called by what they are for.
        let old: [([Substring], Substring)] = [
            (["Compute", "optimized"], "C2"), (["Compute-optimized"], "C2"), (["Memory-optimized"], "M1"),
        ]
        if isCommitment, words.count > 2, ["Cpu", "Ram"].contains(words.first), words.dropFirst().first == "in" {
            words = ["N1"] + words
        } else if let (name, series) = old.first(where: { words.starts(with: $0.0) }) {
            words = words.dropFirst(name.count)
            if words.first == "Instance" { words = words.dropFirst() }
            words = [series, "Instance"] + words
        }
        guard let series = words.popFirst(), isSeries(series) else { return nil }
        let passed: Set<Substring> = ["AMD", "Arm", "Memory-optimized", isCommitment ? "Instance" : "Predefined"]
        words = words.drop { passed.contains($0) }
        if !isCommitment, words.popFirst() != "Instance" { return nil }
        guard let kind = words.popFirst(), ["Core", "Ram", isCommitment ? "Cpu" : "Core"].contains(kind) else {
            return nil
        }
        guard words.starts(with: isCommitment ? ["in"] : ["running", "in"]) else { return nil }
        return series.lowercased() + (kind == "Ram" ? "/gib" : "/vcpu")
    }

    /// `N2`, `C3D`.
    private static func isSeries(_ word: Substring) -> Bool {
        var rest = word[...]
        guard let letter = rest.popFirst(), letter.isUppercase, let digit = rest.first, digit.isNumber else {
            return false
        }
        rest = rest.drop(while: \.isNumber)
        return rest.isEmpty || (rest.count == 1 && rest.allSatisfy(\.isUppercase))
    }
}
