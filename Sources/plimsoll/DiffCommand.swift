import ArgumentParser
import Ledger
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll diff`: why the bill changed.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say why the bill changed between two periods.",
        discussion: """
            Effects: price, usage, mix, commitment (and other discounts), credit, tax, adjustment, purchase, new and gone \
            SKUs. They add up to the difference exactly.

            Examples:
              plimsoll diff 2026-01 2026-02
              plimsoll diff 2026-01..2026-03 2026-04..2026-06 --lens billed --top 20
            """)

    @Argument(help: ArgumentHelp("The first period.", valueName: "period")) var first: PeriodArgument
    @Argument(help: ArgumentHelp("The second period.", valueName: "period")) var second: PeriodArgument
    @Option(help: "billed, effective, list or contracted.") var lens = CostLens.effective
    @Option(help: ArgumentHelp("How many of the largest changes to list.", valueName: "n")) var top = 10
    @Option(help: "table or json.") var format = OutputFormat.table
    @OptionGroup(title: "Ledger") var ledger: LedgerOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        if format == .csv { throw ValidationError("'--format' is table or json.") }
        if top < 0 { throw ValidationError("'--top' is 0 or more.") }
    }

    func run() throws {
        let query = try ledger.query()
        let items = BillItemQuery(lens: lens)
        Talk.progress("reading \(first.text) and \(second.text) from \(ledger.store.folder)")
        let before = try items.items(query, from: first.from, to: first.to)
        let after = try items.items(query, from: second.from, to: second.to)
        Talk.progress("")
        Talk.note("\(before.count) and \(after.count) kinds of charges")
        for (items, period) in [(before, first), (after, second)] where items.isEmpty {
            Talk.tell([
                Diagnostic(
                    .warning, "diff.empty-period", "the ledger has no charge in \(period.text)",
                    hint: "see `plimsoll ledger list`")
            ])
        }
        let differences = try BillDifference.compare(before, after)
        if format == .json {
            try StandardOutput.write(
                JSONValue.object([
                    "first": .string(first.text), "second": .string(second.text), "lens": .string(lens.rawValue),
                    "currencies": .array(differences.map(json)),
                ]).text)
        } else {
            try StandardOutput.write(differences.map(text).joined(separator: "\n"))
        }
    }

    private func json(_ difference: BillDifference) -> JSONValue {
        func effects(_ effects: [BillDifference.Effect: Money]) -> JSONValue {
            .object(Dictionary(uniqueKeysWithValues: effects.map { ($0.key.rawValue, JSONValue.money($0.value)) }))
        }
        return .object([
            "currency": .string(difference.currency), "before": .money(difference.before),
            "after": .money(difference.after), "difference": .money(difference.after - difference.before),
            "effects": effects(difference.effects),
            "changes": .array(
                difference.contributions.prefix(top).map { item in
                    .object([
                        "provider": .string(item.name[0]), "service": .string(item.name[1]),
                        "region": .string(item.name[2]), "sku": .string(item.name[3]), "unit": .string(item.name[4]),
                        "category": .string(item.category.rawValue), "before": .money(item.before),
                        "after": .money(item.after), "difference": .money(item.change),
                        "effects": effects(item.effects),
                    ])
                }),
        ])
    }

    private func text(_ difference: BillDifference) -> String {
        var table = TextTable([.init("\(lens.rawValue) cost, \(difference.currency)"), .init("", isNumber: true)])
        table.add([first.text, difference.before.description])
        for effect in BillDifference.Effect.allCases {
            guard let amount = difference.effects[effect], amount != .zero else { continue }
            table.add(["  " + Self.words[effect, default: effect.rawValue], amount.description])
        }
        table.add([second.text, difference.after.description])
        var changes = TextTable([
            .init("Service"), .init("SKU"), .init("Region", rank: 2), .init("Category", rank: 3),
            .init("Change", isNumber: true), .init("Mostly"),
        ])
        let shown = difference.contributions.filter { $0.change != .zero }.prefix(top)
        for item in shown {
            let main = item.effects.max { a, b in
                let (left, right) = (a.value.raw.magnitude, b.value.raw.magnitude)
                return left != right ? left < right : a.key.rawValue > b.key.rawValue
            }
            changes.add([
                item.name[1], item.name[3], item.name[2], item.category.rawValue, item.change.description,
                main?.key.rawValue ?? "",
            ])
        }
        return table.text(width: Talk.width) + (shown.isEmpty ? "" : "\n" + changes.text(width: Talk.width))
    }

    private static let words: [BillDifference.Effect: String] = [
        .price: "list prices", .usage: "more or less usage", .mix: "dearer or cheaper SKUs instead",
        .commitment: "commitments and discounts", .credit: "credits", .tax: "taxes", .adjustment: "corrections",
        .purchase: "purchases", .new: "new SKUs", .gone: "SKUs gone",
    ]
}
