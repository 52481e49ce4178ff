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
              plimsoll doctor --provider aws

            With a provider: which of the places where its credentials may be has some, and why the others \
            have not. Secrets are never shown.

            Exit code 69 where a needed tool is missing, 3 where a provider's credentials are missing or \
            do not work.
            """)

    @Option(help: "Say where this provider's credentials come from.")
    var provider: Registry.CloudProvider?

    @OptionGroup(title: "Calls to clouds") var trace: TraceOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        if provider == nil, trace.traceHTTP != nil {
            throw ValidationError("'--trace-http' needs '--provider': nothing else is called.")
        }
    }

    func run() throws {
        if let provider { return try credentials(of: provider) }
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
