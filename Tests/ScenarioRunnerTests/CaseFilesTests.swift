import AWSProvider
import AlibabaProvider
import AzureProvider
import Foundation
import GCPProvider
import PlimsollCore
import Rating
import ScenarioRunner
import Testing

/// Every public case file under Cases/, as it stands and in forms that must give the same bill.
@Suite("Public case files")
struct CaseFilesTests {
    /// A case file, named by its path below Cases/.
    struct Named: Sendable, CustomTestStringConvertible {
        var name: String
        var path: String
        var testDescription: String { name }
    }

    static let files: [Named] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Cases")
        let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
            .map { Named(name: $0, path: root.appendingPathComponent($0).path) }
    }()

    private func read(_ file: Named) throws -> CaseFile {
        try CaseFile.load(try InputFiles.read(file.path), file: file.path, programs: Self.programs)
    }

    private static let programs =
        AWS.benefitPrograms + Azure.benefitPrograms + GCP.benefitPrograms + Alibaba.benefitPrograms

    private func differences(_ item: CaseFile) throws -> [CaseDifference] {
        try item.run(programs: Self.programs).differences
    }

    @Test("there are golden cases and cases built from the rules") func present() {
        #expect(Self.files.count >= 87)
    }

    @Test("has a source, says what it expects, and passes", arguments: files) func passes(file: Named) throws {
        let item = try read(file)
        #expect(!item.source.isEmpty && !item.name.isEmpty)
        #expect(!item.expect.figures.isEmpty)
        #expect(try differences(item) == [])
    }

    @Test("passes with rows in any order", arguments: files) func permuted(file: Named) throws {
        var item = try read(file)
        item.input.prices.reverse()
        item.input.commitments.reverse()
        item.input.accounts.reverse()
        item.input.catalog.reverse()
        for turn in 0..<item.input.usage.count {
            item.input.usage.append(item.input.usage.removeFirst())
            if turn % 2 == 1 { item.input.usage.reverse() }
            #expect(try differences(item) == [])
        }
    }

    /// New names keep the order of the old ones: it decides ties that the vendor leaves open.
    @Test("passes with accounts renamed", arguments: files) func renamed(file: Named) throws {
        var item = try read(file)
        func new(_ name: String) -> String { name.isEmpty ? "" : "org-" + name + "-0" }
        for index in item.input.usage.indices {
            item.input.usage[index].key.account = new(item.input.usage[index].key.account)
            item.input.usage[index].key.billingAccount = new(item.input.usage[index].key.billingAccount)
        }
        for index in item.input.commitments.indices {
            item.input.commitments[index].account = new(item.input.commitments[index].account)
            item.input.commitments[index].billingAccount = new(item.input.commitments[index].billingAccount)
        }
        for index in item.input.accounts.indices {
            item.input.accounts[index].account = new(item.input.accounts[index].account)
            item.input.accounts[index].billingAccount = new(item.input.accounts[index].billingAccount)
            item.input.accounts[index].parent = new(item.input.accounts[index].parent)
        }
        #expect(try differences(item) == [])
    }

    /// Twice half a machine-hour is a machine in use for a whole hour: sustained use is no longer the same.
    private func isHalfInUse(_ input: RatingInput) -> Bool {
        input.usage.contains { $0.series.scale > 0 && $0.key.sku.hasPrefix("n1-") }
    }

    @Test("usage and commitments doubled together double the bill", arguments: files)
    func doubled(file: Named) throws {
        var item = try read(file)
        let hasTiers = item.input.prices.contains { $0.tierFrom != .zero || $0.tierTo != nil }
        guard !hasTiers, item.input.agreements.isEmpty, !isHalfInUse(item.input) else { return }
        for index in item.input.usage.indices {
            item.input.usage[index].series.values = item.input.usage[index].series.values.map { $0 * 2 }
        }
        for index in item.input.commitments.indices {
            item.input.commitments[index].quantity.raw *= 2
            item.input.commitments[index].hourlyCommitment.raw *= 2
        }
        for path in item.expect.figures.keys where !path.hasSuffix(".utilization") {
            item.expect.figures[path]?.raw *= 2
        }
        item.expect.rounded = [:]
        // Twice a figure rounded to 12 places may differ in the last one.
        let wrong = try differences(item).filter { difference in
            guard let wanted = Quantity(difference.expected), let got = Quantity(difference.actual) else { return true }
            return (wanted.raw - got.raw).magnitude > 2
        }
        #expect(wrong == [])
    }
}
