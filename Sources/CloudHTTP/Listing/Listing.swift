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
    public func push(_ resources: [Resource]) async throws { try await push(resources, as: \.resources) }

    /// Keeps commitments.
    public func push(_ commitments: [Commitment]) async throws { try await push(commitments, as: \.commitments) }

    /// Keeps measurements.
    public func push(_ metrics: [MetricRow]) async throws { try await push(metrics, as: \.metrics) }

    /// Keeps prices.
    public func push(_ prices: [PriceRow]) async throws { try await push(prices, as: \.prices) }

    /// Keeps facts of SKUs.
    public func push(_ catalog: [CatalogRow]) async throws { try await push(catalog, as: \.catalog) }

    private func push<Row>(_ rows: [Row], as kind: WritableKeyPath<CollectedBatch, [Row]>) async throws {
        guard !rows.isEmpty else { return }
        var batch = CollectedBatch()
        batch[keyPath: kind] = rows
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

extension Array {
    /// Reads the listing that a piece is of, which the last part of its id names. Throws a ``ProviderFailure``, and
    /// what the sink throws.
    public func read<Reader>(
        _ piece: CollectPiece, with reader: () async throws -> Reader
    ) async throws where Element == Listing<Reader> {
        let name = piece.id.split(separator: "/").last.map(String.init)
        guard let listing = first(where: { $0.id == name }) else {
            throw ProviderFailure(code: "internal", message: "there is no piece `\(piece.id)`")
        }
        do {
            try await listing.read(try await reader())
        } catch let failure as CloudFailure {
            throw failure.provider
        }
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
