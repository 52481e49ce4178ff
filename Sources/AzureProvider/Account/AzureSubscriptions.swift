public import CloudHTTP
public import PlimsollCore

/// Subscriptions of Azure, read through Azure Resource Manager.
public struct AzureSubscriptions: CollectingProvider {
    /// How subscriptions are reached.
    public struct Options: Sendable {
        /// Address instead of Azure's own: a proxy of one's own.
        public var endpoint: String?
        /// Tokens for the metrics service that answers for many resources at once; nil = one by one.
        public var batchCredentials: CredentialCache<BearerToken>?

        /// The usual options.
        public init() {}
    }

    /// Scope of the tokens of ``Options/batchCredentials``.
    public static let batchScope = "https://metrics.monitor.azure.com/.default"

    private let session: AzureSession
    private let now: Instant

    /// Subscriptions that the credentials of a chain see; `now` is the end of what is asked by time.
    public init(
        client: CloudClient, credentials: CredentialCache<BearerToken>, options: Options = Options(), now: Instant
    ) {
        var endpoint = options.endpoint
        while let address = endpoint, address.hasSuffix("/") { endpoint = String(address.dropLast()) }
        session = AzureSession(
            client: client, credentials: credentials, batchCredentials: options.batchCredentials, endpoint: endpoint)
        self.now = now
    }

    /// What it is and can do.
    public var descriptor: ProviderDescriptor { Azure.descriptor }

    /// Whether the credentials are taken.
    public func check() async throws(ProviderFailure) -> Health {
        do throws(CloudFailure) {
            let found = try await subscriptions()
            return Health(usable: !found.isEmpty, detail: "\(found.count) subscriptions")
        } catch {
            throw error.provider
        }
    }

    /// A piece for every listing of every subscription, and those of the tenant.
    public func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
        do throws(CloudFailure) {
            let known = try await subscriptions()
            let isAll = scope.accounts.isEmpty || scope.accounts == ["all"]
            let asked = isAll ? known.map(\.id) : scope.accounts
            guard !asked.isEmpty else {
                throw CloudFailure(
                    .permission, "the credentials see no subscription",
                    hint: "assign the role that `plimsoll policy --provider azure` prints, at a subscription")
            }
            var gaps: [Gap] = []
            var pieces: [CollectPiece] = []
            for name in asked {
                // Ids of subscriptions are the same in any letters.
                let id = known.first { $0.id.lowercased() == name.lowercased() }?.id ?? name
                // Of a subscription that is off, lists fail or lie.
                if let found = known.first(where: { $0.id == id }), !["Enabled", "Warned", ""].contains(found.state) {
                    gaps.append(
                        Gap(
                            provider: "azure", account: id, region: "", what: "the subscription",
                            reason: "it is \(found.state)", permission: "", remedy: "enable it, or leave it out"))
                    continue
                }
                pieces += AzureListings.all.map { piece($0, id) }
            }
            let tenant = pieces.isEmpty ? [] : AzureListings.tenant.map { piece($0, "") }
            return (pieces + tenant, gaps)
        } catch {
            throw error.provider
        }
    }

    private func piece(_ listing: AzureListing, _ subscription: String) -> CollectPiece {
        let place = subscription.isEmpty ? "tenant" : subscription
        return CollectPiece(
            id: "azure/\(place)/\(listing.id)", what: listing.what, account: subscription,
            permission: listing.permissions.first ?? "")
    }

    private func subscriptions() async throws(CloudFailure) -> [(id: String, state: String)] {
        var found: [(id: String, state: String)] = []
        do {
            try await session.pages(.subscriptions) { page in
                found += page.map { (id: $0["subscriptionId"], state: $0["state"]) }
            }
        } catch let failure as CloudFailure {
            throw failure
        } catch {
            throw CloudFailure(.internal, "\(error)")
        }
        return found.sorted { $0.id < $1.id }
    }

    /// Reads a piece from its beginning.
    public func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws {
        try await (AzureListings.all + AzureListings.tenant).read(piece) {
            AzureReader(session: session, account: piece.account, scope: scope, sink: sink, now: now)
        }
    }
}

extension Azure {
    /// The custom role that reading a subscription needs: exactly the calls of ``AzureSubscriptions``. Source: "Azure
    /// permissions" of Azure RBAC.
    public static var policy: JSONValue {
        .object([
            "Name": "Plimsoll read", "IsCustom": .bool(true), "Description": "What plimsoll collect calls",
            "Actions": .array(permissions.map(JSONValue.string)), "NotActions": .array([]), "DataActions": .array([]),
            "NotDataActions": .array([]), "AssignableScopes": .array(["/subscriptions/SUBSCRIPTION-ID"]),
        ])
    }

    static let permissions: [String] = {
        let listings = AzureListings.all + AzureListings.tenant
        return Set([AzureCall.subscriptions.permission] + listings.flatMap(\.permissions)).sorted()
    }()
}
