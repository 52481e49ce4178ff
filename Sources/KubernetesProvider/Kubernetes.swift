internal import CloudHTTP
public import PlimsollCore

/// Kubernetes: what runs in clusters, and how much of what it asked for it uses.
public enum Kubernetes {
    /// What this module is.
    public static let descriptor = ProviderDescriptor(
        id: "kubernetes", name: "Kubernetes",
        capabilities: [
            "clusters: nodes, namespaces, workloads, pods and their containers, volumes, autoscalers",
            "metrics of containers, volumes and nodes from Prometheus",
        ],
        permissions: permissions, notCovered: ["custom resources", "prices: nodes cost what their machines cost"])

    static let versionCall = "get /version"

    /// Every permission that a collection may need: `list pods`, …
    static let permissions = Set(KubeListings.all.flatMap(\.permissions)).sorted()

    /// The ClusterRole that reading a cluster needs: exactly the calls of ``KubernetesClusters``, for
    /// `kubectl apply -f`. Kubernetes, "Using RBAC Authorization".
    public static var policy: JSONValue {
        var groups: [String: [String]] = [:]
        for permission in permissions where permission.hasPrefix("list ") {
            let parts = permission.dropFirst(5).split(separator: ".", maxSplits: 1).map(String.init)
            groups[parts.count > 1 ? parts[1] : "", default: []].append(parts[0])
        }
        var rules = groups.sorted { $0.key < $1.key }.map { group, resources in
            JSONValue.object([
                "apiGroups": .array([.string(group)]), "resources": .array(resources.sorted().map(JSONValue.string)),
                "verbs": .array([.string("list")]),
            ])
        }
        rules.append(
            .object(["nonResourceURLs": .array([.string("/version")]), "verbs": .array([.string("get")])]))
        return .object([
            "apiVersion": .string("rbac.authorization.k8s.io/v1"), "kind": .string("ClusterRole"),
            "metadata": .object(["name": .string("plimsoll-read")]), "rules": .array(rules),
        ])
    }

    /// The cloud machine that a node is: its provider's word and its id as that provider's own listings give it; nil
    /// where the node is of no cloud that is known. `spec.providerID` as each cloud's controller manager writes it.
    public static func machine(of providerID: String) -> (provider: String, id: String)? {
        let parts = providerID.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        switch parts.first {
        case "aws:":
            guard let id = parts.last, id.hasPrefix("i-") else { return nil }
            return ("aws", id)
        case "gce:":
            guard parts.count == 4 else { return nil }
            let path = "projects/\(parts[1])/zones/\(parts[2])/instances/\(parts[3])"
            return ("gcp", "https://www.googleapis.com/compute/v1/" + path)
        case "azure:":
            guard parts.count > 2 else { return nil }
            return ("azure", "/" + parts.dropFirst().joined(separator: "/"))
        default:
            let id = parts.last?.split(separator: ".").last.map(String.init) ?? ""
            guard parts.count == 1 || parts.first == "alicloud:", id.hasPrefix("i-") else { return nil }
            return ("alibaba", id)
        }
    }
}
