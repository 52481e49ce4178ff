internal import Foundation
internal import PlimsollCore

/// Where credentials for Alibaba Cloud come from.
///
/// The order is that of the Credentials tool ("Manage access credentials", default credential provider chain):
/// environment, OIDC role, `~/.aliyun/config.json`, `~/.alibabacloud/credentials`, role of the ECS instance,
/// credentials URI.
public enum AlibabaCredentials {
    /// The chain over these sources.
    public static func chain(_ sources: CredentialSources) -> CredentialChain<ACS3.Credentials> {
        CredentialChain([
            AlibabaEnvironmentLink(sources: sources),
            AlibabaOIDCLink(sources: sources),
            AlibabaToolLink(sources: sources),
            AlibabaProfileLink(sources: sources),
            AlibabaInstanceLink(sources: sources),
            AlibabaAddressLink(sources: sources),
        ])
    }

    static func shown(_ accessKeyID: String) -> String { "access key ****\(accessKeyID.suffix(4))" }

    static func credentials(_ id: String, _ secret: String, _ token: String?) -> ACS3.Credentials {
        ACS3.Credentials(
            accessKeyID: id, accessKeySecret: Secret(secret),
            securityToken: token.flatMap { $0.isEmpty ? nil : Secret($0) })
    }

    /// Reads `AccessKeyId`, `AccessKeySecret`, `SecurityToken` and `Expiration`. Throws `data` where one is missing.
    static func credentials(_ value: JSONValue?) throws(CloudFailure) -> Dated<ACS3.Credentials> {
        guard let value, let id = value.text("AccessKeyId"), let secret = value.text("AccessKeySecret") else {
            throw CloudFailure(.data, "the answer holds no credentials (AccessKeyId, AccessKeySecret)")
        }
        let end = value.text("Expiration").flatMap { Instant(fractional: $0) }
        return Dated(credentials(id, secret, value.text("SecurityToken")), expires: end)
    }
}

/// `ALIBABA_CLOUD_ACCESS_KEY_ID` and its kin.
struct AlibabaEnvironmentLink: CredentialLink {
    let name = "environment"
    let sources: CredentialSources

    func resolve() async -> LinkOutcome<ACS3.Credentials> {
        guard let id = sources.variable("ALIBABA_CLOUD_ACCESS_KEY_ID") else {
            return .absent("ALIBABA_CLOUD_ACCESS_KEY_ID is not set")
        }
        guard let secret = sources.variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET") else {
            return .failed(
                CloudFailure(.config, "ALIBABA_CLOUD_ACCESS_KEY_ID is set and ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"))
        }
        let token = sources.variable("ALIBABA_CLOUD_SECURITY_TOKEN")
        let note = AlibabaCredentials.shown(id) + (token == nil ? "" : ", with a security token")
        return .answered(Dated(AlibabaCredentials.credentials(id, secret, token)), note)
    }
}

/// A token of an identity provider in a file.
struct AlibabaOIDCLink: CredentialLink {
    let name = "OIDC role"
    let sources: CredentialSources

    func resolve() async -> LinkOutcome<ACS3.Credentials> {
        guard let path = sources.variable("ALIBABA_CLOUD_OIDC_TOKEN_FILE") else {
            return .absent("ALIBABA_CLOUD_OIDC_TOKEN_FILE is not set")
        }
        guard let role = sources.variable("ALIBABA_CLOUD_ROLE_ARN"),
            let provider = sources.variable("ALIBABA_CLOUD_OIDC_PROVIDER_ARN")
        else {
            return .failed(
                CloudFailure(
                    .config,
                    "ALIBABA_CLOUD_OIDC_TOKEN_FILE is set, and ALIBABA_CLOUD_ROLE_ARN or ALIBABA_CLOUD_OIDC_PROVIDER_ARN is not"
                ))
        }
        do throws(CloudFailure) {
            let session = sources.variable("ALIBABA_CLOUD_ROLE_SESSION_NAME")
            let found = try await AlibabaTokenService(sources: sources)
                .assume(role, session: session, provider: provider, token: sources.token(inFile: path))
            return .answered(found, "role `\(role)`, token in `\(path)`")
        } catch {
            return .failed(error)
        }
    }
}

/// Calls of Alibaba Cloud STS.
struct AlibabaTokenService: Sendable {
    let sources: CredentialSources

