internal import PlimsollCore

/// Sends calls: credentials → signing → retry → decoding, each call in its turn.
///
/// A value; copies share transport, limits and log. Every method either returns what was asked or throws a
/// ``CloudFailure``; none waits longer than its settings say.
public struct CloudClient: Sendable {
    /// What bounds a call.
    public struct Settings: Sendable {
        /// Retries.
        public var retry = RetryPolicy()
        /// Seconds to the head of a response.
        public var head = 60.0
        /// Seconds for a whole response that is kept in memory.
        public var total = 300.0
        /// Bytes of a response that is kept in memory.
        public var cap = 64 << 20
        /// Calls at once.
        public var width = 16
        /// Pages of one listing.
        public var pages = 100_000

        /// The usual settings.
        public init() {}
    }

    /// What sends.
    public let transport: any HTTPTransport
    /// What bounds calls.
    public var settings: Settings
    /// Counts and times.
    public let log: CallLog
    let clock: any CloudClock
    let limiter: RateLimiter
    let gate: ConcurrencyGate
    let jitter: Jitter
    let skews: ClockSkews

    /// A client over a transport.
    public init(
        transport: any HTTPTransport, settings: Settings = Settings(), clock: any CloudClock = SystemClock(),
        limiter: RateLimiter? = nil, jitter: Jitter = Jitter(), log: CallLog = CallLog()
    ) {
        self.transport = transport
        self.settings = settings
        self.log = log
        self.clock = clock
        self.limiter = limiter ?? RateLimiter(clock: clock)
        self.jitter = jitter
        gate = ConcurrencyGate(width: settings.width)
        skews = ClockSkews()
    }

    private init(_ other: CloudClient, settings: Settings) {
        transport = other.transport
        self.settings = settings
        log = other.log
        clock = other.clock
        limiter = other.limiter
        jitter = other.jitter
        skews = other.skews
        gate = ConcurrencyGate(width: settings.width)
    }

    /// A client over another transport that shares rate limits and log.
    public func over(_ transport: any HTTPTransport) -> CloudClient {
        CloudClient(
            transport: transport, settings: settings, clock: clock, limiter: limiter, jitter: jitter, log: log)
    }

    /// A client of other settings that shares transport, rate limits and log. Credentials are fetched by one:
    /// its gate is its own, so that a call that waits for credentials inside the first gate cannot block them.
    func with(_ settings: Settings) -> CloudClient { CloudClient(self, settings: settings) }

    /// Sends a call and decodes its response; both are tried again together where that may help.
    public func send<Value: Sendable>(
        _ call: CloudCall, decode: @Sendable (CloudResponse) throws(CloudFailure) -> Value
    ) async throws(CloudFailure) -> Value {
        try await retrying(call) { attempt async throws(CloudFailure) -> Value in
            try await once(call, attempt: attempt) { (response, record) async throws(CloudFailure) -> Value in
                let body = try await collect(response.body, cap: call.cap ?? settings.cap, &record)
                let whole = CloudResponse(status: response.status, headers: response.headers, body: body)
                if let hidden = ErrorReading.hidden(in: body) {
                    throw refusal(hidden, call, whole.status, header: whole.header)
                }
                return try Self.decoded(whole, decode)
            }
        }
    }

    private static func decoded<Value>(
        _ response: CloudResponse, _ decode: (CloudResponse) throws(CloudFailure) -> Value
    ) throws(CloudFailure) -> Value {
        do throws(CloudFailure) { return try decode(response) } catch {
            var failure = error
            failure.isDecoding = true
            throw failure
        }
    }

    /// Sends a call and returns its whole response.
    public func send(_ call: CloudCall) async throws(CloudFailure) -> CloudResponse {
        try await send(call) { response throws(CloudFailure) in response }
    }

    // MARK: Retries

    /// Tries until it works, or until another try is no use.
    func retrying<Value: Sendable>(
        _ call: CloudCall, _ body: (Int) async throws(CloudFailure) -> Value
    ) async throws(CloudFailure) -> Value {
        var state = RetryState()
        while true {
            state.attempt += 1
            do throws(CloudFailure) {
                let value = try await body(state.attempt)
                await limiter.recover(call.limit)
                return value
            } catch {
                try await follow(error.at(call.name, call.request.host), call, &state)
            }
        }
    }

