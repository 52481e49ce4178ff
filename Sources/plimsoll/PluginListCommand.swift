import ArgumentParser
import Foundation
import PlimsollCore
import PlimsollPlugin
import PluginHost
import Reporting
import ScenarioRunner

/// `plimsoll plugin list`.
struct PluginListCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List this project's plugins, and whether their programs are what was registered.",
        discussion: """
            Examples:
              plimsoll plugin list
              plimsoll plugin list --format json
            """)

    @Option(help: "table or json.") var format = Format.table
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        let registry = try PluginRegistry()
        func state(_ plugin: RegisteredPlugin) -> String {
            guard let found = try? PluginRegistry.sha256(of: registry.location(of: plugin)) else { return "missing" }
            return found == plugin.sha256 ? "ok" : "changed"
        }
        guard format == .table else {
            let list = registry.plugins.map { plugin -> JSONValue in
                guard case .object(let entry) = plugin.json else { return plugin.json }
                return .object(entry.merging(["state": .string(state(plugin))]) { $1 })
            }
            return try StandardOutput.write(JSONValue.object(["plugins": .array(list)]).text)
        }
        guard !registry.plugins.isEmpty else {
            return Talk.say("this project has no plugins; `plimsoll plugin add` registers one")
        }
        var table = TextTable([.init("Name"), .init("Kind"), .init("Gives"), .init("Program"), .init("State")])
        for plugin in registry.plugins {
            let gives = plugin.capabilities.joined(separator: " ")
            table.add([plugin.name, plugin.kind, gives, plugin.path, state(plugin)])
        }
        try StandardOutput.write(table.text(width: Talk.width))
    }
}

/// `plimsoll plugin info`.
struct PluginInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Say what a plugin is, gives, needs and takes; its rules and mappings too.",
        discussion: """
            A path is a program that need not be registered; it is started, and not configured.

            Examples:
              plimsoll plugin info acme
              plimsoll plugin info acme/acme.py
              plimsoll plugin info acme --format json
            """)

    @Argument(help: "A registered name, or a path with a slash.") var plugin: String
    @Option(help: "table or json.") var format = PluginListCommand.Format.table
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        let registry = try PluginRegistry()
        let known = plugin.contains("/") ? nil : try registry.plugin(plugin)
        let program = try known.map { entry throws(Failure) in try registry.program(of: entry) }
        let manifest = try PluginAddCommand.manifest(program ?? PluginProgram(path: plugin))
        var programs: [BenefitProgram] = []
        var mappings: [BillMapping] = []
        if let known {
            do throws(Failure) {
                if manifest.capabilities.contains("rules") {
                    programs = try PluginDoor.document(registry, known, "rules", "programs", BenefitProgram.self)
                }
                if manifest.capabilities.contains("mapping") {
                    mappings = try PluginDoor.document(registry, known, "mapping", "mappings", BillMapping.self)
                }
            } catch {
                Talk.tell(PluginDoor.leftOut(known.name, error))
            }
        }
        guard format == .table else {
            guard case .object(var members) = manifest.json else { return }
            members["programs"] = .array(programs.map { .string($0.name) })
            members["mappings"] = .array(mappings.map { .string($0.id) })
            return try StandardOutput.write(JSONValue.object(members).text)
        }
        try StandardOutput.write(Self.text(manifest, programs, mappings))
    }

    private static func text(
        _ manifest: PluginManifest, _ programs: [BenefitProgram], _ mappings: [BillMapping]
    ) -> String {
        func line(_ name: String, _ text: String) -> String {
            text.isEmpty
                ? "" : name + String(repeating: " ", count: max(1, 14 - name.count)) + Visible.text(text) + "\n"
        }
        var text = line("plugin", "\(manifest.name) \(manifest.version), \(manifest.kind.rawValue)")
        text += line("title", manifest.title) + line("id", manifest.id)
        text += line("gives", manifest.capabilities.joined(separator: ", "))
        text += line("not covered", manifest.notCovered.joined(separator: ", "))
        text += line("permissions", manifest.permissions.joined(separator: ", "))
        text += line("judges", manifest.types.joined(separator: ", "))
        text += line("reads", manifest.requires.joined(separator: ", "))
        if case .object(let settings)? = manifest.settingsSchema["properties"] {
            for (name, schema) in settings.sorted(by: { $0.key < $1.key }) {
                let type = schema["type"]?.string ?? "any"
                text += line("setting", "\(name) (\(type)): \(schema["description"]?.string ?? "")")
            }
        }
        for secret in manifest.secrets {
            text += line("secret", "\(secret.name)\(secret.required ? ", needed" : ""): \(secret.meaning)")
        }
        for program in programs { text += line("rules", program.name) }
        for mapping in mappings { text += line("mapping", "\(mapping.id): \(mapping.title)") }
        return text
    }
}
