public import PlimsollCore

/// One call to an API, before credentials.
public struct CloudCall: Sendable {
    /// The call as permissions name it: `ec2:DescribeInstances`.
    public var name: String
    /// What is sent.
    public var request: CloudRequest
    /// Bucket that it takes its turn from.
    public var limit: RateLimiter.Key
    /// What puts credentials on it.
    public var authorizer: any RequestAuthorizer
    /// Bytes of the response at the most; nil = the client's setting.
    public var cap: Int?
    /// Whether the response holds secrets: its text is never quoted, not even where it tells of an error.
    public var isSecret = false
    /// Whether it goes to a stand-in for the provider. Stand-ins answer 500 with a page of their own to what they do
    /// not have; no provider's API does.
    public var isStandIn = false

    /// A call.
    public init(
        _ name: String, _ request: CloudRequest, limit: RateLimiter.Key,
        authorizer: any RequestAuthorizer = NoAuthorizer()
    ) {
        self.name = name
        self.request = request
        self.limit = limit
        self.authorizer = authorizer
    }
}

/// Puts credentials on requests.
public protocol RequestAuthorizer: Sendable {
    /// The request with credentials, signed as of `time`. Throws where there are none.
    func authorize(_ request: CloudRequest, at time: Instant) async throws(CloudFailure) -> CloudRequest
    /// The provider called the credentials expired: the next request needs new ones.
    func discard() async
}

/// Sends requests as they are.
public struct NoAuthorizer: RequestAuthorizer {
    /// An authorizer that adds nothing.
    public init() {}

    /// The request as it is.
    public func authorize(_ request: CloudRequest, at time: Instant) async throws(CloudFailure) -> CloudRequest {
        request
    }

    /// Does nothing.
    public func discard() async {}
}

/// A whole response that is not an error.
public struct CloudResponse: Sendable {
    /// `200`, …
    public var status: Int
    /// Headers in the order of the wire.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// The first header of a name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON. Throws `data` where it is none, is cut off, or is not UTF-8.
    public func json() throws(CloudFailure) -> JSONValue {
        guard String(validating: body, as: UTF8.self) != nil else {
            throw CloudFailure(.data, "the response is not valid UTF-8")
        }
        guard let value = JSONValue(parsing: body) else {
            throw CloudFailure(.data, "the response is not JSON, or is cut off (\(body.count) bytes)")
        }
        return value
    }

    /// The body as XML. Throws `data` where it is none, is cut off, or is not UTF-8.
    public func xml() throws(CloudFailure) -> XMLNode { try XMLNode(parsing: body) }
}
