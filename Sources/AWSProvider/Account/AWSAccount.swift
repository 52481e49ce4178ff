public import CloudHTTP
public import PlimsollCore

/// AWS accounts, read through their APIs.
public struct AWSAccount: CollectingProvider {
    /// How accounts are reached.
    public struct Options: Sendable {
        /// Address instead of AWS's own: an emulator, a proxy of one's own.
        public var endpoint: String?
        /// Region that is asked for what all regions share, and where regions cannot be listed.
        public var region = "us-east-1"
        /// Role that is taken on in other accounts than the credentials' own.
        public var role = "OrganizationAccountAccessRole"

        /// The usual options.
        public init() {}
    }

    private let client: CloudClient
    private let options: Options
    private let identities: AWSIdentities
    private let now: Instant

    /// Accounts that the credentials of a chain reach; `now` is the end of what is asked by time.
    public init(
        client: CloudClient, credentials: CredentialCache<SigV4.Credentials>, options: Options = Options(), now: Instant
    ) {
        self.client = client
        self.options = options
        self.now = now
        let session = AWSSession(client: client, credentials: credentials, endpoint: Self.trimmed(options.endpoint))
        identities = AWSIdentities(own: session, options: options)
    }

    private static func trimmed(_ endpoint: String?) -> String? {
        guard var endpoint else { return nil }
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        return endpoint
    }

    /// What it is and can do.
    public var descriptor: ProviderDescriptor { AWS.descriptor }

    /// Every listing, in the order of the output.
    static let listings: [AWSListing] =
        AWSListings.ec2 + AWSListings.balancers + AWSListings.databases + AWSListings.platforms
        + [AWSListings.buckets] + AWSListings.commitments + AWSListings.market + [AWSListings.metrics]

    /// Every permission that a collection may need.
    static let permissions: [String] = {
        let first = ["sts:GetCallerIdentity", "ec2:DescribeRegions", "organizations:DescribeOrganization"]
        let all = first + ["organizations:ListAccounts", "sts:AssumeRole"] + listings.flatMap(\.permissions)
        return Set(all).sorted()
    }()

    /// Whether the credentials are taken.
    public func check() async throws(ProviderFailure) -> Health {
        do throws(CloudFailure) {
            let own = try await identities.own()
            return Health(usable: true, detail: "account \(own.session.account)")
        } catch {
            throw error.provider
        }
    }

    /// A piece for every listing of every account and region.
    public func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap]) {
        do throws(CloudFailure) {
            var pieces: [CollectPiece] = []
            var gaps: [Gap] = []
            for account in try await identities.accounts(scope.accounts, &gaps) {
                let regions = try await regions(of: account, scope, &gaps)
                for region in [""] + regions {
                    for listing in Self.listings where listing.isGlobal == region.isEmpty {
                        let place = region.isEmpty ? "global" : region
                        pieces.append(
                            CollectPiece(
                                id: "aws/\(account)/\(place)/\(listing.id)", what: listing.what, account: account,
                                region: region, permission: listing.permissions.first ?? ""))
                    }
                }
            }
            return (pieces, gaps + (try await identities.gaps()))
        } catch {
            throw error.provider
        }
    }

    /// Regions of an account: those asked for, or all that are enabled in it.
    private func regions(
        of account: String, _ scope: CollectScope, _ gaps: inout [Gap]
    ) async throws(CloudFailure) -> [String] {
        guard scope.regions.isEmpty else { return scope.regions }
        do throws(CloudFailure) {
            let session = try await identities.session(account)
            let call = try session.call(.ec2, "DescribeRegions", options.region)
            let answer = try await session.answer(call, .ec2)
            return answer.list("regionInfo").map { $0["regionName"] }.filter { !$0.isEmpty }.sorted()
        } catch {
            guard [.permission, .unsupported].contains(error.kind) else { throw error }
            gaps.append(
                Gap(
                    provider: "aws", account: account, what: "regions but `\(options.region)`",
                    reason: error.diagnostic.message, permission: error.call,
                    remedy: "allow `\(error.call)`, or name the regions with `--regions`"))
            return [options.region]
        }
    }

    /// Reads a piece from its beginning.
    public func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws {
        try await Self.listings.read(piece) {
            AWSReader(
                session: try await identities.session(piece.account),
                billingAccount: try await identities.billingAccount(), region: piece.region, scope: scope, sink: sink,
                now: now)
        }
    }
}
