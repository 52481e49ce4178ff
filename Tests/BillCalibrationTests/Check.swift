import AWSProvider
import AlibabaProvider
import AzureProvider
import Foundation
import GCPProvider
import PlimsollCore
import Rating
import ScenarioRunner
import Testing

@testable import Ledger

/// What the program joins.
enum All {
    static let mappings = AWS.billMappings + Azure.billMappings + GCP.billMappings + Alibaba.billMappings
    static let vocabularies = [AWS.billVocabulary, Azure.billVocabulary, GCP.billVocabulary, Alibaba.billVocabulary]
    static let programs =
        AWS.benefitPrograms + Azure.benefitPrograms + GCP.benefitPrograms + Alibaba.benefitPrograms
    static let duckdb = try? DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
}

/// A bill brought into a ledger, and what was extracted from it.
final class Extracted {
    let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-known-\(UUID().uuidString)")
    let known: KnownBill
    let found: EstateExtraction.Found
    private let query: LedgerQuery

    init(_ known: KnownBill) throws {
        self.known = known
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let duckdb = try #require(All.duckdb)
        let store = LedgerStore(folder.appending(path: "ledger").path)
        for file in known.files {
            let path = folder.appending(path: file.name)
            try Data(file.text.utf8).write(to: path)
            let summary = try Importer(store, duckdb, mappings: All.mappings).run([path.path], format: file.format)
            #expect(summary.rejected == 0)
        }
        query = try LedgerQuery(store, duckdb)
        found = try EstateExtraction(query, vocabularies: All.vocabularies, from: nil, to: nil).run(name: "known")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func bytes(_ name: String) -> [UInt8] { found.files.first { $0.name == name }?.bytes ?? [] }

    /// A cost of the whole ledger.
    func cost(_ column: String) throws -> Money {
        let rows = try query.rows("SELECT CAST(sum(\(column)) AS VARCHAR) AS c FROM focus;")
        return Money(rows.first?["c"]?.string ?? "") ?? .zero
    }

    var commitments: [Commitment] {
        get throws {
            try Interchange.commitments(bytes("commitments.csv"), file: "c").value.map { item in
                var item = item
                item.place = nil
                return item
            }
        }
    }

    var prices: [PriceRow] { get throws { try Interchange.prices(bytes("prices.csv"), file: "p").value } }

    /// What the past is rated from, prices under a source that is not the bill.
    func input() throws -> RatingInput {
        var input = RatingInput()
        input.programs = All.programs
        input.usage = try Interchange.usage(bytes("usage.csv"), file: "u").value
        input.commitments = try commitments
        input.agreements = found.agreements
        let catalog = bytes("catalog.csv")
        if !catalog.isEmpty { input.catalog = try Interchange.catalog(catalog, file: "k").value }
        input.prices = try prices.map { row in
            var row = row
            row.source = "list"
            return row
        }
        return input
    }

    func calibration(_ input: RatingInput) throws -> Calibration {
        try Calibration.compare(
            charges: try Interchange.bill(bytes("bill.csv"), file: "b").value,
            coverage: try Interchange.coverage(bytes("coverage.csv"), file: "v").value, past: input)
    }
}

/// Everything that is to hold of every cloud's bill.
func check(_ known: KnownBill) throws {
    let extracted = try Extracted(known)
    let found = extracted.found
    #expect(try extracted.commitments == known.commitments)
    #expect(found.agreements == known.agreements)
    let prices = try extracted.prices.map { ("\($0.sku) \($0.offer.rawValue)", $0.price) }
    #expect(Dictionary(prices, uniquingKeysWith: { first, _ in first }) == known.prices)
    #expect(Set(prices.map(\.0)).count == Set(prices.map { "\($0.0) \($0.1)" }).count, "a price came out twice")
    for gap in known.gaps { #expect(found.gaps.contains { $0.what == gap }, "\(gap): \(found.gaps.map(\.what))") }
    let input = try extracted.input()
    let exact = try extracted.calibration(input)
    #expect(exact.rated > .zero && exact.total.absolute == .zero)
    #expect(
        exact.coverage.filter { $0.hours > 0 }.map(\.commitment)
            == known.commitments.filter { $0.offer.rawValue != "subscription" }.map(\.id).sorted())
    #expect(exact.coverage.allSatisfy { $0.hoursDifferent == 0 && [0, 96].contains($0.hours) }, "\(exact.coverage)")
    #expect(Set(exact.shapes.filter { $0.value != .zero }.keys) == [known.hasHours ? .hour : .day])
    let bill = try Rater.rate(input)
    #expect(bill.unpriced.isEmpty)
    #expect(bill.total.billed == (try extracted.cost("BilledCost")) - known.beside)
    if known.hasEffective {
        #expect(bill.total.effective == (try extracted.cost("EffectiveCost")) - known.beside)
    }
    try drift(extracted, input)
    try misapplied(extracted, input)
}

/// 3 % off the price of storage show as just that, in that service alone.
private func drift(_ extracted: Extracted, _ input: RatingInput) throws {
    var cheaper = input
    for index in cheaper.prices.indices where cheaper.prices[index].service == extracted.known.storage {
        cheaper.prices[index].price.raw = cheaper.prices[index].price.raw * 97 / 100
    }
    let result = try extracted.calibration(cheaper)
    for service in result.services {
        let expected = service.name == extracted.known.storage ? -service.paid.percent(3) : .zero
        #expect(service.net == expected && service.absolute == -expected, "\(service.name)")
    }
    #expect(result.total.absolute > .zero && result.coverage.allSatisfy { $0.hoursDifferent == 0 })
}

/// One unit less of a reservation than the bill knows: it is named, and so is what the plan does instead.
private func misapplied(_ extracted: Extracted, _ input: RatingInput) throws {
    var other = input
    let index = try #require(other.commitments.firstIndex { !$0.offer.isSpend && $0.quantity > Quantity(1) })
    other.commitments[index].quantity.raw -= FixedPoint.one
    let result = try extracted.calibration(other)
    let named = result.coverage.filter { $0.hoursDifferent > 0 }.map(\.commitment)
    #expect(named.contains(other.commitments[index].id))
}

@Suite("Bills of a known estate", .enabled(if: All.duckdb != nil, "duckdb is missing: run scripts/bootstrap"))
struct BillCalibrationTests {
    @Test("AWS: what went in comes out, and the past is met", arguments: [false, true])
    func aws(legacy: Bool) throws { try check(AWSFiles.bill(legacy: legacy)) }

