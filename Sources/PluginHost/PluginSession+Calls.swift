public import PlimsollCore
public import PlimsollPlugin

/// Whole exchanges.
extension PluginSession {
    /// Sends a request and waits for its result. Throws what the plugin told, or the rule that it broke.
    public func call(_ method: String, _ params: JSONValue = [:], id: JSONValue? = nil) throws(PluginFault) -> JSONValue
    {
        let limits = program.limits
        let isPrompt = ["initialize", "configure", "ping", "shutdown"].contains(method)
        let id = try send(method, params, id: id)
        let message = try receive(
            within: isPrompt ? limits.promptSeconds : limits.answerSeconds, waitingFor: "the answer to `\(method)`")
        guard case .answer(let got, let result, let error) = message else {
            throw fault("stdout.protocol", "it sent a batch while the answer to `\(method)` was waited for")
        }
        return try self.result(of: method, id: id, got, result, error)
    }

    /// The result of an answer, checked.
    func result(
        of method: String, id: JSONValue, _ got: JSONValue, _ result: JSONValue, _ error: JSONValue?
    ) throws(PluginFault) -> JSONValue {
        guard got == id else {
            throw fault(
                "message.id",
                "the answer to `\(method)` has id \(JSONSchema.shown(got)), the request had \(JSONSchema.shown(id))")
        }
        if let error { throw told(error, method) }
        // A method that is not of the protocol has a result that nobody knows.
        let faults =
            method.contains("/")
            ? [] : PluginProtocol.schema.faults(in: result, of: "result.\(method)", named: "result")
        guard faults.isEmpty else {
            throw fault("\(method).result", "the result of `\(method)` is wrong: \(faults.joined(separator: "; "))")
        }
        return result
    }

    private func told(_ json: JSONValue, _ method: String) -> PluginFault {
        guard let error = PluginError(json) else {
            return fault("errors.class", "the error of `\(method)` is wrong: \(JSONSchema.shown(json))")
        }
        guard error.code != PluginError.failed || !error.errorClass.isEmpty else {
            return fault("errors.class", "the error of `\(method)` has code -32000 and no `data.class`")
        }
        var result = PluginFault("told", error.message)
        result.told = error.failure
        result.code = error.code
        return result
    }

    /// `initialize`: what the plugin is.
    public func initialize(versions: [String] = [PluginProtocol.version]) throws(PluginFault) -> PluginManifest {
        let result = try call(
            "initialize",
            [
                "protocol_versions": .array(versions.map(JSONValue.string)),
                "host": ["name": "plimsoll", "version": "0.1.0"],
                "limits": [
                    "line_bytes": .int(PluginProtocol.lineBytes), "batch_rows": .int(PluginProtocol.batchRows),
                ],
            ])
        guard let manifest = PluginManifest(result) else {
            let faults = PluginManifest.faults(in: result).joined(separator: "; ")
            throw fault("initialize.result", "the result of `initialize` is wrong: \(faults)")
        }
        return manifest
    }

    /// `configure`. Settings that do not fit the plugin's schema are not sent.
    public func configure(
        _ manifest: PluginManifest, settings: JSONValue, secrets: [String: String]
    ) throws(PluginFault) {
        let faults = JSONSchema(manifest.settingsSchema).faults(in: settings, named: "settings")
        let missing = manifest.secrets.filter { $0.required && secrets[$0.name] == nil }
        let unknown = secrets.keys.filter { name in !manifest.secrets.contains { $0.name == name } }.sorted()
        let all =
            faults + missing.map { "the secret `\($0.name)` is missing: \($0.meaning)" }
            + unknown.map { "it takes no secret `\($0)`" }
        guard all.isEmpty else {
            var wrong = PluginFault("told", all.joined(separator: "; "))
            wrong.told = ProviderFailure(
                code: "config", message: "the configuration does not fit: \(all.joined(separator: "; "))",
                hint: "`plimsoll plugin info` shows what it takes")
            throw wrong
        }
        _ = try call("configure", ["settings": settings, "secrets": .object(secrets.mapValues(JSONValue.string))])
    }

    /// `shutdown`, then the end of its group whatever it did. Returns the exit status, nil where it had to be killed.
    @discardableResult
    public func close() -> Int32? {
        defer { kill() }
        do throws(PluginFault) { _ = try call("shutdown") } catch { return nil }
        return exitStatus(within: program.limits.exitSeconds)
    }
}

/// A read or a recommendation under way.
public struct PluginStream {
    /// What comes next.
    public enum Next: Sendable {
        /// Rows, with where the stream goes on.
        case rows(PluginRows, state: String?)
        /// It is over; whether it was cancelled.
        case end(cancelled: Bool)
    }

