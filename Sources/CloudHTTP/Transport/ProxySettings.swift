internal import Foundation

/// Proxies as the environment names them: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in capitals or not (small
/// letters first).
///
/// Loopback and link-local addresses are always reached directly: metadata services answer nobody else.
public struct ProxySettings: Sendable, Hashable {
    /// A proxy that speaks HTTP.
    public struct Server: Sendable, Hashable {
        /// Host without port.
        public var host: String
        /// Port.
        public var port: Int
        /// User name of basic authentication; empty = none.
        public var user = ""
        /// Its password.
        public var password = Secret("")
    }

    /// For `https` addresses.
    public var secure: Server?
    /// For `http` addresses.
    public var plain: Server?
    /// Hosts, domains, addresses and IPv4 networks without proxy.
    public var exceptions: [String]

    /// No proxies.
    public static let none = ProxySettings(secure: nil, plain: nil, exceptions: [])

    /// What the environment says. Throws `config` where a value is not the address of a proxy.
    public init(environment: [String: String]) throws(CloudFailure) {
        func value(_ name: String) -> (name: String, text: String)? {
            [name.lowercased(), name].compactMap { key in environment[key].map { (key, $0) } }.first { !$0.1.isEmpty }
        }
        func server(_ name: String) throws(CloudFailure) -> Server? {
            guard let found = value(name) else { return nil }
            guard let server = Server(found.text) else {
                throw CloudFailure(
                    .config, "`\(found.name)` is not the address of an HTTP proxy",
                    hint: "set it to http://HOST:PORT, or unset it")
            }
            return server
        }
        // In a CGI program HTTP_PROXY is a header of the client.
        plain = environment["REQUEST_METHOD"] == nil ? try server("HTTP_PROXY") : nil
        secure = try server("HTTPS_PROXY")
        exceptions = (value("NO_PROXY")?.text ?? "").split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    }

    private init(secure: Server?, plain: Server?, exceptions: [String]) {
        self.secure = secure
        self.plain = plain
        self.exceptions = exceptions
    }

    /// The proxy for an address; nil = directly.
    public func server(scheme: String, host: String) -> Server? {
        let parts = Self.split(host.lowercased())
        guard let server = scheme == "https" ? secure : plain, !Self.isLocal(parts.host) else { return nil }
        return exceptions.contains { Self.matches($0, parts) } ? nil : server
    }

    /// Host and port; brackets of IPv6 addresses go.
    static func split(_ authority: String) -> (host: String, port: Int?) {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let rest = authority[authority.index(after: end)...]
            return (String(authority[authority.index(after: authority.startIndex)..<end]), Int(rest.dropFirst()))
        }
        guard let mark = authority.lastIndex(of: ":"), authority.firstIndex(of: ":") == mark else {
            return (authority, nil)
        }
        return (String(authority[..<mark]), Int(authority[authority.index(after: mark)...]))
    }

    static func isLocal(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" || host.hasPrefix("fe80:") {
            return true
        }
        if metadata.contains(host) { return true }
        guard let number = address(host) else { return false }
        return number >> 24 == 127 || number >> 16 == 0xA9FE
    }

    /// Metadata services that are not link-local by number.
    private static let metadata: Set = ["metadata.google.internal", "100.100.100.200", "fd00:ec2::254", "fd00:ec2::23"]

    private static func matches(_ exception: String, _ target: (host: String, port: Int?)) -> Bool {
        if exception == "*" { return true }
        if let slash = exception.firstIndex(of: "/") {
            guard let network = address(String(exception[..<slash])), let number = address(target.host),
                let bits = Int(exception[exception.index(after: slash)...]), (0...32).contains(bits)
            else { return false }
            return bits == 0 || (network ^ number) >> (32 - bits) == 0
        }
        let parts = split(exception)
        if let port = parts.port, port != target.port { return false }
        var name = parts.host[...]
        if name.hasPrefix("*") { name = name.dropFirst() }
        if name.hasPrefix(".") { name = name.dropFirst() }
        return !name.isEmpty && (target.host == name || target.host.hasSuffix("." + name))
    }

    /// An IPv4 address as a number.
    private static func address(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let part else { return nil }
            number = number << 8 | UInt32(part)
        }
        return number
    }
}

extension ProxySettings.Server {
    /// Reads `http://user:password@host:port`, `host:port` or `host`.
    init?(_ text: String) {
        var rest = text[...]
        if let mark = rest.range(of: "://") {
            guard rest[..<mark.lowerBound].lowercased() == "http" else { return nil }
            rest = rest[mark.upperBound...]
        }
        rest = rest.prefix { $0 != "/" }
        if let at = rest.lastIndex(of: "@") {
            let login = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = PercentEncoding.decoded(String(login.first ?? ""))
            password = Secret(login.count > 1 ? PercentEncoding.decoded(String(login[1])) : "")
            rest = rest[rest.index(after: at)...]
        }
        let parts = ProxySettings.split(String(rest))
        guard !parts.host.isEmpty, !rest.hasSuffix(":") else { return nil }
        host = parts.host
        port = parts.port ?? 80
    }
}
