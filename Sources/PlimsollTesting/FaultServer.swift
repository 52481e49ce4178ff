internal import Foundation
internal import Synchronization

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// A server on loopback that answers as a script says, faults included: bytes, pauses, resets. It ends with the
/// test that made it.
public final class FaultServer: Sendable {
    /// A request as it came in.
    public struct Received: Sendable {
        /// `GET`, `POST`, …
        public var method: String
        /// Path and query as on the wire.
        public var target: String
        /// Headers in the order of the wire.
        public var headers: [(name: String, value: String)]
        /// The body.
        public var body: [UInt8]
        /// Number of the request at this server, from 1.
        public var number: Int

        /// The first header of a name, whatever its case.
        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
        /// A query parameter, decoded.
        public func query(_ name: String) -> String? {
            URLComponents(string: "http://x" + target)?.queryItems?.first { $0.name == name }?.value
        }
        /// The path without the query, as on the wire.
        public var path: String { String(target.prefix { $0 != "?" }) }
        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// What the server does with a request, step by step.
    public enum Step: Sendable {
        /// Sends bytes.
        case bytes([UInt8])
        /// Waits.
        case pause(Double)
        /// Sends the same bytes again and again until the other side has enough, or this many times.
        case repeated([UInt8], times: Int, every: Double)
        /// Breaks the connection off so that the other side sees a reset.
        case reset
        /// Closes the connection.
        case close
    }

    private struct State {
        var requests: [Received] = []
        var connections: Set<Int32> = []
        var isOpen = true
        var sent = 0
    }

    /// Port on 127.0.0.1.
    public let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    private let script: @Sendable (Received) -> [Step]

    /// A server that does with every request what `script` says. Throws where no port can be had.
    public init(_ script: @escaping @Sendable (Received) -> [Step]) throws {
        self.script = script
        listener = socket(AF_INET, streamKind, 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, generic, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileNoSuchFile) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let server = self, server.adopt(connection) else {
                    if connection >= 0 { closeSocket(connection) }
                    return
                }
                Thread.detachNewThread { server.serve(connection) }
            }
        }
    }

    /// Host and port.
    public var host: String { "127.0.0.1:\(port)" }
    /// Address without a slash at the end.
    public var url: String { "http://\(host)" }
    /// What was asked, in the order it came.
    public var requests: [Received] { state.withLock { $0.requests } }
    /// Bytes sent so far.
    public var sent: Int { state.withLock { $0.sent } }

    /// Ends all connections and the server. Safe to repeat.
    public func stop() {
        let open = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen ? (state.connections, true) : ([], false)
        }
        guard open.1 else { return }
        for connection in open.0 { shutdown(connection, Int32(SHUT_RDWR)) }
        shutdown(listener, Int32(SHUT_RDWR))
        closeSocket(listener)
    }

    private func adopt(_ connection: Int32) -> Bool {
        // Nobody waits for ever, whatever a test does.
        var limit = timeval(tv_sec: 600, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        #if canImport(Darwin)
            var yes: Int32 = 1
            setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
        #endif
        return state.withLock { state in
            if state.isOpen { state.connections.insert(connection) }
            return state.isOpen
        }
    }

    // MARK: A connection

    private func serve(_ connection: Int32) {
        var buffer: [UInt8] = []
        while let request = read(connection, &buffer) {
            let numbered = state.withLock { state in
                var request = request
                request.number = state.requests.count + 1
                state.requests.append(request)
                return request
            }
            guard script(numbered).allSatisfy({ perform($0, connection) }) else { break }
        }
        state.withLock { _ = $0.connections.remove(connection) }
        closeSocket(connection)
    }

    private func perform(_ step: Step, _ connection: Int32) -> Bool {
        switch step {
        case .bytes(let bytes): return write(bytes, connection)
        case .pause(let seconds):
            usleep(UInt32(seconds * 1e6))
            return true
        case .repeated(let bytes, let times, let every):
            for _ in 0..<times {
                guard state.withLock({ $0.isOpen }), write(bytes, connection) else { return false }
                if every > 0 { usleep(UInt32(every * 1e6)) }
            }
            return true
        case .reset:
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
            return false
        case .close: return false
        }
    }

    private func write(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, sendFlags) }
            guard count > 0 else { return false }
            state.withLock { $0.sent += count }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func read(_ connection: Int32, _ buffer: inout [UInt8]) -> Received? {
        let mark = Array("\r\n\r\n".utf8)
        while true {
            if let end = buffer.firstRange(of: mark)?.lowerBound {
                guard var request = Self.head(buffer[..<end]) else { return nil }
                let length = Int(request.header("Content-Length") ?? "") ?? 0
                while buffer.count < end + 4 + length { guard more(connection, &buffer) else { return nil } }
                request.body = Array(buffer[(end + 4)..<(end + 4 + length)])
                buffer.removeFirst(end + 4 + length)
                return request
            }
            guard buffer.count < 1 << 20, more(connection, &buffer) else { return nil }
        }
    }

    private func more(_ connection: Int32, _ buffer: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(connection, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer += piece[..<count]
        return true
    }

    private static func head(_ bytes: ArraySlice<UInt8>) -> Received? {
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let mark = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<mark]), line[line.index(after: mark)...].trimmingCharacters(in: .whitespaces))
        }
        return Received(method: words[0], target: words[1], headers: headers, body: [], number: 0)
    }
}

extension [FaultServer.Step] {
    /// A whole response.
    public static func respond(_ status: Int = 200, _ body: String = "", _ headers: [(String, String)] = []) -> Self {
        respond(status, [UInt8](body.utf8), headers)
    }

    /// A whole response of any bytes.
    public static func respond(_ status: Int, _ body: [UInt8], _ headers: [(String, String)] = []) -> Self {
        [.bytes(head(status, length: body.count, headers) + body)]
    }

    /// The head of a response.
    public static func head(_ status: Int, length: Int?, _ headers: [(String, String)] = []) -> [UInt8] {
        var lines = ["HTTP/1.1 \(status) X"] + headers.map { "\($0.0): \($0.1)" }
        if let length { lines.append("Content-Length: \(length)") }
        return [UInt8]((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}

#if canImport(Darwin)
    private let streamKind = SOCK_STREAM
    private let sendFlags: Int32 = 0
    private func closeSocket(_ socket: Int32) { _ = Darwin.close(socket) }
#else
    private let streamKind = Int32(SOCK_STREAM.rawValue)
    private let sendFlags = Int32(MSG_NOSIGNAL)
    private func closeSocket(_ socket: Int32) { _ = Glibc.close(socket) }
#endif
