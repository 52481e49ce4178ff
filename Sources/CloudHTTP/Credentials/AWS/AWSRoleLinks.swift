internal import Foundation
internal import PlimsollCore

/// Calls of AWS STS.
struct AWSTokenService: Sendable {
    let sources: CredentialSources
    let region: String?

    /// Signed where there are credentials; those with a web identity need none.
    func call(
        _ action: String, _ parameters: [(name: String, value: String)], signedBy credentials: SigV4.Credentials?
    ) async throws(CloudFailure) -> Dated<SigV4.Credentials> {
        let domain = region?.hasPrefix("cn-") == true ? "amazonaws.com.cn" : "amazonaws.com"
        let usual = region.map { "https://sts.\($0).\(domain)" } ?? "https://sts.amazonaws.com"
        var request = try sources.request("POST", (sources.endpoints.awsSTS ?? usual) + "/")
        request.setForm([("Action", action), ("Version", "2011-06-15")] + parameters)
        let signer = SigV4(region: region ?? "us-east-1", service: "sts")
        let response = try await sources.call(
            "sts:" + action, request,
            signing: MadeRequest { request, time throws(CloudFailure) in
                credentials.map { signer.sign(request, credentials: $0, at: time) } ?? request
            })
        return try AWSDocument.credentials(try response.xml())
    }

    static func sessionName(_ given: String?, _ sources: CredentialSources) -> String {
        given ?? "plimsoll-\(Int(sources.clock.wall))"
    }
}

/// A profile whose role is taken on with the credentials of another.
struct AWSAssumeRoleLink: CredentialLink {
    let name = "assume role"
    let sources: CredentialSources
    let profiles: AWSProfiles

    func resolve() async -> LinkOutcome<SigV4.Credentials> {
        do throws(CloudFailure) {
            let profile = try profiles.checked()
            guard let role = profile["role_arn"], profile["web_identity_token_file"] == nil else {
                return .absent("the profile `\(profiles.name)` has no role_arn")
            }
            let found = try await assume(profile, role, path: [profiles.name])
            return .answered(found, "profile `\(profiles.name)`, role `\(role)`")
        } catch {
            return .failed(error)
        }
    }

    private func assume(
        _ profile: [String: String], _ role: String, path: [String]
    ) async throws(CloudFailure) -> Dated<SigV4.Credentials> {
        if profile["mfa_serial"] != nil {
            throw CloudFailure(
                .unsupported, "the profile `\(path.last ?? "")` wants a one-time password (mfa_serial)",
                hint: "take the role on with the AWS command-line tools and pass its keys in the environment")
        }
        let source = try await source(profile, path)
        var parameters = [
            (name: "RoleArn", value: role),
            ("RoleSessionName", AWSTokenService.sessionName(profile["role_session_name"], sources)),
        ]
        if let id = profile["external_id"] { parameters.append(("ExternalId", id)) }
        if let seconds = profile["duration_seconds"] { parameters.append(("DurationSeconds", seconds)) }
        return try await AWSTokenService(sources: sources, region: region(profile))
            .call("AssumeRole", parameters, signedBy: source)
    }

    private func region(_ profile: [String: String]) -> String? {
        sources.variable("AWS_REGION") ?? sources.variable("AWS_DEFAULT_REGION") ?? profile["region"]
            ?? profiles.selected["region"]
    }

    private func source(_ profile: [String: String], _ path: [String]) async throws(CloudFailure) -> SigV4.Credentials {
        if let name = profile["source_profile"] { return try await source(profile: name, path) }
        switch profile["credential_source"] {
        case "Environment": return try await only(AWSEnvironmentLink(sources: sources))
        case "EcsContainer": return try await only(AWSContainerLink(sources: sources))
        case "Ec2InstanceMetadata": return try await only(AWSInstanceLink(sources: sources))
        case let other:
            throw CloudFailure(
                .config,
                "the profile `\(path.last ?? "")` has a role_arn, and "
                    + (other.map { "`\($0)` is no credential_source" } ?? "neither source_profile nor credential_source")
            )
        }
    }

    private func source(profile name: String, _ path: [String]) async throws(CloudFailure) -> SigV4.Credentials {
        guard let profile = profiles.merged(name) else {
            throw CloudFailure(.config, "the source_profile `\(name)` of `\(path.last ?? "")` does not exist")
        }
        // A profile may name itself for its own keys.
        if let id = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] {
            return AWSCredentials.credentials(id, secret, profile["aws_session_token"])
        }
        guard !path.contains(name), path.count < 10 else {
            throw CloudFailure(.config, "source_profile turns in a circle: \((path + [name]).joined(separator: " → "))")
        }
        if let role = profile["role_arn"], profile["web_identity_token_file"] == nil {
            return try await assume(profile, role, path: path + [name]).value
        }
        if let command = profile["credential_process"] {
            return try await AWSProcessLink.run(command, sources).value
        }
        if profile["sso_session"] != nil || profile["sso_start_url"] != nil {
            return try await AWSIdentityCenterLink(sources: sources, profiles: profiles).credentials(profile, name)
                .value
        }
        throw CloudFailure(.config, "the source_profile `\(name)` has no credentials")
    }

    private func only(_ link: some CredentialLink<SigV4.Credentials>) async throws(CloudFailure) -> SigV4.Credentials {
        switch await link.resolve() {
        case .answered(let found, _): return found.value
        case .failed(let failure): throw failure
        case .absent(let reason): throw CloudFailure(.auth, "credential_source asks for \(link.name): \(reason)")
        }
    }
}

