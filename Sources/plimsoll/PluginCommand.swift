import ArgumentParser
import Foundation
import PlimsollCore
import PlimsollPlugin
import PluginHost
import ScenarioRunner

/// `plimsoll plugin`: modules that are programs of their own.
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "Write, test, register and run plugins: providers and recommenders in any language.",
        discussion: """
            Examples:
              plimsoll plugin new acme --language python --kind provider
              plimsoll plugin test acme/acme.py
              plimsoll plugin add acme/acme.py --secret token=env:ACME_TOKEN
              plimsoll plugin list
            """,
        subcommands: [
            PluginNewCommand.self, PluginTestCommand.self, PluginAddCommand.self, PluginRemoveCommand.self,
            PluginListCommand.self, PluginInfoCommand.self, PluginRunCommand.self, PluginServeCommand.self,
        ])
}

/// What a plugin is configured with, on the command line.
struct PluginConfiguration: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A setting; the value is JSON, or else a text. Several times.", valueName: "key=value"))
    var settings: [String] = []

    @Option(
        name: .customLong("secret"),
        help: ArgumentHelp(
            "Where a secret is: NAME=env:VARIABLE or NAME=file:PATH. Several times.", valueName: "name=place"))
    var secrets: [String] = []

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp("A variable of your environment that it gets. Several times.", valueName: "name"))
    var environment: [String] = []

    func validate() throws {
        for text in settings where Self.split(text) == nil {
            throw ValidationError("'--set \(text)' is not KEY=VALUE.")
        }
        for text in secrets where Self.reference(text) == nil {
            throw ValidationError(
                "'--secret \(text)' is neither NAME=env:VARIABLE nor NAME=file:PATH: secrets themselves are never given."
            )
        }
    }

    private static func split(_ text: String) -> (String, String)? {
        guard let mark = text.firstIndex(of: "="), mark > text.startIndex else { return nil }
        return (String(text[..<mark]), String(text[text.index(after: mark)...]))
    }

    private static func reference(_ text: String) -> (String, RegisteredPlugin.Reference)? {
        guard let (name, place) = split(text) else { return nil }
        if place.hasPrefix("env:"), place.count > 4 { return (name, .environment(String(place.dropFirst(4)))) }
        if place.hasPrefix("file:"), place.count > 5 { return (name, .file(String(place.dropFirst(5)))) }
        return nil
    }

    /// Puts it into an entry of the list.
    func apply(to plugin: inout RegisteredPlugin) {
        var values: [String: JSONValue] = [:]
        for (key, text) in settings.compactMap(Self.split) {
            values[key] = JSONValue(parsing: Array(text.utf8)) ?? .string(text)
        }
        plugin.settings = .object(values)
        for (name, reference) in secrets.compactMap(Self.reference) { plugin.secrets[name] = reference }
        plugin.environment = environment
    }
}

/// `plimsoll plugin new`.
struct PluginNewCommand: ParsableCommand {
    enum Language: String, ExpressibleByArgument, CaseIterable { case swift, python }
    enum Kind: String, ExpressibleByArgument, CaseIterable { case provider, recommender }

    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Begin a plugin that works: rows are made up until you call your cloud.",
        discussion: """
            Examples:
              plimsoll plugin new acme --language python --kind provider
              plimsoll plugin new idle --language swift --kind recommender --plimsoll ../plimsoll
            """)

    @Argument(help: "Its name: letters, digits, - _ and . ; a folder of this name is made.") var name: String
    @Option(help: "swift or python.") var language: Language
    @Option(help: "provider or recommender.") var kind: Kind
    @Option(help: ArgumentHelp("Plimsoll's checkout, for Swift packages.", valueName: "path"))
    var plimsoll = "../plimsoll"
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        guard PluginScaffold.isName(name) else {
            throw ValidationError("'\(name)' is no name: letters, digits, '-', '_' and '.', at most 64.")
        }
    }

    func run() throws {
        let scaffold = PluginScaffold(
            name: name, language: language == .swift ? .swift : .python,
            kind: kind == .provider ? .provider : .recommender, checkout: plimsoll)
        guard !FileManager.default.fileExists(atPath: name) else {
            throw Failure(
                .cannotWrite, "output.failed", "`\(name)` is there already", hint: "choose another name, or remove it")
        }
        try Talk.write(scaffold.files.map { OutputFile($0.name, text: $0.text) }, into: name)
        for file in scaffold.files {
            let path = "\(name)/\(file.name)"
            if file.isExecutable {
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            }
            try StandardOutput.write(path + "\n")
        }
        let program = language == .python ? "\(name)/\(name).py" : "\(name)/.build/release/\(name)"
        let build = language == .python ? "" : "swift build -c release --package-path \(name) && "
        Talk.say("next: \(build)plimsoll plugin test \(program)")
    }
}

