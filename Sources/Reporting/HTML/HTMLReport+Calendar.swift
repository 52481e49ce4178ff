internal import PlimsollCore

/// When commitments begin and end, and who is covered.
extension HTMLReport {
    private static let endsShown = 20
    private static let namesShown = 15

    /// An amount that is small beside the bill.
    private func fee(_ exact: String) -> String { Markup.amount(exact, places: 2) }

    var calendar: String {
        let months = root.list("calendar")
        let ends = root.list("ends")
        guard !months.isEmpty, !ends.isEmpty else { return "" }
        let rows = months.map { month in
            let count = month.text("purchases")
            return [
                Markup.escape(month.text("month")), fee(month.text("begins")),
                count == "0" ? "–" : Markup.escape(count),
                amount(month.text("upfront")), fee(month.text("ends")), fee(month.text("in_force")),
            ]
        }
        let table = Markup.table(
            "What begins and ends by month, \(currency)",
            [
                "Month", "Begins, an hour", "Purchases", "Paid at purchase", "Ends, an hour",
                "In force at its end, an hour",
            ],
            rows, numbers: [1, 2, 3, 4, 5])
        let listed = ends.prefix(Self.endsShown).map { item in
            let names = [item.text("offer"), item.text("scope")].filter { !$0.isEmpty }.joined(separator: " ")
            return [
                Markup.escape(String(item.text("ends").prefix(10))), Markup.short(names),
                Markup.short(item.text("id")), item.text("kind") == "held" ? "held" : "to buy",
                fee(item.text("hourly")),
            ]
        }
        let more = ends.count - listed.count
        return section(
            "calendar", "When commitments begin and end",
            "Fees for an hour, amortised. What ends leaves its usage on demand unless something follows it.",
            table + "<h3>Next to end</h3>\n"
                + Markup.table(
                    "Commitments by the day they end, \(currency)",
                    ["Ends", "Commitment", "Id", "", "Fee an hour"], Array(listed), numbers: [4])
                + (more > 0 ? "<p>\(more) more are in report.json.</p>\n" : ""))
    }

    /// Coverage apart by account, family and so on.
    var coveredBy: String {
        let tables = (root.at("coverage_by")?.members ?? []).sorted { $0.key < $1.key }.map { dimension, _ in
            let all = root.list("coverage_by", dimension)
            let rows = all.prefix(Self.namesShown).map { item in
                [
                    item.text("name").isEmpty ? "none" : Markup.short(item.text("name")), amount(item.text("eligible")),
                    amount(item.text("covered")), amount(item.text("on_demand")),
                    "\(Markup.escape(item.text("coverage_percent"))) %",
                ]
            }
            let more = all.count - rows.count
            return Markup.table(
                "Coverage by \(dimension), \(currency)",
                [Self.capitalised(dimension), "Could be covered", "Is covered", "Left on demand", "Coverage"],
                Array(rows), numbers: [1, 2, 3, 4]) + (more > 0 ? "<p>\(more) more are in report.json.</p>\n" : "")
        }
        return tables.joined()
    }

    /// Limits that the plan keeps.
    var limits: String {
        let limits = root.list("certificate", "limits")
        guard !limits.isEmpty else { return "" }
        let rows = limits.map { limit in
            [
                Markup.short(limit.text("name")), fee(limit.text("limit")), fee(limit.text("used")),
                Money(limit.text("price"))?.raw == 0 ? "nothing" : fee(limit.text("price")),
            ]
        }
        return Markup.table(
            "Limits of the plan, \(currency)", ["Limit", "At most", "Taken", "One more would save at most"], rows,
            numbers: [1, 2, 3])
    }
}
