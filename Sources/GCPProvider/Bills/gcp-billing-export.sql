-- Google Cloud's billing export (standard and detailed) to FOCUS. Nested
-- columns come as JSON text, or flattened as "service.id". One row of the
-- export becomes: the charge itself (part 0); one Credit for each credit that
-- stands by itself (parts 1 to 8: promotions, subscription benefits and the
-- offset that takes back the used part of a commitment fee); and, for a
-- commitment fee, the cost of the commitment it pays (part 9). Discounts are
-- price effects inside part 0.
SELECT
  -- Money
  CASE
    WHEN part = 0 THEN net_cost
    WHEN part = 9 THEN CAST(0 AS DECIMAL(38, 12))
    ELSE part_amount
  END AS BilledCost,
  CASE
    WHEN part = 0 AND fee THEN CAST(0 AS DECIMAL(38, 12))
    WHEN part = 0 THEN net_cost
    WHEN part = 9 THEN net_cost + offset_amount
    WHEN part_kind = 'FEE_UTILIZATION_OFFSET' THEN CAST(0 AS DECIMAL(38, 12))
    ELSE part_amount
  END AS EffectiveCost,
  CASE
    WHEN part = 0 THEN coalesce(list_cost, contracted_cost)
    WHEN part = 9 THEN CAST(0 AS DECIMAL(38, 12))
    ELSE part_amount
  END AS ListCost,
  CASE
    WHEN part = 0 THEN contracted_cost
    WHEN part = 9 THEN CAST(0 AS DECIMAL(38, 12))
    ELSE part_amount
  END AS ContractedCost,
  CASE WHEN part = 0 AND unit_priced THEN list_price END AS ListUnitPrice,
  CASE WHEN part = 0 AND unit_priced AND contract_priced THEN contract_price END AS ContractedUnitPrice,
  currency AS BillingCurrency,
  currency AS PricingCurrency,
  CASE WHEN part = 0 AND unit_priced THEN list_price END AS PricingCurrencyListUnitPrice,
  CASE WHEN part = 0 AND unit_priced AND contract_priced THEN contract_price END AS PricingCurrencyContractedUnitPrice,
  CASE
    WHEN part = 0 AND fee THEN CAST(0 AS DECIMAL(38, 12))
    WHEN part = 0 THEN net_cost
    WHEN part = 9 THEN net_cost + offset_amount
    WHEN part_kind = 'FEE_UTILIZATION_OFFSET' THEN CAST(0 AS DECIMAL(38, 12))
    ELSE part_amount
  END AS PricingCurrencyEffectiveCost,
  -- Who
  account_id AS BillingAccountId,
  CAST(NULL AS STRING) AS BillingAccountName,
  'Billing Account' AS BillingAccountType,
  project_id AS SubAccountId,
  CASE WHEN project_id IS NOT NULL THEN project_name END AS SubAccountName,
  CASE WHEN project_id IS NOT NULL THEN 'Project' END AS SubAccountType,
  CAST(NULL AS STRING) AS InvoiceId,
  'Google Cloud' AS InvoiceIssuerName,
  'Google Cloud' AS ProviderName,
  coalesce(seller, 'Google Cloud') AS PublisherName,
  -- When: invoice months as calendar months, usage times as they are
  CAST(CAST(month_start AS TIMESTAMP) AS STRING) AS BillingPeriodStart,
  CAST(CAST(month_start AS TIMESTAMP) + INTERVAL '1' MONTH AS STRING) AS BillingPeriodEnd,
  CAST(start_time AS STRING) AS ChargePeriodStart,
  CAST(end_time AS STRING) AS ChargePeriodEnd,
  -- What kind
  CASE
    WHEN part BETWEEN 1 AND 8 THEN 'Credit'
    WHEN part = 9 THEN 'Usage'
    WHEN fee THEN 'Purchase'
    WHEN cost_type = 'tax' THEN 'Tax'
    WHEN cost_type = 'regular' THEN 'Usage'
    ELSE 'Adjustment'
  END AS ChargeCategory,
  CASE WHEN part = 0 AND adjustment ILIKE '%correction%' THEN 'Correction' END AS ChargeClass,
  CASE WHEN part BETWEEN 1 AND 8 THEN coalesce(part_name, part_kind, 'Credit') ELSE sku_description END AS ChargeDescription,
  CASE
    WHEN fee THEN 'Recurring'
    WHEN part BETWEEN 1 AND 8 OR cost_type <> 'regular' THEN 'One-Time'
    ELSE 'Usage-Based'
  END AS ChargeFrequency,
  CASE
    WHEN part BETWEEN 1 AND 8 THEN NULL
    WHEN part = 9 THEN 'Committed'
    WHEN fee THEN 'Standard'
    WHEN cost_type <> 'regular' THEN NULL
    WHEN committed THEN 'Committed'
    WHEN sku_description ILIKE '%preemptible%' THEN 'Dynamic'
    ELSE 'Standard'
  END AS PricingCategory,
  CASE WHEN part = 0 AND cost_type <> 'tax' THEN pricing_quantity END AS PricingQuantity,
  CASE WHEN part = 0 AND cost_type <> 'tax' AND pricing_quantity IS NOT NULL THEN coalesce(pricing_unit, 'unit') END AS PricingUnit,
  CASE WHEN part = 0 AND cost_type = 'regular' AND NOT fee THEN quantity END AS ConsumedQuantity,
  CASE WHEN part = 0 AND cost_type = 'regular' AND NOT fee AND quantity IS NOT NULL THEN coalesce(unit, 'unit') END
    AS ConsumedUnit,
  -- Commitments
  CASE WHEN commitment_row THEN commitment END AS CommitmentDiscountId,
  CASE WHEN commitment_row AND commitment IS NOT NULL THEN coalesce(model, sku_description) END
    AS CommitmentDiscountName,
  CASE
    WHEN NOT commitment_row OR commitment IS NULL THEN NULL
    WHEN spend THEN 'Spend'
    ELSE 'Usage'
  END AS CommitmentDiscountCategory,
  CASE
    WHEN NOT commitment_row OR commitment IS NULL THEN NULL
    WHEN spend THEN 'Spend-based commitment'
    ELSE 'Resource-based commitment'
  END AS CommitmentDiscountType,
  CASE
    WHEN NOT commitment_row OR commitment IS NULL THEN NULL
    WHEN part = 0 AND committed AND NOT fee THEN 'Used'
    WHEN part = 9 AND offset_amount <> 0 THEN 'Unused'
    WHEN part = 9 THEN 'Used'
  END AS CommitmentDiscountStatus,
  CASE
    WHEN NOT commitment_row OR commitment IS NULL OR part BETWEEN 1 AND 8 OR (part = 0 AND fee) THEN NULL
    WHEN NOT spend THEN pricing_quantity
    WHEN part = 9 THEN net_cost + offset_amount
    ELSE net_cost
  END AS CommitmentDiscountQuantity,
  CASE
    WHEN NOT commitment_row OR commitment IS NULL OR part BETWEEN 1 AND 8 OR (part = 0 AND fee) THEN NULL
    WHEN NOT spend THEN coalesce(pricing_unit, 'unit')
    ELSE currency
  END AS CommitmentDiscountUnit,
  CAST(NULL AS STRING) AS CapacityReservationId,
  CAST(NULL AS STRING) AS CapacityReservationStatus,
  -- Service and SKU
  coalesce(service_name, service_id, 'Other') AS ServiceName,
  category AS ServiceCategory,
  CASE
    WHEN category = 'Compute' AND service_name = 'Compute Engine' THEN 'Virtual Machines'
    WHEN service_name IN ('Kubernetes Engine', 'Cloud Run') THEN 'Containers'
    WHEN service_name = 'Cloud Storage' THEN 'Object Storage'
    ELSE 'Other (' || category || ')'
  END AS ServiceSubcategory,
  CASE WHEN cost_type <> 'tax' THEN sku_id END AS SkuId,
  CASE WHEN cost_type <> 'tax' AND sku_id IS NOT NULL THEN sku_description END AS SkuMeter,
  CASE WHEN cost_type = 'tax' OR sku_id IS NULL THEN NULL WHEN tier_start IS NULL THEN sku_id ELSE sku_id || '/' || tier_start END
    AS SkuPriceId,
  CAST(NULL AS STRING) AS SkuPriceDetails,
  -- Where and which
  region AS RegionId,
  region AS RegionName,
  zone AS AvailabilityZone,
  coalesce(resource_global, resource_name) AS ResourceId,
  resource_name AS ResourceName,
  CASE WHEN coalesce(resource_global, resource_name) IS NOT NULL THEN service_name END AS ResourceType,
  CASE WHEN tags IS NOT NULL AND instr(tags, '"key"') = 0 THEN tags END AS Tags,
  -- Faults
  fault AS reject_reason,
  -- What scenarios need
  CASE
    WHEN part BETWEEN 1 AND 8 THEN coalesce(part_kind, 'UNKNOWN')
    WHEN part = 9 THEN 'commitment_cost'
    WHEN fee THEN 'commitment_fee'
    ELSE cost_type
  END AS x_LineItemType,
  CASE WHEN part = 0 THEN cud_amount END AS x_CommitmentCredit,
  CASE WHEN part = 0 THEN sud_amount END AS x_SustainedUseCredit,
  CASE WHEN part = 0 THEN negotiated_amount END AS x_NegotiatedCredit,
  CASE WHEN part = 0 THEN free_amount END AS x_FreeTierCredit,
  model AS x_ConsumptionModel,
  machine_type AS x_InstanceType,
  CASE
    WHEN machine_type IS NULL THEN NULL
    WHEN sku_description ILIKE '%windows%' THEN 'Windows'
    ELSE 'Linux'
  END AS x_OperatingSystem,
  CASE WHEN sku_description ILIKE 'licensing fee%' THEN sku_description END AS x_License,
  CASE WHEN sku_description ILIKE '%sole tenancy%' THEN 'host' WHEN machine_type IS NOT NULL THEN 'shared' END
    AS x_Tenancy,
  CASE WHEN machine_type IS NULL THEN NULL ELSE sku_description END AS x_ProductFamily,
  CASE
    WHEN NOT fee AND NOT consumption_priced THEN NULL
    WHEN coalesce(CASE WHEN fee THEN sku_description END, model) ILIKE '%1 year%' THEN '1y'
    WHEN coalesce(CASE WHEN fee THEN sku_description END, model) ILIKE '%3 year%' THEN '3y'
  END AS x_PurchaseTerm,
  CASE WHEN fee OR consumption_priced THEN 'No Upfront' END AS x_PaymentOption,
  CASE
    WHEN model ILIKE 'compute flexible%' THEN 'flexible'
    WHEN fee AND (sku_description LIKE 'Commitment - dollar based%: GCE %' OR sku_description ILIKE '%compute flexible%')
      THEN 'flexible'
  END AS x_PlanType,
  CASE WHEN fee AND NOT spend THEN 'resource' END AS x_OfferingClass,
  -- Cores and memory of a machine series are sold apart: n2/vcpu, n2/gib.
  CASE
    WHEN part BETWEEN 1 AND 8 OR cost_type <> 'regular' THEN NULL
    WHEN fee AND NOT spend AND re_match(sku_description, '^Commitment v[0-9]+: [A-Z][0-9]+[A-Z]* .*(Cpu|Ram) ')
      THEN lower(split_part(split_part(sku_description, ': ', 2), ' ', 1))
        || CASE WHEN sku_description LIKE '% Cpu %' THEN '/vcpu' ELSE '/gib' END
    WHEN NOT fee AND re_match(sku_description, '^[A-Z][0-9]+[A-Z]* .*Instance (Core|Ram) ')
      THEN lower(split_part(sku_description, ' ', 1))
        || CASE WHEN sku_description LIKE '% Core %' THEN '/vcpu' ELSE '/gib' END
  END AS x_UsageSku,
  CASE WHEN part = 0 AND committed AND NOT fee AND unit_priced AND consumption_priced THEN effective_price END
    AS x_PlanRate,
  CASE WHEN part = 0 AND committed AND NOT fee AND unit_priced THEN contract_price END AS x_OnDemandRate,
  CASE WHEN part = 0 AND committed AND NOT fee THEN contracted_cost END AS x_OnDemandCost,
  project_number AS x_ProjectNumber,
  labels AS x_Labels,
  transaction_type AS x_TransactionType,
  part AS x_Part,
  CASE WHEN part = 0 THEN rounded ELSE 0 END AS x_RoundedValues,
  _file,
  _row
