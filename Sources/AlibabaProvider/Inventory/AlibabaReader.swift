internal import CloudHTTP
internal import PlimsollCore

/// One listing that is read: its region, and where its rows go.
struct AlibabaReader: ListingReader {
    let provider = "alibaba"
    let session: AlibabaSession
    let region: String
    let scope: CollectScope
    let sink: any CollectSink
    /// Now, for what is asked by time.
    let now: Instant
    var account: String { session.account }

    /// A resource of this account and region.
    func resource(_ shape: ResourceShape, _ item: CloudItem) -> Resource {
        var result = shape.resource(item, provider: provider)
        result.billingAccount = account
        result.account = account
        result.region = region
        return result
    }

    func pages(
        _ call: AlibabaCall, _ parameters: [(String, String)] = [], deliver: ([CloudItem]) async throws -> Void
    ) async throws {
        let place = region.isEmpty || !call.path.isEmpty ? [] : [("RegionId", region)]
        try await session.pages(call, region, place + parameters, deliver: deliver)
    }
}

typealias AlibabaListing = Listing<AlibabaReader>

/// A listing of resources whose every name stands in a table.
struct AlibabaKind: Sendable {
    var id: String
    var what: String
    var call: AlibabaCall
    var parameters: [(String, String)] = []
    var shape: ResourceShape

    var listing: AlibabaListing {
        AlibabaListing(id, what, call.permission) { reader in
            try await reader.pages(call, parameters) { page in
                try await reader.push(page.map { reader.resource(shape, $0) })
            }
        }
    }
}

/// What is read, in the order of the output.
enum AlibabaListings {
    static let all: [AlibabaListing] =
        kinds.map(\.listing) + [clusters] + commitments + [instanceTypes, spotPrices, metrics]

    /// A call that is made, and what is sent and read, for checks against the vendor's own description.
    struct Use: Sendable {
        var call: AlibabaCall
        var parameters: [String]
        /// Paths within an element.
        var paths: [String]
    }

    /// Every call with all its names.
    static let uses: [Use] =
        kinds.map { Use(call: $0.call, parameters: ["RegionId"] + $0.parameters.map(\.0), paths: $0.shape.paths) }
        + otherUses
}
