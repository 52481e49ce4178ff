import Foundation
import PlimsollTesting
import Testing

/// What commands look like in a terminal of 80 and of 200 columns, in colour, in a pipe.
@Suite(
    .serialized,
    .enabled(if: Program.hasTools, "the debug program or its tools are not here: swift build, scripts/bootstrap"))
struct TerminalTests {
    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Names as long, as wide and as nasty as somebody's files may have them.
    private static let skus = [
        "m5.large", String(repeating: "long-name-of-a-machine-", count: 5), "機械-大-機械-大-機械", "\u{1b}[31mred\u{7}",
    ]

    /// Files of a made-up estate, two days long.
    private static let files: [String: String] = {
        var usage = "hour,provider,billing_account,account,region,service,sku,os,tenancy,quantity,unit\n"
        var prices = "provider,region,service,sku,os,tenancy,offer,term,payment,price,currency,unit\n"
        for (index, sku) in skus.enumerated() {
            let region = index == 1 ? String(repeating: "far-away-", count: 9) : "us-east-1"
            let place = "aws,\(region),compute,\(sku),linux,shared"
            for (offer, price) in [
                ("on-demand,,", "0.1"), ("ri-standard,1y,none", "0.06"), ("ri-standard,1y,all", "0.05"),
            ] {
                prices += "\(place),\(offer),\(index + 1)\(price.dropFirst()),USD,Hrs\n"
            }
            for hour in 0..<48 {
                let time = "2026-01-0\(1 + hour / 24)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00:00Z"
                usage += "\(time),aws,payer,shop,\(region),compute,\(sku),linux,shared,\(1 + index + hour % 5),Hrs\n"
            }
        }
        let scenario = """
            scenario: \(String(repeating: "a scenario with many words ", count: 6))
            estate: {usage: usage.csv, prices: prices.csv}
            levers:
              - commit: {offers: [ri-standard], terms: [1y], payment: [none]}
            compare:
              - {name: "\\e[31m\(String(repeating: "variant", count: 15))", set: {seed: 4}}
            """
        return ["usage.csv": usage, "prices.csv": prices, "s.yaml": scenario]
    }()

    private static let plan = "plimsoll plan commitments --usage usage.csv --prices prices.csv --out plan"
    private static let bill = checkout.path + "/docs/examples/cur.csv"

    /// What is looked at, by the name of its picture in words.
    static let commands = [
        ("run", "plimsoll run s.yaml"),
        ("plan", plan + " --offers ri-standard --terms 1y --payment none"),
        ("rate", "plimsoll rate --usage usage.csv --prices prices.csv"),
        ("sweep", "plimsoll sweep s.yaml --vary 'levers.0.commit.payment=[none],[all],[none,all]' --vary seed=1,2"),
        ("costs", "plimsoll costs --group-by ServiceName,RegionId,ChargeCategory --trend"),
        ("report", "plimsoll run s.yaml --out result > /dev/null; plimsoll report result --format md | head -n 20"),
    ]

    /// The files, and a ledger of the bill where the command reads one.
    private func folder(for line: String) throws -> Folder {
        let folder = try Folder(Self.files)
        guard ["costs", "export", "diff", "init"].contains(where: { line.contains("plimsoll \($0) ") }) else {
            return folder
        }
        let made = try Program.run("plimsoll import '\(Self.bill)' --quiet", in: folder)
        #expect(made.status == 0, "\(made.talk)")
        return folder
    }

    @Test(arguments: commands, [80, 200])
    func summary(_ command: (name: String, line: String), _ columns: Int) throws {
        let piped = try Program.run("export COLUMNS=\(columns)\n\(command.line)", in: folder(for: command.line))
        #expect(piped.status == 0, "\(piped.talk)")
        #expect(!piped.out.contains("\u{1b}") && !piped.talk.contains("\u{1b}") && !piped.out.contains("\u{7}"))
        let shown = try Terminal(columns: columns).run(command.line, in: folder(for: command.line))
        #expect(shown.out == piped.out, "a terminal of that width shows the same")
        // The report is for a file; its lines are as long as they are.
        guard command.name != "report" else { return }
        for line in piped.out.split(separator: "\n") {
            #expect(Terminal.width(line) <= columns, "\(Terminal.width(line)) cells: \(line)")
        }
        let file = Self.checkout.appending(path: "Tests/Fixtures/terminal/\(command.name)-\(columns).txt")
        #expect(Snapshot.compare(piped.out, with: file) == .same)
    }

