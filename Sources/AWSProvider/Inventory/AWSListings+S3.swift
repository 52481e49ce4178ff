internal import CloudHTTP
internal import PlimsollCore

/// Amazon S3 API Reference: buckets with what decides their cost.
extension AWSListings {
    static let buckets = AWSListing(
        "buckets", "S3 buckets", "s3:ListAllMyBuckets", "s3:GetBucketLocation", "s3:GetBucketTagging",
        "s3:GetLifecycleConfiguration", "s3:GetBucketVersioning", "s3:ListBucketMultipartUploads",
        "s3:GetInventoryConfiguration", isGlobal: true
    ) { reader in
        let token = AWSToken(name: "continuation-token", next: "ContinuationToken")
        let call = try reader.session.call(.s3, "ListAllMyBuckets", "us-east-1", path: "/")
        try await reader.session.pages(call, .s3, items: "Buckets", token: token) { page in
            for item in page { try await reader.push([try await bucket(item, reader)]) }
        }
    }

    private static func bucket(_ item: CloudItem, _ reader: AWSReader) async throws -> Resource {
        let name = item["Name"]
        var result = reader.resource("bucket", name, item)
        result.name = name
        result.created = item.time("CreationDate")
        var ask = S3Bucket(name: name, region: "us-east-1", reader: reader)
        if let place = try await ask.about("location", "GetBucketLocation") {
            // An empty place is the first region, `EU` an old name of another.
            result.region = place.text.isEmpty ? "us-east-1" : place.text == "EU" ? "eu-west-1" : place.text
            ask.region = result.region
        }
        let tags = try await ask.about("tagging", "GetBucketTagging", absent: ["NoSuchTagSet"])
        result.tags = tags?.pairs("TagSet") ?? [:]
        let lifecycle = try await ask.about(
            "lifecycle", "GetLifecycleConfiguration", absent: ["NoSuchLifecycleConfiguration"])
        let rules = lifecycle?.all("Rule").filter { $0["Status"] == "Enabled" } ?? []
        result.attributes["LifecycleRules"] = String(rules.count)
        result.attributes["AbortIncompleteMultipartUpload"] =
            String(rules.contains { $0.has("AbortIncompleteMultipartUpload") })
        result.attributes["Transitions"] =
            String(rules.reduce(0) { $0 + $1.all("Transition").count })
        let versioning = try await ask.about("versioning", "GetBucketVersioning")
        result.attributes["Versioning.Status"] = versioning?["Status"] ?? ""
        let inventory = try await ask.about("inventory", "GetInventoryConfiguration")
        result.attributes["InventoryConfigurations"] = String(inventory?.all("InventoryConfiguration").count ?? 0)
        try await uploads(ask, &result)
        result.attributes = result.attributes.filter { !$0.value.isEmpty }
        return result
    }

    /// Multipart uploads that were begun and not ended: how many, and the oldest.
    private static func uploads(_ ask: S3Bucket, _ result: inout Resource) async throws {
        var count = 0
        var oldest = ""
        var markers: [(String, String)] = []
        while true {
            let page = try await ask.about(
                "uploads", "ListBucketMultipartUploads", [("max-uploads", "1000")] + markers)
            let uploads = page?.all("Upload") ?? []
            count += uploads.count
            for time in uploads.map({ $0.time("Initiated") }) where oldest.isEmpty || time < oldest { oldest = time }
            guard let page, page["IsTruncated"] == "true" else { break }
            let next = [("key-marker", page["NextKeyMarker"]), ("upload-id-marker", page["NextUploadIdMarker"])]
            guard !next.elementsEqual(markers, by: ==) else { break }
            markers = next
        }
        result.attributes["MultipartUploads"] = String(count)
        result.attributes["MultipartUploads.Oldest"] = oldest
    }
}

/// Questions about one bucket.
private struct S3Bucket {
    var name: String
    var region: String
    var reader: AWSReader

    /// What a subresource says; nil where there is none or it cannot be read, which is a gap.
    func about(
        _ subresource: String, _ permission: String, _ query: [(String, String)] = [], absent: Set<String> = []
    ) async throws -> CloudItem? {
        try await reader.detail("\(subresource) of bucket `\(name)`", absent: absent) { () throws(CloudFailure) in
            let call = try reader.session.call(
                .s3, permission, region, path: "/\(name)", query: [(subresource, "")] + query)
            return try await reader.session.answer(call, .s3)
        }
    }
}

extension CloudItem {
    /// Every element of a name directly within, one or more.
    func all(_ name: String) -> [CloudItem] {
        switch item(name).json {
        case .array(let elements): elements.map(CloudItem.init)
        case .null: []
        case let value: [CloudItem(value)]
        }
    }
}
