import CommitmentPlanner
import Foundation
import PlimsollCore

/// The planner beside the prototypes, on the prototypes' own problems, one after the other in one run.
struct PlannerBenchmark {
    private let checkout = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardizedFileURL

    func run() throws {
        guard let peer = Peer(checkout: checkout) else { return }
        print("planner: 1,000 groups x 8,760 h to a certified gap of 0.1 % (aim: 15 x)")
        try ascent(peer)
        for (from, to, limit) in [("2021-06-01", "2022-06-01", "40"), ("2022-02-01", "2023-02-01", "40")] {
            print("planner: nested plans on real demand, \(from) to \(to) (aim: faster, gap of the relaxation 0.01 %)")
            try cuts(peer, from, to, limit)
        }
    }

    /// Every year of the real demand, one after the other from each month.
    func years() throws {
        guard let peer = Peer(checkout: checkout) else { return }
        for month in 1...12 {
            let day = String(format: "-%02d-01", month)
            let years = month == 1 ? ["2022", "2023"] : ["2021", "2022"]
            print("planner: nested plans on real demand, \(years[0] + day) to \(years[1] + day) (aim: 10 x)")
            try cuts(peer, years[0] + day, years[1] + day, "40")
        }
    }

    private func ascent(_ peer: Peer) throws {
        let file = try peer.problem("commitment_dual.py", ["1000", "8760"])
        defer { try? FileManager.default.removeItem(at: file) }
        let model = try Problem(file, scale: 6).model
        var options = PlanningEngine.Options()
        options.method = .ascent
        _ = try PlanningEngine.plan(model, options)
        let peak = peakMiB()
        let (result, seconds) = try best(of: 3, model, options)
        try report(model, result, seconds)
        print("  peak memory, problem and plan: \(peak) MiB (aim: 256)")
        guard let line = try peer.search("commitment_dual.py", ["1000", "8760", "60"]).last else { return }
        print("  commitment_dual.py:\(line)")
        ratio(Self.number(before: " s", in: line), seconds)
    }

    private func cuts(_ peer: Peer, _ from: String, _ to: String, _ limit: String) throws {
        let file = try peer.problem("commitment_cuts.py", [from, to, "12", limit])
        defer { try? FileManager.default.removeItem(at: file) }
        let model = try Problem(file, scale: 0).model
        let (result, seconds) = try best(of: 5, model, PlanningEngine.Options())
        try report(model, result, seconds)
        guard let line = try peer.search("commitment_cuts.py", [from, to, "12", limit]).last else { return }
        print("  commitment_cuts.py: \(line)")
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "gap"), place + 1 < words.count, let gap = Double(words[place + 1])
        else { return }
        var options = PlanningEngine.Options()
        options.gap = gap
        // The script only finds the bound and its purchases.
        options.searchesVendorOrder = false
        let (_, same) = try best(of: 5, model, options)
        print("  plimsoll, bound to the same gap: \(Self.digits(same, 3)) s")
        ratio(Self.number(before: " s", in: line), same)
    }

    /// The best of a few runs, as with any timing on a machine that does other things too.
    private func best(
        of runs: Int, _ model: PlanningModel, _ options: PlanningEngine.Options
    ) throws -> (PlanningEngine.Result, Double) {
        let clock = ContinuousClock()
        var result = try PlanningEngine.plan(model, options)
        var least = Double.infinity
        for _ in 0..<runs {
            let start = clock.now
            result = try PlanningEngine.plan(model, options)
            least = min(least, (clock.now - start) / .seconds(1))
        }
        return (result, least)
    }

    private func report(_ model: PlanningModel, _ result: PlanningEngine.Result, _ seconds: Double) throws {
        let units = model.pools.indices.map { Int128(result.steps[$0]) * Int128(model.pools[$0].step) }
        var fees = 0.0
        for (pool, amount) in zip(model.pools, units) {
            if let fee = pool.fee { fees += Double(fee.numerator) / Double(fee.denominator) * Double(amount) / 1e24 }
        }
        let bound = Double(result.lowerBound) / 1e12
        let relaxed = fees + Double(PlanningEngine.allocationCost(model, units: units)) / 1e12
        let vendor = PlanningEngine.vendorCost(model, units: units)
        print("  plimsoll: \(Self.digits(seconds, 3)) s, \(result.method)")
        print(
            "  bound \(Self.digits(bound, 2)), relaxation +\(Self.digits(100 * (relaxed / bound - 1), 4)) %,"
                + " vendor's order +\(Self.digits(100 * (vendor / bound - 1), 4)) %")
    }

    private func ratio(_ theirs: Double?, _ ours: Double) {
        guard let theirs else { return }
        print("  ratio: \(Self.digits(theirs / ours, 1)) x")
    }

    private static func number(before unit: String, in line: String) -> Double? {
        guard let end = line.range(of: unit, options: .backwards) else { return nil }
        return line[..<end.lowerBound].split(whereSeparator: { $0 == " " }).last.flatMap { Double($0) }
    }

    private static func digits(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }

    private func peakMiB() -> Int { Int(RaterBenchmark.peakMemory() / 1_048_576) }
}
