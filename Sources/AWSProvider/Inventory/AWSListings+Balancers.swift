internal import CloudHTTP
internal import PlimsollCore

/// Elastic Load Balancing API References (versions 2012-06-01 and 2015-12-01), Amazon EC2 Auto Scaling API Reference.
extension AWSListings {
    static let balancers: [AWSListing] = [classicBalancers, balancersV2, instanceGroups]

    private static let classicBalancers = AWSListing(
        "classic-load-balancers", "Classic Load Balancers", "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags"
    ) { reader in
        try await reader.pages(
            .balancers, "DescribeLoadBalancers", [("PageSize", "400")], items: "LoadBalancerDescriptions",
            token: .nextMarker
        ) { page in
            let names = page.map { $0["LoadBalancerName"] }
            let tags = try await reader.tags(.balancers, names, parameter: "LoadBalancerNames", key: "LoadBalancerName")
            try await reader.push(
                page.map { item in
                    let name = item["LoadBalancerName"]
                    var result = reader.resource(
                        "load-balancer", name, item,
                        fields: ["DNSName", "Scheme", "VPCId", "CanonicalHostedZoneName"])
                    result.name = name
                    result.sku = "classic"
                    result.attributes["Type"] = "classic"
                    result.created = item.time("CreatedTime")
                    result.tags = tags[name] ?? [:]
                    result.link("targets", item.list("Instances").map { $0["InstanceId"] })
                    return result
                })
        }
    }

    private static let balancersV2 = AWSListing(
        "load-balancers", "Application, Network and Gateway Load Balancers",
        "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"
    ) { reader in
        let targets = try await reader.targets()
        try await reader.pages(
            .balancersV2, "DescribeLoadBalancers", [("PageSize", "400")], items: "LoadBalancers", token: .nextMarker
        ) { page in
            let arns = page.map { $0["LoadBalancerArn"] }
            let tags = try await reader.tags(.balancersV2, arns, parameter: "ResourceArns", key: "ResourceArn")
            try await reader.push(
                page.map { item in
                    let arn = item["LoadBalancerArn"]
                    var result = reader.resource(
                        "load-balancer", arn, item,
                        fields: ["DNSName", "Scheme", "VpcId", "Type", "IpAddressType", "CanonicalHostedZoneId"])
                    result.name = item["LoadBalancerName"]
                    result.sku = item["Type"]
                    result.state = item["State.Code"]
                    result.created = item.time("CreatedTime")
                    result.tags = tags[arn] ?? [:]
                    result.attributes["TargetGroups"] = String(targets[arn]?.groups ?? 0)
                    result.attributes["HealthyTargets"] = String(targets[arn]?.healthy ?? 0)
                    result.link("targets", targets[arn]?.ids ?? [])
                    return result
                })
        }
    }

    private static let instanceGroups = AWSListing(
        "auto-scaling-groups", "Auto Scaling groups", "autoscaling:DescribeAutoScalingGroups"
    ) { reader in
        try await reader.pages(
            .autoScaling, "DescribeAutoScalingGroups", [("MaxRecords", "100")], items: "AutoScalingGroups",
            token: .nextToken
        ) { page in
            try await reader.push(
                page.map { item in
                    var result = reader.resource(
                        "instance-group", item["AutoScalingGroupARN"], item,
                        fields: [
                            "MinSize", "MaxSize", "DesiredCapacity", "DefaultCooldown", "HealthCheckType",
                            "LaunchConfigurationName", "LaunchTemplate.LaunchTemplateId", "VPCZoneIdentifier",
                        ])
                    result.name = item["AutoScalingGroupName"]
                    result.state = item["Status"]
                    result.created = item.time("CreatedTime")
                    result.tags = item.pairs("Tags")
                    let instances = item.list("Instances")
                    result.attributes["Instances"] = String(instances.count)
                    result.sku = instances.first?["InstanceType"] ?? ""
                    result.link("targets", item.texts("TargetGroupARNs") + item.texts("LoadBalancerNames"))
                    return result
                })
        }
    }
}

/// What a load balancer's target groups lead to.
struct AWSTargets: Sendable {
    var groups = 0
    var healthy = 0
    var ids: [String] = []
}

extension AWSReader {
    /// Tags of load balancers by name or ARN, 20 at a time as the API wants it; where they are refused, a gap.
    fileprivate func tags(
        _ service: AWSService, _ names: [String], parameter: String, key: String
    ) async throws -> [String: [String: String]] {
        var tags: [String: [String: String]] = [:]
        var rest = names[...]
        while !rest.isEmpty {
            let some = rest.prefix(20)
            rest = rest.dropFirst(20)
            let members = some.enumerated().map { ("\(parameter).member.\($0.offset + 1)", $0.element) }
            let answer = try await detail("tags of load balancers") { () throws(CloudFailure) in
                try await self.answer(service, "DescribeTags", members)
            }
            for item in answer?.list("TagDescriptions") ?? [] { tags[item[key]] = item.pairs("Tags") }
        }
        return tags
    }

    /// Targets by load balancer.
    fileprivate func targets() async throws -> [String: AWSTargets] {
        var result: [String: AWSTargets] = [:]
        try await pages(
            .balancersV2, "DescribeTargetGroups", [("PageSize", "400")], items: "TargetGroups", token: .nextMarker
        ) { page in
            for group in page {
                let balancers = group.texts("LoadBalancerArns")
                guard !balancers.isEmpty else { continue }
                let answer = try await detail("targets of `\(group["TargetGroupName"])`") { () throws(CloudFailure) in
                    try await self.answer(
                        .balancersV2, "DescribeTargetHealth", [("TargetGroupArn", group["TargetGroupArn"])])
                }
                let targets = answer?.list("TargetHealthDescriptions") ?? []
                for balancer in balancers {
                    result[balancer, default: AWSTargets()].groups += 1
                    result[balancer, default: AWSTargets()].healthy +=
                        targets.count { $0["TargetHealth.State"] == "healthy" }
                    result[balancer, default: AWSTargets()].ids += targets.map { $0["Target.Id"] }
                }
            }
        }
        return result
    }
}
