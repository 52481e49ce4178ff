import ArgumentParser
import PlimsollCore
import Rating
import ScenarioRunner
import Solver

/// `plimsoll doctor`: what the program found on this machine.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what was found on this machine, and what is missing.",
        discussion: """
            Examples:
              plimsoll doctor

            Exit code 69 where a needed tool is missing.
            """)

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        var lines = ["plimsoll       \(Plimsoll.configuration.version)"]
        lines.append("price book     built in: \(Registry.prices.count) rows, \(Registry.catalog.count) SKUs")
        guard Solver.isAvailable, let version = try? Solver.version() else {
            lines.append("HiGHS          missing")
            try StandardOutput.write(lines.joined(separator: "\n") + "\n")
            throw Failure(
                .missingTool, "solver.missing-library", "HiGHS is not found: plans cannot be made",
                hint: "run `scripts/bootstrap`, or set PLIMSOLL_HIGHS to the library; everything else works without")
        }
        lines.append("HiGHS          \(version), \(Solver.libraryPath ?? "")")
        try StandardOutput.write(lines.joined(separator: "\n") + "\n")
    }
}
