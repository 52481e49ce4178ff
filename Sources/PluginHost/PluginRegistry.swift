internal import Foundation
public import PlimsollCore

/// A plugin that a project has registered.
public struct RegisteredPlugin: Hashable, Sendable {
    /// Where a secret is.
    public enum Reference: Hashable, Sendable {
        /// A variable of Plimsoll's environment.
        case environment(String)
        /// A file; a line end at its end is not part of the secret.
        case file(String)
    }

    /// Name in commands and messages.
    public var name: String
    /// Path of the program, from the project's folder on.
    public var path: String
    /// SHA-256 of the program: another content is not run.
    public var sha256: String
    /// `provider` or `recommender`, as it said when it was registered.
    public var kind = ""
    /// What it gives, as it said when it was registered.
    public var capabilities: [String] = []
    /// What it is configured with.
    public var settings: JSONValue = [:]
    /// Where its secrets are, by name. Never the secrets themselves.
    public var secrets: [String: Reference] = [:]
    /// Variables of Plimsoll's environment that it gets.
    public var environment: [String] = []

    /// A plugin.
    public init(name: String, path: String, sha256: String) {
        (self.name, self.path, self.sha256) = (name, path, sha256)
    }
}

/// The plugins of a project: `.plimsoll/plugins.json` in its folder.
public struct PluginRegistry: Hashable, Sendable {
    /// Where the list is, below the project's folder.
    public static let file = ".plimsoll/plugins.json"

    /// The project's folder.
    public var folder: String
    /// In the order of their names.
    public var plugins: [RegisteredPlugin]

