public import PlimsollCore

/// Sums a period of a ledger by what was bought, for ``BillDifference``.
public struct BillItemQuery: Sendable {
    /// Which cost.
    public var lens: CostLens
    /// FOCUS columns that name an item.
    public static let nameColumns = ["ProviderName", "ServiceName", "RegionId", "SkuId"]

    /// Items by provider, service, region and SKU.
    public init(lens: CostLens) { self.lens = lens }

    /// The items of charges that begin from `from` up to, not including, `to`.
    public func items(_ ledger: LedgerQuery, from: Hour, to: Hour) throws(Failure) -> [BillItem] {
        func stamp(_ hour: Hour) -> String {
            SQL.text(hour.description.replacing("T", with: " ").replacing("Z", with: ""))
        }
        let rows = try ledger.rows(
            """
            SELECT coalesce(ProviderName, '') AS n0, coalesce(ServiceName, '') AS n1, coalesce(RegionId, '') AS n2,
              coalesce(SkuId, SkuPriceId, SkuMeter, ChargeDescription, '') AS n3, coalesce(PricingUnit, '') AS u,
              BillingCurrency AS c,
              CASE WHEN ChargeClass = 'Correction' THEN 'adjustment'
                WHEN ChargeCategory = 'Usage' AND CommitmentDiscountStatus = 'Unused' THEN 'commitment'
                WHEN ChargeCategory = 'Usage' THEN 'usage'
                WHEN ChargeCategory = 'Purchase' AND CommitmentDiscountId IS NOT NULL THEN 'commitment'
                WHEN ChargeCategory = 'Purchase' THEN 'purchase'
                WHEN ChargeCategory = 'Tax' THEN 'tax' WHEN ChargeCategory = 'Credit' THEN 'credit'
                ELSE 'adjustment' END AS k,
              CAST(CASE WHEN count(PricingQuantity) = count(*) THEN sum(PricingQuantity) END AS VARCHAR) AS q,
              CAST(CASE WHEN count(ListCost) = count(*) THEN sum(ListCost) END AS VARCHAR) AS l,
              CAST(coalesce(sum(\(lens.column)), 0) AS VARCHAR) AS cost
            FROM focus WHERE ChargePeriodStart >= TIMESTAMP \(stamp(from)) AND ChargePeriodStart < TIMESTAMP \(stamp(to))
            GROUP BY ALL ORDER BY ALL;
            """)
        return rows.map { row in
            let name = (0..<4).map { row["n\($0)"]?.string ?? "" }
            let unit = row["u"]?.string ?? ""
            return BillItem(
                name: name + [unit], group: [name[0], name[1], unit], currency: row["c"]?.string ?? "",
                category: BillItem.Category(rawValue: row["k"]?.string ?? "") ?? .adjustment,
                quantity: row["q"]?.string.flatMap { Quantity($0) }, list: row["l"]?.string.flatMap { Money($0) },
                cost: Money(row["cost"]?.string ?? "") ?? .zero)
        }
    }
}
