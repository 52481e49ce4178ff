import Foundation
import Testing

/// `plan commitments` and `verify`, as a user runs them.
@Suite(.enabled(if: Program.path != nil, "the debug program is not beside the tests: run `swift build` first"))
struct PlanTests {
    /// A day of two families in one region, with on-demand prices and both kinds of plans.
    private static func files() -> [String: String] {
        var usage = "hour,provider,billing_account,account,region,service,sku,os,tenancy,quantity,unit\n"
        var prices = "provider,region,service,sku,os,tenancy,offer,term,payment,price,currency,unit\n"
        for (sku, price) in [("m5.large", 96), ("c5.large", 85)] {
            for hour in 0..<24 {
                let time = "2026-01-01T\(hour < 10 ? "0" : "")\(hour):00:00Z"
                usage += "\(time),aws,p,p,us-east-1,compute,\(sku),linux,shared,\(5 + hour % 7),Hrs\n"
            }
            for (offer, percent, term) in [
                ("on-demand", 1000, ","), ("family-sp", 620, "1y,none"), ("compute-sp", 720, "1y,none"),
            ] {
                let rate = "0.\(String(1_000_000 + price * percent).dropFirst())"
                prices += "aws,us-east-1,compute,\(sku),linux,shared,\(offer),\(term),\(rate),USD,Hrs\n"
            }
        }
        return ["usage.csv": usage, "prices.csv": prices]
    }

    private static let plan = "plimsoll plan commitments --usage usage.csv --prices prices.csv --out plan"

    @Test func planThenVerify() throws {
        let folder = try Folder(Self.files())
        let made = try Program.run(Self.plan, in: folder)
        #expect(made.status == 0, "\(made.talk)")
        #expect(made.out.contains("no plan costs less"))
        let checked = try Program.run("plimsoll verify plan/plan.json", in: folder)
        #expect(checked.status == 0, "\(checked.talk)")
        let moved = try Program.run("mv plan other && cd other && plimsoll verify plan.json", in: folder)
        #expect(moved.status == 0, "\(moved.talk)")
    }

    @Test func twiceTheSameBytes() throws {
        let folder = try Folder(Self.files())
        let line = Self.plan + " && mv plan first && " + Self.plan + " && diff -r first plan"
        #expect(try Program.run(line, in: folder).status == 0)
    }

    @Test(arguments: [
        ("sed -i 's/\"lower_bound\": \"[0-9]/\"lower_bound\": \"99/' plan/plan.json", "bound"),
        ("sed -i '0,/T05:00:00Z/{/T05:00:00Z/d}' plan/duals.csv", "coverage of pools and hours"),
        ("sed -i 's/,5,Hrs/,4,Hrs/' plan/inputs/usage.csv", "input hash"),
        ("rm plan/inputs/prices.csv", "input hash"),
    ])
    func tampering(change: String, reason: String) throws {
        let folder = try Folder(Self.files())
        let result = try Program.run(
            "\(Self.plan) > /dev/null && \(change) && plimsoll verify plan/plan.json", in: folder)
        #expect(result.status == 3)
        #expect(result.talk.contains(reason), "\(result.talk)")
    }

    @Test func wrongWords() throws {
        let folder = try Folder(Self.files())
        let offer = try Program.run(Self.plan + " --offers family-ps", in: folder)
        #expect(offer.status == 64)
        #expect(offer.talk.contains("Did you mean 'family-sp'?"))
        let term = try Program.run(Self.plan + " --terms 2y", in: folder)
        #expect(term.status == 64)
        #expect(try Program.run("plimsoll verify nowhere/plan.json", in: folder).status == 66)
        #expect(
            try Program.run("echo '{}' > plan.json; echo x > duals.csv; plimsoll verify plan.json", in: folder).status
                == 65)
    }

    @Test func withoutSolver() throws {
        let folder = try Folder(Self.files())
        let result = try Program.run("export PLIMSOLL_HIGHS=/nowhere; " + Self.plan, in: folder)
        #expect(result.status == 69)
        #expect(result.talk.contains("scripts/bootstrap"))
        let rated = try Program.run(
            "export PLIMSOLL_HIGHS=/nowhere; plimsoll rate --usage usage.csv --prices prices.csv", in: folder)
        #expect(rated.status == 0)
    }
}
