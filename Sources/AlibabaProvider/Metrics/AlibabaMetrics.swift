internal import CloudHTTP
internal import PlimsollCore

/// A metric that tells whether a resource is used, and how much. CloudMonitor, "Metrics of cloud services".
struct AlibabaMetric: Sendable {
    var namespace: String
    var name: String
    /// Statistics as data points name them.
    var statistics: [String]
    var unit: String

    static let all: [AlibabaMetric] = [
        AlibabaMetric(namespace: "acs_ecs_dashboard", name: "CPUUtilization", statistics: load, unit: "Percent"),
        AlibabaMetric(
            namespace: "acs_ecs_dashboard", name: "memory_usedutilization", statistics: load, unit: "Percent"),
        AlibabaMetric(namespace: "acs_ecs_dashboard", name: "InternetInRate", statistics: mean, unit: "bit/s"),
        AlibabaMetric(namespace: "acs_ecs_dashboard", name: "InternetOutRate", statistics: mean, unit: "bit/s"),
        AlibabaMetric(namespace: "acs_ecs_dashboard", name: "DiskReadIOPS", statistics: mean, unit: "Count/Second"),
        AlibabaMetric(namespace: "acs_ecs_dashboard", name: "DiskWriteIOPS", statistics: mean, unit: "Count/Second"),
        AlibabaMetric(namespace: "acs_vpc_eip", name: "net_rx.rate", statistics: ["Value"], unit: "bit/s"),
        AlibabaMetric(namespace: "acs_vpc_eip", name: "net_tx.rate", statistics: ["Value"], unit: "bit/s"),
        AlibabaMetric(namespace: "acs_rds_dashboard", name: "CpuUsage", statistics: load, unit: "Percent"),
        AlibabaMetric(namespace: "acs_rds_dashboard", name: "ConnectionUsage", statistics: load, unit: "Percent"),
        AlibabaMetric(
            namespace: "acs_slb_dashboard", name: "InstanceActiveConnection", statistics: mean, unit: "Count"),
    ]

    private static let load = ["Average", "Maximum"]
    private static let mean = ["Average"]
}

extension AlibabaListings {
    static let metricCall = AlibabaCall(
        .monitor, "DescribeMetricList", items: "Datapoints", .none, permission: "cms:QueryMetricList")

    /// Hours from `since`, or of two weeks; a day at a time, all resources of the region at once.
    static let metrics = AlibabaListing("metrics", "CloudMonitor metrics", metricCall.permission) { reader in
        let end = reader.now.hour.index
        for metric in AlibabaMetric.all {
            var start = reader.scope.since.map(\.hour.index) ?? end - 14 * 24
            while start < end {
                let next = min(start + 24, end)
                try await reader.values(of: metric, Hour(index: start), Hour(index: next))
                start = next
            }
        }
    }
}

extension AlibabaReader {
    fileprivate func values(of metric: AlibabaMetric, _ start: Hour, _ end: Hour) async throws {
        // What is asked for begins after the first time and ends with the last.
        func time(_ hour: Hour) -> String { String(Int(Instant(hour: hour).secondsSince1970) * 1_000 - 1_000) }
        let call = AlibabaListings.metricCall
        let asked = [
            ("Namespace", metric.namespace), ("MetricName", metric.name), ("Period", "3600"),
            ("StartTime", time(start)),
            ("EndTime", time(end)), ("Length", "1000"),
        ]
        let first = try session.call(call, region, asked)
        var rows: [MetricRow] = []
        try await session.client.pages(of: first) { request, token in
            request.query.removeAll { $0.name == "NextToken" }
            request.query.append(("NextToken", token))
        } decode: { (response) throws(CloudFailure) in
            let item = try CloudItem(json: response)
            let next = item["NextToken"]
            return CloudPage(items: try Self.points(item), next: next.isEmpty ? nil : .token(next))
        } deliver: { page in
            rows += page.flatMap { rowsOf($0, metric, from: start) }
        }
        try await push(rows.sorted { ($0.resource, $0.time, $0.statistic) < ($1.resource, $1.time, $1.statistic) })
    }

    /// Data points come as a text that is JSON again.
    private static func points(_ item: CloudItem) throws(CloudFailure) -> [CloudItem] {
        let text = item["Datapoints"]
        guard !text.isEmpty else { return [] }
        guard case .array(let points)? = JSONValue(parsing: Array(text.utf8)) else {
            throw CloudFailure(.data, "`Datapoints` is no list in JSON")
        }
        return points.map(CloudItem.init)
    }

    private func rowsOf(_ point: CloudItem, _ metric: AlibabaMetric, from start: Hour) -> [MetricRow] {
        guard let stamp = Double(point["timestamp"]), stamp > 0, !point["instanceId"].isEmpty else { return [] }
        let time = Instant(secondsSince1970: (stamp / 1_000).rounded(.down))
        return metric.statistics.compactMap { statistic in
            guard let value = Double(point[statistic]), value.isFinite else { return nil }
            return MetricRow(
                time: time, provider: provider, resource: point["instanceId"], metric: metric.name,
                statistic: statistic.lowercased(), value: value, unit: metric.unit)
        }
    }
}
