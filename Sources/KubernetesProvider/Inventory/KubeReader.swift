internal import CloudHTTP
internal import PlimsollCore

/// One listing of a cluster that is read, and where its rows go.
struct KubeReader: ListingReader {
    let session: KubeSession
    /// For servers that are not of the cluster.
    let client: CloudClient
    let sink: any CollectSink
    let scope: CollectScope
    /// Now, for what is asked by time.
    let now: Instant
    let options: KubernetesClusters.Options
    /// Where an earlier reading was left.
    let state: String?
    let provider = "kubernetes"
    let region = ""
    var account: String { session.access.name }

    /// An object: its path on the server is its id, its labels are its tags.
    func resource(_ kind: KubeKind, type: String, _ item: CloudItem, fields: [String] = []) -> Resource {
        let (name, namespace) = (item["metadata.name"], item["metadata.namespace"])
        var result = Resource(provider: provider, type: type, id: kind.path(namespace, name))
        result.account = account
        result.name = name
        result.created = item.time("metadata.creationTimestamp")
        result.tags = item.members("metadata.labels")
        result.attributes = item.fields(["uid=metadata.uid", "namespace=metadata.namespace"] + fields)
        if !namespace.isEmpty { result.link("member-of", [KubeKind.namespaces.path("", namespace)]) }
        return result
    }

    /// Keeps all objects of a kind.
    func push(_ kind: KubeKind, _ make: (CloudItem) -> [Resource]) async throws {
        try await session.list(kind) { page in try await push(page.flatMap(make)) }
    }
}

typealias KubeListing = Listing<KubeReader>

/// What is read, in the order of the output.
enum KubeListings {
    static let all: [KubeListing] = [cluster, namespaces, nodes] + storage + workloads + [pods, metrics]

    private static let cluster = KubeListing("cluster", "the cluster", Kubernetes.versionCall) { reader in
        let call = try reader.session.call(Kubernetes.versionCall, "/version")
        let version = CloudItem(try await reader.session.client.send(call).json())
        var result = Resource(provider: "kubernetes", type: "cluster", id: reader.account)
        result.account = reader.account
        result.name = reader.account
        result.attributes = version.fields(["gitVersion", "platform"])
        try await reader.push([result])
    }

    private static let namespaces = listing("namespaces", "namespaces", .namespaces) { reader, item in
        var result = reader.resource(.namespaces, type: "kubernetes:namespace", item)
        result.state = item["status.phase"]
        return [result]
    }

    /// A listing of one kind of objects.
    static func listing(
        _ id: String, _ what: String, _ kind: KubeKind,
        _ make: @escaping @Sendable (KubeReader, CloudItem) -> [Resource]
    ) -> KubeListing {
        KubeListing(id, what, kind.permission) { reader in try await reader.push(kind) { make(reader, $0) } }
    }

    // MARK: Nodes

    private static let nodes = listing("nodes", "nodes", .nodes) { reader, item in
        var result = reader.resource(
            .nodes, type: "node", item,
            fields: [
                "providerID=spec.providerID", "unschedulable=spec.unschedulable",
                "nodeInfo.kubeletVersion=status.nodeInfo.kubeletVersion",
                "nodeInfo.osImage=status.nodeInfo.osImage", "nodeInfo.architecture=status.nodeInfo.architecture",
                "nodeInfo.operatingSystem=status.nodeInfo.operatingSystem",
                "nodeInfo.containerRuntimeVersion=status.nodeInfo.containerRuntimeVersion",
            ])
        for part in ["capacity", "allocatable"] {
            for (name, value) in item.members("status.\(part)") { result.attributes["\(part).\(name)"] = value }
        }
        let taints = item.list("spec.taints").map { "\($0["key"])=\($0["value"]):\($0["effect"])" }
        if !taints.isEmpty { result.attributes["taints"] = taints.joined(separator: ",") }
        result.sku = label(result, "node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
        result.region = label(
            result, "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region")
        result.zone = label(result, "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
        let ready = item.list("status.conditions").first { $0["type"] == "Ready" }?["status"] ?? ""
        result.state = ready == "True" ? "Ready" : ready == "Unknown" ? "Unknown" : "NotReady"
        if let machine = Kubernetes.machine(of: item["spec.providerID"]) {
            result.attributes["machine.provider"] = machine.provider
            // The node has no cost of its own: it is its machine's.
            result.link("part-of", [machine.id])
        }
        return [result]
    }

    private static func label(_ resource: Resource, _ names: String...) -> String {
        names.lazy.compactMap { resource.tags[$0] }.first { !$0.isEmpty } ?? ""
    }
}
