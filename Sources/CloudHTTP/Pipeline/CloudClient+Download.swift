extension CloudClient {
    /// Reads a large body piece by piece, in constant memory. Where the connection breaks off, the rest is asked
    /// for by range and only what is missing is delivered: every byte comes once, in order.
    ///
    /// The object must stay the same meanwhile: its `ETag` is compared, and a changed one ends the download with
    /// `data`. `cap` bounds the bytes. `deliver` may suspend, but must not call this client: the download keeps its
    /// place among the calls at once. Returns the number of bytes.
    @discardableResult
    public func download(
        _ call: CloudCall, cap: Int = .max, deliver: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws(CloudFailure) -> Int {
        let progress = DownloadProgress()
        var state = RetryState()
        while true {
            let before = await progress.count
            state.attempt += 1
            do throws(CloudFailure) {
                try await once(await progress.continued(call), attempt: state.attempt) {
                    (response, record) async throws(CloudFailure) in
                    try await progress.take(response, cap: cap, &record, deliver)
                }
                await limiter.recover(call.limit)
                return await progress.count
            } catch {
                // What got further has earned new tries.
                if await progress.count > before { state = RetryState(attempt: 1) }
                try await follow(error.at(call.name, call.request.host), call, &state)
            }
        }
    }
}

/// How far a download has come.
private actor DownloadProgress {
    private(set) var count = 0
    private var tag: String?

    /// The call for what is missing.
    func continued(_ call: CloudCall) -> CloudCall {
        guard count > 0 else { return call }
        var call = call
        call.request.setHeader("Range", "bytes=\(count)-")
        if let tag { call.request.setHeader("If-Match", tag) }
        return call
    }

    /// Delivers what a response holds and is not delivered yet.
    func take(
        _ response: HTTPResponse, cap: Int, _ record: inout CallRecord,
        _ deliver: @Sendable ([UInt8]) async throws -> Void
    ) async throws(CloudFailure) {
        var skipped = count
        if response.status == 206 {
            guard response.header("Content-Range")?.hasPrefix("bytes \(count)-") == true else {
                throw CloudFailure(.data, "the rest of the object does not begin where it was asked to")
            }
            skipped = 0
        }
        let found = response.header("ETag")
        guard tag == nil || tag == found else {
            throw CloudFailure(.data, "the object changed while it was read", hint: "read it again from its beginning")
        }
        tag = found
        let pieces = response.body.makeIterator()
        while var piece = try await CloudClient.piece(of: pieces) {
            record.bytes += piece.count
            let old = min(skipped, piece.count)
            skipped -= old
            piece.removeFirst(old)
            guard count + piece.count <= cap else {
                throw CloudFailure(.data, "the object is larger than \(cap) bytes")
            }
            if piece.isEmpty { continue }
            count += piece.count
            do { try await deliver(piece) } catch { throw Self.failure(of: error) }
        }
    }

    private static func failure(of error: any Error) -> CloudFailure {
        if let failure = error as? CloudFailure { return failure }
        return error is CancellationError
            ? CloudFailure(.cancelled, "cancelled")
            : CloudFailure(.config, "what was read cannot be kept: \(error)", hint: "check where it is written to")
    }
}
