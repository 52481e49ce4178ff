/// Sends one request and returns the response's head with its body still to come.
///
/// Conforming types send what they get, byte for byte: no redirects, no retries, no credentials of their own.
/// Tests bring fakes; ``ClientTransport`` is the real one.
public protocol HTTPTransport: Sendable {
    /// Sends a request. `seconds` bounds the time to the response's head, connecting included.
    func send(_ request: CloudRequest, headWithin seconds: Double) async throws(TransportFailure) -> HTTPResponse
}

/// A response: status, headers, and a body that is read once.
public struct HTTPResponse: Sendable {
    /// `200`, …
    public var status: Int
    /// Headers in the order of the wire.
    public var headers: [(name: String, value: String)]
    /// What follows.
    public var body: HTTPBody

    /// A response.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: HTTPBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of a name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A body in pieces, read once.
public struct HTTPBody: Sendable {
    /// Reads the pieces one after the other.
    public struct Iterator {
        private let pull: () async throws(TransportFailure) -> [UInt8]?

        /// An iterator that asks `pull`; nil from it ends the body.
        public init(_ pull: @escaping () async throws(TransportFailure) -> [UInt8]?) { self.pull = pull }

        /// The next piece; nil at the end.
        public func next() async throws(TransportFailure) -> [UInt8]? { try await pull() }
    }

    private let make: @Sendable () -> Iterator

    /// A body that `make` begins to read.
    public init(_ make: @escaping @Sendable () -> Iterator) { self.make = make }

    /// A body that is at hand.
    public init(_ bytes: [UInt8]) {
        self.init {
            var rest: [UInt8]? = bytes.isEmpty ? nil : bytes
            return Iterator { () async throws(TransportFailure) -> [UInt8]? in
                defer { rest = nil }
                return rest
            }
        }
    }

    /// Begins to read.
    public func makeIterator() -> Iterator { make() }
}

/// Why no whole response came.
public struct TransportFailure: Error, Sendable, Hashable {
    /// An open code, so that new reasons break nobody.
    public struct Reason: RawRepresentable, Hashable, Sendable {
        /// The code.
        public var rawValue: String

        /// A reason of that code.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The host has no address, or nothing listens there.
        public static let unreachable = Reason(rawValue: "unreachable")
        /// Time ran out before the head, between two pieces, or for the whole.
        public static let timeout = Reason(rawValue: "timeout")
        /// The connection ended too early.
        public static let interrupted = Reason(rawValue: "interrupted")
        /// No trust between both sides.
        public static let tls = Reason(rawValue: "tls")
        /// The proxy refused.
        public static let proxy = Reason(rawValue: "proxy")
        /// The request cannot be sent as it is, or what came is not HTTP.
        public static let malformed = Reason(rawValue: "malformed")
        /// Our side gave up.
        public static let cancelled = Reason(rawValue: "cancelled")
    }

    /// What went wrong.
    public var reason: Reason
    /// In words; holds nothing of the request but its host.
    public var detail: String

    /// A failure.
    public init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}
