internal import PlimsollCore

/// Pieces of HTML from texts that may hold anything.
enum Markup {
    /// The text with everything that HTML could take for its own escaped; control characters become blanks.
    static func escape(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: Visible.append(scalar, to: &out)
            }
        }
        return out
    }

    /// A sentence; what stands between backticks becomes code.
    static func prose(_ text: String) -> String {
        let parts = escape(text).split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return "<bdi>\(escape(text))</bdi>" }
        let pieces = parts.enumerated().map { $0.offset % 2 == 1 ? "<code>\($0.element)</code>" : String($0.element) }
        return "<bdi>\(pieces.joined())</bdi>"
    }

    /// A name from somebody's file: its direction of writing does not reach beyond it.
    static func name(_ text: String) -> String { "<bdi>\(escape(text))</bdi>" }

    /// A name where there is room for so many characters; all of it is told on demand, and in report.json.
    static func short(_ text: String, _ limit: Int = 72) -> String {
        guard text.count > limit else { return name(text) }
        return "<bdi title=\"\(escape(text))\">\(escape(String(text.prefix(limit - 1))))…</bdi>"
    }

    /// An exact amount, shown rounded to `places` decimals; the exact one stays with it.
    static func amount(_ exact: String, places: Int) -> String {
        guard !exact.isEmpty else { return "–" }
        return #"<data value="\#(escape(exact))">\#(escape(minus(Show.fitting(exact, places: places))))</data>"#
    }

    /// A saving: the sign says whether it is one, not the colour alone.
    static func signed(_ exact: String, places: Int) -> String {
        let amount = amount(exact, places: places)
        return exact.hasPrefix("-") ? #"<span class="loss">\#(amount)</span>"# : amount
    }

    /// A sentence of words and amounts.
    static func sentence(_ pieces: [Piece], places: Int) -> String {
        pieces.map { piece in
            switch piece {
            case .words(let text): escape(text)
            case .amount(let exact): amount(exact, places: places)
            }
        }.joined()
    }

    /// A number with the sign that print has for it.
    static func minus(_ text: String) -> String { text.hasPrefix("-") ? "−" + text.dropFirst() : text }

    /// A command, broken between its options only.
    static func command(_ text: String) -> String {
        var parts = text.split(separator: " --", omittingEmptySubsequences: false).map { escape(String($0)) }
        for index in parts.indices.dropFirst() { parts[index] = "--" + parts[index] }
        return parts.map { "<span>\($0)</span>" }.joined(separator: " ")
    }

    /// A table; cells are HTML already. Columns of `numbers` stand to the right; where it is `numbered`, its rows'
    /// names are mere numbers.
    static func table(
        _ caption: String, _ head: [String], _ rows: [[String]], numbers: Set<Int> = [], keepCaption: Bool = false,
        numbered: Bool = false
    ) -> String {
        func cell(_ tag: String, _ index: Int, _ content: String, _ scope: String = "") -> String {
            "<\(tag)\(scope)\(numbers.contains(index) ? #" class="n""# : "")>\(content)</\(tag)>"
        }
        let top = head.enumerated().map { cell("th", $0.offset, escape($0.element), #" scope="col""#) }.joined()
        let body = rows.map { row in
            let cells = row.enumerated().map { index, content in
                index == 0 ? cell("th", 0, content, #" scope="row""#) : cell("td", index, content)
            }
            return "<tr>\(cells.joined())</tr>\n"
        }.joined()
        let label = escape(caption)
        return """
            <div class="scroll\(rows.count <= 14 ? " short" : "")" role="region" aria-label="\(label)" tabindex="0"><table class="\(numbered ? "numbered" : numbers.isEmpty ? "texts" : "figures")">
            <caption\(keepCaption ? "" : #" class="unseen""#)>\(label)</caption>
            <thead><tr>\(top)</tr></thead>
            <tbody>
            \(body)</tbody></table></div>

            """
    }

    /// JSON inside a script element: nothing in it can end the element.
    static func data(_ value: JSONValue) -> String {
        value.canonical.replacing("<", with: "\\u003c").replacing(">", with: "\\u003e").replacing("&", with: "\\u0026")
    }
}
