import CloudHTTP
import Collection
import Foundation
import KubernetesProvider
import PlimsollCore
import Testing

/// A cluster of our own over TLS, as `Tests/Fixtures/kube_cluster.py` makes it.
final class KubeFixture: Sendable {
    private let program: MotoProgram
    let facts: JSONValue

    private init(pods: Int) throws {
        program = try MotoProgram("kube_cluster.py", [String(pods)])
        facts = try #require(JSONValue(parsing: program.line()), "the cluster did not start")
    }

    static func started(pods: Int) async throws -> KubeFixture { try await blocking { try KubeFixture(pods: pods) } }

    func text(_ name: String) throws -> String { try #require(facts[name]?.string) }

    /// Says a line and hears one.
    func ask(_ line: String) async throws -> JSONValue {
        try await blocking {
            try self.program.say(line)
            return try #require(JSONValue(parsing: self.program.line()))
        }
    }

    func clusters(
        _ client: CloudClient, environment: [String: String] = [:], _ options: KubernetesClusters.Options = .init()
    ) throws -> KubernetesClusters {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let all = ["KUBECONFIG": try text("config"), "PATH": path].merging(environment) { $1 }
        let sources = CredentialSources(environment: all, home: "/nowhere", client: client)
        let now = try #require(Instant("2026-03-01T00:00:00Z"))
        return KubernetesClusters(client: client, sources: sources, options: options, now: now)
    }
}

@Suite("Kubernetes clusters", .enabled(if: MotoEstate.python != nil, MotoEstate.missing))
struct KubernetesCollectTests {
    private static func fields(_ value: JSONValue?) -> [String: JSONValue] {
        guard case .object(let members)? = value else { return [:] }
        return members
    }

    private static func link(_ resource: Resource?, _ kind: String) -> [String] {
        (resource?.links ?? []).filter { $0.kind == kind }.map(\.id)
    }

    @Test("everything is what the vendor's client reads, over TLS; a listing that goes stale gives nothing twice")
    func whole() async throws {
        let fixture = try await KubeFixture.started(pods: 1_200)
        let read = try await Collected(try fixture.clusters(try directClient()))
        // Without Prometheus, usage is a gap.
        #expect(read.failed.map(\.piece.id) == ["kubernetes/certificate/metrics"] && read.allGaps.isEmpty)
        #expect(read.failed.first?.failure.hint.contains("--prometheus") == true)
        let ids = read.resources.map { "\($0.type) \($0.id)" }
        #expect(Set(ids).count == ids.count)
        let found = Dictionary(read.resources.map { ($0.id, $0) }) { first, _ in first }
        let listed = try #require(fixture.facts["listed"])
        try Self.nodes(read.resources.filter { $0.type == "node" }, Self.fields(listed["nodes"]))
        try Self.pods(read.resources, Self.fields(listed["pods"]))
        let others = Self.fields(listed["others"])
        let ours = read.resources.filter {
            $0.type.hasPrefix("kubernetes:") && $0.type != "kubernetes:container"
        }.map {
            ("\($0.type.dropFirst(11)) \($0.attributes["namespace"] ?? "")/\($0.name)", $0.attributes["uid"])
        }
        #expect(Dictionary(uniqueKeysWithValues: ours) == others.mapValues(\.string))
        try Self.relations(found)
        let said = try await fixture.ask("asked")
        guard case .array(let asked)? = said["asked"] else { return }
        let pages = asked.filter { $0.string == "/api/v1/pods" }.count
        #expect(pages == 2 + 3, "500 a page of 1,205, and once anew after two")
        #expect(said["accepts"]?["/apis/apps/v1/replicasets"]?.string?.contains("PartialObjectMetadataList") == true)
    }

    private static func nodes(_ found: [Resource], _ listed: [String: JSONValue]) throws {
        #expect(Set(found.map(\.name)) == Set(listed.keys))
        for node in found {
            let theirs = try #require(listed[node.name])
            #expect(node.sku == theirs["sku"]?.string && node.zone == theirs["zone"]?.string)
            #expect(node.state == theirs["state"]?.string && node.region == "eu-west-1")
            #expect(node.attributes["allocatable.cpu"] == theirs["cpu"]?.string)
            #expect(node.attributes["capacity.nvidia.com/gpu"] == theirs["gpu"]?.string)
            #expect(node.attributes["providerID"] == theirs["provider"]?.string)
            #expect((node.attributes["unschedulable"] == "true") == (theirs["unschedulable"] == .bool(true)))
            #expect(node.tags == fields(theirs["tags"]).compactMapValues(\.string), "empty labels are kept")
            #expect(node.attributes["taints"] == "gpu=yes:NoSchedule")
        }
    }

