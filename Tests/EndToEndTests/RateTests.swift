import Foundation
import Testing

@Suite(
    "plimsoll rate, schema, prices: the program itself",
    .enabled(if: Program.path != nil, Comment(rawValue: Program.missing)))
struct RateTests {
    private static let usage = """
        hour,provider,billing_account,account,region,service,sku,os,tenancy,quantity,unit
        2026-01-01T00:00:00Z,aws,pay,a,us-east-1,compute,m4.large,linux,shared,3,Hrs
        2026-01-01T01:00:00Z,aws,pay,a,us-east-1,compute,m4.large,linux,shared,1,Hrs

        """
    private static let prices = """
        provider,region,service,sku,os,tenancy,offer,term,payment,price,currency,unit
        aws,us-east-1,compute,m4.large,linux,shared,on-demand,,,0.10,USD,Hrs
        aws,us-east-1,compute,m4.large,linux,shared,ri-standard,1y,none,0.06,USD,Hrs

        """
    private static let held = """
        id,provider,billing_account,account,offer,region,sku,os,tenancy,quantity,term,payment,hourly,currency
        ri1,aws,pay,a,ri-standard,us-east-1,m4.large,linux,shared,2,1y,none,0.06,USD

        """

    private func folder(_ more: [String: String] = [:]) throws -> Folder {
        let files = ["usage.csv": Self.usage, "prices.csv": Self.prices, "held.csv": Self.held]
        return try Folder(files.merging(more) { _, new in new })
    }

    private static let all = "plimsoll rate --usage usage.csv --prices prices.csv --commitments held.csv"

