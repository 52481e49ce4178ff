/// A request to a cloud before it is signed and sent: bytes as they go over the wire.
public struct CloudRequest: Hashable, Sendable {
    /// `GET`, `POST`, …
    public var method: String
    /// `https`, or `http` where a local or metadata endpoint has nothing else.
    public var scheme: String
    /// Host without scheme, with the port where it is not the scheme's own.
    public var host: String
    /// Path as on the wire, from the first `/` on, without the query.
    public var path: String
    /// Query parameters, decoded, in the order of the wire.
    public var query: [(name: String, value: String)]
    /// Headers in the order of the wire, `Host` included once the request is signed.
    public var headers: [(name: String, value: String)]
    /// Body; empty = none.
    public var body: [UInt8]

    /// A request.
    public init(
        method: String, scheme: String = "https", host: String, path: String = "/",
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.scheme = scheme
        self.host = host
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The first header of a name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Sets a header in place of all of its name.
    public mutating func setHeader(_ name: String, _ value: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        headers.append((name, value))
    }

    /// Path and query as on the wire.
    public var target: String {
        guard !query.isEmpty else { return path }
        let pairs = query.map { PercentEncoding.strict($0.name) + "=" + PercentEncoding.strict($0.value) }
        return path + "?" + pairs.joined(separator: "&")
    }

    /// The whole address as on the wire.
    public var url: String { "\(scheme)://\(host)\(target)" }

    /// Whether nobody on the way can read it: it is encrypted, or stays on this machine.
    public var isPrivate: Bool { scheme == "https" || ProxySettings.isLocal(ProxySettings.split(host).host) }

    /// Whether both are the same bytes.
    public static func == (left: CloudRequest, right: CloudRequest) -> Bool {
        left.method == right.method && left.scheme == right.scheme && left.host == right.host && left.path == right.path
            && left.body == right.body
            && left.query.elementsEqual(right.query, by: ==) && left.headers.elementsEqual(right.headers, by: ==)
    }

    /// Feeds what is compared, headers and query apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(method)
        hasher.combine(host)
        hasher.combine(path)
        hasher.combine(body)
    }
}
