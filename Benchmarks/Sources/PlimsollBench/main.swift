import CommitmentPlanner
import Foundation
import PlimsollCore

func show(_ x: Int128) -> Double { Double(x) / 1e12 }
let args = CommandLine.arguments
let problem = try Problem(args[1], scale: args.count > 3 ? 6 : 0, isSpend: args.count <= 3)
var options = PlanningEngine.Options()
if args.count > 2, let gap = Double(args[2]) { options.gap = gap }
for _ in 0..<3 {
let clock = ContinuousClock()
let start = clock.now
let result = try PlanningEngine.plan(problem.model, options)
let end = clock.now
let lp = PlanningEngine.relaxedCost(problem.model, steps: result.steps)
let lb = result.lowerBound
print("time", end - start, "LB", show(lb), "LP", show(lp), "gap %", 100 * (show(lp) - show(lb)) / show(lb), result.method)
}
