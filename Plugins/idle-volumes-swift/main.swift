import Foundation
import PlimsollCore
import PlimsollPlugin

/// A provider with as many made-up volumes as asked for: the Swift example, and what measures the protocol's speed.
struct Volumes: CollectingProvider {
    static let manifest: PluginManifest = {
        var manifest = PluginManifest(
            name: "idle-volumes-swift", version: "0.1.0", kind: .provider, capabilities: ["resources"],
            id: "volumes-example", title: "Made-up volumes (synthetic)")
        manifest.notCovered = ["anything real: every row is synthetic"]
        manifest.settingsSchema = [
            "type": "object", "additionalProperties": false,
            "properties": [
                "volumes": [
                    "type": "integer", "minimum": 0, "maximum": 100_000_000,
                    "description": "how many volumes there are",
                ]
            ],
        ]
        return manifest
    }()

    /// Rows of a batch: the host takes no more.
    static let page = 1_000
    let count: Int

    var descriptor: ProviderDescriptor {
        ProviderDescriptor(
            id: Self.manifest.id, name: Self.manifest.title, capabilities: Self.manifest.capabilities,
            permissions: [], notCovered: Self.manifest.notCovered)
    }

    func check() async throws(ProviderFailure) -> Health {
        Health(usable: true, detail: "\(count) synthetic volumes")
    }

    func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
        ([CollectPiece(id: "volumes", what: "volumes")], [])
    }

    func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws {
        guard var next = Int(state ?? "0"), (0...count).contains(next) else {
            throw ProviderFailure(code: "data", message: "the state `\(state ?? "")` is none of this plugin")
        }
        while next < count {
            let end = min(next + Self.page, count)
            var batch = CollectedBatch()
            batch.resources = (next..<end).map(Self.volume)
            batch.state = String(end)
            try await sink.push(batch)
            next = end
        }
    }

    private static func volume(_ number: Int) -> Resource {
        var volume = Resource(provider: manifest.id, type: "volume", id: "vol-\(number)")
        volume.account = "synthetic"
        volume.region = "north"
        volume.name = "volume \(number)"
        volume.sku = "ssd"
        volume.state = number % 3 == 0 ? "available" : "in-use"
        volume.created = "2026-01-31T00:00:00Z"
        volume.attributes = ["size_gib": "100"]
        if number % 3 != 0 { volume.links = [.init(kind: "attached-to", id: "server-\(number / 3)")] }
        return volume
    }
}

let module = PluginModule(Volumes.manifest) { (settings, _) throws(ProviderFailure) in
    var instance = PluginModule.Instance()
    var count = 7
    if case .int(let asked)? = settings["volumes"] { count = asked }
    instance.collecting = Volumes(count: count)
    return instance
}
exit(await PluginServer.run(module))
