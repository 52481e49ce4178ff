internal import Foundation
internal import PlimsollCore
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Lines of standard input and output, from the plugin's side. One thread at a time uses it.
final class PluginWire: Sendable {
    struct Request: Sendable {
        var id: JSONValue?
        var method: String
        var params: JSONValue
    }

    /// Bytes that were read and are not yet a line.
    private struct Buffer: Sendable {
        var bytes: [UInt8] = []
        var begin = 0
        var chunk = [UInt8](repeating: 0, count: 65_536)
    }

    private let buffer = Mutex(Buffer())

    /// The next request or notification; nil at the end of standard input. Lines that are none are answered here.
    func next() -> Request? {
        while let line = nextLine() {
            guard line.count <= PluginProtocol.lineBytes else {
                answer(.null, PluginError(PluginError.tooLong, "the line is too long"))
                continue
            }
            guard let json = JSONValue(parsing: line), case .object = json, let method = json["method"]?.string else {
                answer(.null, PluginError(PluginError.notJSON, "the line is no request"))
                continue
            }
            return Request(id: json["id"], method: method, params: json["params"] ?? [:])
        }
        return nil
    }

    /// Whether a line has begun to come, without waiting.
    var hasInput: Bool {
        if buffer.withLock({ $0.bytes.count > $0.begin }) { return true }
        var one = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        return poll(&one, 1, 0) > 0
    }

    private func nextLine() -> [UInt8]? {
        buffer.withLock { buffer in
            var searched = buffer.begin
            while true {
                if let mark = Self.mark(in: buffer.bytes, from: searched) {
                    defer { buffer.begin = mark + 1 }
                    return Array(buffer.bytes[buffer.begin..<mark])
                }
                buffer.bytes.removeSubrange(0..<buffer.begin)
                buffer.begin = 0
                searched = buffer.bytes.count
                let count = buffer.chunk.withUnsafeMutableBytes { read(0, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return nil }
                buffer.chunk.withUnsafeBufferPointer { chunk in
                    buffer.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: chunk[0..<count]))
                }
            }
        }
    }

    private static func mark(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { all in
            guard start < all.count, let base = all.baseAddress else { return nil }
            return memchr(base + start, 0x0A, all.count - start).map { UnsafeRawPointer($0) - base }
        }
    }

    // MARK: Writing

    func answer(_ id: JSONValue?, _ result: JSONValue) {
        guard let id else { return }
        write(Array(JSONValue.object(["jsonrpc": "2.0", "id": id, "result": result]).canonical.utf8))
    }

    func answer(_ id: JSONValue?, _ error: PluginError) {
        guard let id else { return }
        write(Array(JSONValue.object(["jsonrpc": "2.0", "id": id, "error": error.json]).canonical.utf8))
    }

    /// A batch; `rows` is JSON already.
    func batch(_ request: JSONValue, _ sequence: Int, _ rows: [UInt8], state: String?) {
        let head =
            "{\"jsonrpc\":\"2.0\",\"method\":\"batch\",\"params\":{\"request\":\(request.canonical),\"seq\":\(sequence),\"rows\":"
        let tail = state.map { ",\"state\":" + JSONValue.string($0).canonical } ?? ""
        write(Array(head.utf8) + rows + Array((tail + "}}").utf8))
    }

    private func write(_ line: [UInt8]) {
        var rest = (line + [0x0A])[...]
        while !rest.isEmpty {
            #if canImport(Glibc)
                let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
            #else
                let count = rest.withUnsafeBytes { Darwin.write(1, $0.baseAddress, $0.count) }
            #endif
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Sends the batches of one request as far as there is credit for them.
final class BatchSender: CollectSink {
    /// The host wants no more, or is gone.
    struct Cancelled: Error {}

    private struct State: Sendable {
        var credit: Int
        var batches = 0
        var rows = 0
    }

    let batchRows: Int
    private let wire: PluginWire
    private let request: JSONValue
    private let state: Mutex<State>

    init(_ wire: PluginWire, _ request: PluginWire.Request) {
        self.wire = wire
        self.request = request.id ?? .null
        func number(_ key: String, _ other: Int) -> Int {
            if case .int(let value)? = request.params[key] { value } else { other }
        }
        batchRows = max(1, min(number("batch_rows", PluginProtocol.batchRows), PluginProtocol.batchRows))
        state = Mutex(State(credit: number("credit", 0)))
    }

    func push(_ batch: CollectedBatch) async throws {
        let parts = batch.split(into: batchRows)
        for part in parts { try send(RowWriter.rows(part), part.count, state: part.state) }
    }

    func push(_ verdicts: [Verdict]) throws { try send(RowWriter.rows(verdicts), verdicts.count, state: nil) }

    /// The answer of the request.
    func end(cancelled: Bool) -> JSONValue {
        state.withLock { state in
            ["end": cancelled ? "cancelled" : "done", "batches": .int(state.batches), "rows": .int(state.rows)]
        }
    }

    private func send(_ rows: [UInt8], _ count: Int, state mark: String?) throws {
        while state.withLock({ $0.credit }) == 0 || wire.hasInput { try listen() }
        let sequence = state.withLock { state in
            state.credit -= 1
            state.batches += 1
            state.rows += count
            return state.batches
        }
        wire.batch(request, sequence, rows, state: mark)
    }

    /// Takes one message.
    private func listen() throws {
        guard let message = wire.next() else { throw Cancelled() }
        let isOurs = message.params["request"] == request
        switch message.method {
        case "credit":
            guard isOurs, case .int(let more)? = message.params["add"], more > 0 else { return }
            state.withLock { $0.credit += more }
        case "cancel": if isOurs { throw Cancelled() }
        case "ping": wire.answer(message.id, [:] as JSONValue)
        default: wire.answer(message.id, PluginError(PluginError.busy, "a read is running"))
        }
    }
}

extension CollectedBatch {
    /// In parts of at most so many rows; the last one has the state, since it covers them all.
    func split(into size: Int) -> [CollectedBatch] {
        guard count > size else { return [self] }
        var parts: [CollectedBatch] = []
        var part = CollectedBatch()
        func add<Row>(_ rows: [Row], _ list: WritableKeyPath<CollectedBatch, [Row]>) {
            for row in rows {
                part[keyPath: list].append(row)
                guard part.count == size else { continue }
                parts.append(part)
                part = CollectedBatch()
            }
        }
        add(resources, \.resources)
        add(metrics, \.metrics)
        add(prices, \.prices)
        add(catalog, \.catalog)
        add(commitments, \.commitments)
        add(gaps, \.gaps)
        if part.count > 0 { parts.append(part) }
        parts[parts.count - 1].state = state
        return parts
    }
}
