public import CloudHTTP
public import PlimsollCore

/// Projects of Google Cloud, read through their APIs.
public struct GCPProjects: CollectingProvider {
    /// How projects are reached.
    public struct Options: Sendable {
        /// Address instead of Google's own: a proxy of one's own.
        public var endpoint: String?
        /// Project that is read where none is asked for; nil = all that the credentials see.
        public var project: String?

        /// The usual options.
        public init() {}
    }

    private let session: GCPSession
    private let payers: GCPPayers
    private let options: Options
    private let now: Instant

    /// Projects that the credentials of a chain see; `now` is the end of what is asked by time.
    public init(
        client: CloudClient, credentials: CredentialCache<BearerToken>, options: Options = Options(), now: Instant
    ) {
        var endpoint = options.endpoint
        while let address = endpoint, address.hasSuffix("/") { endpoint = String(address.dropLast()) }
        session = GCPSession(client: client, credentials: credentials, endpoint: endpoint)
        payers = GCPPayers(session: session)
        self.options = options
        self.now = now
    }

    /// What it is and can do.
    public var descriptor: ProviderDescriptor { GCP.descriptor }

    /// Whether the credentials are taken.
    public func check() async throws(ProviderFailure) -> Health {
        do throws(CloudFailure) {
            let projects = try await projects(CollectScope())
            return Health(usable: !projects.isEmpty, detail: "\(projects.count) projects")
        } catch {
            throw error.provider
        }
    }

    /// A piece for every listing of every project.
    public func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
        do throws(CloudFailure) {
            let projects = try await projects(scope)
            guard !projects.isEmpty else {
                throw CloudFailure(
                    .permission, "the credentials see no project",
                    hint: "name projects with `--accounts`, or allow `resourcemanager.projects.get`")
            }
            var gaps: [Gap] = []
            for project in projects { gaps += try await payers.gap(project).map { [$0] } ?? [] }
            let pieces = projects.flatMap { project in
                GCPListings.all.map { listing in
                    CollectPiece(
                        id: "gcp/\(project)/\(listing.id)", what: listing.what, account: project,
                        permission: listing.permissions.first ?? "")
                }
            }
            let price = CollectPiece(id: "gcp/all/\(GCPListings.prices.id)", what: GCPListings.prices.what)
            return (pieces + [price], gaps)
        } catch {
            throw error.provider
        }
    }

    /// Projects that are asked for, the one that is set, or every active one.
    private func projects(_ scope: CollectScope) async throws(CloudFailure) -> [String] {
        let isAll = scope.accounts == ["all"]
        if !scope.accounts.isEmpty, !isAll { return scope.accounts }
        if !isAll, let project = options.project { return [project] }
        var found: [String] = []
        do {
            try await session.pages(.projects, "", [("query", "state:ACTIVE")]) { page in
                for case .item(let item) in page where item["state"] == "ACTIVE" { found.append(item["projectId"]) }
            }
        } catch let failure as CloudFailure {
            throw failure
        } catch {
            throw CloudFailure(.internal, "\(error)")
        }
        return found.sorted()
    }

    /// Reads a piece from its beginning.
    public func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws {
        try await (GCPListings.all + [GCPListings.prices]).read(piece) {
            GCPReader(
                session: session, account: piece.account,
                billingAccount: piece.account.isEmpty ? "" : try await payers.payer(piece.account),
                scope: scope, sink: sink, now: now)
        }
    }
}

/// Who pays for projects.
actor GCPPayers {
    private let session: GCPSession
    private var known: [String: (payer: String, gap: Gap?)] = [:]

    init(session: GCPSession) { self.session = session }

    /// Billing account of a project; empty where that cannot be seen.
    func payer(_ project: String) async throws(CloudFailure) -> String { try await look(project).payer }

    func gap(_ project: String) async throws(CloudFailure) -> Gap? { try await look(project).gap }

    private func look(_ project: String) async throws(CloudFailure) -> (payer: String, gap: Gap?) {
        if let known = known[project] { return known }
        var found: (payer: String, gap: Gap?) = ("", nil)
        do throws(CloudFailure) {
            let name = try await session.answer(.billing, project)["billingAccountName"]
            found.payer = name.split(separator: "/").last.map(String.init) ?? ""
        } catch {
            guard error.kind != .cancelled, error.kind != .auth else { throw error }
            let piece = CollectPiece(id: "", what: "", account: project)
            found.gap = Gap(error.provider, provider: "gcp", what: "the account that pays", of: piece)
        }
        known[project] = found
        return found
    }
}

extension GCP {
    /// The custom role that reading a project needs, as `gcloud iam roles create --file` takes it: exactly the calls
    /// of ``GCPProjects``. Source: the IAM permissions that each method's reference page names.
    public static var policy: JSONValue {
        .object([
            "title": "Plimsoll read", "description": "What plimsoll collect calls", "stage": "GA",
            "includedPermissions": .array(permissions.map(JSONValue.string)),
        ])
    }

    static let permissions: [String] = {
        let first = [GCPCall.projects.permission, GCPCall.billing.permission]
        return Set(first + GCPListings.all.flatMap(\.permissions)).sorted()
    }()
}
