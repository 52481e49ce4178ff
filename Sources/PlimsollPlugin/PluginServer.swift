internal import Foundation
internal import PlimsollCore

/// Serves a module on standard input and output: the whole of a plugin's main program.
///
///     exit(await PluginServer.run(module))
public enum PluginServer {
    /// Serves until `shutdown` or the end of standard input. Returns the exit code.
    public static func run(_ module: PluginModule) async -> Int32 {
        guard ProcessInfo.processInfo.environment[PluginProtocol.cookieName] == PluginProtocol.cookie else {
            let text =
                "\(module.manifest.name) \(module.manifest.version) is a plugin of Plimsoll: "
                + "`plimsoll plugin add` registers it\n"
            FileHandle.standardError.write(Data(text.utf8))
            return 64
        }
        return await PluginConversation(module).run()
    }
}

/// One conversation. Only its own task uses it.
final class PluginConversation {
    let wire = PluginWire()
    let module: PluginModule
    private var isInitialized = false
    private var instance: PluginModule.Instance?

    init(_ module: PluginModule) { self.module = module }

    func run() async -> Int32 {
        while let request = wire.next() {
            do throws(PluginError) {
                let result = try await answer(request)
                wire.answer(request.id, result)
                if request.method == "shutdown" { return 0 }
            } catch {
                wire.answer(request.id, error)
            }
        }
        return 0
    }

    private func answer(_ request: PluginWire.Request) async throws(PluginError) -> JSONValue {
        switch request.method {
        case "ping", "shutdown": return [:]
        case "initialize": return try initialize(request.params)
        default: break
        }
        let known = ["configure", "check", "discover", "read", "recommend", "rules", "mapping"]
        guard known.contains(request.method) else {
            throw PluginError(PluginError.noMethod, "there is no method \(request.method)")
        }
        guard isInitialized else { throw PluginError(PluginError.order, "`initialize` comes first") }
        if request.method == "configure" { return try await configure(request.params) }
        guard let instance else { throw PluginError(PluginError.order, "`configure` comes first") }
        return try await answer(request, instance)
    }

    private func answer(
        _ request: PluginWire.Request, _ instance: PluginModule.Instance
    ) async throws(PluginError) -> JSONValue {
        let capabilities = module.manifest.capabilities
        do throws(ProviderFailure) {
            switch request.method {
            case "check":
                let health: Health
                if let provider = instance.collecting {
                    health = try await provider.check()
                } else {
                    health = try await instance.check()
                }
                return ["usable": .bool(health.usable), "detail": .string(health.detail)]
            case "rules" where capabilities.contains("rules"): return ["programs": instance.programs]
            case "mapping" where capabilities.contains("mapping"): return ["mappings": instance.mappings]
            default: break
            }
        } catch {
            throw PluginError(error)
        }
        switch request.method {
        case "discover" where module.manifest.kind == .provider: return try await discover(request.params, instance)
        case "read" where module.manifest.kind == .provider: return try await read(request, instance)
        case "recommend" where instance.recommend != nil: return try recommend(request, instance)
        default: throw PluginError(PluginError.noMethod, "this plugin has no method \(request.method)")
        }
    }

    private func initialize(_ params: JSONValue) throws(PluginError) -> JSONValue {
        guard !isInitialized else { throw PluginError(PluginError.order, "it is initialized already") }
        guard params["protocol_versions"]?.array?.contains(.string(PluginProtocol.version)) == true else {
            throw PluginError(
                PluginError.failed, "only version \(PluginProtocol.version) of the protocol is spoken here",
                class: "unsupported")
        }
        isInitialized = true
        return module.manifest.json
    }

    private func configure(_ params: JSONValue) async throws(PluginError) -> JSONValue {
        let settings = params["settings"] ?? [:]
        let faults = JSONSchema(module.manifest.settingsSchema).faults(in: settings, named: "settings")
        var secrets: [String: String] = [:]
        if case .object(let members)? = params["secrets"] { secrets = members.compactMapValues(\.string) }
        let missing = module.manifest.secrets.filter { $0.required && secrets[$0.name] == nil }
        let wrong = faults + missing.map { "the secret `\($0.name)` is missing" }
        guard wrong.isEmpty else {
            throw PluginError(PluginError.failed, wrong.joined(separator: "; "), class: "config")
        }
        do throws(ProviderFailure) {
            instance = try await module.make(settings, secrets)
        } catch {
            throw PluginError(error)
        }
        return [:]
    }

