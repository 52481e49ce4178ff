import AWSProvider
import CloudHTTP
import Collection
import Foundation
import PlimsollCore
import Testing

@Suite("AWS accounts, against moto", .enabled(if: MotoEstate.python != nil, MotoEstate.missing), .serialized)
struct AWSCollectTests {
    /// What a collection gave, and the calls that were made.
    private struct Outcome {
        var folder = TemporaryFolder()
        var counts = CollectCounts()
        var calls: [String: CallLog.Totals] = [:]
        var resources: [String: Resource] = [:]
        var gaps: [JSONValue] = []
    }

    private static func collect(_ moto: MotoEstate, regions: [String] = ["us-east-1", "eu-west-1"]) async throws
        -> Outcome
    {
        let id = try moto.text("key")
        let secret = Secret(try moto.text("secret"))
        let credentials = CredentialCache { () async throws(CloudFailure) in
            Dated(SigV4.Credentials(accessKeyID: id, secretAccessKey: secret))
        }
        let client = CloudClient(transport: ClientTransport(proxies: try ProxySettings(environment: [:])))
        var options = AWSAccount.Options()
        options.endpoint = try moto.text("url")
        let account = AWSAccount(
            client: client, credentials: credentials, options: options,
            now: Instant(secondsSince1970: Date().timeIntervalSince1970))
        var outcome = Outcome()
        let result = try await Collector().collect(
            account, CollectScope(regions: regions), label: "", into: outcome.folder.path)
        outcome.counts = result.counts
        outcome.calls = client.log.totals
        for line in try outcome.folder.text("resources.jsonl").split(separator: "\n") {
            let resource = try #require(JSONValue(parsing: Array(line.utf8)).flatMap(Resource.init))
            let known = outcome.resources.updateValue(resource, forKey: resource.type + " " + resource.id)
            #expect(known == nil, "\(resource.id) is listed twice")
        }
        outcome.gaps = try outcome.folder.text("gaps.jsonl").split(separator: "\n").map {
            try #require(JSONValue(parsing: Array($0.utf8)))
        }
        return outcome
    }

    /// What boto3 lists: region, SKU, state and tags by type and id.
    private static func listed(_ moto: MotoEstate) throws -> [String: (region: String, item: JSONValue)] {
        var listed: [String: (region: String, item: JSONValue)] = [:]
        guard case .object(let regions)? = moto.facts["regions"] else { return listed }
        for (region, kinds) in regions {
            guard case .object(let kinds) = kinds else { continue }
            for (kind, items) in kinds {
                guard case .object(let items) = items else { continue }
                for (id, item) in items { listed["\(kind) \(id)"] = (region, item) }
            }
        }
        return listed
    }

    /// Reserved capacity and the like, which moto does not have.
    private static let absent: Set = [
        "ec2:DescribeReservedInstances", "ec2:DescribeCapacityReservations", "rds:DescribeReservedDBInstances",
        "elasticache:DescribeReservedCacheNodes", "redshift:DescribeReservedNodes", "es:DescribeReservedInstances",
        "savingsplans:DescribeSavingsPlans",
    ]

