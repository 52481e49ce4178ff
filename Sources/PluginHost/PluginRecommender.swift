internal import Foundation
public import PlimsollCore
public import PlimsollPlugin

/// What is known of an estate: rows of `resources` and `metrics`.
public struct PluginEstate: Hashable, Sendable {
    /// Things in clouds.
    public var resources: [Resource]
    /// Measurements; nil = there are none to be had.
    public var metrics: [MetricRow]?

    /// An estate.
    public init(resources: [Resource], metrics: [MetricRow]? = nil) {
        (self.resources, self.metrics) = (resources, metrics)
    }

    /// Writes it where a plugin reads it; the parameters that name the files. The folder is the caller's to remove.
    public func write(into folder: String) throws(PluginFault) -> [String: JSONValue] {
        func file<Row>(_ name: String, _ rows: [Row], _ line: (Row) -> [UInt8]) throws(PluginFault) -> JSONValue {
            var bytes: [UInt8] = []
            for row in rows { bytes += line(row) + [0x0A] }
            let path = folder + "/" + name
            guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
                throw PluginFault("process.start", "`\(path)` cannot be written")
            }
            return .string(path)
        }
        return [
            "resources": try file("resources.jsonl", resources) { RowWriter.line($0) },
            "metrics": try metrics.map { rows throws(PluginFault) in
                try file("metrics.jsonl", rows) { RowWriter.line($0) }
            } ?? .null,
        ]
    }
}

/// A recommender that is a program of its own.
public final class PluginRecommender: Sendable {
    /// What the plugin said of itself.
    public let manifest: PluginManifest
    private let worker: PluginWorker
    private let gate = Gate()

    private init(_ manifest: PluginManifest, _ worker: PluginWorker) {
        (self.manifest, self.worker) = (manifest, worker)
    }

    /// Starts and configures a plugin, known as `name` in messages. Throws where it cannot be used, or is none.
    public static func start(
        _ program: PluginProgram, name: String, settings: JSONValue = [:], secrets: [String: String] = [:]
    ) async throws(ProviderFailure) -> PluginRecommender {
        let worker = PluginWorker(PluginSetup(name: name, program: program, settings: settings, secrets: secrets))
        let manifest = try await worker.start()
        guard manifest.kind == .recommender else {
            await worker.close()
            throw ProviderFailure(
                code: "config", message: "the plugin `\(name)` is a \(manifest.kind.rawValue), not a recommender",
                hint: "`plimsoll plugin list` shows the kinds")
        }
        return PluginRecommender(manifest, worker)
    }

    /// Ends the plugin.
    public func close() async { await worker.close() }

    /// Stable id, as in its verdicts.
    public var id: String { manifest.id }
    /// Title for people.
    public var title: String { manifest.title }

    /// A verdict for every resource of its types, in the plugin's order.
    public func verdicts(_ estate: PluginEstate) async throws(ProviderFailure) -> [Verdict] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-plugin-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        await gate.enter()
        do throws(ProviderFailure) {
            let params: [String: JSONValue]
            do throws(PluginFault) {
                try? FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                params = try estate.write(into: folder)
            } catch {
                throw error.failure(of: manifest.name)
            }
            try await worker.open("recommend", params)
            var found: [Verdict] = []
            while let (rows, _) = try await worker.next(isTaken: !found.isEmpty) {
                found += rows.verdicts.map { verdict in
                    var verdict = verdict
                    verdict.recommender = manifest.id
                    return verdict
                }
            }
            await gate.leave()
            return found
        } catch {
            await gate.leave()
            throw error
        }
    }
}
