import Foundation
import PlimsollCore
import PlimsollPlugin
import PlimsollTesting
import PluginConformance
import PluginHost
import Testing

/// Plugins as providers and recommenders of this program.
@Suite(.enabled(if: Checkout.python, Checkout.noPython))
struct PluginProviderTests {
    private static func sample(_ path: String) -> String { Checkout.root.appending(path: "Plugins/" + path).path }

    @Test func `a plugin gives what its program says`() async throws {
        let folder = try PluginFolder()
        let provider = try await PluginProvider.start(
            PluginProgram(path: try folder.scaffold(.provider)), name: "sample", secrets: ["token": "a-token"])
        #expect(provider.descriptor.capabilities == ["resources", "prices"])
        #expect(try await provider.check().usable)
        let faults = await CollectionChecks.faults(of: provider, scope: CollectScope())
        #expect(faults.isEmpty, "\(faults)")
        let servers = try #require(try await provider.pieces(of: CollectScope()).pieces.first)
        let kept = KeptBatches()
        try await provider.read(servers, of: CollectScope(), from: "2", into: kept)
        let batches = await kept.batches
        #expect(batches.flatMap(\.resources).map(\.id) == ["server-3", "server-4", "server-5"])
        #expect(batches.last?.state == "5")
        await provider.close()
    }

