public import CloudHTTP
internal import Foundation
internal import PlimsollCore

/// A cluster's API server, and who asks it.
public struct KubeAccess: Sendable {
    /// The context's name, `in-cluster`, or the host that was given.
    public var name: String
    /// Address without a slash at the end.
    public var server: String
    /// Whom its connections trust.
    var trust = TrustSettings()
    /// Proxy of its own; empty = as the environment says.
    var proxy = ""
    /// Puts credentials on requests.
    var authorizer: any RequestAuthorizer = NoAuthorizer()

    init(_ name: String, server: String) {
        self.name = name
        var server = server
        while server.hasSuffix("/") { server.removeLast() }
        self.server = server.contains("://") ? server : "https://" + server
    }
}

/// Where access to clusters comes from, in kubectl's order: kubeconfig, then the pod's own service account.
public enum KubernetesCredentials {
    /// The chain for the current context.
    public static func chain(_ sources: CredentialSources) -> CredentialChain<KubeAccess> {
        CredentialChain([KubeConfigLink(sources: sources, context: nil), InClusterLink(sources: sources)])
    }

    /// Access to a context.
    static func access(_ context: String, _ sources: CredentialSources) async throws(CloudFailure) -> KubeAccess {
        switch await KubeConfigLink(sources: sources, context: context).resolve() {
        case .answered(let access, _): return access.value
        case .failed(let failure): throw failure
        case .absent(let detail): throw CloudFailure(.config, detail, hint: "name a context of the kubeconfig")
        }
    }

    /// Contexts of the kubeconfig, the first of each cluster.
    static func contexts(_ sources: CredentialSources) throws(CloudFailure) -> [String] {
        guard let config = try KubeConfig.load(sources) else { return [] }
        var clusters: Set<String> = []
        return config.order.filter { clusters.insert(config.contexts[$0]?.cluster ?? "").inserted }
    }
}

/// A context of the kubeconfig; nil = the current one.
struct KubeConfigLink: CredentialLink {
    let sources: CredentialSources
    let context: String?
    let name = "kubeconfig"

    func resolve() async -> LinkOutcome<KubeAccess> {
        do throws(CloudFailure) {
            guard let config = try KubeConfig.load(sources) else {
                let named = sources.variable("KUBECONFIG")
                return .absent(named.map { "`KUBECONFIG` names `\($0)`, which is not there" } ?? "no ~/.kube/config")
            }
            let name = context ?? config.current
            guard !name.isEmpty else {
                return .absent("\(config.files.joined(separator: ", ")) has no current context")
            }
            let access = try await access(name, config)
            return .answered(Dated(access), "context `\(name)` of \(config.files.joined(separator: ", "))")
        } catch {
            return .failed(error)
        }
    }

    private func access(_ name: String, _ config: KubeConfig) async throws(CloudFailure) -> KubeAccess {
        guard let context = config.contexts[name] else {
            let known = config.order.map { "`\($0)`" }.joined(separator: ", ")
            throw CloudFailure(.config, "there is no context `\(name)`", hint: "there are \(known)")
        }
        guard let cluster = config.clusters[context.cluster], !cluster.server.isEmpty else {
            throw CloudFailure(.config, "the context `\(name)` names no cluster with a server")
        }
        guard cluster.serverName.isEmpty else {
            throw CloudFailure(
                .config, "`tls-server-name` of the cluster `\(context.cluster)` is not supported",
                hint: "use an address that is in the server's certificate")
        }
        var access = KubeAccess(name, server: cluster.server)
        access.proxy = cluster.proxy
        access.trust.isVerified = cluster.isVerified
        access.trust.authorities = try bytes(cluster.authority, cluster.authorityFile)
        if let user = config.users[context.user] { try await take(user, context.user, into: &access) }
        return access
    }

    /// Data of the file itself come before the file that it names.
    private func bytes(_ data: [UInt8], _ file: String) throws(CloudFailure) -> [UInt8] {
        guard data.isEmpty, !file.isEmpty else { return data }
        guard let bytes = try sources.read(file) else {
            throw CloudFailure(.config, "`\(file)`, which the kubeconfig names, is not there")
        }
        return bytes
    }

