public import PlimsollCore

/// A back-test as `backtest.json` says it, and what is made from it.
public struct BacktestDocument: Sendable {
    private let root: JSONValue

    /// A document in the form of `backtest.json`.
    public init(_ root: JSONValue) { self.root = root }

    /// The text of `backtest.json`.
    public var json: String { root.text }

    private var methods: [JSONValue] { root.list("methods") }
    private var periods: [JSONValue] { root.list("periods") }
    private var beaten: [JSONValue] { root.list("beaten") }

    /// Methods by their cost, the cheapest first.
    private var ranked: [JSONValue] {
        methods.sorted { left, right in
            let (a, b) = (Money(left.text("mean_cost")) ?? .zero, Money(right.text("mean_cost")) ?? .zero)
            return a == b ? left.text("id") < right.text("id") : a < b
        }
    }

    private func rounded(_ text: String) -> String { (Money(text) ?? .zero).rounded(to: 2) }

    private func method(_ id: String) -> JSONValue { methods.first { $0.text("id") == id } ?? .null }

    /// What was planned as if the last week came again.
    private var week: JSONValue? {
        methods.first { $0.text("id") == "joint-7d" } ?? methods.first { $0.text("id").hasSuffix("-7d") }
    }

    private func wins(over other: JSONValue, _ name: String) -> String {
        let share = Money(root["regret_won"]?[other.text("id")]?.string ?? "0") ?? .zero
        guard share > .zero else { return "It is no better than \(name)." }
        return "It wins \(share.rounded(to: 2)) % of what \(name) leaves to be won."
    }

    // MARK: In words

    /// What was found, a sentence a line.
    private var findings: [String] {
        let (ours, best) = (method("forecast"), method(root.text("best_other")))
        var lines = [
            "The forecast's plan costs \(rounded(ours.text("regret_percent"))) % more than a plan that knew what came;"
                + " the best of the other methods, \(best.text("title")), \(rounded(best.text("regret_percent"))) %."
        ]
        lines.append(wins(over: best, "that method"))
        if let week, week != best { lines.append(wins(over: week, "the \(week.text("title"))")) }
        let losing = Set(beaten.map { $0.text("price_seed") + $0.text("decided") }).count
        let worst = beaten.compactMap { Money($0.text("by_percent")) }.max()
        lines.append(
            losing == 0
                ? "In none of the \(periods.count) decisions was another method cheaper."
                : "In \(losing) of the \(periods.count) decisions another method was cheaper, by at most "
                    + "\((worst ?? .zero).rounded(to: 2)) %.")
        return lines
    }

    private var basis: String {
        let span = [periods.first, periods.last].compactMap { $0?.text("decided").prefix(10) }
        let seeds = Set(periods.map { $0.text("price_seed") }).subtracting([""]).count
        let decisions =
            seeds > 1 ? "\(periods.count) decisions under \(seeds) sets of prices" : "\(periods.count) decisions"
        return "\(decisions), \(span.joined(separator: " to ")): what is bought is decided on the hours before, and "
            + "billed over the \(root.text("months")) months after. Forecast: \(root.text("forecast"))."
    }

    // MARK: Forms

    /// One row a decision and method, amounts exact.
    public var csv: [UInt8] {
        var out = CSVWriter(header: ["price_seed", "decided", "until", "method", "cost", "purchases"])
        for period in periods {
            for method in methods {
                let id = method.text("id")
                out.add([
                    period.text("price_seed"), period.text("decided"), period.text("until"), id,
                    period["costs"]?.text(id) ?? "", period["purchases"]?.text(id) ?? "",
                ])
            }
        }
        return out.bytes
    }

    /// For people, lines at most `width` characters where that can be done.
    public func table(width: Int) -> String {
        var table = TextTable([
            .init("Method"), .init("Mean cost", isNumber: true, rank: 2), .init("% of nothing bought", isNumber: true),
            .init("Regret %", isNumber: true), .init("Cheaper", isNumber: true, rank: 1),
            .init("by at most %", isNumber: true, rank: 1),
        ])
        for method in ranked {
            table.add([
                method.text("title"), Show.amount(method.text("mean_cost")),
                rounded(method.text("of_on_demand_percent")), rounded(method.text("regret_percent")),
                method.text("cheaper_than_forecast"), rounded(method.text("cheaper_by_at_most_percent")),
            ])
        }
        return wrapped(Visible.text("\(root.text("scenario")): \(basis)"), width) + "\n"
            + table.text(width: width) + "\n"
            + findings.map { wrapped($0, width) }.joined()
    }

