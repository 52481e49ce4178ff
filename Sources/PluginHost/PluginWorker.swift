internal import Dispatch
internal import Foundation
internal import PlimsollCore
internal import PlimsollPlugin

/// Runs a plugin's conversation on a thread of its own: its calls wait, and no thread of others may.
final class PluginExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "plimsoll.plugin")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// What a plugin is started with.
struct PluginSetup: Sendable {
    var name: String
    var program: PluginProgram
    var settings: JSONValue
    var secrets: [String: String]
}

/// One plugin, started when first needed, and again where it was killed from outside.
actor PluginWorker {
    private let executor = PluginExecutor()
    private let setup: PluginSetup
    private var session: PluginSession?
    private var stream: PluginStream?
    /// What ended it for good.
    private var banned: PluginFault?
    private var starts = 0
    private(set) var manifest: PluginManifest?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ setup: PluginSetup) { self.setup = setup }

    /// Starts it, where it does not run yet.
    func start() throws(ProviderFailure) -> PluginManifest {
        if let manifest, session != nil { return manifest }
        return try guarded { () throws(PluginFault) in
            if let banned { throw banned }
            guard starts < 3 else { throw PluginFault("process.exit", "it ended \(starts) times") }
            starts += 1
            let session = try PluginSession(setup.program)
            self.session = session
            let manifest = try session.initialize()
            try session.configure(manifest, settings: setup.settings, secrets: setup.secrets)
            self.manifest = manifest
            return manifest
        }
    }

    /// One request and its result.
    func call(_ method: String, _ params: JSONValue = [:]) throws(ProviderFailure) -> JSONValue {
        _ = try start()
        return try guarded { () throws(PluginFault) in
            guard let session else { throw PluginFault("process.exit", "it does not run") }
            return try session.call(method, params)
        }
    }

    /// Begins a request that batches answer.
    func open(_ method: String, _ params: [String: JSONValue]) throws(ProviderFailure) {
        let manifest = try start()
        stream = try guarded { () throws(PluginFault) in
            guard let session else { throw PluginFault("process.exit", "it does not run") }
            return try PluginStream(session, manifest, method, params, credit: setup.program.limits.credit)
        }
    }

    /// The next rows; nil at the end. `isTaken` says that rows before were kept.
    func next(isTaken: Bool) throws(ProviderFailure) -> (rows: PluginRows, state: String?)? {
        try guarded { () throws(PluginFault) in
            guard stream != nil else { throw PluginFault("process.exit", "it does not run") }
            if isTaken { try stream?.add(credit: 1) }
            guard case .rows(let rows, let state)? = try stream?.next() else {
                stream = nil
                return nil
            }
            return (rows, state)
        }
    }

    /// Stops what was begun; the plugin is ended where it does not obey.
    func cancel() {
        guard stream != nil else { return }
        _ = try? guarded { () throws(PluginFault) in try stream?.cancelAndDrain() }
        stream = nil
    }

    /// Ends it.
    func close() {
        session?.close()
        session = nil
    }

    /// A broken rule ends the plugin; what it told does not.
    private func guarded<Value>(_ body: () throws(PluginFault) -> Value) throws(ProviderFailure) -> Value {
        do throws(PluginFault) {
            return try body()
        } catch {
            stream = nil
            guard error.told == nil || manifest == nil else { throw error.failure(of: setup.name) }
            session?.kill()
            session = nil
            if error.rule != "process.exit" { banned = error }
            throw error.failure(of: setup.name)
        }
    }
}

/// Lets one in after the other.
actor Gate {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}
