internal import CloudHTTP
internal import PlimsollCore

/// What needs more than a table: machines with their states, databases of servers, node pools, sizes, and all else by
/// Azure Resource Graph.
extension AzureListings {
    static let machinesCall = AzureCall.list("Microsoft.Compute/virtualMachines", "2024-07-01")
    private static let serversCall = AzureCall.list("Microsoft.Sql/servers", "2023-08-01")
    private static let clustersCall = AzureCall.list("Microsoft.ContainerService/managedClusters", "2024-09-01")

    private static let database = ResourceShape(
        "database", id: "id", name: "name", sku: "sku.name", state: "properties.status",
        created: "properties.creationDate", tags: .members("tags"),
        attributes: [
            "kind", "sku.tier", "sku.family", "sku.capacity", "maxSizeBytes=properties.maxSizeBytes",
            "elasticPoolId=properties.elasticPoolId", "autoPauseDelay=properties.autoPauseDelay",
            "minCapacity=properties.minCapacity", "licenseType=properties.licenseType",
            "zoneRedundant=properties.zoneRedundant", "readScale=properties.readScale",
            "secondaryType=properties.secondaryType", "pausedDate=properties.pausedDate",
        ], links: [.init("member-of", "properties.elasticPoolId")])
    private static let cluster = ResourceShape(
        "cluster", id: "id", name: "name", sku: "sku.tier", state: "properties.powerState.code",
        tags: .members("tags"),
        attributes: [
            "kubernetesVersion=properties.kubernetesVersion", "nodeResourceGroup=properties.nodeResourceGroup",
            "provisioningState=properties.provisioningState",
        ])
    private static let pool = ResourceShape(
        "node-group", id: "name", name: "name", sku: "vmSize", state: "powerState.code", tags: .members("tags"),
        attributes: [
            "count", "minCount", "maxCount", "enableAutoScaling", "mode", "osType", "osDiskSizeGB", "osDiskType",
            "scaleSetPriority", "scaleDownMode", "orchestratorVersion",
        ])
    private static let other = ResourceShape(
        "", id: "id", name: "name", sku: "sku.name", tags: .members("tags"),
        attributes: ["type", "kind", "sku.tier", "managedBy"])

    static let otherUses: [(model: String, paths: [String])] = [
        (
            "azure.mgmt.compute:VirtualMachine",
            machine.paths + ["location", "zones", "properties.instanceView.statuses.code"]
        ),
        ("azure.mgmt.sql:Database", database.paths + ["location"]),
        (
            "azure.mgmt.containerservice:ManagedCluster",
            cluster.paths + pool.paths.map { "properties.agentPoolProfiles.\($0)" }
        ),
        (
            "azure.mgmt.compute:ResourceSku",
            ["name", "resourceType", "family", "locations", "capabilities.name", "capabilities.value"]
        ),
        ("azure.mgmt.resource.subscriptions:Subscription", ["subscriptionId", "state"]),
        ("azure.mgmt.reservations:ReservationResponse", reservationPaths),
        ("azure.mgmt.billingbenefits:SavingsPlanModel", planPaths),
        ("azure.mgmt.monitor:Response", metricPaths),
        (
            "azure.mgmt.resourcegraph:QueryRequest",
            ["subscriptions", "query", "options.$top", "options.$skipToken", "options.resultFormat"]
        ),
        ("azure.mgmt.resourcegraph:QueryResponse", ["$skipToken", "data"]),
    ]

    /// The list says what machines are, a list of states whether they run: `PowerState/deallocated`.
    static let machines = AzureListing("virtual-machines", "virtual machines", machinesCall.permission) { reader in
        var states: [String: String] = [:]
        do {
            try await reader.pages(.statuses) { page in
                for item in page {
                    let codes = item.list("properties.instanceView.statuses").map { $0["code"] }
                    states[item["id"].lowercased()] = codes.first { $0.hasPrefix("PowerState/") }
                }
            }
        } catch let failure as CloudFailure {
            guard failure.kind != .cancelled, failure.kind != .permission else { throw failure }
            try await reader.gap("states of virtual machines", failure)
        }
        let known = states
        try await reader.pages(machinesCall) { page in
            try await reader.push(
                page.compactMap { item in
                    var result = reader.resource(machine, item)
                    result?.state = known[item["id"].lowercased()] ?? ""
                    return result
                })
        }
    }

