internal import PlimsollCore

/// What is read from the views.
extension EstateSQL {
    /// Every key of usage with a hash of it, as `cell`; and a file of that hash, first hour, hours and quantity,
    /// the latter with all its 12 places.
    ///
    /// Rows are grouped by the hash, which is less work than by the thirteen texts of a key, and both come out of
    /// one pass. Whether two keys have the same hash is for the caller to see: another seed then gives others.
    static func usage(into path: String, seed: Int) -> String {
        // 59 bits have 18 digits, which a machine word holds.
        let cell = "(hash(\(seed), \(keyList)) >> 5)"
        let first = "epoch_ms(ChargePeriodStart) // 3600000"
        return """
            CREATE TEMP TABLE used AS SELECT \(cell) AS cell, \(keyList), \(first) AS first, hours, sum(PricingQuantity) AS q,
              grouping(hours) AS is_key
            FROM lines WHERE kind = 'usage'
            GROUP BY GROUPING SETS ((\(cell), \(keyList)), (\(cell), \(first), hours));
            COPY (SELECT cell, first, hours, q FROM used WHERE is_key = 0) TO \(SQL.text(path)) (FORMAT csv, HEADER false);

            """
    }

    /// The rows of `counted`, each hour of their period with its part.
    private static func spread(by names: String) -> String {
        """
        spread AS (
          SELECT \(names), first AS hour, h AS part FROM counted WHERE hours = 1
          UNION ALL
          SELECT \(names), first + to_hours(CAST(i AS BIGINT)) AS hour,
            CASE WHEN i = hours - 1 THEN h - (h // hours) * (hours - 1) ELSE h // hours END AS part
          FROM (SELECT *, unnest(range(hours)) AS i FROM counted WHERE hours > 1))
        """
    }

    /// The interchange file `bill`.
    static let bill = """
        SELECT strftime(month, '%Y-%m-%d') AS month, kind, name,
          provider, billing_account, account, resource_group, region, zone, service, sku, os, license, tenancy, pricing,
          unit, '' AS resource, coalesce(commitment_id, '') AS commitment,
          CASE WHEN kind <> 'usage' OR hours = 1 THEN '' WHEN hours <= 24 THEN 'day' ELSE 'longer' END AS shape,
          coalesce(sum(quantity), 0) AS quantity, coalesce(sum(list), 0) AS list,
          coalesce(sum(contracted), 0) AS contracted, coalesce(sum(effective), 0) AS effective,
          coalesce(sum(billed), 0) AS billed, currency
        FROM charges GROUP BY ALL ORDER BY ALL;
        """

    /// The interchange file `coverage`, spread over hours as the usage is.
    static let coverage = """
        WITH counted AS (
          SELECT commitment_id, ChargePeriodStart AS first, hours, raw(quantity) AS h
          FROM charges WHERE kind = 'usage' AND commitment_id IS NOT NULL AND owner_count = 1),
        \(spread(by: "commitment_id"))
        SELECT strftime(date_trunc('hour', hour), '%Y-%m-%dT%H:00:00Z') AS hour, commitment_id AS commitment,
          amount_text(sum(part)) AS quantity
        FROM spread GROUP BY ALL ORDER BY ALL;
        """

