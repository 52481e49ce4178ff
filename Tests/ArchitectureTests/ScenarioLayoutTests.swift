import Foundation
import Testing

@Suite struct ScenarioLayoutTests {
    @Test func `each scenario folder has exactly one scenario file`() throws {
        for name in Checkout.folders(in: "Scenarios") {
            let folder = Checkout.root.appending(path: "Scenarios/\(name)")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            let scenarios = files.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
            #expect(
                scenarios.count == 1 && scenarios.allSatisfy { $0.hasSuffix(".yaml") },
                "Scenarios/\(name) has \(scenarios) instead of one .yaml")
        }
    }
}
