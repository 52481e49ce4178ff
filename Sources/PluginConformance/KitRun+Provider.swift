internal import PlimsollCore
internal import PlimsollPlugin
internal import PlimsollTesting
internal import PluginHost

/// What providers have to keep.
extension KitRun {
    /// Streams that are read, so that a large account does not take a day.
    private static let mostStreams = 40
    /// States of a stream that are resumed from.
    private static let mostStates = 300

    private static let question: JSONValue = ["scope": ["accounts": [], "regions": []], "window": ["from": .null]]

    private static func source(_ stream: String) -> KitSource {
        KitSource(
            name: stream, method: "read",
            params: [
                "stream": .string(stream), "state": .null, "scope": ["accounts": [], "regions": []],
                "window": ["from": .null],
            ])
    }

    mutating func provider(_ manifest: PluginManifest) {
        var streams: [String] = []
        check("discover.result") { run throws(PluginFault) in streams = try run.discover() }
        check("discover.stable") { run throws(PluginFault) in
            let again = try run.discover()
            guard again == streams else {
                throw PluginFault("discover.stable", "the streams were \(streams), then \(again)")
            }
        }
        var busiest: (source: KitSource, count: Int)?
        for stream in streams.prefix(Self.mostStreams) {
            let source = Self.source(stream)
            let count = self.stream(manifest, source)
            if count > busiest?.count ?? 0 { busiest = (source, count) }
        }
        refusals(manifest, streams)
        documents(manifest)
        if let busiest {
            flow(manifest, busiest.source, count: busiest.count)
            check("kill.resume") { run throws(PluginFault) in try run.killed(manifest, busiest.source) }
        } else if !streams.isEmpty || manifest.capabilities.contains(where: { !["rules", "mapping"].contains($0) }) {
            note("read.rows", .skipped("no stream has rows: credit, cancelling and resuming were not checked"))
        }
    }

    private func discover() throws(PluginFault) -> [String] {
        try with { session throws(PluginFault) in
            let result = try session.call("discover", Self.question)
            let gaps = PluginRows(["gaps": result["gaps"] ?? []])
            guard gaps.faults.isEmpty else {
                throw PluginFault("discover.result", gaps.faults.joined(separator: "; "))
            }
            let streams = PluginDocuments.pieces(result).pieces.map(\.id)
            guard Set(streams).count == streams.count else {
                throw PluginFault("discover.stable", "two streams have the same id: \(streams.sorted())")
            }
            return streams
        }
    }

    /// Reads one stream in every way; how many rows it has.
    private mutating func stream(_ manifest: PluginManifest, _ source: KitSource) -> Int {
        var whole = KitRows()
        check("read.rows") { run throws(PluginFault) in
            whole = try run.with { session throws(PluginFault) in try run.rows(session, manifest, source) }
        }
        note([CollectionChecks.duplicates(source.name, whole.batches)].compactMap(\.self))
        for rule in ["read.duplicates", "read.capabilities", "read.provider"] { note(rule, .kept) }
        check("read.stable") { run throws(PluginFault) in
            let again = try run.with { session throws(PluginFault) in
                // In one process, so that what it remembers shows.
                _ = try run.rows(session, manifest, source)
                return try run.rows(session, manifest, source)
            }
            guard let fault = CollectionChecks.stable(source.name, whole.lines, again.lines) else { return }
            throw PluginFault(fault.rule, fault.message)
        }
        check("resume.state") { run throws(PluginFault) in try run.resume(manifest, source, whole) }
        return whole.lines.count
    }

    private func resume(
        _ manifest: PluginManifest, _ source: KitSource, _ whole: KitRows
    ) throws(PluginFault) {
        try with { session throws(PluginFault) in
            let size = max(1, whole.lines.count / Self.mostStates)
            let steps = try rows(session, manifest, source, batchRows: size)
            if let fault = CollectionChecks.stable(source.name, whole.lines, steps.lines) {
                throw PluginFault(fault.rule, fault.message + " (with `batch_rows` \(size))")
            }
            for (covered, state) in steps.states {
                guard let state else { continue }
                let rest = try rows(session, manifest, source.from(state))
                let fault = CollectionChecks.resumed(
                    source.name, whole: whole.lines, covered: covered, state: state, rows: rest.lines)
                if let fault { throw PluginFault(fault.rule, fault.message) }
            }
        }
    }

