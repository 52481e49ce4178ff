internal import PlimsollCore

/// `actions/purchases.tf`: purchases that a resource exists for. Applied as it is, it buys nothing.
struct TerraformFile {
    private let document: ReportDocument
    private let items: [(order: Int, item: JSONValue)]

    /// The purchases of `items`, by their place in the other files.
    init(_ document: ReportDocument, _ items: [JSONValue]) {
        self.document = document
        self.items = items.enumerated().map { (order: $0.offset + 1, item: $0.element) }
    }

    private var buyable: [(order: Int, item: JSONValue)] {
        items.filter { $0.item.at("steps", "resource", "type")?.string != nil }
    }

    /// The text; nil where no purchase has a resource.
    var text: String? {
        guard !buyable.isEmpty else { return nil }
        return """
            # Purchases that Terraform has a resource for. Applied as it is, it buys nothing: a purchase is made where
            # `offerings` has its number, with the id of its offering, or any text where it needs none. One at a time,
            # after checklist.md.
            \(notes)
            terraform {
              required_providers {
            \(providers)  }
            }

            variable "offerings" {
              description = "Offering ids by the purchase's number; what is not here is not bought."
              type        = map(string)
              default     = {}
            }
            \(buyable.map(block).joined())
            """
    }

    /// Each plug-in once.
    private var providers: String {
        var names: [Substring] = []
        var lines = ""
        for (_, item) in buyable where !names.contains(Self.provider(item)) {
            names.append(Self.provider(item))
            lines += """
                    \(Self.provider(item)) = {
                      source  = \(Self.quoted(item.text("steps", "resource", "source")))
                      version = \(Self.quoted(item.text("steps", "resource", "version")))
                    }

                """
        }
        return lines
    }

    /// Each document, caution and reason once.
    private var notes: String {
        var lines: [String] = []
        for (_, item) in items {
            let title = item.text("steps", "resource", "document")
            var said = title.isEmpty ? [] : ["See \(title)."]
            said += item.list("steps", "resource", "cautions").compactMap(\.string)
            let reason = item.text("steps", "no_resource")
            if !reason.isEmpty { said.append(reason) }
            for line in said where !lines.contains(line) { lines.append(line) }
        }
        return lines.map { "#\n" + Self.comment($0) }.joined()
    }

    private func block(_ order: Int, _ item: JSONValue) -> String {
        let line = PurchaseLine(item, currency: document.currency)
        let offering = item.text("steps", "resource", "offering_argument")
        let given = item.list("steps", "resource", "arguments").map { ($0.text("name"), Self.quoted($0.text("value"))) }
        let first = offering.isEmpty ? [] : [(offering, "var.offerings[\"\(order)\"]")]
        let blocks = item.list("steps", "resource", "blocks").map { block in
            let rows = block.list("arguments").map { ($0.text("name"), Self.quoted($0.text("value"))) }
            return "\n  \(block.text("name")) {\n\(Self.aligned(rows, indent: "    "))  }\n"
        }
        let body = Self.aligned(first + given, indent: "  ") + blocks.joined()
        return """

            # \(order). \(Visible.text("\(line.amount) \(line.title), \(line.scope), from \(line.begins)"))
            # Look-up: \(Visible.text(item.text("steps", "lookup")))
            # Undo: \(Visible.text(item.text("steps", "undo")))
            resource \(Self.quoted(item.text("steps", "resource", "type"))) "purchase_\(order)" {
              count = contains(keys(var.offerings), "\(order)") ? 1 : 0

            \(body)
              lifecycle {
                prevent_destroy = true
              }
            }

            """
    }

    /// A line each, equal signs below each other.
    private static func aligned(_ rows: [(String, String)], indent: String) -> String {
        let width = rows.map { $0.0.count }.max() ?? 0
        return rows.map { name, value in
            indent + name + String(repeating: " ", count: width - name.count) + " = \(value)\n"
        }.joined()
    }

    /// The word before `_` of the resource's type.
    private static func provider(_ item: JSONValue) -> Substring {
        item.text("steps", "resource", "type").prefix { $0 != "_" }
    }

    private static func comment(_ text: String) -> String {
        Screen.wrapped(Visible.text(text), width: 98).map { "# \($0)\n" }.joined()
    }

    /// A text as a literal in which nothing is a template, an escape or an end.
    static func quoted(_ text: String) -> String {
        var out = "\""
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": out += "\\" + String(scalar)
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            // `$${` and `%%{` are the texts `${` and `%{`.
            case "{" where last == "$" || last == "%": out += (last.map(String.init) ?? "") + "{"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value): out += " "
            default: out.unicodeScalars.append(scalar)
            }
            last = scalar
        }
        return out + "\""
    }
}
