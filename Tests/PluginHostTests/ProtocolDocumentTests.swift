import Foundation
import PlimsollCore
import PlimsollPlugin
import PluginConformance
import PluginHost
import Testing

/// The specification, its JSON Schema and the program say the same.
@Suite struct ProtocolDocumentTests {
    private static func document(_ name: String) throws -> String {
        try String(contentsOf: Checkout.root.appending(path: "docs/reference/\(name)"), encoding: .utf8)
    }

    @Test func `the published schema is the one that is checked by`() throws {
        let published = JSONValue(parsing: Array(try Self.document("plugin-protocol.schema.json").utf8))
        #expect(published == PluginProtocol.schema.document)
    }

    /// Every line with an arrow, and whether the host writes it.
    private static func lines() throws -> [(isHost: Bool, text: String)] {
        try document("plugin-protocol.md").split(separator: "\n").compactMap { line in
            if line.hasPrefix("→ ") { return (true, String(line.dropFirst(2))) }
            return line.hasPrefix("← ") ? (false, String(line.dropFirst(2))) : nil
        }
    }

    @Test func `every message of the specification fits the schema`() throws {
        let lines = try Self.lines()
        #expect(lines.count > 30)
        var methods: [JSONValue: String] = [:]
        for line in lines {
            let json = try #require(JSONValue(parsing: Array(line.text.utf8)), "\(line.text)")
            if line.isHost, let id = json["id"] { methods[id] = json["method"]?.string }
            // A method that there is not is shown once, with its refusal.
            guard json["method"] != "servers/reboot" else { continue }
            let faults = PluginProtocol.schema.faults(in: json, of: line.isHost ? "host" : "plugin", named: "message")
            #expect(faults.isEmpty, "\(line.text)")
            guard !line.isHost, let id = json["id"], let result = json["result"], let method = methods[id] else {
                continue
            }
            #expect(
                PluginProtocol.schema.faults(in: result, of: "result.\(method)", named: "result").isEmpty,
                "\(line.text)")
        }
    }

    @Test func `rows of the specification are rows`() throws {
        for line in try Self.lines() where !line.isHost {
            guard let rows = JSONValue(parsing: Array(line.text.utf8))?["params"]?["rows"] else { continue }
            #expect(PluginRows(rows).faults == [], "\(line.text)")
        }
    }

    @Test func `a wrong message does not fit`() {
        let wrong: JSONValue = ["jsonrpc": "2.0", "id": 1, "result": [:], "error": ["code": 1, "message": "x"]]
        #expect(!PluginProtocol.schema.faults(in: wrong, of: "plugin", named: "message").isEmpty)
    }

    /// Rules named in brackets are those that the kit knows, and the other way round.
    @Test(.enabled(if: Checkout.python, Checkout.noPython))
    func `every rule that is checked is in the specification`() throws {
        let page = try Self.document("plugin-protocol.md")
        let folder = try PluginFolder()
        var seen: Set<String> = []
        for kind in PluginManifest.Kind.allCases {
            seen.formUnion(PluginKit(PluginProgram(path: try folder.scaffold(kind))).run().map(\.rule))
        }
        #expect(seen.count > 35)
        for rule in seen.sorted() { #expect(page.contains("`\(rule)`"), "\(rule) is not in the specification") }
    }
}
