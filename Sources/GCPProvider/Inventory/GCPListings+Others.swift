internal import CloudHTTP
internal import PlimsollCore

/// What needs more than a table: Cloud NAT, GKE, machine types, Recommender.
extension GCPListings {
    private static let routersCall = GCPCall.aggregated("routers", "routers")
    private static let clustersCall = GCPCall(
        .container, "container.projects.locations.clusters.list", "/v1/projects/{project}/locations/-/clusters",
        "container.clusters.list", items: "clusters", unreachable: ["missingZones"])
    private static let typesCall = GCPCall.aggregated("machineTypes", "machineTypes")

    private static let router = ResourceShape(
        "nat-gateway", id: "selfLink", name: "name", created: "creationTimestamp", attributes: ["id", "network"])
    private static let natPaths = ["nats.name", "nats.natIpAllocateOption", "nats.natIps"]
    private static let cluster = ResourceShape(
        "cluster", id: "selfLink", name: "name", state: "status", created: "createTime",
        tags: .members("resourceLabels"),
        attributes: [
            "currentMasterVersion", "currentNodeCount", "autopilot.enabled", "location", "network",
            "releaseChannel.channel",
        ])
    private static let pool = ResourceShape(
        "node-group", id: "selfLink", name: "name", sku: "config.machineType", state: "status",
        tags: .members("config.labels"),
        attributes: [
            "config.spot", "config.preemptible", "config.diskSizeGb", "config.diskType", "initialNodeCount",
            "autoscaling.enabled", "autoscaling.minNodeCount", "autoscaling.maxNodeCount", "version", "locations",
            "config.accelerators.acceleratorType", "config.accelerators.acceleratorCount",
        ], links: [.init("targets", "instanceGroupUrls")])
    private static let recommendation = ResourceShape(
        "gcp:recommendation", id: "name", sku: "recommenderSubtype", state: "stateInfo.state",
        attributes: [
            "description", "lastRefreshTime", "priority", "primaryImpact.category",
            "primaryImpact.costProjection.duration", "primaryImpact.costProjection.cost.units",
            "primaryImpact.costProjection.cost.nanos", "primaryImpact.costProjection.cost.currencyCode",
        ], links: [.init("targets", "targetResources")])

    static let otherUses: [Use] = [
        Use(call: routersCall, paths: router.paths + natPaths),
        Use(
            call: clustersCall,
            paths: cluster.paths + pool.paths.map { "nodePools.\($0)" }),
        Use(
            call: typesCall,
            paths: [
                "name", "zone", "guestCpus", "memoryMb", "isSharedCpu", "architecture",
                "accelerators.guestAcceleratorType", "accelerators.guestAcceleratorCount",
            ]),
        Use(call: commitmentsCall, paths: commitmentPaths),
        Use(call: recommenders[0].call, paths: recommendation.paths),
        Use(call: .projects, parameters: ["query"], paths: ["projectId", "state"]),
        Use(call: .billing, paths: ["billingAccountName"]), skusUse,
        Use(
            call: seriesCall,
            parameters: [
                "filter", "interval.startTime", "interval.endTime", "aggregation.alignmentPeriod",
                "aggregation.perSeriesAligner", "aggregation.crossSeriesReducer", "aggregation.groupByFields",
            ],
            paths: [
                "resource.labels", "metric.labels", "unit", "points.interval.endTime", "points.value.doubleValue",
                "points.value.int64Value",
            ]),
    ]

    static let gateways = GCPListing("nat-gateways", "Cloud NAT gateways", routersCall.permission) { reader in
        try await reader.pages(routersCall) { page in
            try await reader.push(
                page.flatMap { item in
                    item.list("nats").compactMap { nat in
                        guard var result = reader.resource(router, item) else { return nil }
                        result.id += "/nats/" + nat["name"]
                        result.name = nat["name"]
                        result.attributes.merge(nat.fields(["natIpAllocateOption"])) { $1 }
                        result.link("attached-to", nat.texts("natIps"))
                        return result
                    }
                })
        }
    }

    static let clusters = GCPListing("clusters", "GKE clusters and node pools", clustersCall.permission) { reader in
        try await reader.pages(clustersCall) { page in
            try await reader.push(
                page.flatMap { item -> [Resource] in
                    guard let result = reader.resource(cluster, item, place: "location") else { return [] }
                    let pools = item.list("nodePools").map { part in
                        var pool = pool.resource(part, provider: "gcp")
                        pool.account = result.account
                        pool.billingAccount = result.billingAccount
                        (pool.region, pool.zone) = (result.region, result.zone)
                        pool.link("part-of", [result.id])
                        return pool
                    }
                    return [result] + pools
                })
        }
    }

