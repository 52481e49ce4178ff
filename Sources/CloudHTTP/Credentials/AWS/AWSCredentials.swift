internal import PlimsollCore

/// Where credentials for AWS come from.
///
/// The order is that of the Boto3 documentation, "Credentials": environment, assume role, web identity, IAM
/// Identity Center, shared credentials file, helper program, shared configuration file, container, instance
/// metadata.
public enum AWSCredentials {
    /// The chain over these sources.
    public static func chain(_ sources: CredentialSources) -> CredentialChain<SigV4.Credentials> {
        let profiles = AWSProfiles(sources)
        return CredentialChain([
            AWSEnvironmentLink(sources: sources),
            AWSAssumeRoleLink(sources: sources, profiles: profiles),
            AWSWebIdentityLink(sources: sources, profiles: profiles),
            AWSIdentityCenterLink(sources: sources, profiles: profiles),
            AWSFileLink(profiles: profiles, file: .credentials),
            AWSProcessLink(sources: sources, profiles: profiles),
            AWSFileLink(profiles: profiles, file: .config),
            AWSContainerLink(sources: sources),
            AWSInstanceLink(sources: sources),
        ])
    }

    /// The region that environment or profile name; nil = none.
    public static func region(_ sources: CredentialSources) -> String? {
        if let named = sources.variable("AWS_REGION") ?? sources.variable("AWS_DEFAULT_REGION") { return named }
        return AWSProfiles(sources).selected["region"]
    }

    /// The last four characters of a key's public part.
    static func shown(_ accessKeyID: String) -> String { "access key ****\(accessKeyID.suffix(4))" }

    static func credentials(_ id: String, _ secret: String, _ token: String?) -> SigV4.Credentials {
        SigV4.Credentials(
            accessKeyID: id, secretAccessKey: Secret(secret),
            sessionToken: token.flatMap { $0.isEmpty ? nil : Secret($0) })
    }
}

/// The shared files and the profile in force.
struct AWSProfiles: Sendable {
    let name: String
    /// Whether somebody asked for the profile.
    let isNamed: Bool
    let credentialsPath: String
    let configPath: String
    private let config: [String: [String: String]]
    private let credentials: [String: [String: String]]
    private let failure: CloudFailure?

    init(_ sources: CredentialSources) {
        let named = sources.variable("AWS_PROFILE") ?? sources.variable("AWS_DEFAULT_PROFILE")
        name = named ?? "default"
        isNamed = named != nil
        credentialsPath = sources.path(sources.variable("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials")
        configPath = sources.path(sources.variable("AWS_CONFIG_FILE") ?? "~/.aws/config")
        var problem: CloudFailure?
        func sections(_ path: String) -> [String: [String: String]] {
            do throws(CloudFailure) {
                return try sources.read(path).map { INIFile($0).sections } ?? [:]
            } catch {
                problem = error
                return [:]
            }
        }
        config = sections(configPath)
        credentials = sections(credentialsPath)
        failure = problem
    }

    /// Settings of the profile in force, both files together; the credentials file comes first.
    var selected: [String: String] { merged(name) ?? [:] }

    /// The profile in force. Throws `config` where somebody named one that does not exist, or a file cannot be
    /// read.
    func checked() throws(CloudFailure) -> [String: String] {
        if let failure { throw failure }
        if let found = merged(name) { return found }
        guard isNamed else { return [:] }
        throw CloudFailure(
            .config, "the profile `\(name)` is in neither `\(configPath)` nor `\(credentialsPath)`",
            hint: "correct AWS_PROFILE, or add the profile")
    }

    func merged(_ name: String) -> [String: String]? {
        guard let own = inFiles(name) else { return nil }
        return (own.config ?? [:]).merging(own.credentials ?? [:]) { $1 }
    }

    private func inFiles(_ name: String) -> (config: [String: String]?, credentials: [String: String]?)? {
        let inConfig = config["profile \(name)"] ?? (name == "default" ? config["default"] : nil)
        let inCredentials = credentials[name]
        return inConfig == nil && inCredentials == nil ? nil : (inConfig, inCredentials)
    }

    func part(_ file: AWSFileLink.File) -> [String: String]? {
        let found = inFiles(name)
        return file == .config ? found?.config : found?.credentials
    }

    func session(_ name: String) -> [String: String]? { config["sso-session \(name)"] }
}

/// `AWS_ACCESS_KEY_ID` and its kin.
struct AWSEnvironmentLink: CredentialLink {
    let name = "environment"
    let sources: CredentialSources

