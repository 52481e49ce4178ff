internal import CloudHTTP
internal import PlimsollCore

/// Amazon EC2 API Reference. Attributes have the names of the AWS SDKs, which are those of the reference with a
/// capital first letter.
extension AWSListings {
    static let ec2: [AWSListing] = [
        instances, volumes, snapshots, images, addresses, interfaces, natGateways, endpoints, securityGroups,
        capacityReservations,
    ]

    private static let instances = AWSListing("instances", "EC2 instances", "ec2:DescribeInstances") { reader in
        try await reader.pages(
            .ec2, "DescribeInstances", [("MaxResults", "1000")], items: "reservationSet", token: .ec2
        ) { page in
            try await reader.push(page.flatMap { $0.list("instancesSet").map { instance($0, reader) } })
        }
    }

    private static func instance(_ item: CloudItem, _ reader: AWSReader) -> Resource {
        var result = reader.resource(
            "instance", item["instanceId"], item,
            fields: [
                "Architecture=architecture", "ImageId=imageId", "InstanceLifecycle=instanceLifecycle",
                "Hypervisor=hypervisor", "EbsOptimized=ebsOptimized", "Platform=platform",
                "PlatformDetails=platformDetails", "PrivateIpAddress=privateIpAddress", "PublicIpAddress=ipAddress",
                "RootDeviceName=rootDeviceName", "RootDeviceType=rootDeviceType",
                "SpotInstanceRequestId=spotInstanceRequestId", "StateTransitionReason=reason", "SubnetId=subnetId",
                "VpcId=vpcId", "UsageOperation=usageOperation", "Placement.Tenancy=placement.tenancy",
                "Placement.HostId=placement.hostId", "Monitoring.State=monitoring.state",
                "CpuOptions.CoreCount=cpuOptions.coreCount", "CpuOptions.ThreadsPerCore=cpuOptions.threadsPerCore",
                "CapacityReservationId=capacityReservationId",
            ])
        result.sku = item["instanceType"]
        result.attributes["InstanceType"] = result.sku
        result.state = item["instanceState.name"]
        result.zone = item["placement.availabilityZone"]
        result.created = item.time("launchTime")
        named(&result, item)
        result.link("created-from", [item["imageId"]])
        result.link(
            "member-of", [result.tags["aws:autoscaling:groupName"] ?? ""] + item.list("groupSet").map { $0["groupId"] })
        return result
    }

    private static let volumes = AWSListing("volumes", "EBS volumes", "ec2:DescribeVolumes") { reader in
        try await reader.pages(.ec2, "DescribeVolumes", [("MaxResults", "500")], items: "volumeSet", token: .ec2) {
            page in
            try await reader.push(page.map { volume($0, reader) })
        }
    }

    private static func volume(_ item: CloudItem, _ reader: AWSReader) -> Resource {
        var result = reader.resource(
            "volume", item["volumeId"], item,
            fields: [
                "Size=size", "VolumeType=volumeType", "Iops=iops", "Throughput=throughput", "Encrypted=encrypted",
                "SnapshotId=snapshotId", "MultiAttachEnabled=multiAttachEnabled",
            ])
        result.sku = item["volumeType"]
        result.state = item["status"]
        result.zone = item["availabilityZone"]
        result.created = item.time("createTime")
        named(&result, item)
        let attachments = item.list("attachmentSet")
        result.attributes.merge(
            (attachments.first ?? CloudItem(.null)).fields([
                "Attachments.Device=device", "Attachments.State=status",
                "Attachments.DeleteOnTermination=deleteOnTermination", "Attachments.AttachTime=attachTime",
            ])
        ) { $1 }
        result.link("attached-to", attachments.map { $0["instanceId"] })
        result.link("created-from", [item["snapshotId"]])
        return result
    }