    /// Killed in the middle, started again, resumed: every row once.
    private func killed(_ manifest: PluginManifest, _ source: KitSource) throws(PluginFault) {
        var kept = KitRows()
        let whole = try with { session throws(PluginFault) in try rows(session, manifest, source) }
        guard whole.lines.count > 1 else { throw PluginFault("skip", "it has no two rows") }
        try with { session throws(PluginFault) in
            var stream = try PluginStream(session, manifest, source.method, source.params, credit: 1, batchRows: 1)
            // To the first state: a page of the plugin's own may be larger than a batch.
            while kept.states.last?.state == nil, case .rows(let rows, let state) = try stream.next() {
                kept.add(rows, state)
                try stream.add(credit: 1)
            }
            session.kill()
        }
        guard let last = kept.states.last, let state = last.state else {
            throw PluginFault("skip", "its streams cannot be resumed")
        }
        let rest = try with { session throws(PluginFault) in try rows(session, manifest, source.from(state)) }
        let fault = CollectionChecks.resumed(
            source.name, whole: whole.lines, covered: last.covered, state: state, rows: rest.lines)
        if let fault { throw PluginFault("kill.resume", "after SIGKILL: \(fault.message)") }
    }

    private mutating func refusals(_ manifest: PluginManifest, _ streams: [String]) {
        check("read.unknown-stream") { run throws(PluginFault) in
            let rule = "read.unknown-stream"
            try run.with { session throws(PluginFault) in
                try run.refused(rule, class: "config", "a read of the unknown stream `plimsoll/kit`") {
                    () throws(PluginFault) in _ = try run.rows(session, manifest, Self.source("plimsoll/kit"))
                }
            }
        }
        check("read.bad-state") { run throws(PluginFault) in
            guard let stream = streams.first else { throw PluginFault("skip", "it has no streams") }
            let source = Self.source(stream).from("plimsoll kit: no state of yours")
            try run.with { session throws(PluginFault) in
                try run.refused("read.bad-state", class: "data", "a read from a state that is not the plugin's") {
                    () throws(PluginFault) in _ = try run.rows(session, manifest, source)
                }
            }
        }
    }

    private mutating func documents(_ manifest: PluginManifest) {
        for (method, key) in [("rules", "programs"), ("mapping", "mappings")] {
            check("\(method).result") { run throws(PluginFault) in
                try run.with { session throws(PluginFault) in
                    guard manifest.capabilities.contains(method) else {
                        return try run.refused(
                            "\(method).result", PluginError.noMethod, "`\(method)`, which `capabilities` lacks,"
                        ) { () throws(PluginFault) in _ = try session.call(method) }
                    }
                    try run.document(method, try session.call(method)[key])
                }
            }
        }
        guard manifest.capabilities.contains("rules"), let rate = kit.rate else { return }
        check("rules.cases") { run throws(PluginFault) in
            let programs = try run.with { session throws(PluginFault) in
                try PluginDocuments.decode(BenefitProgram.self, try session.call("rules")["programs"])
            }
            let differences = rate(programs)
            guard differences.isEmpty else {
                throw PluginFault("rules.cases", differences.prefix(5).joined(separator: "; "))
            }
        }
    }

    private func document(_ method: String, _ json: JSONValue?) throws(PluginFault) {
        do throws(PluginFault) {
            if method == "rules" {
                _ = try PluginDocuments.decode(BenefitProgram.self, json)
            } else {
                _ = try PluginDocuments.decode(BillMapping.self, json)
            }
        } catch {
            throw PluginFault("\(method).result", error.message)
        }
    }
}
