internal import CloudHTTP
internal import PlimsollCore

/// A metric that tells whether a resource is used, and how much. Amazon CloudWatch User Guide, "AWS services that
/// publish CloudWatch metrics".
struct AWSMetric: Sendable {
    var namespace: String
    var name: String
    /// The one dimension that names the resource.
    var dimension: String
    /// Statistics as CloudWatch names them.
    var statistics: [String]
    var unit: String
    /// The resource's id, from account and region and the dimension's value.
    var id: @Sendable (AWSReader, String) -> String
    /// Seconds that a value is of.
    var period = 3_600

    private static let own: @Sendable (AWSReader, String) -> String = { $1 }

    private static func named(
        _ service: String, _ kind: String = ""
    ) -> @Sendable (AWSReader, String) -> String {
        { reader, name in reader.arn(service, kind + name) }
    }

    private static func group(
        _ namespace: String, _ dimension: String, _ id: @escaping @Sendable (AWSReader, String) -> String,
        _ metrics: [(name: String, statistics: [String], unit: String)]
    ) -> [AWSMetric] {
        metrics.map {
            AWSMetric(
                namespace: namespace, name: $0.name, dimension: dimension, statistics: $0.statistics, unit: $0.unit,
                id: id)
        }
    }

    private static let load = ["Average", "Maximum"]

    static let all: [AWSMetric] =
        group(
            "AWS/EC2", "InstanceId", own,
            [
                ("CPUUtilization", load, "Percent"), ("NetworkIn", ["Sum"], "Bytes"), ("NetworkOut", ["Sum"], "Bytes"),
            ])
        + group(
            "AWS/EBS", "VolumeId", own, [("VolumeReadOps", ["Sum"], "Count"), ("VolumeWriteOps", ["Sum"], "Count")])
        + group(
            "AWS/RDS", "DBInstanceIdentifier", named("rds", "db:"),
            [("CPUUtilization", load, "Percent"), ("DatabaseConnections", ["Maximum"], "Count")])
        + group("AWS/ELB", "LoadBalancerName", own, [("RequestCount", ["Sum"], "Count")])
        + group(
            "AWS/ApplicationELB", "LoadBalancer", named("elasticloadbalancing", "loadbalancer/"),
            [("RequestCount", ["Sum"], "Count")])
        + group(
            "AWS/NetworkELB", "LoadBalancer", named("elasticloadbalancing", "loadbalancer/"),
            [("NewFlowCount", ["Sum"], "Count")])
        + group("AWS/NATGateway", "NatGatewayId", own, [("BytesOutToDestination", ["Sum"], "Bytes")])
        + group(
            "AWS/ElastiCache", "CacheClusterId", named("elasticache", "cluster:"),
            [("CPUUtilization", load, "Percent"), ("CurrConnections", ["Maximum"], "Count")])
        + group(
            "AWS/Redshift", "ClusterIdentifier", own,
            [("CPUUtilization", load, "Percent"), ("DatabaseConnections", ["Maximum"], "Count")])
        + group(
            "AWS/DynamoDB", "TableName", named("dynamodb", "table/"),
            [
                ("ConsumedReadCapacityUnits", ["Sum"], "Count"), ("ConsumedWriteCapacityUnits", ["Sum"], "Count"),
            ])
        + group(
            "AWS/Lambda", "FunctionName", named("lambda", "function:"),
            [("Invocations", ["Sum"], "Count"), ("Duration", load, "Milliseconds")])
}

extension AWSListings {
    static let metrics = AWSListing(
        "metrics", "CloudWatch metrics", "cloudwatch:ListMetrics", "cloudwatch:GetMetricData"
    ) { reader in
        for metric in AWSMetric.all {
            try await reader.pages(
                .cloudWatch, "ListMetrics",
                [
                    ("Namespace", metric.namespace), ("MetricName", metric.name),
                    ("Dimensions.member.1.Name", metric.dimension),
                ],
                items: "Metrics", token: .nextToken
            ) { page in
                let names = page.compactMap { item -> String? in
                    let dimensions = item.list("Dimensions")
                    return dimensions.count == 1 ? dimensions.first?["Value"] : nil
                }
                try await reader.values(of: metric, names)
            }
        }
    }
}

extension AWSReader {
    /// Two weeks, where nothing else is asked for.
    private var since: Instant {
        scope.since ?? Instant(hour: now.hour.advanced(by: -14 * 24))
    }

    /// Values of a metric for resources by their dimension's value, some at a time: an answer has room for 100,800.
    fileprivate func values(of metric: AWSMetric, _ names: [String]) async throws {
        let hours = max(1, now.hour.index - since.hour.index)
        let width = max(1, min(500, 100_000 / hours) / metric.statistics.count)
        var rest = names[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(width))
            rest = rest.dropFirst(width)
            try await values(of: metric, some: some)
        }
    }

    private func values(of metric: AWSMetric, some names: [String]) async throws {
        var parameters = [
            ("StartTime", since.description), ("EndTime", now.description), ("ScanBy", "TimestampAscending"),
        ]
        var asked: [String: (name: String, statistic: String)] = [:]
        for name in names {
            for statistic in metric.statistics {
                let id = "m\(asked.count)"
                asked[id] = (name, statistic)
                let query = "MetricDataQueries.member.\(asked.count)."
                let stat = query + "MetricStat."
                parameters += [
                    (query + "Id", id), (query + "ReturnData", "true"),
                    (stat + "Metric.Namespace", metric.namespace), (stat + "Metric.MetricName", metric.name),
                    (stat + "Metric.Dimensions.member.1.Name", metric.dimension),
                    (stat + "Metric.Dimensions.member.1.Value", name), (stat + "Period", String(metric.period)),
                    (stat + "Stat", statistic),
                ]
            }
        }
        try await pages(
            .cloudWatch, "GetMetricData", parameters, items: "MetricDataResults", token: .nextToken
        ) { page in
            var batch = CollectedBatch()
            for item in page {
                guard let (name, statistic) = asked[item["Id"]] else { continue }
                for (time, value) in zip(item.texts("Timestamps"), item.texts("Values")) {
                    guard let time = Instant(fractional: time), let value = Double(value), value.isFinite else {
                        continue
                    }
                    batch.metrics.append(
                        MetricRow(
                            time: time, provider: "aws", resource: metric.id(self, name), metric: metric.name,
                            statistic: statistic.lowercased(), value: value, unit: metric.unit))
                }
            }
            try await sink.push(batch)
        }
    }
}
