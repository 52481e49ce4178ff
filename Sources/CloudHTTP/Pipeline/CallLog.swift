internal import PlimsollCore
internal import Synchronization

/// One try of a call, without secrets.
public struct CallRecord: Sendable, Hashable {
    /// Number in the order of beginning, from 1.
    public var number: Int
    /// The call: `ec2:DescribeInstances`.
    public var call: String
    /// Which try, from 1.
    public var attempt: Int
    /// `GET`, …
    public var method: String
    /// Scheme, host and port.
    public var origin: String
    /// Path and query; secret parameters are `****`.
    public var target: String
    /// Headers sent; secret ones are `****`.
    public var headers: [(name: String, value: String)]
    /// Status; 0 = no response.
    public var status = 0
    /// Bytes of the response's body.
    public var bytes = 0
    /// Seconds from sending to the body's end.
    public var seconds = 0.0
    /// Class of the failure, or `ok`.
    public var outcome = "ok"
    /// The failure's text; empty = none.
    public var message = ""

    /// Whether both are the same try.
    public static func == (left: CallRecord, right: CallRecord) -> Bool {
        left.number == right.number && left.outcome == right.outcome && left.status == right.status
    }

    /// Feeds the number.
    public func hash(into hasher: inout Hasher) { hasher.combine(number) }

    /// One line of JSON.
    public var line: String {
        let sent = headers.map { JSONValue.array([.string($0.name), .string($0.value)]) }
        return JSONValue.object([
            "number": .int(number), "call": .string(call), "attempt": .int(attempt), "method": .string(method),
            "origin": .string(origin), "target": .string(target), "headers": .array(sent), "status": .int(status),
            "bytes": .int(bytes), "milliseconds": .int(Int(seconds * 1_000)), "outcome": .string(outcome),
            "message": .string(message),
        ]).canonical
    }
}

/// Counts and times every call, and hands each record to whoever traces.
public final class CallLog: Sendable {
    /// Sums of one call.
    public struct Totals: Sendable, Hashable {
        /// Tries that were sent.
        public var attempts = 0
        /// Tries that failed.
        public var failures = 0
        /// Bytes received.
        public var bytes = 0
        /// Seconds between sending and the end of the body, over all tries.
        public var seconds = 0.0
    }

    private struct State {
        var last = 0
        var totals: [String: Totals] = [:]
    }

    private let state = Mutex(State())
    private let trace: (@Sendable (CallRecord) -> Void)?

    /// A log; `trace` gets every record when its try has ended.
    public init(trace: (@Sendable (CallRecord) -> Void)? = nil) { self.trace = trace }

    /// Sums by call.
    public var totals: [String: Totals] { state.withLock { $0.totals } }

    func begin(_ call: CloudCall, _ request: CloudRequest, attempt: Int) -> CallRecord {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        return CallRecord(
            number: number, call: call.name, attempt: attempt, method: request.method, origin: request.origin,
            target: Redaction.target(request), headers: Redaction.headers(request.headers))
    }

    func end(_ record: CallRecord) {
        state.withLock { state in
            state.totals[record.call, default: Totals()].attempts += 1
            state.totals[record.call, default: Totals()].failures += record.outcome == "ok" ? 0 : 1
            state.totals[record.call, default: Totals()].bytes += record.bytes
            state.totals[record.call, default: Totals()].seconds += record.seconds
        }
        trace?(record)
    }
}
