internal import PlimsollCore

/// What somebody reads who reads one page.
extension HTMLReport {
    var header: String {
        let note = root.text("scenario", "note")
        return """
            <header>
            <p class="eyebrow">Cost report · \(Markup.escape(document.period)) · \(Markup.escape(currency))</p>
            <h1\(document.name.count > 60 ? " class=\"long\"" : "")>\(Markup.short(document.name, 200))</h1>
            \(note.isEmpty ? "" : "<p class=\"note\">\(Markup.short(note, 1_000))</p>")
            </header>

            """
    }

    var headline: String {
        section(
            "headline", "In short", "Effective cost: what is paid upfront is spread over the commitment's term.",
            cards + facts + proof + notes)
    }

    private var cards: String {
        func card(_ title: String, _ value: String, _ note: String, _ kind: String = "") -> String {
            """
            <div class="card \(kind)"><p class="label">\(title)</p>
            <p class="figure">\(amount(value)) <span class="unit">\(Markup.escape(currency))</span></p>
            <p class="small">\(note)</p></div>

            """
        }
        // The sign says what it is; the colour only repeats it.
        let kind = document.saving.hasPrefix("-") ? "bad" : document.saving == "0" ? "" : "good"
        let percent = Markup.escape(Markup.minus(root.text("savings", "percent")))
        return "<div class=\"cards\">" + card("Bill now", document.before, "for the period, if nothing is done")
            + card("Bill after", document.after, "with the plan of this report", "after")
            + card("Saving", document.saving, "\(percent) % of the bill", kind)
            + "</div>\n"
    }

    private var facts: String {
        let facts = document.keyFacts.map { fact in
            var value = ""
            switch fact.value {
            case .amount(let exact): value = "\(signed(exact)) <span class=\"unit\">\(Markup.escape(currency))</span>"
            case .words(let text): value = Markup.escape(text)
            }
            return """
                <div class="fact"><dt class="label">\(Markup.escape(fact.title))</dt>
                <dd class="answer">\(value)</dd>
                <dd class="small">\(Markup.sentence(fact.note, places: document.places))</dd></div>

                """
        }
        return facts.isEmpty ? "" : "<dl class=\"facts\">\n\(facts.joined())</dl>\n"
    }

    private var proof: String {
        var text = ""
        if !document.certificate.isEmpty {
            text +=
                "<p><strong>How good the plan is.</strong> "
                + "\(Markup.sentence(document.certificate, places: document.places))</p>\n"
        }
        let calibration = root.at("calibration") ?? .null
        let rests = [("Demand", "demand"), ("Prices", "prices")].filter { !calibration.text($0.1).isEmpty }.map {
            "\($0.0): \(Markup.name(calibration.text($0.1)))."
        }
        let statement = Self.sentence(calibration.text("statement"))
        text +=
            "<p><strong>What it rests on.</strong> \(rests.joined(separator: " ")) "
            + "<a href=\"#calibration\">\(Markup.prose(statement))</a></p>\n"
        return "<div class=\"proof\">\n\(text)</div>\n"
    }

    private var notes: String {
        var text = ""
        if document.isHindsight {
            text +=
                "<p class=\"warning\"><strong>Hindsight.</strong> The plan was found in the very hours it is judged by: "
                + "it shows what would have been best, not what will be.</p>\n"
        }
        for warning in root.list("warnings").compactMap(\.string) {
            text += "<p class=\"warning\"><strong>Note.</strong> \(Markup.prose(Self.sentence(warning)))</p>\n"
        }
        if case .object? = root.at("savings", "range") { return text }
        return text
            + "<p class=\"small\">No range of the saving: \(Markup.prose(root.text("savings", "range_reason"))).</p>\n"
    }
}
