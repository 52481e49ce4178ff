internal import Foundation

extension CloudRequest {
    /// A request to an address; nil where it is not `http` or `https` with a host, or where it carries a user
    /// name or password. A `+` in the query is a space; a fragment is dropped.
    public init?(method: String = "GET", url: String) {
        guard let mark = url.range(of: "://"), !url.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f }) else {
            return nil
        }
        let scheme = url[..<mark.lowerBound].lowercased()
        guard ["http", "https"].contains(scheme) else { return nil }
        let rest = url[mark.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains("@"), !authority.contains("\\") else { return nil }
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        self.init(
            method: method, scheme: scheme, host: authority.lowercased(), path: path.isEmpty ? "/" : String(path),
            query: Self.pairs(target[path.endIndex...].dropFirst()))
    }

    /// `name=value` pairs, decoded.
    private static func pairs(_ text: Substring) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let mark = pair.firstIndex(of: "=") ?? pair.endIndex
            return (formDecoded(pair[..<mark]), formDecoded(pair[mark...].dropFirst()))
        }
    }

    private static func formDecoded(_ text: Substring) -> String {
        PercentEncoding.decoded(String(text.map { $0 == "+" ? " " : $0 }))
    }

    /// A body of `name=value` pairs, as token endpoints and query interfaces want it.
    public mutating func setForm(_ pairs: [(name: String, value: String)]) {
        let text = pairs.map { PercentEncoding.strict($0.name) + "=" + PercentEncoding.strict($0.value) }
        body = Array(text.joined(separator: "&").utf8)
        setHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
    }

    /// Scheme, host and port: what credentials are meant for. Ports that are the scheme's own are left out.
    public var origin: String {
        let usual = scheme == "https" ? ":443" : ":80"
        let plain = host.lowercased()
        return scheme + "://" + (plain.hasSuffix(usual) ? String(plain.dropLast(usual.count)) : plain)
    }
}
