import Foundation
import Testing

/// docs/reference/diagnostics.md has every code that the sources spell out.
@Suite struct DiagnosticDocumentTests {
    @Test func `every code is documented`() throws {
        let page = try Checkout.text(Checkout.root.appending(path: "docs/reference/diagnostics.md"))
        var seen = 0
        for file in Checkout.files(in: "Sources", suffix: ".swift") {
            let text = try Checkout.text(file)
            for code in Self.codes(in: text) {
                seen += 1
                let isThere = page.contains("`\(code)`")
                #expect(isThere, "\(Checkout.relative(file)): `\(code)` is not documented")
            }
        }
        #expect(seen > 20, "the pattern no longer finds codes")
    }

    /// Codes in `Failure(.badInput, "code", …)` and `Diagnostic(.error, "code", …)`.
    private static func codes(in text: String) -> [String] {
        let severities = "error|warning|note|partial|badInput|usage|noInput|missingTool|cannotWrite|interrupted|bug"
        guard let pattern = try? Regex("\\.(?:\(severities)),\\s*\"([a-z][a-z_.-]*)\",") else { return [] }
        return text.matches(of: pattern).compactMap { $0.output[1].substring.map(String.init) }
    }
}
