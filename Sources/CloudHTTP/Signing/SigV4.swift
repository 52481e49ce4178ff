public import PlimsollCore

/// Signs requests by AWS Signature Version 4, in a header or in the query.
///
/// Source: AWS Identity and Access Management User Guide, "AWS Signature Version 4 for API requests".
public struct SigV4: Sendable {
    /// Where signatures go.
    public enum Form: Sendable {
        /// `Authorization` header.
        case header
        /// Query parameters, valid for some seconds (presigned).
        case query(expires: Int)
    }

    /// Access key and its secret, with the session's token where there is one.
    public struct Credentials: Hashable, Sendable {
        /// Public part.
        public var accessKeyID: String
        /// Secret part.
        public var secretAccessKey: Secret
        /// Token of temporary credentials.
        public var sessionToken: Secret?

        /// Credentials.
        public init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil) {
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
        }
    }

    /// Every stage of a signature, for tests and for `SignatureDoesNotMatch`.
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

    /// Region of the endpoint.
    public var region: String
    /// Service code: `ec2`, `s3`, …
    public var service: String
    /// Whether the path is normalised and encoded a second time: so for every service but S3.
    public var normalizesPath: Bool
    /// Whether the body's hash is sent in a header: S3 wants it.
    public var signsBody: Bool
    /// Whether the session's token is added after signing.
    public var omitsSessionToken = false

    /// A signer for a service in a region.
    public init(region: String, service: String, normalizesPath: Bool? = nil, signsBody: Bool? = nil) {
        self.region = region
        self.service = service
        self.normalizesPath = normalizesPath ?? (service != "s3")
        self.signsBody = signsBody ?? (service == "s3")
    }

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// The signed request.
    public func sign(
        _ request: CloudRequest, credentials: Credentials, at time: Instant, form: Form = .header
    ) -> CloudRequest {
        stages(request, credentials: credentials, at: time, form: form).request
    }

    /// Signs a request and returns every stage.
    public func stages(
        _ request: CloudRequest, credentials: Credentials, at time: Instant, form: Form = .header
    ) -> Stages {
        var request = request
        if request.header("Host") == nil { request.headers.insert(("Host", request.host), at: 0) }
        let stamp = Self.stamp(time)
        let scope = "\(stamp.prefix(8))/\(region)/\(service)/aws4_request"
        prepare(&request, credentials, stamp, scope, form)
        let signed = Self.signedHeaders(request)
        let canonical = canonicalRequest(request, signed)
        let text = [Self.algorithm, stamp, scope, Digests.hash(Array(canonical.utf8))].joined(separator: "\n")
        let signature = Digests.hexadecimal(Digests.authentication(text, key: key(credentials, stamp)))
        finish(&request, credentials, scope, signed, signature, form)
        return Stages(canonicalRequest: canonical, stringToSign: text, signature: signature, request: request)
    }

    // MARK: Stages

    private func prepare(
        _ request: inout CloudRequest, _ credentials: Credentials, _ stamp: String, _ scope: String, _ form: Form
    ) {
        let token = omitsSessionToken ? nil : credentials.sessionToken
        switch form {
        case .header:
            if let token { request.setHeader("X-Amz-Security-Token", token.value) }
            request.setHeader("X-Amz-Date", stamp)
            if signsBody { request.setHeader("x-amz-content-sha256", Digests.hash(request.body)) }
        case .query(let expires):
            let headers = Self.signedHeaders(request).map(\.name).joined(separator: ";")
            request.query += [
                ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope)"),
                ("X-Amz-Date", stamp), ("X-Amz-SignedHeaders", headers), ("X-Amz-Expires", String(expires)),
            ]
            if let token { request.query.append(("X-Amz-Security-Token", token.value)) }
        }
    }

    private func finish(
        _ request: inout CloudRequest, _ credentials: Credentials, _ scope: String,
        _ signed: [(name: String, value: String)], _ signature: String, _ form: Form
    ) {
        let late = omitsSessionToken ? credentials.sessionToken : nil
        switch form {
        case .header:
            if let late {
                let date = request.headers.firstIndex { $0.name == "X-Amz-Date" } ?? request.headers.endIndex
                request.headers.insert(("X-Amz-Security-Token", late.value), at: date)
            }
            let names = signed.map(\.name).joined(separator: ";")
            request.setHeader(
                "Authorization",
                "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
            )
        case .query:
            if let late { request.query.append(("X-Amz-Security-Token", late.value)) }
            request.query.append(("X-Amz-Signature", signature))
        }
    }

    private func canonicalRequest(_ request: CloudRequest, _ signed: [(name: String, value: String)]) -> String {
        let pairs = request.query.map { (PercentEncoding.strict($0.name), PercentEncoding.strict($0.value)) }
        let query = pairs.sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
        let headers = signed.map { "\($0.name):\($0.value)\n" }.joined()
        return [
            request.method, canonicalPath(request.path), query, headers, signed.map(\.name).joined(separator: ";"),
            Digests.hash(request.body),
        ].joined(separator: "\n")
    }

    private func canonicalPath(_ path: String) -> String {
        let path = path.isEmpty ? "/" : path
        guard service != "s3" else {
            return PercentEncoding.strict(PercentEncoding.decoded(path), keepingSlashes: true)
        }
        return PercentEncoding.strict(normalizesPath ? Self.normalized(path) : path, keepingSlashes: true)
    }

    /// Without empty, `.` and `..` segments (RFC 3986, remove dot segments).
    private static func normalized(_ path: String) -> String {
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for segment in segments {
            switch segment {
            case "", ".": continue
            case "..": _ = kept.popLast()
            default: kept.append(segment)
            }
        }
        let isFolder = ["", ".", ".."].contains(segments.last ?? "")
        return "/" + kept.joined(separator: "/") + (isFolder && !kept.isEmpty ? "/" : "")
    }

    /// Headers by name in lower case, values of the same name in order, spaces within folded.
    private static func signedHeaders(_ request: CloudRequest) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for header in request.headers {
            let name = header.name.lowercased()
            guard !["authorization", "user-agent", "expect", "connection"].contains(name) else { continue }
            let folded = header.value.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" }
            values[name, default: []].append(folded.joined(separator: " "))
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    private func key(_ credentials: Credentials, _ stamp: String) -> [UInt8] {
        let secret = Array(("AWS4" + credentials.secretAccessKey.value).utf8)
        let parts = [String(stamp.prefix(8)), region, service, "aws4_request"]
        return parts.reduce(secret) { Digests.authentication($1, key: $0) }
    }

    /// `20150830T123600Z`.
    static func stamp(_ time: Instant) -> String {
        time.description.filter { $0 != "-" && $0 != ":" }
    }
}
