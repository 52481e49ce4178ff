internal import CloudHTTP
internal import PlimsollCore

/// ECS, VPC, SLB, ApsaraDB: the API references of each. Attributes have the names of the references.
extension AlibabaListings {
    private static let tags = ResourceShape.Tags.pairs("Tags.Tag", key: "TagKey", value: "TagValue")
    private static let shortTags = ResourceShape.Tags.pairs("Tags.Tag", key: "Key", value: "Value")

    static let kinds: [AlibabaKind] = [
        instances, disks, snapshots, images, interfaces, groups, addresses, gateways, balancers, databases, caches,
    ]

    private static let instances = AlibabaKind(
        id: "instances", what: "ECS instances",
        call: AlibabaCall(.ecs, "DescribeInstances", items: "Instances.Instance", .token(100)),
        shape: ResourceShape(
            "instance", id: "InstanceId", name: "InstanceName", sku: "InstanceType", state: "Status", zone: "ZoneId",
            created: "CreationTime", tags: tags,
            attributes: [
                "InstanceType", "InstanceTypeFamily", "InstanceChargeType", "ExpiredTime", "SaleCycle", "SpotStrategy",
                "StoppedMode", "StartTime", "AutoReleaseTime", "OSType", "OSNameEn", "ImageId", "Cpu", "Memory",
                "GPUAmount", "GPUSpec", "InternetChargeType", "InternetMaxBandwidthOut", "InstanceNetworkType",
                "ResourceGroupId", "DeletionProtection", "CreditSpecification",
                "Tenancy=DedicatedInstanceAttribute.Tenancy", "DedicatedHostId=DedicatedHostAttribute.DedicatedHostId",
                "VpcId=VpcAttributes.VpcId", "VSwitchId=VpcAttributes.VSwitchId", "EipAddress=EipAddress.IpAddress",
            ],
            links: [
                .init("created-from", "ImageId"), .init("member-of", "SecurityGroupIds.SecurityGroupId"),
                .init("attached-to", "EipAddress.AllocationId"),
            ]))

    private static let disks = AlibabaKind(
        id: "disks", what: "disks",
        call: AlibabaCall(.ecs, "DescribeDisks", items: "Disks.Disk", .token(100)),
        shape: ResourceShape(
            "volume", id: "DiskId", name: "DiskName", sku: "Category", state: "Status", zone: "ZoneId",
            created: "CreationTime", tags: tags,
            attributes: [
                "Size", "Category", "PerformanceLevel", "Type", "Portable", "Encrypted", "DiskChargeType",
                "ExpiredTime", "AttachedTime", "DetachedTime", "DeleteWithInstance", "ProvisionedIops", "IOPS",
                "Throughput", "BurstingEnabled", "MultiAttach", "SourceSnapshotId", "ResourceGroupId",
            ],
            links: [
                .init("attached-to", "InstanceId"), .init("attached-to", "Attachments.Attachment.InstanceId"),
                .init("created-from", "SourceSnapshotId"),
            ]))

    private static let snapshots = AlibabaKind(
        id: "snapshots", what: "snapshots",
        call: AlibabaCall(.ecs, "DescribeSnapshots", items: "Snapshots.Snapshot", .token(100)),
        shape: ResourceShape(
            "snapshot", id: "SnapshotId", name: "SnapshotName", sku: "Category", state: "Status",
            created: "CreationTime", tags: tags,
            attributes: [
                "SourceDiskSize", "SourceDiskType", "SnapshotType", "RetentionDays", "Usage", "Encrypted",
                "InstantAccess", "LastModifiedTime", "ResourceGroupId",
            ],
            links: [.init("created-from", "SourceDiskId"), .init("created-from", "SourceSnapshotId")]))

    private static let images = AlibabaKind(
        id: "images", what: "images of one's own",
        call: AlibabaCall(.ecs, "DescribeImages", items: "Images.Image", .number(100)),
        parameters: [("ImageOwnerAlias", "self")],
        shape: ResourceShape(
            "image", id: "ImageId", name: "ImageName", state: "Status", created: "CreationTime", tags: tags,
            attributes: ["Size", "OSType", "OSNameEn", "Architecture", "Usage", "IsCopied", "ResourceGroupId"],
            links: [.init("created-from", "DiskDeviceMappings.DiskDeviceMapping.SnapshotId")]))

