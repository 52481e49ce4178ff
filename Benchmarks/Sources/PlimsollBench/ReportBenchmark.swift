import AWSProvider
import Foundation
import PlimsollCore
import PlimsollTesting
import Rating
import Reporting
import ScenarioRunner

/// The report of a large made-up estate: making the page from a finished run, beside writing the same bytes;
/// opening it in Chromium until all its charts are drawn, beside an empty page in the same browser.
struct ReportBenchmark {
    var workloads = 1_000
    private static let rounds = 7

    func run() throws {
        guard let charts = try ChartLibrary.source(ProcessInfo.processInfo.environment) else {
            return Peer.say("skipped: there is no chart library; scripts/bootstrap brings it")
        }
        let made = try self.made()
        guard let json = made["report.json"], let hours = made["hours.csv"] else { return }
        let purchases = (made["actions/purchases.csv"] ?? []).count { $0 == 0x0a } - 1
        print("report: \(workloads) cells x 8,760 hours, \(purchases) purchases, one variant; best of \(Self.rounds)")
        print("  report.json \(Self.size(json.count)), hours.csv \(Self.size(hours.count))")
        var page: [UInt8] = []
        let render = try Self.fastest {
            let document = try ReportDocument(json: json, hours: hours, file: "report.json")
            page = Array(document.text(.html, library: charts).utf8)
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = [
            OutputFile("report.html", page), OutputFile("empty.html", text: "<!DOCTYPE html><title>-</title>"),
        ]
        try OutputFiles.write(files, into: folder.path)
        let writing = try Self.fastest { try OutputFiles.write(page, to: folder.path + "/report.html") }
        print("  report.html \(Self.size(page.count)); asked for 3 MB: \(page.count < 3_000_000 ? "met" : "missed")")
        print(
            "  read both files and render: \(Self.digits(render)) s, \(Self.ratio(render, writing)) x writing the same"
                + " bytes to the disk (\(Self.digits(writing, 4)) s); asked for 2 s: \(render < 2 ? "met" : "missed")")
        guard Browser.path != nil else {
            return Peer.say("chromium is not installed: the page is not opened; scripts/bootstrap brings it")
        }
        try open(folder.path)
    }

    // MARK: In the browser

    private func open(_ folder: String) throws {
        let browser = try Browser()
        let view = Browser.View(name: "desktop", width: 1_280, height: 900)
        let empty = try Self.fastest { try browser.show(folder + "/empty.html", view) }
        let first = try Self.seconds { try browser.show(folder + "/report.html", view) }
        let page = try Self.fastest { try browser.show(folder + "/report.html", view) }
        let drawn = try browser.evaluate("document.documentElement.dataset.drawn")
        let canvases = try browser.evaluate("document.querySelectorAll('canvas').length")
        let count = drawn.split(separator: " ").count
        guard String(count) == canvases, browser.complaints.isEmpty else {
            throw Problem("\(canvases) charts in the page, drawn: \(drawn); \(browser.complaints)")
        }
        print(
            "  Chromium, until its \(count) charts are drawn: \(Self.digits(first)) s the first time,"
                + " \(Self.digits(page)) s at best, \(Self.ratio(page, empty)) x an empty page (\(Self.digits(empty)) s);"
                + " asked for 1.5 s: \(first < 1.5 ? "met" : "missed")")
    }

    private struct Problem: Error, CustomStringConvertible {
        var description: String
        init(_ text: String) { description = text }
    }

    // MARK: The run

    /// The files of a run, by name.
    private func made() throws -> [String: [UInt8]] {
        let text = """
            scenario: a large estate
            seed: 5
            estate:
              generate: {from: 2026-01-01, to: 2027-01-01, workloads: \(workloads)}
              prices: built-in
            levers:
              - commit: {offers: [family-sp], terms: [1y], payment: [none]}
            compare:
              - {name: another seed, set: {seed: 6}}
            """
        let scenario = try Scenario.load(Array(text.utf8), file: "large.yaml")
        let context = ScenarioContext(
            programs: AWS.benefitPrograms, builtInPrices: AWS.builtInPrices, builtInCatalog: AWS.builtInCatalog,
            read: { (path) throws(Failure) in throw Failure(.noInput, "input.missing", path) },
            purchaseSteps: { AWS.purchaseSteps($0) })
        var files: [(name: String, bytes: [UInt8])] = []
        let seconds = try Self.seconds { files = try scenario.run(context, planner: FamilyPlans()).files() }
        print("report: the run itself, without a planner: \(Self.digits(seconds)) s")
        return Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.bytes) })
    }

    // MARK: Figures

    private static func seconds(_ body: () throws -> Void) rethrows -> Double { try Measuring.time(body).wall }

    private static func fastest(_ body: () throws -> Void) rethrows -> Double {
        try (0..<rounds).map { _ in try seconds(body) }.min() ?? 0
    }

    private static func size(_ bytes: Int) -> String { digits(Double(bytes) / 1e6) + " MB" }
    private static func ratio(_ part: Double, _ whole: Double) -> String { String(format: "%.1f", part / whole) }

    private static func digits(_ value: Double, _ places: Int = 2) -> String {
        String(format: "%.\(places)f", value)
    }
}

/// Buys a plan for every family in every region, for about half of what runs there: many purchases for a page.
private struct FamilyPlans: CommitPlanning {
    func plan(_ input: RatingInput, _ options: CommitOptions) throws(Failure) -> CommitPlan {
        var amounts: [String: Int64] = [:]
        var payer = ""
        for line in input.usage {
            let family = line.key.sku.prefix { $0 != "." }
            amounts["\(family) \(line.key.region)", default: 0] += line.series.values.reduce(0, +) / 8_760
            payer = line.key.billingAccount
        }
        var purchases: [Commitment] = []
        for (place, amount) in amounts.sorted(by: { $0.key < $1.key }) where amount > 0 {
            let words = place.split(separator: " ").map(String.init)
            var plan = Commitment()
            (plan.id, plan.provider, plan.offer) = ("buy-\(purchases.count + 1)", "aws", .familyPlan)
            (plan.billingAccount, plan.account, plan.currency) = (payer, payer, "USD")
            (plan.family, plan.region) = (words[0], words[1])
            (plan.term, plan.payment) = (.oneYear, Payment.none)
            plan.hourlyCommitment = Money(raw: Int128(amount) * FixedPoint.one / 10)
            purchases.append(plan)
        }
        let sum = Money(1)
        return CommitPlan(
            purchases: purchases,
            certificate: Certificate(
                lowerBound: sum, relaxation: sum, cost: sum, eligibleCost: sum, onDemandCost: sum),
            verdicts: [], files: [])
    }
}
