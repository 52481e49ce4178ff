internal import ArgumentParser
internal import Foundation
internal import PlimsollCore
internal import ScenarioRunner

/// The program: parses, runs, and turns every error into a message and an exit code
/// (docs/reference/exit-codes.md).
@main
struct Door {
    static func main() {
        do {
            var command = try Plimsoll.parseAsRoot()
            Interruption.install()
            try command.run()
        } catch {
            exit(say(error))
        }
    }

    /// Says what went wrong; returns the exit code.
    private static func say(_ error: any Error) -> Int32 {
        if let failure = error as? Failure {
            StandardOutput.talk(failure.description)
            return failure.exitCode.rawValue
        }
        let code = Plimsoll.exitCode(for: error)
        // ArgumentParser's own: help, version, usage errors, explicit codes. It gives 1 to all others.
        if code != .failure {
            let text = Plimsoll.fullMessage(for: error)
            if code == .success {
                try? StandardOutput.write(text.isEmpty ? "" : text + "\n")
            } else if !text.isEmpty {
                StandardOutput.talk(text)
            }
            return code.rawValue
        }
        StandardOutput.talk(
            Failure(.bug, "plimsoll.bug", "unexpected: \(error)", hint: "report it with the command that led here")
                .description)
        return Failure.ExitCode.bug.rawValue
    }
}

struct Plimsoll: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plimsoll",
        abstract: "What would the bill have been, and what will it be, if you did X?",
        discussion: """
            Plimsoll prices usage by the clouds' own rules, plans commitments with a proof of how good the plan \
            is, and never changes a cloud.

            EXAMPLES
              plimsoll run Scenarios/quickstart/quickstart.yaml --out out
              plimsoll rate --usage usage.csv --prices prices.csv --format json
              plimsoll plan commitments --usage usage.csv --prices prices.csv --out plan
              plimsoll verify plan/plan.json
              plimsoll schema usage

            SHELL COMPLETIONS
              plimsoll --generate-completion-script bash   (or zsh, fish)

            EXIT CODES
              0 done, 3 the answer is no or partial, 64 usage, 65 wrong input, 66 input cannot be opened,
              69 a needed tool is missing, 70 a bug, 73 cannot write, 130 interrupted
            """,
        version: Version.text,
        subcommands: [Run.self, Rate.self, PlanCommand.self, Verify.self, Prices.self, Schema.self, Doctor.self])
}

/// The version of the program.
enum Version {
    static let text = "0.1.0"
}
