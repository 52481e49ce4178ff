import CloudHTTP
import Crypto
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

@Suite("Credentials of AWS", .timeLimit(patience))
struct AWSCredentialTests {
    private static let roleAnswer = """
        <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>
        <SecretAccessKey>\(planted)-role</SecretAccessKey><SessionToken>\(planted)-session</SessionToken>
        <Expiration>2026-01-01T01:00:00.000Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
        """
    private static let documentAnswer = """
        {"Code": "Success", "AccessKeyId": "ASIADOC", "SecretAccessKey": "\(planted)-doc", "Token": "\(planted)-t",
         "Expiration": "2026-01-01T06:00:00Z"}
        """

    @Test("nothing is set up: every link says what is missing")
    func nothing() async throws {
        let (states, value, reports) = await AWSCredentials.chain(SourceBench().sources(nil)).walk()
        #expect(states.allSatisfy { $0 == .absent } && value == nil && states.count == 9)
        #expect(
            reports.map(\.name) == [
                "environment", "assume role", "web identity", "IAM Identity Center", "shared credentials file",
                "credential_process", "shared configuration file", "container", "instance metadata",
            ])
        let details = reports.map(\.detail).joined(separator: "\n")
        for word in ["AWS_ACCESS_KEY_ID is not set", "AWS_WEB_IDENTITY_TOKEN_FILE", "/home-of-test/.aws/credentials"] {
            #expect(details.contains(word))
        }
        await #expect(throws: CloudFailure.self) {
            try await AWSCredentials.chain(SourceBench().sources(nil)).credential()
        }
    }

    @Test("environment first, whatever else there is") func environment() async throws {
        var bench = SourceBench()
        bench.environment = [
            "AWS_ACCESS_KEY_ID": "AKIAENV1234", "AWS_SECRET_ACCESS_KEY": planted, "AWS_SESSION_TOKEN": planted,
        ]
        bench.files = [
            "/home-of-test/.aws/credentials": "[default]\naws_access_key_id = X\naws_secret_access_key = y\n"
        ]
        let (states, value, reports) = await AWSCredentials.chain(bench.sources(nil)).walk()
        #expect(states[0] == .answered && states.dropFirst().allSatisfy { $0 == .notAsked })
        #expect(value?.accessKeyID == "AKIAENV1234" && value?.sessionToken == Secret(planted))
        #expect(reports[0].detail == "access key ****1234, with a session token")
    }

    @Test("half of a pair is an error, not a reason to go on") func half() async throws {
        var bench = SourceBench()
        bench.environment = ["AWS_ACCESS_KEY_ID": "AKIA"]
        let failure = try await failure { try await AWSCredentials.chain(bench.sources(nil)).credential() }
        #expect(failure.kind == .config && failure.message.contains("AWS_SECRET_ACCESS_KEY is not"))
    }

    @Test("files: profiles, comments, settings in both; the credentials file before the configuration")
    func files() async throws {
        var bench = SourceBench()
        bench.environment = ["AWS_PROFILE": "dev"]
        bench.files = [
            "/home-of-test/.aws/credentials":
                "# c\n[default]\naws_access_key_id = D\n\n[ dev ]\n aws_indented = no\naws_access_key_id=AKIADEV\naws_secret_access_key = \(planted)/+=\n",
            "/home-of-test/.aws/config":
                "[profile dev]\nregion = eu-west-1\ns3 =\n  max = 1\naws_access_key_id = CONFIG\n",
        ]
        let sources = bench.sources(nil)
        let (states, value, _) = await AWSCredentials.chain(sources).walk()
        #expect(states[4] == .answered && states[6] == .notAsked)
        #expect(value?.accessKeyID == "AKIADEV" && value?.secretAccessKey == Secret("\(planted)/+="))
        #expect(AWSCredentials.region(sources) == "eu-west-1")
        bench.environment["AWS_PROFILE"] = "absent"
        let failure = try await failure { try await AWSCredentials.chain(bench.sources(nil)).credential() }
        #expect(failure.kind == .config && failure.message.contains("`absent`"))
    }

    @Test("a role through two profiles: signed by the source, with its parameters") func roles() async throws {
        let server = try FaultServer { _ in .respond(200, Self.roleAnswer) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = ["AWS_PROFILE": "outer", "AWS_REGION": "eu-west-1"]
        bench.files = [
            "/home-of-test/.aws/config": """
            [profile outer]
            role_arn = arn:aws:iam::1:role/outer
            source_profile = inner
            external_id = ext
            role_session_name = me
            [profile inner]
            role_arn = arn:aws:iam::1:role/inner
            source_profile = keys
            [profile keys]
            aws_access_key_id = AKIAKEYS
            aws_secret_access_key = \(planted)
            """
        ]
        let (states, value, reports) = await AWSCredentials.chain(bench.sources(server)).walk()
        #expect(states[1] == .answered && value?.accessKeyID == "ASIAROLE")
        #expect(reports[1].detail == "profile `outer`, role `arn:aws:iam::1:role/outer`")
        let sent = server.requests
        try #require(sent.count == 2)
        #expect(form(sent[0])["RoleArn"] == "arn:aws:iam::1:role/inner")
        #expect(sent[0].header("Authorization")?.contains("Credential=AKIAKEYS/20260101/eu-west-1/sts/") == true)
        #expect(form(sent[1])["RoleArn"] == "arn:aws:iam::1:role/outer" && form(sent[1])["ExternalId"] == "ext")
        #expect(form(sent[1])["RoleSessionName"] == "me" && form(sent[1])["Action"] == "AssumeRole")
        #expect(sent[1].header("Authorization")?.contains("Credential=ASIAROLE/") == true)
        #expect(sent[1].header("X-Amz-Security-Token") == "\(planted)-session")
    }

    @Test(
        "profiles that cannot work are told",
        arguments: [
            ("role_arn = r\nsource_profile = dev", "circle", "config"),
            ("role_arn = r", "neither source_profile", "config"),
            ("role_arn = r\nsource_profile = gone", "`gone`", "config"),
            ("role_arn = r\nmfa_serial = m\nsource_profile = dev", "one-time password", "unsupported"),
            ("role_arn = r\ncredential_source = Moon", "`Moon`", "config"),
            ("sso_session = corp\nsso_account_id = 1\nsso_role_name = r", "sso-session", "config"),
            (
                "sso_start_url = https://x\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r", "logged in",
                "auth"
            ),
            ("credential_process = '/open", "quote", "config"),
            ("aws_access_key_id = x", "aws_secret_access_key", "config"),
        ])
    func badProfiles(text: String, word: String, kind: String) async throws {
        var bench = SourceBench()
        bench.environment = ["AWS_PROFILE": "dev"]
        bench.files = ["/home-of-test/.aws/config": "[profile dev]\n" + text]
        let failure = try await failure { try await AWSCredentials.chain(bench.sources(nil)).credential() }
        #expect(failure.message.contains(word) && failure.kind.rawValue == kind)
    }

    @Test("web identity: the token in a file, no signature") func webIdentity() async throws {
        let server = try FaultServer { _ in .respond(200, Self.roleAnswer) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:role", "AWS_ROLE_SESSION_NAME": "pod",
        ]
        bench.files = ["/token": "\(planted)-oidc\n"]
        let (states, value, _) = await AWSCredentials.chain(bench.sources(server)).walk()
        #expect(states[2] == .answered && value?.accessKeyID == "ASIAROLE")
        let sent = try #require(server.requests.first)
        #expect(
            form(sent)["Action"] == "AssumeRoleWithWebIdentity" && form(sent)["WebIdentityToken"] == "\(planted)-oidc")
        #expect(sent.header("Authorization") == nil)
    }

    @Test("IAM Identity Center: the login that is left, and one that has ended") func identityCenter() async throws {
        let answer = """
            {"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "\(planted)", "sessionToken": "\(planted)",
             "expiration": 1767229200000}}
            """
        let server = try FaultServer { _ in .respond(200, answer) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.files["/home-of-test/.aws/config"] = """
            [default]
            sso_session = corp
            sso_account_id = 111122223333
            sso_role_name = Reader
            [sso-session corp]
            sso_region = us-east-1
            sso_start_url = https://corp.example.com/start
            """
        // The file's name is the SHA-1 of the session's name.
        let digest = Insecure.SHA1.hash(data: Data("corp".utf8)).map { String(format: "%02x", $0) }.joined()
        let name = "/home-of-test/.aws/sso/cache/\(digest).json"
        bench.files[name] = #"{"accessToken": "\#(planted)-sso", "expiresAt": "2026-01-01T08:00:00Z"}"#
        let (states, value, _) = await AWSCredentials.chain(bench.sources(server)).walk()
        #expect(states[3] == .answered && value?.accessKeyID == "ASIASSO")
        let sent = try #require(server.requests.first)
        #expect(sent.target == "/federation/credentials?role_name=Reader&account_id=111122223333")
        #expect(sent.header("x-amz-sso_bearer_token") == "\(planted)-sso")
        bench.files[name] = #"{"accessToken": "\#(planted)-sso", "expiresAt": "2025-12-31T23:00:00UTC"}"#
        let failure = try await failure { try await AWSCredentials.chain(bench.sources(server)).credential() }
        #expect(failure.kind == .auth && failure.hint.contains("aws sso login --profile default"))
    }

    @Test("a helper program: words without a shell, its JSON, its end") func process() async throws {
        var bench = SourceBench()
        bench.files["/home-of-test/.aws/config"] =
            "[default]\ncredential_process = \"/opt/my helper\" --name 'a b' x\\ y\n"
        bench.programs["/opt/my helper --name a b x y"] = """
            {"Version": 1, "AccessKeyId": "AKIAPROC", "SecretAccessKey": "\(planted)", "SessionToken": "t",
             "Expiration": "2026-01-01T01:00:00Z"}
            """
        let chain = AWSCredentials.chain(bench.sources(nil))
        let found = try await chain.credential()
        #expect(found.value.accessKeyID == "AKIAPROC" && found.expires?.description == "2026-01-01T01:00:00Z")
        bench.programs = bench.programs.mapValues { _ in #"{"Version": 2, "Secret": "\#(planted)"}"# }
        let failure = try await failure { try await AWSCredentials.chain(bench.sources(nil)).credential() }
        #expect(failure.kind == .config && !"\(failure)".contains(planted))
    }

    @Test("container: relative and full address, token from a file; other hosts are refused") func container()
        async throws
    {
        let server = try FaultServer { _ in .respond(200, Self.documentAnswer) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/x"]
        #expect(try await AWSCredentials.chain(bench.sources(server)).credential().value.accessKeyID == "ASIADOC")
        #expect(server.requests.last?.target == "/v2/credentials/x")
        bench.environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/full", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/t",
        ]
        bench.files = ["/t": "\(planted)-pod"]
        #expect(try await AWSCredentials.chain(bench.sources(server)).credential().value.accessKeyID == "ASIADOC")
        #expect(server.requests.last?.header("Authorization") == "\(planted)-pod")
        bench.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://10.0.0.1/full"
        let failure = try await failure { try await AWSCredentials.chain(bench.sources(server)).credential() }
        #expect(failure.kind == .config)
    }

    @Test("instance metadata: a session first; no role is no credential") func instance() async throws {
        let hasRole = Counter()
        let server = try FaultServer { request in
            switch request.path {
            case "/latest/api/token":
                request.method == "PUT" && request.header("X-aws-ec2-metadata-token-ttl-seconds") != nil
                    ? .respond(200, "\(planted)-imds") : .respond(405)
            case "/latest/meta-data/iam/security-credentials/":
                request.header("X-aws-ec2-metadata-token") != "\(planted)-imds"
                    ? .respond(401) : hasRole.count == 0 ? .respond(200, "reader\n") : .respond(404)
            case "/latest/meta-data/iam/security-credentials/reader": .respond(200, Self.documentAnswer)
            default: .respond(404)
            }
        }
        defer { server.stop() }
        var bench = SourceBench()
        let (states, value, _) = await AWSCredentials.chain(bench.sources(server)).walk()
        #expect(states[8] == .answered && value?.sessionToken == Secret("\(planted)-t"))
        hasRole.next()
        let (later, _, reports) = await AWSCredentials.chain(bench.sources(server)).walk()
        #expect(later[8] == .absent && reports[8].detail == "the instance has no role")
        bench.environment = ["AWS_EC2_METADATA_DISABLED": "true"]
        #expect(await AWSCredentials.chain(bench.sources(server)).walk().reports[8].detail.contains("DISABLED"))
    }

    @Test("a token service that refuses ends the chain, with its words") func refused() async throws {
        let server = try FaultServer { _ in
            .respond(
                403,
                "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error><RequestId>R1</RequestId></ErrorResponse>"
            )
        }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:role"]
        bench.files = ["/token": planted]
        let (states, _, reports) = await AWSCredentials.chain(bench.sources(server)).walk()
        #expect(states[2] == .failed && states[3...].allSatisfy { $0 == .notAsked })
        #expect(
            reports[2].detail.contains(
                "sts:AssumeRoleWithWebIdentity at \(server.host) (status 403, AccessDenied, request R1): not you"))
    }

    @Test("a call whose credentials cannot be had is not made, and not tried again") func noCredentials() async throws {
        let server = try FaultServer { _ in .respond(503, "busy") }
        defer { server.stop() }
        let api = try FaultServer { _ in .respond(200, "{}") }
        defer { api.stop() }
        var bench = SourceBench()
        bench.environment = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:role"]
        bench.files = ["/token": planted]
        let chain = AWSCredentials.chain(bench.sources(server))
        let authorizer = AWSAuthorizer(
            SigV4(region: "r", service: "s"), credentials: CredentialCache(chain, clock: bench.bench.clock))
        let failure = try await failure { try await bench.bench.client().send(.get(api, "/", authorizer)) }
        #expect(
            failure.kind == .transient && failure.call == "sts:AssumeRoleWithWebIdentity" && failure.host == server.host
        )
        #expect(server.requests.count == 4 && api.requests.isEmpty)
    }

    @Test("a credential is fetched once for all, again before its end, and again when it is refused") func cache()
        async throws
    {
        let clock = FakeClock()
        let fetched = Counter()
        let cache = CredentialCache<Int>(clock: clock) { () async throws(CloudFailure) -> Dated<Int> in
            let number = fetched.next()
            await Task.yield()
            return Dated(number, expires: Instant(secondsSince1970: clock.wall + 3_600))
        }
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await cache.value() } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(values == [1])
        clock.advance(3_200)
        #expect(try await cache.value() == 1)
        clock.advance(200)
        #expect(try await cache.value() == 2)
        // Many calls complain of the same old one: the new one stays.
        clock.advance(10)
        await cache.discard()
        #expect(try await cache.value() == 3)
        await cache.discard()
        #expect(try await cache.value() == 3)
    }
}
