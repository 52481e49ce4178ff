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

    static var keyList: String { keys.joined(separator: ", ") }

    /// All views: `facts` (the period's rows with what exports add), `named`, `lines` (every charge with its
    /// key and kind), `held` (the same with what the commitment's other rows say), `charges` (with amounts
    /// within rows told apart).
    var views: String { Self.macros + facts + named + lines + held + owners + charges }

    /// A column of the view, or NULL where no export has it.
    func column(_ name: String) -> String { columns.contains(name) ? SQL.name(name) : "NULL::VARCHAR" }

    /// A column of the view as an exact amount.
    func amount(_ name: String) -> String { "TRY_CAST(\(column(name)) AS DECIMAL(38, 12))" }

    private static let macros = """
        CREATE MACRO amount_text(h) AS CAST(h // 1000000000000 AS VARCHAR) || CASE WHEN h % 1000000000000 = 0 THEN ''
          ELSE '.' || rtrim(lpad(CAST(h % 1000000000000 AS VARCHAR), 12, '0'), '0') END;
        CREATE MACRO raw(d) AS CAST(d * 1000000000000 AS HUGEINT);
        CREATE MACRO stamp(t) AS strftime(t, '%Y-%m-%dT%H:%M:%SZ');

        """

    private var period: String {
        func stamp(_ hour: Hour) -> String {
            "TIMESTAMP " + SQL.text(hour.description.replacing("T", with: " ").replacing("Z", with: ""))
        }
        var parts = ["true"]
        if let from { parts.append("ChargePeriodStart >= \(stamp(from))") }
        if let to { parts.append("ChargePeriodStart < \(stamp(to))") }
        return parts.joined(separator: " AND ")
    }

    private var provider: String {
        let cases = vocabularies.map { words in
            "WHEN lower(ProviderName) IN (\(Self.list(words.names))) THEN \(SQL.text(words.provider))"
        }
        return "CASE \(cases.joined(separator: " ")) ELSE replace(lower(ProviderName), ' ', '-') END"
    }

    private static func list(_ words: [String]) -> String { words.map(SQL.text).joined(separator: ", ") }

    /// Whether a text is one of a provider's words; `false` where no provider has any.
    private func isOne(_ expression: String, of words: (BillVocabulary) -> [String]) -> String {
        let cases = vocabularies.filter { !words($0).isEmpty }.map { vocabulary in
            "(provider = \(SQL.text(vocabulary.provider)) AND \(expression) IN (\(Self.list(words(vocabulary)))))"
        }
        return cases.isEmpty ? "false" : "(\(cases.joined(separator: " OR ")))"
    }

    // MARK: Views

    private var facts: String {
        return """
            CREATE VIEW facts AS SELECT *, \(provider) AS provider,
              coalesce(\(column("x_InstanceType")), sku_details[1]) AS machine_type,
              \(column("x_UsageSku")) AS part_sku,
              lower(coalesce(\(column("x_OperatingSystem")), sku_details[2], '')) AS os_name,
              lower(coalesce(\(column("x_Tenancy")), '')) AS tenancy_name,
              coalesce(\(column("x_LineItemType")), '') AS line_type,
              coalesce(\(column("x_ServiceCode")), '') AS service_code,
              coalesce(\(column("x_Operation")), '') || CASE WHEN \(column("x_UsageType")) ILIKE '%multi-az%' THEN ' multi-az' ELSE '' END AS operation,
              \(column("x_PlanType")) AS plan_type, \(column("x_PlanRate")) AS plan_rate,
              \(column("x_PlanRegion")) AS plan_region, \(column("x_PlanFamily")) AS plan_family,
              \(column("x_PlanCommitment")) AS plan_commitment, lower(\(column("x_OfferingClass"))) AS offering_class,
              \(column("x_PurchaseTerm")) AS purchase_term, lower(\(column("x_PaymentOption"))) AS payment_option,
              \(column("x_CommitmentStart")) AS commitment_start, \(column("x_CommitmentEnd")) AS commitment_end,
              \(column("x_Reservations")) AS reservations, \(column("x_UpfrontValue")) AS upfront_value,
              \(column("x_SizeFamily")) AS size_family, \(column("x_NormalizationRatio")) AS size_ratio,
              ChargeCategory IN ('Purchase', 'Usage') AND coalesce(\(column("ServiceSubcategory")) = 'Support', false) AS is_support,
              \(amount("x_NetUnblendedCost")) AS net_cost
            FROM (SELECT *, \(details) AS sku_details FROM focus) WHERE \(period);

            """
    }

    /// Machine type and operating system of `SkuPriceDetails`: read once, and only where it names one.
    private var details: String {
        let column = "SkuPriceDetails"
        let names = ["InstanceType", "OperatingSystem"]
        let isNamed = names.map { "contains(\(column), '\"\($0)\"')" }.joined(separator: " OR ")
        let paths = names.map { SQL.text("$.\($0)") }.joined(separator: ", ")
        return """
            CASE WHEN \(isNamed) THEN CASE WHEN json_valid(\(column)) THEN json_extract_string(\(column), [\(paths)]) END END
            """
    }

    private var named: String {
        let hourly = "lower(coalesce(PricingUnit, 'hrs')) IN ('hrs', 'hours', 'hour', '1 hour')"
        return """
            CREATE VIEW named AS SELECT *,
              CASE WHEN machine_type IS NULL THEN false ELSE part_sku IS NULL AND ServiceCategory = 'Compute' AND \(hourly) END AS is_machine,
              CASE WHEN machine_type IS NULL THEN false ELSE ServiceCategory IN ('Databases', 'Analytics') AND \(hourly) END AS is_node,
              CASE WHEN part_sku IS NOT NULL AND CommitmentDiscountCategory = 'Usage' THEN CommitmentDiscountId || ' ' || part_sku
                ELSE CommitmentDiscountId END AS commitment_id,
              CASE
                WHEN \(isOne("line_type", of: \.feeParts)) THEN 'commitment-fee'
                WHEN ChargeClass = 'Correction' THEN 'carried'
                WHEN is_support THEN 'percent-of'
                WHEN \(isOne("line_type", of: \.discounts)) THEN 'percent-of'
                WHEN ChargeCategory = 'Usage' AND CommitmentDiscountStatus = 'Unused' THEN 'commitment-fee'
                WHEN ChargeCategory = 'Purchase' AND CommitmentDiscountId IS NOT NULL THEN 'commitment-fee'
                WHEN ChargeCategory = 'Usage' AND CommitmentDiscountId IS NOT NULL AND PricingQuantity IS NULL THEN 'commitment-fee'
                WHEN ChargeCategory = 'Purchase' AND ResourceId IS NOT NULL AND \(isOne("line_type", of: \.subscriptions)) THEN 'commitment-fee'
                WHEN ChargeCategory = 'Usage' AND PricingQuantity > 0 THEN 'usage'
                WHEN ChargeCategory = 'Tax' THEN 'percent-of'
                WHEN ChargeCategory = 'Credit' THEN 'credit'
                WHEN ChargeCategory = 'Purchase' THEN 'fixed'
                ELSE 'carried' END AS kind,
              CASE
                WHEN ChargeClass = 'Correction' THEN NULL
                WHEN is_support THEN 'support'
                WHEN \(isOne("line_type", of: \.discounts)) THEN 'discount'
                WHEN ChargeCategory = 'Tax' THEN 'tax' END AS share,
              -- Some periods end a second before the hour.
              greatest(1, (date_diff('second', ChargePeriodStart, coalesce(ChargePeriodEnd, ChargePeriodStart)) + 3599) // 3600) AS hours
            FROM facts;

            """
    }

    private var lines: String {
        """
        CREATE VIEW lines AS SELECT *,
          BillingAccountId AS billing_account, coalesce(SubAccountId, '') AS account,
          '' AS resource_group, coalesce(RegionId, '') AS region, '' AS zone,
          CASE WHEN is_machine OR part_sku IS NOT NULL THEN 'compute' ELSE coalesce(ServiceName, '') END AS service,
          CASE WHEN part_sku IS NOT NULL THEN part_sku WHEN is_machine OR is_node THEN machine_type
            ELSE coalesce(SkuPriceId, SkuId, SkuMeter, ChargeDescription, '') END AS sku,
          CASE WHEN NOT is_machine THEN '' WHEN os_name LIKE 'linux%' THEN 'linux' WHEN os_name LIKE 'windows%' THEN 'windows'
            WHEN os_name LIKE 'rhel%' OR os_name LIKE 'red hat%' THEN 'rhel' WHEN os_name LIKE 'suse%' THEN 'sles'
            ELSE '' END AS os,
          CASE WHEN is_node THEN operation ELSE '' END AS license,
          CASE WHEN NOT is_machine THEN '' WHEN tenancy_name IN ('shared', 'dedicated', 'host') THEN tenancy_name
            WHEN tenancy_name = 'default' THEN 'shared' ELSE '' END AS tenancy,
          CASE WHEN PricingCategory = 'Dynamic' THEN 'spot' ELSE '' END AS pricing,
          CASE WHEN is_machine OR is_node THEN 'Hrs' ELSE coalesce(PricingUnit, '') END AS unit,
          CASE WHEN kind = 'usage' THEN '' ELSE coalesce(nullif(line_type, ''), ChargeCategory, '') END AS name
        FROM named;

        """
    }

    /// Fee rows often say of a commitment what the rows of its usage do not.
    private var held: String {
        """
        CREATE VIEW held AS WITH terms AS (
          SELECT CommitmentDiscountId AS id, max(plan_type) AS plan_type, max(purchase_term) AS purchase_term,
            max(payment_option) AS payment_option, max(offering_class) AS offering_class
          FROM lines WHERE CommitmentDiscountId IS NOT NULL GROUP BY 1)
        SELECT lines.* REPLACE (
          coalesce(lines.plan_type, terms.plan_type) AS plan_type,
          coalesce(lines.purchase_term, terms.purchase_term) AS purchase_term,
          coalesce(lines.payment_option, terms.payment_option) AS payment_option,
          coalesce(lines.offering_class, terms.offering_class) AS offering_class)
        FROM lines LEFT JOIN terms ON lines.CommitmentDiscountId = terms.id;

        """
    }

    // MARK: Amounts within rows

    private var crediting: [BillVocabulary] {
        vocabularies.filter { words in words.creditedUse.map(columns.contains) ?? false }
    }

    /// Commitments by what they serve, for bills that do not say which one served a row.
    private var owners: String {
        guard !crediting.isEmpty else { return "" }
        return """
            CREATE VIEW owners AS SELECT provider AS owner_provider, billing_account AS payer, region AS place, part_sku AS part,
              min(commitment_id) AS owner, count(DISTINCT commitment_id) AS owner_count
            FROM lines WHERE ChargeCategory = 'Purchase' AND part_sku IS NOT NULL AND commitment_id IS NOT NULL GROUP BY ALL;

            """
    }

    /// What usage rows hold that is no price: by vocabulary and column.
    private var innerAmounts: [(amount: BillVocabulary.InnerAmount, value: String)] {
        vocabularies.flatMap { words in
            words.innerAmounts.filter { columns.contains($0.column) }.map { inner in
                let sign = inner.isDeduction ? "-" : ""
                let holds =
                    "provider = \(SQL.text(words.provider)) AND kind = 'usage' AND (CommitmentDiscountStatus IS NULL OR credit <> 0)"
                return (inner, "CASE WHEN \(holds) THEN coalesce(\(sign)\(amount(inner.column)), 0) ELSE 0 END")
            }
        }
    }

    private var charges: String {
        let inner = innerAmounts
        let within = inner.isEmpty ? "0" : inner.map(\.value).joined(separator: " + ")
        var parts = [
            Self.charge(
                "quantity - covered", "share", "name", "CASE WHEN credit = 0 THEN commitment_id END", "1",
                "- within - CASE WHEN owner IS NULL THEN credit ELSE 0 END")
        ]
        for item in inner {
            let (kind, share) = item.amount.role == .discount ? ("percent-of", "discount") : ("carried", "")
            parts.append(
                Self.inner(
                    kind: kind, share: share, name: item.amount.name, amount: item.value, where: "\(item.value) <> 0"))
        }
        if !crediting.isEmpty {
            parts.append(Self.covered)
            parts.append(
                Self.inner(
                    kind: "carried", share: "", name: "commitment credit", amount: "credit",
                    where: "credit <> 0 AND owner IS NULL"))
        }
        return """
            CREATE VIEW owned AS \(owned);
            CREATE VIEW credited AS SELECT *, \(within) AS within, PricingQuantity AS quantity, \(coveredQuantity) AS covered
            FROM owned;
            CREATE VIEW charges AS \(parts.joined(separator: "\nUNION ALL\n"));

            """
    }

    /// Lines with the credit of what a commitment paid for, and whose it is.
    private var owned: String {
        guard !crediting.isEmpty else {
            return "SELECT *, CAST(0 AS DECIMAL(38, 12)) AS credit, NULL::VARCHAR AS owner, 1 AS owner_count FROM lines"
        }
        return """
            SELECT lines.*, \(credit) AS credit, coalesce(commitment_id, owners.owner) AS owner,
              CASE WHEN commitment_id IS NOT NULL THEN 1 ELSE owners.owner_count END AS owner_count
            FROM lines LEFT JOIN owners
              ON provider = owner_provider AND billing_account = payer AND region = place AND part_sku = part
            """
    }

    private var credit: String {
        let cases = crediting.map { words in
            "WHEN provider = \(SQL.text(words.provider)) THEN coalesce(\(amount(words.creditedUse ?? "")), 0)"
        }
        return "CASE WHEN kind <> 'usage' THEN 0 \(cases.joined(separator: " ")) ELSE 0 END"
    }

    /// The credit's share of the row's cost before it, times the row's quantity, to the nearest 10⁻¹².
    private var coveredQuantity: String {
        let whole = "raw(\(amount("x_OnDemandCost")))"
        return """
            CASE WHEN owner IS NULL OR credit = 0 THEN 0 ELSE coalesce(TRY(CAST(amount_text(
              (raw(PricingQuantity) * raw(-credit) + \(whole) // 2) // \(whole)) AS DECIMAL(38, 12))), 0) END
            """
    }

    private static func charge(
        _ quantity: String, _ share: String, _ name: String, _ commitment: String, _ owners: String, _ less: String
    ) -> String {
        """
        SELECT \(keyList), date_trunc('month', BillingPeriodStart) AS month, ChargePeriodStart, hours, kind, \(share) AS share,
          \(name) AS name, coalesce(ServiceName, '') AS service_name, service_code, coalesce(ChargeDescription, '') AS text,
          \(commitment) AS commitment_id, \(owners) AS owner_count, CAST(\(quantity) AS DECIMAL(38, 12)) AS quantity,
          ListCost AS list, ContractedCost AS contracted, EffectiveCost \(less) AS effective, BilledCost \(less) AS billed,
          net_cost - BilledCost AS net_difference, BillingCurrency AS currency
        FROM credited
        """
    }

    private static func inner(kind: String, share: String, name: String, amount: String, where: String) -> String {
        """
        SELECT \(keyList), date_trunc('month', BillingPeriodStart) AS month, ChargePeriodStart, hours, \(SQL.text(kind)) AS kind,
          \(share.isEmpty ? "NULL" : SQL.text(share)) AS share, \(SQL.text(name)) AS name, coalesce(ServiceName, '') AS service_name,
          service_code, \(SQL.text(name)) AS text, NULL AS commitment_id, 1 AS owner_count, CAST(0 AS DECIMAL(38, 12)) AS quantity,
          0 AS list, 0 AS contracted, \(amount) AS effective, \(amount) AS billed, NULL AS net_difference, BillingCurrency AS currency
        FROM credited WHERE \(`where`)
        """
    }

    /// The part of a row that a commitment paid for: its cost stands in the fee.
    private static let covered = """
        SELECT \(keyList), date_trunc('month', BillingPeriodStart) AS month, ChargePeriodStart, hours, kind, NULL AS share,
          name, coalesce(ServiceName, '') AS service_name, service_code, '' AS text, owner AS commitment_id, owner_count,
          CAST(covered AS DECIMAL(38, 12)) AS quantity, 0 AS list, 0 AS contracted, 0 AS effective, 0 AS billed,
          NULL AS net_difference, BillingCurrency AS currency
        FROM credited WHERE covered <> 0
        """
}
