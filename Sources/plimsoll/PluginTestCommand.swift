import ArgumentParser
import Foundation
import PlimsollCore
import PlimsollPlugin
import PluginConformance
import PluginHost
import Reporting
import ScenarioRunner

/// `plimsoll plugin test`: the conformance kit.
struct PluginTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Hold a plugin against every rule of the protocol.",
        discussion: """
            The program is started some dozens of times. Secrets that it needs and that are not given are made up: \
            then it must do without its cloud, or `--secret` gives real ones. Exit code 3 where a rule is broken.

            Examples:
              plimsoll plugin test acme/acme.py
              plimsoll plugin test acme/acme.py --secret token=env:ACME_TOKEN --set region=north
              plimsoll plugin test acme/acme.py --cases cases/
              plimsoll plugin test --module aws --cases Cases/aws
            """)

    @Argument(help: "The program: a path, or a registered name.") var path: String?

    @Option(help: "A module of this program instead, through the same protocol.") var module: String?

    @Option(
        help: ArgumentHelp(
            "Rating cases (docs/reference/case-format.md) that its rules have to meet.", valueName: "folder"))
    var cases: String?

    @Option(help: ArgumentHelp("Seconds that an answer may take.", valueName: "seconds")) var timeout = 10

    @Flag(help: "End with the first broken rule.") var failFast = false

    @Option(help: "table or json.") var format = PluginListCommand.Format.table

    @OptionGroup(title: "Configuration") var configuration: PluginConfiguration
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func validate() throws {
        guard (path == nil) != (module == nil) else {
            throw ValidationError("Give the path of a program, or '--module' with one of \(Self.modules).")
        }
        guard timeout > 0 else { throw ValidationError("'--timeout' is a number of seconds above 0.") }
        if let module, !Registry.modules.contains(where: { $0.name == module }) {
            throw ValidationError("There is no module '\(module)'. Modules: \(Self.modules).")
        }
    }

    private static var modules: String { Registry.modules.map(\.name).joined(separator: ", ") }

    func run() throws {
        var kit = try kit()
        kit.program.limits.promptSeconds = Double(timeout)
        kit.program.limits.answerSeconds = Double(timeout)
        kit.stopsAtFirst = failFast
        if let cases {
            let files = try Self.files(in: cases)
            kit.rate = { programs in files.flatMap { Self.differences($0, programs) } }
        }
        let results = kit.run(progress: Talk.progress)
        Talk.progress("")
        try StandardOutput.write(format == .json ? Self.json(results).text : Self.text(results))
        let broken = results.filter { if case .broken = $0.outcome { true } else { false } }
        guard !broken.isEmpty else { return }
        throw Failure(
            .partial, "plugin.not-conforming",
            "\(broken.count) \(broken.count == 1 ? "rule is" : "rules are") broken: \(broken.map(\.rule).joined(separator: ", "))",
            hint: "docs/reference/plugin-protocol.md has each rule, by its name in brackets")
    }

    private func kit() throws(Failure) -> PluginKit {
        if let module {
            let own =
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
                ?? CommandLine.arguments[0]
            return PluginKit(PluginProgram(path: own, arguments: ["plugin", "serve", module]))
        }
        let registry = try PluginRegistry()
        let name = path ?? ""
        var plugin: RegisteredPlugin
        var program: PluginProgram
        if name.contains("/") || FileManager.default.fileExists(atPath: name) {
            // A path that leads nowhere is no fault of a plugin.
            _ = try PluginRegistry.sha256(of: name)
            plugin = RegisteredPlugin(name: name, path: name, sha256: "")
            configuration.apply(to: &plugin)
            let ours = ProcessInfo.processInfo.environment
            program = PluginProgram(path: name)
            for variable in configuration.environment { program.environment[variable] = ours[variable] }
        } else {
            plugin = try registry.plugin(name)
            program = try registry.program(of: plugin)
        }
        var kit = PluginKit(program)
        kit.settings = plugin.settings
        kit.secrets = try registry.secrets(of: plugin)
        return kit
    }

    // MARK: Cases

    private static func files(in folder: String) throws(Failure) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
        guard !files.isEmpty else {
            throw Failure(
                .noInput, "input.missing", "`\(folder)` has no cases", hint: "name a folder of .yaml files")
        }
        return files
    }

    private static func differences(_ file: String, _ programs: [BenefitProgram]) -> [String] {
        do throws(Failure) {
            let result = try CaseFile.load(InputFiles.read(file), file: file, programs: programs).run(
                programs: programs)
            return result.differences.map { "\(file): \($0.what): expected \($0.expected), is \($0.actual)" }
        } catch {
            return error.diagnostics.map(\.description)
        }
    }

    // MARK: Output

    private static func text(_ results: [PluginKit.Result]) -> String {
        let width = results.map(\.rule.count).max() ?? 0
        var lines: [String] = []
        var counts = (kept: 0, broken: 0, skipped: 0)
        for result in results {
            let name = result.rule + String(repeating: " ", count: width - result.rule.count)
            switch result.outcome {
            case .kept:
                counts.kept += 1
                lines.append("ok       \(name)")
            case .broken(let how):
                counts.broken += 1
                lines.append("BROKEN   \(name)  \(Visible.text(how))")
            case .skipped(let why):
                counts.skipped += 1
                lines.append("skipped  \(name)  \(Visible.text(why))")
            }
        }
        lines.append("\(counts.kept) kept, \(counts.broken) broken, \(counts.skipped) skipped")
        return lines.map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    private static func json(_ results: [PluginKit.Result]) -> JSONValue {
        let list = results.map { result -> JSONValue in
            switch result.outcome {
            case .kept: ["rule": .string(result.rule), "outcome": "kept"]
            case .broken(let how): ["rule": .string(result.rule), "outcome": "broken", "message": .string(how)]
            case .skipped(let why): ["rule": .string(result.rule), "outcome": "skipped", "message": .string(why)]
            }
        }
        return ["results": .array(list)]
    }
}