FROM (
  SELECT
    typed.*,
    parts.part AS part,
    CASE parts.part WHEN 1 THEN a0 WHEN 2 THEN a1 WHEN 3 THEN a2 WHEN 4 THEN a3 WHEN 5 THEN a4 WHEN 6 THEN a5
      WHEN 7 THEN a6 WHEN 8 THEN a7 END AS part_amount,
    CASE parts.part WHEN 1 THEN k0 WHEN 2 THEN k1 WHEN 3 THEN k2 WHEN 4 THEN k3 WHEN 5 THEN k4 WHEN 6 THEN k5
      WHEN 7 THEN k6 WHEN 8 THEN k7 END AS part_kind,
    CASE parts.part WHEN 1 THEN c0 WHEN 2 THEN c1 WHEN 3 THEN c2 WHEN 4 THEN c3 WHEN 5 THEN c4 WHEN 6 THEN c5
      WHEN 7 THEN c6 WHEN 8 THEN c7 END AS part_class,
    CASE WHEN parts.part BETWEEN 1 AND 8 THEN coalesce(
      json_text(credits, '$[' || CAST(parts.part - 1 AS STRING) || '].full_name'),
      json_text(credits, '$[' || CAST(parts.part - 1 AS STRING) || '].name')) END AS part_name
  FROM (
    SELECT
      judged.*,
      CASE
        WHEN cost IS NULL THEN 'cost is no number: ' || coalesce(cost_text, 'empty')
        WHEN credits IS NOT NULL AND (json_text(credits, '$') IS NULL OR left(credits, 1) <> '[')
          THEN 'credits are no JSON list'
        WHEN ninth IS NOT NULL THEN 'more than 8 credits on one row'
        WHEN credits_bad THEN 'the amount of a credit is no number'
        WHEN list_cost IS NULL AND list_text IS NOT NULL THEN 'cost at list is no number: ' || list_text
        WHEN default_cost IS NULL AND default_text IS NOT NULL
          THEN 'cost at the default price is no number: ' || default_text
        WHEN start_time IS NULL THEN 'usage_start_time is no UTC time: ' || coalesce(start_text, 'empty')
        WHEN end_time IS NULL THEN 'usage_end_time is no UTC time: ' || coalesce(end_text, 'empty')
        WHEN month_start IS NULL THEN 'invoice month is no month: ' || coalesce(month_text, 'empty')
        WHEN quantity IS NULL AND quantity_text IS NOT NULL THEN 'usage amount is no number: ' || quantity_text
        WHEN pricing_quantity IS NULL AND pricing_quantity_text IS NOT NULL
          THEN 'usage amount in pricing units is no number: ' || pricing_quantity_text
        WHEN account_id IS NULL THEN 'no billing account'
        WHEN currency IS NULL THEN 'no currency'
      END AS fault,
      fee OR committed AS commitment_row,
      CASE WHEN cost_text IS NOT NULL AND money(cost_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN list_text IS NOT NULL AND money(list_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN default_text IS NOT NULL AND money(default_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN quantity_text IS NOT NULL AND money(quantity_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN pricing_quantity_text IS NOT NULL AND money(pricing_quantity_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN t0 IS NOT NULL AND money(t0) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN t1 IS NOT NULL AND money(t1) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN t2 IS NOT NULL AND money(t2) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN t3 IS NOT NULL AND money(t3) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN t4 IS NOT NULL AND money(t4) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN t5 IS NOT NULL AND money(t5) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN t6 IS NOT NULL AND money(t6) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN t7 IS NOT NULL AND money(t7) IS NULL THEN 1 ELSE 0 END AS rounded,
      sku_description LIKE 'Commitment - dollar based%' OR sku_description ILIKE '%flexible%'
        OR consumption_priced OR offset_amount <> 0 AS spend,
      CASE WHEN fee THEN coalesce(subscription, resource_global) ELSE subscription END AS commitment,
      cost + cud_amount + sud_amount + negotiated_amount + free_amount AS net_cost,
      CASE WHEN default_cost IS NOT NULL THEN default_cost ELSE cost + negotiated_amount END AS contracted_cost,
      -- A negotiated credit lowers the cost, not the price beside it.
      default_cost IS NOT NULL OR negotiated_amount = 0 AS contract_priced
    FROM (
      SELECT
        summed.*,
        coalesce(sku_description LIKE 'Commitment%', FALSE) OR offset_amount <> 0 AS fee,
        (consumption_priced OR cud_amount <> 0) AND cost_type = 'regular' AS committed
      FROM (
      SELECT
        amounts.*,
        (t0 IS NOT NULL AND a0 IS NULL) OR (t0 IS NULL AND k0 IS NOT NULL)
        OR (t1 IS NOT NULL AND a1 IS NULL) OR (t1 IS NULL AND k1 IS NOT NULL)
        OR (t2 IS NOT NULL AND a2 IS NULL) OR (t2 IS NULL AND k2 IS NOT NULL)
        OR (t3 IS NOT NULL AND a3 IS NULL) OR (t3 IS NULL AND k3 IS NOT NULL)
        OR (t4 IS NOT NULL AND a4 IS NULL) OR (t4 IS NULL AND k4 IS NOT NULL)
        OR (t5 IS NOT NULL AND a5 IS NULL) OR (t5 IS NULL AND k5 IS NOT NULL)
        OR (t6 IS NOT NULL AND a6 IS NULL) OR (t6 IS NULL AND k6 IS NOT NULL)
        OR (t7 IS NOT NULL AND a7 IS NULL) OR (t7 IS NULL AND k7 IS NOT NULL) AS credits_bad,
        CASE WHEN c0 = 'commitment' AND a0 IS NOT NULL THEN a0 ELSE zero END
        + CASE WHEN c1 = 'commitment' AND a1 IS NOT NULL THEN a1 ELSE zero END
        + CASE WHEN c2 = 'commitment' AND a2 IS NOT NULL THEN a2 ELSE zero END
        + CASE WHEN c3 = 'commitment' AND a3 IS NOT NULL THEN a3 ELSE zero END
        + CASE WHEN c4 = 'commitment' AND a4 IS NOT NULL THEN a4 ELSE zero END
        + CASE WHEN c5 = 'commitment' AND a5 IS NOT NULL THEN a5 ELSE zero END
        + CASE WHEN c6 = 'commitment' AND a6 IS NOT NULL THEN a6 ELSE zero END
        + CASE WHEN c7 = 'commitment' AND a7 IS NOT NULL THEN a7 ELSE zero END AS cud_amount,
        CASE WHEN c0 = 'sustained' AND a0 IS NOT NULL THEN a0 ELSE zero END
        + CASE WHEN c1 = 'sustained' AND a1 IS NOT NULL THEN a1 ELSE zero END
        + CASE WHEN c2 = 'sustained' AND a2 IS NOT NULL THEN a2 ELSE zero END
        + CASE WHEN c3 = 'sustained' AND a3 IS NOT NULL THEN a3 ELSE zero END
        + CASE WHEN c4 = 'sustained' AND a4 IS NOT NULL THEN a4 ELSE zero END
        + CASE WHEN c5 = 'sustained' AND a5 IS NOT NULL THEN a5 ELSE zero END
        + CASE WHEN c6 = 'sustained' AND a6 IS NOT NULL THEN a6 ELSE zero END
        + CASE WHEN c7 = 'sustained' AND a7 IS NOT NULL THEN a7 ELSE zero END AS sud_amount,
        CASE WHEN c0 = 'negotiated' AND a0 IS NOT NULL THEN a0 ELSE zero END
        + CASE WHEN c1 = 'negotiated' AND a1 IS NOT NULL THEN a1 ELSE zero END
        + CASE WHEN c2 = 'negotiated' AND a2 IS NOT NULL THEN a2 ELSE zero END
        + CASE WHEN c3 = 'negotiated' AND a3 IS NOT NULL THEN a3 ELSE zero END
        + CASE WHEN c4 = 'negotiated' AND a4 IS NOT NULL THEN a4 ELSE zero END
        + CASE WHEN c5 = 'negotiated' AND a5 IS NOT NULL THEN a5 ELSE zero END
        + CASE WHEN c6 = 'negotiated' AND a6 IS NOT NULL THEN a6 ELSE zero END
        + CASE WHEN c7 = 'negotiated' AND a7 IS NOT NULL THEN a7 ELSE zero END AS negotiated_amount,
        CASE WHEN c0 = 'free' AND a0 IS NOT NULL THEN a0 ELSE zero END
        + CASE WHEN c1 = 'free' AND a1 IS NOT NULL THEN a1 ELSE zero END
        + CASE WHEN c2 = 'free' AND a2 IS NOT NULL THEN a2 ELSE zero END
        + CASE WHEN c3 = 'free' AND a3 IS NOT NULL THEN a3 ELSE zero END
        + CASE WHEN c4 = 'free' AND a4 IS NOT NULL THEN a4 ELSE zero END
        + CASE WHEN c5 = 'free' AND a5 IS NOT NULL THEN a5 ELSE zero END
        + CASE WHEN c6 = 'free' AND a6 IS NOT NULL THEN a6 ELSE zero END
        + CASE WHEN c7 = 'free' AND a7 IS NOT NULL THEN a7 ELSE zero END AS free_amount,
        CASE WHEN c0 = 'offset' AND a0 IS NOT NULL THEN a0 ELSE zero END
        + CASE WHEN c1 = 'offset' AND a1 IS NOT NULL THEN a1 ELSE zero END
        + CASE WHEN c2 = 'offset' AND a2 IS NOT NULL THEN a2 ELSE zero END
        + CASE WHEN c3 = 'offset' AND a3 IS NOT NULL THEN a3 ELSE zero END
        + CASE WHEN c4 = 'offset' AND a4 IS NOT NULL THEN a4 ELSE zero END
        + CASE WHEN c5 = 'offset' AND a5 IS NOT NULL THEN a5 ELSE zero END
        + CASE WHEN c6 = 'offset' AND a6 IS NOT NULL THEN a6 ELSE zero END
        + CASE WHEN c7 = 'offset' AND a7 IS NOT NULL THEN a7 ELSE zero END AS offset_amount
      FROM (
        SELECT
          named.*,
          CAST(0 AS DECIMAL(38, 12)) AS zero,
          CASE
            WHEN k0 IN ('COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE') THEN 'commitment'
            WHEN k0 = 'SUSTAINED_USAGE_DISCOUNT' THEN 'sustained'
            WHEN k0 IN ('DISCOUNT', 'RESELLER_MARGIN') THEN 'negotiated'
            WHEN k0 = 'FREE_TIER' THEN 'free'
            WHEN k0 = 'FEE_UTILIZATION_OFFSET' THEN 'offset'
            WHEN k0 IS NOT NULL OR t0 IS NOT NULL THEN 'own'
          END AS c0,
          CASE
            WHEN k1 IN ('COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE') THEN 'commitment'
            WHEN k1 = 'SUSTAINED_USAGE_DISCOUNT' THEN 'sustained'
            WHEN k1 IN ('DISCOUNT', 'RESELLER_MARGIN') THEN 'negotiated'
            WHEN k1 = 'FREE_TIER' THEN 'free'
            WHEN k1 = 'FEE_UTILIZATION_OFFSET' THEN 'offset'
            WHEN k1 IS NOT NULL OR t1 IS NOT NULL THEN 'own'
          END AS c1,
          CASE
            WHEN k2 IN ('COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE') THEN 'commitment'
            WHEN k2 = 'SUSTAINED_USAGE_DISCOUNT' THEN 'sustained'
            WHEN k2 IN ('DISCOUNT', 'RESELLER_MARGIN') THEN 'negotiated'
            WHEN k2 = 'FREE_TIER' THEN 'free'
            WHEN k2 = 'FEE_UTILIZATION_OFFSET' THEN 'offset'
            WHEN k2 IS NOT NULL OR t2 IS NOT NULL THEN 'own'
          END AS c2,
          CASE
            WHEN k3 IN ('COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE') THEN 'commitment'
            WHEN k3 = 'SUSTAINED_USAGE_DISCOUNT' THEN 'sustained'
            WHEN k3 IN ('DISCOUNT', 'RESELLER_MARGIN') THEN 'negotiated'
            WHEN k3 = 'FREE_TIER' THEN 'free'
            WHEN k3 = 'FEE_UTILIZATION_OFFSET' THEN 'offset'
            WHEN k3 IS NOT NULL OR t3 IS NOT NULL THEN 'own'
          END AS c3,
          CASE
            WHEN k4 IN ('COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE') THEN 'commitment'
            WHEN k4 = 'SUSTAINED_USAGE_DISCOUNT' THEN 'sustained'
            WHEN k4 IN ('DISCOUNT', 'RESELLER_MARGIN') THEN 'negotiated'
            WHEN k4 = 'FREE_TIER' THEN 'free'
            WHEN k4 = 'FEE_UTILIZATION_OFFSET' THEN 'offset'
            WHEN k4 IS NOT NULL OR t4 IS NOT NULL THEN 'own'
          END AS c4,
          CASE
            WHEN k5 IN ('COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE') THEN 'commitment'
            WHEN k5 = 'SUSTAINED_USAGE_DISCOUNT' THEN 'sustained'
            WHEN k5 IN ('DISCOUNT', 'RESELLER_MARGIN') THEN 'negotiated'
            WHEN k5 = 'FREE_TIER' THEN 'free'
            WHEN k5 = 'FEE_UTILIZATION_OFFSET' THEN 'offset'
            WHEN k5 IS NOT NULL OR t5 IS NOT NULL THEN 'own'
          END AS c5,
          CASE
            WHEN k6 IN ('COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE') THEN 'commitment'
            WHEN k6 = 'SUSTAINED_USAGE_DISCOUNT' THEN 'sustained'
            WHEN k6 IN ('DISCOUNT', 'RESELLER_MARGIN') THEN 'negotiated'
            WHEN k6 = 'FREE_TIER' THEN 'free'
            WHEN k6 = 'FEE_UTILIZATION_OFFSET' THEN 'offset'
            WHEN k6 IS NOT NULL OR t6 IS NOT NULL THEN 'own'
          END AS c6,
          CASE
            WHEN k7 IN ('COMMITTED_USAGE_DISCOUNT', 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE') THEN 'commitment'
            WHEN k7 = 'SUSTAINED_USAGE_DISCOUNT' THEN 'sustained'
            WHEN k7 IN ('DISCOUNT', 'RESELLER_MARGIN') THEN 'negotiated'
            WHEN k7 = 'FREE_TIER' THEN 'free'
            WHEN k7 = 'FEE_UTILIZATION_OFFSET' THEN 'offset'
            WHEN k7 IS NOT NULL OR t7 IS NOT NULL THEN 'own'
          END AS c7,
          money_even(cost_text) AS cost,
          money_even(list_text) AS list_cost,
          money_even(default_text) AS default_cost,
          money_even(quantity_text) AS quantity,
          money_even(pricing_quantity_text) AS pricing_quantity,
          money_even(list_price_text) AS list_price,
          money_even(effective_price_text) AS effective_price,
          money_even(coalesce(default_price_text, effective_price_text)) AS contract_price,
          coalesce(money_even(price_quantity_text), CAST(1 AS DECIMAL(38, 12))) = 1 AS unit_priced,
          coalesce(lower(model) NOT LIKE 'default%', FALSE) AS consumption_priced,
          money_even(t0) AS a0,
          money_even(t1) AS a1,
          money_even(t2) AS a2,
          money_even(t3) AS a3,
          money_even(t4) AS a4,
          money_even(t5) AS a5,
          money_even(t6) AS a6,
          money_even(t7) AS a7,
          TRY_CAST(CASE WHEN re_match(start_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?( UTC|Z|[+]00(:?00)?)?$')
            THEN left(start_text, 10) || ' ' || substr(start_text, 12, 8) END AS TIMESTAMP) AS start_time,
          TRY_CAST(CASE WHEN re_match(end_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?( UTC|Z|[+]00(:?00)?)?$')
            THEN left(end_text, 10) || ' ' || substr(end_text, 12, 8) END AS TIMESTAMP) AS end_time,
          TRY_CAST(CASE WHEN re_match(month_text, '^[0-9]{6}$')
            THEN left(month_text, 4) || '-' || substr(month_text, 5, 2) || '-01' END AS DATE) AS month_start,
          -- [{"key":"a","value":"b"}] to {"a":"b"}: keys and values of labels hold no quotes.
          CASE
            WHEN labels IS NULL OR labels = '[]' THEN NULL
            ELSE '{' || replace(replace(replace(replace(replace(replace(labels, '[', ''), ']', ''),
              '{"key":', ''), ',"value":', ':'), '"}', '"'), 'null}', 'null') || '}'
          END AS tags,
          CASE
            WHEN service_name IN ('Compute Engine', 'Kubernetes Engine', 'Cloud Run', 'Cloud Run Functions',
              'Cloud Functions', 'App Engine', 'VMware Engine', 'Batch') THEN 'Compute'
            WHEN service_name IN ('Cloud Storage', 'Cloud Filestore', 'Artifact Registry', 'Backup for GKE',
              'NetApp Volumes') THEN 'Storage'
            WHEN service_name IN ('Networking', 'Cloud DNS', 'Cloud CDN', 'Cloud NAT') THEN 'Networking'
            WHEN service_name IN ('Cloud SQL', 'Cloud Spanner', 'Cloud Bigtable', 'AlloyDB', 'Cloud Firestore',
              'Cloud Memorystore for Redis', 'Cloud Memorystore for Memcached', 'Cloud Datastore') THEN 'Databases'
            WHEN service_name IN ('BigQuery', 'BigQuery Reservation API', 'BigQuery BI Engine',
              'BigQuery Storage API', 'Cloud Dataflow', 'Cloud Dataproc', 'Cloud Composer', 'Cloud Data Fusion')
              THEN 'Analytics'
            WHEN service_name IN ('Vertex AI', 'Cloud TPU', 'Gemini API', 'Cloud Vision API',
              'Cloud Natural Language', 'Cloud Speech API', 'Cloud Text-to-Speech API')
              THEN 'AI and Machine Learning'
            WHEN service_name IN ('Cloud Pub/Sub', 'Pub/Sub Lite', 'Cloud Tasks', 'Workflows', 'API Gateway')
              THEN 'Integration'
            WHEN service_name IN ('Cloud Key Management Service (KMS)', 'Secret Manager', 'Security Command Center',
              'Certificate Authority Service', 'Cloud Armor') THEN 'Security'
            WHEN service_name IN ('Cloud Logging', 'Cloud Monitoring', 'Stackdriver', 'Support')
              THEN 'Management and Governance'
            WHEN service_name IN ('Cloud Build', 'Cloud Scheduler', 'Source Repository') THEN 'Developer Tools'
            WHEN service_name IN ('Firebase', 'Firebase Hosting') THEN 'Mobile'
            ELSE 'Other'
          END AS category
        FROM (
          SELECT
            plain.*,
            json_text(credits, '$[0].type') AS k0,
            json_text(credits, '$[0].amount') AS t0,
            json_text(credits, '$[1].type') AS k1,
            json_text(credits, '$[1].amount') AS t1,
            json_text(credits, '$[2].type') AS k2,
            json_text(credits, '$[2].amount') AS t2,
            json_text(credits, '$[3].type') AS k3,
            json_text(credits, '$[3].amount') AS t3,
            json_text(credits, '$[4].type') AS k4,
            json_text(credits, '$[4].amount') AS t4,
            json_text(credits, '$[5].type') AS k5,
            json_text(credits, '$[5].amount') AS t5,
            json_text(credits, '$[6].type') AS k6,
            json_text(credits, '$[6].amount') AS t6,
            json_text(credits, '$[7].type') AS k7,
            json_text(credits, '$[7].amount') AS t7,
            coalesce(json_text(credits, '$[8].amount'), json_text(credits, '$[8].type')) AS ninth
          FROM (
            SELECT
              _file,
              _row,
              nullif(billing_account_id, '') AS account_id,
              nullif(cost, '') AS cost_text,
              nullif(cost_at_list, '') AS list_text,
              nullif(cost_at_effective_price_default, '') AS default_text,
              nullif(currency, '') AS currency,
              coalesce(lower(nullif(cost_type, '')), 'regular') AS cost_type,
              nullif(transaction_type, '') AS transaction_type,
              nullif(seller_name, '') AS seller,
              nullif(usage_start_time, '') AS start_text,
              nullif(usage_end_time, '') AS end_text,
              coalesce(nullif("invoice.month", ''), nullif(invoice_month, ''), json_text(invoice, '$.month')) AS month_text,
              coalesce(nullif("service.id", ''), nullif(service_id, ''), json_text(service, '$.id')) AS service_id,
              coalesce(nullif("service.description", ''), nullif(service_description, ''), json_text(service, '$.description')) AS service_name,
              coalesce(nullif("sku.id", ''), nullif(sku_id, ''), json_text(sku, '$.id')) AS sku_id,
              coalesce(nullif("sku.description", ''), nullif(sku_description, ''), json_text(sku, '$.description')) AS sku_description,
              coalesce(nullif("project.id", ''), nullif(project_id, ''), json_text(project, '$.id')) AS project_id,
              coalesce(nullif("project.name", ''), nullif(project_name, ''), json_text(project, '$.name')) AS project_name,
              coalesce(nullif("project.number", ''), nullif(project_number, ''), json_text(project, '$.number')) AS project_number,
              coalesce(coalesce(nullif("location.region", ''), nullif(location_region, ''), json_text(location, '$.region')),
                coalesce(nullif("location.location", ''), nullif(location_location, ''), json_text(location, '$.location'))) AS region,
              coalesce(nullif("location.zone", ''), nullif(location_zone, ''), json_text(location, '$.zone')) AS zone,
              coalesce(nullif("usage.amount", ''), nullif(usage_amount, ''), json_text(usage, '$.amount')) AS quantity_text,
              coalesce(nullif("usage.unit", ''), nullif(usage_unit, ''), json_text(usage, '$.unit')) AS unit,
              coalesce(nullif("usage.amount_in_pricing_units", ''), nullif(usage_amount_in_pricing_units, ''), json_text(usage, '$.amount_in_pricing_units')) AS pricing_quantity_text,
              coalesce(nullif("usage.pricing_unit", ''), nullif(usage_pricing_unit, ''), json_text(usage, '$.pricing_unit')) AS pricing_unit,
              coalesce(nullif("price.list_price", ''), nullif(price_list_price, ''), json_text(price, '$.list_price')) AS list_price_text,
              coalesce(nullif("price.effective_price", ''), nullif(price_effective_price, ''), json_text(price, '$.effective_price')) AS effective_price_text,
              coalesce(nullif("price.effective_price_default", ''), nullif(price_effective_price_default, ''), json_text(price, '$.effective_price_default')) AS default_price_text,
              coalesce(nullif("price.pricing_unit_quantity", ''), nullif(price_pricing_unit_quantity, ''), json_text(price, '$.pricing_unit_quantity')) AS price_quantity_text,
              coalesce(nullif("price.tier_start_amount", ''), nullif(price_tier_start_amount, ''), json_text(price, '$.tier_start_amount')) AS tier_start,
              coalesce(nullif("resource.name", ''), nullif(resource_name, ''), json_text(resource, '$.name')) AS resource_name,
              coalesce(nullif("resource.global_name", ''), nullif(resource_global_name, ''), json_text(resource, '$.global_name')) AS resource_global,
              coalesce(nullif("consumption_model.description", ''), nullif(consumption_model_description, ''), json_text(consumption_model, '$.description')) AS model,
              coalesce(nullif("subscription.instance_id", ''), nullif(subscription_instance_id, ''), json_text(subscription, '$.instance_id')) AS subscription,
              coalesce(nullif("adjustment_info.type", ''), nullif(adjustment_info_type, ''), json_text(adjustment_info, '$.type')) AS adjustment,
              nullif(labels, '') AS labels,
              CASE
                WHEN json_text(system_labels, '$[0].key') = 'compute.googleapis.com/machine_spec'
                  THEN json_text(system_labels, '$[0].value')
                WHEN json_text(system_labels, '$[1].key') = 'compute.googleapis.com/machine_spec'
                  THEN json_text(system_labels, '$[1].value')
                WHEN json_text(system_labels, '$[2].key') = 'compute.googleapis.com/machine_spec'
                  THEN json_text(system_labels, '$[2].value')
              END AS machine_type,
              -- One credit flattened into columns reads as a list of one.
              CASE
                WHEN nullif(credits, '') IS NOT NULL THEN credits
                WHEN nullif("credits.amount", '') IS NOT NULL THEN '[{"type":"'
                  || coalesce("credits.type", 'UNKNOWN') || '","amount":' || "credits.amount" || ',"name":"'
                  || replace(coalesce("credits.name", ''), '"', '') || '"}]'
              END AS credits
            FROM raw
          ) AS plain
        ) AS named
      ) AS amounts
      ) AS summed
    ) AS judged
  ) AS typed
  CROSS JOIN (
    SELECT 0 AS part UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
    UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9
  ) AS parts
) AS charges
WHERE part = 0
  OR (fault IS NULL AND part = 9 AND fee)
  OR (fault IS NULL AND part BETWEEN 1 AND 8 AND part_class IN ('own', 'offset'))
