internal import CloudHTTP
internal import PlimsollCore

/// API References of Amazon RDS, ElastiCache, Redshift, OpenSearch Service and DynamoDB.
extension AWSListings {
    static let databases: [AWSListing] = [databaseInstances, databaseSnapshots, caches, warehouses, searches, tables]

    private static let databaseInstances = AWSListing(
        "databases", "RDS instances", "rds:DescribeDBInstances"
    ) { reader in
        try await reader.pages(
            .rds, "DescribeDBInstances", [("MaxRecords", "100")], items: "DBInstances", token: .marker
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "database", item["DBInstanceArn"], item,
                        fields: [
                            "DBInstanceIdentifier", "DBInstanceClass", "Engine", "EngineVersion", "LicenseModel",
                            "MultiAZ", "StorageType", "AllocatedStorage", "Iops", "StorageThroughput",
                            "BackupRetentionPeriod", "DBClusterIdentifier", "ReadReplicaSourceDBInstanceIdentifier",
                            "PubliclyAccessible", "StorageEncrypted", "DbiResourceId",
                        ])
                    result.name = item["DBInstanceIdentifier"]
                    result.sku = item["DBInstanceClass"]
                    result.state = item["DBInstanceStatus"]
                    result.zone = item["AvailabilityZone"]
                    result.created = item.time("InstanceCreateTime")
                    result.tags = item.pairs("TagList")
                    result.link("part-of", [item["DBClusterIdentifier"]])
                    return result
                })
        }
    }

    private static let databaseSnapshots = AWSListing(
        "database-snapshots", "RDS snapshots", "rds:DescribeDBSnapshots"
    ) { reader in
        try await reader.pages(
            .rds, "DescribeDBSnapshots", [("MaxRecords", "100")], items: "DBSnapshots", token: .marker
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "database-snapshot", item["DBSnapshotArn"], item,
                        fields: [
                            "DBSnapshotIdentifier", "DBInstanceIdentifier", "Engine", "EngineVersion", "SnapshotType",
                            "AllocatedStorage", "StorageType", "Encrypted", "SourceRegion", "PercentProgress",
                        ])
                    result.name = item["DBSnapshotIdentifier"]
                    result.state = item["Status"]
                    result.zone = item["AvailabilityZone"]
                    result.created = item.time("SnapshotCreateTime")
                    result.tags = item.pairs("TagList")
                    let database = item["DBInstanceIdentifier"]
                    if !database.isEmpty { result.link("created-from", [reader.arn("rds", "db:\(database)")]) }
                    return result
                })
        }
    }

    private static let caches = AWSListing(
        "caches", "ElastiCache clusters", "elasticache:DescribeCacheClusters", "elasticache:ListTagsForResource"
    ) { reader in
        try await reader.pages(
            .elastiCache, "DescribeCacheClusters", [("MaxRecords", "100"), ("ShowCacheNodeInfo", "true")],
            items: "CacheClusters", token: .marker
        ) { page in
            for item in page {
                let name = item["CacheClusterId"]
                let given = item["ARN"]
                let arn = given.isEmpty ? reader.arn("elasticache", "cluster:\(name)") : given
                var result = reader.resource(
                    "cache", arn, item,
                    fields: [
                        "CacheClusterId", "CacheNodeType", "Engine", "EngineVersion", "NumCacheNodes",
                        "ReplicationGroupId", "SnapshotRetentionLimit",
                    ])
                result.name = name
                result.sku = item["CacheNodeType"]
                result.state = item["CacheClusterStatus"]
                result.zone = item["PreferredAvailabilityZone"]
                result.created = item.time("CacheClusterCreateTime")
                let tags = try await reader.detail("tags of cache `\(name)`", absent: ["CacheClusterNotFound"]) {
                    () throws(CloudFailure) in
                    try await reader.answer(.elastiCache, "ListTagsForResource", [("ResourceName", arn)])
                }
                result.tags = tags?.pairs("TagList") ?? [:]
                result.link("part-of", [item["ReplicationGroupId"]])
                try await reader.push([result])
            }
        }
    }

    private static let warehouses = AWSListing(
        "warehouses", "Redshift clusters", "redshift:DescribeClusters"
    ) { reader in
        try await reader.pages(
            .redshift, "DescribeClusters", [("MaxRecords", "100")], items: "Clusters", token: .marker
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "warehouse", item["ClusterIdentifier"], item,
                        fields: [
                            "ClusterNamespaceArn", "NodeType", "NumberOfNodes", "DBName", "ClusterAvailabilityStatus",
                            "AutomatedSnapshotRetentionPeriod", "Encrypted", "VpcId",
                        ])
                    result.name = item["ClusterIdentifier"]
                    result.sku = item["NodeType"]
                    result.state = item["ClusterStatus"]
                    result.zone = item["AvailabilityZone"]
                    result.created = item.time("ClusterCreateTime")
                    result.tags = item.pairs("Tags")
                    return result
                })
        }
    }

    private static let searches = AWSListing(
        "search-domains", "OpenSearch domains", "es:ListDomainNames", "es:DescribeDomain", "es:ListTags"
    ) { reader in
        let names = try await reader.get(.search, "ListDomainNames", "/2021-01-01/domain")
        for name in names.list("DomainNames").map({ $0["DomainName"] }) {
            let path = "/2021-01-01/opensearch/domain/\(PercentEncoding.strict(name))"
            let answer = try await reader.detail("OpenSearch domain `\(name)`") { () throws(CloudFailure) in
                try await reader.get(.search, "DescribeDomain", path)
            }
            guard let item = answer?.item("DomainStatus") else { continue }
            var result = reader.resource(
                "search", item["ARN"], item,
                fields: [
                    "DomainName", "DomainId", "EngineVersion", "ClusterConfig.InstanceType",
                    "ClusterConfig.InstanceCount", "ClusterConfig.DedicatedMasterEnabled",
                    "ClusterConfig.DedicatedMasterType", "ClusterConfig.DedicatedMasterCount",
                    "ClusterConfig.WarmEnabled", "EBSOptions.VolumeType", "EBSOptions.VolumeSize", "EBSOptions.Iops",
                ])
            result.name = name
            result.sku = item["ClusterConfig.InstanceType"]
            result.state = item["DomainProcessingStatus"]
            let tags = try await reader.detail("tags of OpenSearch domain `\(name)`") { () throws(CloudFailure) in
                try await reader.get(.search, "ListTags", "/2021-01-01/tags/", [("arn", item["ARN"])])
            }
            result.tags = tags?.pairs("TagList") ?? [:]
            try await reader.push([result])
        }
    }

    private static let tables = AWSListing(
        "tables", "DynamoDB tables", "dynamodb:ListTables", "dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"
    ) { reader in
        let token = AWSToken(name: "ExclusiveStartTableName", next: "LastEvaluatedTableName")
        try await reader.pages(
            .dynamoDB, "ListTables", body: .object(["Limit": 100]), items: "TableNames", token: token
        ) { page in
            for name in page.map(\.text) {
                let answer = try await reader.detail(
                    "DynamoDB table `\(name)`", absent: ["ResourceNotFoundException"]
                ) { () throws(CloudFailure) in
                    try await reader.answer(.dynamoDB, "DescribeTable", body: .object(["TableName": .string(name)]))
                }
                guard let item = answer?.item("Table") else { continue }
                try await reader.push([try await table(item, name, reader)])
            }
        }
    }

    private static func table(_ item: CloudItem, _ name: String, _ reader: AWSReader) async throws -> Resource {
        var result = reader.resource(
            "table", item["TableArn"], item,
            fields: [
                "TableName", "BillingModeSummary.BillingMode", "ProvisionedThroughput.ReadCapacityUnits",
                "ProvisionedThroughput.WriteCapacityUnits", "TableSizeBytes", "ItemCount",
                "TableClassSummary.TableClass",
            ])
        result.name = name
        result.state = item["TableStatus"]
        result.created = item.time("CreationDateTime")
        var token: String?
        repeat {
            let tags = try await reader.detail("tags of DynamoDB table `\(name)`") { () throws(CloudFailure) in
                var body: [String: JSONValue] = ["ResourceArn": .string(item["TableArn"])]
                if let token { body["NextToken"] = .string(token) }
                return try await reader.answer(.dynamoDB, "ListTagsOfResource", body: .object(body))
            }
            result.tags.merge(tags?.pairs("Tags") ?? [:]) { $1 }
            let next = tags?["NextToken"] ?? ""
            token = next.isEmpty || next == token ? nil : next
        } while token != nil
        return result
    }
}

extension AWSReader {
    /// One answer of a service with paths.
    func get(
        _ service: AWSService, _ permission: String, _ path: String, _ query: [(String, String)] = []
    ) async throws(CloudFailure) -> CloudItem {
        try await session.answer(
            try session.call(service, permission, region, path: path, query: query), service)
    }
}