    private let session: PluginSession
    private let manifest: PluginManifest
    private let method: String
    private let batchRows: Int
    private var credit: Int
    private var sequence = 0
    private var count = 0
    /// Id of its request.
    public let id: JSONValue

    /// Sends a request that batches answer. `params` without `credit` and `batch_rows`.
    public init(
        _ session: PluginSession, _ manifest: PluginManifest, _ method: String, _ params: [String: JSONValue],
        credit: Int, batchRows: Int = PluginProtocol.batchRows
    ) throws(PluginFault) {
        (self.session, self.manifest, self.method) = (session, manifest, method)
        (self.credit, self.batchRows) = (credit, batchRows)
        id = try session.send(
            method,
            .object(params.merging(["credit": .int(credit), "batch_rows": .int(batchRows)]) { $1 }))
    }

    /// The next batch, read and checked, or the end.
    public mutating func next() throws(PluginFault) -> Next {
        let message = try session.receive(
            within: session.program.limits.answerSeconds, waitingFor: "a batch or the answer to `\(method)`")
        switch message {
        case .batch(let batch): return try take(batch)
        case .answer(let got, let result, let error):
            return try end(try session.result(of: method, id: id, got, result, error))
        }
    }

    /// Takes a batch that came while another answer was waited for.
    public mutating func take(_ batch: PluginSession.Batch) throws(PluginFault) -> Next {
        guard batch.request == id else {
            throw session.fault(
                "read.sequence", "a batch is of request \(JSONSchema.shown(batch.request)), not \(JSONSchema.shown(id))"
            )
        }
        guard batch.sequence == sequence + 1 else {
            throw session.fault("read.sequence", "batch \(sequence + 1) has `seq` \(batch.sequence)")
        }
        guard credit > 0 else {
            let rule = sequence == 0 ? "credit.zero" : "credit.respected"
            throw session.fault(rule, "batch \(sequence + 1) came without credit for it")
        }
        sequence += 1
        credit -= 1
        let rows = PluginRows(batch.rows)
        try check(rows)
        count += rows.count
        return .rows(rows, state: batch.state)
    }

    private func check(_ rows: PluginRows) throws(PluginFault) {
        guard rows.faults.isEmpty else {
            let shown = rows.faults.prefix(5).joined(separator: "; ")
            let more = rows.faults.count > 5 ? "; and \(rows.faults.count - 5) more" : ""
            let isText = manifest.kind == .recommender && shown.contains(".text` is empty")
            throw session.fault(isText ? "recommend.text" : "read.rows", "batch \(sequence): \(shown)\(more)")
        }
        guard rows.count <= batchRows else {
            throw session.fault(
                "read.batch-rows", "batch \(sequence) has \(rows.count) rows, `batch_rows` was \(batchRows)")
        }
        for kind in rows.kinds where kind != "gaps" && !manifest.capabilities.contains(kind) {
            throw session.fault("read.capabilities", "batch \(sequence) has `\(kind)`, which `capabilities` lacks")
        }
        guard manifest.kind == .provider else { return }
        let batch = rows.batch
        let providers =
            batch.resources.lazy.map(\.provider) + batch.metrics.map(\.provider) + batch.prices.map(\.provider)
            + batch.catalog.map(\.provider) + batch.commitments.map(\.provider) + batch.gaps.map(\.provider)
        if let other = providers.first(where: { $0 != manifest.id }) {
            throw session.fault(
                "read.provider", "batch \(sequence) has a row of provider `\(other)`; the plugin's is `\(manifest.id)`")
        }
    }

    private func end(_ result: JSONValue) throws(PluginFault) -> Next {
        guard result["batches"] == .int(sequence), result["rows"] == .int(count) else {
            throw session.fault(
                "read.sequence",
                "`\(method)` ended with \(result.canonical), but \(sequence) batches of \(count) rows had come")
        }
        return .end(cancelled: result["end"] == "cancelled")
    }

    /// Lets it send more batches.
    public mutating func add(credit more: Int) throws(PluginFault) {
        credit += more
        try session.notify("credit", ["request": id, "add": .int(more)])
    }

    /// Asks it to stop; its end comes as `next()`.
    public func cancel() throws(PluginFault) { try session.notify("cancel", ["request": id]) }

    /// Asks it to stop, and drops what comes until it has.
    public mutating func cancelAndDrain() throws(PluginFault) {
        try cancel()
        while case .rows = try next() {}
    }
}