/// A token of an identity provider in a file, as Kubernetes mounts it.
struct AWSWebIdentityLink: CredentialLink {
    let name = "web identity"
    let sources: CredentialSources
    let profiles: AWSProfiles

    func resolve() async -> LinkOutcome<SigV4.Credentials> {
        let profile = profiles.selected
        guard let file = profile["web_identity_token_file"] ?? sources.variable("AWS_WEB_IDENTITY_TOKEN_FILE") else {
            return .absent("AWS_WEB_IDENTITY_TOKEN_FILE is not set")
        }
        guard let role = profile["role_arn"] ?? sources.variable("AWS_ROLE_ARN") else {
            return .failed(CloudFailure(.config, "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not"))
        }
        do throws(CloudFailure) {
            let token = try sources.token(inFile: file)
            let session = profile["role_session_name"] ?? sources.variable("AWS_ROLE_SESSION_NAME")
            let service = AWSTokenService(
                sources: sources,
                region: sources.variable("AWS_REGION") ?? sources.variable("AWS_DEFAULT_REGION") ?? profile["region"])
            let parameters = [
                (name: "RoleArn", value: role), ("RoleSessionName", AWSTokenService.sessionName(session, sources)),
                ("WebIdentityToken", token.value),
            ]
            let found = try await service.call("AssumeRoleWithWebIdentity", parameters, signedBy: nil)
            return .answered(found, "role `\(role)`, token in `\(file)`")
        } catch {
            return .failed(error)
        }
    }
}

/// AWS IAM Identity Center: the token that `aws sso login` left.
struct AWSIdentityCenterLink: CredentialLink {
    let name = "IAM Identity Center"
    let sources: CredentialSources
    let profiles: AWSProfiles

    func resolve() async -> LinkOutcome<SigV4.Credentials> {
        let profile = profiles.selected
        guard profile["sso_session"] != nil || profile["sso_start_url"] != nil else {
            return .absent("the profile `\(profiles.name)` has no sso_session")
        }
        do throws(CloudFailure) {
            let found = try await credentials(profile, profiles.name)
            return .answered(found, "profile `\(profiles.name)`, role `\(profile["sso_role_name"] ?? "")`")
        } catch {
            return .failed(error)
        }
    }

    func credentials(_ profile: [String: String], _ name: String) async throws(CloudFailure) -> Dated<SigV4.Credentials>
    {
        let session = profile["sso_session"].flatMap { profiles.session($0) } ?? profile
        guard let key = profile["sso_session"] ?? session["sso_start_url"], let region = session["sso_region"],
            let account = profile["sso_account_id"], let role = profile["sso_role_name"]
        else {
            throw CloudFailure(
                .config,
                "the profile `\(name)` lacks one of sso_region, sso_account_id, sso_role_name, or its sso-session")
        }
        let path = sources.path("~/.aws/sso/cache/\(Digests.hashSHA1(Array(key.utf8))).json")
        let hint = "run `aws sso login --profile \(ShellWord.quote(name))`"
        guard let bytes = try sources.read(path), let cached = JSONValue(parsing: bytes),
            let token = cached.text("accessToken")
        else { throw CloudFailure(.auth, "no one is logged in to IAM Identity Center for `\(name)`", hint: hint) }
        let end = cached.text("expiresAt").flatMap {
            Instant(fractional: $0.replacingOccurrences(of: "UTC", with: "Z"))
        }
        if let end, end.secondsSince1970 <= sources.clock.wall {
            throw CloudFailure(.auth, "the login to IAM Identity Center for `\(name)` ended at \(end)", hint: hint)
        }
        let portal = sources.endpoints.awsPortal ?? "https://portal.sso.\(region).amazonaws.com"
        var request = try sources.request("GET", portal + "/federation/credentials")
        request.query = [("role_name", role), ("account_id", account)]
        request.setHeader("x-amz-sso_bearer_token", token)
        let answer = try await sources.call("sso:GetRoleCredentials", request).json()
        guard let found = answer["roleCredentials"], let id = found.text("accessKeyId"),
            let secret = found.text("secretAccessKey")
        else { throw CloudFailure(.data, "the answer of IAM Identity Center holds no credentials") }
        let expires = found["expiration"]?.number.map { Instant(secondsSince1970: $0 / 1_000) }
        return Dated(AWSCredentials.credentials(id, secret, found.text("sessionToken")), expires: expires)
    }
}