    /// Reads the list of a folder; empty where there is none. Throws where it cannot be read or is wrong.
    public init(folder: String = ".") throws(Failure) {
        self.folder = folder
        let path = Self.path(in: folder)
        guard FileManager.default.fileExists(atPath: path) else {
            plugins = []
            return
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                .noInput, "input.unreadable", "`\(path)` cannot be read", hint: "check its permissions")
        }
        guard let json = JSONValue(parsing: [UInt8](data)), let list = json["plugins"]?.array else {
            throw Failure(
                .badInput, "plugin.bad-registry", "the file is no list of plugins", at: .init(file: path),
                hint: "mend it, or remove it and add the plugins again with `plimsoll plugin add`")
        }
        var found: [RegisteredPlugin] = []
        for entry in list {
            guard let plugin = RegisteredPlugin(entry) else {
                throw Failure(
                    .badInput, "plugin.bad-registry", "`\(JSONShown.text(entry))` is no plugin", at: .init(file: path),
                    hint: "docs/commands/plugin.md shows what an entry has")
            }
            found.append(plugin)
        }
        plugins = found.sorted { $0.name < $1.name }
    }

    private static func path(in folder: String) -> String { folder == "." ? file : "\(folder)/\(file)" }

    /// The list's own path.
    public var path: String { Self.path(in: folder) }

    /// The list's content.
    public var bytes: [UInt8] {
        Array(JSONValue.object(["plugins": .array(plugins.map(\.json))]).text.utf8)
    }

    /// The plugin of a name. Throws where there is none.
    public func plugin(_ name: String) throws(Failure) -> RegisteredPlugin {
        if let plugin = plugins.first(where: { $0.name == name }) { return plugin }
        let near = Suggestion.nearest(to: name, in: plugins.map(\.name)).map { "did you mean `\($0)`? " } ?? ""
        throw Failure(
            .usage, "plugin.unknown", "there is no plugin `\(name)` in this project",
            hint: near + "`plimsoll plugin list` shows them, `plimsoll plugin add` adds one")
    }

    /// Path of a plugin's program from here.
    public func location(of plugin: RegisteredPlugin) -> String {
        plugin.path.hasPrefix("/") || folder == "." ? plugin.path : "\(folder)/\(plugin.path)"
    }

    /// The program of a plugin, once its content is what was registered. Throws where it is not.
    public func program(of plugin: RegisteredPlugin) throws(Failure) -> PluginProgram {
        let path = location(of: plugin)
        let found = try Self.sha256(of: path)
        guard found == plugin.sha256 else {
            throw Failure(
                .partial, "plugin.changed",
                "`\(path)` is not what was registered as `\(plugin.name)`: its SHA-256 is \(found)",
                hint:
                    "look at what changed, then run `plimsoll plugin add \(ShellWord.quote(path)) --name \(plugin.name) --replace`"
            )
        }
        let ours = ProcessInfo.processInfo.environment
        let variables = plugin.environment.compactMap { name in ours[name].map { (name, $0) } }
        return PluginProgram(path: path, environment: Dictionary(variables) { $1 })
    }

    /// SHA-256 of a program. Throws where it cannot be read.
    public static func sha256(of path: String) throws(Failure) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                .noInput, "input.missing", "`\(path)` cannot be read", hint: "name the plugin's program file")
        }
        return ContentHash.sha256([UInt8](data))
    }

    /// The secrets that a plugin's references lead to. Throws where one leads nowhere; never says a secret.
    public func secrets(of plugin: RegisteredPlugin) throws(Failure) -> [String: String] {
        var result: [String: String] = [:]
        for (name, reference) in plugin.secrets.sorted(by: { $0.key < $1.key }) {
            let (found, place): (String?, String) =
                switch reference {
                case .environment(let variable):
                    (ProcessInfo.processInfo.environment[variable], "the variable `\(variable)`")
                case .file(let file): (Self.text(file), "the file `\(file)`")
                }
            guard let found, !found.isEmpty else {
                throw Failure(
                    .partial, "plugin.no-secret",
                    "the secret `\(name)` of `\(plugin.name)` is not there: \(place) has none", hint: "set \(place)")
            }
            result[name] = found
        }
        return result
    }

    private static func text(_ file: String) -> String? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    // MARK: Starting

    /// Starts a registered provider: the one call by which a collection gets at a plugin.
    ///
    ///     let provider = try await PluginRegistry().provider("acme")
    ///
    /// Throws a ``Failure`` where it is not registered, was changed or lacks a secret, and a ``ProviderFailure`` where
    /// the program does not work.
    public func provider(_ name: String) async throws -> PluginProvider {
        let plugin = try plugin(name)
        return try await PluginProvider.start(
            try program(of: plugin), name: name, settings: plugin.settings, secrets: try secrets(of: plugin))
    }

    /// Starts a registered recommender. Throws like ``provider(_:)``.
    public func recommender(_ name: String) async throws -> PluginRecommender {
        let plugin = try plugin(name)
        return try await PluginRecommender.start(
            try program(of: plugin), name: name, settings: plugin.settings, secrets: try secrets(of: plugin))
    }
}

/// A value in messages.
private enum JSONShown {
    static func text(_ value: JSONValue) -> String { String(value.canonical.prefix(80)) }
}

extension RegisteredPlugin {
    /// Reads an entry of the list; nil where it is wrong.
    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let path = json["path"]?.string, let hash = json["sha256"]?.string,
            PluginScaffold.isName(name), !path.isEmpty
        else { return nil }
        self.init(name: name, path: path, sha256: hash)
        kind = json["kind"]?.string ?? ""
        capabilities = json["capabilities"]?.array?.compactMap(\.string) ?? []
        settings = json["settings"] ?? [:]
        environment = json["environment"]?.array?.compactMap(\.string) ?? []
        guard case .object(let references) = json["secrets"] ?? [:] else { return nil }
        for (secret, reference) in references {
            if let variable = reference["env"]?.string {
                secrets[secret] = .environment(variable)
            } else if let file = reference["file"]?.string {
                secrets[secret] = .file(file)
            } else {
                return nil
            }
        }
    }

    /// The entry of the list.
    public var json: JSONValue {
        [
            "name": .string(name), "path": .string(path), "sha256": .string(sha256), "kind": .string(kind),
            "capabilities": .array(capabilities.map(JSONValue.string)), "settings": settings,
            "environment": .array(environment.map(JSONValue.string)),
            "secrets": .object(
                secrets.mapValues { reference in
                    switch reference {
                    case .environment(let variable): ["env": .string(variable)]
                    case .file(let file): ["file": .string(file)]
                    }
                }),
        ]
    }
}
