/// What a collection is asked for. Empty lists mean all there is.
public struct CollectScope: Hashable, Sendable {
    /// Accounts, subscriptions or projects.
    public var accounts: [String]
    /// Regions; global services are always included.
    public var regions: [String]
    /// Beginning of measurements and of other history; nil = the provider's own default.
    public var since: Instant?

    /// A scope.
    public init(accounts: [String] = [], regions: [String] = [], since: Instant? = nil) {
        self.accounts = accounts
        self.regions = regions
        self.since = since
    }
}

/// A part of a collection that is done, or done again, on its own: one listing of one account and region.
public struct CollectPiece: Hashable, Sendable, Codable {
    /// Stable name within the scope: `aws/123456789012/us-east-1/volumes`.
    public var id: String
    /// What it gives, for people: `EC2 volumes`.
    public var what: String
    /// Account it is of; empty = none.
    public var account: String
    /// Region it is of; empty = global.
    public var region: String
    /// Permission it needs, in the provider's words.
    public var permission: String

    /// A piece.
    public init(id: String, what: String, account: String = "", region: String = "", permission: String = "") {
        self.id = id
        self.what = what
        self.account = account
        self.region = region
        self.permission = permission
    }
}

/// Rows that belong together: kept as a whole or not at all.
public struct CollectedBatch: Hashable, Sendable {
    /// Things in the cloud.
    public var resources: [Resource] = []
    /// Measurements.
    public var metrics: [MetricRow] = []
    /// Prices.
    public var prices: [PriceRow] = []
    /// Facts of SKUs.
    public var catalog: [CatalogRow] = []
    /// Commitments held.
    public var commitments: [Commitment] = []
    /// What could not be given.
    public var gaps: [Gap] = []
    /// Where its piece goes on after these rows; nil = not to be resumed here. Kept with the rows it covers.
    public var state: String?

    /// An empty batch.
    public init() {}

    /// Rows in it.
    public var count: Int {
        resources.count + metrics.count + prices.count + catalog.count + commitments.count + gaps.count
    }
}

/// Takes batches of a piece; suspends the giver while it is full.
public protocol CollectSink: Sendable {
    /// Keeps one batch. Throws where it cannot be kept; the giver ends then.
    func push(_ batch: CollectedBatch) async throws
}

/// A provider whose data are collected piece by piece.
///
/// Pieces are independent, may be read at once and in any order, and each gives its rows in a deterministic order.
public protocol CollectingProvider: Provider {
    /// The pieces of a scope, in the order of the output. What cannot be looked at as a whole, such as a region that
    /// is not enabled, comes as gaps. Throws where nothing can be collected.
    func pieces(of scope: CollectScope) async throws(ProviderFailure) -> (pieces: [CollectPiece], gaps: [Gap])

    /// Reads a piece, from `state` on where it was read in part. Throws a ``ProviderFailure`` where the provider
    /// refuses or fails, and what the sink throws; rows pushed before stay.
    func read(
        _ piece: CollectPiece, of scope: CollectScope, from state: String?, into sink: some CollectSink
    ) async throws
}

extension Gap {
    /// What is missing of a piece because of a failure: with the permission, where that is what lacks.
    public init(_ failure: ProviderFailure, provider: String, what: String, of piece: CollectPiece) {
        let permission = failure.call.isEmpty ? piece.permission : failure.call
        let isRefused = failure.code == "permission" && !permission.isEmpty
        self.init(
            provider: provider, account: piece.account, region: piece.region, what: what, reason: failure.message,
            permission: isRefused ? permission : "",
            remedy: isRefused ? "allow `\(permission)` for the credentials used" : failure.hint)
    }
}

/// A measurement of a resource: a row of the `metrics` interchange file.
public struct MetricRow: Hashable, Sendable {
    /// Beginning of the time it is of.
    public var time: Instant
    /// `aws`, `azure`, …
    public var provider: String
    /// The provider's id of the resource.
    public var resource: String
    /// The provider's name of the metric: `CPUUtilization`.
    public var metric: String
    /// `average`, `maximum`, `p99`, …
    public var statistic: String
    /// The value in `unit`. Measurements are no money: a double keeps all of their digits.
    public var value: Double
    /// Unit in the provider's word.
    public var unit: String

    /// A measurement.
    public init(
        time: Instant, provider: String, resource: String, metric: String, statistic: String, value: Double,
        unit: String
    ) {
        self.time = time
        self.provider = provider
        self.resource = resource
        self.metric = metric
        self.statistic = statistic
        self.value = value
        self.unit = unit
    }
}
