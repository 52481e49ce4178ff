internal import CloudHTTP
internal import PlimsollCore

/// API References of AWS Lambda, Amazon EKS, Amazon ECS, Kinesis Data Streams, CloudWatch Logs and IAM.
extension AWSListings {
    static let platforms: [AWSListing] = [functions, clusters, services, streams, logGroups, users]

    private static let functions = AWSListing(
        "functions", "Lambda functions", "lambda:ListFunctions", "lambda:ListTags"
    ) { reader in
        let call = try reader.session.call(
            .lambda, "ListFunctions", reader.region, path: "/2015-03-31/functions/", query: [("MaxItems", "50")])
        let token = AWSToken(name: "Marker", next: "NextMarker")
        try await reader.session.pages(call, .lambda, items: "Functions", token: token) { page in
            for item in page {
                let arn = item["FunctionArn"]
                var result = reader.resource(
                    "function", arn, item,
                    fields: [
                        "FunctionName", "Runtime", "MemorySize", "Timeout", "CodeSize", "PackageType",
                        "EphemeralStorage.Size", "Version", "LastModified",
                    ])
                let architectures = item.texts("Architectures").joined(separator: ",")
                if !architectures.isEmpty { result.attributes["Architectures"] = architectures }
                result.name = item["FunctionName"]
                result.state = item["State"]
                let tags = try await reader.detail("tags of function `\(result.name)`") { () throws(CloudFailure) in
                    try await reader.get(.lambda, "ListTags", "/2017-03-31/tags/\(PercentEncoding.strict(arn))")
                }
                result.tags = tags?.members("Tags") ?? [:]
                try await reader.push([result])
            }
        }
    }

    private static let clusters = AWSListing(
        "clusters", "EKS clusters and node groups", "eks:ListClusters", "eks:DescribeCluster", "eks:ListNodegroups",
        "eks:DescribeNodegroup"
    ) { reader in
        for name in try await reader.names("ListClusters", "/clusters", "clusters") {
            let path = "/clusters/\(PercentEncoding.strict(name))"
            let answer = try await reader.detail("EKS cluster `\(name)`") { () throws(CloudFailure) in
                try await reader.get(.eks, "DescribeCluster", path)
            }
            guard let item = answer?.item("cluster") else { continue }
            var result = reader.resource(
                "cluster", item["arn"], item,
                fields: ["version", "endpoint", "platformVersion", "resourcesVpcConfig.vpcId"])
            result.name = name
            result.state = item["status"]
            result.created = item.time("createdAt")
            result.tags = item.members("tags")
            try await reader.push([result])
            try await nodeGroups(path, result, reader)
        }
    }

    private static func nodeGroups(_ path: String, _ cluster: Resource, _ reader: AWSReader) async throws {
        let names: [String]
        do throws(CloudFailure) {
            names = try await reader.names("ListNodegroups", path + "/node-groups", "nodegroups")
        } catch {
            guard error.kind != .cancelled else { throw error }
            try await reader.gap("node groups of EKS cluster `\(cluster.name)`", error)
            return
        }
        for name in names {
            let answer = try await reader.detail("EKS node group `\(name)`") { () throws(CloudFailure) in
                try await reader.get(
                    .eks, "DescribeNodegroup", "\(path)/node-groups/\(PercentEncoding.strict(name))")
            }
            guard let item = answer?.item("nodegroup") else { continue }
            var result = reader.resource(
                "node-group", item["nodegroupArn"], item,
                fields: [
                    "capacityType", "amiType", "diskSize", "version", "scalingConfig.minSize",
                    "scalingConfig.maxSize", "scalingConfig.desiredSize",
                ])
            result.name = name
            result.sku = item.texts("instanceTypes").joined(separator: ",")
            result.state = item["status"]
            result.created = item.time("createdAt")
            result.tags = item.members("tags")
            result.link("member-of", [cluster.id])
            result.link("targets", item.list("resources.autoScalingGroups").map { $0["name"] })
            try await reader.push([result])
        }
    }

    private static let services = AWSListing(
        "container-services", "ECS services", "ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices"
    ) { reader in
        try await reader.pages(
            .ecs, "ListClusters", body: .object(["maxResults": 100]), items: "clusterArns", token: .camel
        ) { clusters in
            for cluster in clusters.map(\.text) {
                let body: JSONValue = .object(["cluster": .string(cluster), "maxResults": 10])
                try await reader.pages(.ecs, "ListServices", body: body, items: "serviceArns", token: .camel) { page in
                    guard !page.isEmpty else { return }
                    let answer = try await reader.answer(
                        .ecs, "DescribeServices",
                        body: .object([
                            "cluster": .string(cluster), "services": .array(page.map(\.json)),
                            "include": .array(["TAGS"]),
                        ]))
                    try await reader.push(answer.list("services").map { service($0, cluster, reader) })
                }
            }
        }
    }

