import PlimsollCore
import Rating
import Reporting
import Testing

@Suite("Bills for machines and people")
struct BillReportTests {
    /// Two hours of one machine at 1,234.5 an hour.
    private func input(_ detail: Set<RatingInput.Detail> = []) -> RatingInput {
        var input = RatingInput()
        let start = Hour(index: 490_896)
        let key = UsageKey(provider: "x", region: "r", sku: "big", unit: "h")
        let missing = UsageKey(provider: "x", region: "r", sku: "lost", unit: "h")
        input.usage = [
            UsageLine(key: key, series: HourSeries(start: start, scale: 0, values: [1, 1])),
            UsageLine(key: missing, series: HourSeries(start: start, scale: 0, values: [3])),
        ]
        var row = PriceRow()
        (row.provider, row.region, row.sku, row.unit, row.currency) = ("x", "r", "big", "h", "USD")
        row.price = Money(raw: 1_234_500_000_000_000)
        input.prices = [row]
        input.detail = detail
        return input
    }

    @Test("JSON has the members outsiders call, amounts as decimal strings")
    func json() throws {
        let json = BillReport(try Rater.rate(input()), detail: []).json
        #expect(json["currency"]?.string == "USD")
        #expect(json["window"]?["to"]?.string == "2026-01-01T02:00:00Z")
        for name in ["list", "contracted", "effective", "billed", "on_demand"] {
            #expect(json["total"]?[name]?.string == "2469", "\(name)")
        }
        #expect(json["commitments"]?.array == [])
        #expect(json["unpriced"]?.array?.first?["sku"]?.string == "lost")
        #expect(json["unpriced"]?.array?.first?["quantity"]?.string == "3")
        #expect(json["warnings"]?.array != nil)
        #expect(json["rows"] == nil)
    }

    @Test("rows appear when asked for, and sum to the total")
    func rows() throws {
        let bill = try Rater.rate(input([.hour, .resource]))
        let rows = try #require(BillReport(bill, detail: [.hour, .resource]).json["rows"]?.array)
        #expect(rows.map { $0["hour"]?.string } == ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"])
        #expect(rows.allSatisfy { $0["sku"]?.string == "big" && $0["effective"]?.string == "1234.5" })
        let csv = String(decoding: BillReport(bill, detail: [.hour, .resource]).csv, as: UTF8.self)
        #expect(csv.split(separator: "\n").count == 3)
        #expect(csv.hasPrefix("hour,kind,name,commitment,provider,"))
    }

    @Test("tables keep to their width, numbers to the right", arguments: [80, 200])
    func table(width: Int) throws {
        let bill = try Rater.rate(input([.hour, .resource, .commitment]))
        let text = BillReport(bill, detail: [.hour, .resource, .commitment]).table(width: width)
        #expect(text.contains("effective   2,469.00"))
        for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
        #expect(text.contains("lost"))
    }

    @Test("thousands are grouped")
    func grouped() {
        #expect(Show.grouped("1234567.89") == "1,234,567.89")
        #expect(Show.grouped("-123456") == "-123,456")
        #expect(Show.grouped("12") == "12")
    }
}
