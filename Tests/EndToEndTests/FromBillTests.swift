import Foundation
import Testing

/// From a billing export to a first saving, and what the calibration makes of planted faults.
@Suite("From a bill to a scenario", .enabled(if: Program.hasTools, "the debug program or duckdb is missing"))
struct FromBillTests {
    @Test("three commands, and the past is met to the last digit") func calibrated() throws {
        let work = try FromBill()
        let report = try work.run()
        let calibration = try #require(report["calibration"] as? [String: Any])
        #expect(calibration["calibrated"] as? Bool == true)
        let error = try #require(calibration["error"] as? [String: Any])
        #expect(error["net_percent"] as? String == "0.0000" && error["absolute_percent"] as? String == "0.0000")
        #expect((calibration["coverage_statement"] as? String)?.contains("pay for the same in all 48 hours") == true)
        let bills = try #require(report["bills"] as? [String: Any])
        let past = try #require((bills["past"] as? [String: Any])?["total"] as? [String: Any])
        // The usage and the commitments of the bill, amortised; its tax is no usage.
        let effective = try #require(Double(past["effective"] as? String ?? ""))
        #expect(abs(effective - work.paidWithoutTax) < 0.000001)
        let after = try #require((bills["after"] as? [String: Any])?["total"] as? [String: Any])
        let cost = try #require(Double(after["effective"] as? String ?? ""))
        #expect(String(format: "%.2f", (1 - cost / effective) * 100) == "7.40", "README.md says so")
    }

    @Test("a price that drifted by 3 % shows as just that") func drift() throws {
        let work = try FromBill { prices in
            // All of them, so that no plan serves in another order.
            prices.replacing("on-demand,,,,0.192,", with: "on-demand,,,,0.18624,")
                .replacing("on-demand,,,,0.096,", with: "on-demand,,,,0.09312,")
                .replacing("on-demand,,,,0.085,", with: "on-demand,,,,0.08245,")
                .replacing("on-demand,,,,0.126,", with: "on-demand,,,,0.12222,")
        }
        let calibration = try #require(try work.run()["calibration"] as? [String: Any])
        let error = try #require(calibration["error"] as? [String: Any])
        let services = try #require(error["services"] as? [[String: Any]])
        #expect(services.map { $0["service"] as? String } == ["compute"])
        let net = try #require(Double(error["net"] as? String ?? ""))
        let absolute = try #require(Double(error["absolute"] as? String ?? ""))
        #expect(net < 0 && abs(net + absolute) < 0.000001)
        #expect((calibration["coverage_statement"] as? String)?.contains("pay for the same") == true)
    }

    @Test("a commitment that the rules apply otherwise is named") func misapplied() throws {
        let work = try FromBill()
        try work.edit("commitments.csv") { $0.replacing("shared,3,,1y", with: "shared,2,,1y") }
        let calibration = try #require(try work.run()["calibration"] as? [String: Any])
        let statement = try #require(calibration["coverage_statement"] as? String)
        #expect(statement.contains("reserved-instances/r1"))
    }

    @Test("the bill's own prices vouch for nothing") func ownPrices() throws {
        let work = try FromBill(usingList: false)
        let calibration = try #require(try work.run()["calibration"] as? [String: Any])
        #expect(calibration["statement"] as? String == "prices from the bill: not calibrated")
    }
}

/// A folder with a ledger and a scenario made from docs/examples/cur.csv, a made-up report.
private final class FromBill {
    private static let bill = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/examples/cur.csv").path

    private let folder: Folder
    /// Effective cost of the bill without its tax.
    private(set) var paidWithoutTax = 0.0

    init(usingList: Bool = true, prices edit: (String) -> String = { $0 }) throws {
        folder = try Folder([:])
        try call("plimsoll import '\(Self.bill)'")
        try call("plimsoll init --from ledger --out scenario")
        if usingList {
            let found = try String(contentsOfFile: folder.path + "/scenario/prices.csv", encoding: .utf8)
            let list = edit(found).replacing("bill 2026-01", with: "list").replacing("bill, amortised", with: "list")
            try list.write(toFile: folder.path + "/list.csv", atomically: false, encoding: .utf8)
            try call("plimsoll init --from ledger --prices list.csv --out scenario")
        }
        let costs = try call(#"plimsoll costs --filter "ChargeCategory <> 'Tax'" --format csv"#)
        let cell = costs.split(separator: "\n").last?.split(separator: ",").last ?? ""
        paidWithoutTax = Double(cell) ?? 0
    }

    func edit(_ name: String, _ change: (String) -> String) throws {
        let file = folder.path + "/scenario/" + name
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(change(text) != text)
        try change(text).write(toFile: file, atomically: false, encoding: .utf8)
    }

    func run() throws -> [String: Any] {
        let text = try call("plimsoll run scenario/scenario.yaml --format json --quiet")
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @discardableResult
    private func call(_ line: String) throws -> String {
        let result = try Program.run(line, in: folder)
        #expect(result.status == 0, "\(line): \(result.talk)")
        return result.out
    }
}
