import CloudHTTP
import Foundation
import PlimsollCore
import PlimsollTesting
import Synchronization
import Testing

/// Large bodies: in constant memory, every byte once, whatever breaks off.
@Suite("Downloads", .timeLimit(patience))
struct DownloadTests {
    private static let object = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }

    /// What is kept of a download.
    private final class Sink: Sendable {
        private let kept = Mutex<[UInt8]>([])
        var bytes: [UInt8] { kept.withLock { $0 } }
        func take(_ piece: [UInt8]) { kept.withLock { $0 += piece } }
    }

    /// A store that breaks off after 70,000 bytes of every answer, for some answers.
    private func store(hasRanges: Bool, breaks: Int, tag: @escaping @Sendable (Int) -> String = { _ in "\"a\"" }) throws
        -> FaultServer
    {
        try FaultServer { request in
            let range = request.header("Range").flatMap { Int($0.dropFirst("bytes=".count).dropLast()) }
            let start = hasRanges ? range ?? 0 : 0
            let rest = Array(Self.object[start...])
            var headers = [("ETag", tag(request.number))]
            if hasRanges, range != nil {
                headers.append(("Content-Range", "bytes \(start)-\(Self.object.count - 1)/\(Self.object.count)"))
            }
            let head = [FaultServer.Step].head(hasRanges && range != nil ? 206 : 200, length: rest.count, headers)
            guard request.number <= breaks else { return [.bytes(head + rest)] }
            return [.bytes(head + rest.prefix(70_000)), .pause(0.03), .reset]
        }
    }

    @Test("a download that breaks off goes on where it was, with ranges and without", arguments: [true, false])
    func resumed(hasRanges: Bool) async throws {
        let server = try store(hasRanges: hasRanges, breaks: 3)
        defer { server.stop() }
        let sink = Sink()
        let count = try await Bench().client().download(.get(server)) { sink.take($0) }
        #expect(count == Self.object.count && sink.bytes == Self.object)
        #expect(server.requests.count == 4)
        if hasRanges { #expect(server.requests[1].header("If-Match") == "\"a\"") }
    }

    @Test("an object that changes meanwhile is a data error") func changed() async throws {
        let server = try store(hasRanges: true, breaks: 1) { "\"\($0)\"" }
        defer { server.stop() }
        let failure = try await failure { try await Bench().client().download(.get(server)) { _ in } }
        #expect(failure.kind == .data && failure.message.contains("changed"))
    }

    @Test("progress earns new tries; none at all ends") func tries() async throws {
        var bench = Bench()
        bench.settings.retry.attempts = 2
        let slow = try store(hasRanges: true, breaks: 4)
        defer { slow.stop() }
        let sink = Sink()
        try await bench.client().download(.get(slow)) { sink.take($0) }
        #expect(sink.bytes == Self.object)
        let stuck = try FaultServer { _ in [.bytes(FaultServer.head(1_000)), .pause(0.02), .reset] }
        defer { stuck.stop() }
        let failure = try await failure { try await bench.client().download(.get(stuck)) { _ in } }
        #expect(failure.kind == .transient && stuck.requests.count == 2)
    }

    @Test("10 GB end at the cap, and memory stays as it is") func capped() async throws {
        let server = try FaultServer { _ in
            [
                .bytes(FaultServer.head(10_000_000_000)),
                .repeated([UInt8](repeating: 1, count: 65_536), times: 160_000, every: 0),
            ]
        }
        defer { server.stop() }
        let failure = try await failure { try await Bench().client().download(.get(server), cap: 20 << 20) { _ in } }
        #expect(failure.kind == .data && failure.message.contains("larger than"))
        #expect(server.sent < 100 << 20)
    }

    @Test("whoever cannot keep more ends the download with its reason") func fullDisk() async throws {
        struct Full: Error {}
        let server = try store(hasRanges: true, breaks: 0)
        defer { server.stop() }
        let failure = try await failure { try await Bench().client().download(.get(server)) { _ in throw Full() } }
        #expect(failure.kind == .config && server.requests.count == 1)
    }
}