    @Test func `a tiny bill as JSON has the contract's members and numbers`() throws {
        let result = try Program.run(Self.all + " --format json --by hour,commitment", in: folder())
        #expect(result.status == 0)
        #expect(result.talk.isEmpty)
        let json = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any]
        #expect(json?["currency"] as? String == "USD")
        #expect(
            json?["window"] as? [String: String]
                == ["from": "2026-01-01T00:00:00Z", "to": "2026-01-01T02:00:00Z"])
        #expect(
            json?["total"] as? [String: String]
                == ["list": "0.4", "contracted": "0.4", "effective": "0.34", "billed": "0.34", "on_demand": "0.1"])
        #expect(
            json?["commitments"] as? [[String: String]] == [
                [
                    "id": "ri1", "unit": "unit-hours", "committed": "4", "used": "3", "unused": "1",
                    "utilization": "0.75",
                ]
            ])
        #expect((json?["unpriced"] as? [Any])?.isEmpty == true)
        #expect((json?["warnings"] as? [Any])?.isEmpty == true)
        #expect((json?["rows"] as? [[String: Any]])?.allSatisfy { $0["hour"] is String } == true)
    }

    @Test func `the window can be narrowed and widened`() throws {
        let narrow = try Program.run(Self.all + " --from 2026-01-01T01:00:00Z --format csv", in: folder())
        #expect(narrow.out.hasSuffix(",0.1,0.1,0.12,0.12,0\n"))
        let wide = try Program.run(Self.all + " --to 2026-01-01T03:00:00Z --format csv", in: folder())
        #expect(wide.out.hasSuffix(",0.4,0.4,0.46,0.46,0.1\n"))
    }

    @Test func `usage from standard input`() throws {
        let result = try Program.run(
            "cat usage.csv | plimsoll rate --usage - --prices prices.csv --format csv", in: folder())
        #expect(result.status == 0)
        #expect(result.out.hasSuffix(",0.4,0.4,0.4,0.4,0.4\n"))
    }

    @Test func `built-in prices serve where no file is given`() throws {
        let result = try Program.run("plimsoll rate --usage usage.csv", in: folder())
        #expect(result.status == 0)
        #expect(result.out.contains("effective   0.400000"))
    }

    @Test func `usage without a price is listed, printed, and exit 3`() throws {
        let usage = Self.usage.replacingOccurrences(of: "m4.large", with: "m4.lost")
        let result = try Program.run(
            "plimsoll rate --usage usage.csv --prices prices.csv --format json", in: folder(["usage.csv": usage]))
        #expect(result.status == 3)
        let json = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any]
        #expect((json?["unpriced"] as? [[String: String]])?.first?["sku"] == "m4.lost")
        #expect(result.talk.contains("error[rate.unpriced]"))
    }

    static let wrong: [(line: String, status: Int32, says: String)] = [
        ("plimsoll rate", 64, "--usage"),
        ("plimsoll rate --usage usage.csv --bi hour", 64, "--bi"),
        ("plimsoll rate --usage usage.csv --by hours", 64, "hours"),
        ("plimsoll rate --usage usage.csv --from 2026-01-01T00:30:00Z", 64, "--from"),
        ("plimsoll rate --usage usage.csv --from 2026-01-02 --to 2026-01-01", 64, "--to"),
        ("plimsoll rate --usage - --prices -", 64, "Standard input"),
        ("plimsoll schema usge", 64, "Did you mean 'usage'?"),
        ("plimsoll nothing", 64, "nothing"),
        ("plimsoll rate --usage prices.csv", 65, "prices.csv:1:1: column `hour` is missing"),
        (": > empty.csv; plimsoll rate --usage empty.csv", 65, "empty.csv: the file is empty"),
        ("plimsoll rate --usage usage.csv --commitments bad.csv", 65, "bad.csv:2:7"),
        ("plimsoll rate --usage usage.csv --commitments family.csv", 65, "family.csv:2:1"),
        ("plimsoll rate --usage none.csv", 66, "none.csv"),
        ("plimsoll rate --usage .", 66, "directory"),
        ("plimsoll rate --usage usage.csv > /dev/full", 73, "<stdout>"),
        ("ulimit -f 8; plimsoll prices show --format csv > large.csv", 73, "ulimit -f unlimited"),
    ]

    @Test(arguments: wrong)
    func `what is wrong has its exit code, its place and a remedy`(
        line: String, status: Int32, says: String
    ) throws {
        let bad = "id,provider,offer,quantity\nx,aws,ri-standart,1\n"
        let family = Self.held.replacingOccurrences(of: "quantity", with: "family,quantity")
            .replacingOccurrences(of: "shared,2", with: "shared,m44,2")
        let result = try Program.run(line, in: folder(["bad.csv": bad, "family.csv": family]))
        #expect(result.status == status, "\(result.talk)")
        #expect(result.talk.contains(says), "\(result.talk)")
        #expect(result.out.isEmpty)
        if status != 64 { #expect(result.talk.contains("hint: ")) }
    }

    @Test func `errors of several files are told at once`() throws {
        let result = try Program.run("plimsoll rate --usage none.csv --prices held.csv", in: folder())
        #expect(result.status == 65)
        #expect(result.talk.contains("input.missing"))
        #expect(result.talk.contains("prices.missing-column"))
    }

    @Test func `a closed pipe is quiet`() throws {
        let line = "plimsoll prices show --format csv | head -n 1; echo ${PIPESTATUS[0]}"
        let result = try Program.run(line, in: folder())
        #expect(result.out.hasPrefix("provider,region,"))
        #expect(result.out.hasSuffix("\n141\n"))
        #expect(result.talk.isEmpty)
    }

    @Test func `an interrupted run is exit 130`() throws {
        // In a shell without job control, what runs in the background is deaf to SIGINT: `set -m` gives it back.
        let line = """
            set -m; mkfifo pipe
            plimsoll rate --usage pipe & sleep 0.5; kill -INT -- -$!; wait $!
            """
        #expect(try Program.run(line, in: folder()).status == 130)
    }

    @Test func `prices shown as CSV are a price file that says the same`() throws {
        let line = """
            plimsoll prices show --region us-east-1 --format csv > book.csv
            plimsoll rate --usage usage.csv --prices book.csv --format csv
            """
        let result = try Program.run(line, in: folder())
        #expect(result.status == 0)
        #expect(result.out.hasSuffix(",0.4,0.4,0.4,0.4,0.4\n"))
    }

    @Test func `every schema of the contract is described, and its header is accepted as a file`() throws {
        for name in ["usage", "prices", "catalog", "commitments", "accounts", "fx", "metrics", "resources", "gaps"] {
            let result = try Program.run("plimsoll schema \(name)", in: folder())
            #expect(result.status == 0)
            let json = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any]
            #expect((json?["columns"] as? [[String: Any]])?.isEmpty == false, "\(name)")
        }
        let line = """
            plimsoll schema usage --format header > u.csv; plimsoll schema commitments --format header > c.csv
            plimsoll rate --usage u.csv --commitments c.csv --format json
            """
        #expect(try Program.run(line, in: folder()).status == 0)
    }

    @Test func `every help has examples`() throws {
        for command in ["", "rate", "schema", "prices", "prices show"] {
            let result = try Program.run("plimsoll \(command) --help", in: folder())
            #expect(result.status == 0)
            #expect(result.out.contains("Example"), "\(command)")
        }
        #expect(try Program.run("plimsoll --version", in: folder()).out.contains("."))
    }
}
