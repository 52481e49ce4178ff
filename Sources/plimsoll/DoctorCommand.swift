import ArgumentParser
import Foundation
import Ledger
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
        let duckdb = try? DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
        lines.append("duckdb         " + (duckdb.map { "\(DuckDBProgram.version), \($0.path)" } ?? "missing"))
        guard Solver.isAvailable, let version = try? Solver.version() else {
            lines.append("HiGHS          missing")
            try StandardOutput.write(lines.joined(separator: "\n") + "\n")
            throw Failure(
                .missingTool, "solver.missing-library", "HiGHS is not found: plans cannot be made",
                hint: "run `scripts/bootstrap`, or set PLIMSOLL_HIGHS to the library; everything else works without")
        }
        lines.append("HiGHS          \(version), \(Solver.libraryPath ?? "")")
        try StandardOutput.write(lines.joined(separator: "\n") + "\n")
        // Its own message says whether it is missing or of another version.
        if duckdb == nil { _ = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment) }
    }
}
