import Foundation
import PlimsollCore
import Testing

@testable import Reporting

@Suite struct ActionFilesTests {
    private static let hostile = "a\"b\\${x}%{if y}\n'); $(touch harm) `id` \u{202e}# <script>🚢"

    private func item(_ number: Int, name: String = "m4", resource: Bool = true) -> JSONValue {
        let argument = JSONValue.object(["name": "commitment", "value": .string(name)])
        let form: JSONValue = [
            "id": "cart", "page": .string("the cart"),
            "fields": [["name": "Type", "value": .string("=\(name)")], ["name": "Term", "value": "1-year"]],
        ]
        let one: JSONValue = [
            "type": "cloud_plan", "source": "vendor/cloud", "version": ">= 6", "offering_argument": "offering_id",
            "arguments": [argument], "document": .string("Title \(name)"), "cautions": ["It binds."],
        ]
        return [
            "id": .string("buy-\(number)"), "offer": "compute-sp", "account": .string(name), "sku": .string(name),
            "currency": "USD", "hourly_commitment": "12.5", "begins": "2026-01-01T00:00:00Z",
            "steps": [
                "title": .string("Plan \(name)"), "lookup": "look", "buy": .string("buy \(name)"),
                "undo": number % 2 == 0 ? "None." : "Within 7 days: `return`. After that there is none.",
                "checks": [], "resource": resource ? one : .null,
                "no_resource": resource ? "" : "There is no resource: use the command.", "form": form,
            ],
        ]
    }

    private func document(_ items: [JSONValue], name: String = "s") throws -> ReportDocument {
        let root: JSONValue = [
            "savings": ["before": "2", "after": "1", "saving": "1"], "scenario": ["name": .string(name)],
            "bills": ["before": ["currency": "USD"]], "purchases": .array(items),
            "window": ["from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"],
        ]
        return try ReportDocument(json: Array(root.text.utf8), hours: nil, file: "report.json")
    }

    private func file(_ name: String, _ items: [JSONValue], scenario: String = "s") throws -> String {
        let all = ActionFiles(try document(items, name: scenario)).all
        return try #require(all.first { $0.name == "actions/" + name }?.text)
    }

    @Test func resourcesBuyNothingUntilAnOfferingIsNamed() throws {
        let text = try file("purchases.tf", [item(1), item(2, resource: false), item(3)])
        #expect(text.contains("default     = {}") && text.contains("prevent_destroy = true"))
        #expect(text.contains(#"count = contains(keys(var.offerings), "3") ? 1 : 0"#))
        #expect(!text.contains("purchase_2") && text.contains("# There is no resource: use the command."))
        #expect(text.contains("# See Title m4.") && text.contains("# Undo: None.") == false)
        #expect(text.contains("  offering_id = var.offerings[\"1\"]\n  commitment  = \"m4\""))
        let none = ActionFiles(try document([item(1, resource: false)])).all.map(\.name)
        #expect(!none.contains("actions/purchases.tf"))
    }

    @Test func blocksAndSeveralProviders() throws {
        let other: JSONValue = [
            "type": "other_thing", "source": "other/other", "version": ">= 1", "offering_argument": "",
            "arguments": [["name": "name", "value": "x"]], "document": "Other", "cautions": [],
            "blocks": [["name": "resources", "arguments": [["name": "type", "value": "VCPU"]]]],
        ]
        guard case .object(var members) = item(2), case .object(var steps) = members["steps"] else { return }
        steps["resource"] = other
        members["steps"] = .object(steps)
        let text = try file("purchases.tf", [item(1), .object(members), item(3)])
        #expect(text.components(separatedBy: "source  = ").count == 3)
        #expect(text.contains("    other = {\n      source  = \"other/other\""))
        #expect(text.contains("  name = \"x\"\n\n  resources {\n    type = \"VCPU\"\n  }\n"))
        #expect(text.contains(#"count = contains(keys(var.offerings), "2") ? 1 : 0"#))
    }

    @Test func hostileNamesStayTexts() throws {
        #expect(TerraformFile.quoted(#"a"b\c"#) == #""a\"b\\c""#)
        #expect(TerraformFile.quoted("${x} %{y} $ { $${z}") == #""$${x} %%{y} $ { $$${z}""#)
        #expect(TerraformFile.quoted("a\nb\u{1}") == #""a\nb ""#)
        let text = try file("purchases.tf", [item(1, name: Self.hostile)])
        let known = ["#", "", " ", "}", "terraform {", "variable", "resource"]
        for line in text.split(separator: "\n") {
            #expect(known.contains { $0.isEmpty ? line.isEmpty : line.hasPrefix($0) }, "\(line)")
        }
        let script = try file("purchases.sh", [item(1, name: Self.hostile)])
        let first = ["#", "set -euo pipefail", "look"]
        for line in script.split(separator: "\n") { #expect(first.contains { line.hasPrefix($0) }, "\(line)") }
        #expect(try file("console-cart.csv", [item(1, name: "1")]).contains("'=1"))
    }

    @Test(arguments: [1, 3, 12, 200])
    func whatToBuyFitsAScreen(_ count: Int) throws {
        let names = [Self.hostile, String(repeating: "name", count: 75), String(repeating: "船🚢", count: 90), "m4"]
        let items = (0..<count).map { item($0, name: names[$0 % names.count]) }
        let text = try file("buy-today.md", items, scenario: names[1])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count <= 24 && text.hasSuffix("\n"))
        for line in lines { #expect(Screen.width(String(line)) <= 80, "\(line)") }
        #expect(text.contains("Undo A: ") && text.contains("\n1. "))
        #expect(!text.contains("<script") && !text.contains("\u{202e}"))
        if count == 200 { #expect(text.contains("smaller ones are in purchases.csv")) }
    }
}