    /// Unit prices seen, by key, month and offer: the one that most of the quantity had. Where a row has no
    /// unit price the cost of what it used stands for it.
    static let prices = """
        WITH seen AS MATERIALIZED (
          SELECT \(keyList), date_trunc('month', ChargePeriodStart) AS month, BillingCurrency AS currency, plan_type,
            purchase_term, payment_option, CommitmentDiscountCategory AS category, ListUnitPrice AS list_price,
            ContractedUnitPrice AS contracted_price, plan_rate, CommitmentDiscountStatus AS status,
            sum(PricingQuantity) AS q, sum(EffectiveCost) AS effective, sum(ListCost) AS list_cost
          FROM held WHERE kind = 'usage' GROUP BY ALL),
        priced AS (
          SELECT *, 'on-demand' AS what, CAST(list_price AS VARCHAR) AS price, list_cost AS cost FROM seen
            WHERE coalesce(list_price, list_cost) IS NOT NULL AND pricing = ''
          UNION ALL SELECT *, 'spot', CAST(contracted_price AS VARCHAR), effective FROM seen WHERE pricing = 'spot'
          UNION ALL SELECT *, 'negotiated', CAST(contracted_price AS VARCHAR), effective FROM seen
            WHERE contracted_price IS NOT NULL AND contracted_price <> list_price AND pricing = '' AND status IS NULL
          UNION ALL SELECT *, 'plan', plan_rate, effective FROM seen WHERE status = 'Used' AND category = 'Spend'),
        grouped AS (
          SELECT \(keyList), month, currency, what, price, CASE WHEN what = 'plan' THEN plan_type END AS plan_type,
            CASE WHEN what = 'plan' THEN purchase_term END AS term, CASE WHEN what = 'plan' THEN payment_option END AS payment,
            sum(q) AS q, sum(cost) AS cost
          FROM priced GROUP BY ALL)
        SELECT *, CAST(q AS VARCHAR) AS units, CAST(cost AS VARCHAR) AS total, strftime(month, '%Y-%m') AS m, count(price) OVER w AS prices
        FROM grouped
        WINDOW w AS (PARTITION BY \(keyList), month, currency, what, plan_type, term, payment)
        QUALIFY row_number() OVER (PARTITION BY \(keyList), month, currency, what, plan_type, term, payment
          ORDER BY price IS NULL, q DESC, price) = 1
        ORDER BY \(keyList), what, plan_type, term, payment, month;
        """

    /// What reservations cost a unit of the usage they served, by key.
    static let reserved = """
        SELECT \(keyList), offering_class, purchase_term AS term, payment_option AS payment, BillingCurrency AS currency,
          CAST(sum(EffectiveCost) AS VARCHAR) AS effective, CAST(sum(PricingQuantity) AS VARCHAR) AS q
        FROM held WHERE kind = 'usage' AND CommitmentDiscountStatus = 'Used' AND CommitmentDiscountCategory = 'Usage'
        GROUP BY ALL HAVING sum(EffectiveCost) <> 0 ORDER BY ALL;
        """

    /// Every commitment with what its rows say of it. `use_cost` is what its used and unused parts cost
    /// together in a usual charge period of `use_hours`; `machine` is the SKU it served most.
    static let commitments = """
        WITH costs AS (
          SELECT commitment_id AS id, hours, sum(EffectiveCost) AS cost FROM lines
          WHERE commitment_id IS NOT NULL AND CommitmentDiscountStatus IN ('Used', 'Unused') GROUP BY commitment_id, hours, ChargePeriodStart),
        usual AS (
          SELECT id, hours AS use_hours, cost AS use_cost FROM (SELECT id, hours, cost, count(*) AS n FROM costs GROUP BY ALL)
          QUALIFY row_number() OVER (PARTITION BY id ORDER BY n DESC, cost DESC, hours) = 1),
        served AS (
          SELECT commitment_id AS id, machine_type AS served, max(plan_rate) AS served_rate, max(size_family) AS served_family FROM lines
          WHERE commitment_id IS NOT NULL AND CommitmentDiscountStatus = 'Used' AND machine_type IS NOT NULL GROUP BY commitment_id, machine_type
          QUALIFY row_number() OVER (PARTITION BY commitment_id ORDER BY sum(PricingQuantity) DESC, machine_type) = 1),
        said AS (
          SELECT commitment_id AS id, min(provider) AS provider, min(billing_account) AS billing_account,
            min(account) FILTER (WHERE ChargeCategory = 'Purchase') AS account, min(CommitmentDiscountCategory) AS category,
            max(plan_type) AS plan_type, max(offering_class) AS offering_class, max(purchase_term) AS term,
            max(payment_option) AS payment, max(plan_region) AS plan_region, max(plan_family) AS plan_family,
            max(commitment_start) AS start, max(commitment_end) AS end_time, max(reservations) AS reservations,
            max(upfront_value) AS upfront, max(part_sku) AS part,
            max(machine_type) FILTER (WHERE ChargeCategory = 'Purchase') AS bought,
            max(machine_type) AS any_machine, max(os) AS os, max(tenancy) AS tenancy, max(license) AS license,
            coalesce(max(nullif(region, '')) FILTER (WHERE ChargeCategory = 'Purchase'), max(region)) AS region,
            min(BillingCurrency) AS currency,
            CAST(sum(BilledCost) FILTER (WHERE ChargeCategory = 'Purchase' AND ChargeFrequency = 'Recurring') AS VARCHAR) AS fee,
            sum(hours) FILTER (WHERE ChargeCategory = 'Purchase' AND ChargeFrequency = 'Recurring') AS fee_hours,
            CAST(sum(PricingQuantity) FILTER (WHERE ChargeCategory = 'Purchase' AND ChargeFrequency = 'Recurring') AS VARCHAR) AS fee_quantity,
            CAST(sum(TRY_CAST(plan_commitment AS DECIMAL(38,12))) FILTER (WHERE ChargeCategory = 'Purchase') AS VARCHAR) AS commitment
          FROM lines WHERE commitment_id IS NOT NULL GROUP BY 1)
        SELECT said.*, use_hours, CAST(use_cost AS VARCHAR) AS use_cost, served, served_rate, served_family
        FROM said LEFT JOIN usual USING (id) LEFT JOIN served USING (id) ORDER BY id;
        """

