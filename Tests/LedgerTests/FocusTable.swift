import AWSProvider
import Foundation
import PlimsollCore

@testable import Ledger

/// A FOCUS file in memory, cell by cell.
struct FocusTable {
    var header: [String]
    var rows: [[String: String]]

    /// The export of a Cost and Usage Report with every kind of line item.
    static func report(_ ledger: LedgerFixture) throws -> FocusTable {
        let text = AWSBillTests.file(AWS.billMappings[2], maps: true) { $0 }
        let importer = Importer(ledger.store, ledger.duckdb, mappings: AWS.billMappings)
        _ = try importer.run([try ledger.write("cur2.csv", text)])
        let lines = String(decoding: try FocusExport(try ledger.query()).csv(), as: UTF8.self).split(separator: "\n")
        let header = SourceFile.header(String(lines.first ?? ""))
        return FocusTable(
            header: header,
            rows: lines.dropFirst().map { line in
                Dictionary(zip(header, SourceFile.header(String(line))), uniquingKeysWith: { first, _ in first })
            })
    }

    /// The same, made once for all tests that change cells of it.
    static func made() throws -> FocusTable { try once.get() }

    private static let once = Result { try report(try LedgerFixture()) }

    var csv: String {
        var out = CSVWriter(header: header)
        for row in rows { out.add(header.map { row[$0] ?? "" }) }
        return String(decoding: out.bytes, as: UTF8.self)
    }

    /// Writes `value` into the first row that `condition` holds for.
    mutating func set(_ column: String, _ value: String, where condition: ([String: String]) -> Bool = { _ in true }) {
        guard let index = rows.firstIndex(where: condition) else { return }
        rows[index][column] = value
    }

    /// Writes `value` into every row.
    mutating func setAll(_ column: String, _ value: String) {
        for index in rows.indices { rows[index][column] = value }
    }
}

/// One way to break a rule.
struct PlantedFault: Sendable, CustomStringConvertible {
    var rule: String
    var plant: @Sendable (inout FocusTable) -> Void
    var description: String { rule }

    init(_ rule: String, _ plant: @escaping @Sendable (inout FocusTable) -> Void) {
        (self.rule, self.plant) = (rule, plant)
    }

    private static func isUsage(_ row: [String: String]) -> Bool {
        row["ChargeCategory"] == "Usage" && row["CommitmentDiscountId"] == ""
    }
    private static func isUsed(_ row: [String: String]) -> Bool {
        row["CommitmentDiscountStatus"] == "Used" && row["EffectiveCost"] != "0.0"
    }
    private static func isPurchase(_ row: [String: String]) -> Bool {
        row["ChargeCategory"] == "Purchase" && row["CommitmentDiscountId"] != ""
    }

    /// In single cells, each in columns of its own.
    static let cells: [PlantedFault] = [
        .init("PublisherName-C-003-M") { $0.set("PublisherName", "") },
        .init("RegionName-C-004-C") { $0.set("RegionId", "", where: { $0["RegionId"] != "" }) },
        .init("SubAccountName-C-005-C") { $0.set("SubAccountName", "") },
        .init("CommitmentDiscountQuantity-C-002-M") { $0.set("CommitmentDiscountQuantity", "1 000", where: isUsed) },
        .init("Tags-C-001-M") { $0.set("Tags", "{oops") },
        .init("PricingCurrency-C-003-M") { $0.set("PricingCurrency", "usd") },
        .init("BillingCurrency-C-006-M") { $0.set("BillingCurrency", "XYZ", where: { $0["ChargeCategory"] == "Tax" }) },
        .init("PricingUnit-C-003-O") { $0.set("PricingUnit", "per hour!", where: isUsage) },
        .init("ChargeClass-C-005-C") { $0.set("ChargeClass", "Fix", where: { $0["ChargeCategory"] == "Credit" }) },
        .init("ChargeFrequency-C-004-C") { $0.set("ChargeFrequency", "Usage-Based", where: isPurchase) },
        .init("PricingCurrencyListUnitPrice-C-008-M") {
            $0.set("PricingCurrencyListUnitPrice", "-0.5", where: isUsage)
        },
        .init("BilledCost-C-005-C") { $0.set("InvoiceIssuerName", "Reseller", where: isUsage) },
        .init("ServiceName-C-005-C") {
            $0.set("ServiceCategory", "Storage")
            $0.set("ServiceSubcategory", "Other (Storage)")
        },
        .init("SkuPriceId-C-008-M") { $0.set("SkuId", "another", where: isUsage) },
        .init("CommitmentDiscountUnit-C-006-C") { $0.set("CommitmentDiscountUnit", "", where: isPurchase) },
        .init("ConsumedUnit-C-006-C") { $0.set("ConsumedUnit", "", where: isUsage) },
        .init("BillingAccountType-C-005-C") { $0.set("BillingAccountType", "") },
    ]

