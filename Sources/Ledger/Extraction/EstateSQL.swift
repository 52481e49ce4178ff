internal import PlimsollCore

/// The views that turn FOCUS rows into the lines of the interchange files.
struct EstateSQL {
    let vocabularies: [BillVocabulary]
    let columns: Set<String>
    let from: Hour?
    let to: Hour?

    /// Columns of a usage line, in the order of the interchange file, without hour, quantity and resource.
    static let keys = [
        "provider", "billing_account", "account", "resource_group", "region", "zone", "service", "sku", "os", "license",
        "tenancy", "pricing", "unit",
    ]

    /// A column of the view, or NULL where no export has it.
    private func column(_ name: String) -> String { columns.contains(name) ? SQL.name(name) : "NULL::VARCHAR" }

    private var provider: String {
        let cases = vocabularies.map { words in
            "WHEN lower(ProviderName) IN (\(words.names.map(SQL.text).joined(separator: ", "))) THEN \(SQL.text(words.provider))"
        }
        return "CASE \(cases.joined(separator: " ")) ELSE replace(lower(ProviderName), ' ', '-') END"
    }

    private var period: String {
        func stamp(_ hour: Hour) -> String {
            "TIMESTAMP " + SQL.text(hour.description.replacing("T", with: " ").replacing("Z", with: ""))
        }
        var parts = ["true"]
        if let from { parts.append("ChargePeriodStart >= \(stamp(from))") }
        if let to { parts.append("ChargePeriodStart < \(stamp(to))") }
        return parts.joined(separator: " AND ")
    }

    /// The view `lines`: every charge with its key and kind.
    var lines: String {
        let detail = "SkuPriceDetails"
        return """
            CREATE MACRO amount_text(h) AS CAST(h // 1000000000000 AS VARCHAR) || CASE WHEN h % 1000000000000 = 0 THEN ''
              ELSE '.' || rtrim(lpad(CAST(h % 1000000000000 AS VARCHAR), 12, '0'), '0') END;
            CREATE VIEW facts AS SELECT *,
              coalesce(\(column("x_InstanceType")), CASE WHEN json_valid(\(detail)) THEN json_extract_string(\(detail), '$.InstanceType') END) AS machine_type,
              lower(coalesce(\(column("x_OperatingSystem")), CASE WHEN json_valid(\(detail)) THEN json_extract_string(\(detail), '$.OperatingSystem') END, '')) AS os_name,
              lower(coalesce(\(column("x_Tenancy")), '')) AS tenancy_name,
              coalesce(\(column("x_LineItemType")), '') AS line_type,
              \(column("x_PlanType")) AS plan_type, \(column("x_PlanRate")) AS plan_rate,
              \(column("x_PlanRegion")) AS plan_region, \(column("x_PlanFamily")) AS plan_family,
              \(column("x_PlanCommitment")) AS plan_commitment, lower(\(column("x_OfferingClass"))) AS offering_class,
              \(column("x_PurchaseTerm")) AS purchase_term, lower(\(column("x_PaymentOption"))) AS payment_option,
              \(column("x_CommitmentStart")) AS commitment_start, \(column("x_CommitmentEnd")) AS commitment_end,
              \(column("x_Reservations")) AS reservations, \(column("x_UpfrontValue")) AS upfront_value
            FROM focus WHERE \(period);
            CREATE VIEW named AS SELECT *,
              machine_type IS NOT NULL AND ServiceCategory = 'Compute' AND lower(coalesce(PricingUnit, 'hrs')) IN ('hrs', 'hours', 'hour', '1 hour') AS is_machine,
              CASE
                WHEN ChargeClass = 'Correction' THEN 'carried'
                WHEN ChargeCategory = 'Usage' AND CommitmentDiscountStatus = 'Unused' THEN 'commitment-fee'
                WHEN ChargeCategory = 'Purchase' AND CommitmentDiscountId IS NOT NULL THEN 'commitment-fee'
                WHEN ChargeCategory = 'Usage' AND PricingQuantity > 0 THEN 'usage'
                WHEN ChargeCategory = 'Tax' THEN 'percent-of'
                WHEN ChargeCategory = 'Credit' THEN 'credit'
                WHEN ChargeCategory = 'Purchase' THEN 'fixed'
                ELSE 'carried' END AS kind,
              greatest(1, date_diff('hour', ChargePeriodStart, coalesce(ChargePeriodEnd, ChargePeriodStart))) AS hours
            FROM facts;
            CREATE VIEW lines AS SELECT *,
              \(provider) AS provider, BillingAccountId AS billing_account, coalesce(SubAccountId, '') AS account,
              '' AS resource_group, coalesce(RegionId, '') AS region, '' AS zone,
              CASE WHEN is_machine THEN 'compute' ELSE coalesce(ServiceName, '') END AS service,
              CASE WHEN is_machine THEN machine_type
                ELSE coalesce(SkuPriceId, SkuId, SkuMeter, ChargeDescription, '') END AS sku,
              CASE WHEN NOT is_machine THEN '' WHEN os_name LIKE 'linux%' THEN 'linux' WHEN os_name LIKE 'windows%' THEN 'windows'
                WHEN os_name LIKE 'rhel%' OR os_name LIKE 'red hat%' THEN 'rhel' WHEN os_name LIKE 'suse%' THEN 'sles'
                ELSE '' END AS os,
              '' AS license,
              CASE WHEN NOT is_machine THEN '' WHEN tenancy_name IN ('shared', 'dedicated', 'host') THEN tenancy_name
                WHEN tenancy_name = 'default' THEN 'shared' ELSE '' END AS tenancy,
              CASE WHEN PricingCategory = 'Dynamic' THEN 'spot' ELSE '' END AS pricing,
              CASE WHEN is_machine THEN 'Hrs' ELSE coalesce(PricingUnit, '') END AS unit
            FROM named;

            """
    }

