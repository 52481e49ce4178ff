extension CloudClient {
    /// What a provider's refusal means, in our classes. Corrects the clock where that is the reason.
    func refusal(
        _ reading: ErrorReading, _ call: CloudCall, _ status: Int, header: (String) -> String?
    ) -> CloudFailure {
        var kind = ErrorClass.kind(status: status, code: reading.code, message: reading.message)
        if kind == .permission, status == 403, header("x-ratelimit-remaining") == "0" { kind = .throttled }
        // A provider's own refusals carry a code; without one, it was the server that does not know the path.
        if kind == .config, [404, 405].contains(status), reading.code.isEmpty { kind = .unsupported }
        if call.isStandIn, status == 500, reading.code.isEmpty { kind = .unsupported }
        var failure = CloudFailure(kind, Self.text(reading, status, isSecret: call.isSecret))
        failure.status = status
        failure.code = reading.code
        failure.requestID = reading.requestID
        failure.retryAfter = header("Retry-After").flatMap { HTTPDate.delay($0, now: clock.wall) }
        failure.isExpired = ErrorClass.isExpired(reading.code, status: status)
        if [.auth, .permission].contains(kind) {
            failure.isSkewed = skews.correct(call.request.origin, date: header("Date"), wall: clock.wall)
        }
        if let region = header("x-amz-bucket-region") { failure.hint = "the bucket is in `\(region)`: ask there" }
        if status == 410 { failure.hint = "the listing went stale on the server: begin it anew" }
        return failure
    }

    private static func text(_ reading: ErrorReading, _ status: Int, isSecret: Bool) -> String {
        if !reading.message.isEmpty, !isSecret { return reading.message }
        if !reading.code.isEmpty { return "refused with `\(reading.code)`" }
        if (300...399).contains(status) { return "redirected elsewhere; credentials are not taken there" }
        return "refused with status \(status)"
    }
}

/// What is remembered between the tries of one call.
struct RetryState {
    enum Step {
        case stop(CloudFailure)
        /// New credentials, then at once.
        case renew
        case wait(Double)
        case now
    }

    var attempt: Int
    private var waited = 0.0
    private var isRenewed = false
    private var isSkewCorrected = false
    private var isReadAgain = false

    init(attempt: Int = 0) { self.attempt = attempt }

    /// What follows a failed try.
    mutating func next(_ failure: CloudFailure, _ policy: RetryPolicy, _ jitter: Jitter) -> Step {
        if failure.isSettled { return .stop(failure) }
        if failure.isSkewed, !isSkewCorrected {
            isSkewCorrected = true
            return .now
        }
        if failure.isExpired, !isRenewed {
            isRenewed = true
            return .renew
        }
        guard attempt < policy.attempts else { return .stop(worn(failure)) }
        switch failure.kind {
        case .throttled, .transient: return pause(failure, policy, jitter)
        case .data where !isReadAgain && failure.isDecoding:
            isReadAgain = true
            return .wait(policy.wait(after: attempt, jitter: jitter))
        default: return .stop(failure)
        }
    }

    private mutating func pause(_ failure: CloudFailure, _ policy: RetryPolicy, _ jitter: Jitter) -> Step {
        let wait = max(policy.wait(after: attempt, jitter: jitter), failure.retryAfter ?? 0)
        guard waited + wait <= policy.total else {
            var last = worn(failure)
            if let asked = failure.retryAfter, asked > policy.total - waited {
                last.hint = "the provider wants to be asked again in \(Int(asked.rounded(.up))) s"
            }
            return .stop(last)
        }
        waited += wait
        return .wait(wait)
    }

    private func worn(_ failure: CloudFailure) -> CloudFailure {
        guard attempt > 1 else { return failure }
        var failure = failure
        failure.message += " (try \(attempt), \(Int(waited.rounded())) s of waiting)"
        return failure
    }
}