    /// Resources bought for a time.
    static let subscriptions = """
        SELECT ResourceId AS id, provider, billing_account, account, region, sku, os, tenancy, BillingCurrency AS currency,
          CAST(BilledCost AS VARCHAR) AS cost, stamp(ChargePeriodStart) AS start, stamp(ChargePeriodEnd) AS end_time
        FROM lines WHERE kind = 'commitment-fee' AND CommitmentDiscountId IS NULL AND ChargeCategory = 'Purchase'
        ORDER BY ALL;
        """

    /// What of the usage's cost the bill tells the hours of.
    static let shape = """
        SELECT CAST(sum(effective) AS VARCHAR) AS cost, CAST(sum(effective) FILTER (WHERE hours = 1) AS VARCHAR) AS hourly
        FROM charges WHERE kind = 'usage';
        """

    /// Facts of SKUs that serve each other by size.
    static let sizes = """
        SELECT provider, machine_type AS sku, max(size_family) AS family, max(size_ratio) AS ratio
        FROM lines WHERE machine_type IS NOT NULL AND size_ratio IS NOT NULL AND size_family IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2;
        """

    /// What a charge that is neither usage nor a fee is called.
    private static let title =
        "CASE WHEN share = 'support' THEN coalesce(nullif(service_code, ''), service_name) WHEN kind IN ('credit', 'fixed') AND text <> '' THEN text ELSE name END"

    /// Charges by month for ``AgreementExtraction``.
    static let sums = """
        SELECT provider, billing_account, strftime(month, '%Y-%m') AS m,
          CASE WHEN share IS NOT NULL THEN share WHEN kind IN ('usage', 'commitment-fee') THEN 'base' ELSE kind END AS role,
          CASE WHEN kind IN ('usage', 'commitment-fee') THEN '' ELSE \(title) END AS name,
          service_name, CASE WHEN kind = 'usage' AND commitment_id IS NULL THEN service ELSE '' END AS service, currency,
          CAST(sum(billed) AS VARCHAR) AS amount, CAST(sum(net_difference) AS VARCHAR) AS net, count(*) AS n,
          bool_and(billed = round(billed, 2)) AS cents, stamp(min(ChargePeriodStart)) AS first
        FROM charges GROUP BY ALL ORDER BY ALL;
        """

    /// What is neither usage nor a commitment's fee.
    static let others = """
        SELECT provider, billing_account, kind, \(title) AS name, currency AS c, CAST(sum(effective) AS VARCHAR) AS cost
        FROM charges WHERE kind NOT IN ('usage', 'commitment-fee') GROUP BY ALL HAVING sum(effective) <> 0 ORDER BY ALL;
        """
}
