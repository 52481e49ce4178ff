internal import PlimsollCore

/// The plan: what to buy, what it risks, how to do it.
extension HTMLReport {
    private static let shown = 100

    private var ranked: [JSONValue] { PurchaseList(document).ranked }

    // MARK: What to buy

    var purchases: String {
        guard !ranked.isEmpty else {
            return section(
                "purchases", "What to buy", "", "<p>Nothing: no commitment offered here saves money.</p>\n")
        }
        let common = CommonFacts(ranked, currency: currency)
        let rows = ranked.prefix(Self.shown).enumerated().map { index, item in
            let line = PurchaseLine(item, currency: currency)
            return [
                title(index, line, common, id: item.text("id")),
                "<span class=\"keep\">\(Markup.escape(line.amount))</span>",
            ] + (common.begins == nil ? ["<span class=\"keep\">\(Markup.escape(line.begins))</span>"] : [])
                + [
                    amount(item.text("figures", "fee")), amount(item.text("figures", "covered")),
                    signed(item.text("figures", "saving")), line.used.isEmpty ? "–" : "\(Markup.escape(line.used)) %",
                    "<span class=\"keep\">\(Markup.escape(line.breakEven))</span>",
                ]
        }
        let begins = common.begins == nil ? ["Begins"] : []
        let table = Markup.table(
            "Commitments to buy, \(currency)",
            ["Commitment", "How much"] + begins + ["Costs", "Instead of", "Saves", "Used", "Paid off in"], rows,
            numbers: Set((2 + begins.count)...(5 + begins.count)))
        let more = ranked.count - Self.shown
        return section(
            "purchases", "What to buy", common.sentence,
            table + limits + (more > 0 ? "<p>\(more) more are in report.json.</p>\n" : "")
                + "<p class=\"small\">Each <em>costs</em> less than the usage it serves would on demand (<em>instead of</em>). "
                + "<em>Saves</em> is the bill without this one purchase less the bill with it; the others then take over "
                + "part of its usage, so the column need not add up to the whole saving.</p>\n")
    }

    /// A purchase in a row of its own: its number in every list, its name, what it is for.
    private func title(_ index: Int, _ line: PurchaseLine, _ common: CommonFacts, id: String = "") -> String {
        let about = [line.scope(withOwner: common.owner == nil), id].filter { !$0.isEmpty }.map { Markup.short($0) }
        return
            "\(index + 1). \(Markup.name(line.title))<br><span class=\"small\">\(about.joined(separator: " · "))</span>"
    }

    // MARK: What it risks

    var risk: String {
        guard let plan = root.at("plan"), !plan.list("demand_falls").isEmpty else { return "" }
        let falls = plan.list("demand_falls")
        let head = ["Purchase"] + falls.map { "Demand −\($0.text("percent"))\u{a0}%" } + ["Waiting a month costs"]
        func row(_ name: String, _ figures: JSONValue) -> [String] {
            let cells = figures.list("demand_falls").map { signed($0.text("saving")) }
            return [name] + cells + [amount(figures.text("waiting_a_month"))]
        }
        let whole = row("<strong>The whole plan</strong>", plan)
        let common = CommonFacts(ranked, currency: currency)
        let rows = ranked.prefix(Self.shown).enumerated().compactMap { index, item -> [String]? in
            guard let figures = item.at("figures"), !figures.list("demand_falls").isEmpty else { return nil }
            return row(title(index, PurchaseLine(item, currency: currency), common), figures)
        }
        let numbers = Set(1...max(1, head.count - 1))
        // One purchase is the whole plan.
        let table =
            rows.count < 2
            ? ""
            : Markup.table(
                "Saving where demand falls, by purchase, \(currency)", head, [whole] + rows, numbers: numbers)
        return section(
            "risk", "What if demand falls",
            "Saving of the plan with less demand in every hour, each bill rated again. A minus is a loss against not buying.",
            chart(
                "risk", "Saving of the plan where demand falls",
                table: Markup.table("Saving of the whole plan, \(currency)", head, [whole], numbers: numbers))
                + (table.isEmpty ? "" : "<h3>By purchase</h3>\n") + table + remarks(plan))
    }

