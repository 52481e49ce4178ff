internal import CSpawn
internal import Foundation
internal import Glibc
internal import Synchronization

/// One end of a pipe, closed once.
final class PipeEnd: Sendable {
    let descriptor: Int32
    private let isClosed = Atomic(false)

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close() }

    func close() {
        if !isClosed.exchange(true, ordering: .relaxed) { _ = Glibc.close(descriptor) }
    }

    func setNonBlocking() { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) }

    /// Whether something can be read or written, or the other end is gone, before `deadline`.
    func isReady(_ events: Int32, until deadline: Date) -> Bool {
        while true {
            let left = deadline.timeIntervalSinceNow
            var one = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let count = poll(&one, 1, Int32(max(0, min(left, 3_600)) * 1_000 + (left > 0 ? 1 : 0)))
            if count > 0 { return true }
            if count < 0, errno != EINTR { return true }
            if Date() >= deadline { return false }
        }
    }

    /// How a write ended.
    enum Written { case all, late, gone }

    /// Writes all of `bytes`; the other end may be gone, which must not end this program.
    func write(_ bytes: [UInt8], until deadline: Date) -> Written {
        var pipeSignal = sigset_t()
        sigemptyset(&pipeSignal)
        sigaddset(&pipeSignal, SIGPIPE)
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
        defer {
            var none = timespec()
            while sigtimedwait(&pipeSignal, nil, &none) > 0 {}
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            guard isReady(Int32(POLLOUT), until: deadline) else { return .late }
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count >= 0 else { return .gone }
            rest = rest.dropFirst(count)
        }
        return .all
    }
}

/// A new pipe that no other program inherits.
struct PipePair {
    let read: PipeEnd
    let write: PipeEnd

    init() throws(PluginFault) {
        var ends: [Int32] = [0, 0]
        let code = plimsoll_pipe(&ends)
        guard code == 0 else {
            throw PluginFault("process.start", "no pipe: \(String(cString: strerror(code)))")
        }
        (read, write) = (PipeEnd(ends[0]), PipeEnd(ends[1]))
    }
}

/// Takes lines out of a pipe, none longer than a limit.
struct LineReader {
    enum Next {
        case line([UInt8])
        /// The other end was closed; whether a line was cut by it.
        case end(cut: Bool)
        case late
        case tooLong
    }

    private let end: PipeEnd
    private let limit: Int
    /// What was read and is not yet a line.
    private var buffer: [UInt8] = []
    private var begin = 0
    private var searched = 0
    private var chunk = [UInt8](repeating: 0, count: 262_144)

    init(_ end: PipeEnd, limit: Int) {
        (self.end, self.limit) = (end, limit)
    }

    /// The next line without its LF.
    mutating func next(until deadline: Date) -> Next {
        while true {
            if let mark = Self.mark(in: buffer, from: searched) {
                defer {
                    begin = mark + 1
                    searched = begin
                }
                return mark - begin > limit ? .tooLong : .line(Array(buffer[begin..<mark]))
            }
            searched = buffer.count
            guard buffer.count - begin <= limit else { return .tooLong }
            guard end.isReady(Int32(POLLIN), until: deadline) else { return .late }
            guard fill() else { return .end(cut: begin < buffer.count) }
        }
    }

    /// Where the next LF is. The C library looks at many bytes at once.
    private static func mark(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { all in
            guard start < all.count, let base = all.baseAddress else { return nil }
            return memchr(base + start, 0x0A, all.count - start).map { UnsafeRawPointer($0) - base }
        }
    }

    private mutating func fill() -> Bool {
        if begin > 0 {
            buffer.removeSubrange(0..<begin)
            searched -= begin
            begin = 0
        }
        var count = 0
        repeat {
            count = chunk.withUnsafeMutableBytes { Glibc.read(end.descriptor, $0.baseAddress, $0.count) }
        } while count < 0 && errno == EINTR
        guard count > 0 else { return false }
        chunk.withUnsafeBufferPointer { buffer.append(contentsOf: UnsafeBufferPointer(rebasing: $0[0..<count])) }
        return true
    }
}
