import PlimsollCore
import Testing

@testable import Ledger

@Suite("Taking JSON apart") struct JSONSplitterTests {
    private static let records = [
        PriceMapping.Record("product", at: ["products.*"]), PriceMapping.Record("plan", at: ["plans.[]"]),
        PriceMapping.Record("rate", at: ["plans.[].rates.[]"]),
    ]

    /// Lines of kind, number, path and value, fed in pieces of `size`.
    private func split(
        _ text: String, _ records: [PriceMapping.Record] = records, size: Int = 1 << 20
    ) throws -> (lines: [String], about: [String: String]) {
        var lines: [String] = []
        var splitter = JSONSplitter(records) { kind, line in
            let text = String(decoding: line.dropLast(), as: UTF8.self)
            lines.append("\(kind) " + text.replacing("\u{1}", with: " ").replacing("\u{2}", with: "/"))
        }
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONSplitter.Fault) in
            for start in stride(from: 0, to: buffer.count, by: size) {
                try splitter.feed(UnsafeBufferPointer(rebasing: buffer[start..<min(buffer.count, start + size)]))
            }
        }
        try splitter.finish()
        return (lines, splitter.about)
    }

    private static let document = """
        {"version": "7", "count": 12, "flag": true, "products": {"a\\"b": {"x": [1, -2.50, {"y": null}]}, "c": {}},
         "other": {"products": {"no": {}}},
         "plans": [{"sku": "P", "rates": [{"p": 0.10}, {"p": "é\\u00e9 , ]"}], "term": 1}, {"sku": "Q"}]}
        """

    private static let expected = [
        #"0 1 products/a\"b {"x":["1","-2.50",{"y":null}]}"#, "0 2 products/c {}", #"2 1 plans/1/rates/1 {"p":"0.10"}"#,
        #"2 2 plans/1/rates/2 {"p":"é\u00e9 , ]"}"#, #"1 1 plans/1 {"sku":"P","rates":[null,null],"term":"1"}"#,
        #"1 2 plans/2 {"sku":"Q"}"#,
    ]

    @Test("records come out with their paths, numbers as texts, inner records apart")
    func records() throws {
        let (lines, about) = try split(Self.document)
        #expect(lines == Self.expected)
        #expect(about == ["version": "7", "count": "12"])
    }

    @Test("the size of the pieces does not matter", arguments: [1, 2, 3, 7, 64])
    func pieces(size: Int) throws { #expect(try split(Self.document, size: size).lines == Self.expected) }

    @Test("every cut is noticed")
    func cuts() {
        for length in 1..<Self.document.utf8.count {
            let part = String(decoding: Array(Self.document.utf8).prefix(length), as: UTF8.self)
            #expect(throws: JSONSplitter.Fault.self, "cut at \(length)") { try split(part) }
        }
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            #"{"a" 1}"#, #"{"a": 1,}"#, "[1 2]", "[1,]", "{]", "[}", "nul", "[tru]", "[01x]", "[+1]", "[1.]",
            "\"a\nb\"",
            "[1]]", "<html>", "{'a': 1}",
        ])
    func refused(text: String) {
        #expect(throws: JSONSplitter.Fault.self) { try split(text) }
    }

    @Test("documents follow each other; a record may need a key")
    func needed() throws {
        let records = [
            PriceMapping.Record("item", at: ["Items.[]"]),
            PriceMapping.Record("item", at: ["", "[]"], needed: "price"),
        ]
        let (lines, _) = try split(
            #"{"Items": [{"price": 1}]} [{"price": 2}, {"cost": 3}] {"price": 4, "in": {"price": 5}}"#, records)
        #expect(
            lines == [
                #"0 1 Items/1 {"price":"1"}"#, #"0 2 1 {"price":"2"}"#, #"0 3  {"price":"4","in":{"price":"5"}}"#,
            ])
    }
}
