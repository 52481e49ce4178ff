internal import Foundation
internal import PlimsollCore
internal import PlimsollPlugin
internal import PlimsollTesting
internal import PluginHost

/// Something that batches answer: a stream of a provider, or the verdicts of a recommender.
struct KitSource {
    var name: String
    var method: String
    var params: [String: JSONValue]

    /// The same from a state on.
    func from(_ state: String) -> KitSource {
        var other = self
        other.params["state"] = .string(state)
        return other
    }
}

/// All that came.
struct KitRows {
    var batches: [CollectedBatch] = []
    var verdicts: [Verdict] = []
    var lines: [String] = []
    /// After each batch: rows so far, and the state.
    var states: [(covered: Int, state: String?)] = []
    var isCancelled = false
}

/// Credit, cancelling, order: for rows of any kind.
extension KitRun {
    /// Reads a source to its end.
    func rows(
        _ session: PluginSession, _ manifest: PluginManifest, _ source: KitSource,
        batchRows: Int = PluginProtocol.batchRows
    ) throws(PluginFault) -> KitRows {
        var stream = try PluginStream(
            session, manifest, source.method, source.params, credit: 4, batchRows: batchRows)
        var found = KitRows()
        while true {
            switch try stream.next() {
            case .end(let isCancelled):
                guard !isCancelled else {
                    throw PluginFault("cancel.read", "`\(source.name)` ended as cancelled, which nobody asked for")
                }
                return found
            case .rows(let rows, let state):
                found.add(rows, state)
                try stream.add(credit: 1)
            }
        }
    }

    /// Checks that hold for every method with batches; `count` rows come of it.
    mutating func flow(_ manifest: PluginManifest, _ source: KitSource, count: Int) {
        for rule in ["credit.zero", "credit.respected"] {
            check(rule) { run throws(PluginFault) in try run.credit(manifest, source, count, rule) }
        }
        check("read.busy") { run throws(PluginFault) in try run.busy(manifest, source) }
        check("cancel.read") { run throws(PluginFault) in try run.cancel(manifest, source, count) }
        check("read.batch-rows") { run throws(PluginFault) in
            guard count > 1 else { throw PluginFault("skip", "it has no two rows") }
            _ = try run.with { session throws(PluginFault) in try run.rows(session, manifest, source, batchRows: 1) }
        }
        // Kept by every session that did not say otherwise.
        for rule in ["stdout.protocol", "errors.class", "read.sequence", "read.rows"] { note(rule, .kept) }
    }

    /// Asks for signs of life; a batch that comes before the answer had no credit. Between them it has the time to
    /// send one, where the first was there before it came to that.
    private func ping(
        _ session: PluginSession, _ stream: inout PluginStream, _ rule: String
    ) throws(PluginFault) {
        try pingOnce(session, &stream, rule)
        Thread.sleep(forTimeInterval: 0.1)
        try pingOnce(session, &stream, rule)
    }

    private func pingOnce(
        _ session: PluginSession, _ stream: inout PluginStream, _ rule: String
    ) throws(PluginFault) {
        let id = try session.send("ping", [:])
        let message = try session.receive(
            within: kit.program.limits.promptSeconds,
            waitingFor: "the answer to `ping`, sent while it has no credit,")
        switch message {
        case .batch(let batch):
            _ = try stream.take(batch)
            throw PluginFault(rule, "it sent a batch that there was no credit for")
        case .answer(let got, _, nil) where got == id: return
        case .answer(let got, _, let error):
            if got == stream.id, error == nil {
                throw PluginFault(rule, "with no credit it ended instead of waiting for it")
            }
            throw PluginFault("ping.answer", "`ping` was not answered while it waited for credit")
        }
    }

    private func credit(
        _ manifest: PluginManifest, _ source: KitSource, _ count: Int, _ rule: String
    ) throws(PluginFault) {
        guard count > 1 else { throw PluginFault("skip", "it has no two rows") }
        try with { session throws(PluginFault) in
            let first = rule == "credit.zero" ? 0 : 1
            var stream = try PluginStream(
                session, manifest, source.method, source.params, credit: first, batchRows: 1)
            if first > 0 { _ = try stream.next() }
            try ping(session, &stream, rule)
            try stream.add(credit: 1)
            guard case .rows = try stream.next() else {
                throw PluginFault(rule, "it ended before all rows had come: \(count) were there before")
            }
            if count > 2 { try ping(session, &stream, rule) }
            try drain(session, &stream)
        }
    }

    /// Cancels; a plugin that does not obey breaks that rule, not the one that is being looked at.
    private func drain(_ session: PluginSession, _ stream: inout PluginStream) throws(PluginFault) {
        do throws(PluginFault) { try stream.cancelAndDrain() } catch {
            guard error.rule == "process.time" else { throw error }
            throw PluginFault("cancel.read", "after `cancel`: \(error.message)")
        }
    }

    private func busy(_ manifest: PluginManifest, _ source: KitSource) throws(PluginFault) {
        try with { session throws(PluginFault) in
            var stream = try PluginStream(session, manifest, source.method, source.params, credit: 0, batchRows: 1)
            let id = try session.send("check", [:])
            let message = try session.receive(
                within: kit.program.limits.promptSeconds,
                waitingFor: "the refusal of `check`, sent while a read waits for credit,")
            switch message {
            case .answer(let got, _, let error?) where got == id:
                let code = PluginError(error)?.code
                guard code == PluginError.busy else {
                    throw PluginFault("read.busy", "`check` while a read runs got error \(code ?? 0), not -32004")
                }
            case .answer(let got, _, nil) where got == stream.id:
                throw PluginFault("skip", "it has no rows to wait with")
            case .batch(let batch): _ = try stream.take(batch)
            case .answer: throw PluginFault("read.busy", "`check` while a read runs was not refused")
            }
            try drain(session, &stream)
        }
    }

    private func cancel(_ manifest: PluginManifest, _ source: KitSource, _ count: Int) throws(PluginFault) {
        guard count > 2 else { throw PluginFault("skip", "it has no three rows") }
        let rule = "cancel.read"
        try with { session throws(PluginFault) in
            var stream = try PluginStream(session, manifest, source.method, source.params, credit: 1, batchRows: 1)
            _ = try stream.next()
            try stream.cancel()
            let next: PluginStream.Next
            do throws(PluginFault) { next = try stream.next() } catch {
                let isSilent = error.rule == "process.time"
                throw isSilent ? PluginFault(rule, "after `cancel`: \(error.message)") : error
            }
            guard case .end(true) = next else {
                throw PluginFault(rule, "after `cancel`, with rows left, it did not end as `cancelled`")
            }
            // A cancel for one that is over is ignored.
            try stream.cancel()
            _ = try session.call("ping")
            let again = try rows(session, manifest, source)
            guard again.lines.count == count else {
                throw PluginFault(
                    rule, "after a cancelled read the next one gives \(again.lines.count) rows of \(count)")
            }
        }
    }
}

extension KitRows {
    mutating func add(_ rows: PluginRows, _ state: String?) {
        batches.append(rows.batch)
        verdicts += rows.verdicts
        lines += CollectionChecks.lines(rows.batch) + rows.verdicts.map { PluginRows.json($0).canonical }
        states.append((lines.count, state))
    }
}
