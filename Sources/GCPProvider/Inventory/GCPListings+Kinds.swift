internal import CloudHTTP
internal import PlimsollCore

/// Compute Engine, Cloud SQL, Cloud Storage: the REST references of each. Attributes have the names of the references.
extension GCPListings {
    private static let labels = ResourceShape.Tags.members("labels")

    static let kinds: [GCPKind] = [
        GCPKind(id: "instances", what: "Compute Engine instances", call: instancesCall, shape: instance),
        GCPKind(id: "disks", what: "disks", call: disksCall, shape: disk),
        GCPKind(id: "snapshots", what: "snapshots", call: .global("snapshots"), shape: snapshot),
        GCPKind(id: "images", what: "images of one's own", call: .global("images"), shape: image),
        GCPKind(id: "addresses", what: "static addresses", call: .aggregated("addresses", "addresses"), shape: address),
        GCPKind(
            id: "forwarding-rules", what: "forwarding rules",
            call: .aggregated("forwardingRules", "forwardingRules"), shape: forwardingRule),
        GCPKind(
            id: "instance-groups", what: "managed instance groups",
            call: .aggregated("instanceGroupManagers", "instanceGroupManagers"), shape: group),
        GCPKind(
            id: "reservations", what: "reservations", call: .aggregated("reservations", "reservations"),
            shape: reservation),
        GCPKind(id: "databases", what: "Cloud SQL instances", call: databasesCall, shape: database, place: "gceZone"),
        GCPKind(id: "buckets", what: "Cloud Storage buckets", call: bucketsCall, shape: bucket, place: "location"),
    ]

    static let instancesCall = GCPCall.aggregated("instances", "instances")
    static let disksCall = GCPCall.aggregated("disks", "disks")
    static let databasesCall = GCPCall(
        .sqladmin, "sql.instances.list", "/v1/projects/{project}/instances", "cloudsql.instances.list", items: "items",
        size: "maxResults", count: 200)
    private static let bucketsCall = GCPCall(
        .storage, "storage.buckets.list", "/storage/v1/b?project={project}", "storage.buckets.list", items: "items",
        size: "maxResults", count: 1000)

    private static let instance = ResourceShape(
        "instance", id: "selfLink", name: "name", sku: "machineType", state: "status", zone: "zone",
        created: "creationTimestamp", tags: labels,
        attributes: [
            "id", "cpuPlatform", "minCpuPlatform", "scheduling.provisioningModel", "scheduling.preemptible",
            "scheduling.nodeAffinities.key", "lastStartTimestamp", "lastStopTimestamp", "lastSuspendedTimestamp",
            "deletionProtection", "guestAccelerators.acceleratorType", "guestAccelerators.acceleratorCount",
            "networkInterfaces.network", "natIP=networkInterfaces.accessConfigs.natIP", "resourceStatus.physicalHost",
        ])

    private static let disk = ResourceShape(
        "volume", id: "selfLink", name: "name", sku: "type", state: "status", zone: "zone",
        created: "creationTimestamp", tags: labels,
        attributes: [
            "id", "sizeGb", "lastAttachTimestamp", "lastDetachTimestamp", "provisionedIops", "provisionedThroughput",
            "replicaZones", "storagePool", "accessMode",
        ],
        links: [
            .init("attached-to", "users"), .init("created-from", "sourceSnapshot"),
            .init("created-from", "sourceImage"), .init("created-from", "sourceDisk"),
        ])

    private static let snapshot = ResourceShape(
        "snapshot", id: "selfLink", name: "name", sku: "snapshotType", state: "status", created: "creationTimestamp",
        tags: labels,
        attributes: [
            "id", "diskSizeGb", "storageBytes", "storageLocations", "autoCreated", "sourceSnapshotSchedulePolicy",
        ], links: [.init("created-from", "sourceDisk")])

    private static let image = ResourceShape(
        "image", id: "selfLink", name: "name", state: "status", created: "creationTimestamp", tags: labels,
        attributes: [
            "id", "diskSizeGb", "archiveSizeBytes", "family", "storageLocations", "architecture", "deprecated.state",
        ],
        links: [.init("created-from", "sourceDisk"), .init("created-from", "sourceSnapshot")])

    private static let address = ResourceShape(
        "address", id: "selfLink", name: "name", sku: "addressType", state: "status", created: "creationTimestamp",
        tags: labels, attributes: ["id", "address", "addressType", "networkTier", "purpose", "ipVersion"],
        links: [.init("attached-to", "users")])

    private static let forwardingRule = ResourceShape(
        "load-balancer", id: "selfLink", name: "name", sku: "loadBalancingScheme", created: "creationTimestamp",
        tags: labels, attributes: ["id", "IPAddress", "IPProtocol", "portRange", "networkTier", "pscConnectionStatus"],
        links: [.init("targets", "target"), .init("targets", "backendService")])

    private static let group = ResourceShape(
        "instance-group", id: "selfLink", name: "name", zone: "zone", created: "creationTimestamp",
        attributes: ["id", "targetSize", "instanceTemplate", "status.isStable", "status.autoscaler", "instanceGroup"])

    private static let reservation = ResourceShape(
        "reservation", id: "selfLink", name: "name", sku: "specificReservation.instanceProperties.machineType",
        state: "status", zone: "zone", created: "creationTimestamp",
        attributes: [
            "id", "specificReservation.count", "specificReservation.inUseCount", "specificReservationRequired",
            "commitment", "deleteAtTime",
        ])

    private static let database = ResourceShape(
        "database", id: "selfLink", name: "name", sku: "settings.tier", state: "state", zone: "gceZone",
        created: "createTime", tags: .members("settings.userLabels"),
        attributes: [
            "databaseVersion", "instanceType", "settings.edition", "settings.availabilityType",
            "settings.activationPolicy", "settings.dataDiskSizeGb", "settings.dataDiskType", "settings.pricingPlan",
            "connectionName", "region", "masterInstanceName",
        ])

    private static let bucket = ResourceShape(
        "bucket", id: "selfLink", name: "name", sku: "storageClass", created: "timeCreated", tags: labels,
        attributes: [
            "location", "locationType", "versioning.enabled", "lifecycle.rule.action.type", "autoclass.enabled",
            "softDeletePolicy.retentionDurationSeconds", "updated",
        ])
}
