internal import CloudHTTP
internal import PlimsollCore

/// Volumes and services. Kubernetes API reference, core/v1.
extension KubeListings {
    static let storage: [KubeListing] = [volumes, claims, services]

    private static let volumes = listing("persistent-volumes", "persistent volumes", .volumes) { reader, item in
        var result = reader.resource(
            .volumes, type: "kubernetes:persistent-volume", item,
            fields: [
                "capacity.storage=spec.capacity.storage", "storageClassName=spec.storageClassName",
                "persistentVolumeReclaimPolicy=spec.persistentVolumeReclaimPolicy", "volumeMode=spec.volumeMode",
                "csi.driver=spec.csi.driver", "csi.volumeHandle=spec.csi.volumeHandle",
            ])
        result.state = item["status.phase"]
        result.sku = item["spec.storageClassName"]
        // Its cost is that of the disk it is.
        result.link("part-of", [disk(item)])
        let claim = item.item("spec.claimRef")
        if claim.has("name") {
            result.link("attached-to", [KubeKind.claims.path(claim["namespace"], claim["name"])])
        }
        return [result]
    }

    /// The cloud's disk, as its own listings name it.
    static func disk(_ item: CloudItem) -> String {
        let handle = item["spec.csi.volumeHandle"]
        switch item["spec.csi.driver"] {
        case "pd.csi.storage.gke.io" where handle.hasPrefix("projects/"):
            return "https://www.googleapis.com/compute/v1/" + handle
        case "": break
        default: return handle
        }
        let old = item["spec.awsElasticBlockStore.volumeID"]
        if !old.isEmpty { return old.split(separator: "/").last.map(String.init) ?? old }
        let azure = item["spec.azureDisk.diskURI"]
        return azure.isEmpty ? item["spec.gcePersistentDisk.pdName"] : azure
    }

    private static let claims = listing(
        "persistent-volume-claims", "persistent volume claims", .claims
    ) { reader, item in
        var result = reader.resource(
            .claims, type: "kubernetes:persistent-volume-claim", item,
            fields: [
                "requests.storage=spec.resources.requests.storage", "capacity.storage=status.capacity.storage",
                "storageClassName=spec.storageClassName", "volumeName=spec.volumeName",
            ])
        result.state = item["status.phase"]
        result.sku = item["spec.storageClassName"]
        let volume = item["spec.volumeName"]
        if !volume.isEmpty { result.link("attached-to", [KubeKind.volumes.path("", volume)]) }
        return [result]
    }

    /// Services that have a load balancer of the cloud.
    private static let services = listing("services", "services with load balancers", .services) { reader, item in
        guard item["spec.type"] == "LoadBalancer" else { return [] }
        var result = reader.resource(
            .services, type: "kubernetes:service", item,
            fields: ["type=spec.type", "loadBalancerClass=spec.loadBalancerClass", "clusterIP=spec.clusterIP"])
        let ingress = item.list("status.loadBalancer.ingress")
        let addresses = ingress.map { $0["hostname"].isEmpty ? $0["ip"] : $0["hostname"] }
        result.state = addresses.isEmpty ? "Pending" : "Active"
        if !addresses.isEmpty { result.attributes["loadBalancer.ingress"] = addresses.joined(separator: ",") }
        let selector = item.members("spec.selector").sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if !selector.isEmpty { result.attributes["selector"] = selector.joined(separator: ",") }
        return [result]
    }
}
