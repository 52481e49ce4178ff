internal import PlimsollCore

/// What the figures rest on: variants, calibration, what is missing, inputs.
extension HTMLReport {
    var comparison: String {
        let variants = root.list("compare")
        guard !variants.isEmpty else { return "" }
        let isSet = variants.contains { $0.at("against_first") != nil }
        let rows = variants.enumerated().map { index, variant in
            let settings = (variant.at("settings")?.members ?? []).map { "\($0.key) = \($0.value.string ?? "")" }
            return [
                Markup.short(variant.text("name")),
                settings.isEmpty ? "The scenario itself" : settings.map { Markup.short($0) }.joined(separator: "<br>"),
                amount(variant.text("before")), amount(variant.text("after")),
                signed(variant.text("savings", "saving")),
                "\(Markup.escape(Markup.minus(variant.text("savings", "percent")))) %",
            ] + (isSet ? [index == 0 ? "–" : signed(variant.text("against_first"))] : [])
                + [Markup.escape(variant.text("purchases"))]
        }
        let table = Markup.table(
            "Variants, \(currency)",
            ["Variant", "What differs", "Bill now", "Bill after", "Saving", "Of the bill"]
                + (isSet ? ["Saving against the first"] : []) + ["Purchases"], rows,
            numbers: Set(2...(isSet ? 7 : 6)))
        let months = variants.first?.list("months") ?? []
        let byMonth = months.enumerated().map { index, month in
            [Markup.escape(month.text("month"))]
                + variants.map { variant in
                    let all = variant.list("months")
                    return amount(all.indices.contains(index) ? all[index].text("after") : "")
                }
        }
        let detail = Markup.table(
            "Bill after by month and variant, \(currency)",
            ["Month"] + variants.map { String($0.text("name").prefix(40)) }, byMonth,
            numbers: Set(1...variants.count))
        return section(
            "compare", "Variants side by side", "The same usage with some values of the scenario set otherwise.",
            table + chart("compare", "Bill after by month and variant", table: detail))
    }

    var calibration: String {
        let calibration = root.at("calibration") ?? .null
        let isCompared = calibration.at("error", "paid") != nil
        let bill = isCompared ? "past bill" : "bill now"
        let kinds = ["rated", "derived", "carried"].filter {
            (Money(calibration.text("shares", $0, "amount"))?.raw ?? 0) != 0
        }
        let statements = ["statement", "coverage_statement", "shape_statement"].map { calibration.text($0) }
        return section(
            "calibration", "How far the figures can be trusted",
            statements.filter { !$0.isEmpty }.map { Markup.prose(Self.sentence($0)) }.joined(separator: " "),
            shares(calibration, kinds, bill) + compared(calibration))
    }

    /// Where the bill's amounts come from: a sentence where it is one source, else a table.
    private func shares(_ calibration: JSONValue, _ kinds: [String], _ bill: String) -> String {
        if kinds.count == 1, let kind = kinds.first {
            return "<p>All of the \(bill), \(amount(calibration.text("shares", kind, "amount"))) "
                + "\(Markup.escape(currency)), is \(kind): \(Self.meaning[kind] ?? "").</p>\n"
        }
        let rows = kinds.map { kind in
            [
                Self.capitalised(kind), amount(calibration.text("shares", kind, "amount")),
                "\(Markup.escape(calibration.text("shares", kind, "percent"))) %",
                Self.capitalised(Self.meaning[kind] ?? ""),
            ]
        }
        guard !rows.isEmpty else { return "" }
        return Markup.table(
            "The \(bill) by where its amounts come from, \(currency)", ["Share", "Amount", "Of the bill", "Meaning"],
            rows, numbers: [1, 2], keepCaption: true)
    }

    /// The past against the real bill, by service and by commitment; empty where there is none.
    private func compared(_ calibration: JSONValue) -> String {
        let services = calibration.list("error", "services")
        var text = ""
        if !services.isEmpty {
            let rows = services.map { service in
                [Markup.name(service.text("service"))]
                    + ["paid", "rated", "net", "absolute"].map { Markup.amount(service.text($0), places: 2) }
                    + ["\(Markup.escape(service.text("absolute_percent"))) %"]
            }
            text += Markup.table(
                "Rated again against what was paid, by service, \(currency)",
                ["Service", "Paid", "Rated", "Difference", "Line by line", "Of the paid"], rows,
                numbers: [1, 2, 3, 4, 5], keepCaption: true)
        }
        let commitments = calibration.list("commitments")
        guard !commitments.isEmpty else { return text }
        let rows = commitments.map { item in
            [Markup.name(item.text("id"))]
                + ["hours", "hours_different", "difference"].map { Show.grouped(Markup.escape(item.text($0))) }
        }
        return text
            + Markup.table(
                "Commitments applied again: what they serve against the bill, in their units",
                ["Commitment", "Hours", "Hours that differ", "Difference"], rows, numbers: [1, 2, 3], keepCaption: true)
    }

    private static let meaning = [
        "rated": "by a rule and a price", "derived": "percentages, floors and credits on other charges",
        "carried": "taken over as it was billed",
    ]

    static func sentence(_ text: String) -> String {
        text.isEmpty ? "" : capitalised(text) + (text.hasSuffix(".") ? "" : ".")
    }

    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    var missing: String {
        let rows = root.list("not_evaluated").map { item in
            [item.text("subject"), item.text("missing"), item.text("supplied_by")].map {
                Markup.prose(Self.capitalised($0))
            }
        }
        guard !rows.isEmpty else { return "" }
        return section(
            "missing", "What was not evaluated", "",
            Markup.table("Not evaluated", ["What", "Why", "What would supply it"], rows))
    }

    var inputs: String {
        let rows = (root.at("inputs")?.members ?? []).map { member in
            [Markup.name(member.key), "<code class=\"hash\">\(Markup.escape(member.value.string ?? ""))</code>"]
        }
        let settings = root.list("scenario", "set").compactMap(\.string)
        let changed =
            settings.isEmpty
            ? "" : "<p>Set on the command line: \(settings.map(Markup.name).joined(separator: ", ")).</p>\n"
        let charts =
            library.map { _ in "" }
            ?? "<p>No chart library was at hand, so there are tables only: <code>scripts/bootstrap</code> brings one, and <code>plimsoll report DIR</code> makes this page again.</p>\n"
        return section(
            "inputs", "Made from",
            "The same inputs and seed (\(Markup.escape(root.text("scenario", "seed")))) give the same figures to the last digit.",
            Markup.table("SHA-256 of every input", ["Input", "SHA-256"], rows) + changed + charts)
    }
}