    // MARK: Rows

    static func scope(_ params: JSONValue) -> CollectScope {
        func texts(_ key: String) -> [String] { params["scope"]?[key]?.array?.compactMap(\.string) ?? [] }
        return CollectScope(
            accounts: texts("accounts"), regions: texts("regions"),
            since: params["window"]?["from"]?.string.flatMap { Instant($0) })
    }

    private func pieces(
        _ params: JSONValue, _ instance: PluginModule.Instance
    ) async throws(PluginError) -> (pieces: [CollectPiece], gaps: [Gap]) {
        guard let provider = instance.collecting else { return ([], []) }
        do throws(ProviderFailure) {
            return try await provider.pieces(of: Self.scope(params))
        } catch {
            throw PluginError(error)
        }
    }

    private func discover(
        _ params: JSONValue, _ instance: PluginModule.Instance
    ) async throws(PluginError) -> JSONValue {
        let found = try await pieces(params, instance)
        let streams = found.pieces.map { piece -> JSONValue in
            [
                "id": .string(piece.id), "what": .string(piece.what), "account": .string(piece.account),
                "region": .string(piece.region), "permission": .string(piece.permission),
            ]
        }
        return ["streams": .array(streams), "gaps": .array(found.gaps.map(\.json))]
    }

    private func read(
        _ request: PluginWire.Request, _ instance: PluginModule.Instance
    ) async throws(PluginError) -> JSONValue {
        guard let provider = instance.collecting, let id = request.params["stream"]?.string,
            let piece = try await pieces(request.params, instance).pieces.first(where: { $0.id == id })
        else { throw PluginError(PluginError.failed, "there is no such stream", class: "config") }
        let sink = BatchSender(wire, request)
        do {
            try await provider.read(
                piece, of: Self.scope(request.params), from: request.params["state"]?.string, into: sink)
        } catch is BatchSender.Cancelled {
            return sink.end(cancelled: true)
        } catch let failure as ProviderFailure {
            throw PluginError(failure)
        } catch {
            throw PluginError(PluginError.failed, "\(error)", class: "internal")
        }
        return sink.end(cancelled: false)
    }

    private func recommend(
        _ request: PluginWire.Request, _ instance: PluginModule.Instance
    ) throws(PluginError) -> JSONValue {
        let sink = BatchSender(wire, request)
        do {
            let resources = try PluginInput.resources(request.params["resources"]?.string)
            let metrics = try PluginInput.metrics(request.params["metrics"]?.string)
            let verdicts = try instance.recommend?(resources, metrics) ?? []
            for start in stride(from: 0, to: verdicts.count, by: sink.batchRows) {
                try sink.push(Array(verdicts[start..<min(start + sink.batchRows, verdicts.count)]))
            }
        } catch is BatchSender.Cancelled {
            return sink.end(cancelled: true)
        } catch let failure as ProviderFailure {
            throw PluginError(failure)
        } catch {
            throw PluginError(PluginError.failed, "\(error)", class: "internal")
        }
        return sink.end(cancelled: false)
    }
}

/// The files of `recommend`.
enum PluginInput {
    static func resources(_ path: String?) throws(ProviderFailure) -> [Resource] {
        try rows(path, "resources").batch.resources
    }

    static func metrics(_ path: String?) throws(ProviderFailure) -> [MetricRow]? {
        guard let path else { return nil }
        return try rows(path, "metrics").batch.metrics
    }

    private static func rows(_ path: String?, _ kind: String) throws(ProviderFailure) -> PluginRows {
        guard let path, let data = FileManager.default.contents(atPath: path) else {
            throw ProviderFailure(code: "data", message: "the file of `\(kind)` cannot be read")
        }
        let lines = [UInt8](data).split(separator: 0x0A).map { JSONValue(parsing: Array($0)) ?? .null }
        let rows = PluginRows([kind: .array(lines)])
        guard rows.faults.isEmpty else { throw ProviderFailure(code: "data", message: rows.faults[0]) }
        return rows
    }
}