    private static let snapshots = AWSListing("snapshots", "EBS snapshots", "ec2:DescribeSnapshots") { reader in
        try await reader.pages(
            .ec2, "DescribeSnapshots", [("Owner.1", "self"), ("MaxResults", "1000")], items: "snapshotSet", token: .ec2
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "snapshot", item["snapshotId"], item,
                        fields: [
                            "VolumeSize=volumeSize", "Description=description", "Encrypted=encrypted",
                            "OwnerId=ownerId", "Progress=progress", "StorageTier=storageTier", "VolumeId=volumeId",
                            "FullSnapshotSizeInBytes=fullSnapshotSizeInBytes",
                        ])
                    result.sku = item["storageTier"]
                    result.state = item["status"]
                    result.created = item.time("startTime")
                    named(&result, item)
                    result.link("created-from", [item["volumeId"]])
                    return result
                })
        }
    }

    private static let images = AWSListing("images", "AMIs", "ec2:DescribeImages") { reader in
        try await reader.pages(
            .ec2, "DescribeImages", [("Owner.1", "self"), ("MaxResults", "1000")], items: "imagesSet", token: .ec2
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "image", item["imageId"], item,
                        fields: [
                            "Architecture=architecture", "Public=isPublic", "Name=name", "Description=description",
                            "PlatformDetails=platformDetails", "RootDeviceType=rootDeviceType",
                            "DeprecationTime=deprecationTime", "LastLaunchedTime=lastLaunchedTime",
                        ])
                    result.state = item["imageState"]
                    result.created = item.time("creationDate")
                    named(&result, item)
                    if result.name.isEmpty { result.name = item["name"] }
                    result.link("created-from", item.list("blockDeviceMapping").map { $0["ebs.snapshotId"] })
                    return result
                })
        }
    }

    private static let addresses = AWSListing("addresses", "Elastic IP addresses", "ec2:DescribeAddresses") { reader in
        let answer = try await reader.answer(.ec2, "DescribeAddresses")
        try await reader.push(
            answer.list("addressesSet").map { item in
                let allocation = item["allocationId"]
                var result = reader.resource(
                    "address", allocation.isEmpty ? item["publicIp"] : allocation, item,
                    fields: [
                        "PublicIp=publicIp", "Domain=domain", "AssociationId=associationId",
                        "NetworkBorderGroup=networkBorderGroup", "PrivateIpAddress=privateIpAddress",
                        "PublicIpv4Pool=publicIpv4Pool",
                    ])
                named(&result, item)
                result.link("attached-to", [item["instanceId"], item["networkInterfaceId"]])
                return result
            })
    }

    private static let interfaces = AWSListing(
        "network-interfaces", "network interfaces", "ec2:DescribeNetworkInterfaces"
    ) { reader in
        try await reader.pages(
            .ec2, "DescribeNetworkInterfaces", [("MaxResults", "1000")], items: "networkInterfaceSet", token: .ec2
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "network-interface", item["networkInterfaceId"], item,
                        fields: [
                            "Description=description", "InterfaceType=interfaceType", "RequesterId=requesterId",
                            "RequesterManaged=requesterManaged", "SubnetId=subnetId", "VpcId=vpcId",
                            "PrivateIpAddress=privateIpAddress", "Association.PublicIp=association.publicIp",
                        ])
                    result.state = item["status"]
                    result.zone = item["availabilityZone"]
                    named(&result, item, tags: "tagSet")
                    result.link("attached-to", [item["attachment.instanceId"]])
                    result.link("member-of", item.list("groupSet").map { $0["groupId"] })
                    return result
                })
        }
    }

    private static let natGateways = AWSListing("nat-gateways", "NAT gateways", "ec2:DescribeNatGateways") { reader in
        try await reader.pages(
            .ec2, "DescribeNatGateways", [("MaxResults", "1000")], items: "natGatewaySet", token: .ec2
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "nat-gateway", item["natGatewayId"], item,
                        fields: ["ConnectivityType=connectivityType", "SubnetId=subnetId", "VpcId=vpcId"])
                    result.state = item["state"]
                    result.created = item.time("createTime")
                    named(&result, item)
                    let ends = item.list("natGatewayAddressSet")
                    result.link("attached-to", ends.flatMap { [$0["allocationId"], $0["networkInterfaceId"]] })
                    return result
                })
        }
    }

    private static let endpoints = AWSListing("vpc-endpoints", "VPC endpoints", "ec2:DescribeVpcEndpoints") { reader in
        try await reader.pages(
            .ec2, "DescribeVpcEndpoints", [("MaxResults", "1000")], items: "vpcEndpointSet", token: .ec2
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "vpc-endpoint", item["vpcEndpointId"], item,
                        fields: ["VpcEndpointType=vpcEndpointType", "ServiceName=serviceName", "VpcId=vpcId"])
                    result.sku = item["vpcEndpointType"]
                    result.state = item["state"]
                    result.created = item.time("creationTimestamp")
                    named(&result, item)
                    result.link("attached-to", item.texts("networkInterfaceIdSet"))
                    return result
                })
        }
    }

    private static let securityGroups = AWSListing(
        "security-groups", "security groups", "ec2:DescribeSecurityGroups"
    ) { reader in
        try await reader.pages(
            .ec2, "DescribeSecurityGroups", [("MaxResults", "1000")], items: "securityGroupInfo", token: .ec2
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "security-group", item["groupId"], item,
                        fields: ["GroupName=groupName", "Description=groupDescription", "VpcId=vpcId"])
                    named(&result, item)
                    if result.name.isEmpty { result.name = item["groupName"] }
                    return result
                })
        }
    }

    private static let capacityReservations = AWSListing(
        "capacity-reservations", "On-Demand Capacity Reservations", "ec2:DescribeCapacityReservations"
    ) { reader in
        try await reader.pages(
            .ec2, "DescribeCapacityReservations", [("MaxResults", "1000")], items: "capacityReservationSet", token: .ec2
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "reservation", item["capacityReservationId"], item,
                        fields: [
                            "InstancePlatform=instancePlatform", "Tenancy=tenancy",
                            "TotalInstanceCount=totalInstanceCount", "AvailableInstanceCount=availableInstanceCount",
                            "EndDateType=endDateType", "EndDate=endDate", "InstanceMatchCriteria=instanceMatchCriteria",
                        ])
                    result.sku = item["instanceType"]
                    result.state = item["state"]
                    result.zone = item["availabilityZone"]
                    result.created = item.time("createDate")
                    named(&result, item)
                    return result
                })
        }
    }

    /// Tags, and the name that one of them gives.
    private static func named(_ result: inout Resource, _ item: CloudItem, tags: String = "tagSet") {
        result.tags = item.pairs(tags, key: "key", value: "value")
        result.name = result.tags["Name"] ?? ""
    }
}
