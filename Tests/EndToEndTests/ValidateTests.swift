import Foundation
import Testing

@Suite(
    "plimsoll validate, rate --focus: the program itself",
    .enabled(if: Program.hasTools, "the debug program or one of its tools is missing: swift build, scripts/bootstrap"))
struct ValidateTests {
    private static let files = [
        "usage.csv": """
        hour,provider,billing_account,account,region,service,sku,os,tenancy,quantity,unit
        2026-01-01T00:00:00Z,aws,pay,a,us-east-1,compute,m4.large,linux,shared,3,Hrs
        2026-01-01T01:00:00Z,aws,pay,a,us-east-1,compute,m4.large,linux,shared,1,Hrs

        """,
        "held.csv": """
        id,provider,billing_account,account,offer,region,sku,os,tenancy,quantity,term,payment,hourly,currency
        ri1,aws,pay,a,ri-standard,us-east-1,m4.large,linux,shared,2,1y,none,0.06,USD

        """,
    ]
    private static let rate = "plimsoll rate --usage usage.csv --commitments held.csv --quiet --focus "

    @Test func `a rated bill conforms in both formats, and its bill is printed all the same`() throws {
        let folder = try Folder(Self.files)
        for name in ["bill.csv", "bill.parquet"] {
            let rated = try Program.run(Self.rate + name + " --format json", in: folder)
            #expect(rated.status == 0 && rated.out.contains("\"total\""), "\(rated.talk)")
            let result = try Program.run("plimsoll validate \(name) --format json", in: folder)
            #expect(result.status == 0 && result.talk.isEmpty)
            let json = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any]
            #expect(json?["conforms"] as? Bool == true)
            #expect((json?["findings"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func `a fault is told with rule, row, column and value; exit code 3`() throws {
        let folder = try Folder(Self.files)
        _ = try Program.run(Self.rate + "bill.csv > bill.txt && sed -i '3s/,Usage,/,Use,/' bill.csv", in: folder)
        let result = try Program.run("plimsoll validate bill.csv --format json", in: folder)
        #expect(result.status == 3)
        #expect(result.talk.contains("error[validate.fails]"))
        let json = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any]
        #expect(json?["conforms"] as? Bool == false)
        let findings = try #require(json?["findings"] as? [[String: Any]])
        let finding = try #require(findings.first { $0["rule"] as? String == "ChargeCategory-C-003-M" })
        #expect(finding["column"] as? String == "ChargeCategory" && finding["count"] as? Int == 1)
        let sample = (finding["samples"] as? [[String: Any]])?.first
        #expect(sample?["row"] as? Int == 2 && sample?["value"] as? String == "Use")
    }

    @Test func `what cannot be read, opened or written`() throws {
        let folder = try Folder(Self.files.merging(["ragged.csv": "BilledCost,Tags\n1,2,3\n"]) { $1 })
        #expect(try Program.run("plimsoll validate ragged.csv", in: folder).status == 65)
        #expect(try Program.run("plimsoll validate missing.csv", in: folder).status == 66)
        #expect(try Program.run("plimsoll validate", in: folder).status == 64)
        #expect(try Program.run(Self.rate + "bill.txt", in: folder).status == 64)
        #expect(try Program.run(Self.rate + "missing/bill.csv", in: folder).status == 73)
        #expect(try Program.run(Self.rate + "missing/bill.parquet", in: folder).status == 73)
    }
}
