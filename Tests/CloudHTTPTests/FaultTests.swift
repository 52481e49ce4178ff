import CloudHTTP
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

/// Everything that servers and networks do wrong ends in the right result or in a classed error, in bounded time.
@Suite("Faults", .timeLimit(patience))
struct FaultTests {
    private let bench = Bench()

    @Test("429 and 503 without Retry-After: waits grow within their bounds", arguments: [429, 503])
    func busy(status: Int) async throws {
        let server = try FaultServer { $0.number <= 3 ? .respond(status, "busy") : .respond(200, #"{"items": ["a"]}"#) }
        defer { server.stop() }
        let client = bench.client()
        #expect(try await client.listing(.get(server)) == ["a"])
        #expect(server.requests.count == 4)
        let waits = bench.clock.sleeps.filter { $0 > 0.001 }
        #expect(waits.count == 3)
        for (wait, end) in zip(waits, [0.5, 1, 2]) { #expect(wait <= end) }
        #expect(Set(waits).count == 3, "full jitter gives different waits")
    }

    @Test("Retry-After is kept to, in seconds and as a date", arguments: ["7", "Thu, 01 Jan 2026 00:00:07 GMT"])
    func retryAfter(value: String) async throws {
        let server = try FaultServer {
            $0.number == 1 ? .respond(503, "", [("Retry-After", value)]) : .respond(200, #"{"items": ["a"]}"#)
        }
        defer { server.stop() }
        #expect(try await bench.client().listing(.get(server)) == ["a"])
        #expect(bench.clock.sleeps.contains { abs($0 - 7) < 0.001 })
    }

    @Test("a Retry-After beyond the cap on waiting ends at once, and says so")
    func longRetryAfter() async throws {
        let server = try FaultServer { _ in .respond(429, "", [("Retry-After", "3600")]) }
        defer { server.stop() }
        let failure = try await failure { try await bench.client().listing(.get(server)) }
        #expect(failure.kind == .throttled)
        #expect(failure.hint.contains("3600 s"))
        #expect(server.requests.count == 1)
    }

    @Test("a server that is always busy: a number of tries, no more")
    func alwaysBusy() async throws {
        let server = try FaultServer { _ in .respond(503) }
        defer { server.stop() }
        let failure = try await failure { try await bench.client().listing(.get(server)) }
        #expect(failure.kind == .transient && failure.status == 503)
        #expect(failure.message.contains("try 6"))
        #expect(server.requests.count == 6)
    }

    @Test("all waits together stay within the cap")
    func totalWait() async throws {
        var bench = bench
        bench.settings.retry.attempts = 1_000
        let server = try FaultServer { _ in .respond(503, "", [("Retry-After", "25")]) }
        defer { server.stop() }
        _ = try await failure { try await bench.client().listing(.get(server)) }
        #expect(bench.clock.sleeps.reduce(0, +) <= 120)
        #expect(server.requests.count == 5)
    }

    @Test(
        "throttling has many names",
        arguments: [
            (400, #"{"__type": "com.amazonaws#ThrottlingException", "message": "Rate exceeded"}"#),
            (
                400,
                "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
            ),
            (503, "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>"),
            (503, "<Error><Code>SlowDown</Code><Message>reduce</Message></Error>"),
            (400, #"{"Code": "Throttling.User", "Message": "flow control", "RequestId": "R"}"#),
            (403, #"{"error": {"code": 403, "errors": [{"reason": "rateLimitExceeded"}], "message": "m"}}"#),
            (429, #"{"error": {"code": "TooManyRequests", "message": "m"}}"#),
        ])
    func throttlingCodes(status: Int, body: String) async throws {
        let server = try FaultServer { $0.number == 1 ? .respond(status, body) : .respond(200, #"{"items": ["a"]}"#) }
        defer { server.stop() }
        let client = bench.client()
        #expect(try await client.listing(.get(server)) == ["a"])
        #expect(bench.recorder.records.map(\.outcome) == ["throttled", "ok"])
    }

    @Test("what the endpoint does not offer is said at once, without retries")
    func notOffered() async throws {
        let answers: [(Int, String)] = [
            (501, "x"), (400, "<Response><Errors><Error><Code>InvalidAction</Code></Error></Errors></Response>"),
            (500, "The DescribeReservedInstances action has not been implemented"),
            (500, #"{"message": "not yet implemented"}"#),
        ]
        for (status, body) in answers {
            let server = try FaultServer { _ in .respond(status, body) }
            defer { server.stop() }
            let failure = try await failure { try await bench.client().listing(.get(server)) }
            #expect(failure.kind == .unsupported, "\(body)")
            #expect(server.requests.count == 1)
        }
    }

    @Test("a connection reset in the middle of a body: asked again, nothing twice")
    func resetMidBody() async throws {
        let body = #"{"items": ["a", "b"]}"#
        let server = try FaultServer { request in
            guard request.number == 1 else { return .respond(200, body) }
            return [
                .bytes(.init(FaultServer.head(body.utf8.count)) + Array(body.utf8.prefix(9))), .pause(0.05), .reset,
            ]
        }
        defer { server.stop() }
        #expect(try await bench.client().listing(.get(server)) == ["a", "b"])
        #expect(bench.recorder.records.map(\.outcome) == ["transient", "ok"])
    }

    @Test("a body shorter than announced: asked again")
    func shortBody() async throws {
        let server = try FaultServer { request in
            guard request.number == 1 else { return .respond(200, #"{"items": ["a"]}"#) }
            return [.bytes(FaultServer.head(400) + Array(#"{"items": ["#.utf8)), .close]
        }
        defer { server.stop() }
        #expect(try await bench.client().listing(.get(server)) == ["a"])
    }

    @Test("truncated JSON that came whole: asked once more, then the right result or a data error")
    func truncatedJSON() async throws {
        let server = try FaultServer {
            $0.number == 1 ? .respond(200, #"{"items": ["a""#) : .respond(200, #"{"items": ["a"]}"#)
        }
        defer { server.stop() }
        #expect(try await bench.client().listing(.get(server)) == ["a"])
        let broken = try FaultServer { _ in .respond(200, #"{"items": ["a""#) }
        defer { broken.stop() }
        let failure = try await failure { try await bench.client().listing(.get(broken)) }
        #expect(failure.kind == .data && failure.message.contains("cut off"))
        #expect(broken.requests.count == 2)
    }

    @Test("truncated XML, XML with a document type and broken XML are data errors")
    func truncatedXML() async throws {
        let documents = [
            "<a><b>1</b>", "<a><b>1</a>", #"<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>"#, "<a>&x;</a>", "", "<a",
            "<a b='",
            "<a/><b/>", String(repeating: "<a>", count: 100_000),
        ]
        for body in documents {
            let server = try FaultServer { _ in .respond(200, body) }
            defer { server.stop() }
            let failure = try await failure {
                try await bench.client().send(.get(server)) { response throws(CloudFailure) in try response.xml() }
            }
            #expect(failure.kind == .data, "\(body.prefix(40))")
        }
    }

    @Test("invalid UTF-8 is a data error, in JSON and in XML")
    func invalidUTF8() async throws {
        for body in [
            Array(#"{"items": [""#.utf8) + [0xC3, 0x28] + Array(#""]}"#.utf8),
            Array("<a>".utf8) + [0xFF] + Array("</a>".utf8),
        ] {
            let server = try FaultServer { _ in .respond(200, body) }
            defer { server.stop() }
            let failure = try await failure {
                try await bench.client().send(.get(server)) { response throws(CloudFailure) in
                    response.body.first == UInt8(ascii: "<") ? try response.xml().name : try response.json().text
                }
            }
            #expect(failure.kind == .data && failure.message.contains("UTF-8"))
        }
    }

    @Test("a body that dribbles ends by the time for the whole, one that stalls by the time between two pieces")
    func slowLoris() async throws {
        var bench = bench
        bench.settings.total = 0.6
        bench.settings.retry = .once
        let dribble = try FaultServer { _ in
            [.bytes(FaultServer.head(10_000)), .repeated([0x20], times: 10_000, every: 0.05)]
        }
        defer { dribble.stop() }
        let first = try await failure { try await bench.client(SystemClock()).listing(.get(dribble)) }
        #expect(first.kind == .transient && first.message.contains("longer than"))
        bench.settings.total = 300
        bench.limits.idle = 0.3
        let stall = try FaultServer { _ in [.bytes(FaultServer.head(10_000)), .pause(3)] }
        defer { stall.stop() }
        let second = try await failure { try await bench.client(SystemClock()).listing(.get(stall)) }
        #expect(second.kind == .transient && second.message.contains("nothing came"))
    }

    @Test("a server that accepts and never answers ends by the time to the head")
    func silent() async throws {
        var bench = bench
        bench.settings.head = 0.3
        bench.settings.retry = .once
        let server = try FaultServer { _ in [.pause(3)] }
        defer { server.stop() }
        let failure = try await failure { try await bench.client().listing(.get(server)) }
        #expect(failure.kind == .transient && failure.status == 0)
    }

    @Test("a refusal counts by its status, however large, slow or broken its text is")
    func refusalTexts() async throws {
        var bench = bench
        bench.settings.retry = .once
        let texts: [[FaultServer.Step]] = [
            [
                .bytes([FaultServer.Step].head(503, length: 10_000_000_000)),
                .repeated(.init(repeating: 65, count: 65_536), times: 100_000, every: 0),
            ],
            [.bytes([FaultServer.Step].head(503, length: 400) + Array("<Error><Co".utf8)), .pause(0.02), .reset],
            [.bytes([FaultServer.Step].head(503, length: 2) + [0xFF, 0xFE])],
        ]
        for steps in texts {
            let server = try FaultServer { _ in steps }
            defer { server.stop() }
            let failure = try await failure { try await bench.client().listing(.get(server)) }
            #expect(failure.kind == .transient && failure.status == 503)
        }
    }

    @Test("nothing listens: a transient error that names the host")
    func nothingThere() async throws {
        let server = try FaultServer { _ in [] }
        server.stop()
        let failure = try await failure { try await bench.client().listing(.get(server)) }
        #expect(failure.kind == .transient && failure.host == server.host)
        #expect(failure.diagnostic.message.contains(server.host))
    }

    @Test("10 GB are cut at the cap, announced or not")
    func endless() async throws {
        var bench = bench
        bench.settings.cap = 1 << 20
        for length in [10_000_000_000, nil] {
            let server = try FaultServer { _ in
                [
                    .bytes(FaultServer.head(length)),
                    .repeated([UInt8](repeating: 0x20, count: 65_536), times: 160_000, every: 0),
                ]
            }
            defer { server.stop() }
            let failure = try await failure { try await bench.client().listing(.get(server)) }
            #expect(failure.kind == .data && failure.message.contains("larger than"))
            #expect(server.requests.count == 1)
            #expect(server.sent < 64 << 20)
        }
    }

    @Test("what is no HTTP at all is a data error")
    func noHTTP() async throws {
        let server = try FaultServer { _ in [.bytes(Array("SSH-2.0-OpenSSH\r\n\r\n".utf8)), .close] }
        defer { server.stop() }
        let failure = try await failure { try await bench.client().listing(.get(server)) }
        #expect(failure.kind == .data)
    }

    @Test("redirects are not followed: credentials stay with their host")
    func redirect() async throws {
        let other = try FaultServer { _ in .respond(200, #"{"items": ["stolen"]}"#) }
        defer { other.stop() }
        let target = other.url
        let server = try FaultServer { _ in
            .respond(301, "", [("Location", target + "/items"), ("x-amz-bucket-region", "eu-west-1")])
        }
        defer { server.stop() }
        let failure = try await failure {
            try await bench.client().listing(.get(server, "/items", CountingAuthorizer()))
        }
        #expect(failure.kind == .config && failure.hint.contains("eu-west-1"))
        #expect(other.requests.isEmpty)
    }
}

extension FaultServer {
    static func head(_ length: Int?) -> [UInt8] { [Step].head(200, length: length) }
}
