import CloudHTTP
import Foundation
import PlimsollCore
import PlimsollTesting
import Synchronization
import Testing

/// Other tests hold all threads for minutes; beyond this something hangs.
let patience = TimeLimitTrait.Duration.minutes(20)

/// Runs what blocks on a thread of its own: those of tasks are few.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}

/// A clock that passes when somebody sleeps, at once.
final class FakeClock: CloudClock {
    private let state: Mutex<(elapsed: Double, sleeps: [Double])>
    private let start: Double

    /// A clock that begins at 2026-01-01T00:00Z.
    init(start: Double = 1_767_225_600) {
        self.start = start
        state = Mutex((0, []))
    }

    var wall: Double { start + elapsed }
    var elapsed: Double { state.withLock { $0.elapsed } }
    /// What was slept, in order.
    var sleeps: [Double] { state.withLock { $0.sleeps } }

    func sleep(_ seconds: Double) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.elapsed += max(0, seconds)
            state.sleeps.append(seconds)
        }
    }

    func advance(_ seconds: Double) { state.withLock { $0.elapsed += seconds } }
}

/// Records and lines of a run, for looking through.
final class Recorder: Sendable {
    private let kept = Mutex<[CallRecord]>([])

    var records: [CallRecord] { kept.withLock { $0 } }
    func log() -> CallLog { CallLog { record in self.kept.withLock { $0.append(record) } } }
}

/// How many are inside, and how many were at most.
final class Peak: Sendable {
    private let state = Mutex((now: 0, most: 0))

    func enter() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
    }

    func leave() { state.withLock { $0.now -= 1 } }
    var most: Int { state.withLock { $0.most } }
}

/// A number that goes up.
final class Counter: Sendable {
    private let value = Mutex(0)

    /// The number after going up by one.
    @discardableResult func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
    var count: Int { value.withLock { $0 } }
}

/// Client, clock and records for a test against a server of its own.
struct Bench {
    var clock = FakeClock()
    var recorder = Recorder()
    var settings = CloudClient.Settings()
    var limits = ClientTransport.Limits()

    init() {
        // A test may wait long for a thread while others hold them; what is to end early has limits of its own.
        settings.head = 300
        settings.total = 300
        limits.connect = 60
        limits.idle = 300
    }

    func client(_ clock: (any CloudClock)? = nil, proxies: ProxySettings = .none) -> CloudClient {
        CloudClient(
            transport: ClientTransport(limits: limits, proxies: proxies), settings: settings,
            clock: clock ?? self.clock,
            limiter: RateLimiter(.init(perSecond: 10_000, burst: 10_000), clock: clock ?? self.clock),
            jitter: Jitter(seed: 7), log: recorder.log())
    }
}

extension CloudCall {
    /// A GET of a server of a test.
    static func get(
        _ server: FaultServer, _ target: String = "/items", _ authorizer: any RequestAuthorizer = NoAuthorizer()
    ) throws -> CloudCall {
        let request = try #require(CloudRequest(url: server.url + target))
        return CloudCall("test:List", request, limit: .init(service: "test"), authorizer: authorizer)
    }
}

/// The failure that a call ends with.
func failure<Value>(
    _ body: () async throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> CloudFailure {
    do {
        let value = try await body()
        throw MissingFailure(text: "returned \(value)")
    } catch let failure as CloudFailure {
        return failure
    }
}

struct MissingFailure: Error { var text: String }

/// Items and next cursor of a page as these tests' servers write it: `{"items": […], "next": …, "nextLink": …}`.
@Sendable func page(_ response: CloudResponse) throws(CloudFailure) -> CloudPage<String> {
    let value = try response.json()
    guard let items = value["items"]?.array else { throw CloudFailure(.data, "the page has no items") }
    let link = value["nextLink"]?.string.map { PageCursor.link($0) }
    return CloudPage(items: items.compactMap(\.string), next: link ?? value["next"]?.string.map { .token($0) })
}

extension CloudClient {
    /// All items of a listing with tokens or links, delivered page by page.
    func listing(_ call: CloudCall) async throws -> [String] {
        let kept = Mutex<[String]>([])
        try await pages(
            of: call, advance: { $0.query.append(("page", $1)) }, decode: page,
            deliver: { items in kept.withLock { $0 += items } })
        return kept.withLock { $0 }
    }
}

/// An authorizer that counts how often new credentials were asked for, and sends the number with its secret.
actor CountingAuthorizer: RequestAuthorizer {
    private var generation = 1
    let secret: String

    init(secret: String = "PLANTED-bearer-secret") { self.secret = secret }

    func authorize(_ request: CloudRequest, at time: Instant) async throws(CloudFailure) -> CloudRequest {
        var request = request
        request.setHeader("Authorization", "Bearer \(secret)-\(generation)")
        request.setHeader("X-Time", time.description)
        return request
    }

    func discard() async { generation += 1 }
}
