import AWSProvider
import PlimsollCore
import Reporting
import Testing

@testable import ScenarioRunner

/// Every number of the page and of the summary is that of report.json, in its place: a changed report.json must be
/// noticed, whichever of its numbers is changed.
@Suite struct ReportNumberTests {
    /// A small bill, shown in cents, and one in whole units.
    private static let made = ["small": 1, "large": 5].mapValues { workloads in
        Result { () throws(Failure) -> (report: JSONValue, hours: [UInt8]) in
            var context = ScenarioContext.test()
            context.purchaseSteps = { AWS.purchaseSteps($0) }
            let text = smallScenario.replacing("workloads: 5", with: "workloads: \(workloads)")
            let result = try Scenario.load(text).run(context, planner: FakePlanner(hourly: Money(1)))
            return (ScenarioReport(result: result).json, result.hoursFile)
        }
    }

    private func texts(_ size: String) throws -> (report: JSONValue, page: String, summary: String) {
        let made = try #require(Self.made[size]).get()
        let document = try ReportDocument(json: Array(made.report.text.utf8), hours: made.hours, file: "report.json")
        return (made.report, document.text(.html, library: "var Chart;"), document.text(.md, library: nil))
    }

    @Test(arguments: ["small", "large"])
    func thePageSaysWhatTheReportSays(_ size: String) throws {
        let (report, page, _) = try texts(size)
        #expect(
            (page.firstMatch(of: /<p class="figure"><data value="[^"]*">[\d,]*\.\d\d</) != nil) == (size == "small"))
        #expect(PageNumbers(page).faults(report) == [])
    }

    @Test(arguments: ["small", "large"])
    func theSummarySaysWhatTheReportSays(_ size: String) throws {
        let (report, _, summary) = try texts(size)
        #expect(SummaryNumbers(summary).faults(report) == [])
    }

    private static let paths = [
        "savings.before", "savings.after", "savings.saving", "savings.percent", "months.1.effective_before",
        "months.0.effective_after", "months.0.coverage_percent", "months.1.utilization_percent",
        "purchases.0.figures.fee", "purchases.0.figures.saving", "purchases.0.hourly_commitment",
        "plan.demand_falls.0.saving", "plan.demand_falls.3.saving", "plan.waiting_a_month", "plan.committed",
        "certificate.lower_bound", "certificate.cost", "certificate.gap.total", "compare.0.after",
        "compare.1.before", "compare.1.savings.saving", "compare.1.savings.percent", "waterfall.0.saving",
    ]

    /// Numbers that the page alone has.
    private static let paged = [
        "months.0.eligible", "months.0.covered", "months.1.committed", "months.1.used", "purchases.0.figures.covered",
        "compare.1.months.1.after", "calibration.shares.rated.amount",
    ]

    @Test(arguments: paths + paged)
    func anotherNumberIsNoticed(_ path: String) throws {
        for size in ["small", "large"] {
            let (report, page, summary) = try texts(size)
            let other = try #require(Self.changed(report, path.split(separator: ".").map(String.init)))
            #expect(PageNumbers(page).faults(other) != [], "\(path) of the page, \(size)")
            guard !Self.paged.contains(path) else { continue }
            #expect(SummaryNumbers(summary).faults(other) != [], "\(path) of the summary, \(size)")
        }
    }

    /// The document with one number another one; nil where there is none.
    private static func changed(_ value: JSONValue, _ path: [String]) -> JSONValue? {
        guard let key = path.first else {
            return value.string.flatMap { Money($0) }.map { .string(($0 + Money(3)).description) }
        }
        let rest = Array(path.dropFirst())
        switch value {
        case .object(var members):
            guard let inner = members[key].flatMap({ changed($0, rest) }) else { return nil }
            members[key] = inner
            return .object(members)
        case .array(var items):
            guard let index = Int(key), items.indices.contains(index), let inner = changed(items[index], rest) else {
                return nil
            }
            items[index] = inner
            return .array(items)
        default: return nil
        }
    }
}

/// What a cell has to say.
enum Expected {
    case amount(String)
    case text(String)
}

extension JSONValue {
    func down(_ path: String) -> JSONValue? {
        var value: JSONValue? = self
        for key in path.split(separator: ".") {
            if let index = Int(key) {
                value = value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            } else {
                value = value?[String(key)]
            }
        }
        return value
    }

