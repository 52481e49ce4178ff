import CloudHTTP
import Collection
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

@testable import GCPProvider

/// Documents of our own, to the shapes of the discovery documents, by path.
private enum GCPDocuments {
    static let compute = "https://www.googleapis.com/compute/v1/projects/shop"

    static func answer(_ request: FaultServer.Received) -> String? {
        let path = request.path
        let page = request.query("pageToken") ?? ""
        func aggregated(_ name: String, _ scopes: [(String, String)], next: String = "") -> String {
            let items = scopes.map { #""\#($0.0)": {"\#(name)": [\#($0.1)]}"# }
            let empty = #""zones/us-east1-b": {"warning": {"code": "NO_RESULTS_ON_PAGE", "message": "none"}}"#
            return #"{"items": {\#((items + [empty]).joined(separator: ","))}, "nextPageToken": "\#(next)"}"#
        }
        switch path {
        case "/v3/projects:search":
            guard page.isEmpty else { return #"{"projects": [{"projectId": "data", "state": "ACTIVE"}]}"# }
            return
                #"{"projects": [{"projectId": "shop", "state": "ACTIVE"}, {"projectId": "gone", "state": "DELETE_REQUESTED"}], "nextPageToken": "2"}"#
        case "/v1/projects/shop/billingInfo", "/v1/projects/data/billingInfo":
            return #"{"billingAccountName": "billingAccounts/00AA-11BB", "billingEnabled": true}"#
        case "/compute/v1/projects/shop/aggregated/instances":
            guard page.isEmpty else { return aggregated("instances", [("zones/us-central1-a", instance(3))]) }
            return aggregated(
                "instances", [("zones/europe-west1-b", [instance(1), instance(2)].joined(separator: ","))], next: "p2")
        case "/compute/v1/projects/shop/aggregated/disks":
            return #"""
                {"items": {"zones/europe-west1-b": {"disks": [
                  {"id": "21", "selfLink": "\#(compute)/zones/europe-west1-b/disks/d1", "name": "d1", "sizeGb": "100",
                   "type": "\#(compute)/zones/europe-west1-b/diskTypes/pd-ssd", "status": "READY",
                   "zone": "\#(compute)/zones/europe-west1-b", "users": ["\#(compute)/zones/europe-west1-b/instances/w1"],
                   "lastAttachTimestamp": "2026-01-02T03:04:05.000-08:00", "labels": {"team": "shop", "empty": ""}}]},
                 "regions/europe-west1": {"disks": [
                  {"id": "22", "selfLink": "\#(compute)/regions/europe-west1/disks/d2", "name": "d2", "sizeGb": "10",
                   "region": "\#(compute)/regions/europe-west1", "status": "READY",
                   "replicaZones": ["a", "b"]}]},
                 "zones/us-east4-a": {"warning": {"code": "UNREACHABLE", "message": "zone is down"}}},
                 "unreachables": ["regions/asia-east1"]}
                """#
        case "/compute/v1/projects/shop/aggregated/commitments":
            return aggregated(
                "commitments",
                [
                    (
                        "regions/europe-west1",
                        #"""
                        {"id": "31", "name": "c1", "region": "\#(compute)/regions/europe-west1", "status": "ACTIVE",
                         "plan": "TWELVE_MONTH", "type": "GENERAL_PURPOSE_N2", "category": "MACHINE",
                         "startTimestamp": "2026-01-01T00:00:00.000-08:00", "endTimestamp": "2027-01-01T00:00:00.000-08:00",
                         "resources": [{"type": "VCPU", "amount": "16"}, {"type": "MEMORY", "amount": "65536"},
                           {"type": "ACCELERATOR", "amount": "2", "acceleratorType": "\#(compute)/zones/z/acceleratorTypes/nvidia-tesla-t4"},
                           {"type": "LOCAL_SSD", "amount": "375"}]},
                        {"id": "32", "status": "EXPIRED", "resources": [{"type": "VCPU", "amount": "1"}]},
                        {"id": "33", "name": "c3", "status": "ACTIVE", "category": "LICENSE", "resources": [{"type": "VCPU", "amount": "1"}]}
                        """#
                    )
                ])
        case "/compute/v1/projects/shop/aggregated/machineTypes":
            return aggregated(
                "machineTypes",
                ["zones/europe-west1-b", "zones/europe-west1-c"].map {
                    (
                        $0,
                        #"{"name": "n2-standard-4", "guestCpus": 4, "memoryMb": 16384, "architecture": "X86_64"}, {"name": "a2-highgpu-1g", "guestCpus": 12, "memoryMb": 87040, "accelerators": [{"guestAcceleratorType": "nvidia-tesla-a100", "guestAcceleratorCount": 1}]}"#
                    )
                })
        case "/compute/v1/projects/shop/aggregated/routers":
            return aggregated(
                "routers",
                [
                    (
                        "regions/europe-west1",
                        #"{"selfLink": "\#(compute)/regions/europe-west1/routers/r", "name": "r", "region": "\#(compute)/regions/europe-west1", "nats": [{"name": "n", "natIpAllocateOption": "AUTO_ONLY", "natIps": ["\#(compute)/regions/europe-west1/addresses/a"]}]}"#
                    )
                ])
        case "/v1/projects/shop/instances":
            return
                #"{"items": [{"name": "db", "selfLink": "https://sqladmin.googleapis.com/sql/v1beta4/projects/shop/instances/db", "state": "RUNNABLE", "gceZone": "europe-west1-c", "region": "europe-west1", "databaseVersion": "POSTGRES_16", "settings": {"tier": "db-custom-2-8192", "userLabels": {"k": "v"}, "activationPolicy": "ALWAYS"}}]}"#
        case "/v1/projects/shop/locations/-/clusters":
            return
                #"{"clusters": [{"name": "k", "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west1/clusters/k", "status": "RUNNING", "location": "europe-west1", "autopilot": {"enabled": false}, "nodePools": [{"name": "p", "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west1/clusters/k/nodePools/p", "status": "RUNNING", "config": {"machineType": "e2-standard-4", "spot": true}, "instanceGroupUrls": ["https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west1-b/instanceGroupManagers/g"]}]}], "missingZones": ["us-west1-a"]}"#
        case "/storage/v1/b" where request.query("project") == "shop":
            return
                #"{"items": [{"selfLink": "https://www.googleapis.com/storage/v1/b/x", "name": "x", "location": "EUROPE-WEST1", "locationType": "region", "storageClass": "NEARLINE", "timeCreated": "2026-01-02T03:04:05.123Z", "lifecycle": {"rule": [{"action": {"type": "Delete"}}, {"action": {"type": "SetStorageClass"}}]}}, {"selfLink": "https://www.googleapis.com/storage/v1/b/y", "name": "y", "location": "EU", "locationType": "multi-region"}]}"#
        case "/v1/services/6F81-5844-456A/skus":
            guard page.isEmpty else {
                return
                    #"{"skus": [{"skuId": "S2", "description": "N2 Instance Ram running in Belgium", "category": {"usageType": "Commit1Yr", "serviceDisplayName": "Compute Engine"}, "serviceRegions": ["europe-west1"], "pricingInfo": []}, {"skuId": "S3", "description": "Commitment v1: N2 Ram in Belgium for 1 Year", "category": {"usageType": "Commit1Yr", "serviceDisplayName": "Compute Engine"}, "serviceRegions": ["europe-west1"], "pricingInfo": [{"effectiveTime": "2026-01-01T00:00:00.5Z", "pricingExpression": {"usageUnit": "GiBy.h", "tieredRates": [{"startUsageAmount": 0, "unitPrice": {"currencyCode": "USD", "units": "0", "nanos": 2936000}}]}}]}]}"#
            }
            return
                #"{"skus": [{"skuId": "S1", "description": "N2 Instance Core running in Belgium", "category": {"usageType": "OnDemand", "serviceDisplayName": "Compute Engine"}, "serviceRegions": ["europe-west1", "us-central1"], "pricingInfo": [{"effectiveTime": "2026-01-01T00:00:00Z", "pricingExpression": {"usageUnit": "h", "tieredRates": [{"startUsageAmount": 0, "unitPrice": {"currencyCode": "USD", "units": "1", "nanos": 34773000}}, {"startUsageAmount": 100, "unitPrice": {"currencyCode": "USD", "units": "-1", "nanos": -5}}]}}]}], "nextPageToken": "2"}"#
        case "/v3/projects/shop/timeSeries": return series(request, page)
        case let path where path.contains("/recommenders/google.compute.instance.IdleResourceRecommender/"):
            guard path.contains("europe-west1-b") else { return "{}" }
            return
                #"{"recommendations": [{"name": "projects/1/locations/europe-west1-b/recommenders/r/recommendations/x", "recommenderSubtype": "STOP_VM", "stateInfo": {"state": "ACTIVE"}, "primaryImpact": {"category": "COST", "costProjection": {"cost": {"currencyCode": "USD", "units": "-50", "nanos": -250000000}, "duration": "2592000s"}}, "targetResources": ["//compute.googleapis.com/projects/shop/zones/europe-west1-b/instances/w1"]}]}"#
        default: return nil
        }
    }

    static func instance(_ index: Int) -> String {
        let zone = index == 3 ? "us-central1-a" : "europe-west1-b"
        return #"""
            {"id": "90\#(index)", "selfLink": "\#(compute)/zones/\#(zone)/instances/w\#(index)", "name": "w\#(index)",
             "machineType": "\#(compute)/zones/\#(zone)/machineTypes/n2-standard-4",
             "status": "\#(index == 2 ? "TERMINATED" : "RUNNING")", "zone": "\#(compute)/zones/\#(zone)",
             "creationTimestamp": "2026-01-02T03:04:05.678-08:00", "lastStopTimestamp": "2026-02-01T00:00:00.000-08:00",
             "scheduling": {"preemptible": \#(index == 1), "provisioningModel": "\#(index == 1 ? "SPOT" : "STANDARD")"},
             "guestAccelerators": [{"acceleratorType": "nvidia-tesla-t4", "acceleratorCount": 2}],
             "networkInterfaces": [{"network": "n", "accessConfigs": [{"natIP": "34.0.0.\#(index)"}]}],
             "labels": {"team": "shop", "empty": ""}, "metadata": {"items": [{"key": "startup-script", "value": "marked-secret"}]}}
            """#
    }

    /// Two pages of one metric; the rest have none.
    private static func series(_ request: FaultServer.Received, _ page: String) -> String {
        guard request.query("filter") == #"metric.type="compute.googleapis.com/instance/cpu/utilization""#,
            request.query("aggregation.perSeriesAligner") == "ALIGN_MEAN"
        else { return "{}" }
        let end = request.query("interval.endTime") ?? ""
        let id = page.isEmpty ? "901" : "903"
        let points =
            #"[{"interval": {"startTime": "x", "endTime": "\#(end)"}, "value": {"doubleValue": 0.25}}, {"interval": {"endTime": "2026-02-28T23:00:00Z"}, "value": {"int64Value": "1"}}]"#
        return
            #"{"timeSeries": [{"resource": {"labels": {"instance_id": "\#(id)"}}, "points": \#(points)}, {"resource": {"labels": {"instance_id": "404"}}, "points": \#(points)}], "nextPageToken": "\#(page.isEmpty ? "n" : "")"}"#
    }
}

@Suite("Google Cloud projects") struct GCPCollectTests {
    private static func server(
        _ other: @escaping @Sendable (FaultServer.Received) -> [FaultServer.Step]? = { _ in nil }
    ) throws
        -> FaultServer
    {
        try FaultServer { request in
            guard request.header("Authorization") == "Bearer marked-secret" else {
                return .respond(401, #"{"error": {"code": 401, "message": "no token", "status": "UNAUTHENTICATED"}}"#)
            }
            if let steps = other(request) { return steps }
            return .respond(200, GCPDocuments.answer(request) ?? "{}")
        }
    }

    private static func projects(_ server: FaultServer, _ client: CloudClient, project: String? = "shop") throws
        -> GCPProjects
    {
        let credentials = CredentialCache { () async throws(CloudFailure) in Dated(BearerToken(Secret("marked-secret")))
        }
        var options = GCPProjects.Options()
        options.endpoint = server.url + "/"
        options.project = project
        let now = try #require(Instant("2026-03-01T00:30:00Z"))
        return GCPProjects(client: client, credentials: credentials, options: options, now: now)
    }

    @Test("inventory: scopes and pages, states, labels, relations; what did not answer is a gap")
    func inventory() async throws {
        let throttled = Counter()
        let server = try Self.server { request in
            guard request.path.hasSuffix("/aggregated/disks"), throttled.next() == 1 else { return nil }
            return .respond(
                429, #"{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "m"}}"#,
                [("Retry-After", "0")])
        }
        defer { server.stop() }
        let read = try await Collected(try Self.projects(server, try directClient()))
        #expect(read.failed.isEmpty, "\(read.failed)")
        let found = Dictionary(uniqueKeysWithValues: read.resources.map { ("\($0.type) \($0.name)", $0) })
        let first = try #require(found["instance w1"])
        #expect(first.id == GCPDocuments.compute + "/zones/europe-west1-b/instances/w1" && first.sku == "n2-standard-4")
        #expect(first.zone == "europe-west1-b" && first.region == "europe-west1" && first.billingAccount == "00AA-11BB")
        #expect(first.attributes["scheduling.provisioningModel"] == "SPOT" && first.attributes["natIP"] == "34.0.0.1")
        #expect(
            first.attributes["guestAccelerators.acceleratorCount"] == "2"
                && first.tags == ["team": "shop", "empty": ""])
        #expect(found["instance w2"]?.state == "TERMINATED" && found["instance w3"]?.region == "us-central1")
        #expect(!read.resources.contains { "\($0)".contains("marked-secret") }, "metadata may hold secrets")
        let disk = try #require(found["volume d1"])
        #expect(disk.sku == "pd-ssd" && disk.attributes["sizeGb"] == "100")
        #expect(disk.links == [.init(kind: "attached-to", id: first.id)])
        let regional = try #require(found["volume d2"])
        #expect(
            regional.region == "europe-west1" && regional.zone.isEmpty && regional.attributes["replicaZones"] == "a,b")
        #expect(found["nat-gateway n"]?.links.first?.id == GCPDocuments.compute + "/regions/europe-west1/addresses/a")
        let database = try #require(found["database db"])
        #expect(database.sku == "db-custom-2-8192" && database.region == "europe-west1" && database.tags == ["k": "v"])
        #expect(found["cluster k"]?.region == "europe-west1")
        let pool = try #require(found["node-group p"])
        #expect(pool.sku == "e2-standard-4" && pool.attributes["config.spot"] == "true" && pool.links.count == 2)
        #expect(found["bucket x"]?.region == "europe-west1" && found["bucket y"]?.region == "eu")
        #expect(found["bucket x"]?.attributes["lifecycle.rule.action.type"] == "Delete,SetStorageClass")
        let advice = try #require(read.resources.first { $0.type == "gcp:recommendation" })
        #expect(advice.links == [.init(kind: "targets", id: first.id)] && advice.zone == "europe-west1-b")
        #expect(advice.attributes["primaryImpact.costProjection.cost.units"] == "-50")
        let missing = Set(read.allGaps.map(\.what))
        #expect(
            missing.isSuperset(of: [
                "disks of zones/us-east4-a", "disks of regions/asia-east1", "clusters of us-west1-a",
            ]))
    }

    @Test("commitments by resource, machine types once, measurements in the hour they are of")
    func rest() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let read = try await Collected(
            try Self.projects(server, try directClient()), CollectScope(since: Instant("2026-02-28T00:00:00Z")))
        let held = Dictionary(uniqueKeysWithValues: read.commitments.map { ($0.sku, $0) })
        #expect(Set(held.keys) == ["n2/vcpu", "n2/gib", "nvidia-tesla-t4/gpu", "local-ssd/gib"])
        #expect(held["n2/vcpu"]?.quantity == Quantity("16") && held["n2/gib"]?.quantity == Quantity("64"))
        #expect(
            held["local-ssd/gib"]?.quantity == Quantity("375") && held["nvidia-tesla-t4/gpu"]?.quantity == Quantity("2")
        )
        let cores = try #require(held["n2/vcpu"])
        #expect(cores.offer.rawValue == "cud-resource" && cores.term == .oneYear && cores.payment == .monthly)
        #expect(cores.id == "31/vcpu" && cores.region == "europe-west1" && cores.billingAccount == "00AA-11BB")
        #expect(cores.start == Instant("2026-01-01T08:00:00Z") && cores.end == Instant("2027-01-01T08:00:00Z"))
        #expect(
            Set(read.allGaps.map(\.what)).isSuperset(of: [
                "fees of 4 committed resources", "licences of the commitment c3",
            ]))
        let prices = read.prices.map { [$0.region, $0.sku, $0.offer.rawValue, $0.term, $0.price.description, $0.unit] }
        #expect(
            prices == [
                ["europe-west1", "n2/vcpu", "on-demand", "", "1.034773", "h"],
                ["europe-west1", "n2/vcpu", "on-demand", "", "-1.000000005", "h"],
                ["us-central1", "n2/vcpu", "on-demand", "", "1.034773", "h"],
                ["us-central1", "n2/vcpu", "on-demand", "", "-1.000000005", "h"],
                ["europe-west1", "n2/gib", "cud-resource", "1y", "0.002936", "GiBy.h"],
            ])
        #expect(read.prices.first?.tierTo == Quantity("100") && read.prices.last?.payment == "monthly")
        #expect(read.catalog.map(\.sku) == ["n2-standard-4", "a2-highgpu-1g"])
        #expect(read.catalog.first?.memoryGiB == Quantity("16") && read.catalog.last?.gpu == "nvidia-tesla-a100")
        let rows = read.metrics.map {
            "\($0.time) \($0.resource.split(separator: "/").last ?? "") \($0.statistic) \($0.value)"
        }
        #expect(
            rows == [
                "2026-02-28T22:00:00Z w1 average 1.0", "2026-02-28T23:00:00Z w1 average 0.25",
                "2026-02-28T22:00:00Z w3 average 1.0", "2026-02-28T23:00:00Z w3 average 0.25",
            ])
        let types = [
            ("GENERAL_PURPOSE", "n1"), ("GENERAL_PURPOSE_N2D", "n2d"), ("COMPUTE_OPTIMIZED", "c2"),
            ("ACCELERATOR_OPTIMIZED_A3_MEGA", "a3"), ("MEMORY_OPTIMIZED_X4_480_6T", "x4"),
            ("STORAGE_OPTIMIZED_Z3", "z3"),
        ]
        for (type, series) in types { #expect(GCPListings.series(of: type) == series) }
    }

    @Test("the custom role is exactly the calls; refusals name the permission, APIs that are off the command")
    func policy() async throws {
        let whole = try Self.server()
        defer { whole.stop() }
        let client = try directClient()
        let all = try await Collected(try Self.projects(whole, client), CollectScope(accounts: ["all"]))
        #expect(client.log.totals.keys.sorted() == (GCP.descriptor.permissions + ["cloudbilling.skus"]).sorted())
        #expect(Set(all.resources.map(\.account)) == ["shop"])
        #expect(whole.requests.contains { $0.path.contains("/projects/data/") }, "every active project is read")
        #expect(!whole.requests.contains { $0.path.contains("/projects/gone/") })
        let server = try Self.server { request in
            switch request.path {
            case "/compute/v1/projects/shop/aggregated/addresses":
                .respond(
                    403,
                    #"{"error": {"code": 403, "message": "Required 'compute.addresses.list' permission", "errors": [{"reason": "forbidden"}]}}"#
                )
            case "/v1/projects/shop/locations/-/clusters":
                .respond(
                    403,
                    #"{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "Kubernetes Engine API has not been used in project 1 before or it is disabled."}}"#
                )
            case "/v1/projects/shop/billingInfo":
                .respond(403, #"{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "no"}}"#)
            default: nil
            }
        }
        defer { server.stop() }
        let read = try await Collected(
            try Self.projects(server, try directClient()), CollectScope(regions: ["us-central1"]))
        let refused = Dictionary(uniqueKeysWithValues: read.failed.map { ($0.piece.id, $0.failure) })
        #expect(Set(refused.keys) == ["gcp/shop/addresses", "gcp/shop/clusters"])
        #expect(refused["gcp/shop/addresses"]?.call == "compute.addresses.list")
        #expect(
            refused["gcp/shop/clusters"]?.hint.contains(
                "gcloud services enable container.googleapis.com --project shop") == true)
        #expect(read.gaps.map(\.permission) == ["resourcemanager.projects.get"])
        #expect(Set(read.resources.map(\.region)) == ["us-central1"], "regions that were not asked for are left out")
    }

    @Test("a whole collection, twice, is the same files")
    func files() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let folders = [TemporaryFolder(), TemporaryFolder()]
        for folder in folders {
            _ = try await Collector().collect(
                try Self.projects(server, try directClient()), CollectScope(), label: "", into: folder.path)
        }
        for name in ["resources.jsonl", "metrics.csv", "commitments.csv", "catalog.csv", "gaps.jsonl"] {
            #expect(try folders[0].text(name) == folders[1].text(name) && !folders[0].text(name).isEmpty)
        }
    }

    // MARK: Discovery documents

    private static func faults(_ use: GCPListings.Use, _ document: DiscoveryDocument) -> [String] {
        guard let method = document.method(use.call.method) else { return ["no method \(use.call.method)"] }
        var faults: [String] = []
        let own = use.call.path.split(separator: "?").map(String.init)
        let path = own[0].replacing(/\{[^}]*\}/, with: "{}").replacing("/locations/-/", with: "/locations/{}/")
            .replacing(/recommenders\/google[^\/]*/, with: "recommenders/{}")
        let known = path.replacing("services/6F81-5844-456A", with: "services/{}")
        if known != document.path(method) {
            faults.append("\(use.call.method): path \(path), not \(document.path(method))")
        }
        let parameters = document.parameters(method)
        let asked =
            use.parameters + own.dropFirst().map { String($0.prefix { $0 != "=" }) }
            + (use.call.size.isEmpty ? [] : [use.call.size, "pageToken"])
        faults += asked.filter { !parameters.contains($0) }.map { "\(use.call.method): no parameter \($0)" }
        guard let answer = document.answer(method) else { return faults + ["\(use.call.method): no answer"] }
        if !use.call.size.isEmpty, document.schema("nextPageToken", of: answer) == nil { faults.append("no next page") }
        faults += use.call.unreachable.filter { document.schema($0, of: answer) == nil }.map { "no \($0)" }
        let start = use.call.isAggregated ? "items.*.\(use.call.items)" : use.call.items
        for name in use.paths {
            let whole = start.isEmpty ? name : "\(start).\(name)"
            guard let schema = document.schema(whole, of: answer) else {
                faults.append("\(use.call.method): no field \(name)")
                continue
            }
            let isLabels = ["labels", "resourceLabels", "userLabels"].contains(
                name.split(separator: ".").last.map(String.init))
            let isRight = isLabels ? DiscoveryDocument.isMap(schema) : DiscoveryDocument.isScalar(schema)
            if !isRight {
                faults.append("\(use.call.method): \(name) is no \(isLabels ? "map of texts" : "text or number")")
            }
        }
        return faults
    }

    @Test(
        "every method, parameter and field is in the discovery documents, with its type",
        .enabled(if: DiscoveryDocument.folder != nil, DiscoveryDocument.missing))
    func discovery() throws {
        let names = Set(GCPListings.uses.map(\.call.api.document))
        let documents = try Dictionary(uniqueKeysWithValues: names.map { ($0, try DiscoveryDocument($0)) })
        let faults = GCPListings.uses.flatMap { use in
            documents[use.call.api.document].map { Self.faults(use, $0) } ?? ["no document"]
        }
        #expect(faults.isEmpty, "\(faults)")
        // The check itself finds what is wrong.
        var wrong = try #require(GCPListings.uses.first)
        wrong.paths = ["selfLinkk", "scheduling", "labels.x", "name"]
        wrong.parameters = ["sort"]
        wrong.call.path += "s"
        let compute = try #require(documents["compute.v1"])
        #expect(Self.faults(wrong, compute).count == 5)
        wrong.call.method = "compute.instances.everything"
        #expect(Self.faults(wrong, compute).count == 1)
        // Everything that is called stands among the uses, the other recommenders by the first.
        let called = Set(GCPListings.all.flatMap(\.permissions)).subtracting(
            GCPListings.recommenders.map(\.call.permission))
        #expect(called.isSubset(of: GCPListings.uses.map(\.call.permission)))
    }
}