    private static let interfaces = AlibabaKind(
        id: "network-interfaces", what: "elastic network interfaces",
        call: AlibabaCall(
            .ecs, "DescribeNetworkInterfaces", items: "NetworkInterfaceSets.NetworkInterfaceSet", .token(100)),
        shape: ResourceShape(
            "network-interface", id: "NetworkInterfaceId", name: "NetworkInterfaceName", sku: "Type", state: "Status",
            zone: "ZoneId", created: "CreationTime", tags: tags,
            attributes: ["Type", "VpcId", "VSwitchId", "PrivateIpAddress", "ServiceManaged", "ResourceGroupId"],
            links: [.init("attached-to", "InstanceId"), .init("member-of", "SecurityGroupIds.SecurityGroupId")]))

    private static let groups = AlibabaKind(
        id: "security-groups", what: "security groups",
        call: AlibabaCall(.ecs, "DescribeSecurityGroups", items: "SecurityGroups.SecurityGroup", .token(100)),
        shape: ResourceShape(
            "security-group", id: "SecurityGroupId", name: "SecurityGroupName", sku: "SecurityGroupType",
            created: "CreationTime", tags: tags,
            attributes: ["VpcId", "Description", "EcsCount", "RuleCount", "ServiceManaged", "ResourceGroupId"]))

    private static let addresses = AlibabaKind(
        id: "addresses", what: "elastic IP addresses",
        call: AlibabaCall(.vpc, "DescribeEipAddresses", items: "EipAddresses.EipAddress", .number(100)),
        shape: ResourceShape(
            "address", id: "AllocationId", name: "Name", sku: "ISP", state: "Status", zone: "Zone",
            created: "AllocationTime", tags: shortTags,
            attributes: [
                "IpAddress", "Bandwidth", "InternetChargeType", "ChargeType", "ExpiredTime", "InstanceType", "ISP",
                "BandwidthPackageId", "BusinessStatus", "ResourceGroupId",
            ],
            links: [.init("attached-to", "InstanceId")]))

    private static let gateways = AlibabaKind(
        id: "nat-gateways", what: "NAT gateways",
        call: AlibabaCall(.vpc, "DescribeNatGateways", items: "NatGateways.NatGateway", .number(50)),
        shape: ResourceShape(
            "nat-gateway", id: "NatGatewayId", name: "Name", sku: "Spec", state: "Status",
            zone: "NatGatewayPrivateInfo.IzNo", created: "CreationTime", tags: tags,
            attributes: [
                "NatType", "NetworkType", "InstanceChargeType", "InternetChargeType", "ExpiredTime", "VpcId",
                "BusinessStatus", "ResourceGroupId",
            ],
            links: [.init("attached-to", "IpLists.IpList.AllocationId")]))

    private static let balancers = AlibabaKind(
        id: "load-balancers", what: "classic load balancers",
        call: AlibabaCall(.slb, "DescribeLoadBalancers", items: "LoadBalancers.LoadBalancer", .number(100)),
        shape: ResourceShape(
            "load-balancer", id: "LoadBalancerId", name: "LoadBalancerName", sku: "LoadBalancerSpec",
            state: "LoadBalancerStatus", zone: "MasterZoneId", created: "CreateTime", tags: tags,
            attributes: [
                "Address", "AddressType", "Bandwidth", "InternetChargeType", "InstanceChargeType", "PayType",
                "NetworkType", "VpcId", "ResourceGroupId",
            ]))

    private static let databases = AlibabaKind(
        id: "databases", what: "ApsaraDB RDS instances",
        call: AlibabaCall(.rds, "DescribeDBInstances", items: "Items.DBInstance", .token(100)),
        shape: ResourceShape(
            "database", id: "DBInstanceId", name: "DBInstanceDescription", sku: "DBInstanceClass",
            state: "DBInstanceStatus", zone: "ZoneId", created: "CreateTime",
            attributes: [
                "Engine", "EngineVersion", "DBInstanceType", "Category", "PayType", "ExpireTime", "DestroyTime",
                "DBInstanceStorageType", "DBInstanceCPU", "DBInstanceMemory", "InstanceNetworkType",
                "MasterInstanceId", "LockMode", "VpcId", "ResourceGroupId",
            ],
            links: [.init("part-of", "MasterInstanceId")]))

    private static let caches = AlibabaKind(
        id: "caches", what: "Tair and Redis instances",
        call: AlibabaCall(.redis, "DescribeInstances", items: "Instances.KVStoreInstance", .number(50)),
        shape: ResourceShape(
            "cache", id: "InstanceId", name: "InstanceName", sku: "InstanceClass", state: "InstanceStatus",
            zone: "ZoneId", created: "CreateTime", tags: shortTags,
            attributes: [
                "InstanceType", "EngineVersion", "EditionType", "ArchitectureType", "Capacity", "ChargeType", "EndTime",
                "Connections", "QPS", "Bandwidth", "ShardCount", "NodeType", "VpcId", "ResourceGroupId",
            ]))
}
