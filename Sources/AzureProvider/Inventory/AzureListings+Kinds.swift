internal import CloudHTTP
internal import PlimsollCore

/// Compute, Network, App Service, Storage: the REST references of each. Attributes have the names of the references,
/// without `properties.`.
extension AzureListings {
    private static let tags = ResourceShape.Tags.members("tags")

    static let kinds: [AzureKind] = [
        AzureKind(
            id: "disks", what: "managed disks", call: .list("Microsoft.Compute/disks", "2024-03-02"),
            model: "azure.mgmt.compute:Disk", shape: disk),
        AzureKind(
            id: "snapshots", what: "disk snapshots", call: .list("Microsoft.Compute/snapshots", "2024-03-02"),
            model: "azure.mgmt.compute:Snapshot", shape: snapshot),
        AzureKind(
            id: "images", what: "managed images", call: .list("Microsoft.Compute/images", "2024-07-01"),
            model: "azure.mgmt.compute:Image", shape: image),
        AzureKind(
            id: "scale-sets", what: "virtual machine scale sets",
            call: .list("Microsoft.Compute/virtualMachineScaleSets", "2024-07-01"),
            model: "azure.mgmt.compute:VirtualMachineScaleSet", shape: scaleSet),
        AzureKind(
            id: "public-addresses", what: "public IP addresses",
            call: .list("Microsoft.Network/publicIPAddresses", "2024-05-01"),
            model: "azure.mgmt.network:PublicIPAddress", shape: address),
        AzureKind(
            id: "network-interfaces", what: "network interfaces",
            call: .list("Microsoft.Network/networkInterfaces", "2024-05-01"),
            model: "azure.mgmt.network:NetworkInterface", shape: interface),
        AzureKind(
            id: "load-balancers", what: "load balancers",
            call: .list("Microsoft.Network/loadBalancers", "2024-05-01"), model: "azure.mgmt.network:LoadBalancer",
            shape: balancer),
        AzureKind(
            id: "nat-gateways", what: "NAT gateways", call: .list("Microsoft.Network/natGateways", "2024-05-01"),
            model: "azure.mgmt.network:NatGateway", shape: gateway),
        AzureKind(
            id: "security-groups", what: "network security groups",
            call: .list("Microsoft.Network/networkSecurityGroups", "2024-05-01"),
            model: "azure.mgmt.network:NetworkSecurityGroup", shape: group),
        AzureKind(
            id: "app-plans", what: "App Service plans", call: .list("Microsoft.Web/serverfarms", "2024-04-01"),
            model: "azure.mgmt.web:AppServicePlan", shape: plan),
        AzureKind(
            id: "storage-accounts", what: "storage accounts",
            call: .list("Microsoft.Storage/storageAccounts", "2024-01-01"), model: "azure.mgmt.storage:StorageAccount",
            shape: storage),
    ]

    /// Attributes of `properties`.
    private static func own(_ names: String...) -> [String] { names.map { "\($0)=properties.\($0)" } }

    static let machine = ResourceShape(
        "instance", id: "id", name: "name", sku: "properties.hardwareProfile.vmSize", created: "properties.timeCreated",
        tags: tags,
        attributes: own(
            "vmId", "hardwareProfile.vmSize", "priority", "evictionPolicy", "licenseType", "provisioningState",
            "storageProfile.osDisk.osType", "storageProfile.osDisk.diffDiskSettings.option",
            "storageProfile.imageReference.publisher", "storageProfile.imageReference.offer",
            "storageProfile.imageReference.sku", "virtualMachineScaleSet.id", "availabilitySet.id", "host.id",
            "capacityReservation.capacityReservationGroup.id"),
        links: [
            .init("member-of", "properties.virtualMachineScaleSet.id"),
            .init("created-from", "properties.storageProfile.imageReference.id"),
        ])

    private static let disk = ResourceShape(
        "volume", id: "id", name: "name", sku: "sku.name", state: "properties.diskState",
        created: "properties.timeCreated", tags: tags,
        attributes: own(
            "diskSizeGB", "tier", "diskIOPSReadWrite", "diskMBpsReadWrite", "osType", "burstingEnabled", "maxShares",
            "LastOwnershipUpdateTime", "creationData.createOption", "uniqueId", "encryption.type") + ["managedBy"],
        links: [
            .init("attached-to", "managedBy"), .init("attached-to", "managedByExtended"),
            .init("created-from", "properties.creationData.sourceResourceId"),
        ])

