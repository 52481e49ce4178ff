import AWSProvider
import Foundation
import PlimsollCore
import Testing

@testable import ScenarioRunner

@Suite struct CaseFileTests {
    private static var folder: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Cases/aws").path
    }

    @Test func theExampleHolds() throws {
        let path = Self.folder + "/a1-compute-plan-covers-all.yaml"
        let file = try CaseFile.load(try InputFiles.read(path), file: path)
        let result = try file.run(programs: AWS.benefitPrograms)
        #expect(result.differences == [], "\(result.text)")
    }

    private let text = """
        case: t
        defaults:
          usage: {provider: aws, billing_account: p, account: a, unit: u, sku: x}
        usage:
          - {hours: "2026-01-01T00:00:00Z..2026-01-01T03:00:00Z", quantity: 2}
        prices:
          - {provider: aws, sku: x, offer: on-demand, price: 1.25, currency: USD, unit: u}
        expect:
          total: {effective: 7.5, list: 7}
          rounded: {total.effective: {places: 0, value: 8}}
        """

    @Test func differencesAreListed() throws {
        let file = try CaseFile.load(Array(text.utf8), file: "t.yaml")
        let result = try file.run(programs: AWS.benefitPrograms)
        #expect(result.differences == [CaseDifference(what: "total.list", expected: "7", actual: "7.5")])
    }

    @Test func usageWithoutPriceIsADifferenceUnlessExpected() throws {
        let other = text.replacing("sku: x, offer", with: "sku: y, offer")
        let file = try CaseFile.load(Array(other.utf8), file: "t.yaml")
        let result = try file.run(programs: AWS.benefitPrograms)
        #expect(result.differences.contains(CaseDifference(what: "unpriced", expected: "none", actual: "x")))
    }

    @Test func errorsOfAllTablesAreSaidAtOnce() throws {
        let broken = """
            case: t
            usage:
              - {hours: "2026-01-01T00:00:00Z", provider: aws, sku: x, quantity: 1}
              - {hour: "2026-01-01T00:00:00Z", provider: aws, sku: x, quantity: -1, regoin: r}
            prices:
              - {provider: aws, sku: x, offer: on-demnd, price: cheap, currency: USD}
            expect: {totals: {}}
            """
        let found = try #require(
            failure { () throws(Failure) in _ = try CaseFile.load(Array(broken.utf8), file: "t.yaml") })
        let lines = Set(found.diagnostics.compactMap { $0.place?.line })
        #expect(lines == [3, 4, 6, 7])
        #expect(found.diagnostics.count >= 6)
    }
}
