internal import CloudHTTP
internal import PlimsollCore

/// Workloads, pods and containers. Kubernetes API reference, apps/v1, batch/v1, autoscaling/v2 and core/v1.
extension KubeListings {
    static let workloads: [KubeListing] = [
        workload(
            "deployments", "deployment", .deployments,
            [
                "replicas=spec.replicas", "readyReplicas=status.readyReplicas", "strategy=spec.strategy.type",
            ]),
        workload(
            "stateful-sets", "stateful-set", .statefulSets,
            [
                "replicas=spec.replicas", "readyReplicas=status.readyReplicas",
            ]),
        workload(
            "daemon-sets", "daemon-set", .daemonSets,
            [
                "desiredNumberScheduled=status.desiredNumberScheduled", "numberReady=status.numberReady",
            ]),
        workload(
            "jobs", "job", .jobs,
            [
                "completions=spec.completions", "parallelism=spec.parallelism", "active=status.active",
                "succeeded=status.succeeded", "failed=status.failed", "startTime=status.startTime",
                "completionTime=status.completionTime", "suspend=spec.suspend",
            ]),
        workload(
            "cron-jobs", "cron-job", .cronJobs,
            [
                "schedule=spec.schedule", "timeZone=spec.timeZone", "suspend=spec.suspend",
                "lastScheduleTime=status.lastScheduleTime",
            ]),
        autoscalers,
    ]

    private static func workload(
        _ id: String, _ type: String, _ kind: KubeKind, _ fields: [String]
    ) -> KubeListing {
        listing(id, id.replacing("-", with: " "), kind) { reader, item in
            var result = reader.resource(kind, type: "kubernetes:\(type)", item, fields: fields)
            result.link("part-of", owner(item).map { [$0] } ?? [])
            let template =
                item.has("spec.jobTemplate") ? item.item("spec.jobTemplate.spec.template") : item.item("spec.template")
            for container in template.list("spec.containers") {
                for (name, value) in asked(container) {
                    result.attributes["containers.\(container["name"]).\(name)"] = value
                }
            }
            return [result]
        }
    }

    private static let autoscalers = listing(
        "horizontal-pod-autoscalers", "horizontal pod autoscalers", .autoscalers
    ) { reader, item in
        var result = reader.resource(
            .autoscalers, type: "kubernetes:horizontal-pod-autoscaler", item,
            fields: [
                "minReplicas=spec.minReplicas", "maxReplicas=spec.maxReplicas",
                "currentReplicas=status.currentReplicas", "desiredReplicas=status.desiredReplicas",
            ])
        let metrics = item.list("spec.metrics").map { metric in
            let name = metric["resource.name"] + metric["containerResource.name"]
            return metric["type"] + (name.isEmpty ? "" : ":\(name)")
        }
        if !metrics.isEmpty { result.attributes["metrics"] = metrics.joined(separator: ",") }
        let target = item.item("spec.scaleTargetRef")
        result.link("targets", [path(of: target, item["metadata.namespace"])])
        return [result]
    }

    // MARK: Pods

    /// Owners of pods are looked through: a pod is part of the deployment, not of its replica set.
    static let pods = KubeListing(
        "pods", "pods and containers", KubeKind.pods.permission, KubeKind.replicaSets.permission,
        KubeKind.jobs.permission
    ) { reader in
        var above: [String: String] = [:]
        for kind in [KubeKind.replicaSets, .jobs] {
            do {
                try await reader.session.list(kind, onlyNames: true) { page in
                    for item in page {
                        above[kind.path(item["metadata.namespace"], item["metadata.name"])] = owner(item)
                    }
                }
            } catch let failure as CloudFailure {
                guard failure.kind != .cancelled else { throw failure }
                try await reader.gap("owners of pods (\(kind.resource))", failure)
            }
        }
        let owners = above
        try await reader.push(.pods) { pod($0, owners, reader) }
    }

    private static func pod(_ item: CloudItem, _ owners: [String: String], _ reader: KubeReader) -> [Resource] {
        var result = reader.resource(
            .pods, type: "pod", item,
            fields: [
                "nodeName=spec.nodeName", "qosClass=status.qosClass", "priorityClassName=spec.priorityClassName",
                "startTime=status.startTime", "hostNetwork=spec.hostNetwork", "overhead.cpu=spec.overhead.cpu",
                "overhead.memory=spec.overhead.memory", "restartPolicy=spec.restartPolicy", "reason=status.reason",
            ])
        result.state = item["status.phase"]
        if let owner = owner(item) { result.link("part-of", [owners[owner] ?? owner]) }
        let node = item["spec.nodeName"]
        if !node.isEmpty { result.link("attached-to", [KubeKind.nodes.path("", node)]) }
        let claims = item.list("spec.volumes").map { $0["persistentVolumeClaim.claimName"] }.filter { !$0.isEmpty }
        result.link("attached-to", claims.map { KubeKind.claims.path(item["metadata.namespace"], $0) })
        return [result] + containers(of: item, result)
    }

    private static func containers(of item: CloudItem, _ pod: Resource) -> [Resource] {
        let states = item.list("status.containerStatuses") + item.list("status.initContainerStatuses")
        let byName = Dictionary(states.map { ($0["name"], $0) }) { first, _ in first }
        let first = item.list("spec.initContainers").map { ($0, true) }
        return (item.list("spec.containers").map { ($0, false) } + first).map { container, isInit in
            let name = container["name"]
            var result = Resource(
                provider: "kubernetes", type: "kubernetes:container", id: "\(pod.id)/containers/\(name)")
            result.account = pod.account
            result.name = name
            result.created = pod.created
            result.attributes = container.fields(["image", "restartPolicy"]).merging(asked(container)) { $1 }
            if isInit { result.attributes["init"] = "true" }
            if let status = byName[name] {
                result.attributes.merge(
                    status.fields([
                        "restartCount", "lastState.terminated.reason", "lastState.terminated.finishedAt",
                    ])
                ) { $1 }
                if case .object(let members) = status.item("state").json { result.state = members.keys.min() ?? "" }
            }
            result.link("part-of", [pod.id])
            return result
        }
    }

    /// What a container asks for and may have at most, in Kubernetes' own quantities: `requests.cpu` = `250m`.
    private static func asked(_ container: CloudItem) -> [String: String] {
        var result: [String: String] = [:]
        for part in ["requests", "limits"] {
            for (name, value) in container.members("resources.\(part)") { result["\(part).\(name)"] = value }
        }
        return result
    }

    // MARK: Owners

    /// Path of the object that controls this one; nil where there is none.
    static func owner(_ item: CloudItem) -> String? {
        let owners = item.list("metadata.ownerReferences")
        return (owners.first { $0["controller"] == "true" }).map { path(of: $0, item["metadata.namespace"]) }
    }

    /// Path of an object by its version and kind. The plural of kinds that are not known is their name with an `s`.
    private static func path(of reference: CloudItem, _ namespace: String) -> String {
        let (kind, name) = (reference["kind"], reference["name"])
        if kind == "Node" { return KubeKind.nodes.path("", name) }
        let known: [String: KubeKind] = [
            "Deployment": .deployments, "StatefulSet": .statefulSets, "DaemonSet": .daemonSets,
            "ReplicaSet": .replicaSets, "Job": .jobs, "CronJob": .cronJobs,
        ]
        let parts = reference["apiVersion"].split(separator: "/").map(String.init)
        let group = parts.count > 1 ? parts[0] : ""
        if let known = known[kind], known.group == group { return known.path(namespace, name) }
        return KubeKind(kind.lowercased() + "s", group, parts.last ?? "v1").path(namespace, name)
    }
}
