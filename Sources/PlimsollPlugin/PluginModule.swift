public import PlimsollCore

/// A module that can be served as a plugin.
public struct PluginModule: Sendable {
    /// The module, configured.
    public struct Instance: Sendable {
        /// Gives rows; nil = the module has none.
        public var collecting: (any CollectingProvider)?
        /// Whether it can be used, where ``collecting`` is nil.
        public var check: @Sendable () async throws(ProviderFailure) -> Health = { Health(usable: true, detail: "") }
        /// Programs of `rules`, as JSON.
        public var programs: JSONValue = []
        /// Mappings of `mapping`, as JSON.
        public var mappings: JSONValue = []
        /// Verdicts of a recommender; nil = it is none.
        public var recommend: (@Sendable ([Resource], [MetricRow]?) throws(ProviderFailure) -> [Verdict])?

        /// A module that gives nothing.
        public init() {}
    }

    /// What it says of itself.
    public var manifest: PluginManifest
    /// Makes it, from settings that fit the manifest's schema and secrets.
    public var make: @Sendable (JSONValue, [String: String]) async throws(ProviderFailure) -> Instance

    /// A module.
    public init(
        _ manifest: PluginManifest,
        make: @escaping @Sendable (JSONValue, [String: String]) async throws(ProviderFailure) -> Instance
    ) {
        (self.manifest, self.make) = (manifest, make)
    }
}
