internal import PlimsollCore

/// The plan: what to buy, what it risks, how to do it.
extension HTMLReport {
    private static let shown = 100

    private var ranked: [JSONValue] { PurchaseList(document).ranked }

    var purchases: String {
        guard !ranked.isEmpty else {
            return section(
                "purchases", "What to buy", "", "<p>Nothing: no commitment offered here saves money.</p>\n")
        }
        let rows = ranked.prefix(Self.shown).map { item in
            let line = PurchaseLine(item, currency: currency)
            return [
                "\(Markup.name(line.title))<br><span class=\"small\">\(Markup.name(line.scope)) · \(Markup.name(item.text("id")))</span>",
                "<span class=\"keep\">\(Markup.escape(line.amount))</span>",
                "<span class=\"keep\">\(Markup.escape(line.begins))</span>",
                Markup.amount(item.text("figures", "fee")), Markup.amount(item.text("figures", "covered")),
                Markup.signed(item.text("figures", "saving")),
                line.used.isEmpty ? "–" : "\(Markup.escape(line.used)) %",
                "<span class=\"keep\">\(Markup.escape(line.breakEven))</span>",
            ]
        }
        let table = Markup.table(
            "Commitments to buy, \(currency)",
            ["Commitment", "How much", "Begins", "Costs", "Instead of", "Saves", "Used", "Pays off in"], Array(rows),
            numbers: [3, 4, 5, 6])
        let more = ranked.count - Self.shown
        return section(
            "purchases", "What to buy",
            "Largest first. Why: each <em>costs</em> less than what the usage it serves costs on demand (<em>instead of</em>). "
                + "<em>Saves</em> is the bill without this one purchase less the bill with it, all others bought; others may "
                + "take over its usage, so that the column need not add up to the whole saving.",
            table + (more > 0 ? "<p>\(more) more are in report.json.</p>\n" : ""))
    }

    var risk: String {
        guard let plan = root.at("plan"), !plan.list("demand_falls").isEmpty else { return "" }
        let falls = plan.list("demand_falls")
        let head = ["Purchase"] + falls.map { "Demand −\($0.text("percent"))\u{a0}%" } + ["Waiting a month costs"]
        func row(_ name: String, _ figures: JSONValue) -> [String] {
            let cells = figures.list("demand_falls").map { Markup.signed($0.text("saving")) }
            return [name] + cells + [Markup.amount(figures.text("waiting_a_month"))]
        }
        var rows = [row("<strong>The whole plan</strong>", plan)]
        for item in ranked.prefix(Self.shown) {
            guard let figures = item.at("figures"), !figures.list("demand_falls").isEmpty else { continue }
            let line = PurchaseLine(item, currency: currency)
            rows.append(
                row("\(Markup.name(line.title))<br><span class=\"small\">\(Markup.name(line.scope))</span>", figures))
        }
        let table = Markup.table(
            "Saving where demand falls, \(currency)", head, rows, numbers: Set(1...max(1, head.count - 1)))
        let omitted = plan.text("purchases_omitted")
        let rest =
            omitted.isEmpty || omitted == "0"
            ? "" : "<p class=\"small\">\(Markup.escape(omitted)) small purchases were not re-rated one by one.</p>\n"
        let breakEven = plan.text("break_even_month")
        let pays =
            breakEven.isEmpty
            ? "In cash the plan does not pay off within the period."
            : "In cash the plan pays off in \(Markup.escape(breakEven))."
        return section(
            "risk", "What if demand falls",
            "Every figure is a bill rated again with less demand in every hour; a minus is a loss against not buying. \(pays)",
            chart(
                "risk", "Saving of the plan where demand falls",
                table: Markup.table(
                    "Saving of the whole plan, \(currency)", head, [row("The whole plan", plan)],
                    numbers: Set(1...max(1, head.count - 1)))) + "<h3>By purchase</h3>\n" + table + rest)
    }

    var buying: String {
        let items = ranked.filter { !$0.text("steps", "buy").isEmpty }
        guard !items.isEmpty else {
            guard !ranked.isEmpty else { return "" }
            return section(
                "buying", "How to buy it", "",
                "<p>No provider module here knows how these are bought: the vendor's console does.</p>\n")
        }
        let blocks = items.prefix(10).map { item in
            let line = PurchaseLine(item, currency: currency)
            return """
                <li><p><strong>\(Markup.name(line.title))</strong>, \(Markup.name(line.scope)), \(Markup.escape(line.amount))</p>
                <pre tabindex="0"><code>\(Markup.escape(item.text("steps", "lookup")))
                \(Markup.escape(item.text("steps", "buy")))</code></pre>
                <p class="small">Undo: \(Markup.prose(item.text("steps", "undo")))</p></li>

                """
        }
        let more = items.count - 10
        return section(
            "buying", "Buy this much today",
            "The first command finds the offering, the second buys it. Nothing was bought: Plimsoll only reads. "
                + "The folder <code>actions</code> has all of them as a script, as CSV and as a checklist.",
            "<ol class=\"steps\">\n\(blocks.joined())</ol>\n"
                + (more > 0 ? "<p>\(more) more are in <code>actions</code>.</p>\n" : ""))
    }
}
