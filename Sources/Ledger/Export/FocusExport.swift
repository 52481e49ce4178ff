internal import Foundation
public import PlimsollCore

/// The bills of a ledger as a FOCUS 1.2 dataset.
///
/// Columns that follow from others are filled where an export left them out, by the specification's own
/// relations (FinOps Open Cost and Usage Specification 1.2); nothing is filled that the bill does not say.
public struct FocusExport: Sendable {
    /// How it is written.
    public enum Format: String, Sendable, CaseIterable { case csv, parquet }

    private let ledger: LedgerQuery
    private let condition: String

    /// An export of charges that begin in `from` … `to`.
    public init(_ ledger: LedgerQuery, from: Hour? = nil, to: Hour? = nil) {
        self.ledger = ledger
        condition = CostQuery.period(from: from, to: to).joined(separator: " AND ")
    }

    /// The dataset as CSV.
    public func csv() throws(Failure) -> [UInt8] {
        try ledger.print(Self.macros + ".mode csv\n.nullvalue ''\n.separator \",\" \"\\n\"\n" + text, mode: .csv)
    }

    /// Writes the dataset to a file. Throws ``Failure`` (exit 73) where that cannot be written.
    public func write(to path: String, format: Format) throws(Failure) {
        let temporary = path + ".\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: temporary, contents: nil) else {
            throw LedgerStore.cannotWrite(path)
        }
        let options = format == .csv ? "FORMAT csv, HEADER" : "FORMAT parquet, COMPRESSION zstd"
        let select = format == .csv ? text : rows
        do {
            _ = try ledger.print(
                Self.macros + "COPY (\(select.dropLast(2))) TO \(SQL.text(temporary)) (\(options));", mode: .lines)
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            try? FileManager.default.removeItem(atPath: temporary)
            throw LedgerStore.cannotWrite(path)
        }
    }

    /// The rows with times and decimals as the specification writes them.
    private var text: String {
        let cells = FocusColumn.all.map { column in
            let name = SQL.name(column.name)
            return switch column.kind {
            case .string, .json: name
            case .time: "strftime(\(name), '%Y-%m-%dT%H:%M:%SZ') AS \(name)"
            case .decimal:
                // One place at least: readers that guess take a column of whole numbers for integers.
                "replace(rtrim(CAST(\(name) AS VARCHAR), '0') || '|', '.|', '.0|')[:-2] AS \(name)"
            }
        }
        return "SELECT \(cells.joined(separator: ", ")) FROM (\(rows.dropLast(2)));\n"
    }

    /// The rows in the order of their keys.
    private var rows: String {
        let cells = FocusColumn.all.map { column in
            Self.derived[column.name].map { "\($0) AS \(SQL.name(column.name))" } ?? SQL.name(column.name)
        }
        return """
            SELECT \(cells.joined(separator: ",\n  "))
            FROM (SELECT \(Self.bases)
              FROM focus WHERE \(condition))
            ORDER BY ProviderName, BillingAccountId, ChargePeriodStart, ChargePeriodEnd, SubAccountId, ServiceName, SkuPriceId,
              ResourceId, ChargeCategory, CommitmentDiscountId, CommitmentDiscountStatus, BilledCost, EffectiveCost, ListCost,
              PricingQuantity, ChargeDescription, Tags;

            """
    }

    /// The stored columns and what several derived ones need.
    private static let bases = """
        *, coalesce(PricingCurrency, BillingCurrency) AS _currency,
          ChargeCategory IN ('Usage', 'Purchase') AND ChargeClass IS DISTINCT FROM 'Correction' AS _priced,
          CASE
            WHEN ChargeCategory = 'Tax' THEN NULL
            WHEN PricingQuantity IS NOT NULL THEN PricingQuantity
            WHEN ChargeCategory IN ('Usage', 'Purchase') AND ChargeClass IS DISTINCT FROM 'Correction'
              AND ListUnitPrice IS NULL AND ContractedUnitPrice IS NULL THEN CAST(1 AS DECIMAL(38,12))
          END AS _quantity
        """

    /// `price`, or what `cost` ÷ quantity gives, rounded to 12 places; never for taxes.
    private static func unitPrice(_ price: String, _ cost: String) -> String {
        """
        CASE WHEN ChargeCategory = 'Tax' THEN NULL WHEN \(price) IS NOT NULL THEN \(price)
            WHEN _priced AND \(cost) = 0 AND _quantity <> 0 THEN \(cost)
            WHEN _priced AND _quantity = 1 THEN \(cost)
            WHEN _priced AND _quantity <> 0 THEN unit_price(\(cost), _quantity) END
        """
    }

    /// The exact quotient of two amounts, rounded half up to 12 places; null where it is too large.
    private static let macros = """
        CREATE MACRO units_of(m) AS TRY_CAST(m * 1000000000000 AS HUGEINT);
        CREATE MACRO written(h) AS TRY_CAST((h // 1000000000000)::VARCHAR || '.' || lpad((h % 1000000000000)::VARCHAR, 12, '0') AS DECIMAL(38,12));
        CREATE MACRO quotient(a, b) AS written(TRY((abs(units_of(a)) * 2000000000000 + abs(units_of(b))) // (2 * abs(units_of(b)))));
        CREATE MACRO unit_price(c, q) AS CASE WHEN (c < 0) <> (q < 0) THEN -quotient(c, q) ELSE quotient(c, q) END;

        """

    private static func only(_ condition: String, _ value: String) -> String {
        "CASE WHEN \(condition) THEN \(value) END"
    }

    private static let sameCurrency = "_currency = BillingCurrency"

    /// `price` in the pricing currency: the one beside it where that is the same currency, and nothing is
    /// nothing in every currency.
    private static func inPricingCurrency(_ price: String, _ beside: String) -> String {
        only(
            "ChargeCategory <> 'Tax'",
            "coalesce(\(price), \(only(sameCurrency, beside)), \(only("(\(beside)) = 0", "CAST(0 AS DECIMAL(38,12))")))"
        )
    }

    /// Columns that follow from others.
    private static let derived: [String: String] = {
        let list = unitPrice("ListUnitPrice", "ListCost")
        let contracted = unitPrice("ContractedUnitPrice", "ContractedCost")
        let consumed = "ChargeCategory = 'Usage' AND CommitmentDiscountStatus IS DISTINCT FROM 'Unused'"
        let noTax = "ChargeCategory <> 'Tax'"
        let committed = "CommitmentDiscountId IS NOT NULL"
        let purchased = "ChargeCategory IN ('Usage', 'Purchase') AND ChargeClass IS DISTINCT FROM 'Correction'"
        let ofCommitment =
            "\(committed) AND ResourceId IS NULL AND (ChargeCategory = 'Purchase' OR CommitmentDiscountStatus = 'Unused')"
        let quantity = """
            CASE WHEN \(committed) AND \(purchased) THEN coalesce(CommitmentDiscountQuantity,
                CASE WHEN CommitmentDiscountCategory = 'Spend' THEN CASE WHEN ChargeCategory = 'Purchase' THEN BilledCost ELSE EffectiveCost END
                  ELSE _quantity END) END
            """
        return [
            "BillingAccountName": "coalesce(BillingAccountName, BillingAccountId)",
            "ChargeFrequency": """
            coalesce(CASE lower(ChargeFrequency) WHEN 'usage-based' THEN 'Usage-Based' WHEN 'one-time' THEN 'One-Time'
              WHEN 'recurring' THEN 'Recurring' END, ChargeFrequency)
            """,
            "CommitmentDiscountCategory": only(committed, "CommitmentDiscountCategory"),
            "CommitmentDiscountName": only(committed, "coalesce(CommitmentDiscountName, CommitmentDiscountId)"),
            "CommitmentDiscountQuantity": quantity,
            "CommitmentDiscountStatus": only(committed + " AND ChargeCategory = 'Usage'", "CommitmentDiscountStatus"),
            "CommitmentDiscountType": only(committed, "CommitmentDiscountType"),
            "CommitmentDiscountUnit": only(
                "(\(quantity)) IS NOT NULL",
                "coalesce(CommitmentDiscountUnit, CASE WHEN CommitmentDiscountCategory = 'Spend' THEN BillingCurrency ELSE coalesce(PricingUnit, 'Units') END)"
            ),
            "ConsumedQuantity": only(consumed, "coalesce(ConsumedQuantity, _quantity)"),
            "ConsumedUnit": only(
                consumed + " AND coalesce(ConsumedQuantity, _quantity) IS NOT NULL",
                "coalesce(ConsumedUnit, PricingUnit, 'Units')"),
            "ContractedUnitPrice": contracted,
            "ListUnitPrice": list,
            "PricingCategory": only(noTax, "PricingCategory"),
            "PricingCurrency": "_currency",
            "PricingCurrencyContractedUnitPrice": inPricingCurrency("PricingCurrencyContractedUnitPrice", contracted),
            "PricingCurrencyEffectiveCost":
                "coalesce(PricingCurrencyEffectiveCost, \(only(sameCurrency, "EffectiveCost")))",
            "PricingCurrencyListUnitPrice": inPricingCurrency("PricingCurrencyListUnitPrice", list),
            "PricingQuantity": "_quantity",
            "PricingUnit": only("_quantity IS NOT NULL", "coalesce(PricingUnit, 'Units')"),
            "RegionName": only("RegionId IS NOT NULL", "coalesce(RegionName, RegionId)"),
            // A commitment's own rows are about the commitment.
            "ResourceId": "CASE WHEN \(ofCommitment) THEN CommitmentDiscountId ELSE ResourceId END",
            "ResourceName": only("ResourceId IS NOT NULL", "ResourceName"),
            "ResourceType":
                "CASE WHEN \(ofCommitment) THEN coalesce(ResourceType, CommitmentDiscountType) WHEN ResourceId IS NOT NULL THEN ResourceType END",
            "SkuId": only(noTax, "coalesce(SkuId, SkuPriceId)"),
            "SkuMeter": only("\(noTax) AND coalesce(SkuId, SkuPriceId) IS NOT NULL", "SkuMeter"),
            "SkuPriceDetails": only("\(noTax) AND coalesce(SkuPriceId, SkuId) IS NOT NULL", "SkuPriceDetails"),
            "SkuPriceId": only(noTax, "coalesce(SkuPriceId, SkuId)"),
            "SubAccountName": only("SubAccountId IS NOT NULL", "coalesce(SubAccountName, SubAccountId)"),
            "SubAccountType": only("SubAccountId IS NOT NULL", "SubAccountType"),
        ]
    }()
}
