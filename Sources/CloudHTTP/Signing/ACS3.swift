public import PlimsollCore

/// Signs requests by ACS3-HMAC-SHA256, the signature of the RPC and ROA interfaces, version 3.
///
/// Source: Alibaba Cloud, "V3 request structure and signature".
public struct ACS3: Sendable {
    /// What is called.
    public struct Call: Hashable, Sendable {
        /// `RunInstances`, …
        public var action: String
        /// Version of the interface, such as `2014-05-26`.
        public var version: String

        /// A call.
        public init(action: String, version: String) {
            self.action = action
            self.version = version
        }
    }

    /// Access key and its secret, with the token of temporary credentials.
    public struct Credentials: Hashable, Sendable {
        /// Public part.
        public var accessKeyID: String
        /// Secret part.
        public var accessKeySecret: Secret
        /// Token of temporary credentials.
        public var securityToken: Secret?

        /// Credentials.
        public init(accessKeyID: String, accessKeySecret: Secret, securityToken: Secret? = nil) {
            self.accessKeyID = accessKeyID
            self.accessKeySecret = accessKeySecret
            self.securityToken = securityToken
        }
    }

    /// Every stage of a signature.
    public struct Stages: Hashable, Sendable {
        /// The request in its canonical form.
        public var canonicalRequest: String
        /// What is signed.
        public var stringToSign: String
        /// Hexadecimal signature.
        public var signature: String
        /// The request to send.
        public var request: CloudRequest
    }

    private static let algorithm = "ACS3-HMAC-SHA256"

    /// A signer.
    public init() {}

    /// Signs a request and returns every stage. `nonce` must differ from call to call.
    public func stages(
        _ request: CloudRequest, _ call: Call, credentials: Credentials, at time: Instant, nonce: String
    ) -> Stages {
        var request = request
        request.setHeader("host", request.host)
        request.setHeader("x-acs-action", call.action)
        request.setHeader("x-acs-version", call.version)
        request.setHeader("x-acs-date", time.description)
        request.setHeader("x-acs-signature-nonce", nonce)
        request.setHeader("x-acs-content-sha256", Digests.hash(request.body))
        if let token = credentials.securityToken { request.setHeader("x-acs-security-token", token.value) }
        let signed = Self.signedHeaders(request)
        let names = signed.map(\.name).joined(separator: ";")
        let pairs = request.query.map { (PercentEncoding.strict($0.name), PercentEncoding.strict($0.value)) }
        let canonical = [
            request.method, PercentEncoding.strict(PercentEncoding.decoded(request.path), keepingSlashes: true),
            pairs.sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&"),
            signed.map { "\($0.name):\($0.value)\n" }.joined(), names, Digests.hash(request.body),
        ].joined(separator: "\n")
        let text = Self.algorithm + "\n" + Digests.hash(Array(canonical.utf8))
        let key = Array(credentials.accessKeySecret.value.utf8)
        let signature = Digests.hexadecimal(Digests.authentication(text, key: key))
        request.setHeader(
            "Authorization",
            "\(Self.algorithm) Credential=\(credentials.accessKeyID),SignedHeaders=\(names),Signature=\(signature)")
        return Stages(canonicalRequest: canonical, stringToSign: text, signature: signature, request: request)
    }

    /// `host`, `content-type` and all `x-acs-` headers, by name.
    private static func signedHeaders(_ request: CloudRequest) -> [(name: String, value: String)] {
        request.headers.map { ($0.name.lowercased(), $0.value.trimmingSpaces) }
            .filter { $0.0 == "host" || $0.0 == "content-type" || $0.0.hasPrefix("x-acs-") }
            .sorted { $0.0 < $1.0 }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
