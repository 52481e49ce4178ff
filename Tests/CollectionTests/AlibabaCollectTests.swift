import CloudHTTP
import Collection
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

@testable import AlibabaProvider

/// Documents of our own, to the shapes of the API references, by action.
private enum AlibabaDocuments {
    static func instances(_ ids: [Int]) -> String {
        ids.map { index in
            let paid = index % 5 == 0 ? "PrePaid" : "PostPaid"
            return #"""
                {"InstanceId": "i-\#(index)", "InstanceName": "web \#(index)", "InstanceType": "ecs.g7.large",
                 "InstanceTypeFamily": "ecs.g7", "Status": "\#(index == 3 ? "Stopped" : "Running")",
                 "StoppedMode": "\#(index == 3 ? "KeepCharging" : "Not-applicable")", "ZoneId": "cn-hangzhou-h",
                 "CreationTime": "2026-01-02T03:04Z", "ExpiredTime": "2027-01-02T16:00Z", "OSType": "linux",
                 "InstanceChargeType": "\#(paid)", "Cpu": 2, "Memory": 8192, "SpotStrategy": "NoSpot",
                 "ImageId": "m-1", "SecurityGroupIds": {"SecurityGroupId": ["sg-1", "sg-2"]},
                 "EipAddress": {"AllocationId": "eip-\#(index)", "IpAddress": "47.0.0.\#(index)"},
                 "VpcAttributes": {"VpcId": "vpc-1", "VSwitchId": "vsw-1"},
                 "Tags": {"Tag": [{"TagKey": "team", "TagValue": "shop"}, {"TagKey": "empty", "TagValue": ""}]}}
                """#
        }.joined(separator: ",")
    }

    /// The document of an action, or nil.
    static func answer(_ action: String, _ request: FaultServer.Received) -> String? {
        func number(_ name: String) -> Int { Int(request.query(name) ?? "") ?? 0 }
        switch action {
        case "GetCallerIdentity": return #"{"AccountId": "1234567890", "Arn": "acs:ram::1:user/x", "RequestId": "r"}"#
        case "DescribeRegions":
            return
                #"{"Regions": {"Region": [{"RegionId": "eu-central-1"}, {"RegionId": "cn-hangzhou"}]}, "RequestId": "r"}"#
        case "DescribeInstances" where request.header("x-acs-version") == "2015-01-01":
            return #"""
                {"Instances": {"KVStoreInstance": [{"InstanceId": "r-1", "InstanceClass": "redis.master.small.default",
                 "InstanceStatus": "Normal", "ZoneId": "cn-hangzhou-h", "CreateTime": "2026-01-02T03:04:05Z",
                 "ChargeType": "PostPaid", "Tags": {"Tag": [{"Key": "a", "Value": "b"}]}}]},
                 "PageNumber": 1, "PageSize": 50, "TotalCount": 1}
                """#
        case "DescribeInstances":
            // Three pages by token; filters are obeyed.
            let all = Array(1...7).filter { request.query("InstanceChargeType") != "PrePaid" || $0 % 5 == 0 }
            let start = Int(request.query("NextToken") ?? "0") ?? 0
            let next = start + 3 < all.count ? String(start + 3) : ""
            return
                #"{"Instances": {"Instance": [\#(instances(Array(all.dropFirst(start).prefix(3))))]}, "NextToken": "\#(next)", "TotalCount": 7}"#
        case "DescribeDisks":
            return #"""
                {"Disks": {"Disk": [
                 {"DiskId": "d-1", "Category": "cloud_essd", "PerformanceLevel": "PL1", "Size": 100, "Status": "In_use",
                  "InstanceId": "i-1", "Attachments": {"Attachment": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]},
                  "ZoneId": "cn-hangzhou-h", "CreationTime": "2026-01-02T03:04:05Z", "Portable": true,
                  "SourceSnapshotId": "s-1"},
                 {"DiskId": "d-2", "Category": "cloud_efficiency", "Size": 40, "Status": "Available", "InstanceId": "",
                  "Attachments": {"Attachment": []}, "DetachedTime": "2026-01-05T00:00:00Z", "Tags": {"Tag": []}}]},
                 "NextToken": "", "TotalCount": 2}
                """#
        case "DescribeEipAddresses":
            // Numbered pages of 100: 100 on the first, one on the second.
            let page = number("PageNumber")
            let ids = page == 1 ? Array(1...100) : [101]
            let items = ids.map {
                #"{"AllocationId": "eip-\#($0)", "IpAddress": "47.0.0.\#($0)", "Status": "\#($0 == 101 ? "Available" : "InUse")", "InstanceId": "\#($0 == 101 ? "" : "i-\($0)")", "Bandwidth": "5", "InternetChargeType": "PayByTraffic", "Tags": {"Tag": [{"Key": "k", "Value": "v"}]}}"#
            }
            return
                #"{"EipAddresses": {"EipAddress": [\#(items.joined(separator: ","))]}, "PageNumber": \#(page), "PageSize": 100, "TotalCount": 101}"#
        case "DescribeReservedInstances":
            return #"""
                {"ReservedInstances": {"ReservedInstance": [
                 {"ReservedInstanceId": "ecsri-1", "InstanceType": "ecs.g7.large", "Scope": "Region", "InstanceAmount": 4,
                  "Platform": "Linux", "OfferingType": "Partial Upfront", "Status": "Active",
                  "StartTime": "2026-01-01T00:00:00Z", "ExpiredTime": "2027-01-01T16:00:00Z"},
                 {"ReservedInstanceId": "ecsri-2", "InstanceType": "ecs.c7.xlarge", "Scope": "Zone",
                  "ZoneId": "cn-hangzhou-i", "InstanceAmount": 1, "Platform": "Windows", "OfferingType": "No Upfront",
                  "Status": "Active", "StartTime": "2025-03-01T00:00:00Z", "ExpiredTime": "2028-03-01T16:00:00Z"},
                 {"ReservedInstanceId": "ecsri-3", "Status": "Expired", "InstanceAmount": 1, "Scope": "Region"}]},
                 "PageNumber": 1, "PageSize": 100, "TotalCount": 3}
                """#
        case "QuerySavingsPlansInstance":
            return #"""
                {"Code": "Success", "Message": "Successful!", "Success": true, "RequestId": "r", "Data": {"PageNum": 1,
                 "PageSize": 100, "TotalCount": 4, "Items": [
                 {"InstanceId": "spn-1", "SavingsType": "ecs", "PoolValue": "1.005", "Currency": "USD",
                  "PayMode": "half", "Cycle": "1:Year", "Status": "NORMAL", "StartTimestamp": 1767225600000,
                  "EndTimestamp": 1798761600000},
                 {"InstanceId": "spn-2", "SavingsType": "universal", "PoolValue": "20", "Currency": "USD",
                  "PayMode": "zero", "Cycle": "3:Year", "Status": "NORMAL"},
                 {"InstanceId": "spn-3", "SavingsType": "ecs", "Status": "RELEASE"},
                 {"InstanceId": "spn-4", "SavingsType": "quantum", "Status": "NORMAL"}]}}
                """#
        case "DescribeInstanceTypes":
            return #"""
                {"InstanceTypes": {"InstanceType": [
                 {"InstanceTypeId": "ecs.g7.large", "InstanceTypeFamily": "ecs.g7", "CpuCoreCount": 2, "MemorySize": 8.0,
                  "CpuArchitecture": "X86", "GPUAmount": 0, "InstanceBandwidthRx": 2048000},
                 {"InstanceTypeId": "ecs.gn7i-c8g1.2xlarge", "InstanceTypeFamily": "ecs.gn7i", "CpuCoreCount": 8,
                  "MemorySize": 30.5, "CpuArchitecture": "ARM", "GPUAmount": 1, "GPUSpec": "NVIDIA A10",
                  "GPUMemorySize": 22.5, "BaselineCredit": 0}]}, "NextToken": ""}
                """#
        case "DescribeSpotPriceHistory":
            return #"""
                {"Currency": "USD", "SpotPrices": {"SpotPriceType": [
                 {"ZoneId": "cn-hangzhou-h", "InstanceType": "ecs.g7.large", "SpotPrice": 0.031, "Timestamp": "2026-02-28T10:00:00Z"},
                 {"ZoneId": "cn-hangzhou-h", "InstanceType": "ecs.g7.large", "SpotPrice": 0.029, "Timestamp": "2026-02-28T11:00:00Z"},
                 {"ZoneId": "cn-hangzhou-i", "InstanceType": "ecs.g7.large", "SpotPrice": 0.033, "Timestamp": "2026-02-28T10:00:00Z"}]}}
                """#
        case "DescribeMetricList":
            guard request.query("MetricName") == "CPUUtilization" else {
                return #"{"Code": "200", "Success": true, "Datapoints": "[]"}"#
            }
            let start = number("StartTime") + 1_000
            guard request.query("NextToken") != nil else {
                let points =
                    #"[{\"timestamp\": \#(start), \"instanceId\": \"i-2\", \"Average\": 12.5, \"Maximum\": 80, \"Minimum\": 1}]"#
                return #"{"Code": "200", "Success": true, "Datapoints": "\#(points)", "NextToken": "t"}"#
            }
            let points = #"[{\"timestamp\": \#(start + 3_600_000), \"instanceId\": \"i-1\", \"Average\": 7}]"#
            return #"{"Code": "200", "Success": true, "Datapoints": "\#(points)"}"#
        case "DescribeClustersV1":
            return #"""
                {"clusters": [{"cluster_id": "c1", "name": "prod", "cluster_spec": "ack.pro.small", "state": "running",
                 "region_id": "cn-hangzhou", "created": "2026-01-02T03:04:05Z", "tags": [{"key": "k", "value": "v"}],
                 "size": 3}, {"cluster_id": "c2", "region_id": "eu-central-1"}],
                 "page_info": {"page_number": 1, "page_size": 50, "total_count": 2}}
                """#
        default: return nil
        }
    }
}

@Suite("Alibaba Cloud accounts") struct AlibabaCollectTests {
    private static func server(
        refused: String = "", throttled: String = "", asked: Counter = Counter()
    ) throws -> FaultServer {
        try FaultServer { request in
            let action = request.header("x-acs-action") ?? ""
            guard request.header("Authorization")?.hasPrefix("ACS3-HMAC-SHA256 Credential=marked-id") == true else {
                return .respond(403, #"{"Code": "InvalidAccessKeyId", "Message": "unsigned", "RequestId": "r"}"#)
            }
            if action == refused {
                return .respond(403, #"{"Code": "Forbidden.RAM", "Message": "User not authorized", "RequestId": "r"}"#)
            }
            if action == throttled, asked.next() == 1 {
                return .respond(400, #"{"Code": "Throttling.User", "Message": "flow control", "RequestId": "r"}"#)
            }
            if let answer = AlibabaDocuments.answer(action, request) { return .respond(200, answer) }
            return .respond(200, #"{"RequestId": "r", "TotalCount": 0, "PageNumber": 1, "NextToken": ""}"#)
        }
    }

    private static func account(_ server: FaultServer, _ client: CloudClient) throws -> AlibabaAccount {
        let credentials = CredentialCache { () async throws(CloudFailure) in
            Dated(ACS3.Credentials(accessKeyID: "marked-id", accessKeySecret: Secret("marked-secret")))
        }
        var options = AlibabaAccount.Options()
        options.endpoint = server.url + "/"
        let now = try #require(Instant("2026-03-01T00:00:00Z"))
        return AlibabaAccount(client: client, credentials: credentials, options: options, now: now)
    }

    private static let scope = CollectScope(regions: ["cn-hangzhou"], since: Instant("2026-02-27T00:00:00Z"))

    @Test("inventory: pages of both kinds, states, tags and relations")
    func inventory() async throws {
        let server = try Self.server(throttled: "DescribeDisks")
        defer { server.stop() }
        let read = try await Collected(try Self.account(server, try directClient()), Self.scope)
        #expect(read.failed.isEmpty, "\(read.failed)")
        let found = Dictionary(uniqueKeysWithValues: read.resources.map { ("\($0.type) \($0.id)", $0) })
        #expect(found.keys.filter { $0.hasPrefix("instance ") }.count == 7)
        let stopped = try #require(found["instance i-3"])
        #expect(stopped.state == "Stopped" && stopped.attributes["StoppedMode"] == "KeepCharging")
        #expect(stopped.sku == "ecs.g7.large" && stopped.zone == "cn-hangzhou-h" && stopped.region == "cn-hangzhou")
        #expect(stopped.account == "1234567890" && stopped.name == "web 3" && stopped.attributes["Memory"] == "8192")
        #expect(stopped.created == "2026-01-02T03:04:00Z" && stopped.tags == ["team": "shop", "empty": ""])
        #expect(
            stopped.links == [
                .init(kind: "created-from", id: "m-1"), .init(kind: "member-of", id: "sg-1"),
                .init(kind: "member-of", id: "sg-2"), .init(kind: "attached-to", id: "eip-3"),
            ])
        let disk = try #require(found["volume d-1"])
        #expect(disk.links.map(\.id) == ["i-1", "i-2", "s-1"] && disk.sku == "cloud_essd")
        #expect(disk.attributes["PerformanceLevel"] == "PL1" && disk.attributes["Portable"] == "true")
        let spare = try #require(found["volume d-2"])
        #expect(spare.links.isEmpty && spare.attributes["DetachedTime"] == "2026-01-05T00:00:00Z")
        #expect(found.keys.filter { $0.hasPrefix("address ") }.count == 101)
        let free = try #require(found["address eip-101"])
        #expect(free.state == "Available" && free.links.isEmpty && free.tags == ["k": "v"])
        #expect(found["cache r-1"]?.sku == "redis.master.small.default" && found["cache r-1"]?.tags == ["a": "b"])
        #expect(found["cluster c1"]?.name == "prod" && found["cluster c2"] == nil)
    }

    @Test("commitments, prices, facts and measurements, in the columns of the contract")
    func rest() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let read = try await Collected(try Self.account(server, try directClient()), Self.scope)
        let held = Dictionary(uniqueKeysWithValues: read.commitments.map { ($0.id, $0) })
        #expect(Set(held.keys) == ["ecsri-1", "ecsri-2", "spn-1", "spn-2", "i-5"])
        let first = try #require(held["ecsri-1"])
        #expect(first.offer.rawValue == "reservation" && first.family == "ecs.g7" && first.zone.isEmpty)
        #expect(first.quantity == Quantity("4") && first.payment == .partial && first.term == .oneYear)
        #expect(first.os == "linux" && first.start == Instant("2026-01-01T00:00:00Z"))
        let second = try #require(held["ecsri-2"])
        #expect(second.zone == "cn-hangzhou-i" && second.family.isEmpty && second.os == "windows")
        #expect(second.payment == Payment.none && second.term == .threeYears)
        let plan = try #require(held["spn-1"])
        #expect(plan.offer.rawValue == "savings-plan-ecs" && plan.hourlyCommitment == Money("1.005"))
        #expect(plan.payment == .partial && plan.term == .oneYear && plan.region.isEmpty && plan.currency == "USD")
        #expect(plan.start == Instant("2026-01-01T00:00:00Z") && plan.end == Instant("2027-01-01T00:00:00Z"))
        #expect(held["spn-2"]?.offer.rawValue == "savings-plan-general" && held["spn-2"]?.term == .threeYears)
        #expect(held["i-5"]?.offer.rawValue == "subscription" && held["i-5"]?.end == Instant("2027-01-02T16:00Z"))
        let whats = read.allGaps.map(\.what)
        #expect(whats == ["the savings plan spn-4", "fees of 2 reserved instances"])
        #expect(
            read.prices.map { [$0.zone, $0.price.description, $0.currency] } == [
                ["cn-hangzhou-h", "0.029", "USD"], ["cn-hangzhou-i", "0.033", "USD"],
            ])
        #expect(read.catalog.map(\.sku) == ["ecs.g7.large", "ecs.gn7i-c8g1.2xlarge"])
        let gpu = try #require(read.catalog.last)
        #expect(gpu.gpu == "NVIDIA A10" && gpu.memoryGiB == Quantity("30.5") && gpu.arch == "arm64")
        #expect(read.catalog.first?.networkGbps == Quantity("2") && read.catalog.first?.gpuCount == nil)
        let cpu = read.metrics.filter { $0.metric == "CPUUtilization" }
        // Two days, each with two pages.
        #expect(
            cpu.map { "\($0.time) \($0.resource) \($0.statistic) \($0.value)" } == [
                "2026-02-27T01:00:00Z i-1 average 7.0", "2026-02-27T00:00:00Z i-2 average 12.5",
                "2026-02-27T00:00:00Z i-2 maximum 80.0", "2026-02-28T01:00:00Z i-1 average 7.0",
                "2026-02-28T00:00:00Z i-2 average 12.5", "2026-02-28T00:00:00Z i-2 maximum 80.0",
            ])
    }

    @Test("the RAM policy is exactly the calls; what is refused is a gap that names it; regions are listed")
    func policy() async throws {
        let server = try Self.server(refused: "DescribeSnapshots")
        defer { server.stop() }
        let client = try directClient()
        let read = try await Collected(
            try Self.account(server, client), CollectScope(since: Instant("2026-02-28T00:00:00Z")))
        #expect(client.log.totals.keys.sorted() == Alibaba.descriptor.permissions)
        #expect(Set(read.failed.map(\.failure.call)) == ["ecs:DescribeSnapshots"])
        #expect(read.failed.map(\.piece.region) == ["cn-hangzhou", "eu-central-1"])
        #expect(Set(read.resources.map(\.region)) == ["cn-hangzhou", "eu-central-1"])
        let text = Alibaba.policy.canonical
        #expect(Alibaba.descriptor.permissions.allSatisfy { text.contains("\"\($0)\"") })
        let others = try await Self.account(server, client).pieces(of: CollectScope(accounts: ["999", "all"]))
        #expect(others.pieces.isEmpty && others.gaps.map(\.account) == ["999", ""])
    }

    @Test("a whole collection, twice, is the same files; an unknown call and a bad document are gaps")
    func files() async throws {
        let odd = try FaultServer { request in
            switch request.header("x-acs-action") {
            case "DescribeNatGateways": return .respond(404, #"{"Code": "InvalidAction.NotFound", "Message": "x"}"#)
            case "DescribeMetricList": return .respond(200, #"{"Code": "200", "Datapoints": "not json"}"#)
            case let action?:
                return .respond(200, AlibabaDocuments.answer(action, request) ?? #"{"RequestId": "r"}"#)
            case nil: return [.close]
            }
        }
        defer { odd.stop() }
        let folders = [TemporaryFolder(), TemporaryFolder()]
        for folder in folders {
            var settings = CloudClient.Settings()
            settings.retry.attempts = 1
            let client = CloudClient(
                transport: ClientTransport(proxies: try ProxySettings(environment: [:])), settings: settings)
            _ = try await Collector().collect(
                try Self.account(odd, client), Self.scope, label: "", into: folder.path)
        }
        for name in ["resources.jsonl", "metrics.csv", "prices.csv", "commitments.csv", "catalog.csv", "gaps.jsonl"] {
            #expect(try folders[0].text(name) == folders[1].text(name))
        }
        let gaps = try folders[0].text("gaps.jsonl")
        #expect(gaps.contains("NAT gateways") && gaps.contains("no list in JSON"))
        #expect(!gaps.contains("marked-secret"))
    }

    // MARK: The vendor's own description

    /// What the vendor's SDKs say of calls: version, request and response names.
    private static func models(_ names: [String]) async throws -> JSONValue {
        try await blocking {
            let program = try MotoProgram("alibaba_models.py")
            try program.say(names.joined(separator: " "))
            return try #require(JSONValue(parsing: program.line()))
        }
    }

    /// What is wrong with a use, by the vendor's description.
    private static func faults(_ use: AlibabaListings.Use, _ models: JSONValue) -> [String] {
        let name = "\(use.call.package):\(use.call.action)"
        guard let model = models[name] else { return ["\(name) is no call"] }
        func names(_ member: String) -> Set<String> {
            guard case .array(let values)? = model[member] else { return [] }
            return Set(values.compactMap(\.string))
        }
        var faults: [String] = []
        if model["version"]?.string != use.call.version { faults.append("\(name): version") }
        let requests = names("request")
        var parameters = use.parameters
        switch use.call.paging {
        case .none: break
        case .token: parameters += ["NextToken", "MaxResults"]
        case .number(_, let number, let size, let total):
            parameters += [number, size]
            if !names("response").contains(total) { faults.append("\(name): no \(total)") }
        }
        faults += parameters.filter { !requests.contains($0) && $0 != "RegionId" }.map { "\(name): no parameter \($0)" }
        let responses = names("response")
        // Elements of lists of texts have no fields of their own.
        let paths = use.paths.map { use.call.items.isEmpty ? $0 : "\(use.call.items).\($0)" }
        faults += paths.filter { !responses.contains($0) }.map { "\(name): no field \($0)" }
        return faults
    }

    @Test(
        "every parameter sent and every field read is in the vendor's own SDKs",
        .enabled(if: MotoEstate.python != nil, MotoEstate.missing))
    func vendorModels() async throws {
        let uses = AlibabaListings.uses + [AlibabaListings.Use(call: .identity, parameters: [], paths: ["AccountId"])]
        let models = try await Self.models(uses.map { "\($0.call.package):\($0.call.action)" })
        #expect(uses.flatMap { Self.faults($0, models) }.isEmpty, "\(uses.flatMap { Self.faults($0, models) })")
        // The check itself finds what is misspelt.
        var wrong = try #require(uses.first)
        wrong.paths = ["InstanceIdd"]
        wrong.parameters = ["RegionId", "Sort"]
        wrong.call.version = "2014-05-27"
        #expect(Self.faults(wrong, models).count == 3)
        wrong.call.action = "DescribeNothing"
        #expect(Self.faults(wrong, models).count == 1)
        // Everything that is called stands among the uses.
        let called = Set(AlibabaListings.all.flatMap(\.permissions))
        #expect(
            called == Set(AlibabaListings.uses.map(\.call.permission)).subtracting([AlibabaCall.regions.permission]))
    }
}
