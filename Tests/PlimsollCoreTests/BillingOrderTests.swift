import PlimsollCore
import Testing

/// Rows of vendors that deduct in billing order: in every hour the lines stand in the order of the rows.
@Suite struct BillingOrderTests {
    private let skus = ["a", "b", "c"]

    private func lines(_ rows: [(hour: Int, sku: String)], provider: String = "x") throws -> [UsageLine] {
        var text = "hour,provider,sku,quantity\n"
        for row in rows { text += "2026-01-01T0\(row.hour):00:00Z,\(provider),\(row.sku),1\n" }
        return try Interchange.usage(Array(text.utf8), file: "u.csv", billingOrderOf: ["x"]).value
    }

    /// SKUs in the order of their lines in an hour, each as often as it is used.
    private func sequence(_ lines: [UsageLine], _ hour: Int) -> [String] {
        let hour = Hour(index: 490_896 + hour)
        return lines.sorted { $0.order < $1.order }.flatMap { line in
            Array(repeating: line.key.sku, count: Int(line.series[hour].raw / FixedPoint.one))
        }
    }

    @Test func everyHourKeepsItsOrder() throws {
        var state: UInt64 = 7
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for _ in 0..<200 {
            let rows = (0..<(1 + draw(12))).map { _ in (hour: draw(3), sku: skus[draw(3)]) }
            let lines = try lines(rows)
            for hour in 0..<3 {
                #expect(sequence(lines, hour) == rows.filter { $0.hour == hour }.map(\.sku), "\(rows)")
            }
        }
    }

    @Test func oneOrderInAllHoursNeedsOneLineAKey() throws {
        let rows = [(0, "b"), (0, "a"), (1, "b"), (1, "a"), (2, "a"), (2, "c")].map { (hour: $0.0, sku: $0.1) }
        #expect(try lines(rows).map(\.key.sku) == ["b", "a", "c"])
    }

    @Test func otherProvidersHaveOneLineAKey() throws {
        let rows = [(0, "b"), (0, "a"), (0, "b"), (1, "a"), (1, "b")].map { (hour: $0.0, sku: $0.1) }
        #expect(try lines(rows, provider: "y").map(\.key.sku) == ["b", "a"])
    }

    @Test func hoursMayComeInAnyOrder() throws {
        let rows = [(2, "b"), (2, "a"), (0, "a"), (0, "b"), (1, "c")].map { (hour: $0.0, sku: $0.1) }
        let again = [(0, "a"), (1, "c"), (2, "b"), (0, "b"), (2, "a")].map { (hour: $0.0, sku: $0.1) }
        let (first, second) = (try lines(rows), try lines(again))
        for hour in 0..<3 { #expect(sequence(first, hour) == sequence(second, hour)) }
    }
}
