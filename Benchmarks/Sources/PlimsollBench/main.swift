import Foundation

// What to measure: the first argument, or everything.
let wanted = CommandLine.arguments.dropFirst().first ?? "all"
if wanted == "rater" || wanted == "all" { try RaterBenchmark.run() }
