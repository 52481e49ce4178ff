internal import Foundation
internal import PlimsollCore

/// The profile of the Alibaba Cloud CLI, `~/.aliyun/config.json`.
struct AlibabaToolLink: CredentialLink {
    let name = "Alibaba Cloud CLI profile"
    let sources: CredentialSources

    func resolve() async -> LinkOutcome<ACS3.Credentials> {
        guard !sources.isOn("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") else {
            return .absent("ALIBABA_CLOUD_CLI_PROFILE_DISABLED is set")
        }
        let path = sources.path("~/.aliyun/config.json")
        do throws(CloudFailure) {
            guard let bytes = try sources.read(path) else { return .absent("`\(path)` does not exist") }
            guard let file = JSONValue(parsing: bytes) else { throw CloudFailure(.config, "`\(path)` is not JSON") }
            let name = sources.variable("ALIBABA_CLOUD_PROFILE") ?? file.text("current") ?? "default"
            guard let profile = file["profiles"]?.array?.first(where: { $0.text("name") == name }) else {
                throw CloudFailure(.config, "`\(path)` has no profile `\(name)`")
            }
            let place = "profile `\(name)` in `\(path)`"
            return try await AlibabaProfile(sources: sources, place: place).resolve(mode: profile.text("mode") ?? "AK")
            { key in
                profile.text(key)
            }
        } catch {
            return .failed(error)
        }
    }
}

/// The profile of the shared file, `~/.alibabacloud/credentials`.
struct AlibabaProfileLink: CredentialLink {
    let name = "shared credentials file"
    let sources: CredentialSources

    func resolve() async -> LinkOutcome<ACS3.Credentials> {
        let usual = ["~/.alibabacloud/credentials", "~/.alibabacloud/credentials.ini"]
        let paths = sources.variable("ALIBABA_CLOUD_CREDENTIALS_FILE").map { [$0] } ?? usual
        let name = sources.variable("ALIBABA_CLOUD_PROFILE") ?? "default"
        do throws(CloudFailure) {
            for path in paths.map(sources.path) {
                guard let bytes = try sources.read(path) else { continue }
                let place = "profile `\(name)` in `\(path)`"
                guard let section = INIFile(bytes).sections[name] else { return .absent("no \(place)") }
                return try await AlibabaProfile(sources: sources, place: place)
                    .resolve(mode: section["type"] ?? "access_key") { section[Self.names[$0] ?? $0] }
            }
            return .absent("`\(sources.path(paths[0]))` does not exist")
        } catch {
            return .failed(error)
        }
    }

    /// Names in this file, by those of the CLI's.
    private static let names = [
        "sts_token": "security_token", "ram_role_arn": "role_arn", "ram_role_name": "role_name",
        "ram_session_name": "role_session_name", "oidc_token_file": "oidc_token_file_path",
        "oidc_provider_arn": "oidc_provider_arn",
    ]
}

/// What a profile of either file asks for.
struct AlibabaProfile: Sendable {
    let sources: CredentialSources
    let place: String

    func resolve(
        mode: String, _ setting: (String) -> String?
    ) async throws(CloudFailure) -> LinkOutcome<ACS3.Credentials> {
        func needed(_ name: String) throws(CloudFailure) -> String {
            guard let text = setting(name), !text.isEmpty else {
                throw CloudFailure(.config, "the \(place) lacks `\(name)`")
            }
            return text
        }
        let service = AlibabaTokenService(sources: sources)
        switch mode {
        case "AK", "access_key", "StsToken", "sts":
            let isLasting = mode == "AK" || mode == "access_key"
            let id = try needed("access_key_id")
            let token = isLasting ? nil : try needed("sts_token")
            let found = AlibabaCredentials.credentials(id, try needed("access_key_secret"), token)
            return .answered(Dated(found), "\(place), \(AlibabaCredentials.shown(id))")
        case "RamRoleArn", "ram_role_arn":
            let own = AlibabaCredentials.credentials(
                try needed("access_key_id"), try needed("access_key_secret"), setting("sts_token"))
            let role = try needed("ram_role_arn")
            let found = try await service.assume(role, session: setting("ram_session_name"), by: own)
            return .answered(found, "\(place), role `\(role)`")
        case "EcsRamRole", "ecs_ram_role":
            return await AlibabaInstanceLink(sources: sources).resolve(role: setting("ram_role_name"))
        case "OIDC", "oidc_role_arn":
            let role = try needed("ram_role_arn")
            let token = try sources.token(inFile: try needed("oidc_token_file"))
            let found = try await service.assume(
                role, session: setting("ram_session_name"), provider: try needed("oidc_provider_arn"), token: token)
            return .answered(found, "\(place), role `\(role)`")
        default:
            throw CloudFailure(
                .unsupported, "the \(place) is of type `\(mode)`",
                hint: "supported: keys, STS tokens, RAM roles, roles of ECS instances and OIDC roles")
        }
    }
}
