import CloudHTTP
import CryptoExtras
import Foundation
import PlimsollCore
import Testing

/// The environment that scripts/test-peers makes.
enum Peer {
    static let missing: Comment = "no .tools/python: run scripts/test-peers"
    static let python: String? = {
        let beside = URL(fileURLWithPath: #filePath).appending(path: "../../../.tools/python/bin/python")
        let path = beside.standardizedFileURL.path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()
}

/// Our signatures and tokens against those of other people's programs.
@Suite("Peers", .enabled(if: Peer.python != nil, Peer.missing), .timeLimit(patience))
struct PeerTests {
    /// What a script prints that gets `input` on standard input.
    private func run(_ script: String, _ input: JSONValue) async throws -> JSONValue {
        let python = try #require(Peer.python)
        return try await blocking { try Self.run(python, script, input) }
    }

    private static func run(_ python: String, _ script: String, _ input: JSONValue) throws -> JSONValue {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", script]
        let (given, taken) = (Pipe(), Pipe())
        process.standardInput = given
        process.standardOutput = taken
        try process.run()
        try given.fileHandleForWriting.write(contentsOf: Data(input.canonical.utf8))
        try given.fileHandleForWriting.close()
        let output = try taken.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try #require(JSONValue(parsing: Array(output)))
    }

    @Test("google-auth accepts a service account's assertion, and refuses it with one letter changed")
    func googleAuth() async throws {
        let key: JSONValue = .object([
            "type": "service_account", "client_email": "robot@example.iam", "private_key": .string(testKey.pem),
            "private_key_id": "k1", "token_uri": "https://oauth2.googleapis.com/token",
        ])
        let now = Date().timeIntervalSince1970
        let token = try GCPServiceAccount(key, path: "key").assertion(scope: "s", at: Instant(secondsSince1970: now))
            .value
        let script = """
            import json, sys
            from google.auth import jwt
            given = json.load(sys.stdin)
            claims = jwt.decode(given["token"], certs=given["key"], audience="https://oauth2.googleapis.com/token")
            head, body, sign = given["token"].split(".")
            other = ("B" if sign[10] != "B" else "C")
            try:
                jwt.decode(".".join([head, body, sign[:10] + other + sign[11:]]), certs=given["key"])
                claims["refused"] = False
            except Exception:
                claims["refused"] = True
            print(json.dumps(claims))
            """
        let claims = try await run(
            script, .object(["token": .string(token), "key": .string(testKey.private.publicKey.pemRepresentation)]))
        #expect(claims["iss"] == "robot@example.iam" && claims["scope"] == "s" && claims["refused"] == .bool(true))
    }

    @Test("Python's cryptography accepts both forms of a certificate's assertion") func assertions() async throws {
        let maker = try AzureAssertion(pem: Secret(testCertificate), client: "c", audience: "a")
        let now = Instant(secondsSince1970: 1_767_225_600)
        let tokens = [try maker.token(.ps256, at: now, id: "1").value, try maker.token(.rs256, at: now, id: "2").value]
        let script = """
            import base64, json, sys
            from cryptography.hazmat.primitives import hashes, serialization
            from cryptography.hazmat.primitives.asymmetric import padding
            given = json.load(sys.stdin)
            key = serialization.load_pem_public_key(given["key"].encode())
            raw = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            found = []
            for token in given["tokens"]:
                head, body, sign = token.split(".")
                form = json.loads(raw(head))["alg"]
                # PS256 of RFC 7518 wants a salt as long as the hash.
                pad = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if form == "PS256" else padding.PKCS1v15()
                key.verify(raw(sign), (head + "." + body).encode(), pad, hashes.SHA256())
                found.append(form)
            print(json.dumps(found))
            """
        let input: JSONValue = .object([
            "tokens": .array(tokens.map { .string($0) }), "key": .string(testKey.private.publicKey.pemRepresentation),
        ])
        #expect(try await run(script, input) == .array(["PS256", "RS256"]))
    }

    @Test("alibabacloud-openapi-util signs 200 random requests as we do") func alibabaSignatures() async throws {
        let jitter = Jitter(seed: 11)
        let letters = Array("abcXYZ019-_.~ +/=&?%:äß漢*'()!@,;$")
        func word() -> String {
            String((0..<Int(jitter.unit() * 12)).map { _ in letters[Int(jitter.unit() * Double(letters.count))] })
        }
        var cases: [JSONValue] = []
        var signatures: [JSONValue] = []
        for number in 0..<200 {
            var request = CloudRequest(method: number % 2 == 0 ? "POST" : "GET", host: "ecs.cn-hangzhou.aliyuncs.com")
            // The peer keeps parameters in a dictionary, and leaves their names as they are.
            request.query = (0..<number % 7).map { ("p\(($0 * 5) % 7)." + "Ab_-".prefix($0 % 4), word()) }
            if number % 3 == 0 { request.setForm([("a", word()), ("b", word())]) }
            let stages = ACS3().stages(
                request, .init(action: "DescribeX", version: "2014-05-26"),
                credentials: .init(
                    accessKeyID: "id", accessKeySecret: Secret("secret" + String(number)),
                    securityToken: number % 5 == 0 ? Secret("token") : nil),
                at: Instant(secondsSince1970: 1_767_225_600 + Double(number)), nonce: "n\(number)")
            let signed = stages.request
            cases.append(
                .object([
                    "method": .string(signed.method), "path": .string(signed.path),
                    "query": .object(
                        Dictionary(uniqueKeysWithValues: signed.query.map { ($0.name, .string($0.value)) })),
                    "headers": .object(
                        Dictionary(
                            uniqueKeysWithValues: signed.headers.filter { $0.name != "Authorization" }
                                .map { ($0.name.lowercased(), .string($0.value)) })),
                    "payload": .string(signed.header("x-acs-content-sha256") ?? ""),
                    "secret": .string("secret\(number)"),
                ]))
            signatures.append(.string(signed.header("Authorization") ?? ""))
        }
        let script = """
            import json, sys
            from Tea.request import TeaRequest
            from alibabacloud_openapi_util.client import Client
            out = []
            for given in json.load(sys.stdin):
                request = TeaRequest()
                request.method, request.pathname = given["method"], given["path"]
                request.query, request.headers = given["query"], given["headers"]
                out.append(Client.get_authorization(request, "ACS3-HMAC-SHA256", given["payload"], "id", given["secret"]))
            print(json.dumps(out))
            """
        let theirs = try #require(try await run(script, .array(cases)).array)
        #expect(theirs.count == 200)
        for (index, (mine, other)) in zip(signatures, theirs).enumerated() {
            #expect(mine == other, "case \(index): \(cases[index].canonical)")
        }
    }
}
