import ArgumentParser
import Ledger
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll reconcile`: does the ledger meet the invoice?
struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compare the ledger's billed cost with an invoice.",
        discussion: """
            The invoice is an amount (of the ledger's only currency), or a CSV file with the columns compared by, \
            `amount` and `currency`. Differences are shown by charge category. Exit 3 where they do not meet.

            Examples:
              plimsoll reconcile --invoice 18042.77 --period 2026-01
              plimsoll reconcile --invoice invoice.csv --by account,service --period 2026-01
            """)

    @Option(help: ArgumentHelp("An amount, or a CSV file.", valueName: "file|amount")) var invoice: String

    @Option(help: ArgumentHelp("account, provider, subaccount, service, invoice or FOCUS columns.", valueName: "a,b"))
    var by: String = ""

    @Option(help: ArgumentHelp("Billing periods, such as 2026-01.", valueName: "period")) var period: PeriodArgument?
    @Option(help: "table or json.") var format = OutputFormat.table
    @OptionGroup(title: "Ledger") var ledger: LedgerOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    private static let words = [
        "account": "BillingAccountId", "provider": "ProviderName", "subaccount": "SubAccountId",
        "service": "ServiceName", "invoice": "InvoiceId", "category": "ChargeCategory",
    ]

    func validate() throws {
        if format == .csv { throw ValidationError("'--format' is table or json.") }
    }

    private var names: [String] { by.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map(String.init) }

    func run() throws {
        let columns = names.map { Self.words[$0] ?? $0 }
        let query = try ledger.query()
        let result = try Reconciliation.compare(
            query, invoices: try invoices(query), columns: columns, from: period?.from, to: period?.to)
        try StandardOutput.write(format == .json ? json(result) : table(result))
        guard !result.isMet else { return }
        throw Failure(
            .partial, "reconcile.differs", "the ledger does not meet the invoice",
            hint:
                "look at the categories that differ: `plimsoll costs --lens billed --group-by ChargeCategory,ServiceName`"
        )
    }

    private func invoices(
        _ query: LedgerQuery
    ) throws(Failure) -> [(group: [String], currency: String, amount: Money)] {
        if let amount = Money(invoice) {
            let currencies = Set(query.manifests.flatMap { $0.sums.map(\.currency) })
            guard names.isEmpty, currencies.count == 1, let currency = currencies.first else {
                throw Failure(
                    .usage, "reconcile.needs-file",
                    "one amount cannot be compared by \(names.isEmpty ? "several currencies" : by)",
                    hint: "give a CSV file with \((names + ["amount", "currency"]).joined(separator: ","))")
            }
            return [([], currency, amount)]
        }
        let text = String(decoding: try Talk.read(invoice), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        let wanted = names + ["amount", "currency"]
        let header = lines.first.map(Self.cells) ?? []
        for name in wanted where !header.contains(name) {
            throw Failure(
                .badInput, "reconcile.missing-column", "the invoice has no column `\(name)`",
                at: .init(file: invoice, line: 1, column: 1), hint: "its header is \(wanted.joined(separator: ","))")
        }
        var result: [(group: [String], currency: String, amount: Money)] = []
        for (index, line) in lines.enumerated().dropFirst() {
            let cells = Self.cells(line)
            func cell(_ name: String) -> String {
                header.firstIndex(of: name).flatMap { cells.indices.contains($0) ? cells[$0] : nil } ?? ""
            }
            guard let amount = Money(cell("amount")) else {
                throw Failure(
                    .badInput, "reconcile.bad-amount", "`\(cell("amount"))` is not a decimal number",
                    at: .init(file: invoice, line: index + 1, column: 1), hint: "write it like `18042.77`")
            }
            result.append((names.map(cell), cell("currency"), amount))
        }
        return result
    }

    /// Cells of a line without quoted line ends.
    private static func cells(_ line: String) -> [String] {
        var cells = [""]
        var isQuoted = false
        for character in line where character != "\u{feff}" {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }

    private func json(_ result: Reconciliation) -> String {
        let lines = result.lines.map { line in
            var members: [String: JSONValue] = [
                "currency": .string(line.currency), "invoice": line.invoice.map(JSONValue.money) ?? .null,
                "ledger": .money(line.ledger), "difference": .money(line.difference),
                "categories": .object(line.categories.mapValues(JSONValue.money)),
            ]
            for (name, value) in zip(names, line.group) { members[name] = .string(value) }
            return JSONValue.object(members)
        }
        return JSONValue.object(["met": .bool(result.isMet), "lines": .array(lines)]).text
    }

    private func table(_ result: Reconciliation) -> String {
        var table = TextTable(
            names.map { .init($0) } + [
                .init("Currency"), .init("Invoice", isNumber: true), .init("Ledger", isNumber: true),
                .init("Difference", isNumber: true), .init("Ledger by category", rank: 1),
            ])
        for line in result.lines {
            let parts = line.categories.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            table.add(
                line.group + [
                    line.currency, line.invoice?.description ?? "(none)", line.ledger.description,
                    line.difference.description, parts.joined(separator: ", "),
                ])
        }
        return table.text(width: Talk.width)
    }
}
