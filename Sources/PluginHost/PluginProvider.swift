internal import Foundation
public import PlimsollCore
public import PlimsollPlugin

/// A provider that is a program of its own, reached over the Plimsoll Plugin Protocol.
///
/// Reads wait for each other: a plugin does one thing at a time. Where it breaks the protocol its processes are
/// killed, and every later call throws why. Where it was killed from outside it is started again, up to three times.
public final class PluginProvider: CollectingProvider {
    /// What the plugin said of itself.
    public let manifest: PluginManifest
    private let worker: PluginWorker
    private let gate = Gate()

    private init(_ manifest: PluginManifest, _ worker: PluginWorker) {
        (self.manifest, self.worker) = (manifest, worker)
    }

    /// Starts and configures a plugin, known as `name` in messages. Throws where it cannot be used, or is no provider.
    public static func start(
        _ program: PluginProgram, name: String, settings: JSONValue = [:], secrets: [String: String] = [:]
    ) async throws(ProviderFailure) -> PluginProvider {
        let worker = PluginWorker(PluginSetup(name: name, program: program, settings: settings, secrets: secrets))
        let manifest = try await worker.start()
        guard manifest.kind == .provider else {
            await worker.close()
            throw ProviderFailure(
                code: "config", message: "the plugin `\(name)` is a \(manifest.kind.rawValue), not a provider",
                hint: "`plimsoll plugin list` shows the kinds")
        }
        return PluginProvider(manifest, worker)
    }

    /// Ends the plugin.
    public func close() async { await worker.close() }

    /// What it is and can do.
    public var descriptor: ProviderDescriptor {
        ProviderDescriptor(
            id: manifest.id, name: manifest.title, capabilities: manifest.capabilities,
            permissions: manifest.permissions, notCovered: manifest.notCovered)
    }

    /// Whether it can be used now.
    public func check() async throws(ProviderFailure) -> Health {
        let result = try await quietly { worker throws(ProviderFailure) in try await worker.call("check") }
        return Health(usable: result["usable"] == true, detail: result["detail"]?.string ?? "")
    }

    /// How its discounts apply; empty without the capability `rules`.
    public func benefitPrograms() async throws(ProviderFailure) -> [BenefitProgram] {
        try await documents("rules", "programs", BenefitProgram.self)
    }

    /// How its bills become FOCUS; empty without the capability `mapping`.
    public func billMappings() async throws(ProviderFailure) -> [BillMapping] {
        try await documents("mapping", "mappings", BillMapping.self)
    }

    private func documents<Document: Decodable & Sendable>(
        _ method: String, _ key: String, _ type: Document.Type
    ) async throws(ProviderFailure) -> [Document] {
        guard manifest.capabilities.contains(method) else { return [] }
        let result = try await quietly { worker throws(ProviderFailure) in try await worker.call(method) }
        do {
            return try PluginDocuments.decode(type, result[key])
        } catch {
            throw ProviderFailure(code: "data", message: "`\(method)` of the plugin: \(error.message)")
        }
    }

    /// One request, while nothing else is asked.
    private func quietly<Value: Sendable>(
        _ body: (PluginWorker) async throws(ProviderFailure) -> Value
    ) async throws(ProviderFailure) -> Value {
        await gate.enter()
        do throws(ProviderFailure) {
            let value = try await body(worker)
            await gate.leave()
            return value
        } catch {
            await gate.leave()
            throw error
        }
    }

    private static func question(_ scope: CollectScope) -> [String: JSONValue] {
        [
            "scope": [
                "accounts": .array(scope.accounts.map(JSONValue.string)),
                "regions": .array(scope.regions.map(JSONValue.string)),
            ],
            "window": ["from": scope.since.map { .string($0.description) } ?? .null],
        ]
    }

    /// The plugin's streams.
    public func pieces(
        of scope: CollectScope
    ) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
        let result = try await quietly { worker throws(ProviderFailure) in
            try await worker.call("discover", .object(Self.question(scope)))
        }
        return PluginDocuments.pieces(result)
    }

    /// Reads a stream. The plugin may be a few batches ahead of the sink, not more.
    public func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws {
        await gate.enter()
        do {
            var params = Self.question(scope)
            params["stream"] = .string(piece.id)
            params["state"] = state.map(JSONValue.string) ?? .null
            try await worker.open("read", params)
            var isTaken = false
            while let (rows, state) = try await worker.next(isTaken: isTaken) {
                try Task.checkCancellation()
                var batch = rows.batch
                batch.state = state
                try await sink.push(batch)
                isTaken = true
            }
        } catch {
            await worker.cancel()
            await gate.leave()
            throw error
        }
        await gate.leave()
    }
}

/// Documents inside of results.
public enum PluginDocuments {
    /// Streams and gaps of `discover`.
    public static func pieces(_ result: JSONValue) -> (pieces: [CollectPiece], gaps: [Gap]) {
        let pieces = (result["streams"]?.array ?? []).map { stream in
            func text(_ key: String) -> String { stream[key]?.string ?? "" }
            return CollectPiece(
                id: text("id"), what: text("what"), account: text("account"), region: text("region"),
                permission: text("permission"))
        }
        return (pieces, PluginRows(["gaps": result["gaps"] ?? []]).batch.gaps)
    }

    /// Reads a list of documents; the fault names the member that is wrong.
    public static func decode<Document: Decodable>(
        _ type: Document.Type, _ json: JSONValue?
    ) throws(PluginFault) -> [Document] {
        do {
            return try JSONDecoder().decode([Document].self, from: Data((json ?? []).canonical.utf8))
        } catch let error as DecodingError {
            throw PluginFault("data", Self.text(error))
        } catch {
            throw PluginFault("data", "\(error)")
        }
    }

    private static func text(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            (context.codingPath + (last.map { [$0] } ?? [])).map { key in
                key.intValue.map { "[\($0)]" } ?? key.stringValue
            }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "`\(path(context, key))` is missing"
        case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
            return "`\(path(context))`: \(context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }
}