    private static func pods(_ all: [Resource], _ listed: [String: JSONValue]) throws {
        let pods = all.filter { $0.type == "pod" }
        #expect(Set(pods.map { "\($0.attributes["namespace"] ?? "")/\($0.name)" }) == Set(listed.keys))
        let containers = Dictionary(grouping: all.filter { $0.type == "kubernetes:container" }) {
            $0.links.first?.id ?? ""
        }
        for pod in pods {
            let theirs = try #require(listed["\(pod.attributes["namespace"] ?? "")/\(pod.name)"])
            #expect(pod.state == theirs["state"]?.string && pod.attributes["uid"] == theirs["uid"]?.string)
            #expect(pod.created == theirs["created"]?.string)
            #expect((pod.attributes["nodeName"] ?? "") == theirs["node"]?.string)
            let own = containers[pod.id] ?? []
            let wanted = fields(theirs["containers"])
            #expect(Set(own.map(\.name)) == Set(wanted.keys))
            for container in own {
                let item = try #require(wanted[container.name])
                #expect(container.attributes["requests.cpu"] == item["cpu"]?.string)
                #expect(container.attributes["limits.memory"] == item["memory"]?.string)
                #expect((container.attributes["restartCount"] ?? "") == item["restarts"]?.string)
            }
        }
    }