    func word(_ path: String) -> String { down(path)?.string ?? "" }
    func amount(_ path: String) -> Expected { .amount(word(path)) }
    func percent(_ path: String) -> Expected { .text(word(path) + " %") }
    func items(_ path: String) -> [JSONValue] { down(path)?.array ?? [] }

    /// Tables that both renderings have, by their columns in the page.
    var monthRows: [[Expected]] {
        items("months").map { [.text($0.word("month")), $0.amount("effective_before"), $0.amount("effective_after")] }
    }

    var fallCells: [Expected] { items("plan.demand_falls").map { $0.amount("saving") } }
}

/// Decimals of a report's amounts.
private func places(_ report: JSONValue) -> Int {
    (Money(report.word("savings.before")) ?? .zero) < Money(10_000) ? 2 : 0
}

private func shown(_ exact: String, _ places: Int) -> String? {
    guard let value = Money(exact) else { return nil }
    let rounded = value.rounded(to: places)
    // What would round to nothing keeps its cents.
    return ["0", "-0"].contains(rounded) && value != .zero ? value.rounded(to: 2) : rounded
}

private func plain(_ text: String) -> String {
    text.replacing(",", with: "").replacing("−", with: "-").replacing("\u{a0}", with: " ")
}

/// The tables and figures of report.html.
struct PageNumbers {
    let page: String

    init(_ page: String) { self.page = page }

    func faults(_ report: JSONValue) -> [String] {
        let currency = report.word("bills.before.currency")
        let purchase = report.items("purchases").first ?? .null
        let falls = report.fallCells + [report.amount("plan.waiting_a_month")]
        var found = table("Bill by month, \(currency)", report.monthRows, report)
        found += table(
            "Saving by lever, \(currency)",
            report.items("waterfall").map {
                [.text("Commitments"), $0.amount("before"), $0.amount("after"), $0.amount("saving")]
            }, report)
        found += table(
            "Coverage and utilisation by month, \(currency)",
            report.items("months").map {
                [
                    .text($0.word("month")), $0.amount("eligible"), $0.amount("covered"),
                    $0.percent("coverage_percent"),
                    $0.amount("committed"), $0.amount("used"), $0.percent("utilization_percent"),
                ]
            }, report)
        found += table(
            "Commitments to buy, \(currency)",
            [
                [
                    nil, .text("\(purchase.word("hourly_commitment")) \(currency) an hour"),
                    purchase.amount("figures.fee"), purchase.amount("figures.covered"),
                    purchase.amount("figures.saving"), nil, nil,
                ]
            ], report)
        found += table("Saving of the whole plan, \(currency)", [[.text("The whole plan")] + falls], report)
        found += table("Variants, \(currency)", report.items("compare").map(Self.variant), report)
        let months = report.items("compare.0.months").indices
        found += table(
            "Bill after by month and variant, \(currency)",
            months.map { month in
                [nil] + report.items("compare").map { $0.amount("months.\(month).after") }
            }, report)
        return found + sentences(report) + figures(report)
    }

    private static func variant(_ variant: JSONValue) -> [Expected?] {
        [
            .text(variant.word("name")), nil, variant.amount("before"), variant.amount("after"),
            variant.amount("savings.saving"), variant.percent("savings.percent"),
        ]
    }

