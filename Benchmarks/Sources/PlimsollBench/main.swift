import Foundation

// plimsoll-bench [planner|rater]: what is measured, and against what, is in docs/concepts/benchmarks.md.
do {
    let wanted = CommandLine.arguments.dropFirst().first ?? "all"
    switch wanted {
    case "planner": try PlannerBenchmark().run()
    case "rater": try RaterBenchmark.run()
    case "all":
        try RaterBenchmark.run()
        try PlannerBenchmark().run()
    default:
        FileHandle.standardError.write(Data("plimsoll-bench: `\(wanted)` is not one of planner, rater, all\n".utf8))
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("plimsoll-bench: \(error)\n".utf8))
    exit(70)
}
