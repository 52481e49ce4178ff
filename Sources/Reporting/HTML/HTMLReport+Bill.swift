internal import PlimsollCore

/// The bill: levers, months, hours, coverage.
extension HTMLReport {
    var levers: String {
        let steps = root.list("waterfall")
        guard !steps.isEmpty else {
            return section("levers", "Where the saving comes from", "", "<p>No lever was asked for.</p>\n")
        }
        guard steps.contains(where: { (Money($0.text("saving"))?.raw ?? 0) != 0 }) else {
            return section("levers", "Where the saving comes from", "", "<p>No lever saves anything here.</p>\n")
        }
        let alone = Dictionary(
            root.list("levers_alone").map { ($0.text("lever"), $0.text("saving")) },
            uniquingKeysWith: { first, _ in first })
        // One lever alone does what it does here.
        let isSeveral = steps.count > 1
        let rows = steps.map { step in
            let lever = step.text("lever")
            return [
                Markup.name(Show.lever(lever)), amount(step.text("before")), amount(step.text("after")),
                signed(step.text("saving")),
            ] + (isSeveral ? [signed(alone[lever] ?? "")] : [])
        }
        let table = Markup.table(
            "Saving by lever, \(currency)",
            ["Lever", "Bill before", "Bill after", "Saving"] + (isSeveral ? ["Alone it would save"] : []), rows,
            numbers: [1, 2, 3, 4])
        return section(
            "levers", "Where the saving comes from",
            isSeveral ? "Each bar takes off what its lever saves, in this order; the bars add up to the total." : "",
            chart("levers", "Waterfall from the bill now to the bill after", table: table))
    }

    var monthly: String {
        let months = root.list("months")
        guard !months.isEmpty else { return "" }
        let rows = months.map { month in
            [
                Markup.escape(month.text("month")), amount(month.text("effective_before")),
                amount(month.text("effective_after")),
            ]
        }
        let table = Markup.table(
            "Bill by month, \(currency)", ["Month", "Now", "After"], rows, numbers: [1, 2])
        return section(
            "months", "The bill by month", "", chart("months", "Bill by month, now and after", table: table))
    }

    var hourly: String {
        guard let hours = document.hours, hours.count > 0 else {
            return section(
                "hours", "Demand against commitments", "",
                "<p>There are no hours to show: hours.csv beside report.json is missing or empty.</p>\n")
        }
        let controls = """
            <div class="controls" id="hours-controls">
            <span class="buttons" role="group" aria-label="Span shown"><button type="button" data-span="0" aria-pressed="true">All</button>
            <button type="button" data-span="744" aria-pressed="false">Month</button>
            <button type="button" data-span="168" aria-pressed="false">Week</button></span>
            <label>Position <input type="range" id="hours-from" min="0" max="100" value="0" step="1" disabled></label>
            <output id="hours-shown" for="hours-from" aria-live="polite"></output>
            </div>

            """
        let statement = Markup.escape(root.text("hours", "statement"))
        return section(
            "hours", "Demand against commitments",
            "Every hour at on-demand list prices: what commitments held already cover, what the new ones add, "
                + "and what stays on demand. hours.csv has them all (\(statement)).",
            chart("hours", "Hourly demand and what covers it", controls: controls, table: hourTable(hours)))
    }

    /// Months of the hours: means and peaks, made for reading; the file has every hour.
    private func hourTable(_ hours: ReportHours) -> String {
        var rows: [[String]] = []
        var from = 0
        while from < hours.count {
            let first = hours.first.advanced(by: from)
            let to = min(hours.count, from + first.nextMonth.index - first.index)
            let cells = hours.columns.map { column in
                Self.rounded(column[from..<to].reduce(0, +) / Double(to - from))
            }
            let peak = Self.rounded(hours.columns[0][from..<to].max() ?? 0)
            rows.append([String(first.description.prefix(7))] + [cells[0], peak] + cells.dropFirst())
            from = to
        }
        return Markup.table(
            "Mean of the hours by month, \(currency) an hour (rounded, for reading)",
            [
                "Month", "Demand", "Peak", "Covered by held", "Covered by new", "On demand", "Commitments cost",
            ], rows, numbers: [1, 2, 3, 4, 5, 6])
    }

    private static func rounded(_ value: Double) -> String {
        Show.grouped(Money(raw: Int128(value * 100) * 10_000_000_000).rounded(to: 2))
    }

    var coverage: String {
        let months = root.list("months")
        guard !months.isEmpty else { return "" }
        let rows = months.map { month in
            [
                Markup.escape(month.text("month")), amount(month.text("eligible")),
                amount(month.text("covered")), "\(Markup.escape(month.text("coverage_percent"))) %",
                amount(month.text("committed")), amount(month.text("used")),
                "\(Markup.escape(month.text("utilization_percent"))) %",
            ]
        }
        let table = Markup.table(
            "Coverage and utilisation by month, \(currency)",
            ["Month", "Eligible", "Covered", "Coverage", "Committed", "Used", "Utilisation"], rows,
            numbers: [1, 2, 3, 4, 5, 6])
        return section(
            "coverage", "Coverage and utilisation",
            "Coverage: the part of the usage that some offer reaches, at list prices, which commitments serve. "
                + "Utilisation: the part of the commitments' cost that serves usage.",
            chart("coverage", "Coverage and utilisation by month in per cent", table: table) + coveredBy)
    }
}