    private static func service(_ item: CloudItem, _ cluster: String, _ reader: AWSReader) -> Resource {
        var result = reader.resource(
            "container-service", item["serviceArn"], item,
            fields: ["launchType", "desiredCount", "runningCount", "pendingCount", "taskDefinition", "platformVersion"])
        result.name = item["serviceName"]
        result.sku = item["launchType"]
        result.state = item["status"]
        result.created = item.time("createdAt")
        result.tags = item.pairs("tags", key: "key", value: "value")
        result.link("member-of", [cluster])
        return result
    }

    private static let streams = AWSListing(
        "streams", "Kinesis data streams", "kinesis:ListStreams", "kinesis:DescribeStreamSummary",
        "kinesis:ListTagsForStream"
    ) { reader in
        try await reader.pages(
            .kinesis, "ListStreams", body: .object(["Limit": 100]), items: "StreamNames", token: .nextToken
        ) { page in
            for name in page.map(\.text) {
                let body: JSONValue = .object(["StreamName": .string(name)])
                let answer = try await reader.detail("stream `\(name)`") { () throws(CloudFailure) in
                    try await reader.answer(.kinesis, "DescribeStreamSummary", body: body)
                }
                guard let item = answer?.item("StreamDescriptionSummary") else { continue }
                var result = reader.resource(
                    "stream", item["StreamARN"], item,
                    fields: [
                        "RetentionPeriodHours", "OpenShardCount", "ConsumerCount", "StreamModeDetails.StreamMode",
                    ])
                result.name = name
                result.state = item["StreamStatus"]
                result.created = item.time("StreamCreationTimestamp")
                let tags = try await reader.detail("tags of stream `\(name)`") { () throws(CloudFailure) in
                    try await reader.answer(.kinesis, "ListTagsForStream", body: body)
                }
                result.tags = tags?.pairs("Tags") ?? [:]
                try await reader.push([result])
            }
        }
    }

    private static let logGroups = AWSListing(
        "log-groups", "CloudWatch log groups", "logs:DescribeLogGroups", "logs:ListTagsForResource"
    ) { reader in
        try await reader.pages(
            .logs, "DescribeLogGroups", body: .object(["limit": 50]), items: "logGroups", token: .camel
        ) { page in
            for item in page {
                let arn = item["arn"]
                let bare = arn.hasSuffix(":*") ? String(arn.dropLast(2)) : arn
                var result = reader.resource(
                    "log-group", bare, item, fields: ["retentionInDays", "storedBytes", "logGroupClass"])
                result.name = item["logGroupName"]
                result.created = Self.milliseconds(item["creationTime"])
                let tags = try await reader.detail("tags of log group `\(result.name)`") { () throws(CloudFailure) in
                    try await reader.answer(.logs, "ListTagsForResource", body: .object(["resourceArn": .string(bare)]))
                }
                result.tags = tags?.members("tags") ?? [:]
                try await reader.push([result])
            }
        }
    }

    /// A time in milliseconds since 1970.
    private static func milliseconds(_ text: String) -> String {
        Double(text).map { Instant(secondsSince1970: ($0 / 1_000).rounded(.down)).description } ?? ""
    }

    private static let users = AWSListing("users", "IAM users", "iam:ListUsers", isGlobal: true) { reader in
        let token = AWSToken(name: "Marker", next: "Marker", more: "IsTruncated")
        try await reader.pages(.iam, "ListUsers", [("MaxItems", "1000")], items: "Users", token: token) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "user", item["Arn"], item, fields: ["UserId", "Path", "PasswordLastUsed"])
                    result.name = item["UserName"]
                    result.created = item.time("CreateDate")
                    result.tags = item.pairs("Tags")
                    return result
                })
        }
    }
}

extension AWSReader {
    /// All names of an EKS listing.
    fileprivate func names(
        _ permission: String, _ path: String, _ items: String
    ) async throws(CloudFailure) -> [String] {
        var names: [String] = []
        var token = ""
        repeat {
            var query = [("maxResults", "100")]
            if !token.isEmpty { query.append(("nextToken", token)) }
            let answer = try await get(.eks, permission, path, query)
            names += answer.texts(items)
            guard answer["nextToken"] != token else { break }
            token = answer["nextToken"]
        } while !token.isEmpty
        return names
    }
}
