public import PlimsollCore

/// Names and numbers of the Plimsoll Plugin Protocol (docs/reference/plugin-protocol.md).
public enum PluginProtocol {
    /// Version spoken here.
    public static let version = "1"
    /// Environment variable that tells a plugin it was started by a host.
    public static let cookieName = "PLIMSOLL_PLUGIN_COOKIE"
    /// Its value.
    public static let cookie = "plimsoll-plugin-1"
    /// Most bytes of a line, without its LF.
    public static let lineBytes = 4 << 20
    /// Most rows of a batch.
    public static let batchRows = 1_000
    /// Classes of errors.
    public static let errorClasses = [
        "auth", "permission", "throttled", "transient", "config", "unsupported", "data", "internal",
    ]

    /// The JSON Schema of all messages: docs/reference/plugin-protocol.schema.json.
    public static let schema = JSONSchema(JSONValue(parsing: PackageResources.protocol_json) ?? .object([:]))
}

/// An error of JSON-RPC, with the class that Plimsoll gives it.
public struct PluginError: Error, Hashable, Sendable {
    /// Code of JSON-RPC.
    public var code: Int
    /// What happened.
    public var message: String
    /// One of ``PluginProtocol/errorClasses``; empty = none.
    public var errorClass: String
    /// What to do next; empty = not known.
    public var hint: String
    /// The cloud's call; empty = none.
    public var call: String

    /// An error.
    public init(_ code: Int, _ message: String, class errorClass: String = "", hint: String = "", call: String = "") {
        (self.code, self.message, self.errorClass) = (code, message, errorClass)
        (self.hint, self.call) = (hint, call)
    }

    /// A provider's failure as an error.
    public init(_ failure: ProviderFailure) {
        let isKnown = PluginProtocol.errorClasses.contains(failure.code)
        self.init(
            Self.failed, failure.message, class: isKnown ? failure.code : "internal", hint: failure.hint,
            call: failure.call)
    }

    /// The line is no JSON object.
    public static let notJSON = -32700
    /// There is no such method.
    public static let noMethod = -32601
    /// Parameters that cannot be read.
    public static let badParams = -32602
    /// An error with a class.
    public static let failed = -32000
    /// Before `initialize` or `configure`.
    public static let order = -32002
    /// The line is too long.
    public static let tooLong = -32003
    /// A read is running.
    public static let busy = -32004

    /// Reads the member `error` of an answer.
    public init?(_ json: JSONValue) {
        guard case .int(let code) = json["code"], let message = json["message"]?.string else { return nil }
        let data = json["data"]
        self.init(
            code, message, class: data?["class"]?.string ?? "", hint: data?["hint"]?.string ?? "",
            call: data?["call"]?.string ?? "")
    }

    /// The member `error` of an answer.
    public var json: JSONValue {
        var members: [String: JSONValue] = ["code": .int(code), "message": .string(message)]
        var data: [String: JSONValue] = [:]
        for (key, value) in [("class", errorClass), ("hint", hint), ("call", call)] where !value.isEmpty {
            data[key] = .string(value)
        }
        if !data.isEmpty { members["data"] = .object(data) }
        return .object(members)
    }

    /// As a provider's failure.
    public var failure: ProviderFailure {
        let known = errorClass.isEmpty ? "internal" : errorClass
        return ProviderFailure(code: known, message: message, hint: hint, call: call)
    }
}