    /// In every row: the validator takes one of several values in any row for all.
    static let everywhere: [PlantedFault] = [
        .init("PricingCategory-C-007-M") { $0.setAll("PricingCategory", "Cheap") },
        .init("ChargeFrequency-C-003-M") { $0.setAll("ChargeFrequency", "Daily") },
        .init("ServiceSubcategory-C-004-M") { $0.setAll("ServiceSubcategory", "Bots") },
    ]

    /// In the header.
    static let columns: [PlantedFault] = ["CostAndUsage-D-038-M", "CostAndUsage-D-067-C", "CostAndUsage-D-042-O"]
        .enumerated()
        .map { index, rule in
            let name = ["ProviderName", "SubAccountType", "ServiceSubcategory"][index]
            return .init(rule) { table in table.header.removeAll { $0 == name } }
        }

    /// What the validator does not look at.
    static let ours: [PlantedFault] = [
        .init("x_DuplicateColumn") { $0.header.append("BilledCost") },
        .init("ColumnHandling-A-010-M") { $0.header.append("Team") },
        .init("BilledCost-C-001-M") { $0.set("BilledCost", "1,5") },
        .init("ChargePeriodStart-C-001-M") { $0.set("ChargePeriodStart", "yesterday") },
        .init("ChargePeriodStart-C-002-M") { $0.set("ChargePeriodStart", "2026-01-32T00:00:00Z") },
        .init("ChargePeriodEnd-C-004-M") { $0.set("ChargePeriodEnd", "2026-01-01T00:00:00Z") },
        .init("BillingPeriodEnd-C-004-M") { $0.set("BillingPeriodEnd", "2025-12-01T00:00:00Z") },
        .init("ChargeCategory-C-003-M") { $0.set("ChargeCategory", "usage") },
        .init("CommitmentDiscountStatus-C-005-M") { $0.set("CommitmentDiscountStatus", "Active", where: isUsed) },
        .init("CommitmentDiscountStatus-C-004-C") { $0.set("CommitmentDiscountStatus", "", where: isUsed) },
        .init("EffectiveCost-C-013-C") { $0.set("CommitmentDiscountStatus", "", where: isUsed) },
        .init("CommitmentDiscountQuantity-C-005-C") { $0.set("CommitmentDiscountQuantity", "", where: isUsed) },
        .init("CommitmentDiscountUnit-C-008-M") { $0.set("CommitmentDiscountUnit", "Days", where: isUsed) },
        .init("EffectiveCost-C-005-C") { $0.set("EffectiveCost", "3", where: isPurchase) },
        .init("DiscountHandling-A-012-C") { $0.set("ResourceId", "i-1", where: isPurchase) },
        .init("DiscountHandling-A-019-C") {
            $0.set("ResourceId", "i-1", where: { $0["CommitmentDiscountStatus"] == "Unused" })
        },
        .init("ListCost-C-009-C") { $0.set("ListCost", "99", where: isUsage) },
        .init("ContractedCost-C-009-C") { $0.set("ContractedCost", "99", where: isUsage) },
        .init("SkuId-C-005-C") { $0.set("SkuId", "", where: isUsage) },
        .init("PricingCategory-C-009-C") { $0.set("PricingCategory", "Standard", where: isUsed) },
        .init("BillingCurrency-C-005-M") { $0.set("BillingCurrency", "EUR") },
        .init("InvoiceId-C-007-C") { $0.set("BillingAccountId", "somebody else") },
        .init("Tags-C-001-M") { $0.set("Tags", "[1]") },
        .init("DateTimeFormat-A-003-M") { $0.set("ChargePeriodStart", "2026-01-01 00:00:00") },
        .init("NullHandling-A-002-M") { $0.set("RegionId", "  ") },
        .init("ColumnHandling-A-013-O") { $0.header.insert("x_Team", at: 3) },
        .init("SkuPriceDetails-C-017-C") {
            $0.set("SkuPriceDetails", #"{"CoreCount":2,"Colour":"red"}"#, where: isUsage)
        },
    ]
}