    @Test func coloursStandInATerminalOnly() throws {
        let wrong = "plimsoll rate --usage nowhere.csv"
        let word = "error[input.missing]"
        let plain = try Program.run(wrong, in: folder(for: ""))
        #expect(plain.talk.hasPrefix(word))
        #expect(
            try Program.run(wrong + " --color always", in: folder(for: "")).talk.hasPrefix(
                "\u{1b}[1;31m\(word)\u{1b}[0m"))
        let terminal = Terminal(columns: 80)
        let red = try terminal.run(wrong, in: folder(for: ""))
        #expect(red.talk.hasPrefix("\u{1b}[1;31m\(word)\u{1b}[0m"), "\(red)")
        for line in ["NO_COLOR=1 ; export NO_COLOR; \(wrong)", wrong + " --color never"] {
            #expect(try terminal.run(line, in: folder(for: "")).talk == plain.talk)
        }
    }

    @Test func progressIsOneLineWithTheTimeLeft() throws {
        let sweep = "plimsoll sweep s.yaml --vary seed=1..6:6"
        let shown = try Terminal(columns: 44).run(sweep, in: folder(for: ""))
        #expect(shown.status == 0, "\(shown.talk)")
        // Each text is written over the one before, and the last one is wiped.
        let wipe = "\r\u{1b}[K"
        let texts = shown.talk.components(separatedBy: wipe)
        #expect(texts.first == "" && texts.last == "" && !shown.talk.contains("\n"))
        #expect(texts.allSatisfy { Terminal.width($0) < 44 })
        #expect(
            texts.contains { $0.wholeMatch(of: /\[=+ +\] runs: [1-5] of 6, about \d+ (s|min) left …/) != nil },
            "\(texts)")
        let one = try Terminal(columns: 44).run("plimsoll run s.yaml", in: folder(for: ""))
        #expect(one.talk.contains("planning commitments for 4 usage lines") && one.talk.hasSuffix(wipe))
        #expect(!one.talk.contains("\u{1b}[31m"), "a name is not obeyed")
        #expect(one.talk.components(separatedBy: wipe).allSatisfy { Terminal.width($0) < 44 })
        #expect(try Terminal(columns: 44).run(sweep + " --quiet", in: folder(for: "")).talk == "")
    }

    /// A message ends the line of progress instead of standing behind it.
    @Test func errorsWipeTheProgress() throws {
        let scenario = Self.files["s.yaml", default: ""].replacing("prices.csv", with: "usage.csv")
        let folder = try Folder(Self.files.merging(["s.yaml": scenario]) { $1 })
        let shown = try Terminal(columns: 80).run("plimsoll run s.yaml --color never", in: folder)
        #expect(shown.status == 65)
        let last = try #require(shown.talk.components(separatedBy: "\r\u{1b}[K").last)
        #expect(last.hasPrefix("error[") && !last.contains(" …"), "\(shown.talk)")
    }

    /// What `--verbose` says of every long command, and that `--quiet` says nothing.
    @Test(arguments: [
        (
            "plimsoll run s.yaml --out result",
            ["read s.yaml: ", "planning commitments for 4 usage lines", "write result/report.html: "]
        ),
        ("plimsoll sweep s.yaml --vary seed=1,2", ["read usage.csv: ", "runs: 2 of 2"]),
        (plan, ["read usage.csv: ", "usage.csv: 4 records", "planning for 4 usage lines", "write plan/plan.json: "]),
        (
            plan + " > /dev/null; plimsoll verify plan/plan.json",
            ["read plan/plan.json: ", "computing every number again"]
        ),
        ("plimsoll rate --usage usage.csv --prices prices.csv", ["prices.csv: 12 records", "billing 4 usage lines"]),
        ("plimsoll import '\(bill)' --ledger other", ["looking at 1 file", "reading 1 file", "writing the ledger"]),
        ("plimsoll costs --group-by ServiceName", ["asking the ledger ledger", " rows"]),
        ("plimsoll export focus --out focus.csv", ["writing focus.csv"]),
        ("plimsoll diff 2026-01 2026-02", ["reading 2026-01 and 2026-02 from ledger"]),
        ("plimsoll init --from ledger --out made", ["reading the bills in ledger", "write made/scenario.yaml: "]),
    ])
    func steps(_ line: String, _ said: [String]) throws {
        let folder = try folder(for: line)
        let loud = try Program.run(line + " --verbose", in: folder)
        #expect(loud.status == 0, "\(loud.talk)")
        for text in said { #expect(loud.talk.contains(text), "\(text): \(loud.talk)") }
        let same = try self.folder(for: line)
        let quiet = try Program.run(line + " --quiet", in: same)
        #expect(quiet.talk == "" && quiet.out == loud.out, "\(quiet.talk)")
    }
}
