public import PlimsollCore

/// Something that an account has, and how it is read.
public struct Listing<Reader: ListingReader>: Sendable {
    /// Stable name.
    public var id: String
    /// For people.
    public var what: String
    /// Permissions, that of the listing itself first.
    public var permissions: [String]
    /// Whether there is one for all regions.
    public var isGlobal: Bool
    /// Reads it.
    public var read: @Sendable (Reader) async throws -> Void

    /// A listing that makes calls of `permissions`.
    public init(
        _ id: String, _ what: String, _ permissions: String..., isGlobal: Bool = false,
        read: @escaping @Sendable (Reader) async throws -> Void
    ) {
        self.id = id
        self.what = what
        self.permissions = permissions
        self.isGlobal = isGlobal
        self.read = read
    }
}

/// An identity in an account and a region that reads listings, and where their rows go.
public protocol ListingReader: Sendable {
    /// `aws`, `azure`, …
    var provider: String { get }
    /// Account, subscription or project; empty = none.
    var account: String { get }
    /// Region; empty = all.
    var region: String { get }
    /// Takes the rows.
    var sink: any CollectSink { get }
}

extension ListingReader {
    /// Keeps resources.
    public func push(_ resources: [Resource]) async throws {
        guard !resources.isEmpty else { return }
        var batch = CollectedBatch()
        batch.resources = resources
        try await sink.push(batch)
    }

    /// Keeps commitments.
    public func push(_ commitments: [Commitment]) async throws {
        guard !commitments.isEmpty else { return }
        var batch = CollectedBatch()
        batch.commitments = commitments
        try await sink.push(batch)
    }

    /// Keeps measurements.
    public func push(_ metrics: [MetricRow]) async throws {
        guard !metrics.isEmpty else { return }
        var batch = CollectedBatch()
        batch.metrics = metrics
        try await sink.push(batch)
    }

    /// Keeps prices.
    public func push(_ prices: [PriceRow]) async throws {
        guard !prices.isEmpty else { return }
        var batch = CollectedBatch()
        batch.prices = prices
        try await sink.push(batch)
    }

    /// What a call about one resource says; nil where the provider says that there is none, and where it fails: that
    /// is a gap, and the listing goes on. `absent` are codes that mean none.
    public func detail(
        _ what: String, absent: Set<String> = [], _ ask: () async throws(CloudFailure) -> CloudItem
    ) async throws -> CloudItem? {
        do throws(CloudFailure) { return try await ask() } catch {
            guard error.kind != .cancelled else { throw error }
            guard !absent.contains(error.code) else { return nil }
            try await gap(what, error)
            return nil
        }
    }

    /// Says what could not be read.
    public func gap(_ what: String, _ failure: CloudFailure) async throws {
        var batch = CollectedBatch()
        let piece = CollectPiece(id: "", what: what, account: account, region: region)
        batch.gaps = [Gap(failure.provider, provider: provider, what: what, of: piece)]
        try await sink.push(batch)
    }
}

extension Resource {
    /// Adds a relation to each of the ids that is not empty, in their order, once.
    public mutating func link(_ kind: String, _ ids: [String]) {
        for id in ids where !id.isEmpty {
            let link = Link(kind: kind, id: id)
            if !links.contains(link) { links.append(link) }
        }
    }
}
