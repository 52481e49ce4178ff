/// Token buckets, one per account × service × region: calls wait for their turn. A bucket slows down when the
/// provider throttles and recovers call by call.
public actor RateLimiter {
    /// What shares a bucket.
    public struct Key: Hashable, Sendable {
        /// Account, subscription or project; empty = that of the credentials.
        public var account: String
        /// Service: `ec2`, …
        public var service: String
        /// Region; empty = global.
        public var region: String

        /// A key.
        public init(account: String = "", service: String, region: String = "") {
            self.account = account
            self.service = service
            self.region = region
        }
    }

    /// How fast a bucket fills.
    public struct Rate: Sendable, Hashable {
        /// Calls a second where nothing throttles.
        public var perSecond: Double
        /// Calls at once after a pause.
        public var burst: Double
        /// Calls a second at the least, however much is throttled.
        public var slowest = 0.5

        /// A rate.
        public init(perSecond: Double = 50, burst: Double = 50) {
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    private struct Bucket {
        var tokens: Double
        var filledAt: Double
        var rate: Double
        var slowedAt = -Double.infinity
    }

    private let usual: Rate
    private let rates: [String: Rate]
    private let clock: any CloudClock
    private var buckets: [Key: Bucket] = [:]

    /// Buckets of the usual rate, or that of their service.
    public init(_ usual: Rate = Rate(), services: [String: Rate] = [:], clock: any CloudClock = SystemClock()) {
        self.usual = usual
        rates = services
        self.clock = clock
    }

    /// Waits for a turn; returns the seconds waited. Throws `CancellationError`, and takes no turn then.
    @discardableResult
    public func acquire(_ key: Key) async throws -> Double {
        var bucket = filled(key)
        bucket.tokens -= 1
        buckets[key] = bucket
        guard bucket.tokens < 0 else { return 0 }
        let wait = -bucket.tokens / bucket.rate
        do {
            try await clock.sleep(wait)
        } catch {
            buckets[key]?.tokens += 1
            throw error
        }
        return wait
    }

    /// The provider throttled: three tenths slower, at most once a second, and no stored turns.
    public func slowDown(_ key: Key) {
        var bucket = filled(key)
        bucket.tokens = min(bucket.tokens, 0)
        if clock.elapsed - bucket.slowedAt >= 1 {
            bucket.rate = max(rate(key).slowest, bucket.rate * 0.7)
            bucket.slowedAt = clock.elapsed
        }
        buckets[key] = bucket
    }

    /// A call went well: a hundredth of the usual rate faster, up to the usual rate.
    public func recover(_ key: Key) {
        guard let rate = buckets[key]?.rate, rate < self.rate(key).perSecond else { return }
        buckets[key] = filled(key)
        buckets[key]?.rate = min(self.rate(key).perSecond, rate + self.rate(key).perSecond / 100)
    }

    /// Calls a second at present.
    public func currentRate(_ key: Key) -> Double { buckets[key]?.rate ?? rate(key).perSecond }

    private func rate(_ key: Key) -> Rate { rates[key.service] ?? usual }

    private func filled(_ key: Key) -> Bucket {
        let now = clock.elapsed
        let rate = rate(key)
        guard var bucket = buckets[key] else {
            return Bucket(tokens: rate.burst, filledAt: now, rate: rate.perSecond)
        }
        bucket.tokens = min(rate.burst, bucket.tokens + (now - bucket.filledAt) * bucket.rate)
        bucket.filledAt = now
        return bucket
    }
}

/// Lets a number of calls through at once; others wait in order.
public actor ConcurrencyGate {
    private var free: Int
    private var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    private var lastID = 0

    /// A gate for `width` calls at once, at least one.
    public init(width: Int) { free = max(1, width) }

    /// Runs `body` inside the gate. Throws `CancellationError` where the task is cancelled while it waits.
    public nonisolated func run<Value: Sendable>(
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await enter()
        do {
            let value = try await body()
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async throws {
        try Task.checkCancellation()
        if free > 0 {
            free -= 1
            return
        }
        lastID += 1
        let id = lastID
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { waiting.append((id, $0)) }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
        if !isIn { throw CancellationError() }
    }

    private func giveUp(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(returning: false)
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().continuation.resume(returning: true)
        }
    }
}
