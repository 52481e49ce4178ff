internal import CloudHTTP
internal import PlimsollCore

/// A kind of object as the API server lists it. Kubernetes API reference.
struct KubeKind: Sendable, Hashable {
    /// Empty = the core group.
    var group: String
    var version: String
    /// Plural: `pods`.
    var resource: String

    init(_ resource: String, _ group: String = "", _ version: String = "v1") {
        self.resource = resource
        self.group = group
        self.version = version
    }

    private var base: String { group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)" }
    /// Path of the objects of all namespaces.
    var path: String { "\(base)/\(resource)" }
    /// What may be allowed: `list deployments.apps`.
    var permission: String { "list " + resource + (group.isEmpty ? "" : ".\(group)") }

    /// Path of one object; an empty namespace = it is of the cluster.
    func path(_ namespace: String, _ name: String) -> String {
        namespace.isEmpty ? "\(path)/\(name)" : "\(base)/namespaces/\(namespace)/\(resource)/\(name)"
    }

    static let namespaces = KubeKind("namespaces")
    static let nodes = KubeKind("nodes")
    static let pods = KubeKind("pods")
    static let volumes = KubeKind("persistentvolumes")
    static let claims = KubeKind("persistentvolumeclaims")
    static let services = KubeKind("services")
    static let deployments = KubeKind("deployments", "apps")
    static let statefulSets = KubeKind("statefulsets", "apps")
    static let daemonSets = KubeKind("daemonsets", "apps")
    static let replicaSets = KubeKind("replicasets", "apps")
    static let jobs = KubeKind("jobs", "batch")
    static let cronJobs = KubeKind("cronjobs", "batch")
    static let autoscalers = KubeKind("horizontalpodautoscalers", "autoscaling", "v2")
}

/// Asks one cluster.
struct KubeSession: Sendable {
    let client: CloudClient
    let access: KubeAccess
    /// Whether the server is a stand-in.
    let isStandIn: Bool
    /// Objects a page.
    static let page = 500
    /// How often a listing may begin anew.
    private static let restarts = 5

    /// A call to the server.
    func call(_ name: String, _ path: String, _ query: [(String, String)] = []) throws(CloudFailure) -> CloudCall {
        guard var request = CloudRequest(method: "GET", url: access.server) else {
            throw CloudFailure(.config, "`\(access.server)` is no address of a cluster")
        }
        if request.path.hasSuffix("/") { request.path.removeLast() }
        request.path += path
        request.query = query.map { (name: $0.0, value: $0.1) }
        var call = CloudCall(
            name, request, limit: .init(account: access.name, service: "kubernetes"), authorizer: access.authorizer)
        call.isStandIn = isStandIn
        return call
    }

    /// Reads all objects of a kind, a page at a time, none twice. A listing that has gone stale on the server (410)
    /// begins anew. Of `onlyNames` come the metadata alone.
    func list(
        _ kind: KubeKind, onlyNames: Bool = false, deliver: ([CloudItem]) async throws -> Void
    ) async throws {
        var first = try call(kind.permission, kind.path, [("limit", String(Self.page))])
        let form = onlyNames ? "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io," : ""
        first.request.setHeader("Accept", form + "application/json")
        var seen: Set<String> = []
        for restart in 0... {
            do {
                try await client.pages(of: first) { request, token in
                    request.query.removeAll { $0.name == "continue" }
                    request.query.append(("continue", token))
                } decode: { (response) throws(CloudFailure) in
                    let item = CloudItem(try response.json())
                    let next = item["metadata.continue"]
                    return CloudPage(items: item.list("items"), next: next.isEmpty ? nil : .token(next))
                } deliver: { page in
                    try await deliver(page.filter { seen.insert(Self.identity($0)).inserted })
                }
                return
            } catch let failure as CloudFailure {
                guard failure.status == 410, restart < Self.restarts else { throw failure }
            }
        }
    }

    private static func identity(_ item: CloudItem) -> String {
        let uid = item["metadata.uid"]
        return uid.isEmpty ? item["metadata.namespace"] + "/" + item["metadata.name"] : uid
    }
}
