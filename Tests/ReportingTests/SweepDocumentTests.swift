import PlimsollCore
import Testing

@testable import Reporting

@Suite struct SweepDocumentTests {
    private func document(_ points: [(payment: String, saving: String, fallen: String, upfront: String)])
        -> SweepDocument
    {
        SweepDocument([
            "scenario": "s", "sha256": "0", "currency": "USD", "fall_percent": 30, "no_plan": [],
            "vary": [["key": "levers.0.commit.payment", "values": .array(points.map { .string($0.payment) })]],
            "points": .array(
                points.map { point in
                    [
                        "settings": [.string(point.payment)], "before": "100000", "after": "90000",
                        "saving": .string(point.saving), "percent": "10.00", "purchases": 1,
                        "saving_after_fall": .string(point.fallen), "upfront": .string(point.upfront),
                        "undominated": .bool(point.saving == "12000"),
                    ]
                }),
        ])
    }

    @Test func cashIsDrawnWhereItDiffers() {
        let same = document([("none", "10000", "500", "0"), ("monthly", "12000", "-500", "0")])
        let page = same.html(library: "var Chart;")
        #expect(page.contains("sweep-canvas") && !page.contains("cash-canvas") && page.contains(#""cash":false"#))
        let other = document([("none", "10000", "500", "0"), ("all", "12000", "-500", "90000")])
        let both = other.html(library: "var Chart;")
        #expect(both.contains("cash-canvas") && both.contains(#""cash":true"#))
        // Each is best at something, and said to be.
        #expect(both.contains("Saves most") && both.contains("Run 2: <bdi>payment all</bdi>"))
        #expect(both.contains("Run 1: <bdi>payment none</bdi>"))
        #expect(both.contains("<em>payment</em> is <code>levers.0.commit.payment</code>"))
        #expect(both.contains(#"<data value="-500">−500</data>"#))
        #expect(!other.html(library: nil).contains("<canvas"))
    }

    /// The mark of the best stays where columns have to go, since the text below speaks of it.
    @Test(arguments: [40, 60, 80, 200]) func tableFits(_ width: Int) {
        let text = document([("none", "10000", "500", "0"), ("[all,partial,none,monthly]", "12000", "-500", "90000")])
            .table(width: width)
        for line in text.split(separator: "\n") { #expect(Screen.width(String(line)) <= width, "\(line)") }
        #expect(text.split(separator: "\n").contains { $0.hasSuffix("  *") })
    }
}