    /// Every type once: each zone lists it again.
    static let machineTypes = GCPListing("machine-types", "machine types", typesCall.permission) { reader in
        var seen: Set<String> = []
        try await reader.pages(typesCall) { page in
            try await reader.push(page.filter { seen.insert($0["name"]).inserted }.map(type))
        }
    }

    private static func type(_ item: CloudItem) -> CatalogRow {
        var row = CatalogRow()
        row.provider = "gcp"
        row.sku = item["name"]
        row.family = String(row.sku.prefix { $0 != "-" })
        row.vcpu = Quantity(item["guestCpus"])
        row.memoryGiB = Double(item["memoryMb"]).flatMap { Quantity("\($0 / 1_024)") }
        row.arch = ["X86_64": "x86_64", "ARM64": "arm64"][item["architecture"]] ?? ""
        if let gpu = item.list("accelerators").first {
            row.gpu = gpu["guestAcceleratorType"]
            row.gpuCount = Quantity(gpu["guestAcceleratorCount"])
        }
        row.burstable = item["isSharedCpu"] == "true"
        return row
    }

    // MARK: Recommender

    /// A recommender and where it answers. Cloud Recommender, "Recommenders".
    struct Recommender: Sendable {
        var id: String
        var call: GCPCall
        /// Whether it is asked zone by zone; else region by region.
        var isZonal: Bool

        init(_ id: String, _ permission: String, isZonal: Bool) {
            self.id = id
            self.isZonal = isZonal
            call = GCPCall(
                .recommender, "recommender.projects.locations.recommenders.recommendations.list",
                "/v1/projects/{project}/locations/{location}/recommenders/\(id)/recommendations",
                "recommender.\(permission).list", items: "recommendations", size: "pageSize", count: 100)
        }
    }

    static let recommenders = [
        Recommender(
            "google.compute.instance.IdleResourceRecommender", "computeInstanceIdleResourceRecommendations",
            isZonal: true),
        Recommender(
            "google.compute.instance.MachineTypeRecommender", "computeInstanceMachineTypeRecommendations",
            isZonal: true),
        Recommender(
            "google.compute.disk.IdleResourceRecommender", "computeDiskIdleResourceRecommendations", isZonal: true),
        Recommender(
            "google.compute.address.IdleResourceRecommender", "computeAddressIdleResourceRecommendations",
            isZonal: false),
        Recommender(
            "google.compute.commitment.UsageCommitmentRecommender", "usageCommitmentRecommendations", isZonal: false),
    ]

    /// What Google itself advises, in the places where machines or disks are.
    static let recommendations: GCPListing = {
        var listing = GCPListing(
            "recommendations", "Google's own recommendations", instancesCall.permission, disksCall.permission
        ) { reader in
            var zones: Set<String> = []
            for call in [instancesCall, disksCall] {
                try await reader.pages(call) { page in
                    zones.formUnion(page.compactMap { $0["zone"].split(separator: "/").last.map(String.init) })
                }
            }
            let asked = zones.filter { reader.isAsked($0.split(separator: "-").dropLast().joined(separator: "-")) }
            let regions = Set(asked.map { $0.split(separator: "-").dropLast().joined(separator: "-") })
            for recommender in recommenders {
                for place in (recommender.isZonal ? asked : regions).sorted() {
                    try await recommended(recommender, place, reader)
                }
            }
        }
        listing.permissions += recommenders.map(\.call.permission)
        return listing
    }()

    /// A recommender that may not be asked is a gap; the others go on.
    private static func recommended(_ recommender: Recommender, _ place: String, _ reader: GCPReader) async throws {
        do {
            try await reader.pages(recommender.call, location: place) { page in
                try await reader.push(
                    page.compactMap { item in
                        guard var result = reader.resource(recommendation, item) else { return nil }
                        if recommender.isZonal { result.zone = place }
                        result.region =
                            recommender.isZonal ? place.split(separator: "-").dropLast().joined(separator: "-") : place
                        // `//compute.googleapis.com/projects/…`, as self links write it.
                        let targets = item.texts("targetResources").map {
                            $0.replacing("//compute.googleapis.com/", with: "https://www.googleapis.com/compute/v1/")
                        }
                        result.links = []
                        result.link("targets", targets)
                        return result
                    })
            }
        } catch let failure as CloudFailure {
            guard failure.kind != .cancelled else { throw failure }
            try await reader.gap("\(recommender.id) in \(place)", failure)
        }
    }
}
