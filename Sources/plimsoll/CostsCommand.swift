import ArgumentParser
import Ledger
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll costs`: what the bills say.
struct CostsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "costs",
        abstract: "Sum the costs in the ledger.",
        discussion: """
            Columns are FOCUS's: ProviderName, BillingAccountId, SubAccountId, ServiceName, ServiceCategory, RegionId, \
            ChargeCategory, PricingCategory, CommitmentDiscountId, ResourceId, SkuId, Tags, … Costs are sums of exact \
            decimals, never rounded; a missing cost counts 0; currencies are never added up.

            Examples:
              plimsoll costs --group-by ProviderName,ServiceName --lens billed
              plimsoll costs --group-by ServiceName --period 2026-01..2026-03 --granularity month --top 10
              plimsoll costs --group-by ServiceName --trend
              plimsoll costs --filter "RegionId = 'us-east-1' AND ChargeCategory = 'Usage'" --format json
            """)

    @Option(help: ArgumentHelp("FOCUS columns to group by.", valueName: "a,b"))
    var groupBy: String = ""

    @Option(help: "billed, effective, list or contracted.") var lens = CostLens.effective

    @Option(help: ArgumentHelp("2026-01, 2026-01..2026-06 or days; charges that begin in it.", valueName: "period"))
    var period: PeriodArgument?

    @Option(help: ArgumentHelp("A condition on columns, in SQL.", valueName: "condition"))
    var filter: String?

    @Option(help: "A row for each hour, day or month.") var granularity: CostQuery.Granularity?

    @Flag(help: "Beside each cost the change against the step before (months, where no --granularity is given).")
    var trend = false

    @Option(help: ArgumentHelp("Only the largest groups, and one row for the rest.", valueName: "n")) var top: Int?

    @Option(help: "table, json, csv or markdown.") var format = LedgerQuery.Format.table

    @OptionGroup(title: "Ledger") var ledger: LedgerOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        if let top, top < 1 { throw ValidationError("'--top' is 1 or more.") }
    }

    func run() throws {
        var query = CostQuery()
        query.groupBy = groupBy.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
        query.lens = lens
        (query.from, query.to) = (period?.from, period?.to)
        query.filter = filter
        query.granularity = granularity ?? (trend ? .month : nil)
        query.top = top
        let bills = try ledger.query()
        let found = try Talk.during("asking the ledger \(ledger.store.folder)") { try query.rows(bills) }
        Talk.note("\(Show.grouped(String(found.count))) rows")
        let rows = trend ? CostTrend.rows(found) : found.map { CostTrend.Row(row: $0) }
        switch format {
        case .json: try StandardOutput.write(json(rows, query))
        case .csv: try StandardOutput.write(csv(rows, query))
        case .table: try StandardOutput.write(table(rows, query))
        case .markdown: try StandardOutput.write(markdown(rows, query))
        }
    }

    private func names(_ query: CostQuery) -> [String] {
        (query.granularity.map { [$0.rawValue] } ?? []) + query.groupBy + ["currency"] + numbers
    }

    /// Columns that hold numbers, behind the others.
    private var numbers: [String] { trend ? ["cost", "previous", "change", "percent"] : ["cost"] }

    private func cells(_ item: CostTrend.Row) -> [String] {
        let row = item.row
        let change = [item.previous?.description ?? "", item.change?.description ?? "", item.percent ?? ""]
        return (row.time.map { [$0] } ?? []) + row.group + [row.currency, row.cost.description] + (trend ? change : [])
    }

    private func json(_ rows: [CostTrend.Row], _ query: CostQuery) -> String {
        let items = rows.map { row in
            JSONValue.object(
                Dictionary(zip(names(query), cells(row).map(JSONValue.string)), uniquingKeysWith: { first, _ in first })
            )
        }
        return JSONValue.object(["lens": .string(lens.rawValue), "rows": .array(items)]).text
    }

    private func csv(_ rows: [CostTrend.Row], _ query: CostQuery) -> [UInt8] {
        var out = CSVWriter(header: names(query))
        for row in rows { out.add(cells(row)) }
        return out.bytes
    }

    /// Rows, and a total for each currency.
    private func body(_ rows: [CostTrend.Row], _ query: CostQuery) -> [[String]] {
        var totals: [String: Money] = [:]
        for item in rows { totals[item.row.currency, default: .zero] += item.row.cost }
        let width = names(query).count
        guard !trend, width > 2, rows.count > 1 else { return rows.map(cells) }
        return rows.map(cells)
            + totals.sorted { $0.key < $1.key }.map { currency, cost in
                ["Total"] + Array(repeating: "", count: width - 3) + [currency, cost.description]
            }
    }

    private func table(_ rows: [CostTrend.Row], _ query: CostQuery) -> String {
        var table = TextTable(
            names(query).enumerated().map { index, name in
                let isNumber = index >= names(query).count - numbers.count
                // What follows from the others goes first where the width is short.
                let rank = ["previous": 2, "percent": 1][name] ?? 0
                return .init(
                    isNumber && name == "cost" ? "\(lens.rawValue) cost" : name, isNumber: isNumber,
                    rank: isNumber ? rank : 0)
            })
        for row in body(rows, query) { table.add(row) }
        return table.text(width: Talk.width)
    }

    private func markdown(_ rows: [CostTrend.Row], _ query: CostQuery) -> String {
        func line(_ cells: [String]) -> String {
            "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
        }
        let head = names(query)
        let rule = head.indices.map { $0 >= head.count - numbers.count ? "---:" : "---" }
        return line(head) + line(rule) + body(rows, query).map(line).joined()
    }
}
