internal import Foundation
internal import PlimsollCore

/// Credentials of a container: ECS tasks, EKS pods, and whatever speaks like them.
struct AWSContainerLink: CredentialLink {
    let name = "container"
    let sources: CredentialSources

    func resolve() async -> LinkOutcome<SigV4.Credentials> {
        do throws(CloudFailure) {
            guard let address = try address() else {
                return .absent(
                    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set")
            }
            var request = try sources.request("GET", address)
            if let token = try token() { request.setHeader("Authorization", token.value) }
            let answer = try await sources.ask("container-metadata:GetCredentials", request).json()
            return .answered(try AWSDocument.credentials(answer, "Token"), "from `\(request.host)`")
        } catch {
            return .failed(error)
        }
    }

    private func address() throws(CloudFailure) -> String? {
        if let path = sources.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            return sources.endpoints.awsContainer + path
        }
        guard let full = sources.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
        let request = try sources.request("GET", full)
        let host = ProxySettings.split(request.host).host
        let known = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"]
        guard request.scheme == "https" || known.contains(host) || ProxySettings.isLocal(host) else {
            throw CloudFailure(
                .config, "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor an address of this machine")
        }
        return full
    }

    private func token() throws(CloudFailure) -> Secret? {
        if let path = sources.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            return try sources.token(inFile: path)
        }
        return sources.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(Secret.init)
    }
}

/// Metadata service of EC2 instances, version 2: a session first, then the role's credentials.
struct AWSInstanceLink: CredentialLink {
    let name = "instance metadata"
    let sources: CredentialSources

    func resolve() async -> LinkOutcome<SigV4.Credentials> {
        guard !sources.isOn("AWS_EC2_METADATA_DISABLED") else { return .absent("AWS_EC2_METADATA_DISABLED is set") }
        let base = sources.endpoints.awsMetadata
        let session: Secret
        do throws(CloudFailure) {
            var request = try sources.request("PUT", base + "/latest/api/token")
            request.setHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600")
            let answer = try await sources.ask("ec2-metadata:GetToken", request)
            session = Secret(
                String(decoding: answer.body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        } catch {
            return sources.absence(error, base).map { .absent($0) } ?? .failed(error)
        }
        do throws(CloudFailure) {
            let path = base + "/latest/meta-data/iam/security-credentials/"
            let role = String(decoding: try await get(path, session).body, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines).prefix { !$0.isNewline }
            guard !role.isEmpty else { return .absent("the instance has no role") }
            let answer = try await get(path + PercentEncoding.strict(String(role)), session).json()
            return .answered(try AWSDocument.credentials(answer, "Token"), "role `\(role)` of this instance")
        } catch {
            return error.status == 404 ? .absent("the instance has no role") : .failed(error)
        }
    }

    private func get(_ url: String, _ session: Secret) async throws(CloudFailure) -> CloudResponse {
        var request = try sources.request("GET", url)
        request.setHeader("X-aws-ec2-metadata-token", session.value)
        return try await sources.ask("ec2-metadata:GetRole", request)
    }
}
