import ArgumentParser
import Foundation
import PlimsollCore
import PlimsollPlugin
import PluginHost
import ScenarioRunner

/// `plimsoll plugin run`: what one plugin gives.
struct PluginRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a registered plugin and print what it gives, one JSON object a line.",
        discussion: """
            Of a provider the batches of all its streams, each with its state; of a recommender its verdicts on \
            the resources given.

            Examples:
              plimsoll plugin run acme
              plimsoll plugin run idle --resources resources.jsonl --metrics metrics.csv
            """)

    @Argument(help: "Its name.") var name: String
    @Option(help: ArgumentHelp("Resources to judge (JSON lines).", valueName: "file")) var resources: String?
    @Option(help: ArgumentHelp("Measurements (CSV).", valueName: "file")) var metrics: String?
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        let registry = try PluginRegistry()
        let plugin = try registry.plugin(name)
        guard plugin.kind == PluginManifest.Kind.recommender.rawValue else { return try rows(registry) }
        guard let resources else {
            throw Failure(
                .usage, "plugin.no-resources", "a recommender needs resources", hint: "name a file with `--resources`")
        }
        let estate = PluginEstate(
            resources: try Interchange.resources(Talk.read(resources), file: InputFiles.name(resources)).value,
            metrics: try metrics.map { path throws(Failure) in
                try Interchange.metrics(Talk.read(path), file: InputFiles.name(path)).value
            })
        let name = name
        let verdicts = try PluginDoor.wait {
            let recommender = try await registry.recommender(name)
            do {
                let verdicts = try await recommender.verdicts(estate)
                await recommender.close()
                return verdicts
            } catch {
                await recommender.close()
                throw error
            }
        }
        let lines = verdicts.map { verdict in
            guard case .object(let members) = PluginRows.json(verdict) else { return "" }
            return JSONValue.object(members.merging(["recommender": .string(verdict.recommender)]) { $1 }).canonical
                + "\n"
        }
        try StandardOutput.write(lines.joined())
    }

    private func rows(_ registry: PluginRegistry) throws {
        let name = name
        try PluginDoor.wait {
            let provider = try await registry.provider(name)
            do {
                let found = try await provider.pieces(of: CollectScope())
                for piece in found.pieces {
                    try await provider.read(piece, of: CollectScope(), from: nil, into: PrintingSink(piece: piece.id))
                }
                await provider.close()
            } catch {
                await provider.close()
                throw error
            }
        }
    }
}

/// Prints batches.
private struct PrintingSink: CollectSink {
    var piece: String

    func push(_ batch: CollectedBatch) async throws {
        let head = "{\"stream\":\(JSONValue.string(piece).canonical),\"rows\":"
        let state = batch.state.map(JSONValue.string) ?? .null
        try StandardOutput.write(
            Array(head.utf8) + RowWriter.rows(batch) + Array(",\"state\":\(state.canonical)}\n".utf8))
    }
}

/// `plimsoll plugin serve`: a module of this program as a plugin, for the conformance kit.
struct PluginServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve a module of this program as a plugin.", shouldDisplay: false)

    @Argument(help: "The module.") var name: String

    func run() throws {
        guard let module = Registry.modules.first(where: { $0.name == name })?.module else {
            throw ValidationError("There is no module '\(name)'.")
        }
        let status = try CloudDoor.wait { await PluginServer.run(module) }
        if status != 0 { throw ExitCode(status) }
    }
}
