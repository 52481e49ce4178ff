import PlimsollCore
import Testing

/// Random files against a slow, obvious reading of them.
@Suite("Interchange files at random")
struct InterchangePropertyTests {
    /// A small generator, so that failures repeat.
    private struct Draw {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static let texts = ["m5.large", "a,b", "say \"x\"", "two\nlines", "ünï", "", " ", "on-demand", "x\r\ny"]
    private static let numbers = [
        "0", "1", "1.0", "2.50", "0.000000000001", "1234", "1e3", "1E-3", "007.10", "+4", ".5", "9999.999999",
    ]

    @Test("usage: same keys, same sums, same first hours, whatever the order and the quoting", arguments: 1...60)
    func usage(_ seed: Int) throws {
        var draw = Draw(state: UInt64(seed))
        let columns = ["hour", "provider", "sku", "resource", "pricing", "quantity", "note"].shuffled(&draw.state)
        var text = columns.joined(separator: ",") + "\n"
        var expected: [UsageKey: [Int: Int128]] = [:]
        for _ in 0..<draw.next(80) {
            let hour = Hour(index: 490_896 + draw.next(30))
            let pricing = ["", "on-demand", "spot"][draw.next(3)]
            let number = Self.numbers[draw.next(Self.numbers.count)]
            let sku = ["m5.large", "a,b", "say \"x\""][draw.next(3)]
            let resource = Self.texts[draw.next(Self.texts.count)]
            var key = UsageKey(provider: "aws", sku: sku, resource: resource)
            key.pricing = UsageKey.Pricing(rawValue: pricing) ?? .onDemand
            expected[key, default: [:]][hour.index, default: 0] += FixedPoint.parse(number)?.raw ?? 0
            let cells = [
                "hour": hour.description, "provider": "aws", "sku": sku, "resource": resource, "pricing": pricing,
                "quantity": number, "note": Self.texts[draw.next(Self.texts.count)],
            ]
            text += columns.map { Self.quoted(cells[$0] ?? "", always: draw.next(4) == 0) }.joined(separator: ",")
            text += draw.next(3) == 0 ? "\r\n" : "\n"
        }
        let lines = try Interchange.usage(Array(text.utf8), file: "f").value
        #expect(lines.count == expected.count)
        for line in lines {
            let hours = try #require(expected[line.key])
            #expect(line.series.start.index == hours.keys.min())
            #expect(line.series.grid.end.index == hours.keys.max().map { $0 + 1 })
            for hour in line.series.grid.start.index..<line.series.grid.end.index {
                #expect(line.series[Hour(index: hour)].raw == hours[hour] ?? 0)
            }
        }
        let again = try Interchange.usage(Interchange.write(usage: lines), file: "f").value
        #expect(again.map(\.key) == lines.map(\.key) && again.map(\.series) == lines.map(\.series))
    }

    private static func quoted(_ cell: String, always: Bool) -> String {
        let needs = cell.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        guard needs || always else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}

extension [String] {
    /// In an order drawn from `state`.
    fileprivate func shuffled(_ state: inout UInt64) -> [String] {
        var result = self
        for index in indices.reversed() where index > 0 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            result.swapAt(index, Int((state >> 33) % UInt64(index + 1)))
        }
        return result
    }
}
