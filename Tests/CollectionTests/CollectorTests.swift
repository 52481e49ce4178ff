import Collection
import Foundation
import PlimsollCore
import Synchronization
import Testing

/// A provider of as many pieces as it has; what a piece does is the test's.
private struct FakeProvider: CollectingProvider {
    let descriptor = ProviderDescriptor(id: "fake", name: "Fake", capabilities: [], permissions: [], notCovered: [])
    var names: [String]
    var gaps: [Gap] = []
    var work: @Sendable (String, String?, any CollectSink) async throws -> Void

    func check() async throws(ProviderFailure) -> Health { Health(usable: true, detail: "") }

    func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
        (
            names.map { CollectPiece(id: "fake/\($0)", what: $0, account: "a", region: "r", permission: "fake:\($0)") },
            gaps
        )
    }

    func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws {
        try await work(piece.what, state, sink)
    }

    static func batch(_ ids: [String], state: String? = nil) -> CollectedBatch {
        var batch = CollectedBatch()
        batch.resources = ids.map { Resource(provider: "fake", type: "instance", id: $0) }
        batch.state = state
        return batch
    }
}

/// A folder that goes away with the test.
final class TemporaryFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/plimsoll-collect-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    /// Ids of the resources, in order.
    func ids() throws -> [String] {
        try text("resources.jsonl").split(separator: "\n").map { line in
            try #require(JSONValue(parsing: Array(line.utf8)).flatMap(Resource.init)).id
        }
    }
}

private struct Killed: Error {}

@Suite("Collector")
struct CollectorTests {
    private let folder = TemporaryFolder()

    private func collect(_ provider: FakeProvider, label: String = "") async throws -> Collector.Result {
        try await Collector().collect(provider, CollectScope(), label: label, into: folder.path)
    }

    @Test("files are in the order of the pieces, however these end; all of the contract's files are there")
    func order() async throws {
        let provider = FakeProvider(names: ["1", "2", "3", "4", "5", "6", "7", "8"]) { name, _, sink in
            // The first end last.
            for _ in 0..<(9 - (Int(name) ?? 0)) { await Task.yield() }
            try await sink.push(FakeProvider.batch(["\(name)a"]))
            await Task.yield()
            try await sink.push(FakeProvider.batch(["\(name)b"]))
        }
        let result = try await collect(provider)
        #expect(try folder.ids() == (1...8).flatMap { ["\($0)a", "\($0)b"] })
        #expect(result.counts.resources == 16)
        for (name, schema) in [
            ("metrics.csv", InterchangeSchema.metrics), ("prices.csv", .prices), ("commitments.csv", .commitments),
            ("catalog.csv", .catalog),
        ] {
            #expect(try folder.text(name) == schema.header + "\n")
        }
        #expect(try folder.text("gaps.jsonl").isEmpty)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix(".") }
        #expect(left.isEmpty)
    }

    @Test("a piece that is refused becomes a gap with its permission; rows before it stay, other pieces too")
    func gaps() async throws {
        let early = Gap(provider: "fake", what: "regions", reason: "x", remedy: "y")
        let provider = FakeProvider(names: ["1", "2", "3"], gaps: [early]) { name, _, sink in
            try await sink.push(FakeProvider.batch([name]))
            if name == "2" { throw ProviderFailure(code: "permission", message: "no", call: "fake:List2") }
            if name == "3" { throw ProviderFailure(code: "data", message: "broken", hint: "report it") }
        }
        let result = try await collect(provider)
        #expect(result.counts.gaps == 3)
        #expect(try folder.ids() == ["1", "2", "3"])
        let gaps = try folder.text("gaps.jsonl").split(separator: "\n").map {
            try #require(JSONValue(parsing: Array($0.utf8)))
        }
        #expect(gaps.map { $0["permission"]?.string } == ["", "fake:List2", ""])
        #expect(gaps.map { $0["remedy"]?.string?.prefix(9) } == ["y", "allow `fa", "report it"])
    }

