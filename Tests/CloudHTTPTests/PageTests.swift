import CloudHTTP
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

/// Listings: every item once, in order, whatever happens between.
@Suite("Pages", .timeLimit(patience))
struct PageTests {
    private let bench = Bench()

    /// Five pages of ten by token; `fault` answers in place of some requests.
    private func listing(_ fault: @escaping @Sendable (FaultServer.Received) -> [FaultServer.Step]?) throws
        -> FaultServer
    {
        try FaultServer { request in
            if let steps = fault(request) { return steps }
            let number = Int(request.query("page") ?? "0") ?? 0
            let items = (0..<10).map { "\"\(number * 10 + $0)\"" }.joined(separator: ",")
            let next = number < 4 ? #", "next": "\#(number + 1)""# : ""
            return .respond(200, #"{"items": [\#(items)]\#(next)}"#)
        }
    }

    private let all = (0..<50).map(String.init)

    @Test("an interrupted listing delivers every item once, in order")
    func interrupted() async throws {
        let server = try listing { request in
            switch request.number {
            case 2: return .respond(503)
            case 4:
                return [.bytes(FaultServer.head(500) + Array(#"{"items": ["20", "21""#.utf8)), .pause(0.02), .reset]
            case 6: return .respond(200, #"{"items": ["30""#)
            case 8: return [.close]
            default: return nil
            }
        }
        defer { server.stop() }
        #expect(try await bench.client().listing(.get(server)) == all)
        #expect(server.requests.count == 9)
    }

    @Test("a token that expires between pages: new credentials once, and on with the same page")
    func expired() async throws {
        let expirations: [(Int, String)] = [
            (400, "<Response><Errors><Error><Code>RequestExpired</Code></Error></Errors></Response>"),
            (
                400,
                #"{"__type": "ExpiredTokenException", "message": "The security token included in the request is expired"}"#
            ),
            (401, #"{"error": {"code": "ExpiredAuthenticationToken", "message": "The access token expiry"}}"#),
            (
                401,
                #"{"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "invalid authentication credentials"}}"#
            ),
            (403, "<Error><Code>ExpiredToken</Code></Error>"),
            (400, #"{"Code": "InvalidSecurityToken.Expired", "Message": "expired", "RequestId": "R"}"#),
        ]
        for (status, body) in expirations {
            let server = try listing { request in
                let isOld = request.header("Authorization")?.hasSuffix("-1") == true
                return isOld && request.query("page") == "3" ? .respond(status, body) : nil
            }
            defer { server.stop() }
            let client = bench.client()
            #expect(try await client.listing(.get(server, "/items", CountingAuthorizer())) == all, "\(body)")
            #expect(server.requests.count == 6)
            #expect(server.requests.last?.header("Authorization")?.hasSuffix("-2") == true)
        }
    }

    @Test("new credentials that do not help either: one renewal, then an auth error")
    func stillExpired() async throws {
        let server = try FaultServer { _ in
            .respond(401, #"{"error": {"code": "ExpiredAuthenticationToken", "message": "m"}}"#)
        }
        defer { server.stop() }
        let failure = try await failure {
            try await bench.client().listing(.get(server, "/items", CountingAuthorizer()))
        }
        #expect(failure.kind == .auth)
        #expect(server.requests.count == 2)
    }

    @Test("a page token that loops is a data error, at once or after some pages", arguments: ["0", "2"])
    func looping(back: String) async throws {
        let server = try listing { request in
            request.query("page") == "3"
                ? .respond(200, #"{"items": ["x"], "next": "\#(back == "0" ? "3" : back)"}"#) : nil
        }
        defer { server.stop() }
        let failure = try await failure { try await bench.client().listing(.get(server)) }
        #expect(failure.kind == .data && failure.message.contains("circle"))
        #expect(server.requests.count <= 6)
    }

    @Test("an empty token or link ends the listing")
    func emptyToken() async throws {
        let server = try FaultServer { _ in .respond(200, #"{"items": ["a"], "next": ""}"#) }
        defer { server.stop() }
        #expect(try await bench.client().listing(.get(server)) == ["a"])
        let other = try FaultServer { _ in .respond(200, #"{"items": ["a"], "nextLink": ""}"#) }
        defer { other.stop() }
        #expect(try await bench.client().listing(.get(other)) == ["a"])
    }

    @Test("links are followed on their host, whole or by path, with credentials")
    func links() async throws {
        let server = try FaultServer { request in
            switch request.query("$skiptoken") {
            case nil:
                .respond(
                    200,
                    #"{"items": ["a"], "nextLink": "http://\#(request.header("Host") ?? "")/items?$skiptoken=x%2B1&api=2"}"#
                )
            case "x+1": .respond(200, #"{"items": ["b"], "nextLink": "/items?%24skiptoken=y%20z"}"#)
            default: .respond(200, #"{"items": ["\#(request.query("$skiptoken") ?? "")"]}"#)
            }
        }
        defer { server.stop() }
        #expect(try await bench.client().listing(.get(server, "/items", CountingAuthorizer())) == ["a", "b", "y z"])
        #expect(server.requests.allSatisfy { $0.header("Authorization") != nil })
        #expect(server.requests[1].query("api") == "2")
    }

    @Test("a link to another host, port or scheme gets neither credentials nor a request")
    func foreignLink() async throws {
        let thief = try FaultServer { _ in .respond(200, #"{"items": ["stolen"]}"#) }
        defer { thief.stop() }
        for shape in [
            "http://localhost:PORT/items", "http://127.0.0.1:PORT/items", "https://HOST/items",
            "//127.0.0.1:PORT/items",
            "http://HOST@127.0.0.1:PORT/items", "http://HOST\\\\@127.0.0.1:PORT/", "ftp://HOST/items",
        ] {
            let port = thief.port
            let server = try FaultServer { request in
                let link = shape.replacingOccurrences(of: "PORT", with: String(port))
                    .replacingOccurrences(of: "HOST", with: request.header("Host") ?? "")
                return .respond(200, #"{"items": ["a"], "nextLink": "\#(link)"}"#)
            }
            defer { server.stop() }
            let failure = try await failure {
                try await bench.client().listing(.get(server, "/items", CountingAuthorizer()))
            }
            #expect(failure.kind == .data, "\(shape)")
            #expect(server.requests.count == 1)
        }
        #expect(thief.requests.isEmpty)
    }

    @Test(
        "200 with an error body is an error",
        arguments: [
            (
                "<Error><Code>InternalError</Code><Message>We encountered an internal error</Message></Error>",
                "transient"
            ),
            ("<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>no</Message></Error>", "permission"),
            (#"{"error": {"code": 403, "message": "no", "status": "PERMISSION_DENIED"}}"#, "permission"),
            (#"{"Code": "Forbidden.RAM", "Message": "no", "RequestId": "R"}"#, "permission"),
            (#"{"Success": false, "Code": "NotAuthorized", "Message": "no", "Data": {}}"#, "auth"),
            (#"{"error": "invalid_client", "error_description": "no"}"#, "auth"),
        ])
    func hiddenError(body: String, kind: String) async throws {
        var bench = bench
        bench.settings.retry.attempts = 2
        let server = try FaultServer { _ in .respond(200, body) }
        defer { server.stop() }
        let failure = try await failure { try await bench.client().listing(.get(server)) }
        #expect(failure.kind.rawValue == kind)
    }

    @Test("answers that only look like errors are none")
    func noError() async throws {
        for body in [
            #"{"Code": "200", "Message": "ok", "Success": true, "items": ["a"]}"#,
            #"{"Code": "Success", "Message": "Successful!", "RequestId": "R", "Success": true, "items": ["a"]}"#,
            #"{"error": null, "items": ["a"]}"#, #"{"items": ["a"], "message": "x", "code": "y"}"#,
        ] {
            let server = try FaultServer { _ in .respond(200, body) }
            defer { server.stop() }
            #expect(try await bench.client().listing(.get(server)) == ["a"], "\(body)")
        }
    }

    @Test("a clock that is wrong is set right once, by the server's date, and the request signed again")
    func skew() async throws {
        let server = try FaultServer { request in
            let date = [("Date", "Thu, 01 Jan 2026 02:00:00 GMT")]
            let isRight = request.header("X-Time")?.hasPrefix("2026-01-01T02:00") == true
            return isRight
                ? .respond(200, #"{"items": ["a"]}"#, date)
                : .respond(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", date)
        }
        defer { server.stop() }
        let client = bench.client()
        #expect(try await client.listing(.get(server, "/items", CountingAuthorizer())) == ["a"])
        #expect(server.requests.count == 2)
        // What was learnt holds for the next call.
        #expect(try await client.listing(.get(server, "/items", CountingAuthorizer())) == ["a"])
        #expect(server.requests.count == 3)
    }

    @Test("a server that calls the clock wrong whatever the time is left after one correction")
    func stubbornSkew() async throws {
        let server = try FaultServer { request in
            let hour = request.number % 20 + 2
            let date = "Thu, 01 Jan 2026 \(hour < 10 ? "0" : "")\(hour):00:00 GMT"
            return .respond(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", [("Date", date)])
        }
        defer { server.stop() }
        let failure = try await failure {
            try await bench.client().listing(.get(server, "/items", CountingAuthorizer()))
        }
        #expect(failure.kind == .auth)
        #expect(server.requests.count == 2)
    }

    @Test("a listing that never ends stops at a number of pages")
    func endlessPages() async throws {
        var bench = bench
        bench.settings.pages = 20
        let server = try FaultServer { request in .respond(200, #"{"items": [], "next": "\#(request.number)"}"#) }
        defer { server.stop() }
        let failure = try await failure { try await bench.client().listing(.get(server)) }
        #expect(failure.kind == .data && server.requests.count == 20)
    }

    @Test("whoever gives up in the middle gets `cancelled`, soon")
    func cancelled() async throws {
        let server = try FaultServer { _ in [.bytes(FaultServer.head(1_000)), .pause(3)] }
        defer { server.stop() }
        let client = bench.client(SystemClock())
        let call = try CloudCall.get(server)
        let task = Task { try await client.listing(call) }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        let failure = try await failure { try await task.value }
        #expect(failure.kind == .cancelled)
    }
}
