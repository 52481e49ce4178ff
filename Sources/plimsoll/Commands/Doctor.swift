internal import ArgumentParser
internal import Foundation
internal import PlimsollCore
internal import Reporting
internal import ScenarioRunner
internal import Solver

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look whether everything Plimsoll needs is there.",
        discussion: """
            Exit code 69 where a needed tool is missing; what has no tool still works.

            EXAMPLES
              plimsoll doctor
            """)

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        var table = TextTable([.left("part"), .left("state"), .left("where")])
        table.add(["plimsoll", "ok", Version.text])
        for provider in Registry.descriptors {
            table.add(["provider \(provider.id)", "ok", provider.name])
        }
        table.add(["built-in prices", "ok", "\(Registry.providers.prices.count) rows"])
        var missing: Failure?
        do throws(SolverFailure) {
            let version = try Solver.version()
            table.add(["HiGHS \(version)", "ok", Solver.libraryPath ?? ""])
        } catch {
            table.add(["HiGHS", "missing", "plans need it; `rate`, `schema`, `prices` do not"])
            missing = Failure(.missingTool, "doctor.no-highs", error.message, hint: "run scripts/bootstrap")
        }
        if let shared = SharedData.find(near: FileManager.default.currentDirectoryPath) {
            table.add(["shared data", "ok", shared])
        } else {
            table.add(["shared data", "absent", "only Scenarios/real-demand needs it: set PLIMSOLL_SHARED"])
        }
        try StandardOutput.write(table.text(width: max(terminal.width, 100), style: terminal.style))
        if let missing { throw missing }
    }
}
