public import PlimsollCore

/// What a plugin says of itself: the result of `initialize`.
public struct PluginManifest: Hashable, Sendable {
    /// What a plugin is.
    public enum Kind: String, Sendable, CaseIterable { case provider, recommender }

    /// A secret that a plugin takes.
    public struct Secret: Hashable, Sendable {
        /// Name in the configuration.
        public var name: String
        /// What it is.
        public var meaning: String
        /// Whether nothing works without it.
        public var required: Bool

        /// A secret.
        public init(name: String, meaning: String, required: Bool) {
            (self.name, self.meaning, self.required) = (name, meaning, required)
        }
    }

    /// The plugin's own name.
    public var name: String
    /// Its version.
    public var version: String
    /// What it is.
    public var kind: Kind
    /// Kinds of rows it gives, and `rules`, `mapping`.
    public var capabilities: [String]
    /// Word in files, of a provider; word in verdicts, of a recommender.
    public var id: String
    /// Title for people.
    public var title: String
    /// Permissions that a provider needs.
    public var permissions: [String] = []
    /// What a provider does not give.
    public var notCovered: [String] = []
    /// Types of resources that a recommender judges.
    public var types: [String] = []
    /// Rows that a recommender needs: `resources`, `metrics`.
    public var requires: [String] = []
    /// JSON Schema of the settings.
    public var settingsSchema: JSONValue = ["type": "object", "properties": [:], "additionalProperties": false]
    /// Secrets it takes.
    public var secrets: [Secret] = []

    /// A plugin of `kind`.
    public init(
        name: String, version: String, kind: Kind, capabilities: [String], id: String, title: String
    ) {
        (self.name, self.version, self.kind) = (name, version, kind)
        (self.capabilities, self.id, self.title) = (capabilities, id, title)
    }

    /// What is wrong with a result of `initialize`; empty = ``init(_:)`` reads it.
    public static func faults(in json: JSONValue) -> [String] {
        let faults = PluginProtocol.schema.faults(in: json, of: "manifest", named: "result")
        guard faults.isEmpty, let kind = json["kind"]?.string else { return faults }
        return json[kind] == nil ? ["`result.\(kind)` is missing: `kind` is `\(kind)`"] : []
    }

    /// Reads a result of `initialize` without faults.
    public init?(_ json: JSONValue) {
        guard Self.faults(in: json).isEmpty, let name = json["name"]?.string, let version = json["version"]?.string,
            let word = json["kind"]?.string, let kind = Kind(rawValue: word), let part = json[word],
            let id = part["id"]?.string, let title = part["title"]?.string
        else { return nil }
        func texts(_ value: JSONValue?) -> [String] { value?.array?.compactMap(\.string) ?? [] }
        self.init(
            name: name, version: version, kind: kind, capabilities: texts(json["capabilities"]), id: id, title: title)
        (permissions, notCovered) = (texts(part["permissions"]), texts(part["not_covered"]))
        (types, requires) = (texts(part["types"]), texts(part["requires"]))
        settingsSchema = json["settings_schema"] ?? settingsSchema
        secrets = (json["secrets"]?.array ?? []).compactMap { secret in
            guard let name = secret["name"]?.string else { return nil }
            return Secret(
                name: name, meaning: secret["meaning"]?.string ?? "", required: secret["required"] == .bool(true))
        }
    }

    /// The result of `initialize`.
    public var json: JSONValue {
        func list(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
        let part: [String: JSONValue] =
            switch kind {
            case .provider: ["permissions": list(permissions), "not_covered": list(notCovered)]
            case .recommender: ["types": list(types), "requires": list(requires)]
            }
        return .object([
            "protocol_version": .string(PluginProtocol.version), "name": .string(name), "version": .string(version),
            "kind": .string(kind.rawValue), "capabilities": list(capabilities),
            kind.rawValue: .object(part.merging(["id": .string(id), "title": .string(title)]) { $1 }),
            "settings_schema": settingsSchema,
            "secrets": .array(
                secrets.map {
                    ["name": .string($0.name), "meaning": .string($0.meaning), "required": .bool($0.required)]
                }),
        ])
    }
}