    /// Databases of every server; the one named `master` is the server's own and costs nothing.
    static let databases = AzureListing(
        "databases", "SQL databases", serversCall.permission, AzureCall.databases.permission
    ) { reader in
        var servers: [String] = []
        try await reader.pages(serversCall) { page in servers += page.map { $0["id"] } }
        for server in servers {
            do {
                try await reader.pages(.databases, resource: server) { page in
                    try await reader.push(
                        page.filter { $0["name"] != "master" }.compactMap { item in
                            var result = reader.resource(database, item)
                            result?.link("part-of", [server])
                            return result
                        })
                }
            } catch let failure as CloudFailure {
                guard failure.kind != .cancelled else { throw failure }
                try await reader.gap("databases of \(server)", failure)
            }
        }
    }

    static let clusters = AzureListing("clusters", "AKS clusters and node pools", clustersCall.permission) { reader in
        try await reader.pages(clustersCall) { page in
            try await reader.push(
                page.flatMap { item -> [Resource] in
                    guard let result = reader.resource(cluster, item) else { return [] }
                    let pools = item.list("properties.agentPoolProfiles").map { part in
                        var pool = pool.resource(part, provider: "azure")
                        pool.id = "\(result.id)/agentPools/\(pool.name)"
                        (pool.account, pool.region) = (result.account, result.region)
                        pool.zone = part.texts("availabilityZones").joined(separator: ",")
                        pool.link("part-of", [result.id])
                        return pool
                    }
                    return [result] + pools
                })
        }
    }

    // MARK: Sizes

    /// Facts of machine sizes in the regions that were asked for, or in all.
    static let sizes = AzureListing("sizes", "sizes of virtual machines", AzureCall.skus.permission) { reader in
        var seen: Set<String> = []
        for region in reader.scope.regions.isEmpty ? [""] : reader.scope.regions {
            let query = region.isEmpty ? [] : [("$filter", "location eq '\(region)'")]
            try await reader.pages(.skus, query) { page in
                try await reader.push(
                    page.filter {
                        $0["resourceType"] == "virtualMachines" && seen.insert($0["name"]).inserted
                    }
                    .map(size))
            }
        }
    }

    private static func size(_ item: CloudItem) -> CatalogRow {
        let facts = item.pairs("capabilities", key: "name", value: "value")
        var row = CatalogRow()
        row.provider = "azure"
        row.sku = item["name"]
        row.family = item["family"]
        row.vcpu = facts["vCPUs"].flatMap { Quantity($0) }
        row.memoryGiB = facts["MemoryGB"].flatMap { Quantity($0) }
        row.arch = ["x64": "x86_64", "Arm64": "arm64"][facts["CpuArchitectureType"] ?? ""] ?? ""
        if let count = facts["GPUs"], count != "0" { row.gpuCount = Quantity(count) }
        row.burstable = row.sku.hasPrefix("Standard_B")
        return row
    }

    // MARK: All else

    /// Types that have a listing of their own, and parts that cost nothing by themselves.
    private static let listed = [
        "microsoft.compute/virtualmachines", "microsoft.compute/disks", "microsoft.compute/snapshots",
        "microsoft.compute/images", "microsoft.compute/virtualmachinescalesets", "microsoft.network/publicipaddresses",
        "microsoft.network/networkinterfaces", "microsoft.network/loadbalancers", "microsoft.network/natgateways",
        "microsoft.network/networksecuritygroups", "microsoft.web/serverfarms", "microsoft.storage/storageaccounts",
        "microsoft.sql/servers/databases", "microsoft.containerservice/managedclusters",
        "microsoft.compute/virtualmachines/extensions",
    ]

    /// Everything else that the subscription has, with less detail.
    static let others = AzureListing("others", "all other resources", AzureCall.graph.permission) { reader in
        let types = listed.map { "'\($0)'" }.joined(separator: ",")
        let query =
            "Resources | where type !in~ (\(types)) "
            + "| project id, name, type, location, kind, sku, tags, managedBy, zones | order by id asc"
        let body = JSONValue.object([
            "subscriptions": .array([.string(reader.account)]), "query": .string(query),
            "options": .object(["resultFormat": "objectArray", "$top": 1000]),
        ])
        let first = try reader.session.call(.graph, subscription: reader.account, body: body)
        try await reader.session.client.pages(of: first) { request, token in
            guard case .object(var members)? = JSONValue(parsing: request.body),
                case .object(var options)? = members["options"]
            else { return }
            options["$skipToken"] = .string(token)
            members["options"] = .object(options)
            request.body = Array(JSONValue.object(members).canonical.utf8)
        } decode: { (response) throws(CloudFailure) in
            let answer = try CloudItem(json: response)
            // The name has a dollar sign, not a path.
            let next = CloudItem(answer.json["$skipToken"] ?? .null).text
            return CloudPage(items: answer.list("data"), next: next.isEmpty ? nil : .token(next))
        } deliver: { page in
            try await reader.push(
                page.compactMap { item in
                    var result = reader.resource(other, item)
                    result?.type = "azure:" + item["type"].lowercased()
                    return result
                })
        }
    }
}
