import CloudHTTP
import CryptoExtras
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

/// Token services of these tests: an access token for whoever asks.
private let grant = #"{"access_token": "\#(planted)-access", "expires_in": 3600, "token_type": "Bearer"}"#

@Suite("Credentials of Azure", .timeLimit(patience))
struct AzureCredentialTests {
    @Test("nothing is set up") func nothing() async throws {
        let (states, _, reports) = await AzureCredentials.chain(SourceBench().sources(nil)).walk()
        #expect(states == [.absent, .absent, .absent, .absent])
        #expect(reports.map(\.name) == ["environment", "workload identity", "managed identity", "Azure CLI"])
        #expect(reports[0].detail == "AZURE_TENANT_ID and AZURE_CLIENT_ID are not set")
    }

    @Test("a client secret") func secret() async throws {
        let server = try FaultServer { _ in .respond(200, grant) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = [
            "AZURE_TENANT_ID": "ten/ant", "AZURE_CLIENT_ID": "client", "AZURE_CLIENT_SECRET": "\(planted)~+&=",
        ]
        let found = try await AzureCredentials.chain(bench.sources(server)).credential()
        #expect(
            found.value.token == Secret("\(planted)-access") && found.expires?.description == "2026-01-01T01:00:00Z")
        let sent = try #require(server.requests.first)
        #expect(sent.target == "/ten%2Fant/oauth2/v2.0/token")
        #expect(
            form(sent) == [
                "client_id": "client", "scope": "https://management.azure.com/.default",
                "grant_type": "client_credentials",
                "client_secret": "\(planted)~+&=",
            ])
    }

    @Test("a certificate: an assertion by PS256 that names it") func certificate() async throws {
        let server = try FaultServer { _ in .respond(200, grant) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = [
            "AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "client", "AZURE_CLIENT_CERTIFICATE_PATH": "~/c.pem",
        ]
        bench.files = ["/home-of-test/c.pem": testCertificate]
        _ = try await AzureCredentials.chain(bench.sources(server)).credential()
        let fields = form(try #require(server.requests.first))
        #expect(fields["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        let (header, claims) = try verified(fields["client_assertion"] ?? "", padding: .PSS)
        #expect(header["alg"] == "PS256" && header["typ"] == "JWT")
        #expect(header["x5t#S256"]?.string?.count == 43)
        #expect(
            claims["aud"]?.string == server.url + "/t/oauth2/v2.0/token" && claims["iss"] == "client"
                && claims["sub"] == "client")
        #expect(claims["nbf"] == .int(1_767_225_600) && claims["exp"] == .int(1_767_226_200))
        let older = try AzureAssertion(pem: Secret(testCertificate), client: "c", audience: "a")
            .token(.rs256, at: Instant(secondsSince1970: 0), id: "1")
        #expect(try verified(older.value, padding: .insecurePKCS1v1_5).header["x5t"]?.string?.count == 27)
    }

    @Test(
        "files that are no certificate are told, without their text",
        arguments: [
            "", "\(planted)", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n\(planted)\n-----END PRIVATE KEY-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        ])
    func badCertificate(text: String) async throws {
        var bench = SourceBench()
        bench.environment = ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_CERTIFICATE_PATH": "/c.pem"]
        bench.files = ["/c.pem": text]
        let failure = try await failure { try await AzureCredentials.chain(bench.sources(nil)).credential() }
        #expect(failure.kind == .config && !"\(failure)".contains(planted))
    }

    @Test("workload identity: the token in a file is the assertion") func workload() async throws {
        let server = try FaultServer { _ in .respond(200, grant) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_FEDERATED_TOKEN_FILE": "/f"]
        bench.files = ["/f": "\(planted)-federated\n"]
        let (states, value, _) = await AzureCredentials.chain(bench.sources(server)).walk()
        #expect(states == [.absent, .answered, .notAsked, .notAsked] && value != nil)
        #expect(form(try #require(server.requests.first))["client_assertion"] == "\(planted)-federated")
    }

    @Test("managed identity of a machine and of an app; Azure Arc is said to be unsupported") func managed()
        async throws
    {
        let server = try FaultServer { request in
            let isMachine = request.path == "/metadata/identity/oauth2/token" && request.header("Metadata") == "true"
            let isApp = request.path == "/msi" && request.header("X-IDENTITY-HEADER") == "\(planted)-header"
            return isMachine || isApp
                ? .respond(200, #"{"access_token": "\#(planted)", "expires_on": "1767229200"}"#) : .respond(403)
        }
        defer { server.stop() }
        var bench = SourceBench()
        let machine = try await AzureCredentials.chain(bench.sources(server)).credential()
        #expect(machine.expires?.description == "2026-01-01T01:00:00Z")
        #expect(server.requests.last?.query("resource") == "https://management.azure.com")
        bench.environment = [
            "IDENTITY_ENDPOINT": server.url + "/msi", "IDENTITY_HEADER": "\(planted)-header", "AZURE_CLIENT_ID": "own",
        ]
        _ = try await AzureCredentials.chain(bench.sources(server)).credential()
        #expect(
            server.requests.last?.query("client_id") == "own"
                && server.requests.last?.query("api-version") == "2019-08-01")
        bench.environment["IDENTITY_HEADER"] = nil
        let failure = try await failure { try await AzureCredentials.chain(bench.sources(server)).credential() }
        #expect(failure.kind == .unsupported)
    }

    @Test("a metadata service that refuses is no identity: the next place is asked") func refusingMetadata()
        async throws
    {
        let server = try FaultServer { _ in .respond(403, "no") }
        defer { server.stop() }
        let (states, _, reports) = await AzureCredentials.chain(SourceBench().sources(server)).walk()
        #expect(states == [.absent, .absent, .absent, .absent] && reports[2].detail.hasSuffix("refuses (status 403)"))
        #expect(await AWSCredentials.chain(SourceBench().sources(server)).walk().states[8] == .absent)
        #expect(await GCPCredentials.chain(SourceBench().sources(server)).walk().states[2] == .absent)
        #expect(await AlibabaCredentials.chain(SourceBench().sources(server)).walk().states[4] == .absent)
    }

    @Test("the login of the command-line tool comes last") func tool() async throws {
        var bench = SourceBench()
        bench.programs["az account get-access-token --output json --scope https://management.azure.com/.default"] =
            #"{"accessToken": "\#(planted)", "expires_on": 1767229200}"#
        let (states, value, _) = await AzureCredentials.chain(bench.sources(nil)).walk()
        #expect(states == [.absent, .absent, .absent, .answered] && value?.token == Secret(planted))
    }

    @Test("a wrong secret: the authority's words, auth, and the chain ends") func wrongSecret() async throws {
        let server = try FaultServer { request in
            .respond(
                401,
                #"{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret \#(form(request)["client_secret"] ?? "")", "error_codes": [7000215]}"#
            )
        }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "\(planted)-wrong"]
        let failure = try await failure { try await AzureCredentials.chain(bench.sources(server)).credential() }
        #expect(failure.kind == .auth && failure.message.contains("AADSTS7000215") && !"\(failure)".contains(planted))
    }
}

