import Foundation
import PlimsollPlugin
import PluginConformance
import PluginHost
import Testing

/// The kit passes what is right, and fails every mutant with the reason that it names itself.
@Suite(.enabled(if: Checkout.python, Checkout.noPython))
struct ConformanceTests {
    @Test(arguments: PluginManifest.Kind.allCases)
    func `a plugin begun by plugin new keeps every rule`(_ kind: PluginManifest.Kind) throws {
        let folder = try PluginFolder()
        let results = PluginKit(PluginProgram(path: try folder.scaffold(kind))).run()
        for result in results { #expect(result.broken == nil, "\(result.rule)") }
        let rules = Set(results.map(\.rule))
        #expect(rules.isSuperset(of: ["start.cookie", "credit.zero", "cancel.read", "message.oversize", "stdin.end"]))
        #expect(rules.contains(kind == .provider ? "resume.state" : "recommend.every"))
        #expect(!results.contains { if case .skipped = $0.outcome { $0.rule.hasPrefix("credit") } else { false } })
    }

    static let mutants = {
        let folder = Checkout.root.appending(path: "Tests/Fixtures/plugin-mutants").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".py") }.sorted()
    }()

    @Test func `there are enough mutants`() { #expect(Self.mutants.count >= 20) }

    @Test(arguments: mutants)
    func mutant(_ name: String) throws {
        let folder = try PluginFolder()
        _ = try folder.scaffold(.provider, as: "good_provider.py")
        _ = try folder.scaffold(.recommender, as: "good_recommender.py")
        let text = try String(
            contentsOf: Checkout.root.appending(path: "Tests/Fixtures/plugin-mutants/\(name)"), encoding: .utf8)
        // `# breaks RULE: part of the message`
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("# breaks ") }).dropFirst(9)
        let rule = String(line.prefix { $0 != ":" })
        let reason = line.dropFirst(rule.count).drop { $0 == ":" || $0 == " " }
        var program = PluginProgram(path: try folder.add(name, text))
        program.limits.promptSeconds = 6
        program.limits.answerSeconds = 6
        program.limits.memoryBytes = 256 << 20
        var kit = PluginKit(program)
        kit.stopsAtFirst = true
        let broken = kit.run().filter { $0.broken != nil }
        let found: [String] = broken.map { $0.rule }
        #expect(found == [rule], "\(broken)")
        #expect(reason.isEmpty || broken.first?.broken?.contains(reason) == true, "\(broken)")
    }
}