    @Test func `what a plugin tells of is its failure, and it goes on`() async throws {
        let folder = try PluginFolder()
        let provider = try await PluginProvider.start(
            PluginProgram(path: try folder.scaffold(.provider)), name: "sample", secrets: ["token": "a-token"])
        let piece = CollectPiece(id: "nothing", what: "nothing")
        await #expect(throws: ProviderFailure(code: "config", message: "there is no stream nothing")) {
            try await provider.read(piece, of: CollectScope(), from: nil, into: KeptBatches())
        }
        #expect(try await provider.check().usable)
        await provider.close()
    }

    @Test func `a missing secret is told before anything is sent`() async throws {
        let folder = try PluginFolder()
        let program = PluginProgram(path: try folder.scaffold(.provider))
        let failure = await #expect(throws: ProviderFailure.self) {
            _ = try await PluginProvider.start(program, name: "sample")
        }
        #expect(failure?.code == "config")
        #expect(failure?.message.contains("the secret `token` is missing") == true)
    }

    @Test func `a plugin that breaks the protocol is ended, and says why ever after`() async throws {
        let folder = try PluginFolder()
        _ = try folder.scaffold(.provider, as: "good_provider.py")
        let text = try String(
            contentsOf: Checkout.root.appending(path: "Tests/Fixtures/plugin-mutants/price-number.py"), encoding: .utf8)
        let provider = try await PluginProvider.start(
            PluginProgram(path: try folder.add("wrong.py", text)), name: "wrong", secrets: ["token": "a-token"])
        for _ in 0..<2 {
            let failure = await #expect(throws: ProviderFailure.self) {
                let piece = CollectPiece(id: "prices", what: "prices")
                try await provider.read(piece, of: CollectScope(), from: nil, into: KeptBatches())
            }
            #expect(failure?.message.contains("the plugin `wrong` was ended: batch 1: `prices[0].price`") == true)
        }
        await provider.close()
    }

    @Test func `a sink that fails ends the read and not the plugin`() async throws {
        struct Full: Error {}
        struct FullSink: CollectSink {
            func push(_ batch: CollectedBatch) async throws { throw Full() }
        }
        let folder = try PluginFolder()
        let provider = try await PluginProvider.start(
            PluginProgram(path: try folder.scaffold(.provider)), name: "sample", secrets: ["token": "a-token"])
        let piece = CollectPiece(id: "servers", what: "servers")
        await #expect(throws: Full.self) {
            try await provider.read(piece, of: CollectScope(), from: nil, into: FullSink())
        }
        let kept = KeptBatches()
        try await provider.read(piece, of: CollectScope(), from: nil, into: kept)
        #expect(await kept.batches.flatMap(\.resources).count == 5)
        await provider.close()
    }

    @Test func `a recommender judges what it is given`() async throws {
        let recommender = try await PluginRecommender.start(
            PluginProgram(path: Self.sample("spare-addresses/spare_addresses.py")), name: "spare",
            settings: ["keep_tag": "keep"])
        var kept = Resource(provider: "x", type: "address", id: "a-2")
        kept.tags = ["keep": ""]
        let estate = PluginEstate(resources: [
            Resource(provider: "x", type: "address", id: "a-1"), kept, Resource(provider: "x", type: "user", id: "u-1"),
        ])
        let verdicts = try await recommender.verdicts(estate)
        #expect(
            verdicts == [
                Verdict(
                    recommender: "spare-addresses", subject: "a-1",
                    outcome: .recommend(evidence: "it is attached to nothing")),
                Verdict(recommender: "spare-addresses", subject: "a-2", outcome: .keep(reason: "it has the tag keep")),
            ])
        await recommender.close()
    }

    @Test(arguments: ["nimbus/nimbus.py", "spare-addresses/spare_addresses.py"])
    func `the examples keep every rule`(_ name: String) throws {
        for result in PluginKit(PluginProgram(path: Self.sample(name))).run() {
            #expect(result.broken == nil, "\(result.rule)")
        }
        let text = try String(contentsOfFile: Self.sample(name), encoding: .utf8)
        #expect(text.contains(PluginScaffold.pythonProtocol), "its part with the protocol is not the present one")
    }

    private static let hasPerl: Bool = {
        let places = ["/usr/share/perl", "/System/Library/Perl"].flatMap { place in
            ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).map { "\(place)/\($0)/JSON/PP.pm" }
        }
        return places.contains(where: FileManager.default.fileExists)
    }()

    @Test(.enabled(if: hasPerl, "there is no Perl with JSON::PP"))
    func `an example in a language that Plimsoll knows nothing of keeps every rule`() async throws {
        let path = Self.sample("colo/colo.pl")
        let results = PluginKit(PluginProgram(path: path)).run()
        for result in results { #expect(result.broken == nil, "\(result.rule)") }
        #expect(results.contains { $0.rule == "kill.resume" && $0.outcome == .kept })
        let folder = try PluginFolder()
        try folder.add("list.csv", "name,rack,size,cores,eur_a_month\nköln-1,r1,big,64,730\nb,r2,big,64,730\n")
        let provider = try await PluginProvider.start(
            PluginProgram(path: path), name: "colo", settings: ["file": .string(folder.path + "/list.csv")])
        let kept = KeptBatches()
        for id in ["machines", "prices"] {
            try await provider.read(CollectPiece(id: id, what: id), of: CollectScope(), from: nil, into: kept)
        }
        #expect(await kept.batches.flatMap(\.resources).map(\.id) == ["r1/köln-1", "r2/b"])
        #expect(await kept.batches.flatMap(\.prices).map(\.price) == [Money("1")])
        await provider.close()
        try folder.add("list.csv", "name,rack,size,cores,eur_a_month\nonly,four,cells,8\n")
        let other = try await PluginProvider.start(
            PluginProgram(path: path), name: "colo", settings: ["file": .string(folder.path + "/list.csv")])
        let failure = await #expect(throws: ProviderFailure.self) {
            try await other.read(
                CollectPiece(id: "machines", what: "m"), of: CollectScope(), from: nil, into: KeptBatches())
        }
        #expect(failure?.code == "data" && failure?.message.contains("list.csv:2: five cells") == true)
        await other.close()
    }

    @Test(.enabled(if: Checkout.built("idle-volumes-swift") != nil, "the example is not built: swift build"))
    func `the Swift example keeps every rule`() throws {
        let results = PluginKit(PluginProgram(path: try #require(Checkout.built("idle-volumes-swift")))).run()
        for result in results { #expect(result.broken == nil, "\(result.rule)") }
        #expect(results.contains { $0.rule == "kill.resume" && $0.outcome == .kept })
    }
}

/// The list of a project's plugins.
@Suite struct PluginRegistryTests {
    @Test func `what is written is read, and a changed program is not run`() throws {
        let folder = try PluginFolder()
        try folder.add("program", "#!/bin/sh\nexit 1\n")
        var registry = try PluginRegistry(folder: folder.path)
        #expect(registry.plugins.isEmpty)
        var plugin = RegisteredPlugin(
            name: "acme", path: "program", sha256: try PluginRegistry.sha256(of: folder.path + "/program"))
        plugin.settings = ["region": "north"]
        plugin.secrets = ["token": .environment("ACME"), "key": .file("key.txt")]
        plugin.environment = ["HTTPS_PROXY"]
        registry.plugins = [plugin]
        try FileManager.default.createDirectory(atPath: folder.path + "/.plimsoll", withIntermediateDirectories: true)
        try Data(registry.bytes).write(to: URL(filePath: registry.path))
        let again = try PluginRegistry(folder: folder.path)
        #expect(again == registry)
        #expect(try again.program(of: plugin).path == folder.path + "/program")
        try folder.add("program", "#!/bin/sh\nexit 2\n")
        #expect { try again.program(of: plugin) } throws: {
            ($0 as? Failure)?.diagnostics.first?.code == "plugin.changed"
        }
        #expect { try again.plugin("acne") } throws: { error in
            (error as? Failure)?.diagnostics.first?.hint?.contains("did you mean `acme`?") == true
        }
    }

    @Test func `a list that is none is refused`() throws {
        let folder = try PluginFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/.plimsoll", withIntermediateDirectories: true)
        for text in ["{", #"{"plugins": [{"name": "x"}]}"#] {
            try folder.add(".plimsoll/plugins.json", text)
            #expect { try PluginRegistry(folder: folder.path) } throws: { error in
                (error as? Failure)?.diagnostics.first?.code == "plugin.bad-registry"
            }
        }
    }
}
