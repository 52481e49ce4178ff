internal import CloudHTTP
internal import PlimsollCore

/// Facts of instance types, spot prices, clusters. ECS API reference; Container Service API reference.
extension AlibabaListings {
    static let typesCall = AlibabaCall(
        .regions, "DescribeInstanceTypes", items: "InstanceTypes.InstanceType", .token(100))
    static let spotCall = AlibabaCall(.ecs, "DescribeSpotPriceHistory", items: "SpotPrices.SpotPriceType", .none)
    static let clustersCall = AlibabaCall(
        .containers, "DescribeClustersV1", items: "clusters",
        .number(50, number: "page_number", size: "page_size", total: "page_info.total_count"), path: "/api/v1/clusters",
        permission: "cs:DescribeClustersV1")

    static let clusterShape = ResourceShape(
        "cluster", id: "cluster_id", name: "name", sku: "cluster_spec", state: "state", zone: "zone_id",
        created: "created", tags: .pairs("tags", key: "key", value: "value"),
        attributes: ["cluster_type", "profile", "current_version", "size", "vpc_id", "region_id", "resource_group_id"])

    static let otherUses: [Use] = [
        Use(
            call: reservedCall, parameters: ["RegionId"],
            paths: [
                "ReservedInstanceId", "InstanceType", "Scope", "ZoneId", "Platform", "InstanceAmount", "OfferingType",
                "StartTime", "ExpiredTime", "Status",
            ]),
        Use(
            call: plansCall, parameters: [],
            paths: [
                "InstanceId", "SavingsType", "PoolValue", "Currency", "PayMode", "Cycle", "StartTimestamp",
                "EndTimestamp", "Status", "DeductCycleType", "Region", "InstanceFamily",
            ]),
        Use(
            call: instancesCall, parameters: ["RegionId", "InstanceChargeType"],
            paths: [
                "InstanceId", "InstanceChargeType", "InstanceType", "ZoneId", "OSType", "CreationTime", "ExpiredTime",
            ]),
        Use(
            call: typesCall, parameters: [],
            paths: [
                "InstanceTypeId", "InstanceTypeFamily", "CpuCoreCount", "MemorySize", "CpuArchitecture", "GPUSpec",
                "GPUAmount", "GPUMemorySize", "InstanceBandwidthRx", "BaselineCredit",
            ]),
        Use(
            call: spotCall, parameters: ["RegionId", "NetworkType", "InstanceType", "OSType"],
            paths: ["InstanceType", "ZoneId", "SpotPrice", "Timestamp"]),
        Use(call: clustersCall, parameters: ["region_id"], paths: clusterShape.paths),
        Use(call: AlibabaCall.regions, parameters: [], paths: ["RegionId"]),
        Use(
            call: metricCall, parameters: ["Namespace", "MetricName", "Period", "StartTime", "EndTime", "Length"],
            paths: []),
    ]

    static let clusters = AlibabaListing("clusters", "ACK clusters", clustersCall.permission) { reader in
        try await reader.pages(clustersCall, [("region_id", reader.region)]) { page in
            // The gateway of a region may answer for others too.
            try await reader.push(
                page.filter { ["", reader.region].contains($0["region_id"]) }.map {
                    reader.resource(clusterShape, $0)
                })
        }
    }

    static let instanceTypes = AlibabaListing(
        "instance-types", "ECS instance types", typesCall.permission, isGlobal: true
    ) { reader in
        try await reader.pages(typesCall) { page in
            try await reader.push(page.map(type))
        }
    }

    private static func type(_ item: CloudItem) -> CatalogRow {
        var row = CatalogRow()
        row.provider = "alibaba"
        row.sku = item["InstanceTypeId"]
        row.family = item["InstanceTypeFamily"]
        row.vcpu = Quantity(item["CpuCoreCount"])
        row.memoryGiB = Quantity(item["MemorySize"])
        row.arch = ["X86": "x86_64", "ARM": "arm64"][item["CpuArchitecture"]] ?? item["CpuArchitecture"]
        if let count = Int(item["GPUAmount"]), count > 0 {
            row.gpu = item["GPUSpec"]
            row.gpuCount = Quantity(String(count))
            row.gpuMemoryGiB = Quantity(item["GPUMemorySize"])
        }
        // kbit/s
        if let speed = Double(item["InstanceBandwidthRx"]), speed > 0 {
            row.networkGbps = Quantity("\(speed / 1_024_000)")
        }
        row.burstable = (Int(item["BaselineCredit"]) ?? 0) > 0
        return row
    }

    /// The present price of every type that is in use, in every zone, for Linux.
    static let spotPrices = AlibabaListing(
        "spot-prices", "spot prices of instance types in use", instancesCall.permission, spotCall.permission
    ) { reader in
        var types: Set<String> = []
        try await reader.pages(instancesCall) { page in types.formUnion(page.map { $0["InstanceType"] }) }
        for type in types.sorted() where !type.isEmpty {
            let what = "spot prices of \(type)"
            let asked = [
                ("RegionId", reader.region), ("NetworkType", "vpc"), ("InstanceType", type), ("OSType", "linux"),
            ]
            let answer = try await reader.detail(what) { () async throws(CloudFailure) in
                try await reader.session.answer(spotCall, reader.region, asked)
            }
            if let answer { try await reader.push(prices(answer, reader)) }
        }
    }

    private static func prices(_ answer: CloudItem, _ reader: AlibabaReader) -> [PriceRow] {
        var latest: [String: CloudItem] = [:]
        for item in answer.list(spotCall.items) {
            let zone = item["ZoneId"]
            if let known = latest[zone], known["Timestamp"] >= item["Timestamp"] { continue }
            latest[zone] = item
        }
        return latest.sorted { $0.key < $1.key }.compactMap { zone, item in
            guard let price = Money(item["SpotPrice"]) else { return nil }
            var row = PriceRow()
            row.provider = "alibaba"
            row.region = reader.region
            row.zone = zone
            row.service = "compute"
            row.sku = item["InstanceType"]
            row.os = "linux"
            row.tenancy = "shared"
            row.offer = .spot
            row.price = price
            row.currency = answer["Currency"]
            row.unit = "Hour"
            row.source = "ecs:DescribeSpotPriceHistory of \(item["Timestamp"])"
            return row
        }
    }
}
