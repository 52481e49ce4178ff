internal import Foundation
public import PlimsollCore
internal import PlimsollPlugin
internal import PlimsollTesting
public import PluginHost

/// The conformance kit: starts a plugin many times and holds what it does against the rules of
/// docs/reference/plugin-protocol.md.
public struct PluginKit: Sendable {
    /// How a check ended.
    public enum Outcome: Hashable, Sendable {
        /// The rule is kept.
        case kept
        /// It is broken; how.
        case broken(String)
        /// It says nothing of this plugin; why.
        case skipped(String)
    }

    /// A rule and how it was kept.
    public struct Result: Hashable, Sendable {
        /// Name in docs/reference/plugin-protocol.md.
        public var rule: String
        /// How it was kept.
        public var outcome: Outcome
    }

    /// The plugin.
    public var program: PluginProgram
    /// Settings it is configured with.
    public var settings: JSONValue = [:]
    /// Secrets; made-up ones stand in for those that it needs and that are not given.
    public var secrets: [String: String] = [:]
    /// Bills the project's rating cases by programs; each difference as a text. Nil = no cases.
    public var rate: (@Sendable ([BenefitProgram]) -> [String])?

    /// Whether the first broken rule ends the run; secrets are looked for in any case.
    public var stopsAtFirst = false

    /// A kit for a plugin.
    public init(_ program: PluginProgram) { self.program = program }

    /// Runs every check. Rules of a kind that the plugin is not are left out.
    public func run(progress: (String) -> Void = { _ in }) -> [Result] {
        var run = KitRun(self)
        run.all(progress)
        return run.results
    }
}

/// One run of the kit.
struct KitRun {
    let kit: PluginKit
    var manifest: PluginManifest?
    var secrets: [String: String] = [:]
    private(set) var results: [PluginKit.Result] = []
    let leaks = LeakWatch()

    init(_ kit: PluginKit) { self.kit = kit }

    mutating func all(_ progress: (String) -> Void) {
        progress("start")
        check("start.cookie") { run throws(PluginFault) in try run.startWithoutCookie() }
        check("initialize.result") { run throws(PluginFault) in try run.learn() }
        guard let manifest else { return }
        progress("messages")
        messages(manifest)
        progress("rows")
        if manifest.kind == .provider { provider(manifest) } else { recommender(manifest) }
        progress("end")
        life(manifest)
        if secrets.isEmpty {
            note("secrets.hidden", .skipped("it takes no secrets"))
        } else {
            note("secrets.hidden", leaks.found.map { .broken($0) } ?? .kept)
        }
    }

    // MARK: Results

    /// Runs a check. What it throws belongs to the rule that the fault names: that may be another one.
    mutating func check(_ rule: String, _ body: (inout KitRun) throws(PluginFault) -> Void) {
        guard !isOver else { return }
        do throws(PluginFault) {
            try body(&self)
            note(rule, .kept)
        } catch {
            guard error.rule != "skip" else { return note(rule, .skipped(error.message)) }
            let told = error.told.map { "it refused with class `\($0.code)`: \($0.message)" }
            note(told == nil ? error.rule : rule, .broken(told ?? error.message))
        }
    }

    /// Keeps a result; of one rule the first that is broken.
    mutating func note(_ rule: String, _ outcome: PluginKit.Outcome) {
        guard !isOver else { return }
        guard let known = results.firstIndex(where: { $0.rule == rule }) else {
            results.append(.init(rule: rule, outcome: outcome))
            return
        }
        if case .broken = results[known].outcome { return }
        if case .skipped = outcome { return }
        results[known].outcome = outcome
    }

    /// Whether nothing more is to be found out.
    private var isOver: Bool {
        guard kit.stopsAtFirst else { return false }
        return results.contains { if case .broken = $0.outcome { true } else { false } }
    }

    mutating func note(_ faults: [ConformanceFault]) {
        for fault in faults { note(fault.rule, .broken(fault.message)) }
    }

