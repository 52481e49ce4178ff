internal import Foundation
public import PlimsollCore

/// Where tokens for Google Cloud come from.
///
/// The order is that of "How Application Default Credentials works": the file that
/// `GOOGLE_APPLICATION_CREDENTIALS` names, the file that `gcloud auth application-default login` leaves, the
/// metadata server.
public enum GCPCredentials {
    /// Read access to everything that the account may see.
    public static let readOnly = "https://www.googleapis.com/auth/cloud-platform.read-only"

    /// The chain over these sources, for tokens of a scope.
    public static func chain(_ sources: CredentialSources, scope: String = readOnly) -> CredentialChain<BearerToken> {
        CredentialChain([
            GCPFileLink(sources: sources, scope: scope, place: .named),
            GCPFileLink(sources: sources, scope: scope, place: .wellKnown),
            GCPMetadataLink(sources: sources, scope: scope),
        ])
    }
}

/// A file of credentials.
struct GCPFileLink: CredentialLink {
    enum Place { case named, wellKnown }

    let sources: CredentialSources
    let scope: String
    let place: Place

    var name: String { place == .named ? "GOOGLE_APPLICATION_CREDENTIALS" : "gcloud application default" }

    func resolve() async -> LinkOutcome<BearerToken> {
        let path: String
        switch place {
        case .named:
            guard let named = sources.variable("GOOGLE_APPLICATION_CREDENTIALS") else { return .absent("not set") }
            path = sources.path(named)
        case .wellKnown:
            let folder = sources.variable("CLOUDSDK_CONFIG") ?? "~/.config/gcloud"
            path = sources.path(folder) + "/application_default_credentials.json"
        }
        do throws(CloudFailure) {
            guard let bytes = try sources.read(path) else {
                guard place == .named else { return .absent("`\(path)` does not exist") }
                throw CloudFailure(.config, "GOOGLE_APPLICATION_CREDENTIALS names `\(path)`, which does not exist")
            }
            guard let value = JSONValue(parsing: bytes) else { throw CloudFailure(.config, "`\(path)` is not JSON") }
            let (token, note) = try await GCPFile(sources: sources, scope: scope, path: path).token(value)
            return .answered(token, "\(note), `\(path)`")
        } catch {
            return .failed(error)
        }
    }
}

/// The kinds of credential files.
struct GCPFile: Sendable {
    let sources: CredentialSources
    let scope: String
    let path: String

    func token(_ value: JSONValue, depth: Int = 0) async throws(CloudFailure) -> (Dated<BearerToken>, note: String) {
        switch value.text("type") {
        case "service_account":
            let account = try GCPServiceAccount(value, path: path)
            let token = try await grant(account.tokenURI) { time throws(CloudFailure) in
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                    ("assertion", try account.assertion(scope: scope, at: time).value),
                ]
            }
            return (token, "service account `\(account.email)`")
        case "authorized_user":
            let fields = try texts(value, "client_id", "client_secret", "refresh_token")
            let address = value.text("token_uri") ?? sources.endpoints.gcpToken
            var token = try await grant(address) { _ throws(CloudFailure) in
                [(name: "grant_type", value: "refresh_token")] + fields
            }
            token.value.project = value.text("quota_project_id")
            return (token, "login of a user")
        case "external_account": return (try await external(value), "workload identity federation")
        case "impersonated_service_account":
            guard depth == 0, let source = value["source_credentials"],
                let address = value.text("service_account_impersonation_url")
            else {
                throw CloudFailure(.config, "`\(path)` has no source_credentials and service_account_impersonation_url")
            }
            let (token, note) = try await token(source, depth: 1)
            return (try await impersonated(address, by: token.value), "impersonation by " + note)
        case let other:
            throw CloudFailure(
                .unsupported, "`\(path)` holds credentials of type `\(other ?? "")`",
                hint: "supported: service_account, authorized_user, external_account, impersonated_service_account")
        }
    }

    private func texts(_ value: JSONValue, _ names: String...) throws(CloudFailure) -> [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        for name in names {
            guard let text = value.text(name) else { throw CloudFailure(.config, "`\(path)` has no `\(name)`") }
            found.append((name, text))
        }
        return found
    }

    private func grant(
        _ address: String,
        _ fields: @escaping @Sendable (Instant) throws(CloudFailure) -> [(name: String, value: String)]
    ) async throws(CloudFailure) -> Dated<BearerToken> {
        let answer = try await sources.call(
            "oauth2:token", try sources.request("POST", address),
            signing: MadeRequest { request, time throws(CloudFailure) in
                var request = request
                request.setForm(try fields(time))
                return request
            })
        return try TokenDocument.token(try answer.json(), now: sources.clock.wall)
    }

    // MARK: Workload identity

    private func external(_ value: JSONValue) async throws(CloudFailure) -> Dated<BearerToken> {
        let fields = try texts(value, "audience", "subject_token_type", "token_url")
        guard let source = value["credential_source"] else {
            throw CloudFailure(.config, "`\(path)` has no `credential_source`")
        }
        let subject = try await subjectToken(source)
        let impersonation = value.text("service_account_impersonation_url")
        // The token that only impersonates needs the wide scope.
        let asked = impersonation == nil ? scope : "https://www.googleapis.com/auth/cloud-platform"
        let token = try await grant(fields[2].value) { _ throws(CloudFailure) in
            [
                (name: "grant_type", value: "urn:ietf:params:oauth:grant-type:token-exchange"), fields[0], fields[1],
                ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"), ("scope", asked),
                ("subject_token", subject.value),
            ]
        }
        guard let impersonation else { return token }
        return try await impersonated(impersonation, by: token.value)
    }

    private func subjectToken(_ source: JSONValue) async throws(CloudFailure) -> Secret {
        let bytes: [UInt8]
        if let file = source.text("file") {
            guard let found = try sources.read(sources.path(file)) else {
                throw CloudFailure(.config, "the token file `\(file)` that `\(path)` names does not exist")
            }
            bytes = found
        } else if let url = source.text("url"), source["environment_id"] == nil {
            var request = try sources.request("GET", url)
            if case .object(let headers) = source["headers"] {
                for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
                    request.setHeader(name, value.string ?? "")
                }
            }
            bytes = try await sources.call("external-metadata:token", request).body
        } else {
            throw CloudFailure(
                .unsupported, "`\(path)` takes its token from a place that is neither `file` nor `url`",
                hint: "federation from AWS keys, certificates and programs is not supported; write the token to a file")
        }
        guard source["format"]?.text("type") == "json" else {
            let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard !text.isEmpty else { throw CloudFailure(.config, "the token that `\(path)` names is empty") }
            return Secret(text)
        }
        let field = source["format"]?.text("subject_token_field_name") ?? "access_token"
        guard let text = JSONValue(parsing: bytes)?.text(field) else {
            throw CloudFailure(.config, "the token that `\(path)` names has no field `\(field)`")
        }
        return Secret(text)
    }

    private func impersonated(_ address: String, by token: BearerToken) async throws(CloudFailure) -> Dated<BearerToken>
    {
        var request = try sources.request("POST", address)
        request.setHeader("Authorization", "Bearer \(token.token.value)")
        request.setHeader("Content-Type", "application/json")
        request.body = Array(JSONValue.object(["scope": .array([.string(scope)])]).canonical.utf8)
        let answer = try await sources.call("iamcredentials:generateAccessToken", request).json()
        guard let given = answer.text("accessToken") else {
            throw CloudFailure(.data, "the answer of the impersonation holds no access token")
        }
        let end = answer.text("expireTime").flatMap { Instant(fractional: $0) }
        return Dated(BearerToken(Secret(given)), expires: end)
    }
}