    private static let snapshot = ResourceShape(
        "snapshot", id: "id", name: "name", sku: "sku.name", state: "properties.diskState",
        created: "properties.timeCreated", tags: tags,
        attributes: own("diskSizeGB", "incremental", "incrementalSnapshotFamilyId", "osType", "uniqueId"),
        links: [.init("created-from", "properties.creationData.sourceResourceId")])

    private static let image = ResourceShape(
        "image", id: "id", name: "name", state: "properties.provisioningState", tags: tags,
        attributes: own(
            "storageProfile.osDisk.osType", "storageProfile.osDisk.diskSizeGB", "storageProfile.zoneResilient"),
        links: [
            .init("created-from", "properties.sourceVirtualMachine.id"),
            .init("created-from", "properties.storageProfile.osDisk.snapshot.id"),
        ])

    private static let scaleSet = ResourceShape(
        "instance-group", id: "id", name: "name", sku: "sku.name", state: "properties.provisioningState",
        created: "properties.timeCreated", tags: tags,
        attributes: ["capacity=sku.capacity"]
            + own("orchestrationMode", "singlePlacementGroup", "virtualMachineProfile.priority"))

    private static let address = ResourceShape(
        "address", id: "id", name: "name", sku: "sku.name", state: "properties.provisioningState", tags: tags,
        attributes: own(
            "ipAddress", "publicIPAllocationMethod", "publicIPAddressVersion", "ipConfiguration.id", "natGateway.id")
            + ["sku.tier"],
        links: [
            .init("attached-to", "properties.ipConfiguration.id"), .init("attached-to", "properties.natGateway.id"),
        ])

    private static let interface = ResourceShape(
        "network-interface", id: "id", name: "name", state: "properties.provisioningState", tags: tags,
        attributes: own("primary", "enableAcceleratedNetworking", "privateEndpoint.id", "virtualMachine.id"),
        links: [
            .init("attached-to", "properties.virtualMachine.id"), .init("attached-to", "properties.privateEndpoint.id"),
            .init("member-of", "properties.networkSecurityGroup.id"),
            .init("attached-to", "properties.ipConfigurations.properties.publicIPAddress.id"),
        ])

    private static let balancer = ResourceShape(
        "load-balancer", id: "id", name: "name", sku: "sku.name", state: "properties.provisioningState", tags: tags,
        attributes: ["sku.tier"]
            + [
                "loadBalancingRules=properties.loadBalancingRules.id",
                "backendIPConfigurations=properties.backendAddressPools.properties.backendIPConfigurations.id",
            ],
        links: [
            .init("attached-to", "properties.frontendIPConfigurations.properties.publicIPAddress.id"),
            .init("targets", "properties.backendAddressPools.properties.backendIPConfigurations.id"),
        ])

    private static let gateway = ResourceShape(
        "nat-gateway", id: "id", name: "name", sku: "sku.name", state: "properties.provisioningState", tags: tags,
        attributes: own("idleTimeoutInMinutes") + ["subnets=properties.subnets.id"],
        links: [.init("attached-to", "properties.publicIpAddresses.id")])

    private static let group = ResourceShape(
        "security-group", id: "id", name: "name", state: "properties.provisioningState", tags: tags,
        links: [
            .init("attached-to", "properties.networkInterfaces.id"), .init("attached-to", "properties.subnets.id"),
        ])

    private static let plan = ResourceShape(
        "app-plan", id: "id", name: "name", sku: "sku.name", state: "properties.status", tags: tags,
        attributes: ["kind", "sku.tier", "sku.capacity"]
            + own(
                "numberOfSites", "numberOfWorkers", "maximumElasticWorkerCount", "zoneRedundant", "isSpot", "reserved"))

    private static let storage = ResourceShape(
        "azure:storage-account", id: "id", name: "name", sku: "sku.name", state: "properties.provisioningState",
        created: "properties.creationTime", tags: tags, attributes: ["kind"] + own("accessTier"))
}
