internal import CloudHTTP
internal import PlimsollCore

/// Hours from the first to before the last.
private typealias HourRange = Range<Int>

extension KubeListings {
    static let metrics = KubeListing("metrics", "usage from Prometheus") { reader in
        guard let address = reader.options.prometheus else {
            throw CloudFailure(
                .config, "no Prometheus is named, so that usage is not known",
                hint: "give its address with `--prometheus`, such as one of `kubectl port-forward`")
        }
        let source = PrometheusSource(reader: reader, address: address)
        // Two weeks, where nothing else is asked for; the hour that runs is left out.
        let end = reader.now.hour.index
        var start = reader.scope.since.map(\.hour.index) ?? end - 14 * 24
        if let state = reader.state.flatMap({ Instant($0) }) { start = max(start, state.hour.index) }
        while start < end {
            let next = min(start + 24, end)
            for query in PrometheusQuery.all { try await source.read(query, start..<next) }
            var mark = CollectedBatch()
            mark.state = Instant(hour: Hour(index: next)).description
            try await reader.sink.push(mark)
            start = next
        }
    }
}

/// Asks Prometheus. Prometheus, "HTTP API": range queries.
private struct PrometheusSource: Sendable {
    let reader: KubeReader
    let address: String

    /// Reads the hours of a range; where they are too much for the server or for us, in halves.
    func read(_ query: PrometheusQuery, _ hours: HourRange) async throws {
        let answer: (rows: [MetricRow], warnings: [String])
        do throws(CloudFailure) { answer = try await ask(query, hours) } catch {
            guard hours.count > 1, Self.isTooMuch(error) else { throw error }
            let middle = hours.lowerBound + hours.count / 2
            try await read(query, hours.lowerBound..<middle)
            try await read(query, middle..<hours.upperBound)
            return
        }
        try await reader.push(answer.rows)
        guard !answer.warnings.isEmpty else { return }
        let failure = CloudFailure(
            .data, answer.warnings.joined(separator: "; "), hint: "look at the stores behind Prometheus")
        let from = Instant(hour: Hour(index: hours.lowerBound))
        try await reader.gap("part of \(query.metric) (\(query.statistic)) from \(from) on", failure)
    }

    /// What a smaller question may mend: too many samples, no answer in time, a response over the cap.
    private static func isTooMuch(_ failure: CloudFailure) -> Bool {
        failure.isOverCap || [422, 503, 504].contains(failure.status)
    }

    private func ask(_ query: PrometheusQuery, _ hours: HourRange) async throws(CloudFailure) -> (
        rows: [MetricRow], warnings: [String]
    ) {
        let first = Instant(hour: Hour(index: hours.lowerBound + 1)).secondsSince1970
        let last = Instant(hour: Hour(index: hours.upperBound)).secondsSince1970
        guard var request = CloudRequest(method: "GET", url: address) else {
            throw CloudFailure(.config, "`\(address)` is no address", hint: "give `--prometheus http://HOST:PORT`")
        }
        while request.path.hasSuffix("/") { request.path.removeLast() }
        request.path += "/api/v1/query_range"
        request.query = [
            ("query", query.text(reader.options.selector)), ("start", String(Int(first))), ("end", String(Int(last))),
            ("step", "3600"),
        ]
        if let token = reader.options.prometheusToken {
            guard request.isPrivate else {
                throw CloudFailure(
                    .config, "tokens are not sent to `\(request.host)` over an open connection", hint: "use https")
            }
            request.setHeader("Authorization", "Bearer \(token.value)")
        }
        let call = CloudCall("prometheus:query_range", request, limit: .init(service: "prometheus"))
        return try await reader.client.send(call) { (response) throws(CloudFailure) in
            let answer = CloudItem(try response.json())
            return (try rows(query, answer), answer.texts("warnings"))
        }
    }

    /// Rows in the order of their resource and time, whatever order the server has.
    private func rows(_ query: PrometheusQuery, _ answer: CloudItem) throws(CloudFailure) -> [MetricRow] {
        guard answer["data.resultType"] == "matrix" else {
            throw CloudFailure(
                .data, "the answer is no range of Prometheus", hint: "check that `\(address)` is a Prometheus")
        }
        var rows: [MetricRow] = []
        for series in answer.list("data.result") {
            guard let id = query.id(series.members("metric")) else { continue }
            for pair in series.list("values") {
                guard case .array(let parts) = pair.json, parts.count == 2,
                    let time = Double(CloudItem(parts[0]).text), time >= 3_600, time < 1e12,
                    let value = Double(CloudItem(parts[1]).text), value.isFinite
                else { continue }
                rows.append(
                    MetricRow(
                        time: Instant(secondsSince1970: time - 3_600), provider: reader.provider, resource: id,
                        metric: query.metric, statistic: query.statistic, value: value, unit: query.unit))
            }
        }
        return rows.sorted { ($0.resource, $0.time) < ($1.resource, $1.time) }
    }
}
