import Foundation

// What to measure: the first argument, or everything.
let benchmarks: [(name: String, run: () throws -> Void)] = [
    ("rater", { try RaterBenchmark.run() }),
    ("planner", { try PlannerBenchmark().run() }),
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
