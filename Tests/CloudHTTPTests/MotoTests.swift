import CloudHTTP
import Foundation
import PlimsollCore
import Testing

/// moto, a stand-in for AWS by others, that checks signatures and policies. It ends with its input.
/// Nothing of it changes once it is made, so that threads may share it.
private final class Moto: @unchecked Sendable {
    let process = Process()
    let facts: JSONValue
    private let input = Pipe()

    /// Seven instances, a user, and a role that may describe instances and nothing else.
    private static let script = """
        import json, os, sys
        # What is made below is made before signatures are checked.
        os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "12"
        import boto3
        from moto.server import ThreadedMotoServer
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        url = "http://%s:%d" % server.get_host_and_port()
        kind = dict(endpoint_url=url, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        iam, ec2 = boto3.client("iam", **kind), boto3.client("ec2", **kind)
        iam.create_user(UserName="u")
        key = iam.create_access_key(UserName="u")["AccessKey"]
        allow = lambda action: json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
        iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=allow("sts:AssumeRole"))
        trust = json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]})
        role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=allow("ec2:DescribeInstances"))
        ids = [ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
               for _ in range(7)]
        print(json.dumps({"url": url, "id": key["AccessKeyId"], "secret": key["SecretAccessKey"], "role": role,
                          "instances": sorted(ids)}), flush=True)
        sys.stdin.read()
        server.stop()
        """

    init(python: String) throws {
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", Self.script]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            let piece = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { break }
            line += piece
        }
        facts = try #require(JSONValue(parsing: line), "moto did not start")
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
    }

    func text(_ name: String) throws -> String { try #require(facts[name]?.string) }
}

@Suite("moto", .enabled(if: Peer.python != nil, Peer.missing), .timeLimit(patience))
struct MotoTests {
    @Test("a role is taken on, pages are read, and what is not allowed or wrongly signed is refused")
    func signedCalls() async throws {
        let python = try #require(Peer.python)
        let moto = try await blocking { try Moto(python: python) }
        var bench = SourceBench()
        bench.environment = ["AWS_PROFILE": "outer", "AWS_REGION": "us-east-1"]
        bench.files = [
            "/home-of-test/.aws/config": """
            [profile outer]
            role_arn = \(try moto.text("role"))
            source_profile = keys
            [profile keys]
            aws_access_key_id = \(try moto.text("id"))
            aws_secret_access_key = \(try moto.text("secret"))
            """
        ]
        // moto's own clock decides what has expired.
        let clock = SystemClock()
        let client = bench.bench.client(clock)
        var sources = CredentialSources(environment: bench.environment, home: "/home-of-test", client: client)
        sources.endpoints.awsSTS = try moto.text("url")
        let files = bench.files
        sources.read = { path throws(CloudFailure) in files[path].map { Array($0.utf8) } }
        let cache = CredentialCache(AWSCredentials.chain(sources), clock: clock)

        let call = try Self.call(moto, "DescribeInstances", [("MaxResults", "5")], cache)
        let found = Found()
        try await client.pages(of: call, advance: Self.advance, decode: Self.page) { found.take($0) }
        #expect(found.items.sorted() == moto.facts["instances"]?.array?.compactMap(\.string))
        #expect(client.log.totals["ec2:DescribeInstances"]?.attempts == 2)

        let refused = try await failure { try await client.send(try Self.call(moto, "DescribeVolumes", [], cache)) }
        #expect(refused.kind == .permission)

        let wrong = CredentialCache(clock: clock) { [id = try moto.text("id")] () async throws(CloudFailure) in
            Dated(SigV4.Credentials(accessKeyID: id, secretAccessKey: Secret("wrong")))
        }
        let unsigned = try await failure { try await client.send(try Self.call(moto, "DescribeInstances", [], wrong)) }
        #expect(unsigned.kind == .auth)
        #expect(!bench.bench.recorder.records.map(\.line).joined().contains(try moto.text("secret")))
    }

    private static func call(
        _ moto: Moto, _ action: String, _ parameters: [(name: String, value: String)],
        _ credentials: CredentialCache<SigV4.Credentials>
    ) throws -> CloudCall {
        var request = try #require(CloudRequest(method: "POST", url: try moto.text("url") + "/"))
        request.setForm([("Action", action), ("Version", "2016-11-15")] + parameters)
        // moto tells services apart by the signature's scope.
        let authorizer = AWSAuthorizer(SigV4(region: "us-east-1", service: "ec2"), credentials: credentials)
        return CloudCall(
            "ec2:\(action)", request, limit: .init(service: "ec2", region: "us-east-1"), authorizer: authorizer)
    }

    @Sendable private static func advance(_ request: inout CloudRequest, _ token: String) {
        request.body += Array("&NextToken=\(PercentEncoding.strict(token))".utf8)
    }

    @Sendable private static func page(_ response: CloudResponse) throws(CloudFailure) -> CloudPage<String> {
        let root = try response.xml()
        let reservations = root["reservationSet"]?.all("item") ?? []
        let ids = reservations.flatMap { $0["instancesSet"]?.all("item") ?? [] }.compactMap { $0["instanceId"]?.text }
        return CloudPage(items: ids, next: root["nextToken"].map { .token($0.text) })
    }
}

/// Items of a listing.
private final class Found {
    private(set) var items: [String] = []
    func take(_ more: [String]) { items += more }
}