    /// Order as in client-go: token file, token, password, then a program.
    private func take(
        _ user: KubeConfig.User, _ name: String, into access: inout KubeAccess
    ) async throws(CloudFailure) {
        access.trust.certificate = try bytes(user.certificate, user.certificateFile)
        access.trust.key = user.key
        if user.key.value.isEmpty, !user.keyFile.isEmpty {
            access.trust.key = Secret(String(decoding: try bytes([], user.keyFile), as: UTF8.self))
        }
        if !user.tokenFile.isEmpty {
            access.authorizer = Self.file(user.tokenFile, sources)
        } else if !user.token.value.isEmpty {
            let token = BearerToken(user.token)
            access.authorizer = BearerAuthorizer(
                credentials: CredentialCache { () async throws(CloudFailure) in Dated(token) })
        } else if !user.name.isEmpty {
            access.authorizer = BasicAuthorizer(user: user.name, password: user.password)
        } else if let program = user.program {
            try await take(program, into: &access)
        } else if !user.oldProvider.isEmpty {
            throw CloudFailure(
                .config, "the user `\(name)` has the auth-provider `\(user.oldProvider)`, which is not supported",
                hint: "use the provider's `exec` plugin, as kubectl wants too")
        }
    }

    private func take(_ program: KubeProgram, into access: inout KubeAccess) async throws(CloudFailure) {
        let first = try await program.run(sources)
        if !first.certificate.isEmpty {
            access.trust.certificate = first.certificate
            access.trust.key = first.key
        }
        guard let token = first.token else { return }
        let (kept, sources) = (OneTime(token), sources)
        access.authorizer = BearerAuthorizer(
            credentials: CredentialCache { () async throws(CloudFailure) in
                if let first = await kept.take() { return first }
                guard let token = try await program.run(sources).token else {
                    throw CloudFailure(.auth, "`\(program.command)` brought no token this time")
                }
                return token
            })
    }

    /// Tokens in files are changed by whoever wrote them: they are read again after some minutes.
    static func file(_ path: String, _ sources: CredentialSources) -> BearerAuthorizer {
        BearerAuthorizer(
            credentials: CredentialCache { () async throws(CloudFailure) in
                let token = try sources.token(inFile: path)
                return Dated(BearerToken(token), expires: Instant(secondsSince1970: Date().timeIntervalSince1970 + 600))
            })
    }
}

/// The service account of the pod that this runs in.
struct InClusterLink: CredentialLink {
    let sources: CredentialSources
    let name = "service account of the pod"
    private static let folder = "/var/run/secrets/kubernetes.io/serviceaccount/"

    func resolve() async -> LinkOutcome<KubeAccess> {
        guard let host = sources.variable("KUBERNETES_SERVICE_HOST"),
            let port = sources.variable("KUBERNETES_SERVICE_PORT")
        else { return .absent("`KUBERNETES_SERVICE_HOST` is not set") }
        do throws(CloudFailure) {
            var access = KubeAccess(
                "in-cluster", server: "https://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)")
            access.trust.authorities = try sources.read(Self.folder + "ca.crt") ?? []
            _ = try sources.token(inFile: Self.folder + "token")
            access.authorizer = KubeConfigLink.file(Self.folder + "token", sources)
            return .answered(Dated(access), "the pod's service account")
        } catch {
            return .failed(error)
        }
    }
}

/// Gives a value once.
private actor OneTime<Value: Sendable> {
    private var value: Value?
    init(_ value: Value) { self.value = value }
    func take() -> Value? {
        defer { value = nil }
        return value
    }
}

/// Sends a name and a password. Never over an open connection, but to this machine.
struct BasicAuthorizer: RequestAuthorizer {
    let user: String
    let password: Secret

    func authorize(_ request: CloudRequest, at time: Instant) async throws(CloudFailure) -> CloudRequest {
        guard request.isPrivate else {
            throw CloudFailure(
                .config, "passwords are not sent to `\(request.host)` over an open connection", hint: "use https")
        }
        var request = request
        let login = Data("\(user):\(password.value)".utf8).base64EncodedString()
        request.setHeader("Authorization", "Basic \(login)")
        return request
    }

    func discard() async {}
}
