internal import CloudHTTP
internal import PlimsollCore

/// A metric that tells whether a resource is used, and how much. Cloud Monitoring, "Google Cloud metrics".
struct GCPMetric: Sendable {
    /// What a series is of.
    enum Subject: Sendable { case instance, database }

    var type: String
    /// How values of an hour become one, and the word for that.
    var aligner: String
    var statistic: String
    var unit: String
    var subject: Subject
    /// Further condition of the filter.
    var condition = ""

    static let all: [GCPMetric] = [
        GCPMetric(
            type: "compute.googleapis.com/instance/cpu/utilization", aligner: "ALIGN_MEAN", statistic: "average",
            unit: "1", subject: .instance),
        GCPMetric(
            type: "compute.googleapis.com/instance/cpu/utilization", aligner: "ALIGN_MAX", statistic: "maximum",
            unit: "1", subject: .instance),
        sum("compute.googleapis.com/instance/network/received_bytes_count", "By"),
        sum("compute.googleapis.com/instance/network/sent_bytes_count", "By"),
        sum("compute.googleapis.com/instance/disk/read_ops_count", "1"),
        sum("compute.googleapis.com/instance/disk/write_ops_count", "1"),
        GCPMetric(
            type: "agent.googleapis.com/memory/percent_used", aligner: "ALIGN_MEAN", statistic: "average", unit: "%",
            subject: .instance, condition: " AND metric.labels.state=\"used\""),
        GCPMetric(
            type: "cloudsql.googleapis.com/database/cpu/utilization", aligner: "ALIGN_MEAN", statistic: "average",
            unit: "1", subject: .database),
        GCPMetric(
            type: "cloudsql.googleapis.com/database/cpu/utilization", aligner: "ALIGN_MAX", statistic: "maximum",
            unit: "1", subject: .database),
        GCPMetric(
            type: "cloudsql.googleapis.com/database/network/connections", aligner: "ALIGN_MAX", statistic: "maximum",
            unit: "1", subject: .database),
    ]

    private static func sum(_ type: String, _ unit: String) -> GCPMetric {
        GCPMetric(type: type, aligner: "ALIGN_DELTA", statistic: "sum", unit: unit, subject: .instance)
    }

    /// Labels that name the resource.
    var label: String { subject == .instance ? "instance_id" : "database_id" }
    /// Of several series of a resource, as one for each of its disks, the hour's sum or the largest.
    var reducer: String {
        switch statistic {
        case "sum": "REDUCE_SUM"
        case "average": "REDUCE_MEAN"
        default: "REDUCE_MAX"
        }
    }
}

extension GCPListings {
    static let seriesCall = GCPCall(
        .monitoring, "monitoring.projects.timeSeries.list", "/v3/projects/{project}/timeSeries",
        "monitoring.timeSeries.list", items: "timeSeries", size: "pageSize", count: 1000)

    /// Hours from `since`, or of two weeks, for what the inventory has: series name it by numbers.
    static let metrics = GCPListing(
        "metrics", "Cloud Monitoring metrics", seriesCall.permission, instancesCall.permission,
        databasesCall.permission
    ) { reader in
        var links: [String: String] = [:]
        try await reader.pages(instancesCall) { page in
            for item in page { links[item["id"]] = item["selfLink"] }
        }
        var databases: [String: String] = [:]
        do {
            try await reader.pages(databasesCall) { page in
                for item in page { databases["\(reader.account):\(item["name"])"] = item["selfLink"] }
            }
        } catch let failure as CloudFailure {
            guard failure.kind != .cancelled else { throw failure }
            // The listing of databases is a gap of its own.
        }
        for metric in GCPMetric.all {
            let names = metric.subject == .instance ? links : databases
            guard !names.isEmpty else { continue }
            do { try await reader.series(metric, names) } catch let failure as CloudFailure {
                // A metric that nobody in the project ever wrote is not known to it.
                guard failure.status == 404 else { throw failure }
            }
        }
    }
}

extension GCPReader {
    fileprivate func series(_ metric: GCPMetric, _ names: [String: String]) async throws {
        let end = Instant(hour: now.hour)
        let start = scope.since ?? Instant(hour: now.hour.advanced(by: -14 * 24))
        guard start < end else { return }
        let asked = [
            ("filter", "metric.type=\"\(metric.type)\"" + metric.condition), ("interval.startTime", start.description),
            ("interval.endTime", end.description), ("aggregation.alignmentPeriod", "3600s"),
            ("aggregation.perSeriesAligner", metric.aligner), ("aggregation.crossSeriesReducer", metric.reducer),
            ("aggregation.groupByFields", "resource.label.\(metric.label)"),
        ]
        try await pages(GCPListings.seriesCall, asked) { page in
            var rows: [MetricRow] = []
            for item in page {
                let label = item.members("resource.labels")[metric.label] ?? ""
                guard let id = names[label] else { continue }
                for point in item.list("points") {
                    let text = point["value.doubleValue"] + point["value.int64Value"]
                    guard let time = Instant(fractional: point["interval.endTime"]), let value = Double(text),
                        value.isFinite
                    else { continue }
                    // A point is of the hour before its end.
                    let begin = Instant(hour: time.hour.advanced(by: -1), second: time.second)
                    rows.append(
                        MetricRow(
                            time: begin, provider: provider, resource: id, metric: metric.type,
                            statistic: metric.statistic, value: value, unit: metric.unit))
                }
            }
            try await push(rows.sorted { ($0.resource, $0.time) < ($1.resource, $1.time) })
        }
    }
}
