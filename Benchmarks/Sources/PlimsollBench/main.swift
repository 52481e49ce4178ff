import Foundation

// plimsoll-bench [planner]: what is measured, and against what, is in ../README.md.
do {
    let wanted = CommandLine.arguments.dropFirst().first ?? "all"
    switch wanted {
    case "planner": try PlannerBenchmark().run()
    case "all": try PlannerBenchmark().run()
    default:
        FileHandle.standardError.write(Data("plimsoll-bench: `\(wanted)` is not one of planner, all\n".utf8))
        exit(64)
    }
} catch {
    FileHandle.standardError.write(Data("plimsoll-bench: \(error)\n".utf8))
    exit(70)
}
