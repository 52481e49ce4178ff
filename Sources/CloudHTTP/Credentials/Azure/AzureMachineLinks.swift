internal import Foundation
internal import PlimsollCore

/// The identity of the machine or app itself.
struct AzureManagedLink: CredentialLink {
    let name = "managed identity"
    let sources: CredentialSources
    let scope: String

    /// Metadata services want the resource, not the scope.
    private var resource: String { scope.hasSuffix("/.default") ? String(scope.dropLast(9)) : scope }

    func resolve() async -> LinkOutcome<BearerToken> {
        if let endpoint = sources.variable("IDENTITY_ENDPOINT") {
            guard let header = sources.variable("IDENTITY_HEADER") else {
                return .failed(
                    CloudFailure(
                        .unsupported, "IDENTITY_ENDPOINT is set without IDENTITY_HEADER: Azure Arc is not supported"))
            }
            guard sources.variable("IDENTITY_SERVER_THUMBPRINT") == nil else {
                return .failed(CloudFailure(.unsupported, "managed identities of Service Fabric are not supported"))
            }
            return await ask(endpoint, version: "2019-08-01", header: ("X-IDENTITY-HEADER", header), "App Service")
        }
        let base = sources.endpoints.azureMetadata
        let address = base + "/metadata/identity/oauth2/token"
        return await ask(address, version: "2018-02-01", header: ("Metadata", "true"), "this machine")
    }

    private func ask(
        _ address: String, version: String, header: (name: String, value: String), _ place: String
    ) async -> LinkOutcome<BearerToken> {
        do throws(CloudFailure) {
            var request = try sources.request("GET", address)
            request.query += [("api-version", version), ("resource", resource)]
            if let client = sources.variable("AZURE_CLIENT_ID") { request.query.append(("client_id", client)) }
            request.setHeader(header.name, header.value)
            let answer = try await sources.ask("azure-metadata:token", request).json()
            return .answered(try TokenDocument.token(answer, now: sources.clock.wall), "identity of \(place)")
        } catch {
            let base = CloudRequest(url: address)?.origin ?? address
            return sources.absence(error, base).map { .absent($0) } ?? .failed(error)
        }
    }
}

/// Whoever is logged in to the Azure CLI.
struct AzureToolLink: CredentialLink {
    let name = "Azure CLI"
    let sources: CredentialSources
    let scope: String

    func resolve() async -> LinkOutcome<BearerToken> {
        do throws(CloudFailure) {
            let words = ["az", "account", "get-access-token", "--output", "json", "--scope", scope]
            let output = try await sources.run(words, [:])
            guard let value = JSONValue(parsing: output) else {
                return .failed(CloudFailure(.data, "`az account get-access-token` printed no JSON"))
            }
            return .answered(try TokenDocument.token(value, now: sources.clock.wall), "the login of `az`")
        } catch {
            return .absent("\(error.message): not installed, or nobody is logged in")
        }
    }
}