    /// Does what a failed try asks for before the next. Throws where there is to be none.
    func follow(
        _ failure: CloudFailure, _ call: CloudCall, _ state: inout RetryState
    ) async throws(CloudFailure) {
        if failure.kind == .throttled { await limiter.slowDown(call.limit) }
        switch state.next(failure, settings.retry, jitter) {
        case .stop(let last): throw last
        case .renew: await call.authorizer.discard()
        case .wait(let seconds): try await pause(seconds)
        case .now: break
        }
    }

    private func pause(_ seconds: Double) async throws(CloudFailure) {
        do { try await clock.sleep(seconds) } catch { throw CloudFailure(.cancelled, "cancelled") }
    }

    // MARK: One try

    /// One try: turn, credentials, gate, head; `read` takes the rest of a response that is no refusal.
    func once<Value: Sendable>(
        _ call: CloudCall, attempt: Int,
        _ read: @Sendable (HTTPResponse, inout CallRecord) async throws(CloudFailure) -> Value
    ) async throws(CloudFailure) -> Value {
        do { try await limiter.acquire(call.limit) } catch { throw CloudFailure(.cancelled, "cancelled") }
        let now = Instant(secondsSince1970: skews.now(call.request.origin, wall: clock.wall))
        let request = try await authorized(call, now)
        let redaction = Redaction(request)
        do {
            return try await gate.run {
                var record = log.begin(call, request, attempt: attempt)
                let start = clock.elapsed
                defer {
                    record.seconds = clock.elapsed - start
                    log.end(record)
                }
                do throws(CloudFailure) {
                    return try await exchange(call, request, &record, read)
                } catch {
                    let failure = redaction.clean(error.at(call.name, request.host))
                    record.outcome = failure.kind.rawValue
                    record.message = failure.message
                    throw failure
                }
            }
        } catch let failure as CloudFailure {
            throw failure
        } catch {
            throw CloudFailure(.cancelled, "cancelled")
        }
    }

    private func authorized(_ call: CloudCall, _ now: Instant) async throws(CloudFailure) -> CloudRequest {
        do throws(CloudFailure) { return try await call.authorizer.authorize(call.request, at: now) } catch {
            // Whoever fetches credentials has tried often enough.
            var failure = error
            failure.isSettled = true
            throw failure
        }
    }

    private func exchange<Value: Sendable>(
        _ call: CloudCall, _ request: CloudRequest, _ record: inout CallRecord,
        _ read: @Sendable (HTTPResponse, inout CallRecord) async throws(CloudFailure) -> Value
    ) async throws(CloudFailure) -> Value {
        let response: HTTPResponse
        do throws(TransportFailure) {
            response = try await transport.send(request, headWithin: settings.head)
        } catch {
            throw CloudFailure(error)
        }
        record.status = response.status
        guard !(200...299).contains(response.status) else { return try await read(response, &record) }
        let body = await beginning(of: response.body, &record)
        throw refusal(ErrorReading(body, headers: response.header), call, response.status, header: response.header)
    }

    /// The body as a whole, within the cap and the time for it.
    func collect(
        _ body: HTTPBody, cap: Int, _ record: inout CallRecord
    ) async throws(CloudFailure) -> [UInt8] {
        let end = clock.elapsed + settings.total
        let pieces = body.makeIterator()
        var bytes: [UInt8] = []
        while let piece = try await Self.piece(of: pieces) {
            bytes += piece
            record.bytes = bytes.count
            guard bytes.count <= cap else {
                var failure = CloudFailure(
                    .data, "the response is larger than \(cap) bytes", hint: "ask for less at once")
                failure.isOverCap = true
                throw failure
            }
            guard clock.elapsed < end else {
                throw CloudFailure(.transient, "the response took longer than \(Int(settings.total)) s")
            }
        }
        return bytes
    }

    /// What there is of a refusal's text: its status counts whether the text comes or not.
    private func beginning(of body: HTTPBody, _ record: inout CallRecord) async -> [UInt8] {
        let end = clock.elapsed + min(settings.total, 10)
        let pieces = body.makeIterator()
        var bytes: [UInt8] = []
        while bytes.count < 1 << 16, clock.elapsed < end, let piece = try? await pieces.next() {
            bytes += piece
            record.bytes = bytes.count
        }
        return bytes
    }

    static func piece(of pieces: HTTPBody.Iterator) async throws(CloudFailure) -> [UInt8]? {
        do throws(TransportFailure) { return try await pieces.next() } catch { throw CloudFailure(error) }
    }
}
