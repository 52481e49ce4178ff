import Foundation
import Testing

/// `plimsoll sweep` where some run comes to no plan.
@Suite(.enabled(if: Program.hasTools, "the debug program or its tools are not here: swift build, scripts/bootstrap"))
struct SweepProgramTests {
    private static let head = "hour,provider,billing_account,account,region,service,sku,os,tenancy,quantity,unit\n"
    private static let row = "2026-01-05T00:00:00Z,aws,payer,shop,us-east-1,compute,m4.large,linux,shared"
    private static let files = [
        "usage.csv": "\(head)\(row),3,Hrs\n", "broken.csv": "\(head)\(row),many,Hrs\n",
        "worse.csv": "\(head)\(row),more,Hrs\n",
        "s.yaml": """
        scenario: two files
        estate: {usage: usage.csv, prices: built-in}
        levers:
          - commit: {offers: [ri-standard], terms: [1y], payment: [none]}
        """,
    ]

    @Test func aRunWithoutAPlanIsExitThreeAndTheOthersAreWritten() throws {
        let folder = try Folder(Self.files)
        let line = "plimsoll sweep s.yaml --vary estate.usage=usage.csv,broken.csv --out result"
        let made = try Program.run(line, in: folder)
        #expect(made.status == 3)
        #expect(made.talk.hasPrefix("error[sweep.no-plan]: s.yaml: 1 of the runs came to no plan"), "\(made.talk)")
        #expect(made.out.contains("No plan: estate.usage = broken.csv: `many` is not a decimal number"), "\(made.out)")
        for name in ["sweep.html", "sweep.csv", "sweep.json"] {
            let text = try String(contentsOfFile: folder.path + "/result/" + name, encoding: .utf8)
            #expect(text.contains("usage.csv") && text.contains("is not a decimal number"), "\(name)")
        }
        let quiet = try Program.run(line + " --quiet --format json", in: folder)
        #expect(quiet.status == 3 && quiet.out.hasPrefix("{") && quiet.out.contains("no_plan"))
    }

    /// Where there is nothing to print, the first run's own failure ends the command.
    @Test func noPlanAtAllIsTheFirstRunsFailure() throws {
        let made = try Program.run(
            "plimsoll sweep s.yaml --vary estate.usage=broken.csv,worse.csv --out result", in: Folder(Self.files))
        #expect(made.status == 65 && made.out.isEmpty)
        #expect(made.talk.contains("`many` is not a decimal number") && !made.talk.contains("sweep.no-plan"))
    }
}