    private static var keyList: String { keys.joined(separator: ", ") }

    /// The interchange file `usage`: longer charge periods are spread over their hours, the last hour takes
    /// the remainder.
    static let usage = """
        WITH counted AS (
          SELECT \(keyList), ChargePeriodStart AS first, hours, CAST(PricingQuantity * 1000000000000 AS HUGEINT) AS h
          FROM lines WHERE kind = 'usage'),
        spread AS (
          SELECT \(keyList), first AS hour, h AS part FROM counted WHERE hours = 1
          UNION ALL
          SELECT \(keyList), first + to_hours(CAST(i AS BIGINT)) AS hour,
            CASE WHEN i = hours - 1 THEN h - (h // hours) * (hours - 1) ELSE h // hours END AS part
          FROM (SELECT *, unnest(range(hours)) AS i FROM counted WHERE hours > 1))
        SELECT strftime(date_trunc('hour', hour), '%Y-%m-%dT%H:00:00Z') AS hour, provider, billing_account, account,
          resource_group, region, zone, service, sku, os, license, tenancy, pricing, amount_text(sum(part)) AS quantity, unit,
          '' AS resource
        FROM spread GROUP BY ALL ORDER BY \(keyList), hour;
        """

    /// The interchange file `bill`.
    static let bill = """
        SELECT strftime(date_trunc('month', BillingPeriodStart), '%Y-%m-%d') AS month, kind,
          CASE WHEN kind = 'usage' THEN '' ELSE coalesce(nullif(line_type, ''), ChargeCategory, '') END AS name,
          provider, billing_account, account, resource_group, region, zone, service, sku, os, license, tenancy, pricing,
          unit, '' AS resource, coalesce(CommitmentDiscountId, '') AS commitment,
          coalesce(sum(PricingQuantity), 0) AS quantity, coalesce(sum(ListCost), 0) AS list,
          coalesce(sum(ContractedCost), 0) AS contracted, coalesce(sum(EffectiveCost), 0) AS effective,
          coalesce(sum(BilledCost), 0) AS billed, BillingCurrency AS currency
        FROM lines GROUP BY ALL ORDER BY ALL;
        """

    /// The interchange file `coverage`: hours that the bill itself tells apart.
    static let coverage = """
        SELECT strftime(date_trunc('hour', ChargePeriodStart), '%Y-%m-%dT%H:00:00Z') AS hour,
          CommitmentDiscountId AS commitment, sum(PricingQuantity) AS quantity
        FROM lines WHERE kind = 'usage' AND CommitmentDiscountStatus = 'Used' AND hours = 1 AND CommitmentDiscountId IS NOT NULL
        GROUP BY ALL ORDER BY ALL;
        """