    @Test("nothing to collect is a failure with the provider's class, not an empty success")
    func refused() async throws {
        struct Refusing: CollectingProvider {
            let descriptor = ProviderDescriptor(id: "x", name: "", capabilities: [], permissions: [], notCovered: [])
            func check() async throws(ProviderFailure) -> Health { Health(usable: false, detail: "") }
            func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
                throw ProviderFailure(code: "auth", message: "no credentials")
            }
            func read(
                _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
            ) async throws {}
        }
        let failure = await #expect(throws: Failure.self) {
            try await Collector().collect(Refusing(), CollectScope(), label: "", into: folder.path)
        }
        #expect(failure?.diagnostics.first?.code == "cloud.auth")
        #expect(failure?.exitCode == .partial)
    }

    @Test("after a kill, what is finished is not read again, and a piece goes on from its state")
    func resumed() async throws {
        let asked = Mutex<[String]>([])
        func provider(isKilled: Bool) -> FakeProvider {
            FakeProvider(names: ["1", "2"]) { name, state, sink in
                asked.withLock { $0.append("\(name)@\(state ?? "")") }
                guard name == "2" else { return try await sink.push(FakeProvider.batch(["1"])) }
                var page = Int(state ?? "0") ?? 0
                while page < 4 {
                    page += 1
                    try await sink.push(FakeProvider.batch(["2.\(page)"], state: page == 3 ? nil : "\(page)"))
                    if isKilled, page == 3 { throw Killed() }
                }
            }
        }
        await #expect(throws: Failure.self) { try await collect(provider(isKilled: true)) }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/resources.jsonl"))
        let result = try await collect(provider(isKilled: false))
        #expect(result.resumed == 1)
        // Page 3 had no state of its own: it is read twice and kept once.
        #expect(try folder.ids() == ["1", "2.1", "2.2", "2.3", "2.4"])
        #expect(asked.withLock { $0 }.sorted() == ["1@", "2@", "2@2"])
        #expect(result.counts.resources == 5)
    }

    @Test("another scope does not go on with what one left")
    func anotherScope() async throws {
        let provider = FakeProvider(names: ["1", "2"]) { name, _, sink in
            try await sink.push(FakeProvider.batch([name]))
            if name == "2" { throw Killed() }
        }
        await #expect(throws: Failure.self) { try await collect(provider) }
        let other = FakeProvider(names: ["1", "2"]) { name, state, sink in
            #expect(state == nil)
            try await sink.push(FakeProvider.batch(["new\(name)"]))
        }
        let result = try await collect(other, label: "other")
        #expect(result.resumed == 0)
        #expect(try folder.ids() == ["new1", "new2"])
    }

    @Test("two collections into one folder: the second is refused")
    func busy() async throws {
        let path = folder.path
        let refused = Mutex<String?>(nil)
        let provider = FakeProvider(names: ["1"]) { _, _, _ in
            let second = FakeProvider(names: []) { _, _, _ in }
            do throws(Failure) {
                _ = try await Collector().collect(second, CollectScope(), label: "", into: path)
            } catch {
                refused.withLock { $0 = error.diagnostics.first?.code }
            }
        }
        _ = try await collect(provider)
        #expect(refused.withLock { $0 } == "collect.busy")
    }

    @Test("a folder that cannot be made is named")
    func unwritable() async throws {
        let provider = FakeProvider(names: ["1"]) { _, _, _ in }
        let failure = await #expect(throws: Failure.self) {
            try await Collector().collect(provider, CollectScope(), label: "", into: "/dev/null/x")
        }
        #expect(failure?.exitCode == .cannotWrite)
        #expect(failure?.diagnostics.first?.message.contains("/dev/null/x") == true)
    }

    @Test("facts of SKUs that several regions tell are kept once")
    func catalog() async throws {
        let provider = FakeProvider(names: ["1", "2"]) { name, _, sink in
            var batch = CollectedBatch()
            for sku in ["m5.large", "x" + name] {
                var row = CatalogRow()
                row.provider = "fake"
                row.sku = sku
                batch.catalog.append(row)
            }
            try await sink.push(batch)
        }
        _ = try await collect(provider)
        let rows = try folder.text("catalog.csv").split(separator: "\n").dropFirst()
        #expect(rows.map { $0.split(separator: ",")[1] } == ["m5.large", "x1", "x2"])
    }
}
