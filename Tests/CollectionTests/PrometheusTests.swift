import CloudHTTP
import Foundation
import KubernetesProvider
import PlimsollCore
import PlimsollTesting
import Testing

/// Debian's Prometheus over blocks that its own promtool made.
final class PrometheusServer: @unchecked Sendable {
    static let folder: String? = {
        let path = MotoEstate.root + "/.tools/prometheus"
        return FileManager.default.isExecutableFile(atPath: path + "/prometheus") ? path : nil
    }()
    static let missing: Comment = "Prometheus is absent: scripts/test-peers gets it from Debian"

    private let data = TemporaryFolder()
    private let process = Process()
    let url: String

    /// Starts one with these samples. Blocks.
    init(openMetrics text: String) throws {
        let programs = try #require(Self.folder)
        try FileManager.default.createDirectory(atPath: data.path, withIntermediateDirectories: true)
        let input = data.path + "/samples.om"
        try Data(text.utf8).write(to: URL(filePath: input))
        try Data().write(to: URL(filePath: data.path + "/none.yml"))
        let maker = Process()
        maker.executableURL = URL(filePath: programs + "/promtool")
        maker.arguments = ["tsdb", "create-blocks-from", "openmetrics", input, data.path + "/data"]
        maker.standardOutput = FileHandle.nullDevice
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        try #require(maker.terminationStatus == 0, "promtool made no blocks")
        // A port that was free a moment ago.
        let probe = try FaultServer { _ in [.close] }
        let port = probe.port
        probe.stop()
        url = "http://127.0.0.1:\(port)"
        process.executableURL = URL(filePath: programs + "/prometheus")
        process.arguments = [
            "--config.file=\(data.path)/none.yml", "--storage.tsdb.path=\(data.path)/data",
            "--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Waits until it answers.
    func ready(_ client: CloudClient) async throws {
        for _ in 0..<600 {
            guard let request = CloudRequest(method: "GET", url: url + "/-/ready") else { return }
            var settings = CloudClient.Settings()
            settings.retry.attempts = 1
            let once = CloudClient(transport: client.transport, settings: settings)
            if (try? await once.send(CloudCall("ready", request, limit: .init(service: "ready")))) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("Prometheus did not start")
    }

    deinit { process.terminate() }
}

@Suite("Usage from Prometheus") struct PrometheusTests {
    private static let start = 1_772_236_800  // 2026-02-28T00:00:00Z
    private static let labels = #"namespace="shop",pod="web-1",container="app",cluster="prod""#

    /// Half a core, but two in the first ten minutes of every hour; memory that grows by 1 MiB a minute in each hour.
    private static func samples(hours: Int) -> String {
        var (cpu, memory, periods, throttled, volume, node) = ("", "", "", "", "", "")
        var (total, throttledTotal) = (0.0, 0.0)
        for minute in 0...(hours * 60) {
            let time = start - 3_600 + minute * 60
            let inHour = minute % 60
            cpu += "container_cpu_usage_seconds{\(labels)} \(total) \(time)\n".replacing(
                "seconds{", with: "seconds_total{")
            cpu +=
                "container_cpu_usage_seconds_total{namespace=\"shop\",pod=\"web-1\",container=\"\",cluster=\"prod\"} \(total * 9) \(time)\n"
            cpu +=
                "container_cpu_usage_seconds_total{namespace=\"shop\",pod=\"web-1\",container=\"app\",cluster=\"test\"} \(total * 2) \(time)\n"
            node +=
                "container_cpu_usage_seconds_total{id=\"/\",node=\"node-1\",cluster=\"prod\"} \(Double(minute) * 90) \(time)\n"
            memory += "container_memory_working_set_bytes{\(labels)} \((inHour == 0 ? 60 : inHour) << 20) \(time)\n"
            periods += "container_cpu_cfs_periods_total{\(labels)} \(minute * 600) \(time)\n"
            throttled += "container_cpu_cfs_throttled_periods_total{\(labels)} \(throttledTotal) \(time)\n"
            volume +=
                "kubelet_volume_stats_used_bytes{namespace=\"shop\",persistentvolumeclaim=\"data\",cluster=\"prod\"} \(minute) \(time)\n"
            total += inHour < 10 ? 120 : 30
            throttledTotal += 150
        }
        func type(_ name: String, _ type: String, _ text: String) -> String { "# TYPE \(name) \(type)\n" + text }
        return type("container_cpu_usage_seconds", "counter", cpu + node)
            + type("container_memory_working_set_bytes", "gauge", memory)
            + type("container_cpu_cfs_periods", "counter", periods)
            + type("container_cpu_cfs_throttled_periods", "counter", throttled)
            + type("kubelet_volume_stats_used_bytes", "gauge", volume) + "# EOF\n"
    }

    private static func clusters(_ client: CloudClient, _ prometheus: String, _ api: FaultServer) throws
        -> KubernetesClusters
    {
        var options = KubernetesClusters.Options()
        options.endpoint = api.url
        options.prometheus = prometheus
        options.selector = #"cluster="prod""#
        let sources = CredentialSources(environment: [:], home: "/nowhere", client: client)
        let now = try #require(Instant("2026-03-02T02:30:00Z"))
        return KubernetesClusters(client: client, sources: sources, options: options, now: now)
    }

    private static func empty() throws -> FaultServer {
        try FaultServer { _ in .respond(200, #"{"gitVersion": "v1", "items": [], "metadata": {}}"#) }
    }

    @Test(
        "hours of the real Prometheus, in the hour they are of",
        .enabled(if: PrometheusServer.folder != nil, PrometheusServer.missing))
    func real() async throws {
        let client = try directClient()
        let api = try Self.empty()
        defer { api.stop() }
        let server = try await blocking { try PrometheusServer(openMetrics: Self.samples(hours: 51)) }
        try await server.ready(client)
        let clusters = try Self.clusters(client, server.url, api)
        let scope = CollectScope(since: Instant("2026-02-28T00:00:00Z"))
        let read = try await Collected(clusters, scope)
        #expect(read.failed.isEmpty && read.allGaps.isEmpty, "\(read.failed)")
        let app = "/api/v1/namespaces/shop/pods/web-1/containers/app"
        func rows(_ metric: String, _ statistic: String, _ id: String = app) -> [MetricRow] {
            read.metrics.filter { $0.metric == metric && $0.statistic == statistic && $0.resource == id }
        }
        let hours = (0..<50).map { Instant(hour: Hour(index: Self.start / 3_600 + $0)) }
        let mean = rows("container_cpu_usage_seconds_total", "average")
        #expect(mean.map(\.time) == hours && mean.allSatisfy { $0.unit == "cores" && $0.provider == "kubernetes" })
        #expect(
            mean.allSatisfy { abs($0.value - 0.75) < 0.02 }, "ten minutes of two, fifty of a half: \(mean.map(\.value))"
        )
        let most = rows("container_cpu_usage_seconds_total", "maximum")
        #expect(most.count == 50 && most.allSatisfy { abs($0.value - 2) < 0.05 })
        let high = rows("container_cpu_usage_seconds_total", "p95")
        #expect(high.count == 50 && high.allSatisfy { $0.value > 0.75 && $0.value <= 2.05 })
        let memory = rows("container_memory_working_set_bytes", "maximum")
        #expect(memory.map(\.value) == Array(repeating: Double(60 << 20), count: 50))
        let ratio = rows("container_cpu_cfs_throttled_periods_total", "ratio")
        #expect(ratio.count == 50 && ratio.allSatisfy { abs($0.value - 0.25) < 0.01 })
        let volume = rows(
            "kubelet_volume_stats_used_bytes", "maximum", "/api/v1/namespaces/shop/persistentvolumeclaims/data")
        #expect(volume.map(\.value) == (2...51).map { Double($0 * 60) }, "the value at the hour's end")
        let node = rows("container_cpu_usage_seconds_total", "average", "/api/v1/nodes/node-1")
        #expect(node.count == 50 && node.allSatisfy { abs($0.value - 1.5) < 0.01 })
        #expect(Set(read.metrics.map(\.resource)).count == 3, "neither the pod's sum nor another cluster")
    }

    @Test("what is too much for the server is asked in halves; warnings are gaps; states go on from their day")
    func halves() async throws {
        let api = try Self.empty()
        let server = try FaultServer { request in
            let (start, end) = (Int(request.query("start") ?? "") ?? 0, Int(request.query("end") ?? "") ?? 0)
            guard request.query("query")?.contains("node!=") == true else {
                return .respond(200, #"{"status": "success", "data": {"resultType": "matrix", "result": []}}"#)
            }
            guard end - start < 6 * 3_600 else {
                return .respond(422, #"{"status": "error", "errorType": "execution", "error": "too many samples"}"#)
            }
            let values =
                stride(from: start, through: end, by: 3_600).map { "[\($0).0, \"1.5\"]" } + ["[\(end), \"NaN\"]"]
            return .respond(
                200,
                #"{"status": "success", "warnings": ["a store is gone"], "data": {"resultType": "matrix", "result": "#
                    + #"[{"metric": {"node": "b"}, "values": [\#(values.joined(separator: ","))]}, "#
                    + #"{"metric": {"node": "a"}, "values": [[\#(start), "2"]]}, {"metric": {}, "values": []}]}}"#)
        }
        defer {
            api.stop()
            server.stop()
        }
        let clusters = try Self.clusters(try directClient(), server.url + "/prefix/", api)
        let scope = CollectScope(since: Instant("2026-02-28T00:00:00Z"))
        let read = try await Collected(clusters, scope)
        #expect(read.failed.isEmpty)
        let cores = read.metrics.filter { $0.unit == "cores" }
        let times = cores.filter { $0.resource == "/api/v1/nodes/b" }.map(\.time)
        #expect(times == (0..<50).map { Instant(hour: Hour(index: Self.start / 3_600 + $0)) })
        #expect(!read.allGaps.isEmpty && read.allGaps.allSatisfy { $0.reason.contains("a store is gone") })
        #expect(server.requests.allSatisfy { $0.path == "/prefix/api/v1/query_range" })
        let states = read.batches.compactMap(\.state)
        #expect(states == ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-02T02:00:00Z"])
        let sink = KeptBatches()
        let piece = try #require(try await clusters.pieces(of: scope).pieces.last)
        try await clusters.read(piece, of: scope, from: states[1], into: sink)
        #expect(
            Set(sink.all.flatMap(\.metrics).map(\.time.description)) == [
                "2026-03-02T00:00:00Z", "2026-03-02T01:00:00Z",
            ])
    }
}
