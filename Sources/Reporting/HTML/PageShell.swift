internal import Foundation
internal import PlimsollCore

/// A page around some content: style, policy, and the scripts that draw its charts.
struct PageShell {
    let title: String
    /// Header and main part, as HTML.
    let body: String
    /// What the charts are drawn from.
    let figures: JSONValue
    /// Chart.js's source; nil = no scripts at all.
    let library: String?

    /// What would end the element it is put in is no script that could be inlined.
    static func usable(_ library: String?) -> String? {
        library.flatMap { $0.lowercased().contains("</script") ? nil : $0 }
    }

    var text: String {
        let scripts = library.map { [$0.replacing("//# sourceMappingURL", with: "//"), PageScript.text] } ?? []
        let policy =
            "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
            + "style-src \(Self.source(PageStyle.text)); "
            + "script-src \(scripts.isEmpty ? "'none'" : scripts.map(Self.source).joined(separator: " "))"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <link rel="icon" href="data:,">
            <title>\(Markup.escape(title))</title>
            <style>\(PageStyle.text)</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the report</a>
            \(body)
            \(library == nil ? "" : #"<script type="application/json" id="figures">\#(Markup.data(figures))</script>"#)
            \(scripts.map { "<script>\($0)</script>" }.joined(separator: "\n"))
            </body>
            </html>

            """
    }

    /// A script or style as a policy allows it: by its digest.
    private static func source(_ text: String) -> String {
        var bytes = Data()
        var rest = ContentHash.sha256(text)[...]
        while rest.count >= 2 {
            bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return "'sha256-\(bytes.base64EncodedString())'"
    }
}