    func resolve() async -> LinkOutcome<SigV4.Credentials> {
        let secret = sources.variable("AWS_SECRET_ACCESS_KEY")
        guard let id = sources.variable("AWS_ACCESS_KEY_ID") else {
            return secret == nil
                ? .absent("AWS_ACCESS_KEY_ID is not set")
                : .failed(CloudFailure(.config, "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not"))
        }
        guard let secret else {
            return .failed(CloudFailure(.config, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"))
        }
        let token = sources.variable("AWS_SESSION_TOKEN") ?? sources.variable("AWS_SECURITY_TOKEN")
        let note = AWSCredentials.shown(id) + (token == nil ? "" : ", with a session token")
        return .answered(Dated(AWSCredentials.credentials(id, secret, token)), note)
    }
}

/// Keys that stand in a shared file.
struct AWSFileLink: CredentialLink {
    enum File { case config, credentials }

    let profiles: AWSProfiles
    let file: File

    var name: String { file == .config ? "shared configuration file" : "shared credentials file" }

    func resolve() async -> LinkOutcome<SigV4.Credentials> {
        let path = file == .config ? profiles.configPath : profiles.credentialsPath
        do throws(CloudFailure) { _ = try profiles.checked() } catch { return .failed(error) }
        guard let profile = profiles.part(file) else {
            return .absent("no profile `\(profiles.name)` in `\(path)`")
        }
        guard let id = profile["aws_access_key_id"], !id.isEmpty else {
            return .absent("the profile `\(profiles.name)` in `\(path)` has no aws_access_key_id")
        }
        guard let secret = profile["aws_secret_access_key"], !secret.isEmpty else {
            return .failed(
                CloudFailure(.config, "the profile `\(profiles.name)` in `\(path)` has no aws_secret_access_key"))
        }
        let found = AWSCredentials.credentials(id, secret, profile["aws_session_token"])
        return .answered(Dated(found), "profile `\(profiles.name)` in `\(path)`, \(AWSCredentials.shown(id))")
    }
}

/// A program that prints credentials.
struct AWSProcessLink: CredentialLink {
    let name = "credential_process"
    let sources: CredentialSources
    let profiles: AWSProfiles

    func resolve() async -> LinkOutcome<SigV4.Credentials> {
        guard let command = profiles.selected["credential_process"] else {
            return .absent("the profile `\(profiles.name)` has no credential_process")
        }
        do throws(CloudFailure) {
            return .answered(try await Self.run(command, sources), "profile `\(profiles.name)`")
        } catch {
            return .failed(error)
        }
    }

    static func run(_ command: String, _ sources: CredentialSources) async throws(CloudFailure) -> Dated<
        SigV4.Credentials
    > {
        guard let words = ChildProgram.words(command), !words.isEmpty else {
            throw CloudFailure(.config, "the credential_process has a quote that stays open, or is empty")
        }
        let output = try await sources.run(words, [:])
        guard let value = JSONValue(parsing: output), value["Version"] == .int(1) else {
            throw CloudFailure(.config, "`\(words[0])` printed no JSON document of version 1")
        }
        return try AWSDocument.credentials(value, "SessionToken")
    }
}

/// Credentials as AWS services write them.
enum AWSDocument {
    /// Reads `AccessKeyId`, `SecretAccessKey`, a token and `Expiration`. Throws `data` where one is missing.
    static func credentials(_ value: JSONValue, _ token: String) throws(CloudFailure) -> Dated<SigV4.Credentials> {
        guard let id = value.text("AccessKeyId"), let secret = value.text("SecretAccessKey") else {
            throw CloudFailure(.data, "the answer holds no credentials (AccessKeyId, SecretAccessKey)")
        }
        let end = value.text("Expiration").flatMap { Instant(fractional: $0) }
        return Dated(AWSCredentials.credentials(id, secret, value.text(token)), expires: end)
    }

    /// Reads the `Credentials` of an answer of STS.
    static func credentials(_ root: XMLNode) throws(CloudFailure) -> Dated<SigV4.Credentials> {
        let node = root.first(["Credentials"])
        guard let id = node?["AccessKeyId"]?.text, let secret = node?["SecretAccessKey"]?.text, !id.isEmpty else {
            throw CloudFailure(.data, "the answer of STS holds no credentials")
        }
        let end = node?["Expiration"].flatMap { Instant(fractional: $0.text) }
        return Dated(AWSCredentials.credentials(id, secret, node?["SessionToken"]?.text), expires: end)
    }
}
