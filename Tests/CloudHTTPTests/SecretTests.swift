import CloudHTTP
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

/// Marked secrets are put wherever there are secrets; nothing that is logged, said or dumped may show one.
@Suite("Secrets", .timeLimit(patience))
struct SecretTests {
    /// Answers with all that it got: the worst that an error text can do.
    private func echo(_ status: Int, _ wrap: @escaping @Sendable (String) -> String) throws -> FaultServer {
        try FaultServer { request in
            let all = [request.target, request.text] + request.headers.map { "\($0.name): \($0.value)" }
            let text = all.joined(separator: " ").replacingOccurrences(of: "\"", with: "'")
                .replacingOccurrences(of: "<", with: "(").replacingOccurrences(of: "&", with: " ")
            let region = String(text.split(whereSeparator: \.isNewline).joined(separator: " "))
            return .respond(status, wrap(text), [("x-amz-bucket-region", region)])
        }
    }

    private static let wraps: [@Sendable (String) -> String] = [
        { "<Error><Code>SignatureDoesNotMatch</Code><Message>\($0)</Message></Error>" },
        { #"{"error": {"code": "AuthorizationFailed", "message": "\#($0)"}}"# },
        { #"{"error": "invalid_grant", "error_description": "\#($0)"}"# },
        { #"{"Code": "Forbidden.RAM", "Message": "\#($0)", "RequestId": "R"}"# },
        { #"{"Code": "\#($0)", "Message": "m", "RequestId": "\#($0)"}"# },
        { $0 },
    ]

    /// Everything that a run has left: failure, its dump, records, lines.
    private func texts(_ failure: CloudFailure, _ bench: Bench) -> String {
        var dumped = ""
        dump(failure, to: &dumped)
        dump(bench.recorder.records, to: &dumped)
        return ([failure.description, String(reflecting: failure), dumped] + bench.recorder.records.map(\.line))
            .joined(separator: "\n")
    }

    private static let authorizers: [any RequestAuthorizer] = [
        AWSAuthorizer(
            SigV4(region: "us-east-1", service: "ec2"),
            credentials: CredentialCache { () async throws(CloudFailure) in
                Dated(
                    SigV4.Credentials(
                        accessKeyID: "AKIAX", secretAccessKey: Secret("\(planted)-aws-secret"),
                        sessionToken: Secret("\(planted)/aws+session=")))
            }),
        AlibabaAuthorizer(
            credentials: CredentialCache { () async throws(CloudFailure) in
                Dated(
                    ACS3.Credentials(
                        accessKeyID: "LTAIX", accessKeySecret: Secret("\(planted)-acs-secret"),
                        securityToken: Secret("\(planted)-acs-token")))
            }),
        BearerAuthorizer(
            credentials: CredentialCache { () async throws(CloudFailure) in
                Dated(BearerToken(Secret("\(planted)-bearer.with-parts_~+/==")))
            }),
    ]

    @Test("headers, query and form of every kind of credential, against servers that repeat them", arguments: 0..<3)
    func echoed(kind: Int) async throws {
        for wrap in Self.wraps {
            let server = try echo(403, wrap)
            defer { server.stop() }
            let bench = Bench()
            var call = try CloudCall.get(server, "/", Self.authorizers[kind])
            call.request.method = "POST"
            call.request.headers += [("x-acs-action", "A"), ("x-acs-version", "1"), ("Cookie", "\(planted)-cookie")]
            call.request.query = [
                ("X-Amz-Signature", "\(planted)-presigned"), ("X-Amz-Security-Token", "\(planted)+in/query"),
                ("sig", "\(planted)-sas"), ("Action", "Describe"),
            ]
            call.request.setForm([
                ("client_secret", "\(planted)-cs~+&"), ("assertion", "\(planted)-as"),
                ("client_assertion", "\(planted)-ca"),
                ("password", "\(planted)-pw"), ("refresh_token", "\(planted)-rt"), ("subject_token", "\(planted)-st"),
                ("WebIdentityToken", "\(planted)-wi"), ("OIDCToken", "\(planted)-ot"),
            ])
            let failure = try await failure { try await bench.client().send(call) }
            #expect(server.requests.first?.target.contains(planted) == true, "the secrets were sent")
            let all = texts(failure, bench)
            #expect(!all.contains(planted), "\(all)")
            #expect(all.contains("Describe"), "what is no secret stays")
            let signature =
                server.requests.first?.header("Authorization")?.split(separator: "=").last.map(String.init) ?? ""
            #expect(!all.contains(signature))
        }
    }

    @Test("texts of token services and metadata services are not quoted at all where they hold secrets")
    func tokenServices() async throws {
        for body in [#"{"access_token": 7, "x": "\#(planted)"}"#, planted, #"{"a": "\#(planted)"#, "<a>\(planted)"] {
            let server = try FaultServer { _ in .respond(200, body) }
            defer { server.stop() }
            for chain in try chains(server) {
                let bench = Bench()
                let text = await chain(bench)
                #expect(!text.contains(planted), "\(body): \(text)")
                #expect(!bench.recorder.records.map(\.line).joined().contains(planted))
            }
        }
    }

    /// One walk through each vendor's chain with secrets in environment and files.
    private func chains(_ server: FaultServer) throws -> [@Sendable (Bench) async -> String] {
        let environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:role", "AZURE_TENANT_ID": "t",
            "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "\(planted)-env",
            "GOOGLE_APPLICATION_CREDENTIALS": "/user.json",
            "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/token", "ALIBABA_CLOUD_ROLE_ARN": "r",
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p",
        ]
        let user =
            #"{"type": "authorized_user", "client_id": "i", "client_secret": "\#(planted)-a", "refresh_token": "\#(planted)-b"}"#
        @Sendable func sources(_ bench: Bench) -> CredentialSources {
            var made = SourceBench()
            made.environment = environment
            made.files = ["/token": "\(planted)-token", "/user.json": user]
            made.bench = bench
            return made.sources(server)
        }
        return [
            { "\(await AWSCredentials.chain(sources($0)).resolve())" },
            { "\(await AzureCredentials.chain(sources($0)).resolve())" },
            { "\(await GCPCredentials.chain(sources($0)).resolve())" },
            { "\(await AlibabaCredentials.chain(sources($0)).resolve())" },
        ]
    }

    @Test("credentials, tokens and proxies do not show themselves in dumps") func dumps() throws {
        let proxies = try ProxySettings(environment: ["HTTPS_PROXY": "http://u:\(planted)@h:1"])
        var text = "\(proxies)" + String(reflecting: proxies)
        dump(proxies, to: &text)
        dump(Dated(BearerToken(Secret(planted))), to: &text)
        dump(try JSONWebToken(privateKey: Secret(testKey.pem)), to: &text)
        #expect(!text.contains(planted) && !text.contains("PRIVATE KEY"))
    }

    @Test("a token never goes over an open connection to another machine") func openConnection() async throws {
        let request = try #require(CloudRequest(url: "http://cloud.invalid/"))
        let call = CloudCall("test:Get", request, limit: .init(service: "t"), authorizer: Self.authorizers[2])
        let failure = try await failure { try await Bench().client().send(call) }
        #expect(failure.kind == .config)
    }
}