    private func wrapped(_ text: String, _ width: Int) -> String {
        Screen.wrapped(text, width: width).map { $0 + "\n" }.joined()
    }

    /// The page; `library` is Chart.js's source.
    public func html(library: String?) -> String {
        let library = PageShell.usable(library)
        let plot =
            library == nil
            ? "<p>No chart library was at hand, so there are tables only.</p>\n"
            : #"<figure class="chart" id="compare-chart"><div class="plot"><canvas id="compare-canvas" role="img" aria-label="Regret of each decision by method"></canvas></div><figcaption>Regret of each decision: what it costs above the plan that knew what came.</figcaption></figure>"#
        let body = """
            <header><p class="eyebrow">Back-test · \(Markup.escape(root.text("currency")))</p>
            <h1>\(Markup.name(root.text("scenario")))</h1>
            <p class="lead">\(Markup.prose(findings.joined(separator: " ")))</p></header>
            <main id="main"><section id="backtest" aria-labelledby="backtest-title">
            <h2 id="backtest-title">What each method would have cost</h2>
            <p>\(Markup.prose(basis)) Costs are effective: what is paid upfront is spread over its term.</p>
            \(plot)
            \(methodTable)\(periodTable)\(losses)
            <p class="small">Scenario: SHA-256 <code class="hash">\(Markup.escape(root.text("sha256")))</code></p>
            </section></main>

            """
        return PageShell(
            title: "\(root.text("scenario")): back-test", body: body, figures: figures, library: library
        ).text
    }

    private var methodTable: String {
        let rows = ranked.map { method in
            [
                Markup.name(method.text("title")), Markup.amount(method.text("mean_cost"), places: 2),
                rounded(method.text("of_on_demand_percent")) + " %", rounded(method.text("regret_percent")) + " %",
                Markup.escape(method.text("cheaper_than_forecast")),
                rounded(method.text("cheaper_by_at_most_percent")) + " %",
            ]
        }
        return Markup.table(
            "Methods by cost, \(root.text("currency"))",
            [
                "Method", "Mean cost", "Of nothing bought", "Regret", "Decisions cheaper than the forecast's",
                "by at most",
            ], rows, numbers: [1, 2, 3, 4, 5])
    }

    /// The columns of the table of decisions: ours, the best other method, the one that knew, and nothing.
    private var drawn: [JSONValue] {
        ["forecast", root.text("best_other"), "clairvoyant", "nothing"].map(method).filter { $0 != .null }
    }

    private func label(_ period: JSONValue) -> String {
        let seed = period.text("price_seed")
        return String(period.text("decided").prefix(7)) + (seed.isEmpty ? "" : ", prices \(seed)")
    }

    private var periodTable: String {
        let rows = periods.map { period in
            [Markup.escape(label(period))]
                + drawn.map { Markup.amount(period["costs"]?.text($0.text("id")) ?? "", places: 2) }
        }
        return Markup.table(
            "Decisions, \(root.text("currency"))", ["Decided"] + drawn.map { $0.text("title") }, rows,
            numbers: Set(1...drawn.count))
    }

    private var losses: String {
        guard !beaten.isEmpty else { return "" }
        let rows = beaten.map { loss in
            [
                Markup.escape(label(loss)), Markup.name(method(loss.text("method")).text("title")),
                rounded(loss.text("by_percent")) + " %",
            ]
        }
        return Markup.table(
            "Decisions in which another method was cheaper than the forecast's plan", ["Decided", "Method", "by"], rows,
            numbers: [2])
    }

    private var figures: JSONValue {
        func above(_ period: JSONValue, _ id: String) -> JSONValue {
            let cost = Money(period["costs"]?.text(id) ?? "") ?? .zero
            let least = Money(period["costs"]?.text("clairvoyant") ?? "") ?? .zero
            return Double((cost - least).rounded(to: 2)).map(JSONValue.double) ?? .null
        }
        var compared = [method("forecast"), method(root.text("best_other"))]
        if let week, !compared.contains(week) { compared.append(week) }
        return .object([
            "currency": .string(root.text("currency")),
            "compare": .object([
                "labels": .array(periods.map { .string(label($0)) }),
                "sets": .array(
                    compared.map { method in
                        .object([
                            "name": .string(method.text("title")),
                            "values": .array(periods.map { above($0, method.text("id")) }),
                        ])
                    }),
            ]),
        ])
    }
}
