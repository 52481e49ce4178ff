public import CloudHTTP
internal import Foundation
public import PlimsollCore

/// Kubernetes clusters, read through their API servers and Prometheus.
///
/// Accounts are contexts of the kubeconfig. Regions are not asked for: a cluster is read as a whole.
public struct KubernetesClusters: CollectingProvider {
    /// How clusters are reached.
    public struct Options: Sendable {
        /// Address of the API server instead of the context's own.
        public var endpoint: String?
        /// Address of Prometheus, or of what answers like it; nil = metrics are a gap.
        public var prometheus: String?
        /// Label matchers that every series has to meet, such as `cluster="prod"`; empty = all.
        public var selector = ""
        /// Bearer token for Prometheus; nil = none.
        public var prometheusToken: Secret?

        /// The usual options.
        public init() {}
    }

    private let client: CloudClient
    private let sessions: KubeSessions
    private let options: Options
    private let now: Instant

    /// Clusters that `sources` give access to; `now` is the end of what is asked by time.
    public init(client: CloudClient, sources: CredentialSources, options: Options = Options(), now: Instant) {
        self.client = client
        self.options = options
        self.now = now
        sessions = KubeSessions(client: client, sources: sources, endpoint: options.endpoint)
    }

    /// What it is and can do.
    public var descriptor: ProviderDescriptor { Kubernetes.descriptor }

    /// Whether the current context's server answers.
    public func check() async throws(ProviderFailure) -> Health {
        do throws(CloudFailure) {
            let session = try await sessions.session("")
            let version = try await session.client.send(try session.call(Kubernetes.versionCall, "/version"))
            return Health(
                usable: true, detail: "\(session.access.name): \(CloudItem(try version.json())["gitVersion"])")
        } catch {
            throw error.provider
        }
    }

    /// A piece for every listing of every context.
    public func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
        do throws(CloudFailure) {
            var names = scope.accounts.isEmpty ? [""] : scope.accounts
            if names == ["all"] { names = try await sessions.contexts() }
            var (pieces, gaps): ([CollectPiece], [Gap]) = ([], [])
            for name in names {
                do throws(CloudFailure) {
                    let account = try await sessions.reach(name)
                    pieces += KubeListings.all.map { listing in
                        CollectPiece(
                            id: "kubernetes/\(account)/\(listing.id)", what: listing.what, account: account,
                            permission: listing.permissions.first ?? "")
                    }
                } catch {
                    guard names.count > 1, error.kind != .cancelled else { throw error }
                    let piece = CollectPiece(id: "", what: "", account: name)
                    gaps.append(Gap(error.provider, provider: "kubernetes", what: "the cluster", of: piece))
                }
            }
            return (pieces, gaps)
        } catch {
            throw error.provider
        }
    }

    /// Reads a piece; of metrics, a day at a time.
    public func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws {
        try await KubeListings.all.read(piece) {
            KubeReader(
                session: try await sessions.session(piece.account), client: client, sink: sink, scope: scope, now: now,
                options: options, state: state)
        }
    }
}

/// Sessions by their context.
actor KubeSessions {
    private let client: CloudClient
    private let sources: CredentialSources
    private let endpoint: String?
    private var known: [String: KubeSession] = [:]

    init(client: CloudClient, sources: CredentialSources, endpoint: String?) {
        self.client = client
        self.sources = sources
        self.endpoint = endpoint
    }

    func contexts() throws(CloudFailure) -> [String] {
        let names = try KubernetesCredentials.contexts(sources)
        return names.isEmpty ? [""] : names
    }

    /// Name of a context's account, once its server has answered.
    func reach(_ name: String) async throws(CloudFailure) -> String {
        let session = try await session(name)
        do throws(CloudFailure) {
            _ = try await session.client.send(try session.call(Kubernetes.versionCall, "/version"))
        } catch {
            // The server is there; what it refuses is told where it is read.
            guard error.kind == .permission || error.kind == .unsupported else { throw error }
        }
        known[session.access.name] = session
        return session.access.name
    }

    /// A session with a context; empty = the current one, or the server that was given.
    func session(_ name: String) async throws(CloudFailure) -> KubeSession {
        if let session = known[name] { return session }
        let access = try await access(name)
        let session = KubeSession(
            client: client.over(try transport(access)), access: access, isStandIn: endpoint != nil)
        known[name] = session
        return session
    }

    private func access(_ name: String) async throws(CloudFailure) -> KubeAccess {
        guard let endpoint else {
            guard name.isEmpty else { return try await KubernetesCredentials.access(name, sources) }
            return try await KubernetesCredentials.chain(sources).credential().value
        }
        guard let request = CloudRequest(method: "GET", url: endpoint) else {
            throw CloudFailure(.config, "`\(endpoint)` is no address", hint: "give `--endpoint http://HOST:PORT`")
        }
        // A server that is given may need nobody's credentials, as behind `kubectl proxy`.
        let (result, _) = await KubernetesCredentials.chain(sources).resolve()
        var access = KubeAccess(request.host, server: endpoint)
        guard name.isEmpty || name == request.host else {
            access = try await KubernetesCredentials.access(name, sources)
            access.server = KubeAccess(name, server: endpoint).server
            return access
        }
        switch result {
        case .success(let own):
            access = own.value
            access.server = KubeAccess("", server: endpoint).server
        case .failure(let failure): throw failure
        case nil: break
        }
        return access
    }

    private func transport(_ access: KubeAccess) throws(CloudFailure) -> ClientTransport {
        let environment = access.proxy.isEmpty ? sources.environment : ["HTTPS_PROXY": access.proxy]
        return try ClientTransport(proxies: try ProxySettings(environment: environment), trust: access.trust)
    }
}
