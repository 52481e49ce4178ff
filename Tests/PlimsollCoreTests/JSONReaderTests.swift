import Foundation
import PlimsollCore
import Testing

@Suite("JSON")
struct JSONReaderTests {
    @Test(
        "what is no JSON is refused",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "1.", ".5", "+1", "1e", "-", "nul", "\"a",
            "\"\\x\"",
            "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\u{1}\"", "1 2", "[1] x", "{\"a\" 1}", "1e999", "// a\n1",
            String(repeating: "[", count: 600) + String(repeating: "]", count: 600),
        ])
    func refused(_ text: String) { #expect(JSONValue(parsing: Array(text.utf8)) == nil) }

    @Test("texts, numbers and escapes are read as they stand")
    func read() {
        let text = #"{"a":[1,-2,0.5,1e3,18446744073709551616],"b":"\u00e9\ud83d\ude00\n\/ä","c":{"":null},"d":true}"#
        let expected: JSONValue = .object([
            "a": .array([1, -2, .double(0.5), .double(1000), .double(18_446_744_073_709_551_616)]),
            "b": .string("é😀\n/ä"), "c": .object(["": .null]), "d": true,
        ])
        #expect(JSONValue(parsing: Array(text.utf8)) == expected)
        #expect(JSONValue(parsing: Array(expected.text.utf8)) == expected)
        #expect(JSONValue(parsing: [0x22, 0xFF, 0x22]) == nil)
        #expect(JSONValue(parsing: [0x22, 0x5C, 0x6E, 0xC3, 0x22]) == nil)
    }

    @Test("random documents, whole and damaged, are read as Foundation reads them", arguments: [1, 2, 3, 4])
    func differential(_ seed: Int) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            var bytes = Array(Self.document(&random, depth: 0).text.utf8)
            if random.chance(500) {
                let place = random.draw(0...(bytes.count - 1))
                bytes[place] = random.pick(Array("{}[]\",:\\0e.-\u{7f} ntu".utf8))
            }
            let peer = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
            let ours = JSONValue(parsing: bytes)
            #expect((ours == nil) == (peer == nil), "\(String(decoding: bytes, as: UTF8.self))")
            guard let ours, let peer, let again = try? JSONSerialization.data(withJSONObject: ["x": peer]) else {
                continue
            }
            #expect(JSONValue(parsing: Array(again)).map(Self.plain) == .object(["x": Self.plain(ours)]))
        }
    }

    /// Whole numbers as such, however they are written.
    private static func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .double(let number): Int(exactly: number).map(JSONValue.int) ?? value
        case .array(let elements): .array(elements.map(plain))
        case .object(let members): .object(members.mapValues(plain))
        default: value
        }
    }

    private static func document(_ random: inout SplitMix64, depth: Int) -> JSONValue {
        switch random.draw(0...(depth > 3 ? 4 : 6)) {
        case 0: .null
        case 1: .bool(random.chance(500))
        case 2: .int(random.draw(-50_000...50_000))
        case 3: .double(Double(random.draw(0...10_000)) / 64)
        case 4:
            .string(
                String((0..<random.draw(0...7)).map { _ in random.pick(Array("aé\"\\\n😀/\u{1}")) }))
        case 5: .array((0..<random.draw(0...3)).map { _ in document(&random, depth: depth + 1) })
        default:
            .object(
                Dictionary(
                    (0..<random.draw(0...3)).map { ("k\($0)", document(&random, depth: depth + 1)) },
                    uniquingKeysWith: { $1 }))
        }
    }
}

@Suite("lines of files")
struct LineTests {
    @Test("a resource survives its line; what is missing or of the wrong kind is refused")
    func resource() throws {
        var item = Resource(provider: "aws", type: "volume", id: "vol-1")
        item.tags = ["Name": "", "ü": "x"]
        item.attributes = ["Size": "8"]
        item.links = [.init(kind: "attached-to", id: "i-1")]
        let line = item.json.canonical
        #expect(Resource(try #require(JSONValue(parsing: Array(line.utf8)))) == item)
        for broken in [#"{"provider":"aws","type":"volume"}"#, "[]", line.replacing("\"8\"", with: "8")] {
            #expect(Resource(try #require(JSONValue(parsing: Array(broken.utf8)))) == nil)
        }
    }

    @Test(
        "measurements are written without exponents",
        arguments: [
            (1.5, "1.5"), (0, "0"), (1e-7, "0.0000001"), (-2.5e-9, "-0.0000000025"), (1e20, "100000000000000000000"),
            (123_456_789_012_345_680, "123456789012345680"), (42, "42"), (1.25e16, "12500000000000000"),
        ])
    func decimal(_ value: Double, _ text: String) {
        let row = MetricRow(
            time: Instant(hour: Hour(index: 0)), provider: "aws", resource: "i-1", metric: "CPUUtilization",
            statistic: "average", value: value, unit: "Percent")
        #expect(
            Interchange.cells(row) == [
                "1970-01-01T00:00:00Z", "aws", "i-1", "CPUUtilization", "average", text, "Percent",
            ])
    }
}
