public import PlimsollCore

/// Why a cloud did not answer as asked: a class, the call and host, and what to do next. Holds no secret.
public struct CloudFailure: Error, Sendable, Hashable {
    /// The classes that modules and plugins share; an open code, so that new ones break nobody.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        /// The code.
        public var rawValue: String

        /// A class of that code.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Credentials are missing, wrong or expired.
        public static let auth = Kind(rawValue: "auth")
        /// Credentials are good and the call is not allowed.
        public static let permission = Kind(rawValue: "permission")
        /// Too many calls.
        public static let throttled = Kind(rawValue: "throttled")
        /// Network or server; a later try may do.
        public static let transient = Kind(rawValue: "transient")
        /// A setting on our side.
        public static let config = Kind(rawValue: "config")
        /// The endpoint does not offer the call.
        public static let unsupported = Kind(rawValue: "unsupported")
        /// What came cannot be used.
        public static let data = Kind(rawValue: "data")
        /// A bug of ours, or a request that the provider does not understand.
        public static let `internal` = Kind(rawValue: "internal")
        /// Whoever asked gave up.
        public static let cancelled = Kind(rawValue: "cancelled")
    }

    /// The class.
    public var kind: Kind
    /// What is wrong.
    public var message: String
    /// What to do next.
    public var hint: String
    /// The call, such as `ec2:DescribeInstances`; empty = none was made.
    public var call = ""
    /// Its host; empty = none.
    public var host = ""
    /// Status of the response; 0 = none came.
    public var status = 0
    /// The provider's code; empty = none.
    public var code = ""
    /// The provider's id of the request; empty = none.
    public var requestID = ""
    /// Seconds after which the provider wants to be asked again.
    public var retryAfter: Double?
    /// Whether the response was larger than what is kept in memory.
    public internal(set) var isOverCap = false
    /// Whether new credentials may help.
    var isExpired = false
    /// Whether the clock was wrong, and is set right for the next try.
    var isSkewed = false
    /// Whether another try is no use, whatever the class.
    var isSettled = false
    /// Whether the response came whole and could not be read: it may have been cut off on its way.
    var isDecoding = false

    /// A failure. `hint` is the class's own where none is given.
    public init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint ?? kind.hint
    }

    /// The failure as the user sees it, with the code `cloud.CLASS`.
    public var diagnostic: Diagnostic {
        Diagnostic(.error, "cloud." + kind.rawValue, text, hint: hint)
    }

    /// What is wrong, with call, host, status and request id.
    private var text: String {
        var place = [call, host].filter { !$0.isEmpty }.joined(separator: " at ")
        let details = [status > 0 ? "status \(status)" : "", code, requestID.isEmpty ? "" : "request \(requestID)"]
            .filter { !$0.isEmpty }
        if !details.isEmpty { place += (place.isEmpty ? "" : " ") + "(\(details.joined(separator: ", ")))" }
        return place.isEmpty ? message : "\(place): \(message)"
    }

    /// The same failure as it happened in a call.
    func at(_ call: String, _ host: String) -> CloudFailure {
        var failure = self
        if failure.call.isEmpty { failure.call = call }
        if failure.host.isEmpty { failure.host = host }
        return failure
    }
}

extension CloudFailure: CustomStringConvertible {
    /// The diagnostic's text.
    public var description: String { diagnostic.description }
}

extension CloudFailure.Kind {
    /// What helps with most failures of the class.
    var hint: String {
        switch self {
        case .auth: "see which credentials are used: `plimsoll doctor --provider NAME`"
        case .permission: "allow this call for the credentials used; `plimsoll doctor --provider NAME` says which"
        case .throttled: "try again later, or for fewer accounts and regions at once"
        case .transient: "try again; if it lasts, check network, proxy and the provider's status"
        case .config: "correct the setting and run again"
        case .unsupported: "the endpoint does not offer this; leave it out, or use another endpoint"
        case .data: "try again; if it lasts, report it with call, host and request id"
        case .cancelled: "run again"
        default: "this may be a bug: report it with call, host and request id"
        }
    }
}

extension CloudFailure {
    /// What the transport says, in our classes.
    init(_ failure: TransportFailure) {
        switch failure.reason {
        case .cancelled: self.init(.cancelled, "cancelled")
        case .tls:
            self.init(
                .config, failure.detail,
                hint:
                    "check the machine's time and its list of trusted certificates, and whether a proxy answers in the host's place"
            )
        case .proxy: self.init(.config, failure.detail, hint: "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY")
        case .malformed: self.init(.data, failure.detail)
        default: self.init(.transient, failure.detail)
        }
    }
}
