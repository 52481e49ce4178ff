import Foundation
import PlimsollCore
import PlimsollPlugin

/// Streams made-up measurements as fast as they are taken: `ROWS` of them.
struct Streaming: CollectingProvider {
    static let manifest = PluginManifest(
        name: "stream-swift", version: "1.0.0", kind: .provider, capabilities: ["metrics"], id: "stream-swift",
        title: "Stream")

    let rows: Int

    var descriptor: ProviderDescriptor {
        ProviderDescriptor(
            id: Self.manifest.id, name: Self.manifest.title, capabilities: Self.manifest.capabilities, permissions: [],
            notCovered: [])
    }

    func check() async throws(ProviderFailure) -> Health { Health(usable: true, detail: "made up") }

    func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
        ([CollectPiece(id: "metrics", what: "metrics")], [])
    }

    func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws {
        let start = Hour(index: 491_000)
        var number = Int(state ?? "") ?? 0
        while number < rows {
            var batch = CollectedBatch()
            let end = min(number + 1_000, rows)
            batch.metrics = (number..<end).map {
                MetricRow(
                    time: Instant(hour: start.advanced(by: $0 % 336)), provider: "stream-swift",
                    resource: "server-\($0 / 336)", metric: "cpu", statistic: "average", value: Double($0 % 100) / 2,
                    unit: "percent")
            }
            batch.state = String(end)
            try await sink.push(batch)
            number = end
        }
    }
}

let module = PluginModule(Streaming.manifest) { settings, secrets in
    var instance = PluginModule.Instance()
    instance.collecting = Streaming(rows: Int(ProcessInfo.processInfo.environment["STREAM_ROWS"] ?? "") ?? 1_000_000)
    return instance
}
exit(await PluginServer.run(module))