    /// The role for whoever holds a token of an identity provider.
    func assume(
        _ role: String, session: String?, provider: String, token: Secret
    ) async throws(CloudFailure) -> Dated<ACS3.Credentials> {
        var request = try request("AssumeRoleWithOIDC")
        let jitter = sources.client.jitter
        request.setForm([
            ("RoleArn", role), ("OIDCProviderArn", provider), ("OIDCToken", token.value),
            ("RoleSessionName", name(session)),
        ])
        let answer = try await sources.call(
            "sts:AssumeRoleWithOIDC", request,
            signing: MadeRequest { request, time throws(CloudFailure) in
                var request = request
                request.query += [
                    ("Action", "AssumeRoleWithOIDC"), ("Format", "JSON"), ("Version", "2015-04-01"),
                    ("Timestamp", time.description), ("SignatureNonce", jitter.identifier()),
                ]
                return request
            })
        return try AlibabaCredentials.credentials(try answer.json()["Credentials"])
    }

    /// The role for whoever holds keys.
    func assume(
        _ role: String, session: String?, by credentials: ACS3.Credentials
    ) async throws(CloudFailure) -> Dated<ACS3.Credentials> {
        var request = try request("AssumeRole")
        request.query = [("RoleArn", role), ("RoleSessionName", name(session))]
        let clock = sources.clock
        let cache = CredentialCache(clock: clock) { () async throws(CloudFailure) in Dated(credentials) }
        let signer = AlibabaAuthorizer(credentials: cache, nonces: sources.client.jitter)
        let answer = try await sources.call("sts:AssumeRole", request, signing: signer)
        return try AlibabaCredentials.credentials(try answer.json()["Credentials"])
    }

    private func request(_ action: String) throws(CloudFailure) -> CloudRequest {
        var request = try sources.request("POST", sources.endpoints.alibabaSTS + "/")
        request.headers += [("x-acs-action", action), ("x-acs-version", "2015-04-01"), ("accept", "application/json")]
        return request
    }

    private func name(_ given: String?) -> String { given ?? "plimsoll-\(Int(sources.clock.wall))" }
}

/// The role of the ECS instance itself; a session first, as its metadata service wants in hardened mode.
struct AlibabaInstanceLink: CredentialLink {
    let name = "ECS instance role"
    let sources: CredentialSources

    func resolve() async -> LinkOutcome<ACS3.Credentials> {
        guard !sources.isOn("ALIBABA_CLOUD_ECS_METADATA_DISABLED") else {
            return .absent("ALIBABA_CLOUD_ECS_METADATA_DISABLED is set")
        }
        return await resolve(role: sources.variable("ALIBABA_CLOUD_ECS_METADATA"))
    }

    func resolve(role given: String?) async -> LinkOutcome<ACS3.Credentials> {
        let base = sources.endpoints.alibabaMetadata
        do throws(CloudFailure) {
            let session = try await session(base)
            let path = base + "/latest/meta-data/ram/security-credentials/"
            var role = given ?? ""
            if role.isEmpty {
                role = String(decoding: try await get(path, session).body, as: UTF8.self)
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            }
            guard !role.isEmpty else { return .absent("the instance has no role") }
            let answer = try await get(path + PercentEncoding.strict(role), session).json()
            return .answered(try AlibabaCredentials.credentials(answer), "role `\(role)` of this instance")
        } catch {
            if error.status == 404 { return .absent("the instance has no role") }
            return sources.absence(error, base).map { .absent($0) } ?? .failed(error)
        }
    }

    private func session(_ base: String) async throws(CloudFailure) -> Secret? {
        var request = try sources.request("PUT", base + "/latest/api/token")
        request.setHeader("X-aliyun-ecs-metadata-token-ttl-seconds", "21600")
        do throws(CloudFailure) {
            let answer = try await sources.ask("ecs-metadata:GetToken", request)
            return Secret(String(decoding: answer.body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        } catch {
            // Older services have no sessions.
            if error.status == 404 || error.status == 405 { return nil }
            throw error
        }
    }

    private func get(_ url: String, _ session: Secret?) async throws(CloudFailure) -> CloudResponse {
        var request = try sources.request("GET", url)
        if let session { request.setHeader("X-aliyun-ecs-metadata-token", session.value) }
        return try await sources.ask("ecs-metadata:GetRole", request)
    }
}

/// An address that answers with credentials.
struct AlibabaAddressLink: CredentialLink {
    let name = "credentials URI"
    let sources: CredentialSources

    func resolve() async -> LinkOutcome<ACS3.Credentials> {
        guard let address = sources.variable("ALIBABA_CLOUD_CREDENTIALS_URI") else {
            return .absent("ALIBABA_CLOUD_CREDENTIALS_URI is not set")
        }
        do throws(CloudFailure) {
            let request = try sources.request("GET", address)
            let answer = try await sources.ask("credentials-metadata:GetCredentials", request).json()
            return .answered(try AlibabaCredentials.credentials(answer), "from `\(request.host)`")
        } catch {
            return .failed(error)
        }
    }
}