    /// Unit prices seen, by key, month and offer: the one that most of the quantity had.
    static let prices = """
        WITH seen AS (
          SELECT \(keyList), date_trunc('month', ChargePeriodStart) AS month, BillingCurrency AS currency, plan_type, offering_class,
            purchase_term, payment_option, CommitmentDiscountCategory AS category, PricingQuantity AS q, EffectiveCost AS effective,
            ListUnitPrice AS list_price, ContractedUnitPrice AS contracted_price, plan_rate, CommitmentDiscountStatus AS status
          FROM lines WHERE kind = 'usage'),
        priced AS (
          SELECT *, 'on-demand' AS what, CAST(list_price AS VARCHAR) AS price FROM seen WHERE list_price IS NOT NULL AND pricing = ''
          UNION ALL SELECT *, 'spot', CAST(contracted_price AS VARCHAR) FROM seen WHERE contracted_price IS NOT NULL AND pricing = 'spot'
          UNION ALL SELECT *, 'negotiated', CAST(contracted_price AS VARCHAR) FROM seen
            WHERE contracted_price IS NOT NULL AND contracted_price <> list_price AND pricing = '' AND status IS NULL
          UNION ALL SELECT *, 'plan', plan_rate FROM seen WHERE plan_rate IS NOT NULL AND status = 'Used'),
        grouped AS (
          SELECT \(keyList), month, currency, what, price, CASE WHEN what = 'plan' THEN plan_type END AS plan_type,
            CASE WHEN what = 'plan' THEN purchase_term END AS term, CASE WHEN what = 'plan' THEN payment_option END AS payment,
            sum(q) AS q
          FROM priced GROUP BY ALL)
        SELECT *, strftime(month, '%Y-%m') AS m, count(*) OVER w AS prices FROM grouped
        WINDOW w AS (PARTITION BY \(keyList), month, currency, what, plan_type, term, payment)
        QUALIFY row_number() OVER (PARTITION BY \(keyList), month, currency, what, plan_type, term, payment ORDER BY q DESC, price) = 1
        ORDER BY \(keyList), what, plan_type, term, payment, month;
        """

    /// What reservations cost a unit of the usage they served, by key.
    static let reserved = """
        SELECT \(keyList), offering_class, purchase_term AS term, payment_option AS payment, BillingCurrency AS currency,
          CAST(sum(EffectiveCost) AS VARCHAR) AS effective, CAST(sum(PricingQuantity) AS VARCHAR) AS q
        FROM lines WHERE kind = 'usage' AND CommitmentDiscountStatus = 'Used' AND CommitmentDiscountCategory = 'Usage'
        GROUP BY ALL ORDER BY ALL;
        """

    /// Every commitment with what its rows say of it.
    static let commitments = """
        SELECT CommitmentDiscountId AS id, min(provider) AS provider, min(billing_account) AS billing_account,
          min(account) FILTER (WHERE ChargeCategory = 'Purchase') AS account, min(CommitmentDiscountCategory) AS category,
          max(plan_type) AS plan_type, max(offering_class) AS offering_class, max(purchase_term) AS term,
          max(payment_option) AS payment, max(plan_region) AS plan_region, max(plan_family) AS plan_family,
          max(commitment_start) AS start, max(commitment_end) AS end_time, max(reservations) AS reservations,
          max(upfront_value) AS upfront, coalesce(max(machine_type) FILTER (WHERE ChargeCategory = 'Purchase'), max(machine_type)) AS machine,
          max(os) AS os, max(tenancy) AS tenancy, max(region) AS region, min(BillingCurrency) AS currency,
          CAST(sum(BilledCost) FILTER (WHERE ChargeCategory = 'Purchase' AND ChargeFrequency = 'Recurring') AS VARCHAR) AS fee,
          sum(hours) FILTER (WHERE ChargeCategory = 'Purchase' AND ChargeFrequency = 'Recurring') AS fee_hours,
          CAST(sum(TRY_CAST(plan_commitment AS DECIMAL(38,12))) FILTER (WHERE ChargeCategory = 'Purchase') AS VARCHAR) AS commitment
        FROM lines WHERE CommitmentDiscountId IS NOT NULL GROUP BY ALL ORDER BY 1;
        """
}
