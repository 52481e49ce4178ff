internal import CloudHTTP
internal import PlimsollCore

/// Metrics of a type that tell whether its resources are used, and how much. Azure Monitor, "Supported metrics".
struct AzureMetrics: Sendable {
    var call: AzureCall
    /// Namespace: the type.
    var type: String
    var names: [String]
    /// Aggregations as the API names them in requests; answers have them in small letters.
    var aggregations: [String]

    static let all: [AzureMetrics] = [
        AzureMetrics(
            "Microsoft.Compute/virtualMachines", "2024-07-01", ["Percentage CPU", "Available Memory Bytes"], load),
        AzureMetrics(
            "Microsoft.Compute/virtualMachines", "2024-07-01", ["Network In Total", "Network Out Total"], sum),
        AzureMetrics(
            "Microsoft.Compute/disks", "2024-03-02",
            ["Composite Disk Read Operations/sec", "Composite Disk Write Operations/sec"], ["Average"]),
        AzureMetrics("Microsoft.Network/publicIPAddresses", "2024-05-01", ["ByteCount"], sum),
        AzureMetrics("Microsoft.Network/loadBalancers", "2024-05-01", ["ByteCount"], sum),
        AzureMetrics("Microsoft.Web/serverfarms", "2024-04-01", ["CpuPercentage", "MemoryPercentage"], load),
    ]

    private static let load = ["Average", "Maximum"]
    private static let sum = ["Total"]

    private init(_ type: String, _ version: String, _ names: [String], _ aggregations: [String]) {
        call = .list(type, version)
        self.type = type
        self.names = names
        self.aggregations = aggregations
    }
}

extension AzureListings {
    static let metricPaths = [
        "value.name.value", "value.unit", "value.timeseries.data.timeStamp", "value.timeseries.data.average",
        "value.timeseries.data.maximum", "value.timeseries.data.total",
    ]

    /// Hours from `since`, or of two weeks: of many resources of a region at once where that service lets us, else one
    /// by one.
    static let metrics: AzureListing = {
        var listing = AzureListing("metrics", "Azure Monitor metrics", AzureCall.metrics.permission) { reader in
            var isBatched = true
            for kind in AzureMetrics.all {
                var byRegion: [String: [String]] = [:]
                try await reader.pages(kind.call) { page in
                    for item in page {
                        let region = AzureReader.region(item["location"])
                        if reader.isAsked(region) { byRegion[region, default: []].append(item["id"]) }
                    }
                }
                for (region, ids) in byRegion.sorted(by: { $0.key < $1.key }) {
                    try await reader.values(of: kind, ids, in: region, &isBatched)
                }
            }
        }
        listing.permissions += AzureMetrics.all.map(\.call.permission)
        return listing
    }()
}

extension AzureReader {
    fileprivate func values(
        of kind: AzureMetrics, _ ids: [String], in region: String, _ isBatched: inout Bool
    ) async throws {
        var rest = ids[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(50))
            rest = rest.dropFirst(50)
            var found: [String: [MetricRow]] = [:]
            if isBatched { found = try await batch(kind, some, in: region, &isBatched) }
            // What the service does not know, or does not tell, is asked for by itself.
            for id in some {
                if let known = found[id] { try await push(known) } else { try await push(try await rows(kind, id)) }
            }
        }
    }

    private func asked(_ kind: AzureMetrics) -> [(String, String)] {
        [
            ("metricnames", kind.names.joined(separator: ",")),
            ("aggregation", kind.aggregations.joined(separator: ",")),
            ("interval", "PT1H"),
        ]
    }

    private var start: Instant { scope.since ?? Instant(hour: now.hour.advanced(by: -14 * 24)) }
    private var end: Instant { Instant(hour: now.hour) }

    /// Rows of those resources of which the service tells everything. One that does not let us is not asked again.
    private func batch(
        _ kind: AzureMetrics, _ ids: [String], in region: String, _ isBatched: inout Bool
    ) async throws -> [String: [MetricRow]] {
        let query =
            asked(kind) + [
                ("metricnamespace", kind.type), ("starttime", start.description), ("endtime", end.description),
            ]
        let body = JSONValue.object(["resourceids": .array(ids.map(JSONValue.string))])
        do throws(CloudFailure) {
            guard let call = try session.batch(region, subscription: account, query, body: body) else { return [:] }
            let answer = try await session.client.send(call) { (response) throws(CloudFailure) in
                try CloudItem(json: response)
            }
            // Ids may come back in other letters.
            let own = Dictionary(ids.map { ($0.lowercased(), $0) }) { first, _ in first }
            let told = answer.list("values").filter { item in
                item.list("value").allSatisfy { ["", "Success"].contains($0["errorCode"]) }
            }
            return Dictionary(
                told.compactMap { item in own[item["resourceid"].lowercased()].map { ($0, rows(kind, $0, item)) } }
            ) { first, _ in first }
        } catch {
            guard error.kind != .cancelled else { throw error }
            if [.permission, .unsupported, .auth].contains(error.kind) { isBatched = false }
            return [:]
        }
    }

    private func rows(_ kind: AzureMetrics, _ id: String) async throws -> [MetricRow] {
        let query = asked(kind) + [("timespan", "\(start)/\(end)")]
        let answer = try await detail("metrics of \(id)") { () async throws(CloudFailure) in
            let call = try session.call(.metrics, subscription: account, resource: id, query)
            return try await session.client.send(call) { (response) throws(CloudFailure) in
                try CloudItem(json: response)
            }
        }
        return answer.map { rows(kind, id, $0) } ?? []
    }

    /// A point is of the hour that begins at its time.
    private func rows(_ kind: AzureMetrics, _ id: String, _ answer: CloudItem) -> [MetricRow] {
        answer.list("value").flatMap { metric in
            metric.list("timeseries").flatMap { $0.list("data") }.flatMap { point in
                kind.aggregations.compactMap { aggregation -> MetricRow? in
                    guard let time = Instant(fractional: point["timeStamp"]),
                        let value = Double(point[aggregation.lowercased()]), value.isFinite
                    else { return nil }
                    return MetricRow(
                        time: time, provider: provider, resource: id, metric: metric["name.value"],
                        statistic: aggregation.lowercased(), value: value, unit: metric["unit"])
                }
            }
        }
    }
}
