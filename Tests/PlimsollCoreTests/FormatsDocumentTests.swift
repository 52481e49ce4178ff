import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

@Suite("docs/reference/formats.md")
struct FormatsDocumentTests {
    private static let introduction = """
        # Interchange files

        Made from the schemas in the program (`plimsoll schema NAME --format markdown`); do not edit by hand: \
        `PLIMSOLL_RECORD=1 scripts/test --filter FormatsDocumentTests` writes it anew.

        Files are UTF-8 CSV as in RFC 4180 with a header; a byte order mark and CRLF are taken. Columns stand in \
        any order, unknown ones are ignored, missing optional ones are empty. A file of a header alone is valid, \
        one of 0 bytes is not. Numbers are decimals without separators; more than 12 decimal places are rounded \
        half-even and counted in a warning. Times are UTC.

        """

    @Test("is what the schemas say")
    func fresh() {
        let text = ([Self.introduction] + InterchangeSchema.all.map(\.markdown)).joined(separator: "\n")
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/reference/formats.md")
        #expect(Snapshot.compare(text, with: file) == .same)
    }
}
