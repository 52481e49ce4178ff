import Foundation
import Testing

/// Outputs are whole or not there: limits, signals, and what stood there before.
@Suite(
    "Outputs of the program itself", .enabled(if: Program.path != nil, Comment(rawValue: Program.missing)))
struct InterruptionTests {
    private static let scenario = """
        scenario: small
        estate:
          generate: {from: 2026-01-01, to: 2026-03-01, accounts: [a], regions: [us-east-1], families: [m4], workloads: 4}

        """

    @Test func `a scenario without levers writes its report, twice the same`() throws {
        let folder = try Folder(["s.yaml": Self.scenario])
        let first = try Program.run("plimsoll run s.yaml --out one > one.txt", in: folder)
        let second = try Program.run("plimsoll run s.yaml --out two > two.txt", in: folder)
        #expect(first.status == 0, "\(first.talk)")
        #expect(second.status == 0)
        let same = try Program.run("cmp one.txt two.txt && diff -r one two && ls one", in: folder)
        #expect(same.status == 0, "\(same.out)")
        #expect(same.out.contains("report.json") && same.out.contains("bill-before.csv"))
    }

    @Test func `a write that fails leaves what was there, and nothing new`() throws {
        let folder = try Folder(["s.yaml": Self.scenario])
        let limited = try Program.run("ulimit -f 1; plimsoll run s.yaml --out out", in: folder)
        #expect(limited.status == 73)
        #expect(limited.talk.contains("hint:"))
        #expect(try Program.run("ls -A out", in: folder).status != 0)
        let kept = try Program.run(
            """
            plimsoll run s.yaml --out out > /dev/null && ls -lA out > before && cat out/* | cksum >> before
            (ulimit -f 1; plimsoll run s.yaml --set seed=3 --out out > /dev/null 2>&1); [ $? = 73 ] || exit 9
            ls -lA out > after && cat out/* | cksum >> after; cmp before after
            """, in: folder)
        #expect(kept.status == 0, "\(kept.out)\(kept.talk)")
    }

    @Test(arguments: ["INT", "TERM"])
    func `a signal ends a run with 130 and no output`(_ name: String) throws {
        let folder = try Folder(["s.yaml": "scenario: waits\nestate: {usage: pipe}\n"])
        // Opening the pipe for writing waits until the program reads it. Job control gives what runs in the
        // background its SIGINT back.
        let line = """
            set -m; mkfifo pipe
            plimsoll run s.yaml --out out & exec 3> pipe; kill -\(name) -- -$!; wait $!
            """
        let result = try Program.run(line, in: folder)
        #expect(result.status == 130)
        #expect(result.talk.contains("run.interrupted"))
        #expect(try Program.run("ls -A out", in: folder).status != 0)
    }

    @Test func `colour and warnings as asked for`() throws {
        let folder = try Folder([:])
        let plain = try Program.run("plimsoll prices show --sku none", in: folder)
        #expect(plain.talk.hasPrefix("warning[prices.none]"))
        let colored = try Program.run("plimsoll prices show --sku none --color always", in: folder)
        #expect(colored.talk.hasPrefix("\u{1b}[1;33mwarning[prices.none]\u{1b}[0m"))
        #expect(try Program.run("plimsoll prices show --sku none --quiet", in: folder).talk.isEmpty)
        // What ends a run is said all the same.
        #expect(try Program.run("plimsoll rate --usage none --quiet", in: folder).talk.contains("input.missing"))
    }
}
