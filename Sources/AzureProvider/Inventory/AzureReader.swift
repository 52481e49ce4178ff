internal import CloudHTTP
internal import Foundation
internal import PlimsollCore

/// One listing of a subscription that is read, and where its rows go.
struct AzureReader: ListingReader {
    let provider = "azure"
    let session: AzureSession
    /// Subscription; empty = the tenant.
    let account: String
    let scope: CollectScope
    let sink: any CollectSink
    /// Now, for what is asked by time.
    let now: Instant
    let region = ""

    /// A resource; nil where it is in a region that was not asked for.
    func resource(_ shape: ResourceShape, _ item: CloudItem) -> Resource? {
        var result = shape.resource(item, provider: provider)
        result.account = account
        result.region = Self.region(item["location"])
        result.zone = item.texts("zones").joined(separator: ",")
        // Ends of relations are parts of resources; what is listed are the resources.
        let links = result.links
        result.links = []
        for link in links { result.link(link.kind, [Self.whole(link.id)]) }
        if let group = Self.group(of: result.id) { result.attributes["resourceGroup"] = group }
        return isAsked(result.region) ? result : nil
    }

    /// Things without a region are always asked for.
    func isAsked(_ region: String) -> Bool {
        scope.regions.isEmpty || ["", "global"].contains(region) || scope.regions.map(Self.region).contains(region)
    }

    /// `West Europe` is `westeurope`.
    static func region(_ location: String) -> String { location.lowercased().replacing(" ", with: "") }

    /// The resource that a part of one belongs to: of an address's or balancer's configuration, the interface, balancer
    /// or scale set.
    static func whole(_ id: String) -> String {
        for part in ["ipConfigurations", "frontendIPConfigurations"] {
            guard let mark = id.range(of: "/\(part)/", options: .caseInsensitive) else { continue }
            let head = String(id[..<mark.lowerBound])
            guard let set = head.range(of: "/virtualMachines/", options: .caseInsensitive),
                head.range(of: "/virtualMachineScaleSets/", options: .caseInsensitive) != nil
            else { return head }
            return String(head[..<set.lowerBound])
        }
        return id
    }

    /// The resource group in a resource's id.
    private static func group(of id: String) -> String? {
        let parts = id.split(separator: "/").map(String.init)
        guard let mark = parts.firstIndex(where: { $0.lowercased() == "resourcegroups" }), mark + 1 < parts.count else {
            return nil
        }
        return parts[mark + 1]
    }

    func pages(
        _ call: AzureCall, resource: String = "", _ query: [(String, String)] = [],
        deliver: ([CloudItem]) async throws -> Void
    ) async throws {
        try await session.pages(call, subscription: account, resource: resource, query, deliver: deliver)
    }
}

typealias AzureListing = Listing<AzureReader>

/// A listing of resources whose every name stands in a table.
struct AzureKind: Sendable {
    var id: String
    var what: String
    var call: AzureCall
    /// Package and class of the vendor's SDK, for checks: `azure.mgmt.compute:Disk`.
    var model: String
    var shape: ResourceShape

    var listing: AzureListing {
        AzureListing(id, what, call.permission) { reader in
            try await reader.pages(call) { page in
                try await reader.push(page.compactMap { reader.resource(shape, $0) })
            }
        }
    }
}

/// What is read, in the order of the output.
enum AzureListings {
    /// Of every subscription.
    static let all: [AzureListing] =
        [machines] + kinds.map(\.listing) + [databases, clusters, others, sizes, prices, metrics]
    /// Of the tenant, once.
    static let tenant: [AzureListing] = [reservations, savingsPlans]

    /// Names that are read of a model, for checks against the vendor's own description.
    static let uses: [(model: String, paths: [String])] =
        kinds.map { ($0.model, $0.shape.paths + ["location"]) } + otherUses
}
