import AWSProvider
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

@testable import Ledger

/// The FinOps Foundation's validator on exports of the ledger.
@Suite(
    "FOCUS conformance",
    .enabled(if: FocusValidator.isAvailable && LedgerFixture.isAvailable, "\(FocusValidator.absence)"))
struct FocusValidatorTests {
    /// The page that lists every rule which some export does not meet, with the reason, and every rule skipped.
    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/reference/focus-conformance.md")

    private func check(_ ledger: LedgerFixture, lacking: Set<String> = []) throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        for format in FocusExport.Format.allCases {
            let file = ledger.folder.appending(path: "focus.\(format.rawValue)")
            try FocusExport(try ledger.query()).write(to: file.path, format: format)
            let verdict = try FocusValidator.check(file)
            print("FOCUS validator, \(format.rawValue): \(verdict.summary)")
            #expect(verdict.total > 500)
            #expect(verdict.failing.subtracting(FocusValidator.allowed(format.rawValue)).subtracting(lacking) == [])
            for rule in verdict.failing.union(verdict.statuses.filter { $0.value == "SKIPPED" }.keys) {
                #expect(page.contains("`\(rule)`"), "\(rule) is not in docs/reference/focus-conformance.md")
            }
        }
    }

    @Test("a Cost and Usage Report with every kind of line item") func report() throws {
        let ledger = try LedgerFixture()
        let text = AWSBillTests.file(AWS.billMappings[2], maps: true) { $0 }
        let importer = Importer(ledger.store, ledger.duckdb, mappings: AWS.billMappings)
        _ = try importer.run([try ledger.write("cur2.csv", text)])
        try check(ledger)
    }

    /// Columns that FOCUS 1.0 does not have, and values that the sample lacks or contradicts.
    private static let lacking: Set<String> = [
        "BilledCost-C-005-C", "BilledCost-C-000-M", "BillingAccountType-C-005-C", "BillingAccountType-C-003-C",
        "BillingAccountType-C-000-C", "ConsumedUnit-C-003-O", "ConsumedUnit-C-000-C", "ContractedCost-C-003-M",
        "ContractedCost-C-004-M", "ContractedCost-C-000-M", "ContractedUnitPrice-C-009-C",
        "ContractedUnitPrice-C-008-C", "ContractedUnitPrice-C-000-C", "PricingUnit-C-003-O", "PricingUnit-C-000-M",
        "ResourceType-C-005-C", "ResourceType-C-003-C", "ResourceType-C-000-C", "ServiceName-C-005-C",
        "ServiceName-C-004-C", "ServiceName-C-008-C", "ServiceName-C-007-C", "ServiceName-C-000-M",
        "ServiceSubcategory-C-002-M", "ServiceSubcategory-C-000-O", "SkuMeter-C-005-C", "SkuMeter-C-003-C",
        "SkuMeter-C-000-C", "SubAccountType-C-005-C", "SubAccountType-C-003-C", "SubAccountType-C-000-C",
    ]

    @Test(
        "the specification's sample, FOCUS 1.0: what it lacks, and no more",
        .enabled(if: sample != nil, "no data/focus in $PLIMSOLL_SHARED or ../shared"))
    func published() throws {
        let ledger = try LedgerFixture()
        try ledger.run([try #require(sample)])
        try check(ledger, lacking: Self.lacking)
    }
}

/// Our verdict beside the validator's on the same files, for the rules that both look at.
@Suite(
    "Two verdicts on one file",
    .enabled(if: FocusValidator.isAvailable && LedgerFixture.isAvailable, "\(FocusValidator.absence)"))
struct TwoVerdictsTests {
    /// Its conditions `ChargeClass is not "Correction"` and `CommitmentDiscountStatus is not "Unused"` are
    /// false for null, so that on ordinary rows these rules are never tried; and what may be one of several
    /// values passes when any row has one of them or null. Ours find more there.
    private static let looser: Set<String> = [
        "CommitmentDiscountQuantity-C-005-C", "ConsumedQuantity-C-006-C", "ContractedUnitPrice-C-006-C",
        "ContractedUnitPrice-C-011-C", "ListCost-C-009-C", "ListUnitPrice-C-005-C", "PricingCategory-C-004-C",
        "PricingCurrencyListUnitPrice-C-005-C", "PricingQuantity-C-005-C", "SkuId-C-005-C", "SkuPriceId-C-005-C",
        "CapacityReservationStatus-C-006-M", "ChargeCategory-C-003-M", "ChargeFrequency-C-003-M",
        "CommitmentDiscountCategory-C-005-M", "CommitmentDiscountStatus-C-005-M", "PricingCategory-C-007-M",
        "ServiceCategory-C-003-M", "ServiceSubcategory-C-003-M", "ServiceSubcategory-C-004-M",
    ]

    private func compare(_ file: URL, _ duckdb: DuckDBProgram) throws {
        let own = try FocusConformance.check(file.path, duckdb)
        let verdict = try FocusValidator.check(file)
        let both = Set(own.checked).filter { verdict.statuses[$0] == "PASS" || verdict.statuses[$0] == "FAIL" }
        #expect(both.count > 120)
        let ours = Set(own.findings.map(\.rule)).intersection(both)
        let theirs = verdict.failing.intersection(both)
        #expect(theirs.subtracting(ours).subtracting(FocusValidator.allowed(file.pathExtension)) == [])
        #expect(ours.subtracting(theirs).subtracting(Self.looser) == [])
        print(
            "\(file.lastPathComponent): \(both.count) rules in both, \(ours.intersection(theirs).count) not met in both"
        )
    }

    @Test(
        "the specification's sample", .enabled(if: sample != nil, "no data/focus in $PLIMSOLL_SHARED or ../shared"))
    func published() throws {
        let ledger = try LedgerFixture()
        try compare(URL(filePath: try #require(sample)), ledger.duckdb)
    }

    @Test("planted faults", arguments: [PlantedFault.cells, PlantedFault.everywhere, PlantedFault.columns])
    func planted(_ faults: [PlantedFault]) throws {
        let ledger = try LedgerFixture()
        var table = try FocusTable.made()
        for fault in faults { fault.plant(&table) }
        let file = URL(filePath: try ledger.write("planted.csv", table.csv))
        try compare(file, ledger.duckdb)
        let found = Set(try FocusConformance.check(file.path, ledger.duckdb).findings.map(\.rule))
        for fault in faults { #expect(found.contains(fault.rule), "\(fault.rule)") }
    }
}
