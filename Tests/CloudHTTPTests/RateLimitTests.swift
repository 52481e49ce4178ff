import CloudHTTP
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

/// Turns, waits and widths, on a clock that passes only when somebody sleeps.
@Suite("Limits", .timeLimit(patience))
struct RateLimitTests {
    private let key = RateLimiter.Key(account: "1", service: "ec2", region: "us-east-1")

    @Test("a burst at once, then the rate; other buckets are untouched")
    func rate() async throws {
        let clock = FakeClock()
        let limiter = RateLimiter(.init(perSecond: 10, burst: 5), clock: clock)
        for _ in 0..<5 { #expect(try await limiter.acquire(key) == 0) }
        for _ in 0..<20 { try await limiter.acquire(key) }
        #expect(abs(clock.elapsed - 2) < 1e-6)
        #expect(try await limiter.acquire(.init(account: "2", service: "ec2", region: "us-east-1")) == 0)
        #expect(try await limiter.acquire(.init(account: "1", service: "ec2", region: "eu-west-1")) == 0)
    }

    @Test("throttling slows a bucket down, once a second, to a floor; success brings it back, to the usual rate")
    func adaptive() async throws {
        let clock = FakeClock()
        let limiter = RateLimiter(.init(perSecond: 10, burst: 5), clock: clock)
        for _ in 0..<10 { await limiter.slowDown(key) }
        #expect(await limiter.currentRate(key) == 7)
        for _ in 0..<50 {
            clock.advance(1)
            await limiter.slowDown(key)
        }
        #expect(await limiter.currentRate(key) == 0.5)
        for _ in 0..<200 { await limiter.recover(key) }
        #expect(await limiter.currentRate(key) == 10)
    }

    @Test("a service has a rate of its own")
    func serviceRate() async throws {
        let limiter = RateLimiter(services: ["ec2": .init(perSecond: 1, burst: 1)], clock: FakeClock())
        #expect(try await limiter.acquire(key) == 0)
        #expect(try await limiter.acquire(key) == 1)
    }

    @Test("a cancelled wait takes no turn")
    func cancelledTurn() async throws {
        let limiter = RateLimiter(.init(perSecond: 0.01, burst: 1), clock: SystemClock())
        let key = key
        try await limiter.acquire(key)
        let task = Task { try await limiter.acquire(key) }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("no more calls at once than the gate is wide, and all come through")
    func gate() async throws {
        let gate = ConcurrencyGate(width: 3)
        // Whoever leaves frees one place, also where nobody waits.
        for _ in 0..<10 { try await gate.run {} }
        let inside = Peak()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    try await gate.run {
                        inside.enter()
                        try await Task.sleep(for: .milliseconds(2))
                        inside.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.most == 3)
    }

    @Test("whoever is cancelled at the gate leaves it to the others")
    func cancelledAtGate() async throws {
        let gate = ConcurrencyGate(width: 1)
        let (held, end) = AsyncStream<Void>.makeStream()
        let holder = Task { try await gate.run { for await _ in held {} } }
        try await Task.sleep(for: .milliseconds(20))
        let waiter = Task { try await gate.run {} }
        let later = Task { try await gate.run { 1 } }
        try await Task.sleep(for: .milliseconds(20))
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        end.finish()
        #expect(try await later.value == 1)
        try await holder.value
    }

    @Test("the same seed gives the same waits, all within the range")
    func jitter() {
        let policy = RetryPolicy()
        let first = Jitter(seed: 3)
        let second = Jitter(seed: 3)
        for attempt in 1..<100 {
            let wait = policy.wait(after: attempt, jitter: first)
            #expect(wait == policy.wait(after: attempt, jitter: second))
            #expect(wait >= 0 && wait <= 20)
        }
    }

    @Test("calls are counted and timed")
    func totals() async throws {
        let server = try FaultServer { $0.number == 1 ? .respond(503) : .respond(200, #"{"items": ["a"]}"#) }
        defer { server.stop() }
        let bench = Bench()
        let client = bench.client()
        _ = try await client.listing(.get(server))
        let totals = try #require(client.log.totals["test:List"])
        #expect(totals.attempts == 2 && totals.failures == 1 && totals.bytes == 16)
        #expect(bench.recorder.records.map(\.attempt) == [1, 2])
    }

    @Test("calls side by side stay within the client's width")
    func width() async throws {
        var bench = Bench()
        bench.settings.width = 4
        let open = Peak()
        let server = try FaultServer { _ in
            open.enter()
            usleep(20_000)
            open.leave()
            return .respond(200, #"{"items": ["a"]}"#)
        }
        defer { server.stop() }
        let client = bench.client()
        let call = try CloudCall.get(server)
        let all = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<24 { group.addTask { try await client.listing(call) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(all.count == 24)
        #expect(open.most <= 4)
    }
}

/// Proxies and what goes over the wire.
@Suite("Transport", .timeLimit(patience))
struct TransportTests {
    @Test("path and query arrive byte for byte")
    func bytes() async throws {
        let server = try FaultServer { _ in .respond(200, "{}") }
        defer { server.stop() }
        for path in ["/a//b/../c%20d/%E1%88%B4", "/", "/x/./y", "/a+b:c@d,e;f=g", "/tr%2Fick%252F"] {
            var call = try CloudCall.get(server, "/")
            call.request.path = path
            call.request.query = [("a b", "c/d+e&f=ü"), ("empty", ""), ("$filter", "x eq 'y'")]
            _ = try await Bench().client().send(call)
            #expect(server.requests.last?.target == call.request.target, "\(path)")
        }
    }

    @Test("a form is sent as it is signed") func form() async throws {
        let server = try FaultServer { _ in .respond(200, "{}") }
        defer { server.stop() }
        var call = try CloudCall.get(server, "/")
        call.request.method = "POST"
        call.request.setForm([("Action", "A b"), ("Filter.1.Value", "ä+&=")])
        _ = try await Bench().client().send(call)
        let sent = try #require(server.requests.last)
        #expect(sent.method == "POST" && sent.text == "Action=A%20b&Filter.1.Value=%C3%A4%2B%26%3D")
        #expect(sent.header("Content-Type")?.hasPrefix("application/x-www-form-urlencoded") == true)
    }

    @Test("requests go to the proxy of the environment, with its password; exceptions and this machine do not")
    func proxy() async throws {
        let proxy = try FaultServer { request in
            request.method == "CONNECT" ? [.bytes(FaultServer.head(nil))] : .respond(200, "{}")
        }
        defer { proxy.stop() }
        let settings = try ProxySettings(environment: [
            "http_proxy": "http://user:PLANTED-proxy@127.0.0.1:\(proxy.port)"
        ])
        let client = Bench().client(proxies: settings)
        let request = try #require(CloudRequest(url: "http://cloud.invalid/path?x=1"))
        let call = CloudCall("test:Get", request, limit: .init(service: "test"))
        _ = try await client.send(call)
        let seen = try #require(proxy.requests.first)
        #expect(proxy.requests.map(\.target) == ["cloud.invalid:80", "/path?x=1"])
        #expect(seen.header("Proxy-Authorization") == "Basic " + Data("user:PLANTED-proxy".utf8).base64EncodedString())
        let direct = try FaultServer { _ in .respond(200, "{}") }
        defer { direct.stop() }
        _ = try await client.send(.get(direct))
        #expect(proxy.requests.count == 2 && direct.requests.count == 1)
    }

    @Test("an https request opens a tunnel through the proxy, and says that it was refused")
    func tunnel() async throws {
        let proxy = try FaultServer { _ in .respond(403, "no") }
        defer { proxy.stop() }
        var bench = Bench()
        bench.settings.retry = .once
        let settings = try ProxySettings(environment: ["HTTPS_PROXY": "127.0.0.1:\(proxy.port)"])
        let request = try #require(CloudRequest(url: "https://cloud.invalid/"))
        let call = CloudCall("test:Get", request, limit: .init(service: "test"))
        let failure = try await failure { try await bench.client(proxies: settings).send(call) }
        #expect(failure.kind == .config && failure.hint.contains("HTTPS_PROXY"))
        #expect(proxy.requests.first?.method == "CONNECT" && proxy.requests.first?.target == "cloud.invalid:443")
    }

    @Test(
        "which hosts have no proxy",
        arguments: [
            ("api.example.com", true), ("example.com", false), ("deep.in.example.com", false), ("notexample.com", true),
            ("10.1.2.3", false), ("11.1.2.3", true), ("127.0.0.1:80", false), ("169.254.169.254", false),
            ("localhost:8080", false), ("[::1]:443", false), ("metadata.google.internal", false),
            ("port.test:8443", false),
            ("port.test", true), ("100.100.100.200", false),
        ])
    func exceptions(host: String, isProxied: Bool) throws {
        let settings = try ProxySettings(environment: [
            "HTTPS_PROXY": "http://proxy:3128",
            "NO_PROXY": ".in.example.com, example.com:443,10.0.0.0/8,port.test:8443,.exact",
        ])
        let host = host == "example.com" ? "example.com:443" : host
        #expect((settings.server(scheme: "https", host: host) != nil) == isProxied)
    }

    @Test("the address of a proxy that is none is a config error without its text") func badProxy() throws {
        for text in ["socks5://u:PLANTED-proxy@h:1", "http://", "http://u:PLANTED-proxy@:3"] {
            do {
                _ = try ProxySettings(environment: ["https_proxy": text])
                Issue.record("taken: \(text)")
            } catch {
                #expect(error.kind == .config && !"\(error)".contains("PLANTED"))
            }
        }
        let star = try ProxySettings(environment: ["HTTPS_PROXY": "http://p", "NO_PROXY": "*"])
        #expect(star.server(scheme: "https", host: "x") == nil)
    }

    @Test("dates of headers") func dates() {
        #expect(CloudRequest(url: "HTTP://User@host/") == nil)
        #expect(CloudRequest(url: "http://host:80/a?b=c#d")?.origin == "http://host")
        #expect(CloudRequest(url: "https://HOST")?.target == "/")
        #expect(Instant(secondsSince1970: -1).description == "1969-12-31T23:59:59Z")
    }
}
