public import PlimsollCore

/// A rule that a module breaks.
public struct ConformanceFault: Hashable, Sendable, Error {
    /// The rule: `read.stable`, `resume.state`, …; an open code.
    public var rule: String
    /// What is wrong.
    public var message: String

    /// A broken rule.
    public init(_ rule: String, _ message: String) { (self.rule, self.message) = (rule, message) }
}

/// What every stream of rows has to keep, whoever gives it: checks on rows that were read, and
/// ``faults(of:scope:)``, which reads a provider of this process.
public enum CollectionChecks {
    /// The rows of a batch, one text each, in their order. Equal rows are equal texts.
    public static func lines(_ batch: CollectedBatch) -> [String] {
        func cells(_ kind: String, _ cells: [String]) -> String {
            kind + " " + JSONValue.array(cells.map(JSONValue.string)).canonical
        }
        return batch.resources.map { "resources " + $0.json.canonical }
            + batch.metrics.map { cells("metrics", Interchange.cells($0)) }
            + batch.prices.map { cells("prices", Interchange.cells($0)) }
            + batch.catalog.map { cells("catalog", Interchange.cells($0)) }
            + batch.commitments.map { cells("commitments", Interchange.cells($0)) }
            + batch.gaps.map { "gaps " + $0.json.canonical }
    }

    /// Two readings of one stream are the same rows in the same order, however they are cut into batches.
    public static func stable(_ stream: String, _ first: [String], _ second: [String]) -> ConformanceFault? {
        guard let part = difference(first, second) else { return nil }
        return ConformanceFault("read.stable", "stream `\(stream)` read twice: \(part)")
    }

    /// No row twice; resources by provider, type and id, others as a whole.
    public static func duplicates(_ stream: String, _ batches: [CollectedBatch]) -> ConformanceFault? {
        var seen: Set<String> = []
        for batch in batches {
            for resource in batch.resources
            where !seen.insert(
                "\(resource.provider) \(resource.type) \(resource.account) \(resource.region) \(resource.id)"
            ).inserted {
                return ConformanceFault(
                    "read.duplicates", "stream `\(stream)` gives the \(resource.type) `\(resource.id)` twice")
            }
            var rest = batch
            rest.resources = []
            for line in lines(rest) where !seen.insert(line).inserted {
                return ConformanceFault("read.duplicates", "stream `\(stream)` gives a row twice: \(line)")
            }
        }
        return nil
    }

    /// Rows read from a state are those that come after the rows it covers.
    public static func resumed(
        _ stream: String, whole: [String], covered: Int, state: String, rows: [String]
    ) -> ConformanceFault? {
        guard let part = difference(Array(whole.dropFirst(covered)), rows) else { return nil }
        return ConformanceFault(
            "resume.state",
            "stream `\(stream)` read from state `\(state)`, after row \(covered) of \(whole.count): \(part)")
    }

    private static func difference(_ wanted: [String], _ found: [String]) -> String? {
        for (index, pair) in zip(wanted, found).enumerated() where pair.0 != pair.1 {
            return "row \(index + 1) should be `\(pair.0)` and is `\(pair.1)`"
        }
        guard wanted.count != found.count else { return nil }
        return "\(found.count) rows, where \(wanted.count) should come"
    }

    /// Reads everything of a provider in this process, twice, and again from every state of every batch.
    public static func faults(of provider: some CollectingProvider, scope: CollectScope) async -> [ConformanceFault] {
        var faults: [ConformanceFault] = []
        do {
            let found = try await provider.pieces(of: scope)
            let again = try await provider.pieces(of: scope)
            if found.pieces != again.pieces {
                faults.append(ConformanceFault("discover.stable", "asked twice, the pieces differ"))
            }
            for piece in found.pieces {
                let batches = try await read(provider, piece, scope, from: nil)
                let whole = batches.flatMap(lines)
                faults += [
                    stable(piece.id, whole, try await read(provider, piece, scope, from: nil).flatMap(lines)),
                    duplicates(piece.id, batches),
                ].compactMap(\.self)
                var covered = 0
                for batch in batches {
                    covered += batch.count
                    guard let state = batch.state else { continue }
                    let rest = try await read(provider, piece, scope, from: state).flatMap(lines)
                    let fault = resumed(piece.id, whole: whole, covered: covered, state: state, rows: rest)
                    faults += [fault].compactMap(\.self)
                }
            }
        } catch {
            faults.append(ConformanceFault("read.fails", "\(error)"))
        }
        return faults
    }

    private static func read(
        _ provider: some CollectingProvider, _ piece: CollectPiece, _ scope: CollectScope, from state: String?
    ) async throws -> [CollectedBatch] {
        let kept = KeptBatches()
        try await provider.read(piece, of: scope, from: state, into: kept)
        return await kept.batches
    }
}

/// A sink that keeps all batches.
public actor KeptBatches: CollectSink {
    /// What was pushed.
    public private(set) var batches: [CollectedBatch] = []

    /// Nothing yet.
    public init() {}

    /// Keeps one more.
    public func push(_ batch: CollectedBatch) { batches.append(batch) }
}

/// What every recommender has to keep.
public enum VerdictChecks {
    /// One verdict for every resource of the types, none for others, each with a text.
    public static func faults(
        _ verdicts: [Verdict], on resources: [Resource], types: [String]
    ) -> [ConformanceFault] {
        var faults: [ConformanceFault] = []
        let wanted = resources.filter { types.contains($0.type) }.map(\.id)
        let counts = Dictionary(verdicts.map { ($0.subject, 1) }, uniquingKeysWith: +)
        if let missed = wanted.first(where: { counts[$0] == nil }) {
            faults.append(ConformanceFault("recommend.every", "there is no verdict for `\(missed)`"))
        }
        if let twice = wanted.first(where: { counts[$0, default: 0] > 1 }) {
            faults.append(ConformanceFault("recommend.every", "there are several verdicts for `\(twice)`"))
        }
        let known = Set(wanted)
        if let other = verdicts.first(where: { !known.contains($0.subject) })?.subject {
            let what = resources.first { $0.id == other }.map { "a \($0.type)" } ?? "no resource that was given"
            faults.append(ConformanceFault("recommend.only", "there is a verdict for `\(other)`, \(what)"))
        }
        for verdict in verdicts where Self.text(verdict).isEmpty {
            faults.append(ConformanceFault("recommend.text", "the verdict on `\(verdict.subject)` has no text"))
            break
        }
        return faults
    }

    private static func text(_ verdict: Verdict) -> String {
        switch verdict.outcome {
        case .recommend(let text), .keep(let text), .notEvaluated(let text, _): text
        }
    }
}
