import ArgumentParser
import Collection
import Ledger
import PlimsollCore
import ScenarioRunner

/// `plimsoll import`: bills into the ledger.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring billing files into the ledger.",
        discussion: """
            The format is found from the header. All files of one command are one set: all of it is stored, or \
            nothing. The same files again change nothing; a corrected export replaces its own periods only. Rows \
            that cannot be stored go to rejects/ in the ledger, with place and reason.

            Examples:
              plimsoll import bill.csv
              plimsoll import export/2026-01/ export/2026-02/ --ledger bills
              plimsoll import cur.csv.gz --strict
              plimsoll import s3://billing/exports/daily --region eu-west-1
              plimsoll import https://shop.blob.core.windows.net/costs/daily gs://shop-billing/export
            """)

    @Argument(
        help: ArgumentHelp(
            "Files (.csv, .parquet, .jsonl, also .gz), folders of them; s3://bucket/prefix, gs://bucket/prefix, https://ACCOUNT.blob.core.windows.net/container/prefix.",
            valueName: "path"))
    var paths: [String]

    @OptionGroup(title: "Ledger") var ledger: LedgerOptions

    @Option(help: ArgumentHelp("The format, where the header does not tell.", valueName: "name"))
    var format: String?

    @Option(
        help: ArgumentHelp(
            "Name of the export: two exports of one account stand side by side (default: the format).",
            valueName: "name"))
    var export: String?

    @Option(help: ArgumentHelp("Stores: address to ask instead of the provider's own.", valueName: "url"))
    var endpoint: String?

    @Option(help: ArgumentHelp("S3: region of the bucket (default: that of the profile).", valueName: "name"))
    var region: String?

    @Flag(help: "Exit 65 where a row could not be stored.") var strict = false

    @OptionGroup(title: "Calls") var trace: TraceOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        let importer = Importer(
            ledger.store, try ledger.program(), mappings: Registry.mappings, deliveries: Registry.deliveries)
        let local = try paths.map { path in
            try fetch(path, ledger.store.folder) ?? path
        }
        let summary = try importer.run(local, format: format, export: export, progress: Talk.progress)
        Talk.progress("")
        try StandardOutput.write(Self.text(summary))
        if Talk.isTerminal, !summary.isUnchanged { Talk.say(Self.speed(summary)) }
        guard summary.rejected > 0 else { return }
        let diagnostic = Diagnostic(
            strict ? .error : .warning, "import.rejected", "rows that could not be stored: \(summary.rejected)",
            at: summary.rejectsFile.map { .init(file: $0) }, hint: "the file lists them, with place and reason")
        guard !strict else { throw Failure(.badInput, [diagnostic]) }
        Talk.tell([diagnostic])
    }

    /// Brings the copy of an export in a store up to date, and returns its folder: manifests first, then what they
    /// list and is new or changed. Nil where the path is one of files.
    private func fetch(_ path: String, _ ledger: String) throws -> String? {
        let settings = Registry.StoreSettings(endpoint: endpoint, region: region)
        guard let (store, place) = try Registry.store(path, settings, try CloudDoor.client(trace)) else { return nil }
        let copy = ExportCopy(folder: "\(ledger)/incoming/\(place.bucket)")
        let report = try CloudDoor.wait { try await Self.update(copy, store, place.prefix) }
        Talk.note("fetched \(report.fetched) of \(report.wanted) files, \(report.bytes) bytes")
        return report.folder
    }

    /// Opens the box that holds the store.
    private static func update(
        _ copy: ExportCopy, _ store: any ObjectStore, _ prefix: String
    ) async throws -> ExportCopy.Report {
        try await copy.update(from: store, under: prefix, progress: Talk.progress) { (names, folder) throws(Failure) in
            try BillSelection.wanted(names, in: folder, deliveries: Registry.deliveries)
        }
    }

    private static func speed(_ summary: ImportSummary) -> String {
        let rate = Int(Double(summary.rowsIn) / max(summary.seconds, 0.001))
        return "\(rate) rows/s"
    }

    static func text(_ summary: ImportSummary) -> String {
        var lines = ["format: \(summary.mapping)"]
        if !summary.leftOut.isEmpty {
            lines.append(
                "\(summary.leftOut.count) files of earlier deliveries were left out: the manifests do not list them")
        }
        if summary.isUnchanged {
            lines.append("unchanged: the ledger has all of it already")
        } else if summary.unchangedRows > 0 {
            lines.append("unchanged: \(summary.unchangedRows) rows of other periods, not read again")
        }
        for part in summary.partitions {
            let sums = part.sums.map { "\($0.currency) billed \($0.billed), effective \($0.effective)" }
            lines.append(
                "\(part.provider) \(part.billingAccount) \(part.period): \(part.rows) rows, "
                    + sums.joined(separator: "; "))
        }
        if summary.rounded > 0 {
            lines.append("\(summary.rounded) numbers finer than 12 decimal places were rounded (half-even)")
        }
        if summary.hourlyRows < summary.charges, !summary.isUnchanged {
            lines.append(
                "\(summary.charges - summary.hourlyRows) charges are of a day or longer: their shape within it is not known"
            )
        }
        lines.append("rows in \(summary.rowsIn) = stored \(summary.stored) + rejected \(summary.rejected)")
        if summary.charges != summary.stored { lines.append("charges in them: \(summary.charges)") }
        for total in totals(summary) {
            lines.append(
                "\(total.currency): billed \(total.billed), effective \(total.effective), list \(total.list), contracted \(total.contracted)"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func totals(_ summary: ImportSummary) -> [LedgerManifest.Sums] {
        func add(_ a: String, _ b: String) -> String { ((Money(a) ?? .zero) + (Money(b) ?? .zero)).description }
        var result: [LedgerManifest.Sums] = []
        for sums in summary.partitions.flatMap(\.sums) {
            guard let same = result.firstIndex(where: { $0.currency == sums.currency }) else {
                result.append(sums)
                continue
            }
            result[same].billed = add(result[same].billed, sums.billed)
            result[same].effective = add(result[same].effective, sums.effective)
            result[same].list = add(result[same].list, sums.list)
            result[same].contracted = add(result[same].contracted, sums.contracted)
        }
        return result.sorted { $0.currency < $1.currency }
    }
}