/// The key of a service account.
///
/// Source: Google, "Using OAuth 2.0 for Server to Server Applications": a token signed by RS256, exchanged for an
/// access token.
public struct GCPServiceAccount: Sendable {
    /// The account.
    public let email: String
    /// Where its assertions are exchanged.
    public let tokenURI: String
    private let keyID: String?
    private let maker: JSONWebToken

    /// Reads the JSON of a key file. Throws `config` where something is missing; `path` is for the message.
    public init(_ value: JSONValue, path: String) throws(CloudFailure) {
        guard let email = value.text("client_email"), let key = value.text("private_key") else {
            throw CloudFailure(.config, "`\(path)` has no `client_email` or `private_key`")
        }
        self.email = email
        tokenURI = value.text("token_uri") ?? "https://oauth2.googleapis.com/token"
        keyID = value.text("private_key_id")
        maker = try JSONWebToken(privateKey: Secret(key))
    }

    /// An assertion that holds for an hour.
    public func assertion(scope: String, at time: Instant) throws(CloudFailure) -> Secret {
        let now = Int(time.secondsSince1970)
        return try maker.token(
            .rs256, header: keyID.map { ["kid": .string($0)] } ?? [:],
            claims: [
                "iss": .string(email), "scope": .string(scope), "aud": .string(tokenURI), "iat": .int(now),
                "exp": .int(now + 3_600),
            ])
    }
}

/// The service account of the machine itself.
struct GCPMetadataLink: CredentialLink {
    let name = "metadata server"
    let sources: CredentialSources
    let scope: String

    func resolve() async -> LinkOutcome<BearerToken> {
        guard !sources.isOn("NO_GCE_CHECK") else { return .absent("NO_GCE_CHECK is set") }
        let base = sources.endpoints.gcpMetadata
        do throws(CloudFailure) {
            var request = try sources.request(
                "GET", base + "/computeMetadata/v1/instance/service-accounts/default/token")
            request.query = [("scopes", scope)]
            request.setHeader("Metadata-Flavor", "Google")
            let answer = try await sources.ask("gcp-metadata:token", request)
            guard answer.header("Metadata-Flavor") == "Google" else {
                return .absent("what answers at `\(base)` is not Google's metadata server")
            }
            let token = try TokenDocument.token(try answer.json(), now: sources.clock.wall)
            return .answered(token, "service account of this machine")
        } catch {
            if error.status == 404 { return .absent("this machine has no service account") }
            return sources.absence(error, base).map { .absent($0) } ?? .failed(error)
        }
    }
}
