import Foundation

/// `ledger 5000000` takes other numbers of rows, `ledger 20000000 FOCUS` leaves the vendor's report out.
func ledger() -> LedgerBenchmark {
    let arguments = CommandLine.arguments.dropFirst(2)
    return LedgerBenchmark(
        rows: Int(arguments.first ?? "") ?? 1_000_000, isFocusOnly: arguments.dropFirst().first == "FOCUS")
}

// What to measure: the first argument, or everything; the second narrows the rater's settings by name.
let benchmarks: [(name: String, run: () throws -> Void)] = [
    ("rater", { try RaterBenchmark.run(only: CommandLine.arguments.dropFirst(2).first ?? "") }),
    ("ledger", { try ledger().run() }),
    ("prices", { try PricesBenchmark(rows: Int(CommandLine.arguments.dropFirst(2).first ?? "") ?? 3_000_000).run() }),
    ("planner", { try PlannerBenchmark().run() }),
    ("years", { try PlannerBenchmark().years() }),
    ("scale", { try ScaleBenchmark(groups: CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) }).run() }),
    ("scenario", { try ScenarioBenchmark().run() }),
    ("report", { try ReportBenchmark(workloads: Int(CommandLine.arguments.dropFirst(2).first ?? "") ?? 1_000).run() }),
]
let wanted = CommandLine.arguments.dropFirst().first ?? "all"
let chosen = benchmarks.filter { wanted == "all" || wanted == $0.name }
if chosen.isEmpty {
    Peer.say("`\(wanted)` is not one of \(benchmarks.map(\.name).joined(separator: ", ")), all")
    exit(64)
}
do {
    for benchmark in chosen { try benchmark.run() }
} catch {
    Peer.say("\(error)")
    exit(70)
}
