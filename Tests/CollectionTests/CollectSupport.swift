import CloudHTTP
import Foundation
import PlimsollCore
import Synchronization
import Testing

/// Keeps what it is given.
final class KeptBatches: CollectSink {
    private let batches = Mutex<[CollectedBatch]>([])
    func push(_ batch: CollectedBatch) { batches.withLock { $0.append(batch) } }
    var all: [CollectedBatch] { batches.withLock { $0 } }
}

/// What a whole collection gave.
struct Collected {
    var batches: [CollectedBatch] = []
    /// Gaps known before anything was read.
    var gaps: [Gap] = []
    /// What failed, by piece.
    var failed: [(piece: CollectPiece, failure: ProviderFailure)] = []

    var resources: [Resource] { batches.flatMap(\.resources) }
    var metrics: [MetricRow] { batches.flatMap(\.metrics) }
    var prices: [PriceRow] { batches.flatMap(\.prices) }
    var catalog: [CatalogRow] { batches.flatMap(\.catalog) }
    var commitments: [Commitment] { batches.flatMap(\.commitments) }
    var allGaps: [Gap] { gaps + batches.flatMap(\.gaps) }

    /// Reads all pieces of a scope, one after the other.
    init(_ provider: some CollectingProvider, _ scope: CollectScope = CollectScope()) async throws {
        let sink = KeptBatches()
        let plan = try await provider.pieces(of: scope)
        gaps = plan.gaps
        for piece in plan.pieces {
            do { try await provider.read(piece, of: scope, from: nil, into: sink) } catch let failure
                as ProviderFailure
            {
                failed.append((piece, failure))
            }
        }
        batches = sink.all
    }
}

/// A client without a proxy.
func directClient() throws -> CloudClient {
    CloudClient(transport: ClientTransport(proxies: try ProxySettings(environment: [:])))
}

/// Counts.
final class Counter: Sendable {
    private let value = Mutex(0)

    /// The number after going up by one.
    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