    /// A table by its caption, cell by cell.
    private func table(_ caption: String, _ rows: [[Expected?]], _ report: JSONValue) -> [String] {
        guard let start = page.firstRange(of: ">\(caption)</caption>"),
            let end = page[start.upperBound...].firstRange(of: "</tbody>")
        else { return ["\(caption): not there"] }
        let lines = page[start.upperBound..<end.lowerBound].split(separator: "<tr>").dropFirst(2)
        guard lines.count == rows.count else { return ["\(caption): \(lines.count) rows instead of \(rows.count)"] }
        var found: [String] = []
        for (line, row) in zip(lines, rows) {
            let cells = line.matches(of: /<t[hd][^>]*>(.*?)<\/t[hd]>/.dotMatchesNewlines()).map { String($0.1) }
            for (index, wanted) in row.enumerated() {
                guard let wanted else { continue }
                let cell = cells.indices.contains(index) ? cells[index] : ""
                if !says(cell, wanted, report) { found.append("\(caption), column \(index): \(cell), not \(wanted)") }
            }
        }
        return found
    }

    private func says(_ cell: String, _ wanted: Expected, _ report: JSONValue) -> Bool {
        let text = plain(cell.replacing(/<[^>]*>/, with: ""))
        switch wanted {
        case .text(let told): return text == told
        case .amount(let exact):
            let value = cell.firstMatch(of: /<data value="([^"]*)">/).map { String($0.1) }
            return value == exact && text == shown(exact, places(report))
        }
    }

    /// Cards, facts and the certificate.
    private func sentences(_ report: JSONValue) -> [String] {
        var found: [String] = []
        func amounts(_ from: String, _ to: String) -> [String] {
            guard let start = page.firstRange(of: from), let end = page[start.upperBound...].firstRange(of: to) else {
                return []
            }
            let part = page[start.upperBound..<end.lowerBound]
            for match in part.matches(of: /<data value="([^"]*)">([^<]*)</) {
                let (exact, text) = (String(match.1), plain(String(match.2)))
                if text != shown(exact, places(report)) { found.append("\(text) is not \(exact)") }
            }
            return part.matches(of: /<data value="([^"]*)">/).map { String($0.1) }
        }
        let cards = ["before", "after", "saving"].map { report.word("savings.\($0)") }
        if amounts("<div class=\"cards\">", "<dl class=\"facts\">") != cards { found.append("the cards are others") }
        if !page.contains("\(report.word("savings.percent")) % of the bill") {
            found.append("the percentage is another")
        }
        let facts = amounts("<dl class=\"facts\">", "</dl>")
        let falls = report.items("plan.demand_falls").map { $0.word("saving") }
        let kept = falls.prefix { !$0.hasPrefix("-") }.last
        let risk = [kept, falls.first { $0.hasPrefix("-") }].compactMap { $0 }
        if facts != [report.word("plan.committed")] + risk + [report.word("plan.waiting_a_month")] {
            found.append("the facts are others: \(facts)")
        }
        let gap = ["lower_bound", "cost", "gap.total"].map { report.word("certificate.\($0)") }
        if amounts("How good the plan is.", "</p>") != gap { found.append("the certificate is another") }
        let share = amounts("id=\"calibration\"", "</section>").first
        if share != report.word("calibration.shares.rated.amount") { found.append("the share is another") }
        return found
    }

    /// What the charts are drawn from.
    private func figures(_ report: JSONValue) -> [String] {
        guard let start = page.firstRange(of: "id=\"figures\">"),
            let end = page[start.upperBound...].firstRange(of: "</script>"),
            let figures = JSONValue(parsing: Array(page[start.upperBound..<end.lowerBound].utf8))
        else { return ["there are no figures"] }
        func near(_ value: JSONValue?, _ exact: String) -> Bool {
            let number: Double? =
                switch value {
                case .double(let number): number
                case .int(let number): Double(number)
                default: nil
                }
            return number != nil && number == Money(exact).flatMap { Double($0.rounded(to: 2)) }
        }
        var found: [String] = []
        func check(_ name: String, _ value: JSONValue?, _ exact: String) {
            if !near(value, exact) { found.append("the chart of \(name) is not \(exact)") }
        }
        for (index, month) in report.items("months").enumerated() {
            check("months", figures.down("months.before.\(index)"), month.word("effective_before"))
            check("months", figures.down("months.after.\(index)"), month.word("effective_after"))
            check("coverage", figures.down("coverage.coverage.\(index)"), month.word("coverage_percent"))
            check("coverage", figures.down("coverage.utilization.\(index)"), month.word("utilization_percent"))
        }
        check("falls", figures.down("falls.values.0"), report.word("savings.saving"))
        for (index, fall) in report.items("plan.demand_falls").enumerated() {
            check("falls", figures.down("falls.values.\(index + 1)"), fall.word("saving"))
        }
        check("levers", figures.down("waterfall.0.high"), report.word("savings.before"))
        check("levers", figures.down("waterfall.2.high"), report.word("savings.after"))
        for (set, variant) in report.items("compare").enumerated() {
            for (index, month) in variant.items("months").enumerated() {
                check("variants", figures.down("compare.sets.\(set).values.\(index)"), month.word("after"))
            }
        }
        return found
    }
}

