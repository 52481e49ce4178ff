import AlibabaProvider
import AzureProvider
import Foundation
import GCPProvider
import PlimsollCore
import Testing

/// What every mapping must be, whatever it maps.
@Suite struct MappingTests {
    static let mappings = Azure.billMappings + GCP.billMappings + Alibaba.billMappings

    @Test func `ids are unique and name their provider`() {
        #expect(Set(Self.mappings.map(\.id)).count == Self.mappings.count)
        for mapping in Self.mappings {
            #expect(mapping.id.hasPrefix(mapping.provider + "-"))
        }
    }

    @Test(arguments: mappings)
    func `a signature is among the columns`(mapping: BillMapping) {
        let columns = Set(mapping.columns.map { $0.lowercased() })
        #expect(columns.count == mapping.columns.count)
        for name in mapping.signature + mapping.without {
            #expect(columns.contains(name.lowercased()), "\(name) is not read")
        }
    }

    @Test(arguments: mappings)
    func `SQL has no division and no floating point`(mapping: BillMapping) {
        let code = Self.code(of: mapping.sql)
        for word in ["/", "avg(", "DOUBLE", "FLOAT", "strftime", "date_diff", "hash(", "EXCLUDE"] {
            #expect(!code.contains(word), "\(word)")
        }
        #expect(!code.contains(";"))
        #expect(!mapping.sql.contains("@"))
    }

    /// SQL without its strings and comments.
    private static func code(of sql: String) -> String {
        sql.split(separator: "\n").map { line in
            let plain = line.split(separator: "'", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(separator: "''")
            return plain.contains("--")
                ? String(plain.split(separator: "--", omittingEmptySubsequences: false)[0]) : plain
        }.joined(separator: "\n")
    }

    @Test(.enabled(if: Engine.binary != nil, "\(Engine.absent)"), arguments: mappings)
    func `an empty bill has FOCUS's columns and decimal costs`(mapping: BillMapping) throws {
        let scratch = try Engine.Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let file = try scratch.write(mapping.signature.joined(separator: ",") + "\n", "empty.csv")
        let rows = try Engine.rows(
            [(mapping, .csv(file))],
            "SELECT column_name AS name, column_type AS type FROM (DESCRIBE out1)")
        let types = Dictionary(uniqueKeysWithValues: rows.map { ($0["name"] ?? "", $0["type"] ?? "") })
        let custom = types.keys.filter { $0.hasPrefix("x_") }
        #expect(Set(types.keys).subtracting(custom) == Set(Self.focus + ["reject_reason", "_file", "_row"]))
        for cost in ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"] {
            #expect(types[cost] == "DECIMAL(38,12)")
        }
    }

    @Test(.enabled(if: Engine.binary != nil, "\(Engine.absent)"))
    func `numbers finer than 12 places are rounded half-even`() throws {
        let cases = [
            "0.0000000000005": "0.000000000000", "0.0000000000015": "0.000000000002",
            "2.5e-12": "0.000000000002", "2.5000000000000001e-12": "0.000000000003",
            "-3.5e-12": "-0.000000000004", "-2.5E-12": "-0.000000000002",
            "9999999999999.9999999999995": "10000000000000.000000000000",
            "0.30000000000000004": "0.300000000000", "1e5": "100000.000000000000",
            "1_000": "null", " 1": "null", "NaN": "null", "1,000": "null", "": "null",
            "1e15": "1000000000000000.000000000000",
        ]
        for (text, rounded) in cases.sorted(by: { $0.key < $1.key }) {
            let rows = try Engine.run(
                Engine.macros, "SELECT coalesce(CAST(money_even('\(text)') AS VARCHAR), 'null') AS r")
            #expect(rows.first?["r"] == rounded, "\(text)")
        }
        let product = try Engine.run(
            Engine.macros,
            """
            SELECT CAST(money_times(money_even('0.0000015'), money_even('0.000001')) AS VARCHAR) AS tie,
              CAST(money_times(money_even('12345678901.5'), money_even('0.000002')) AS VARCHAR) AS long
            """)
        #expect(product == [["tie": "0.000000000002", "long": "24691.357803000000"]])
    }

    static let focus = [
        "AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType",
        "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "CapacityReservationId",
        "CapacityReservationStatus", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency",
        "ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountCategory", "CommitmentDiscountId",
        "CommitmentDiscountName", "CommitmentDiscountQuantity", "CommitmentDiscountStatus",
        "CommitmentDiscountType", "CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit", "ContractedCost",
        "ContractedUnitPrice", "EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice",
        "PricingCategory", "PricingCurrency", "PricingCurrencyContractedUnitPrice",
        "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice", "PricingQuantity", "PricingUnit",
        "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType",
        "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceDetails",
        "SkuPriceId", "SubAccountId", "SubAccountName", "SubAccountType", "Tags",
    ]
}