    // MARK: Sessions

    /// Lends a running plugin, and ends it whatever happens.
    func with<Value>(
        ready: Bool = true, _ body: (PluginSession) throws(PluginFault) -> Value
    ) throws(PluginFault) -> Value {
        let session = try PluginSession(kit.program)
        session.observe = { leaks.look($0, "standard output") }
        defer {
            session.kill()
            leaks.look(session.log, "its log")
        }
        if ready, let manifest {
            _ = try session.initialize()
            try session.configure(manifest, settings: kit.settings, secrets: secrets)
        }
        return try body(session)
    }

    /// A request that has to be refused: its error.
    func refusal(
        _ rule: String, _ what: String, _ body: () throws(PluginFault) -> Void
    ) throws(PluginFault) -> (code: Int, errorClass: String) {
        do throws(PluginFault) {
            try body()
        } catch {
            guard let told = error.told, let code = error.code else { throw error }
            return (code, told.code)
        }
        throw PluginFault(rule, "\(what) was not refused")
    }

    /// Wants a code.
    func refused(
        _ rule: String, _ code: Int, _ what: String, _ body: () throws(PluginFault) -> Void
    ) throws(PluginFault) {
        let found = try refusal(rule, what, body).code
        guard found != code else { return }
        throw PluginFault(rule, "\(what) got error \(found), not \(code)")
    }

    /// Wants a class.
    func refused(
        _ rule: String, class word: String, _ what: String, _ body: () throws(PluginFault) -> Void
    ) throws(PluginFault) {
        let found = try refusal(rule, what, body)
        guard found.code != PluginError.failed || found.errorClass != word else { return }
        throw PluginFault(
            rule, "\(what) got error \(found.code) of class `\(found.errorClass)`, not -32000 of class `\(word)`")
    }

    // MARK: Beginning

    private func startWithoutCookie() throws(PluginFault) {
        let rule = "start.cookie"
        let session = try PluginSession(kit.program, cookie: false)
        defer { session.kill() }
        let seconds = kit.program.limits.promptSeconds
        if let line = session.outputUntilEnd(within: seconds) {
            let text = String(decoding: line.prefix(80), as: UTF8.self)
            throw PluginFault(rule, "without the cookie it wrote `\(text)` to standard output")
        }
        guard let status = session.exitStatus(within: seconds) else {
            throw PluginFault(rule, "without the cookie it goes on running")
        }
        guard status != 0 else { throw PluginFault(rule, "without the cookie it exits with code 0") }
        guard status < 128 else { throw PluginFault(rule, "without the cookie it dies of signal \(status - 128)") }
        guard !session.log.isEmpty else {
            throw PluginFault(rule, "without the cookie it says nothing on standard error")
        }
    }

    private mutating func learn() throws(PluginFault) {
        let found = try with(ready: false) { session throws(PluginFault) in try session.initialize() }
        manifest = found
        secrets = kit.secrets
        for (index, secret) in found.secrets.enumerated() where secret.required && secrets[secret.name] == nil {
            secrets[secret.name] = "plimsoll-kit-secret-\(index)-5f2c9a"
        }
        leaks.secrets = secrets
    }
}

/// Looks for secrets in what a plugin writes.
final class LeakWatch {
    var secrets: [String: String] = [:]
    private(set) var found: String?

    func look(_ bytes: [UInt8], _ place: String) {
        guard found == nil, !secrets.isEmpty else { return }
        let data = Data(bytes)
        for (name, secret) in secrets.sorted(by: { $0.key < $1.key }) where secret.utf8.count >= 6 {
            let plain = Data(secret.utf8)
            // As text, and as HTTP headers carry it.
            for form in [plain, Data(plain.base64EncodedString().utf8)] where data.range(of: form) != nil {
                found = "the secret `\(name)` stands in \(place)"
                return
            }
        }
    }
}