/// The tables of report.md.
struct SummaryNumbers {
    let text: String

    init(_ text: String) { self.text = text }

    func faults(_ report: JSONValue) -> [String] {
        let savings = report.down("savings") ?? .null
        let purchase = report.items("purchases").first ?? .null
        var found = table(
            "# ",
            [
                [
                    savings.amount("before"), savings.amount("after"), savings.amount("saving"),
                    savings.percent("percent"),
                ]
            ],
            report)
        found += table(
            "## Levers",
            report.items("waterfall").map { [nil, $0.amount("before"), $0.amount("after"), $0.amount("saving")] },
            report)
        found += table(
            "## What to buy",
            [
                [
                    nil, .text("\(purchase.word("hourly_commitment")) \(report.word("bills.before.currency")) an hour"),
                    nil, purchase.amount("figures.fee"), purchase.amount("figures.saving"),
                ]
            ], report)
        found += table(
            "## What if demand falls",
            [[savings.amount("saving")] + report.fallCells + [report.amount("plan.waiting_a_month")]], report)
        found += table(
            "## Variants",
            report.items("compare").map {
                [
                    .text($0.word("name")), nil, $0.amount("before"), $0.amount("after"), $0.amount("savings.saving"),
                    $0.percent("savings.percent"),
                ]
            }, report)
        found += table(
            "## By month",
            zip(report.items("months"), report.monthRows).map { month, row in
                row + [month.percent("coverage_percent"), month.percent("utilization_percent")]
            }, report)
        let currency = report.word("bills.before.currency")
        for (path, before, after) in [
            ("plan.committed", "Committed to: **", "**"), ("certificate.lower_bound", " below ", " \(currency); "),
            ("certificate.cost", "brings it to ", ": at most "),
            ("certificate.gap.total", "at most ", " \(currency) above"),
        ] {
            let sentence = before + (shown(report.word(path), places(report)) ?? "") + after
            if !text.replacing(",", with: "").contains(sentence) { found.append("\(path) is not said: \(sentence)") }
        }
        return found
    }

    /// The first table below a heading.
    private func table(_ heading: String, _ rows: [[Expected?]], _ report: JSONValue) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix(heading) }),
            let head = lines[start...].firstIndex(where: { $0.hasPrefix("| ") })
        else { return ["\(heading): not there"] }
        let body = lines[(head + 2)...].prefix { $0.hasPrefix("| ") }
        guard body.count == rows.count else { return ["\(heading): \(body.count) rows instead of \(rows.count)"] }
        var found: [String] = []
        for (line, row) in zip(body, rows) {
            let cells = line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false)
            for (index, wanted) in row.enumerated() {
                guard let wanted else { continue }
                let cell = cells.indices.contains(index) ? plain(String(cells[index]).replacing("*", with: "")) : ""
                let told: String? =
                    switch wanted {
                    case .text(let text): text
                    case .amount(let exact): shown(exact, places(report))
                    }
                if cell != told { found.append("\(heading), column \(index): \(cell), not \(told ?? "a number")") }
            }
        }
        return found
    }
}
