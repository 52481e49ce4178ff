/// Takes secrets out of what is logged or said.
///
/// Names decide in requests: headers, query parameters and form fields that carry secrets lose their values.
/// In texts that providers send back, every secret of the request itself is replaced.
struct Redaction: Sendable {
    static let mark = "****"

    private static let names: Set = [
        "authorization", "proxy-authorization", "x-amz-security-token", "x-acs-security-token", "x-amz-signature",
        "x-amz-credential", "signature", "sig", "securitytoken", "x-amz-sso_bearer_token", "client_secret", "cookie",
        "set-cookie", "assertion", "client_assertion", "subject_token", "refresh_token", "access_token", "id_token",
        "password", "token", "webidentitytoken", "oidctoken", "samlassertion", "x-aws-ec2-metadata-token",
        "x-identity-header", "secret", "x-ms-access-token", "apikey", "api_key", "key", "accesskeysecret",
        "x-aliyun-ecs-metadata-token", "x-oss-security-token", "x-oss-signature", "security-token", "x-goog-signature",
        "x-goog-iam-authorization-token", "actor_token", "x-api-key", "ossaccesskeyid", "device_code",
    ]

    static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return names.contains(name) || name.hasSuffix("secret") || name.hasSuffix("password")
            || name.hasSuffix("accesstoken") || name.hasSuffix("securitytoken")
    }

    /// Secrets as they stand in the request, longest first.
    private let secrets: [String]

    init(_ request: CloudRequest) {
        var found = Set<String>()
        for header in request.headers where Self.isSecret(header.name) {
            found.insert(header.value)
            // `Bearer x`, `Signature=x`: the part that counts. Words of the scheme are no secrets.
            for part in header.value.split(whereSeparator: { $0 == " " || $0 == "," }) where part.utf8.count >= 8 {
                found.insert(String(part.split(separator: "=", maxSplits: 1).last ?? part))
            }
        }
        for field in request.query + Self.form(request) where Self.isSecret(field.name) {
            found.insert(field.value)
            found.insert(PercentEncoding.strict(field.value))
        }
        // Shorter ones would blot out innocent text.
        secrets = found.filter { $0.utf8.count >= 4 }.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    /// The text without any secret of the request, and without what looks like a token.
    func clean(_ text: String) -> String {
        var text = text
        for secret in secrets { text = text.replacing(secret, with: Self.mark) }
        return Self.withoutTokens(text)
    }

    /// The failure with all that a provider wrote into it cleaned.
    func clean(_ failure: CloudFailure) -> CloudFailure {
        var failure = failure
        failure.message = clean(failure.message)
        failure.code = clean(failure.code)
        failure.requestID = clean(failure.requestID)
        failure.hint = clean(failure.hint)
        return failure
    }

    /// Without JSON Web Tokens and bearer values, wherever they come from.
    private static func withoutTokens(_ text: String) -> String {
        text.replacing(#/eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)*/#, with: mark)
            .replacing(#/[Bb]earer\s+[A-Za-z0-9._~+\/=-]{8,}/#, with: "Bearer " + mark)
    }

    /// Address with the values of secret parameters replaced.
    static func target(_ request: CloudRequest) -> String {
        var shown = request
        shown.query = request.query.map { (name: $0.name, value: isSecret($0.name) ? mark : $0.value) }
        return shown.target.replacing(PercentEncoding.strict(mark), with: mark)
    }

    /// Headers with the values of secret ones replaced.
    static func headers(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        headers.map { ($0.name, isSecret($0.name) ? mark : $0.value) }
    }

    private static func form(_ request: CloudRequest) -> [(name: String, value: String)] {
        guard request.header("Content-Type")?.hasPrefix("application/x-www-form-urlencoded") == true else { return [] }
        let text = String(decoding: request.body, as: UTF8.self)
        return CloudRequest(url: "http://form/?" + text)?.query ?? []
    }
}