    @Test("the inventory is what boto3 lists; what moto lacks is a gap; calls and policy agree")
    func inventory() async throws {
        let moto = try await MotoEstate.started()
        let outcome = try await Self.collect(moto)
        let listed = try Self.listed(moto)
        #expect(Set(listed.keys) == Set(outcome.resources.keys))
        #expect(Set(listed.keys.map { $0.prefix { $0 != " " } }).count == 25)
        for (key, (region, item)) in listed {
            guard let ours = outcome.resources[key] else { continue }
            #expect(ours.sku == item["sku"]?.string, "\(key)")
            #expect(ours.state == item["state"]?.string, "\(key)")
            guard case .object(let tags)? = item["tags"] else { continue }
            #expect(ours.tags == tags.compactMapValues(\.string), "\(key)")
            #expect(ours.account == "123456789012" && ours.billingAccount == ours.account)
            if !["bucket", "user"].contains(ours.type) { #expect(ours.region == region, "\(key)") }
        }
        try Self.relations(outcome, moto)
        let lacking = outcome.gaps.compactMap { $0["reason"]?.string?.prefix { $0 != " " } }.map(String.init)
        #expect(Set(lacking) == Self.absent)
        // Once in each region: what is not there is not asked for again.
        for call in Self.absent { #expect((1...2).contains(outcome.calls[call]?.attempts ?? 0), "\(call)") }
        // A collection of one account makes every call of the policy but those for other accounts.
        let actions = AWS.policy["Statement"]?.array?.first?["Action"]?.array ?? []
        let policy = actions.compactMap(\.string)
        let elsewhere: Set = ["sts:AssumeRole", "organizations:ListAccounts", "ec2:DescribeRegions"]
        #expect(Set(outcome.calls.keys).union(elsewhere) == Set(policy))
    }

    /// Relations, attributes and measurements of what the estate is known to have.
    private static func relations(_ outcome: Outcome, _ moto: MotoEstate) throws {
        let measured = try moto.text("measured")
        let attached = outcome.resources.values.filter { item in
            item.links.contains { $0 == .init(kind: "attached-to", id: measured) }
        }
        // Its own volume, one attached later, its interface and an address.
        #expect(Set(attached.map(\.type)) == ["volume", "address", "network-interface"])
        #expect(attached.count { $0.type == "volume" } == 2)
        let west = try #require(outcome.resources["bucket west-bucket"])
        #expect(west.region == "us-west-2")
        #expect(west.attributes["AbortIncompleteMultipartUpload"] == "true")
        let plain = try #require(outcome.resources["bucket plain-bucket"])
        #expect(plain.region == "us-east-1")
        #expect(plain.attributes["MultipartUploads"] == "1")
        let old = try #require(outcome.resources["load-balancer old"])
        #expect(old.links.map(\.kind) == ["targets"])
        let metrics = try outcome.folder.text("metrics.csv").split(separator: "\n").dropFirst()
        #expect(metrics.count == 6)
        #expect(metrics.allSatisfy { $0.contains(",aws,\(measured),CPUUtilization,") && $0.hasSuffix(",Percent") })
        #expect(outcome.counts.prices > 0 && outcome.counts.catalog > 500)
    }

    @Test("every signature is checked, and the policy allows every call")
    func enforcement() async throws {
        // moto calls these permissions by other names than AWS does.
        let wrong = ["monitoring:ListMetrics", "monitoring:GetMetricData", "s3:ListBucket"]
        let actions = (AWS.policy["Statement"]?.array?.first?["Action"]?.array ?? []) + wrong.map(JSONValue.string)
        let policy: JSONValue = .object([
            "Version": "2012-10-17",
            "Statement": .array([.object(["Effect": "Allow", "Action": .array(actions), "Resource": "*"])]),
        ])
        let moto = try await MotoEstate.started(policy: policy.canonical)
        let outcome = try await Self.collect(moto)
        let refused = outcome.gaps.filter { $0["permission"]?.string?.isEmpty == false }
        #expect(refused.isEmpty, "\(refused.map(\.canonical))")
        // moto refuses boto3's signatures for these too.
        let unchecked: Set = ["search", "function", "cluster", "node-group"]
        let expected = try Self.listed(moto).keys.filter { !unchecked.contains(String($0.prefix { $0 != " " })) }
        #expect(Set(expected) == Set(outcome.resources.keys))
        let signatures = outcome.gaps.filter { $0["reason"]?.string?.contains("SignatureDoesNotMatch") == true }
        let calls = Set(signatures.compactMap { $0["reason"]?.string?.prefix { $0 != " " } }.map(String.init))
        #expect(calls == ["es:ListDomainNames", "lambda:ListFunctions", "eks:ListClusters"])
    }

    @Test("with less than the policy, each missing permission is a gap that names it")
    func lessThanThePolicy() async throws {
        let policy: JSONValue = .object([
            "Version": "2012-10-17",
            "Statement": .array([
                .object([
                    "Effect": "Allow", "Resource": "*",
                    "Action": .array(["ec2:DescribeInstances", "sts:GetCallerIdentity", "dynamodb:ListTables"]),
                ])
            ]),
        ])
        let moto = try await MotoEstate.started(policy: policy.canonical)
        let outcome = try await Self.collect(moto, regions: ["us-east-1"])
        #expect(Set(outcome.resources.values.map(\.type)) == ["instance"])
        let named = Set(outcome.gaps.compactMap { $0["permission"]?.string }.filter { !$0.isEmpty })
        let expected = [
            "ec2:DescribeVolumes", "s3:ListAllMyBuckets", "iam:ListUsers", "rds:DescribeDBInstances",
            "dynamodb:DescribeTable", "organizations:DescribeOrganization",
        ]
        for permission in expected { #expect(named.contains(permission), "\(permission)") }
        #expect(!named.contains("ec2:DescribeInstances"))
    }
}