    /// Which purchases are the first to lose, and how many were not looked at.
    private func remarks(_ plan: JSONValue) -> String {
        let weak = ranked.enumerated().filter {
            $0.element.list("figures", "demand_falls").first?.text("saving").hasPrefix("-") == true
        }.map(\.offset)
        var text = ""
        if !weak.isEmpty, ranked.count > 1 {
            let percent = plan.list("demand_falls").first?.text("percent") ?? ""
            text += "Already where demand falls by \(Markup.escape(percent))\u{a0}%, these lose: \(Self.spans(weak)). "
        }
        let omitted = plan.text("purchases_omitted")
        if !omitted.isEmpty, omitted != "0" {
            text += "\(Markup.escape(omitted)) small purchases were not re-rated one by one."
        }
        return text.isEmpty ? "" : "<p class=\"small\">\(text)</p>\n"
    }

    /// Places in the list as people write them: `1–3, 5`, counted from 1.
    static func spans(_ places: [Int]) -> String {
        var spans: [ClosedRange<Int>] = []
        for place in places {
            if let last = spans.last, last.upperBound + 1 == place {
                spans[spans.count - 1] = last.lowerBound...place
            } else {
                spans.append(place...place)
            }
        }
        return spans.map { span in
            let (first, last) = (span.lowerBound + 1, span.upperBound + 1)
            return first == last ? "\(first)" : "\(first)\(last - first > 1 ? "–" : ", ")\(last)"
        }.joined(separator: ", ")
    }

    // MARK: How to buy it

    var buying: String {
        let items = ranked.enumerated().filter { !$0.element.text("steps", "buy").isEmpty }
        guard !items.isEmpty else {
            guard !ranked.isEmpty else { return "" }
            return section(
                "buying", "How to buy it", "",
                "<p>No provider module here knows how these are bought: the vendor's console does.</p>\n")
        }
        let shown = items.prefix(10)
        let facts = CommonFacts(items.map(\.element), currency: currency)
        let blocks = shown.map { index, item in
            let line = PurchaseLine(item, currency: currency)
            return """
                <li value="\(index + 1)"><p><strong>\(Markup.escape(line.amount))</strong> \(Markup.name(line.title)), \(Markup.short(line.scope(withOwner: facts.owner == nil), 160))</p>
                <pre tabindex="0"><code>\(Markup.command(item.text("steps", "lookup")))
                \(Markup.command(item.text("steps", "buy")))</code></pre></li>

                """
        }
        let more = items.count - shown.count
        return section(
            "buying", "How to buy it",
            "\(facts.owner.map { "As account \(Markup.short($0)): the" } ?? "The") first command finds the offering, the second "
                + "buys it. Nothing was bought: Plimsoll only reads. "
                + "The folder <code>actions</code> has all of them as a script, as CSV and as a checklist.",
            undo(Array(items))
                + "<ol class=\"steps\">\n\(blocks.joined())</ol>\n"
                + (more > 0 ? "<p>\(more) more are in <code>actions</code>.</p>\n" : ""))
    }
}

extension HTMLReport {
    /// How purchases are undone; what several have in common is said once.
    private func undo(_ items: [(offset: Int, element: JSONValue)]) -> String {
        var ways: [(text: String, places: [Int])] = []
        for (index, item) in items {
            let text = item.text("steps", "undo")
            if let way = ways.firstIndex(where: { $0.text == text }) {
                ways[way].places.append(index)
            } else {
                ways.append((text, [index]))
            }
        }
        return ways.map { way in
            let which = ways.count == 1 ? "" : " of \(Self.spans(way.places))"
            return "<p><strong>Undo\(which):</strong> \(Markup.prose(way.text))</p>\n"
        }.joined()
    }
}

/// What all purchases have in common is said once.
private struct CommonFacts {
    var begins: String?
    var owner: String?

    init(_ items: [JSONValue], currency: String) {
        let lines = items.map { PurchaseLine($0, currency: currency) }
        func only(_ texts: [String]) -> String? { Set(texts).count == 1 ? texts.first : nil }
        begins = only(lines.map(\.begins))
        owner = only(lines.map(\.owner))
    }

    var sentence: String {
        let account = owner.map { "for account \(Markup.short($0))" }
        let start = begins.map { "beginning \(Markup.escape($0))" }
        let facts = [account, start].compactMap { $0 }
        return "Largest first" + facts.map { ", " + $0 }.joined() + "."
    }
}
