internal import Foundation
public import PlimsollCore

/// Where tokens for Azure come from.
///
/// The order is that of `DefaultAzureCredential` in the Azure Identity library ("Credential chains"): environment,
/// workload identity, managed identity, Azure CLI. Its links for editors and PowerShell are left out.
public enum AzureCredentials {
    /// Scope of the management API.
    public static let management = "https://management.azure.com/.default"

    /// The chain over these sources, for tokens of a scope.
    public static func chain(_ sources: CredentialSources, scope: String = management) -> CredentialChain<BearerToken> {
        CredentialChain([
            AzureEnvironmentLink(sources: sources, scope: scope),
            AzureWorkloadLink(sources: sources, scope: scope),
            AzureManagedLink(sources: sources, scope: scope),
            AzureToolLink(sources: sources, scope: scope),
        ])
    }
}

/// Tokens of Microsoft Entra ID.
struct AzureTokenService: Sendable {
    let sources: CredentialSources
    let tenant: String
    let scope: String

    var address: String { "\(sources.endpoints.azureAuthority)/\(PercentEncoding.strict(tenant))/oauth2/v2.0/token" }

    /// A token for a client that proves itself by `proof`; made anew for every try.
    func token(
        client: String, _ proof: @escaping @Sendable (Instant) throws(CloudFailure) -> [(name: String, value: String)]
    ) async throws(CloudFailure) -> Dated<BearerToken> {
        let fields = [(name: "client_id", value: client), ("scope", scope), ("grant_type", "client_credentials")]
        let request = try sources.request("POST", address)
        let answer = try await sources.call(
            "entra:token", request,
            signing: MadeRequest { request, time throws(CloudFailure) in
                var request = request
                request.setForm(fields + (try proof(time)))
                return request
            })
        return try TokenDocument.token(try answer.json(), now: sources.clock.wall)
    }

    /// The fields of an assertion.
    static func assertion(_ token: Secret) -> [(name: String, value: String)] {
        [
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", token.value),
        ]
    }
}

/// Tokens as token services write them.
enum TokenDocument {
    /// Reads `access_token` and `expires_in` or `expires_on`. Throws `data` where there is none.
    static func token(_ value: JSONValue, now: Double) throws(CloudFailure) -> Dated<BearerToken> {
        guard let token = value.text("access_token") ?? value.text("accessToken") else {
            throw CloudFailure(.data, "the answer of the token service holds no access token")
        }
        let end = value["expires_on"]?.number ?? value["expires_in"]?.number.map { now + $0 }
        return Dated(BearerToken(Secret(token)), expires: end.map { Instant(secondsSince1970: $0) })
    }
}

/// `AZURE_CLIENT_ID` with a secret or a certificate.
struct AzureEnvironmentLink: CredentialLink {
    let name = "environment"
    let sources: CredentialSources
    let scope: String

    func resolve() async -> LinkOutcome<BearerToken> {
        let missing = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"].filter { sources.variable($0) == nil }
        guard let tenant = sources.variable("AZURE_TENANT_ID"), let client = sources.variable("AZURE_CLIENT_ID") else {
            return .absent(missing.joined(separator: " and ") + (missing.count > 1 ? " are" : " is") + " not set")
        }
        let service = AzureTokenService(sources: sources, tenant: tenant, scope: scope)
        do throws(CloudFailure) {
            if let secret = sources.variable("AZURE_CLIENT_SECRET").map(Secret.init) {
                let token = try await service.token(client: client) { _ throws(CloudFailure) in
                    [("client_secret", secret.value)]
                }
                return .answered(token, "client `\(client)` with a secret")
            }
            guard let path = sources.variable("AZURE_CLIENT_CERTIFICATE_PATH") else {
                return .absent("AZURE_CLIENT_SECRET and AZURE_CLIENT_CERTIFICATE_PATH are not set")
            }
            let token = try await certified(service, client, path)
            return .answered(token, "client `\(client)` with the certificate `\(path)`")
        } catch {
            return .failed(error)
        }
    }

    private func certified(
        _ service: AzureTokenService, _ client: String, _ path: String
    ) async throws(CloudFailure) -> Dated<BearerToken> {
        guard let bytes = try sources.read(sources.path(path)) else {
            throw CloudFailure(.config, "AZURE_CLIENT_CERTIFICATE_PATH names `\(path)`, which does not exist")
        }
        let assertion = try AzureAssertion(
            CertificateFile(bytes, path: path), client: client, audience: service.address)
        let jitter = sources.client.jitter
        return try await service.token(client: client) { time throws(CloudFailure) in
            AzureTokenService.assertion(try assertion.token(at: time, id: jitter.identifier()))
        }
    }
}

/// A client's assertion that it holds a certificate's key.
///
/// Source: Microsoft identity platform, "Application authentication certificate credentials": PS256, the
/// certificate named by `x5t#S256`. RS256 with `x5t` is the older form, for authorities that know no other.
public struct AzureAssertion: Sendable {
    private let maker: JSONWebToken
    private let thumbprint: String
    private let olderThumbprint: String
    private let client: String
    private let audience: String

    init(_ file: CertificateFile, client: String, audience: String) throws(CloudFailure) {
        maker = try JSONWebToken(privateKey: file.privateKey)
        thumbprint = file.thumbprint
        olderThumbprint = file.thumbprintSHA1
        self.client = client
        self.audience = audience
    }

    /// Assertions of a client with a PEM file (certificate and private key) for a token address. Throws `config`
    /// where the file holds not both.
    public init(pem: Secret, client: String, audience: String) throws(CloudFailure) {
        try self.init(CertificateFile(Array(pem.value.utf8), path: "certificate"), client: client, audience: audience)
    }

    /// An assertion that holds for ten minutes; `id` must differ from one to the next.
    public func token(
        _ algorithm: JSONWebToken.Algorithm = .ps256, at time: Instant, id: String
    ) throws(CloudFailure) -> Secret {
        let now = Int(time.secondsSince1970)
        let header: [String: JSONValue] =
            algorithm == .ps256 ? ["x5t#S256": .string(thumbprint)] : ["x5t": .string(olderThumbprint)]
        return try maker.token(
            algorithm, header: header,
            claims: [
                "aud": .string(audience), "iss": .string(client), "sub": .string(client), "jti": .string(id),
                "iat": .int(now), "nbf": .int(now), "exp": .int(now + 600),
            ])
    }
}

/// A token of a Kubernetes service account in a file.
struct AzureWorkloadLink: CredentialLink {
    let name = "workload identity"
    let sources: CredentialSources
    let scope: String

    func resolve() async -> LinkOutcome<BearerToken> {
        guard let path = sources.variable("AZURE_FEDERATED_TOKEN_FILE") else {
            return .absent("AZURE_FEDERATED_TOKEN_FILE is not set")
        }
        guard let tenant = sources.variable("AZURE_TENANT_ID"), let client = sources.variable("AZURE_CLIENT_ID") else {
            return .failed(
                CloudFailure(
                    .config, "AZURE_FEDERATED_TOKEN_FILE is set, and AZURE_TENANT_ID or AZURE_CLIENT_ID is not"))
        }
        do throws(CloudFailure) {
            let federated = try sources.token(inFile: path)
            let service = AzureTokenService(sources: sources, tenant: tenant, scope: scope)
            let token = try await service.token(client: client) { _ throws(CloudFailure) in
                AzureTokenService.assertion(federated)
            }
            return .answered(token, "client `\(client)`, token in `\(path)`")
        } catch {
            return .failed(error)
        }
    }
}