@Suite("Credentials of Google Cloud", .timeLimit(patience))
struct GCPCredentialTests {
    private func file(_ members: [String: JSONValue]) -> String { JSONValue.object(members).text }

    @Test("nothing is set up") func nothing() async throws {
        let (states, _, reports) = await GCPCredentials.chain(SourceBench().sources(nil)).walk()
        #expect(states == [.absent, .absent, .absent])
        #expect(reports[1].detail.contains("/home-of-test/.config/gcloud/application_default_credentials.json"))
    }

    @Test("a service account's key: an assertion by RS256") func serviceAccount() async throws {
        let server = try FaultServer { _ in .respond(200, grant) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = ["GOOGLE_APPLICATION_CREDENTIALS": "/key.json"]
        bench.files = [
            "/key.json": file([
                "type": "service_account", "client_email": "robot@example.iam", "private_key": .string(testKey.pem),
                "private_key_id": "k1", "token_uri": .string(server.url + "/token"),
            ])
        ]
        let (states, value, reports) = await GCPCredentials.chain(bench.sources(server)).walk()
        #expect(states == [.answered, .notAsked, .notAsked] && value?.token == Secret("\(planted)-access"))
        #expect(reports[0].detail == "service account `robot@example.iam`, `/key.json`")
        let fields = form(try #require(server.requests.first))
        #expect(fields["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer")
        let (header, claims) = try verified(fields["assertion"] ?? "", padding: .insecurePKCS1v1_5)
        #expect(header["alg"] == "RS256" && header["kid"] == "k1")
        #expect(claims["iss"] == "robot@example.iam" && claims["aud"]?.string == server.url + "/token")
        #expect(claims["iat"] == .int(1_767_225_600) && claims["exp"] == .int(1_767_229_200))
        #expect(claims["scope"]?.string == GCPCredentials.readOnly)
    }

    @Test("an assertion is made anew with the right time where the clock is wrong") func skewedAssertion() async throws
    {
        let server = try FaultServer { request in
            let fields = form(request)
            let claims = try? verified(fields["assertion"] ?? "", padding: .insecurePKCS1v1_5).claims
            return claims?["iat"] == .int(1_767_232_800)
                ? .respond(200, grant)
                : .respond(
                    400, #"{"error": "invalid_grant", "error_description": "Token must be in a reasonable timeframe"}"#,
                    [("Date", "Thu, 01 Jan 2026 02:00:00 GMT")])
        }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = ["GOOGLE_APPLICATION_CREDENTIALS": "/key.json"]
        bench.files = [
            "/key.json": file([
                "type": "service_account", "client_email": "r", "private_key": .string(testKey.pem),
                "token_uri": .string(server.url + "/token"),
            ])
        ]
        _ = try await GCPCredentials.chain(bench.sources(server)).credential()
        #expect(server.requests.count == 2)
    }

    @Test("the login of a user in the well-known file, with its quota project") func user() async throws {
        let server = try FaultServer { _ in .respond(200, grant) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = ["CLOUDSDK_CONFIG": "/sdk"]
        bench.files = [
            "/sdk/application_default_credentials.json": file([
                "type": "authorized_user", "client_id": "id", "client_secret": .string("\(planted)-s"),
                "refresh_token": .string("\(planted)-r"), "quota_project_id": "billed",
            ])
        ]
        let found = try await GCPCredentials.chain(bench.sources(server)).credential()
        #expect(found.value.project == "billed")
        #expect(
            form(try #require(server.requests.first)) == [
                "grant_type": "refresh_token", "client_id": "id", "client_secret": "\(planted)-s",
                "refresh_token": "\(planted)-r",
            ])
    }

    @Test("workload identity: token from a file or an address, exchanged, and on to a service account")
    func federation() async throws {
        let server = try FaultServer { request in
            switch request.path {
            case "/subject": .respond(200, #"{"value": "\#(planted)-subject"}"#)
            case "/impersonate":
                request.header("Authorization") == "Bearer \(planted)-access"
                    ? .respond(200, #"{"accessToken": "\#(planted)-final", "expireTime": "2026-01-01T01:00:00Z"}"#)
                    : .respond(401)
            default: .respond(200, grant)
            }
        }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = ["GOOGLE_APPLICATION_CREDENTIALS": "/ext.json"]
        let common: [String: JSONValue] = [
            "type": "external_account", "audience": "//iam/pool",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": .string(server.url + "/token"),
        ]
        let byFile = common.merging(["credential_source": .object(["file": "/subject"])]) { $1 }
        bench.files = ["/ext.json": file(byFile), "/subject": "\(planted)-file\n"]
        #expect(
            try await GCPCredentials.chain(bench.sources(server)).credential().value.token
                == Secret("\(planted)-access"))
        let fields = form(try #require(server.requests.last))
        #expect(fields["subject_token"] == "\(planted)-file" && fields["audience"] == "//iam/pool")
        #expect(fields["scope"] == GCPCredentials.readOnly)
        let source: JSONValue = .object([
            "url": .string(server.url + "/subject"), "headers": .object(["Metadata": "x"] as [String: JSONValue]),
            "format": .object(["type": "json", "subject_token_field_name": "value"]),
        ])
        bench.files["/ext.json"] = file(
            common.merging([
                "credential_source": source, "service_account_impersonation_url": .string(server.url + "/impersonate"),
            ]) { $1 })
        #expect(
            try await GCPCredentials.chain(bench.sources(server)).credential().value.token == Secret("\(planted)-final")
        )
        let sent = server.requests.suffix(3)
        #expect(sent.map(\.path) == ["/subject", "/token", "/impersonate"] && sent.first?.header("Metadata") == "x")
        bench.files["/ext.json"] = file(
            common.merging(["credential_source": .object(["environment_id": "aws1"])]) { $1 })
        let failure = try await failure { try await GCPCredentials.chain(bench.sources(server)).credential() }
        #expect(failure.kind == .unsupported)
    }

    @Test("metadata server: only one that says it is Google's") func metadata() async throws {
        for flavor in ["Google", "Other"] {
            let server = try FaultServer { request in
                request.header("Metadata-Flavor") == "Google"
                    ? .respond(200, grant, [("Metadata-Flavor", flavor)]) : .respond(403)
            }
            defer { server.stop() }
            let (states, _, _) = await GCPCredentials.chain(SourceBench().sources(server)).walk()
            #expect(states[2] == (flavor == "Google" ? .answered : .absent))
        }
    }

    @Test(
        "files that cannot work end the chain, without their text",
        arguments: [
            "\(planted)", "{}", #"{"type": "gdch", "k": "\#(planted)"}"#,
            #"{"type": "service_account", "client_email": "x", "private_key": "\#(planted)"}"#,
            #"{"type": "authorized_user"}"#,
        ])
    func badFiles(text: String) async throws {
        var bench = SourceBench()
        bench.environment = ["GOOGLE_APPLICATION_CREDENTIALS": "/key.json"]
        bench.files = ["/key.json": text]
        let (states, _, reports) = await GCPCredentials.chain(bench.sources(nil)).walk()
        #expect(states == [.failed, .notAsked, .notAsked] && !reports[0].detail.contains(planted))
    }
}

@Suite("Credentials of Alibaba Cloud", .timeLimit(patience))
struct AlibabaCredentialTests {
    private static let answer = """
        {"Code": "Success", "AccessKeyId": "STS.X", "AccessKeySecret": "\(planted)-s", "SecurityToken": "\(planted)-t",
         "Expiration": "2026-01-01T01:00:00Z"}
        """

    @Test("nothing is set up") func nothing() async throws {
        let (states, _, reports) = await AlibabaCredentials.chain(SourceBench().sources(nil)).walk()
        #expect(states.count == 6 && states.allSatisfy { $0 == .absent })
        #expect(reports[0].detail == "ALIBABA_CLOUD_ACCESS_KEY_ID is not set")
    }

    @Test("environment, files of both kinds") func keys() async throws {
        var bench = SourceBench()
        bench.files = [
            "/home-of-test/.alibabacloud/credentials":
                "[default]\ntype = sts\naccess_key_id = LTAIINI\naccess_key_secret = \(planted)\nsecurity_token = \(planted)-t\n"
        ]
        let ini = await AlibabaCredentials.chain(bench.sources(nil)).walk()
        #expect(ini.states[3] == .answered && ini.value?.securityToken == Secret("\(planted)-t"))
        bench.files["/home-of-test/.aliyun/config.json"] = """
            {"current": "prod", "profiles": [{"name": "prod", "mode": "AK", "access_key_id": "LTAICLI", "access_key_secret": "\(planted)"}]}
            """
        let cli = await AlibabaCredentials.chain(bench.sources(nil)).walk()
        #expect(cli.states[2] == .answered && cli.value?.accessKeyID == "LTAICLI")
        bench.environment = ["ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIENV", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": planted]
        let environment = await AlibabaCredentials.chain(bench.sources(nil)).walk()
        #expect(environment.states[0] == .answered && environment.value?.accessKeyID == "LTAIENV")
    }

    @Test("roles: by OIDC without a signature, by keys with one") func roles() async throws {
        let server = try FaultServer { _ in .respond(200, #"{"RequestId": "R", "Credentials": \#(Self.answer)}"#) }
        defer { server.stop() }
        var bench = SourceBench()
        bench.environment = [
            "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/r",
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p",
            "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/t",
        ]
        bench.files = ["/t": "\(planted)-oidc"]
        #expect(try await AlibabaCredentials.chain(bench.sources(server)).credential().value.accessKeyID == "STS.X")
        let oidc = try #require(server.requests.last)
        #expect(oidc.query("Action") == "AssumeRoleWithOIDC" && oidc.query("Timestamp") == "2026-01-01T00:00:00Z")
        #expect(form(oidc)["OIDCToken"] == "\(planted)-oidc" && oidc.header("Authorization") == nil)
        bench.environment = ["ALIBABA_CLOUD_PROFILE": "dev"]
        bench.files = [
            "/home-of-test/.alibabacloud/credentials":
                "[dev]\ntype = ram_role_arn\naccess_key_id = LTAI\naccess_key_secret = \(planted)\nrole_arn = acs:role\nrole_session_name = me\n"
        ]
        #expect(try await AlibabaCredentials.chain(bench.sources(server)).credential().value.accessKeyID == "STS.X")
        let role = try #require(server.requests.last)
        #expect(role.query("RoleArn") == "acs:role" && role.query("RoleSessionName") == "me")
        #expect(role.header("x-acs-action") == "AssumeRole")
        #expect(role.header("Authorization")?.hasPrefix("ACS3-HMAC-SHA256 Credential=LTAI,") == true)
    }

    @Test("the role of an instance, with a session where the service has them", arguments: [true, false])
    func instance(hasSessions: Bool) async throws {
        let server = try FaultServer { request in
            if request.path == "/latest/api/token" {
                return hasSessions ? .respond(200, "\(planted)-ecs") : .respond(404)
            }
            let isAllowed = !hasSessions || request.header("X-aliyun-ecs-metadata-token") == "\(planted)-ecs"
            guard isAllowed else { return .respond(403) }
            return request.path.hasSuffix("/") ? .respond(200, "reader") : .respond(200, Self.answer)
        }
        defer { server.stop() }
        let (states, value, reports) = await AlibabaCredentials.chain(SourceBench().sources(server)).walk()
        #expect(states[4] == .answered && value?.accessKeyID == "STS.X")
        #expect(reports[4].detail == "role `reader` of this instance")
    }

    @Test("profiles of other kinds are said to be unsupported") func unsupported() async throws {
        var bench = SourceBench()
        bench.files = [
            "/home-of-test/.alibabacloud/credentials.ini":
                "[default]\ntype = rsa_key_pair\nprivate_key_file = \(planted)\n"
        ]
        let failure = try await failure { try await AlibabaCredentials.chain(bench.sources(nil)).credential() }
        #expect(failure.kind == .unsupported && failure.message.contains("rsa_key_pair"))
    }
}