    @Test("Azure: both views of either agreement", arguments: [false, true])
    func azure(customer: Bool) throws { try check(AzureFiles.bill(customer: customer)) }

    @Test("Google Cloud: JSON lines and CSV", arguments: [true, false])
    func gcp(json: Bool) throws { try check(GCPFiles.bill(json: json)) }

    @Test("three commands of the program do the same", arguments: ["cur", "azure", "gcp", "alibaba"])
    func program(name: String) throws {
        let known =
            switch name {
            case "cur": AWSFiles.bill(legacy: true)
            case "azure": AzureFiles.bill(customer: true)
            case "gcp": GCPFiles.bill(json: false)
            default: AlibabaFiles.bill()
            }
        try checkByProgram(known)
    }

    @Test("all of them in one ledger") func together() throws {
        let bills = [
            AWSFiles.bill(legacy: false), AzureFiles.bill(customer: false), GCPFiles.bill(json: true),
            AlibabaFiles.bill(),
        ]
        var all = bills[0]
        all.files = bills.flatMap(\.files)
        let extracted = try Extracted(all)
        #expect(Set(try extracted.commitments) == Set(bills.flatMap(\.commitments)))
        #expect(Set(extracted.found.agreements) == Set(bills.flatMap(\.agreements)))
        let input = try extracted.input()
        let exact = try extracted.calibration(input)
        #expect(exact.rated > .zero && exact.total.absolute == .zero)
        #expect(exact.coverage.allSatisfy { $0.hoursDifferent == 0 })
        #expect(exact.shapes.filter { $0.value != .zero }.count == 2)
    }

    @Test("Alibaba Cloud") func alibaba() throws { try check(AlibabaFiles.bill()) }
}
