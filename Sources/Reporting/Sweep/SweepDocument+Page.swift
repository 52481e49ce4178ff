internal import PlimsollCore

/// `sweep.html`: what can be had at what risk, and for how much cash at once.
extension SweepDocument {
    /// The page; `library` is Chart.js's source.
    public func html(library: String?) -> String {
        let library = PageShell.usable(library)
        let body = """
            <header><p class="eyebrow">Sweep · \(points.count) runs · \(Markup.escape(currency))</p>
            <h1>\(Markup.short(root.text("scenario"), 200))</h1></header>
            <main id="main">
            \(facts)\(plots(library != nil))\(table)
            </main>

            """
        return PageShell(title: "\(root.text("scenario")): sweep", body: body, figures: figures, library: library).text
    }

    private var fall: String { "\(root.text("fall_percent"))\u{a0}%" }
    private var places: Int { points.map { Show.places(for: $0.text("before")) }.min() ?? 2 }

    // MARK: Settings

    /// The last word of each setting, where that is enough to tell them apart.
    private var shortKeys: [String] {
        let words = keys.map { String($0.split(separator: ".").last ?? "") }
        return zip(keys, words).map { key, word in words.count(where: { $0 == word }) == 1 ? word : key }
    }

    private func shortSettings(_ point: JSONValue) -> String {
        zip(shortKeys, point.list("settings")).map { "\($0) \(Self.spaced($1.string ?? ""))" }.joined(separator: ", ")
    }

    /// A list that can be broken between its elements.
    private static func spaced(_ value: String) -> String { value.replacing(",", with: ", ") }

    /// What the short names stand for.
    private var explained: String {
        let pairs = zip(shortKeys, keys).filter { $0 != $1 }
        guard !pairs.isEmpty else { return "" }
        return " "
            + pairs.map { "<em>\(Markup.escape($0))</em> is <code>\(Markup.escape($1))</code>" }
            .joined(separator: ", ") + "."
    }

    // MARK: Parts

    private func section(_ id: String, _ title: String, _ lead: String, _ content: String) -> String {
        """
        <section id="\(id)" aria-labelledby="\(id)-title"><h2 id="\(id)-title">\(title)</h2>
        <p class="lead">\(lead)</p>
        \(content)</section>

        """
    }

    /// What does not differ between the runs makes no chart.
    private func plots(_ hasCharts: Bool) -> String {
        func plot(_ id: String, _ label: String) -> String {
            """
            <figure class="chart" id="\(id)-chart"><div class="plot"><canvas id="\(id)-canvas" role="img" \
            aria-label="\(label)"></canvas></div></figure>

            """
        }
        guard hasCharts else { return "<p>No chart library was at hand, so there are tables only.</p>\n" }
        var text = section(
            "sweep", "Saving against risk",
            "One point a run, numbered as in the table: upwards it saves more, to the right it keeps more when demand is "
                + "\(fall) lower. The line joins the runs that no other beats in both.",
            plot("sweep", "Saving of each run against its saving when demand falls"))
        if isCashDifferent {
            text += section(
                "cash", "Saving against cash upfront",
                "The same runs: upwards it saves more, to the right more has to be paid at once.",
                plot("cash", "Saving of each run against the cash paid upfront"))
        }
        return text
    }

    private var isCashDifferent: Bool { Set(points.map { $0.text("upfront") }).count > 1 }

    private func amount(_ point: JSONValue, _ key: String) -> String { Markup.amount(point.text(key), places: places) }
    private func signed(_ point: JSONValue, _ key: String) -> String { Markup.signed(point.text(key), places: places) }

    /// The runs that are best at one thing each.
    private var facts: String {
        func most(_ key: String, least: Bool = false) -> (index: Int, point: JSONValue)? {
            let all = points.enumerated().map { (index: $0.offset, point: $0.element) }
            return all.max { left, right in
                let (a, b) = (Money(left.point.text(key)) ?? .zero, Money(right.point.text(key)) ?? .zero)
                guard a != b else {
                    return (Money(left.point.text("saving")) ?? .zero) < (Money(right.point.text("saving")) ?? .zero)
                }
                return least ? a > b : a < b
            }
        }
        func fact(_ title: String, _ key: String, _ found: (index: Int, point: JSONValue)?) -> String {
            guard let found else { return "" }
            return """
                <div class="fact"><dt class="label">\(title)</dt>
                <dd class="answer">\(signed(found.point, key)) <span class="unit">\(Markup.escape(currency))</span></dd>
                <dd class="small">Run \(found.index + 1): \(Markup.name(shortSettings(found.point)))</dd></div>

                """
        }
        return "<section id=\"headline\" aria-label=\"In short\"><dl class=\"facts\">\n"
            + fact("Saves most", "saving", most("saving"))
            + fact("Keeps most when demand is \(fall) lower", "saving_after_fall", most("saving_after_fall"))
            + (isCashDifferent
                ? fact("Saves most of those with the least upfront", "saving", most("upfront", least: true)) : "")
            + "</dl></section>\n"
    }

    private var table: String {
        // What is the same in all runs is said once.
        let bills = Set(points.map { $0.text("before") })
        let isOneBill = bills.count == 1 && points.count > 1
        let rows = points.enumerated().map { index, point -> [String] in
            var cells = [String(index + 1)]
            cells += point.list("settings").map { Markup.name(Self.spaced($0.string ?? "")) }
            cells += isOneBill ? [] : [amount(point, "before")]
            cells += [amount(point, "after"), signed(point, "saving")]
            cells += ["\(Markup.escape(Markup.minus(point.text("percent")))) %", signed(point, "saving_after_fall")]
            cells += [amount(point, "upfront"), isBest(point) ? "yes" : ""]
            return cells
        }
        let head =
            ["Run"] + shortKeys + (isOneBill ? [] : ["Bill before"])
            + ["Bill after", "Saving", "Of the bill", "Saving, demand −\(fall)", "Upfront", "Undominated"]
        let first = keys.count + 1
        let table = Markup.table(
            "Runs of the sweep, \(currency)", head, rows, numbers: Set(first...head.count - 2), numbered: true)
        let hash = Markup.escape(root.text("sha256"))
        let bill =
            isOneBill
            ? bills.first.map {
                " Bill before: \(Markup.amount($0, places: places)) \(Markup.escape(currency)) in every run."
            } ?? "" : ""
        return section(
            "runs", "All runs",
            "Undominated: no other run saves as much, keeps as much when demand falls and pays as little upfront, and is "
                + "better in one of the three.\(bill)\(explained)",
            table + notes + "<p class=\"small\">Scenario: SHA-256 <code class=\"hash\">\(hash)</code></p>\n")
    }

    private var notes: String {
        missing.map { run in
            "<p class=\"warning\"><strong>No plan.</strong> \(Markup.name(settings(run))): "
                + "\(Markup.prose(run.text("reason")))</p>\n"
        }.joined()
    }

    private var figures: JSONValue {
        func number(_ text: String) -> JSONValue {
            (Money(text)?.rounded(to: 2)).flatMap { Double($0) }.map(JSONValue.double) ?? .null
        }
        let runs = points.enumerated().map { index, point in
            JSONValue.object([
                "label": .string(Visible.text("\(index + 1): \(shortSettings(point))")),
                "fallen": number(point.text("saving_after_fall")), "saving": number(point.text("saving")),
                "upfront": number(point.text("upfront")),
            ])
        }
        return .object(["currency": .string(currency), "sweep": .array(runs), "cash": .bool(isCashDifferent)])
    }
}
