internal import CloudHTTP
internal import PlimsollCore

/// Committed use of resources. Compute Engine REST reference, "regionCommitments". Flexible commitments belong to the
/// billing account and are in no API.
extension GCPListings {
    static let commitmentsCall = GCPCall.aggregated("commitments", "commitments", resource: "regionCommitments")
    static let commitmentPaths = [
        "id", "name", "region", "status", "plan", "type", "category", "startTimestamp", "endTimestamp",
        "resources.type", "resources.amount", "resources.acceleratorType",
    ]

    static let commitments = GCPListing("commitments", "committed use", commitmentsCall.permission) { reader in
        var found = 0
        try await reader.pages(commitmentsCall) { page in
            let held = page.filter { ["ACTIVE", "NOT_YET_ACTIVE", "CREATING"].contains($0["status"]) }
            for item in held {
                let unknown = Set(item.texts(along: "resources.type")).subtracting(known)
                if item["category"] == "LICENSE" || !unknown.isEmpty {
                    let what = item["category"] == "LICENSE" ? "licences" : unknown.sorted().joined(separator: ", ")
                    try await reader.gap(
                        "\(what) of the commitment \(item["name"])",
                        CloudFailure(
                            .unsupported, "only vCPUs, memory, GPUs and local SSDs are billed by rules", hint: ""))
                }
                let rows = rows(item, reader)
                found += rows.count
                try await reader.push(rows)
            }
        }
        guard found > 0 else { return }
        try await reader.gap(
            "fees of \(found) committed resources",
            CloudFailure(
                .unsupported, "the API does not tell what they cost",
                hint: "import the catalogue with `plimsoll prices import`, or the bill with `plimsoll import`"))
    }

    private static let known: Set = ["VCPU", "MEMORY", "LOCAL_SSD", "ACCELERATOR"]

    /// A row for each of the resources: vCPUs, memory, GPUs and local SSDs are committed and used apart.
    private static func rows(_ item: CloudItem, _ reader: GCPReader) -> [Commitment] {
        let region = item["region"].split(separator: "/").last.map(String.init) ?? ""
        guard reader.isAsked(region), item["category"] != "LICENSE" else { return [] }
        let series = series(of: item["type"])
        return item.list("resources").compactMap { part in
            let amount = part["amount"]
            var result = Commitment()
            switch part["type"] {
            case "VCPU": (result.sku, result.quantity) = ("\(series)/vcpu", Quantity(amount) ?? .zero)
            case "MEMORY": (result.sku, result.quantity) = ("\(series)/gib", gib(amount))
            // In gigabytes, where memory is in megabytes.
            case "LOCAL_SSD": (result.sku, result.quantity) = ("local-ssd/gib", Quantity(amount) ?? .zero)
            case "ACCELERATOR":
                let kind = part["acceleratorType"].split(separator: "/").last.map(String.init) ?? ""
                (result.sku, result.quantity) = ("\(kind)/gpu", Quantity(amount) ?? .zero)
            default: return nil
            }
            let unit = result.sku.split(separator: "/").last.map(String.init) ?? ""
            result.id = "\(item["id"])/\(result.sku.hasPrefix("local-ssd") ? "local-ssd" : unit)"
            result.provider = "gcp"
            result.billingAccount = reader.billingAccount
            result.account = reader.account
            result.offer = Offer(rawValue: "cud-resource")
            result.region = region
            result.payment = .monthly
            result.term = ["TWELVE_MONTH": Term.oneYear, "THIRTY_SIX_MONTH": .threeYears][item["plan"]]
            result.start = Instant(fractional: item.time("startTimestamp"))
            result.end = Instant(fractional: item.time("endTimestamp"))
            return result
        }
    }

    /// Megabytes of the API are of 2^20 bytes.
    private static func gib(_ megabytes: String) -> Quantity {
        Double(megabytes).flatMap { Quantity("\($0 / 1_024)") } ?? .zero
    }

    /// `GENERAL_PURPOSE_N2` is of the series `n2`; kinds without a series are of the first one there was.
    static func series(of type: String) -> String {
        let first = [
            "GENERAL_PURPOSE": "n1", "COMPUTE_OPTIMIZED": "c2", "MEMORY_OPTIMIZED": "m1", "ACCELERATOR_OPTIMIZED": "a2",
            "GRAPHICS_OPTIMIZED": "g2",
        ]
        if let known = first[type] { return known }
        let parts = type.split(separator: "_")
        return parts.count > 2 ? parts[2].lowercased() : type.lowercased()
    }
}