    /// What is part of what, which no client library says.
    private static func relations(_ found: [String: Resource]) throws {
        let shop = "/api/v1/namespaces/shop/"
        let apps = "/apis/apps/v1/namespaces/shop/"
        func pod(_ name: String) -> Resource? { found[shop + "pods/" + name] }
        #expect(link(found["/api/v1/nodes/node-0"], "part-of") == ["i-0aaa"])
        #expect(link(found["/api/v1/nodes/node-2"], "part-of").isEmpty)
        #expect(link(pod("web-5d9-00007"), "part-of") == [apps + "deployments/web"])
        #expect(
            link(pod("web-5d9-00007"), "attached-to") == [
                "/api/v1/nodes/node-1", shop + "persistentvolumeclaims/data",
            ])
        #expect(link(pod("db-0"), "part-of") == [apps + "statefulsets/db"])
        #expect(link(pod("nightly-1-x"), "part-of") == ["/apis/batch/v1/namespaces/shop/cronjobs/nightly"])
        #expect(link(pod("canary-1"), "part-of") == ["/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/canary"])
        #expect(link(pod("alone"), "part-of").isEmpty)
        let fixed = found["/api/v1/namespaces/kube-system/pods/proxy-node-0"]
        #expect(link(fixed, "part-of") == ["/api/v1/nodes/node-0"])
        #expect(link(found["/api/v1/persistentvolumes/pv-1"], "part-of") == ["vol-0123"])
        #expect(
            link(found["/api/v1/persistentvolumes/pv-2"], "part-of") == [
                "https://www.googleapis.com/compute/v1/projects/p/zones/z/disks/d"
            ])
        #expect(link(found["/api/v1/persistentvolumes/pv-3"], "part-of") == ["vol-0456"])
        #expect(found["/api/v1/persistentvolumes/pv-2"]?.state == "Released")
        let scaler = found["/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/web"]
        #expect(link(scaler, "targets") == [apps + "deployments/web"])
        #expect(scaler?.attributes["metrics"] == "Resource:cpu" && scaler?.attributes["maxReplicas"] == "20")
        let job = found["/apis/batch/v1/namespaces/shop/cronjobs/nightly"]
        #expect(job?.attributes["containers.app.requests.cpu"] == "3" && job?.attributes["schedule"] == "0 1 * * *")
        let service = found[shop + "services/web"]
        #expect(service?.attributes["loadBalancer.ingress"] == "x.elb.amazonaws.com,1.2.3.4")
        let killed = found[shop + "pods/web-5d9-00000/containers/app"]
        #expect(killed?.attributes["lastState.terminated.reason"] == "OOMKilled" && killed?.state == "running")
        #expect(found[shop + "pods/web-5d9-00000/containers/setup"]?.attributes["init"] == "true")
    }

    @Test(
        "every way of kubeconfig to say who asks",
        arguments: ["certificate", "files", "token", "token-file", "basic", "exec", "blind"])
    func identities(context: String) async throws {
        let fixture = try await KubeFixture.started(pods: 1)
        let clusters = try fixture.clusters(try directClient())
        let read = try await Collected(clusters, CollectScope(accounts: [context]))
        #expect(read.failed.count == 1 && read.resources.contains { $0.type == "node" && $0.account == context })
    }

    @Test("what cannot work is said, with its reason and without a secret")
    func refusals() async throws {
        let fixture = try await KubeFixture.started(pods: 1)
        let wrong = [
            ("wrong", "auth", "Unauthorized"), ("stranger", "config", "certificate"),
            ("gone", "transient", "no connection"),
            ("old", "config", "auth-provider"), ("nobody", "config", "no context `nobody`"),
        ]
        for (context, code, text) in wrong {
            var settings = CloudClient.Settings()
            settings.retry.attempts = 1
            let client = CloudClient(
                transport: ClientTransport(proxies: try ProxySettings(environment: [:])), settings: settings)
            let clusters = try fixture.clusters(client)
            let failure = await #expect(throws: ProviderFailure.self) {
                try await clusters.pieces(of: CollectScope(accounts: [context]))
            }
            #expect(
                failure?.code == code && failure?.message.contains(text) == true,
                "\(context): \(String(describing: failure))")
            #expect(!"\(String(describing: failure))".contains("marked-secret"))
        }
        // Of several contexts, those that answer are read, and the others are gaps.
        let clusters = try fixture.clusters(try directClient())
        let plan = try await clusters.pieces(of: CollectScope(accounts: ["token", "nobody"]))
        #expect(Set(plan.pieces.map(\.account)) == ["token"])
        #expect(plan.gaps.map(\.account) == ["nobody"])
    }

    @Test("the ClusterRole is exactly the calls; what it lacks is a gap that names it")
    func policy() async throws {
        let fixture = try await KubeFixture.started(pods: 1)
        _ = try await fixture.ask(Kubernetes.policy.canonical)
        let client = try directClient()
        let read = try await Collected(try fixture.clusters(client))
        #expect(read.failed.count == 1 && read.allGaps.isEmpty)
        #expect(client.log.totals.keys.sorted() == Kubernetes.descriptor.permissions)
        let less = Kubernetes.policy.canonical.replacing("\"pods\",", with: "").replacing("\"jobs\"", with: "\"none\"")
        _ = try await fixture.ask(less)
        let rest = try await Collected(try fixture.clusters(try directClient()))
        let refused = rest.failed.filter { $0.failure.code == "permission" }
        #expect(refused.map(\.failure.call).sorted() == ["list jobs.batch", "list pods"])
        #expect(rest.allGaps.map(\.permission) == ["list jobs.batch"], "owners of pods")
        #expect(rest.resources.contains { $0.type == "kubernetes:deployment" })
    }

    @Test("through `--endpoint`, as behind kubectl proxy; nobody's credentials are needed")
    func endpoint() async throws {
        let fixture = try await KubeFixture.started(pods: 1)
        var options = KubernetesClusters.Options()
        options.endpoint = try fixture.text("plain") + "/"
        let clusters = try fixture.clusters(
            try directClient(), environment: ["KUBECONFIG": try fixture.text("config")], options)
        // The current context's certificate is of no use without TLS: the server refuses, and that is told.
        let failure = await #expect(throws: ProviderFailure.self) { try await clusters.pieces(of: CollectScope()) }
        #expect(failure?.code == "auth")
        let read = try await Collected(clusters, CollectScope(accounts: ["token"]))
        #expect(read.resources.contains { $0.type == "cluster" && $0.attributes["gitVersion"] == "v1.31.0" })
    }

    @Test("a whole collection, twice, is the same files")
    func files() async throws {
        let fixture = try await KubeFixture.started(pods: 600)
        let folders = [TemporaryFolder(), TemporaryFolder()]
        for folder in folders {
            let clusters = try fixture.clusters(try directClient())
            let result = try await Collector().collect(clusters, CollectScope(), label: "", into: folder.path)
            #expect(result.counts.gaps == 1 && result.counts.resources > 2_400)
        }
        for name in ["resources.jsonl", "gaps.jsonl", "metrics.csv"] {
            #expect(try folders[0].text(name) == folders[1].text(name))
        }
    }

    @Test("nodes are joined to machines by the id that each cloud's controller gives them")
    func machines() {
        let known: [(String, String?, String?)] = [
            ("aws:///eu-west-1a/i-0abc", "aws", "i-0abc"),
            ("aws:///eu-west-1a/1234/fargate-ip-10-0-0-1.ec2.internal", nil, nil),
            (
                "gce://my-project/europe-west1-b/gke-n1", "gcp",
                "https://www.googleapis.com/compute/v1/projects/my-project/zones/europe-west1-b/instances/gke-n1"
            ),
            (
                "azure:///subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v", "azure",
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v"
            ),
            ("cn-hangzhou.i-bp1abc", "alibaba", "i-bp1abc"), ("alicloud://cn-hangzhou.i-bp1abc", "alibaba", "i-bp1abc"),
            ("kind://docker/kind/kind-worker", nil, nil), ("", nil, nil), ("k3s://i-x", nil, nil),
            ("gce://p/z", nil, nil), ("azure://", nil, nil),
        ]
        for (text, provider, id) in known {
            let machine = Kubernetes.machine(of: text)
            #expect(machine?.provider == provider && machine?.id == id, "\(text)")
        }
    }
}
