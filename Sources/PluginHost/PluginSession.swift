internal import Foundation
public import PlimsollCore
internal import PlimsollPlugin

/// A conversation with a running plugin, line by line; every call waits. For one thread at a time.
public final class PluginSession {
    /// What a plugin wrote.
    public enum Message: Sendable {
        /// The answer to a request: its id and its result, or error.
        case answer(id: JSONValue, result: JSONValue, error: JSONValue?)
        /// A batch.
        case batch(Batch)
    }

    /// Rows that a plugin sent.
    public struct Batch: Sendable {
        /// Id of the request they are of.
        public var request: JSONValue
        /// Its number, from 1.
        public var sequence: Int
        /// The rows, unread.
        public var rows: JSONValue
        /// Where the stream goes on.
        public var state: String?
    }

    /// What was started.
    public let program: PluginProgram
    private let process: PluginProcess
    private var lines: LineReader
    private var lastID = 0
    /// Told every line that the plugin writes, before it is read.
    public var observe: (([UInt8]) -> Void)?

    /// Starts a program. `cookie` is false only to see what it does without.
    public init(_ program: PluginProgram, cookie: Bool = true) throws(PluginFault) {
        self.program = program
        process = try PluginProcess(program, cookie: cookie)
        lines = LineReader(process.output, limit: program.limits.lineBytes)
    }

    /// Id of the process and of its group.
    public var processID: Int32 { process.pid }
    /// What it wrote to standard error, as far as it is kept.
    public var log: [UInt8] { process.logged }
    /// Its exit status, 128 + signal where it was killed; nil where it still runs after that many seconds.
    public func exitStatus(within seconds: Double) -> Int32? { process.exitStatus(within: seconds) }
    /// Whether processes of its group are left.
    public var hasLeftovers: Bool { process.hasLeftovers }
    /// Ends all of its processes.
    public func kill() { process.killGroup() }
    /// Closes its standard input.
    public func closeInput() { process.input.close() }

    // MARK: Lines

    /// Writes bytes as they are.
    public func send(bytes: [UInt8]) throws(PluginFault) {
        switch process.input.write(bytes, until: Date(timeIntervalSinceNow: program.limits.promptSeconds)) {
        case .all: return
        case .late: throw fault("process.reads", "it did not read its standard input")
        case .gone: throw ended("it closed its standard input")
        }
    }

    /// Sends a request; returns its id.
    @discardableResult
    public func send(_ method: String, _ params: JSONValue, id: JSONValue? = nil) throws(PluginFault) -> JSONValue {
        lastID += 1
        let id = id ?? .int(lastID)
        try send(["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params])
        return id
    }

    /// Sends a notification.
    public func notify(_ method: String, _ params: JSONValue) throws(PluginFault) {
        try send(["jsonrpc": "2.0", "method": .string(method), "params": params])
    }

    private func send(_ message: JSONValue) throws(PluginFault) {
        try send(bytes: Array(message.canonical.utf8) + [0x0A])
    }

    /// The next message; throws where none comes in time, or what comes is none.
    public func receive(within seconds: Double, waitingFor what: String) throws(PluginFault) -> Message {
        switch lines.next(until: Date(timeIntervalSinceNow: seconds)) {
        case .line(let bytes):
            observe?(bytes)
            return try message(bytes)
        case .end(let isCut):
            throw ended(isCut ? "its output ended inside a line" : "it ended while \(what) was waited for")
        case .late: throw fault("process.time", "no answer within \(Self.text(seconds)) s: \(what) was waited for")
        case .tooLong:
            throw fault("stdout.line", "it wrote a line of more than \(program.limits.lineBytes) bytes")
        }
    }

    /// Whether it writes nothing more before it ends. For a program that should have nothing to say.
    public func outputUntilEnd(within seconds: Double) -> [UInt8]? {
        switch lines.next(until: Date(timeIntervalSinceNow: seconds)) {
        case .line(let bytes): bytes
        case .tooLong: []
        case .end(let isCut): isCut ? [] : nil
        case .late: nil
        }
    }

    private func message(_ bytes: [UInt8]) throws(PluginFault) -> Message {
        let shown = Self.shown(bytes)
        guard let json = JSONValue(parsing: bytes), case .object = json else {
            throw fault("stdout.protocol", "it wrote a line that is no JSON object: `\(shown)`")
        }
        guard json["jsonrpc"] == "2.0" else {
            throw fault("stdout.protocol", "it wrote a message without `\"jsonrpc\":\"2.0\"`: `\(shown)`")
        }
        if let method = json["method"] {
            guard method == "batch", let params = json["params"] else {
                throw fault("stdout.protocol", "it wrote a message that hosts do not know: `\(shown)`")
            }
            return .batch(try batch(params))
        }
        let faults = PluginProtocol.schema.faults(in: json, of: "response", named: "answer")
        guard faults.isEmpty, let id = json["id"] else {
            throw fault("stdout.protocol", "its answer is wrong: \(faults.joined(separator: "; ")): `\(shown)`")
        }
        return .answer(id: id, result: json["result"] ?? [:], error: json["error"])
    }

    private func batch(_ params: JSONValue) throws(PluginFault) -> Batch {
        // Rows are read later, by their own rules.
        guard let request = params["request"], case .int(let sequence) = params["seq"], let rows = params["rows"] else {
            throw fault("read.sequence", "a batch needs `request`, `seq` (a whole number) and `rows`")
        }
        switch params["state"] {
        case nil, .null: return Batch(request: request, sequence: sequence, rows: rows, state: nil)
        case .string(let state): return Batch(request: request, sequence: sequence, rows: rows, state: state)
        case let other?:
            throw fault("resume.state", "`state` of a batch is \(JSONSchema.shown(other)), not a string or null")
        }
    }

    // MARK: Faults

    /// A broken rule, unless the reason is that it was ended for its memory.
    func fault(_ rule: String, _ message: String) -> PluginFault {
        guard process.isTooLarge else { return PluginFault(rule, message) }
        let limit = program.limits.memoryBytes >> 20
        return PluginFault("process.memory", "its processes took more than \(limit) MiB of memory")
    }

    /// It is gone, with what it said last.
    func ended(_ message: String) -> PluginFault {
        guard let status = process.exitStatus(within: 1) else { return fault("process.exit", message) }
        let how = status > 128 ? "killed by signal \(status - 128)" : "exit code \(status)"
        let last = String(decoding: log, as: UTF8.self).split(separator: "\n").last.map { "; its log ends: \($0)" }
        return fault("process.exit", "\(message) (\(how)\(last ?? ""))")
    }

    static func shown(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(120), as: UTF8.self) + (bytes.count > 120 ? "…" : "")
    }

    static func text(_ seconds: Double) -> String { seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)" }
}
