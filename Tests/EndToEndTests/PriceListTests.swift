import Foundation
import Testing

/// From a vendor's list to a bill, with the program itself. Lists are synthetic.
@Suite("plimsoll prices: import, show, diff", .enabled(if: Program.hasTools, "the debug program or duckdb is missing"))
struct PriceListTests {
    private static let example: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "docs/examples/offers.csv"), encoding: .utf8)) ?? ""
    }()

    private static let usage = """
        hour,provider,billing_account,account,region,service,sku,os,tenancy,quantity,unit
        2026-11-03T00:00:00Z,aws,pay,a,eu-west-1,compute,m5.large,linux,shared,3,Hrs
        2026-11-03T01:00:00Z,aws,pay,a,eu-west-1,compute,m5.large,linux,shared,2,Hrs

        """

    private func folder(_ more: [String: String] = [:]) throws -> Folder {
        try Folder(["offers.csv": Self.example, "usage.csv": Self.usage].merging(more) { $1 })
    }

    @Test func `an imported list prices usage, reserved instances and plans, as CSV and as Parquet`() throws {
        let work = try folder()
        for name in ["prices.csv", "prices.parquet"] {
            let made = try Program.run(
                "plimsoll prices import offers.csv --out \(name) --catalog-out catalog.csv", in: work)
            #expect(made.status == 0 && made.talk.isEmpty)
            #expect(made.out.hasSuffix("rows in 6 = prices 5 + upfront fees joined to rates 1\n"))
            let rated = try Program.run(
                "plimsoll rate --usage usage.csv --prices \(name) --catalog catalog.csv --format json", in: work)
            let json = try JSONSerialization.jsonObject(with: Data(rated.out.utf8)) as? [String: Any]
            #expect(rated.status == 0 && (json?["total"] as? [String: String])?["list"] == "0.55")
            let out = "plan-\(name.suffix(3))"
            let planned = try Program.run(
                "plimsoll plan commitments --usage usage.csv --prices \(name) --catalog catalog.csv --offers ri-standard --payment none,partial --out \(out) && plimsoll verify \(out)/plan.json",
                in: work)
            #expect(planned.status == 0, "\(planned.talk)")
        }
        let plans = try ["csv", "uet"].map {
            try String(contentsOfFile: work.path + "/plan-\($0)/plan.csv", encoding: .utf8)
        }
        #expect(plans[0] == plans[1] && plans[0].contains("ri-standard"))
    }

    @Test func `faults have their exit codes, and leave nothing behind`() throws {
        let work = try folder([
            "empty.csv": "", "page.html": "<html>",
            "bad.csv": Self.example.replacing("\"0.1100000000\"", with: "\"?\""),
        ])
        func status(_ line: String) throws -> Int32 { try Program.run("plimsoll prices " + line, in: work).status }
        #expect(try status("import no.csv --out a.csv") == 66)
        #expect(try status("import . --out a.csv") == 66)
        #expect(try status("import empty.csv --out a.csv") == 65)
        #expect(try status("import page.html --out a.csv") == 65)
        #expect(try status("import offers.csv --format nonsense --out a.csv") == 64)
        #expect(try status("import offers.csv --format azure-retail-prices --out a.csv") == 65)
        #expect(try status("import offers.csv --out a.txt") == 64)
        #expect(try status("import offers.csv --offer on-demnd --out a.csv") == 64)
        #expect(
            try status("import offers.csv --out no/such/\u{0}".replacing("\u{0}", with: "../../usage.csv/a.csv")) == 73)
        #expect(try status("show --from nothing") == 66)
        #expect(try status("show --from store") == 66)
        #expect(try status("diff offers.csv usage.csv") == 65)
        let names = try FileManager.default.contentsOfDirectory(atPath: work.path).filter { !$0.hasPrefix(".std") }
        #expect(
            Set(names)
                == Set(["offers.csv", "usage.csv", "empty.csv", "page.html", "bad.csv", "ledger"]).intersection(names))
        let bad = try Program.run("plimsoll prices import bad.csv --out b.csv", in: work)
        #expect(bad.status == 0 && bad.talk.contains("warning[prices.rejected]: b.rejects.csv"))
        #expect(
            try String(contentsOfFile: work.path + "/b.rejects.csv", encoding: .utf8).contains(
                "bad.csv,7,price,?,is no decimal number"))
        #expect(try status("import bad.csv --strict --out b.csv") == 65)
    }

    @Test func `diff and show of files and of books`() throws {
        let work = try folder(["newer.csv": Self.example.replacing("0.1100000000", with: "0.1210000000")])
        let made = try Program.run(
            "plimsoll prices import offers.csv --name old && plimsoll prices import newer.csv --name new && plimsoll prices import newer.csv --name new",
            in: work)
        #expect(made.status == 0 && made.out.contains("unchanged: the ledger has this book already"))
        let table = try Program.run("plimsoll prices diff old new", in: work)
        #expect(
            table.status == 0 && table.out.contains("dearer  10.00")
                && table.out.contains("new 0, gone 0, dearer 1, cheaper 0, same 4"))
        #expect(try Program.run("plimsoll prices diff old new --fail-on-change", in: work).status == 3)
        #expect(try Program.run("plimsoll prices diff old old --fail-on-change", in: work).status == 0)
        let json = try Program.run("plimsoll prices diff old new --format json", in: work)
        let document = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
        #expect((document?["changes"] as? [[String: String]])?.first?["percent"] == "10.00")
        #expect((document?["counts"] as? [String: Int])?["same"] == 4)
        let shown = try Program.run("plimsoll prices show --from store --offer on-demand --format json", in: work)
        let prices = try JSONSerialization.jsonObject(with: Data(shown.out.utf8)) as? [String: [[String: String]]]
        #expect(prices?["prices"]?.count == 6 && prices?["prices"]?.first?["source"]?.isEmpty == false)
        let csv = try Program.run(
            "plimsoll prices show --from new --format csv > a.csv && plimsoll prices show --from a.csv --format csv | cmp - a.csv",
            in: work)
        #expect(csv.status == 0)
    }

    @Test func `an import that is killed leaves the book that was there`() throws {
        let work = try folder()
        #expect(try Program.run("plimsoll prices import offers.csv --name book", in: work).status == 0)
        let rows = Self.example.split(separator: "\n").map(String.init)
        let many = rows.prefix(6) + (0..<4_000).map { rows[6].replacing("m5.large", with: "m\($0).large") }
        try (many.joined(separator: "\n") + "\n").write(
            toFile: work.path + "/many.csv", atomically: false, encoding: .utf8)
        for delay in ["0.05", "0.3", "0.6"] {
            _ = try Program.run("plimsoll prices import many.csv --name book & sleep \(delay); kill -9 $!", in: work)
            let shown = try Program.run("plimsoll prices list --format csv", in: work)
            #expect(shown.status == 0 && (shown.out.contains("book,5,") || shown.out.contains("book,4000,")))
            #expect(try Program.run("plimsoll prices show --from book --sku m5.large", in: work).status == 0)
        }
        let last = try Program.run(
            "plimsoll prices import many.csv --name book && plimsoll prices list --format csv", in: work)
        #expect(last.status == 0 && last.out.contains("book,4000,"))
    }
}
