import AWSProvider
import AlibabaProvider
import ArgumentParser
import AzureProvider
import Foundation
import GCPProvider
import PlimsollCore
import PlimsollPlugin
import PluginHost
import ScenarioRunner

extension Registry {
    /// Modules of this program, as they are served to the conformance kit.
    static var modules: [(name: String, module: PluginModule)] {
        [
            ("aws", module("aws", "Amazon Web Services", AWS.benefitPrograms, AWS.billMappings)),
            ("azure", module("azure", "Microsoft Azure", Azure.benefitPrograms, Azure.billMappings)),
            ("gcp", module("gcp", "Google Cloud", GCP.benefitPrograms, GCP.billMappings)),
            ("alibaba", module("alibaba", "Alibaba Cloud", Alibaba.benefitPrograms, Alibaba.billMappings)),
        ]
    }

    private static func module(
        _ id: String, _ title: String, _ programs: [BenefitProgram], _ mappings: [BillMapping]
    ) -> PluginModule {
        let manifest = PluginManifest(
            name: id, version: Plimsoll.configuration.version, kind: .provider, capabilities: ["rules", "mapping"],
            id: id, title: title)
        return PluginModule(manifest) { (_, _) throws(ProviderFailure) in
            var instance = PluginModule.Instance()
            instance.programs = try json(programs)
            instance.mappings = try json(mappings)
            return instance
        }
    }

    private static func json(_ documents: some Encodable) throws(ProviderFailure) -> JSONValue {
        guard let data = try? JSONEncoder().encode(documents), let json = JSONValue(parsing: [UInt8](data)) else {
            throw ProviderFailure(code: "internal", message: "the module's documents cannot be written")
        }
        return json
    }

    // MARK: What registered plugins bring

    /// Programs of the project's plugins, asked once. One that does not work is left out, and said so.
    static let pluginPrograms: [BenefitProgram] = documents("rules", "programs", BenefitProgram.self)
    /// Mappings of the project's plugins.
    static let pluginMappings: [BillMapping] = documents("mapping", "mappings", BillMapping.self)

    private static func documents<Document: Decodable>(
        _ method: String, _ key: String, _ type: Document.Type
    ) -> [Document] {
        do throws(Failure) {
            let registry = try PluginRegistry()
            return registry.plugins.filter { $0.capabilities.contains(method) }.flatMap { plugin -> [Document] in
                do throws(Failure) {
                    return try PluginDoor.document(registry, plugin, method, key, type)
                } catch {
                    Talk.tell(PluginDoor.leftOut(plugin.name, error))
                    return []
                }
            }
        } catch {
            Talk.tell(PluginDoor.leftOut(PluginRegistry.file, error))
            return []
        }
    }
}

/// How commands reach plugins.
enum PluginDoor {
    /// Writes the project's list.
    static func keep(_ registry: PluginRegistry) throws(Failure) {
        let path = PluginRegistry.file.split(separator: "/").map(String.init)
        try Talk.write([OutputFile(path[1], registry.bytes)], into: path[0])
    }

    /// A session that is initialized and configured.
    static func session(
        _ registry: PluginRegistry, _ plugin: RegisteredPlugin
    ) throws(Failure) -> (PluginSession, PluginManifest) {
        let program = try registry.program(of: plugin)
        let secrets = try registry.secrets(of: plugin)
        do throws(PluginFault) {
            let session = try PluginSession(program)
            let manifest = try session.initialize()
            try session.configure(manifest, settings: plugin.settings, secrets: secrets)
            return (session, manifest)
        } catch {
            throw failure(plugin.name, error)
        }
    }

    static func document<Document: Decodable>(
        _ registry: PluginRegistry, _ plugin: RegisteredPlugin, _ method: String, _ key: String, _ type: Document.Type
    ) throws(Failure) -> [Document] {
        let (session, _) = try session(registry, plugin)
        defer { session.close() }
        do throws(PluginFault) {
            return try PluginDocuments.decode(type, try session.call(method)[key])
        } catch {
            throw failure(plugin.name, error)
        }
    }

    static func failure(_ name: String, _ fault: PluginFault) -> Failure {
        if fault.rule == "process.start" {
            return Failure(.noInput, "plugin.no-start", fault.message, hint: "check the path, and that it is a program")
        }
        return failure(fault.failure(of: name))
    }

    static func failure(_ failure: ProviderFailure) -> Failure {
        let hint = failure.hint.isEmpty ? "run `plimsoll plugin test` on it" : failure.hint
        return Failure(.partial, "plugin.failed", "\(failure.message) (\(failure.code))", hint: hint)
    }

    /// Warnings that the run goes on without a plugin.
    static func leftOut(_ name: String, _ failure: Failure) -> [Diagnostic] {
        failure.diagnostics.map { told in
            Diagnostic(
                .warning, "plugin.left-out", "the run goes on without the plugin `\(name)`: \(told.message)",
                at: told.place, hint: told.hint)
        }
    }

    /// What a command that waits for a plugin throws.
    static func wait<Value: Sendable>(for work: @escaping @Sendable () async throws -> Value) throws -> Value {
        do {
            return try CloudDoor.wait(for: work)
        } catch let told as ProviderFailure {
            throw failure(told)
        }
    }
}
