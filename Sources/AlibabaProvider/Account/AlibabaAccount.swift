public import CloudHTTP
public import PlimsollCore

/// An account of Alibaba Cloud, read through its APIs.
public struct AlibabaAccount: CollectingProvider {
    /// How the account is reached.
    public struct Options: Sendable {
        /// Address instead of the vendor's own: an emulator, a proxy of one's own.
        public var endpoint: String?
        /// Host of the billing API; nil = that of the international site. Accounts of the Chinese site have
        /// `business.aliyuncs.com`.
        public var billingHost: String?

        /// The usual options.
        public init() {}
    }

    private let session: AlibabaSession
    private let identity: AlibabaIdentity
    private let now: Instant

    /// The account that the credentials of a chain are of; `now` is the end of what is asked by time.
    public init(
        client: CloudClient, credentials: CredentialCache<ACS3.Credentials>, options: Options = Options(), now: Instant
    ) {
        var endpoint = options.endpoint
        while let address = endpoint, address.hasSuffix("/") { endpoint = String(address.dropLast()) }
        session = AlibabaSession(
            client: client, credentials: credentials, endpoint: endpoint, billingHost: options.billingHost)
        identity = AlibabaIdentity(session: session)
        self.now = now
    }

    /// What it is and can do.
    public var descriptor: ProviderDescriptor { Alibaba.descriptor }

    /// Whether the credentials are taken.
    public func check() async throws(ProviderFailure) -> Health {
        do throws(CloudFailure) {
            return Health(usable: true, detail: "account \(try await identity.account())")
        } catch {
            throw error.provider
        }
    }

    /// A piece for every listing of every region.
    public func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
        do throws(CloudFailure) {
            let account = try await identity.account()
            var gaps: [Gap] = []
            for other in scope.accounts where other != account {
                let failure = CloudFailure(
                    .unsupported, "only the credentials' own account can be read",
                    hint: "collect each account with credentials of its own")
                let what = other == "all" ? "other accounts of the resource directory" : "the account"
                let piece = CollectPiece(id: "", what: what, account: other == "all" ? "" : other)
                gaps.append(Gap(failure.provider, provider: "alibaba", what: what, of: piece))
            }
            guard scope.accounts.isEmpty || scope.accounts.contains(account) || scope.accounts == ["all"] else {
                return ([], gaps)
            }
            var pieces: [CollectPiece] = []
            for region in [""] + (try await regions(scope)) {
                for listing in AlibabaListings.all where listing.isGlobal == region.isEmpty {
                    let place = region.isEmpty ? "global" : region
                    pieces.append(
                        CollectPiece(
                            id: "alibaba/\(account)/\(place)/\(listing.id)", what: listing.what, account: account,
                            region: region, permission: listing.permissions.first ?? ""))
                }
            }
            return (pieces, gaps)
        } catch {
            throw error.provider
        }
    }

    /// Regions that are asked for, or all.
    private func regions(_ scope: CollectScope) async throws(CloudFailure) -> [String] {
        guard scope.regions.isEmpty else { return scope.regions }
        let answer = try await session.answer(.regions, "")
        return answer.list(AlibabaCall.regions.items).map { $0["RegionId"] }.filter { !$0.isEmpty }.sorted()
    }

    /// Reads a piece from its beginning.
    public func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws {
        try await AlibabaListings.all.read(piece) {
            var session = session
            session.account = piece.account
            return AlibabaReader(session: session, region: piece.region, scope: scope, sink: sink, now: now)
        }
    }
}

/// Whose the credentials are.
actor AlibabaIdentity {
    private let session: AlibabaSession
    private var known: String?

    init(session: AlibabaSession) { self.session = session }

    func account() async throws(CloudFailure) -> String {
        if let known { return known }
        let account = try await session.answer(.identity, "")["AccountId"]
        guard !account.isEmpty else { throw CloudFailure(.data, "`sts:GetCallerIdentity` names no account") }
        known = account
        return account
    }
}

extension Alibaba {
    /// The RAM policy that reading an account needs: exactly the calls of ``AlibabaAccount``. Source of the actions'
    /// names: the RAM authorization pages of each API.
    public static var policy: JSONValue {
        .object([
            "Version": "1",
            "Statement": .array([
                .object([
                    "Effect": "Allow", "Action": .array(permissions.map(JSONValue.string)), "Resource": "*",
                ])
            ]),
        ])
    }

    static let permissions: [String] = {
        let first = [AlibabaCall.identity.permission, AlibabaCall.regions.permission]
        return Set(first + AlibabaListings.all.flatMap(\.permissions)).sorted()
    }()
}
