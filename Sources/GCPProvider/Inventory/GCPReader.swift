internal import CloudHTTP
internal import PlimsollCore

/// One listing of a project that is read, and where its rows go.
struct GCPReader: ListingReader {
    let provider = "gcp"
    let session: GCPSession
    let account: String
    let billingAccount: String
    let scope: CollectScope
    let sink: any CollectSink
    /// Now, for what is asked by time.
    let now: Instant
    let region = ""

    /// A resource; nil where it is in a region that was not asked for.
    func resource(_ shape: ResourceShape, _ item: CloudItem, place: String = "") -> Resource? {
        var result = shape.resource(item, provider: provider)
        result.billingAccount = billingAccount
        result.account = account
        let own = item["region"].split(separator: "/").last.map(String.init) ?? ""
        let place = place.isEmpty ? own : item[place].lowercased()
        result.region = !result.zone.isEmpty ? Self.region(of: result.zone) : Self.region(of: place)
        if result.zone.isEmpty, Self.isZone(place) { result.zone = place }
        return isAsked(result.region) ? result : nil
    }

    /// Things without a region are always asked for.
    func isAsked(_ region: String) -> Bool {
        scope.regions.isEmpty || region.isEmpty || scope.regions.contains(region)
    }

    /// `europe-west1-b` is a zone of `europe-west1`.
    private static func isZone(_ place: String) -> Bool {
        guard let letter = place.split(separator: "-").last, letter.count == 1 else { return false }
        return letter.first?.isLetter == true && place.split(separator: "-").count > 2
    }

    private static func region(of place: String) -> String {
        isZone(place) ? place.split(separator: "-").dropLast().joined(separator: "-") : place == "global" ? "" : place
    }

    /// Reads a listing; places that did not answer are gaps.
    func pages(
        _ call: GCPCall, location: String = "", _ parameters: [(String, String)] = [],
        deliver: ([CloudItem]) async throws -> Void
    ) async throws {
        try await session.pages(call, account, location: location, parameters) { parts in
            var items: [CloudItem] = []
            for part in parts {
                switch part {
                case .item(let item): items.append(item)
                case .missing(let place, let reason):
                    let failure = CloudFailure(.transient, reason, hint: "collect again later")
                    try await gap("\(call.items) of \(place)", failure)
                }
            }
            try await deliver(items)
        }
    }
}

typealias GCPListing = Listing<GCPReader>

/// A listing of resources whose every name stands in a table.
struct GCPKind: Sendable {
    var id: String
    var what: String
    var call: GCPCall
    var shape: ResourceShape
    /// Path of the region, where it is not `zone` or `region`.
    var place = ""

    var listing: GCPListing {
        GCPListing(id, what, call.permission) { reader in
            try await reader.pages(call) { page in
                try await reader.push(page.compactMap { reader.resource(shape, $0, place: place) })
            }
        }
    }
}

/// What is read, in the order of the output.
enum GCPListings {
    static let all: [GCPListing] =
        kinds.map(\.listing) + [gateways, clusters, commitments, machineTypes, recommendations, metrics]

    /// A method that is called, and what is sent and read, for checks against its discovery document.
    struct Use: Sendable {
        var call: GCPCall
        var parameters: [String] = []
        /// Paths within an element.
        var paths: [String]
    }

    /// Every call with all its names.
    static let uses: [Use] =
        kinds.map { Use(call: $0.call, paths: $0.shape.paths + ($0.place.isEmpty ? [] : [$0.place])) } + otherUses
}
