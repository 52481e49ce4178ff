public import PlimsollCore

/// Why a plugin cannot go on.
public struct PluginFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Rule of docs/reference/plugin-protocol.md that was broken: `stdout.protocol`; an open code.
    public var rule: String
    /// What happened.
    public var message: String
    /// The failure that the plugin itself told of, where it keeps the protocol.
    public var told: ProviderFailure?
    /// Code of JSON-RPC of what it told.
    public var code: Int?

    /// A broken rule.
    public init(_ rule: String, _ message: String) {
        (self.rule, self.message) = (rule, message)
    }

    /// What happened.
    public var description: String { message }

    /// As a provider's failure, for the plugin registered under `name`.
    public func failure(of name: String) -> ProviderFailure {
        if let told { return told }
        let isCrash = rule == "process.exit"
        return ProviderFailure(
            code: isCrash ? "transient" : "internal", message: "the plugin `\(name)` was ended: \(message)",
            hint: "run `plimsoll plugin test` on it, and report what it says to the plugin's author")
    }
}

/// What a plugin may use.
public struct PluginLimits: Hashable, Sendable {
    /// Bytes of a line it writes.
    public var lineBytes = 4 << 20
    /// Seconds to answer what needs no cloud.
    public var promptSeconds = 10.0
    /// Seconds to answer anything else, and between two batches.
    public var answerSeconds = 120.0
    /// Seconds from the answer to `shutdown` to its end.
    public var exitSeconds = 2.0
    /// Bytes of memory of all its processes.
    public var memoryBytes = 1 << 30
    /// Bytes of its log that are kept.
    public var logBytes = 1 << 20
    /// Batches under way.
    public var credit = 4

    /// The defaults of docs/reference/plugin-protocol.md.
    public init() {}
}

/// What is started.
public struct PluginProgram: Hashable, Sendable {
    /// Path of the file; never looked for on the PATH.
    public var path: String
    /// Arguments; a registered plugin has none.
    public var arguments: [String]
    /// Variables beyond the few that every plugin has.
    public var environment: [String: String]
    /// What it may use.
    public var limits: PluginLimits

    /// A program.
    public init(
        path: String, arguments: [String] = [], environment: [String: String] = [:],
        limits: PluginLimits = PluginLimits()
    ) {
        (self.path, self.arguments) = (path, arguments)
        (self.environment, self.limits) = (environment, limits)
    }
}
