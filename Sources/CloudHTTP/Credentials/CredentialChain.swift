public import PlimsollCore

/// A credential and the end of its life.
public struct Dated<Value: Sendable>: Sendable {
    /// The credential.
    public var value: Value
    /// When it ends; nil = it does not.
    public var expires: Instant?

    /// A credential.
    public init(_ value: Value, expires: Instant? = nil) {
        self.value = value
        self.expires = expires
    }
}

/// What a link of a chain has to say.
public enum LinkOutcome<Value: Sendable>: Sendable {
    /// It has a credential; the text says which, without its secret part.
    case answered(Dated<Value>, String)
    /// It is not set up; the text says what is missing. The next link is asked.
    case absent(String)
    /// It is set up and does not work. The chain ends here, as the vendors' own do: another identity in its place
    /// would see other things.
    case failed(CloudFailure)
}

/// One place where a credential may come from.
public protocol CredentialLink<Value>: Sendable {
    /// What it gives.
    associatedtype Value: Sendable
    /// For people: `environment`, `instance metadata`, …
    var name: String { get }
    /// Looks for a credential. Never throws: what went wrong is an outcome.
    func resolve() async -> LinkOutcome<Value>
}

/// What one link of a chain said, for `plimsoll doctor`.
public struct LinkReport: Sendable, Hashable {
    /// How it went.
    public enum State: String, Sendable { case answered, absent, failed, notAsked = "not asked" }

    /// The link.
    public var name: String
    /// How it went.
    public var state: State
    /// What it has, or why not. Holds no secret.
    public var detail: String
}

/// Links in a vendor's documented order; the first that answers counts.
public struct CredentialChain<Value: Sendable>: Sendable {
    /// The links.
    public var links: [any CredentialLink<Value>]

    /// A chain.
    public init(_ links: [any CredentialLink<Value>]) { self.links = links }

    /// Asks link by link until one answers or fails; what each said comes along. The result is nil where none
    /// is set up.
    public func resolve() async -> (result: Result<Dated<Value>, CloudFailure>?, reports: [LinkReport]) {
        var reports: [LinkReport] = []
        var result: Result<Dated<Value>, CloudFailure>?
        for link in links {
            guard result == nil else {
                reports.append(LinkReport(name: link.name, state: .notAsked, detail: "an earlier one decides"))
                continue
            }
            switch await link.resolve() {
            case .answered(let value, let detail):
                result = .success(value)
                reports.append(LinkReport(name: link.name, state: .answered, detail: detail))
            case .absent(let detail):
                reports.append(LinkReport(name: link.name, state: .absent, detail: detail))
            case .failed(let failure):
                result = .failure(failure)
                let text = failure.diagnostic.message
                reports.append(LinkReport(name: link.name, state: .failed, detail: text))
            }
        }
        return (result, reports)
    }

    /// The credential. Throws the failure of the link that failed, or `auth` naming what every link lacks.
    public func credential() async throws(CloudFailure) -> Dated<Value> {
        let (result, reports) = await resolve()
        switch result {
        case .success(let value): return value
        case .failure(let failure): throw failure
        case nil:
            let reasons = reports.map { "\($0.name): \($0.detail)" }.joined(separator: "; ")
            throw CloudFailure(.auth, "no credentials found (\(reasons))")
        }
    }
}

/// Keeps a chain's credential until shortly before its end; whoever asks meanwhile waits for one and the same.
public actor CredentialCache<Value: Sendable> {
    /// Seconds before the end at which a new one is fetched.
    static var margin: Double { 300 }

    private let fetch: @Sendable () async throws(CloudFailure) -> Dated<Value>
    private var kept: Dated<Value>?
    private var keptAt = 0.0
    private var pending: Task<Result<Dated<Value>, CloudFailure>, Never>?
    private let clock: any CloudClock

    /// A cache of what `fetch` brings.
    public init(
        clock: any CloudClock = SystemClock(), fetch: @escaping @Sendable () async throws(CloudFailure) -> Dated<Value>
    ) {
        self.clock = clock
        self.fetch = fetch
    }

    /// A cache of what a chain brings.
    public init(_ chain: CredentialChain<Value>, clock: any CloudClock = SystemClock()) {
        self.init(clock: clock) { () async throws(CloudFailure) -> Dated<Value> in try await chain.credential() }
    }

    /// The credential, fetched where there is none or its end is near.
    public func value() async throws(CloudFailure) -> Value {
        if let kept, isFresh(kept) { return kept.value }
        let task =
            pending
            ?? Task { [fetch] in
                do throws(CloudFailure) { return .success(try await fetch()) } catch { return .failure(error) }
            }
        pending = task
        let result = await task.value
        if pending == task { pending = nil }
        let fetched: Dated<Value>
        do throws(CloudFailure) { fetched = try result.get() } catch {
            // One that still holds is better than none.
            guard let kept, isAlive(kept) else { throw error }
            return kept.value
        }
        kept = fetched
        keptAt = clock.elapsed
        return fetched.value
    }

    /// The next asker gets a new one. A credential that has only just come is kept: many calls may complain of
    /// the same old one.
    public func discard() {
        if clock.elapsed - keptAt >= 1 || keptAt == 0 { kept = nil }
    }

    private func isAlive(_ kept: Dated<Value>) -> Bool {
        kept.expires.map { clock.wall < $0.secondsSince1970 } ?? true
    }

    private func isFresh(_ kept: Dated<Value>) -> Bool {
        guard let end = kept.expires?.secondsSince1970 else { return true }
        return clock.wall < end - Self.margin
    }
}