/// `plimsoll plugin add`.
struct PluginAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Register a plugin with this project, by path and SHA-256.",
        discussion: """
            It is started once, to say what it is. The list is .plimsoll/plugins.json in this folder. A program \
            whose content changed is not run until it is added again.

            Examples:
              plimsoll plugin add acme/acme.py --secret token=env:ACME_TOKEN
              plimsoll plugin add acme/acme.py --name acme-test --set region=north --replace
            """)

    @Argument(help: "The program: a path, never looked for on the PATH.") var path: String
    @Option(help: "Name here (default: its own).") var name: String?
    @Flag(help: "Replace a plugin of the same name.") var replace = false
    @OptionGroup(title: "Configuration") var configuration: PluginConfiguration
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        var registry = try PluginRegistry()
        let sha256 = try PluginRegistry.sha256(of: path)
        let manifest = try Self.manifest(PluginProgram(path: path))
        let known = name ?? manifest.name
        guard PluginScaffold.isName(known) else {
            throw Failure(.usage, "plugin.bad-name", "`\(known)` is no name", hint: "give one with --name")
        }
        var plugin = RegisteredPlugin(name: known, path: path, sha256: sha256)
        (plugin.kind, plugin.capabilities) = (manifest.kind.rawValue, manifest.capabilities)
        configuration.apply(to: &plugin)
        try Self.check(plugin, manifest)
        if let old = registry.plugins.firstIndex(where: { $0.name == known }) {
            guard replace else {
                throw Failure(
                    .usage, "plugin.known", "there is a plugin `\(known)` already",
                    hint: "add `--replace`, or another name with `--name`")
            }
            registry.plugins.remove(at: old)
        }
        registry.plugins.append(plugin)
        registry.plugins.sort { $0.name < $1.name }
        try PluginDoor.keep(registry)
        try StandardOutput.write("added \(known): \(manifest.kind.rawValue), \(path), SHA-256 \(sha256)\n")
    }

    static func manifest(_ program: PluginProgram) throws(Failure) -> PluginManifest {
        do throws(PluginFault) {
            let session = try PluginSession(program)
            defer { session.close() }
            return try session.initialize()
        } catch {
            throw PluginDoor.failure(program.path, error)
        }
    }

    private static func check(_ plugin: RegisteredPlugin, _ manifest: PluginManifest) throws(Failure) {
        var wrong = JSONSchema(manifest.settingsSchema).faults(in: plugin.settings, named: "settings")
        for secret in manifest.secrets where secret.required && plugin.secrets[secret.name] == nil {
            wrong.append(
                "it needs the secret `\(secret.name)` (\(secret.meaning)): `--secret \(secret.name)=env:VARIABLE`")
        }
        for name in plugin.secrets.keys.sorted() where !manifest.secrets.contains(where: { $0.name == name }) {
            wrong.append("it takes no secret `\(name)`")
        }
        guard wrong.isEmpty else {
            throw Failure(
                .usage, "plugin.bad-configuration", "`\(plugin.name)`: \(wrong.joined(separator: "; "))",
                hint: "`plimsoll plugin info \(ShellWord.quote(plugin.path))` shows what it takes")
        }
    }
}

/// `plimsoll plugin remove`.
struct PluginRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a plugin off this project's list; its program stays.",
        discussion: """
            Examples:
              plimsoll plugin remove acme
            """)

    @Argument(help: "Its name.") var name: String
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        var registry = try PluginRegistry()
        let plugin = try registry.plugin(name)
        registry.plugins.removeAll { $0.name == plugin.name }
        try PluginDoor.keep(registry)
        try StandardOutput.write("removed \(name)\n")
    }
}
