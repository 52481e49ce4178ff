import PlimsollCore
import Testing

@testable import Reporting

/// What the report says before anything else.
@Suite struct ReportFactsTests {
    private func document(
        before: String = "50000", falls: [(Int, String)] = [(10, "500"), (20, "-7")], waiting: String = "9",
        month: JSONValue = "2026-07", upfront: String = "0", gap: String = "3", past: String = "2025-01-01T00:00:00Z",
        purchases: Int = 2
    ) throws -> ReportDocument {
        let root: JSONValue = [
            "savings": ["before": .string(before), "after": "40000", "saving": "10000"], "scenario": ["name": "s"],
            "bills": [
                "before": ["currency": "USD"],
                "past": ["window": ["from": .string(past), "to": "2027-01-01T00:00:00Z"]],
            ],
            "window": ["from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"],
            "purchases": .array(Array(repeating: .object([:]), count: purchases)),
            "plan": [
                "committed": "80000", "upfront": .string(upfront), "waiting_a_month": .string(waiting),
                "break_even_month": month,
                "demand_falls": .array(falls.map { ["percent": .int($0.0), "saving": .string($0.1)] }),
            ],
            "certificate": [
                "cost": "40000", "lower_bound": "39997",
                "gap": ["total": .string(gap), "percent_of_eligible": "0.0075"],
            ],
        ]
        return try ReportDocument(json: Array(root.text.utf8), hours: nil, file: "report.json")
    }

    private func said(_ document: ReportDocument) -> [String] {
        func text(_ pieces: [Piece]) -> String {
            pieces.map { piece in
                switch piece {
                case .words(let words): words.replacing("\u{a0}", with: " ")
                case .amount(let exact): exact
                }
            }.joined()
        }
        return document.keyFacts.map { "\(text([.words($0.title)])): \(text([$0.value])), \(text($0.note))" }
            + [text(document.certificate)]
    }

    @Test func theUsualCase() throws {
        #expect(
            said(try document()) == [
                "Committed to: 80000, over the terms of 2 commitments, nothing upfront",
                "If demand falls by 10 %: 500, still saved; at 20 % it is -7",
                "Waiting a month costs: 9, beginning a calendar month later",
                "Paid off in cash: July 2026, by its end no more was spent than without the plan",
                "No purchase of the same offers can bring the bill below 39997 USD; this plan brings it to 40000: "
                    + "at most 3 USD above the best possible, 0.0075 % of what purchases can change.",
            ])
    }

    @Test func theOthers() throws {
        let bad = said(
            try document(
                falls: [(10, "-1"), (20, "-7")], waiting: "-4", month: .null, upfront: "70", gap: "0.001", purchases: 1)
        )
        #expect(bad[0] == "Committed to: 80000, over the term of one commitment, 70 of it upfront")
        #expect(bad[1] == "If demand falls by 10 %: -1, a loss against not buying")
        #expect(bad[2].hasSuffix("a minus: waiting is better"))
        #expect(bad[3] == "Paid off in cash: Later, not within the period")
        #expect(bad[4].hasSuffix("40000: the best possible but for rounding."))
        #expect(said(try document(falls: [(10, "5"), (20, "0")]))[1] == "If demand falls by 20 %: 0, still saved")
        #expect(try document().isHindsight == false)
        #expect(try document(past: "2026-01-01T00:00:00Z").isHindsight)
        #expect(try document(past: "2026-01-01T00:00:00Z", purchases: 0).isHindsight == false)
    }

    @Test func roundedForReading() throws {
        let large = try document()
        #expect(["1234.5", "-1.5", "0.4", "-0.004", "0"].map(large.shown) == ["1,234", "-2", "0.40", "0.00", "0"])
        #expect(try document(before: "9999.99").shown("1234.5") == "1,234.50")
        #expect(Show.month("2026-12") == "December 2026" && Show.month("2026-13") == "2026-13")
        #expect(HTMLReport.spans([0, 1, 2, 4, 6, 7]) == "1–3, 5, 7, 8")
        #expect(Screen.paragraph("one two three", width: 12, indent: 2) == ["  one two", "    three"])
        #expect(Screen.paragraph("機械機械機械", width: 8) == ["機械機…"])
    }
}
