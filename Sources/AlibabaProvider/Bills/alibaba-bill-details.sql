-- Alibaba Cloud bill details (instances or billing items; months, days or
-- details) to FOCUS. Headers of the export to OSS ("PretaxGrossAmount") and of
-- the console ("Pretax Gross Amount") are both read. One row becomes: the
-- charge (part 0); a Credit where a coupon lowered the pretax amount (part 1);
-- a Tax charge where the row states tax (part 2).
SELECT
  -- Money
  CASE part WHEN 0 THEN pretax + credited WHEN 1 THEN CAST(0 AS DECIMAL(38, 12)) - credited ELSE tax END
    AS BilledCost,
  CASE
    WHEN part = 0 AND commitment_purchase THEN CAST(0 AS DECIMAL(38, 12))
    WHEN part = 0 THEN pretax + credited + plan_deducted
    WHEN part = 1 THEN CAST(0 AS DECIMAL(38, 12)) - credited
    ELSE tax
  END AS EffectiveCost,
  CASE part WHEN 0 THEN gross WHEN 1 THEN CAST(0 AS DECIMAL(38, 12)) - credited ELSE tax END AS ListCost,
  CASE part WHEN 0 THEN gross - discount WHEN 1 THEN CAST(0 AS DECIMAL(38, 12)) - credited ELSE tax END
    AS ContractedCost,
  CASE WHEN part = 0 AND usage_quantity IS NOT NULL THEN list_price END AS ListUnitPrice,
  CAST(NULL AS STRING) AS ContractedUnitPrice,
  CASE WHEN part = 2 THEN coalesce(payment_currency, currency) ELSE currency END AS BillingCurrency,
  CASE WHEN part = 2 THEN coalesce(payment_currency, currency) ELSE currency END AS PricingCurrency,
  CASE WHEN part = 0 AND usage_quantity IS NOT NULL THEN list_price END AS PricingCurrencyListUnitPrice,
  CAST(NULL AS STRING) AS PricingCurrencyContractedUnitPrice,
  CASE
    WHEN part = 0 AND commitment_purchase THEN CAST(0 AS DECIMAL(38, 12))
    WHEN part = 0 THEN pretax + credited + plan_deducted
    WHEN part = 1 THEN CAST(0 AS DECIMAL(38, 12)) - credited
    ELSE tax
  END AS PricingCurrencyEffectiveCost,
  -- Who
  account_id AS BillingAccountId,
  account_name AS BillingAccountName,
  'Account' AS BillingAccountType,
  coalesce(owner_id, account_id) AS SubAccountId,
  CASE WHEN owner_id IS NULL THEN account_name ELSE owner_name END AS SubAccountName,
  'Account' AS SubAccountType,
  CAST(NULL AS STRING) AS InvoiceId,
  'Alibaba Cloud' AS InvoiceIssuerName,
  'Alibaba Cloud' AS ProviderName,
  'Alibaba Cloud' AS PublisherName,
  -- When: cycles as calendar months; usage times are UTC+8 unless they say Z
  CAST(CAST(cycle AS TIMESTAMP) AS STRING) AS BillingPeriodStart,
  CAST(CAST(cycle AS TIMESTAMP) + INTERVAL '1' MONTH AS STRING) AS BillingPeriodEnd,
  CAST(charge_start AS STRING) AS ChargePeriodStart,
  CAST(charge_end AS STRING) AS ChargePeriodEnd,
  -- What kind
  CASE
    WHEN part = 1 THEN 'Credit'
    WHEN part = 2 THEN 'Tax'
    WHEN kind = 'adjustment' THEN 'Adjustment'
    WHEN prepaid OR commitment_purchase THEN 'Purchase'
    ELSE 'Usage'
  END AS ChargeCategory,
  CASE WHEN part = 0 AND kind = 'refund' THEN 'Correction' END AS ChargeClass,
  CASE
    WHEN part = 1 THEN 'Coupon'
    WHEN part = 2 THEN 'Tax'
    ELSE coalesce(billing_item, product_detail, product_name, product_code)
  END AS ChargeDescription,
  CASE
    WHEN part = 0 AND kind = 'payasyougobill' AND commitment_purchase THEN 'Recurring'
    WHEN part = 0 AND kind = 'payasyougobill' THEN 'Usage-Based'
    ELSE 'One-Time'
  END AS ChargeFrequency,
  CASE
    WHEN part > 0 OR kind = 'adjustment' THEN NULL
    WHEN covered THEN 'Committed'
    WHEN preemptible THEN 'Dynamic'
    ELSE 'Standard'
  END AS PricingCategory,
  CASE WHEN part = 0 THEN usage_quantity END AS PricingQuantity,
  CASE WHEN part = 0 AND usage_quantity IS NOT NULL THEN coalesce(usage_unit, 'unit') END AS PricingUnit,
  CASE WHEN part = 0 AND NOT prepaid AND NOT commitment_purchase THEN usage_quantity END AS ConsumedQuantity,
  CASE WHEN part = 0 AND NOT prepaid AND NOT commitment_purchase AND usage_quantity IS NOT NULL
    THEN coalesce(usage_unit, 'unit') END AS ConsumedUnit,
  -- Commitments
  CASE WHEN part = 0 THEN commitment END AS CommitmentDiscountId,
  CASE WHEN part = 0 AND commitment IS NOT NULL AND commitment_purchase THEN nick_name END AS CommitmentDiscountName,
  CASE
    WHEN part > 0 OR commitment IS NULL THEN NULL
    WHEN savings_plan THEN 'Spend'
    ELSE 'Usage'
  END AS CommitmentDiscountCategory,
  CASE
    WHEN part > 0 OR commitment IS NULL THEN NULL
    WHEN savings_plan THEN 'Savings plan'
    ELSE 'Reserved instance'
  END AS CommitmentDiscountType,
  CASE WHEN part = 0 AND commitment IS NOT NULL AND covered THEN 'Used' END AS CommitmentDiscountStatus,
  CASE
    WHEN part > 0 OR commitment IS NULL OR NOT covered THEN NULL
    WHEN savings_plan THEN plan_deducted
    ELSE usage_quantity
  END AS CommitmentDiscountQuantity,
  CASE
    WHEN part > 0 OR commitment IS NULL OR NOT covered THEN NULL
    WHEN savings_plan THEN currency
    WHEN usage_quantity IS NOT NULL THEN coalesce(usage_unit, 'unit')
  END AS CommitmentDiscountUnit,
  CAST(NULL AS STRING) AS CapacityReservationId,
  CAST(NULL AS STRING) AS CapacityReservationStatus,
  -- Service and SKU
  coalesce(product_name, product_code, 'Other') AS ServiceName,
  category AS ServiceCategory,
  CASE
    WHEN product = 'ecs' THEN 'Virtual Machines'
    WHEN product = 'oss' THEN 'Object Storage'
    WHEN product IN ('cs', 'ack', 'eci', 'sae') THEN 'Containers'
    ELSE 'Other (' || category || ')'
  END AS ServiceSubcategory,
  CASE WHEN part < 2 THEN coalesce(item_code, commodity_code, product_code) END AS SkuId,
  CASE WHEN part < 2 THEN coalesce(billing_item, product_detail, product_name, product_code) END AS SkuMeter,
  CASE
    WHEN part = 2 OR coalesce(item_code, commodity_code, product_code) IS NULL THEN NULL
    ELSE coalesce(item_code, commodity_code, product_code) || '/' || coalesce(instance_spec, '') || '/'
      || coalesce(region, '')
  END AS SkuPriceId,
  CAST(NULL AS STRING) AS SkuPriceDetails,
  -- Where and which
  region AS RegionId,
  region AS RegionName,
  zone AS AvailabilityZone,
  instance AS ResourceId,
  nick_name AS ResourceName,
  CASE WHEN instance IS NOT NULL THEN coalesce(product_code, product_name) END AS ResourceType,
  CASE
    WHEN tag IS NULL OR instr(tag, '"') > 0 OR instr(tag, chr(92)) > 0 THEN NULL
    WHEN tag LIKE 'key:%' THEN '{"'
      || replace(replace(replace(substr(tag, 5), '; key:', '","'), ';key:', '","'), ' value:', '":"') || '"}'
    -- Where a value holds a colon itself the text can't be told apart.
    WHEN length(tag) - length(replace(tag, ':', '')) = length(tag) - length(replace(tag, ';', '')) + 1
      THEN '{"' || replace(replace(tag, ';', '","'), ':', '":"') || '"}'
  END AS Tags,
  -- Faults
  fault AS reject_reason,
  -- What scenarios need
  CASE part WHEN 1 THEN 'Coupon' WHEN 2 THEN 'Tax' ELSE item END AS x_LineItemType,
  CASE WHEN part = 0 THEN residual END AS x_AmountResidual,
  CASE WHEN part = 0 THEN round_down END AS x_RoundDownDiscount,
  CASE WHEN part = 0 THEN discount END AS x_InvoiceDiscount,
  CASE WHEN part = 0 THEN plan_deducted END AS x_SavingsPlanDeducted,
  CASE WHEN part = 0 THEN reserved_deducted END AS x_ReservedInstanceDeducted,
  package_deducted AS x_ResourcePackageDeducted,
  subscription_type AS x_SubscriptionType,
  billing_type AS x_BillingType,
  instance_spec AS x_InstanceType,
  CASE
    WHEN instance_config ILIKE '%windows%' OR billing_item ILIKE '%windows%' THEN 'Windows'
    WHEN product = 'ecs' AND instance_spec IS NOT NULL THEN 'Linux'
  END AS x_OperatingSystem,
  CASE WHEN product = 'ecs' AND instance_spec IS NOT NULL THEN 'shared' END AS x_Tenancy,
  CAST(NULL AS STRING) AS x_License,
  product_detail AS x_ProductFamily,
  CASE WHEN prepaid OR commitment_purchase THEN service_period || ' ' || coalesce(service_unit, '') END AS x_PurchaseTerm,
  CASE
    WHEN NOT commitment_purchase OR NOT savings_plan THEN NULL
    WHEN lower(coalesce(product_detail, '') || ' ' || coalesce(commodity_code, '')) LIKE '%general%' THEN 'general'
    WHEN lower(coalesce(product_detail, '') || ' ' || coalesce(commodity_code, '')) LIKE '%ecs%' THEN 'ecs'
  END AS x_PlanType,
  CASE WHEN commitment_purchase AND NOT savings_plan THEN 'reserved' END AS x_OfferingClass,
  CASE WHEN commitment_purchase AND NOT savings_plan THEN usage_quantity END AS x_Reservations,
  CASE WHEN commitment_purchase AND NOT savings_plan AND kind <> 'payasyougobill' THEN pretax END AS x_UpfrontValue,
  CASE WHEN commitment_purchase AND kind <> 'payasyougobill' THEN CAST(charge_start AS STRING) END AS x_CommitmentStart,
  CASE WHEN commitment_purchase AND kind <> 'payasyougobill' THEN CAST(charge_end AS STRING) END AS x_CommitmentEnd,
  CASE
    WHEN NOT commitment_purchase THEN NULL
    WHEN kind = 'payasyougobill' THEN 'No Upfront'
    ELSE 'Upfront'
  END AS x_PaymentOption,
  CASE WHEN part = 0 AND covered THEN gross - discount END AS x_OnDemandCost,
  CASE WHEN part = 0 AND covered THEN list_price END AS x_OnDemandRate,
  resource_group AS x_ResourceGroup,
  cost_unit AS x_CostUnit,
  instance_config AS x_InstanceConfig,
  tag AS x_Tag,
  record AS x_RecordId,
  part AS x_Part,
  CASE WHEN part = 0 THEN rounded ELSE 0 END AS x_RoundedValues,
  _file,
  _row
FROM (
  SELECT
    judged.*,
    parts.part AS part
  FROM (
    SELECT
      numbers.*,
      CASE
        WHEN gross IS NULL AND gross_text IS NOT NULL THEN 'gross is no number: ' || gross_text
        WHEN pretax IS NULL AND pretax_text IS NOT NULL THEN 'pretax is no number: ' || pretax_text
        WHEN list_price IS NULL AND list_price_text IS NOT NULL THEN 'list price is no number: ' || list_price_text
        WHEN usage_quantity IS NULL AND usage_quantity_text IS NOT NULL THEN 'usage quantity is no number: ' || usage_quantity_text
        WHEN number_fault IS NOT NULL THEN 'amount is no number: ' || number_fault
        WHEN gross IS NULL THEN 'no pretax gross amount'
        WHEN pretax IS NULL THEN 'no pretax amount'
        WHEN cycle IS NULL THEN 'billing cycle is no month: ' || coalesce(cycle_text, 'empty')
        WHEN charge_start IS NULL THEN 'start of the charge is no time: ' || coalesce(start_text, date_text, 'empty')
        WHEN charge_end IS NULL THEN 'end of the charge is no time: ' || coalesce(end_text, date_text, 'empty')
        WHEN account_id IS NULL THEN 'no account'
        WHEN currency IS NULL THEN 'no currency'
      END AS fault,
      CASE WHEN gross_text IS NOT NULL AND money(gross_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN discount_text IS NOT NULL AND money(discount_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN round_down_text IS NOT NULL AND money(round_down_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN coupons_text IS NOT NULL AND money(coupons_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN pretax_text IS NOT NULL AND money(pretax_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN plan_deducted_text IS NOT NULL AND money(plan_deducted_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN reserved_deducted_text IS NOT NULL AND money(reserved_deducted_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN tax_text IS NOT NULL AND money(tax_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN list_price_text IS NOT NULL AND money(list_price_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN usage_quantity_text IS NOT NULL AND money(usage_quantity_text) IS NULL THEN 1 ELSE 0 END AS rounded,
      -- Whether the coupon is inside the pretax amount or pays it afterwards
      -- differs between bills: the row's own sum tells.
      CASE
        WHEN coupons <> 0 AND gross - discount - round_down - plan_deducted - coupons = pretax THEN coupons
        ELSE CAST(0 AS DECIMAL(38, 12))
      END AS credited,
      CASE
        WHEN gross - discount - round_down - plan_deducted = pretax THEN CAST(0 AS DECIMAL(38, 12))
        ELSE gross - discount - round_down - plan_deducted - coupons - pretax
      END AS residual
    FROM (
      SELECT
        named.*,
        money_even(gross_text) AS gross,
        money_even(pretax_text) AS pretax,
        coalesce(money_even(discount_text), CAST(0 AS DECIMAL(38, 12))) AS discount,
        coalesce(money_even(round_down_text), CAST(0 AS DECIMAL(38, 12))) AS round_down,
        coalesce(money_even(coupons_text), CAST(0 AS DECIMAL(38, 12))) AS coupons,
        coalesce(money_even(plan_deducted_text), CAST(0 AS DECIMAL(38, 12))) AS plan_deducted,
        coalesce(money_even(reserved_deducted_text), CAST(0 AS DECIMAL(38, 12))) AS reserved_deducted,
        coalesce(money_even(tax_text), CAST(0 AS DECIMAL(38, 12))) AS tax,
        money_even(list_price_text) AS list_price,
        money_even(usage_quantity_text) AS usage_quantity,
        CASE
          WHEN discount_text IS NOT NULL AND money_even(discount_text) IS NULL THEN discount_text
          WHEN round_down_text IS NOT NULL AND money_even(round_down_text) IS NULL THEN round_down_text
          WHEN coupons_text IS NOT NULL AND money_even(coupons_text) IS NULL THEN coupons_text
          WHEN plan_deducted_text IS NOT NULL AND money_even(plan_deducted_text) IS NULL THEN plan_deducted_text
          WHEN reserved_deducted_text IS NOT NULL AND money_even(reserved_deducted_text) IS NULL THEN reserved_deducted_text
          WHEN tax_text IS NOT NULL AND money_even(tax_text) IS NULL THEN tax_text
        END AS number_fault,
        TRY_CAST(CASE
          WHEN re_match(cycle_text, '^[0-9]{4}-[0-9]{2}$') THEN cycle_text || '-01'
          WHEN re_match(cycle_text, '^[0-9]{6}$') THEN left(cycle_text, 4) || '-' || substr(cycle_text, 5, 2) || '-01'
        END AS DATE) AS cycle,
        CASE
          WHEN start_text IS NOT NULL THEN TRY_CAST(CASE
            WHEN re_match(start_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') THEN start_text || ' 00:00:00'
            WHEN re_match(start_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}Z?$')
              THEN left(start_text, 10) || ' ' || substr(start_text, 12, 5) || ':00'
            WHEN re_match(start_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}Z?$')
              THEN left(start_text, 10) || ' ' || substr(start_text, 12, 8)
          END AS TIMESTAMP)
            - CASE WHEN start_text LIKE '%Z' THEN INTERVAL '0' HOUR ELSE INTERVAL '8' HOUR END
          WHEN date_text IS NOT NULL THEN TRY_CAST(CASE
            WHEN re_match(date_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') THEN date_text || ' 00:00:00'
            WHEN re_match(date_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}Z?$')
              THEN left(date_text, 10) || ' ' || substr(date_text, 12, 5) || ':00'
            WHEN re_match(date_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}Z?$')
              THEN left(date_text, 10) || ' ' || substr(date_text, 12, 8)
          END AS TIMESTAMP) - INTERVAL '8' HOUR
          ELSE TRY_CAST(cycle_text || '-01 00:00:00' AS TIMESTAMP) - INTERVAL '8' HOUR
        END AS charge_start,
        CASE
          WHEN end_text IS NOT NULL THEN TRY_CAST(CASE
            WHEN re_match(end_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') THEN end_text || ' 00:00:00'
            WHEN re_match(end_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}Z?$')
              THEN left(end_text, 10) || ' ' || substr(end_text, 12, 5) || ':00'
            WHEN re_match(end_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}Z?$')
              THEN left(end_text, 10) || ' ' || substr(end_text, 12, 8)
          END AS TIMESTAMP)
            - CASE WHEN end_text LIKE '%Z' THEN INTERVAL '0' HOUR ELSE INTERVAL '8' HOUR END
          WHEN date_text IS NOT NULL THEN TRY_CAST(CASE
            WHEN re_match(date_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') THEN date_text || ' 00:00:00'
            WHEN re_match(date_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}Z?$')
              THEN left(date_text, 10) || ' ' || substr(date_text, 12, 5) || ':00'
            WHEN re_match(date_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}Z?$')
              THEN left(date_text, 10) || ' ' || substr(date_text, 12, 8)
          END AS TIMESTAMP) + INTERVAL '16' HOUR
          ELSE TRY_CAST(cycle_text || '-01 00:00:00' AS TIMESTAMP) + INTERVAL '1' MONTH - INTERVAL '8' HOUR
        END AS charge_end,
        coalesce(plan_id, reserved_id, CASE WHEN bought IS NOT NULL THEN instance END) AS commitment,
        bought IS NOT NULL AND kind <> 'adjustment' AS commitment_purchase,
        bought = 'plan' OR (bought IS NULL AND plan_id IS NOT NULL) AS savings_plan,
        bought IS NULL AND coalesce(plan_id, reserved_id) IS NOT NULL AS covered,
        subscription = 'subscription' OR kind = 'subscriptionorder' AS prepaid,
        lower(coalesce(billing_type, '')) LIKE '%spot%' OR lower(coalesce(billing_type, '')) LIKE '%preempt%'
          AS preemptible,
        CASE
          WHEN product IN ('ecs', 'eci', 'cs', 'ack', 'sae', 'fc', 'swas', 'ehpc', 'savingplan', 'ri')
            OR bought IS NOT NULL THEN 'Compute'
          WHEN product IN ('oss', 'nas', 'snapshot', 'hbr', 'ots', 'disk', 'yundisk') THEN 'Storage'
          WHEN product IN ('slb', 'alb', 'nlb', 'eip', 'cbn', 'cdn', 'vpn', 'nat', 'cbwp', 'dns', 'privatelink')
            THEN 'Networking'
          WHEN product IN ('rds', 'kvstore', 'dds', 'polardb', 'redisa', 'hbase', 'drds') THEN 'Databases'
          WHEN product IN ('odps', 'maxcompute', 'emr', 'ads', 'flink', 'elasticsearch', 'hologram') THEN 'Analytics'
          WHEN product IN ('pai', 'learn', 'nls', 'bailian') THEN 'AI and Machine Learning'
          WHEN product IN ('waf', 'sas', 'ddos', 'kms', 'cas') THEN 'Security'
          WHEN product IN ('ons', 'mns', 'alikafka', 'apigateway', 'eventbridge') THEN 'Integration'
          WHEN product IN ('sls', 'cms', 'arms', 'actiontrail') THEN 'Management and Governance'
          ELSE 'Other'
        END AS category
      FROM (
        SELECT
          plain.*,
          lower(product_code) AS product,
          CASE
            WHEN replace(lower(item), ' ', '') IN ('payasyougobill', 'pay-as-you-gobill') THEN 'payasyougobill'
            WHEN replace(lower(item), ' ', '') IN ('subscriptionorder', 'refund', 'adjustment')
              THEN replace(lower(item), ' ', '')
            WHEN item IS NULL AND replace(lower(subscription_type), '-', '') = 'subscription' THEN 'subscriptionorder'
            WHEN item IS NULL THEN 'payasyougobill'
            ELSE 'adjustment'
          END AS kind,
          replace(replace(lower(subscription_type), '-', ''), ' ', '') AS subscription,
          -- Whether the row pays for a commitment, told by what is sold.
          CASE
            WHEN replace(replace(lower(coalesce(product_code, '') || ' ' || coalesce(commodity_code, '') || ' '
                || coalesce(product_type, '') || ' ' || coalesce(product_detail, '')), ' ', ''), '_', '')
              LIKE '%saving%plan%' THEN 'plan'
            WHEN replace(replace(lower(coalesce(product_code, '') || ' ' || coalesce(commodity_code, '') || ' '
                || coalesce(product_type, '') || ' ' || coalesce(product_detail, '')), ' ', ''), '_', '')
              LIKE '%reservedinstance%' OR lower(commodity_code) = 'ecsri' OR lower(product_type) = 'ecsri'
              THEN 'reserved'
          END AS bought
        FROM (
          SELECT
            _file,
            _row,
            coalesce(nullif(PretaxGrossAmount, ''), nullif("Pretax Gross Amount", '')) AS gross_text,
            coalesce(nullif(InvoiceDiscount, ''), nullif("Invoice Discount", '')) AS discount_text,
            coalesce(nullif(RoundDownDiscount, ''), nullif("Round Down Discount", '')) AS round_down_text,
            coalesce(nullif(DeductedByCoupons, ''), nullif("Deducted By Coupons", '')) AS coupons_text,
            coalesce(nullif(PretaxAmount, ''), nullif("Pretax Amount", '')) AS pretax_text,
            coalesce(nullif(SpnDiscountAmount, ''), nullif("Spn Discount Amount", ''), nullif(DeductedBySavingsPlan, ''), nullif("Deducted By Savings Plan", ''))
              AS plan_deducted_text,
            coalesce(nullif(DeductedByReservedInstance, ''), nullif("Deducted By Reserved Instance", '')) AS reserved_deducted_text,
            coalesce(nullif(SpnID, ''), nullif("Spn ID", ''), nullif(SavingsPlanID, ''), nullif("Savings Plan ID", '')) AS plan_id,
            coalesce(nullif(ReservedInstanceID, ''), nullif("Reserved Instance ID", '')) AS reserved_id,
            coalesce(nullif(DeductedByResourcePackage, ''), nullif("Deducted By Resource Package", '')) AS package_deducted,
            nullif(Tax, '') AS tax_text,
            nullif(Currency, '') AS currency,
            coalesce(nullif(PaymentCurrency, ''), nullif("Payment Currency", '')) AS payment_currency,
            coalesce(nullif(ListPrice, ''), nullif("List Price", '')) AS list_price_text,
            nullif(Usage, '') AS usage_quantity_text,
            coalesce(nullif(UsageUnit, ''), nullif("Usage Unit", '')) AS usage_unit,
            coalesce(nullif(BillingCycle, ''), nullif("Billing Cycle", '')) AS cycle_text,
            coalesce(nullif(BillingDate, ''), nullif("Billing Date", '')) AS date_text,
            coalesce(nullif(UsageStartTime, ''), nullif("Usage Start Time", '')) AS start_text,
            coalesce(nullif(UsageEndTime, ''), nullif("Usage End Time", '')) AS end_text,
            coalesce(nullif(AccountID, ''), nullif("Account ID", '')) AS account_id,
            coalesce(nullif(AccountName, ''), nullif("Account Name", '')) AS account_name,
            coalesce(nullif(OwnerID, ''), nullif("Owner ID", '')) AS owner_id,
            coalesce(nullif(OwnerAccountName, ''), nullif("Owner Account Name", '')) AS owner_name,
            coalesce(nullif(SubscriptionType, ''), nullif("Subscription Type", '')) AS subscription_type,
            coalesce(nullif(Item, ''), nullif("Bill Type", '')) AS item,
            coalesce(nullif(BillingType, ''), nullif("Billing Type", '')) AS billing_type,
            coalesce(nullif(BillingItem, ''), nullif("Billing Item", '')) AS billing_item,
            coalesce(nullif(BillingItemCode, ''), nullif("Billing Item Code", '')) AS item_code,
            coalesce(nullif(CommodityCode, ''), nullif("Commodity Code", '')) AS commodity_code,
            coalesce(nullif(ProductCode, ''), nullif("Product Code", '')) AS product_code,
            coalesce(nullif(ProductName, ''), nullif("Product Name", '')) AS product_name,
            coalesce(nullif(ProductType, ''), nullif("Product Type", '')) AS product_type,
            coalesce(nullif(ProductDetail, ''), nullif("Product Detail", '')) AS product_detail,
            coalesce(nullif(ServicePeriod, ''), nullif("Service Period", '')) AS service_period,
            coalesce(nullif(ServicePeriodUnit, ''), nullif("Service Period Unit", '')) AS service_unit,
            coalesce(nullif(InstanceID, ''), nullif("Instance ID", '')) AS instance,
            coalesce(nullif(NickName, ''), nullif("Nick Name", ''), nullif("Instance Name", '')) AS nick_name,
            coalesce(nullif(InstanceSpec, ''), nullif("Instance Spec", '')) AS instance_spec,
            coalesce(nullif(InstanceConfig, ''), nullif("Instance Config", '')) AS instance_config,
            coalesce(nullif(ResourceGroup, ''), nullif("Resource Group", '')) AS resource_group,
            nullif(Region, '') AS region,
            nullif(Zone, '') AS zone,
            nullif(Tag, '') AS tag,
            coalesce(nullif(CostUnit, ''), nullif("Cost Unit", '')) AS cost_unit,
            coalesce(nullif(RecordID, ''), nullif("Record ID", '')) AS record
          FROM raw
        ) AS plain
      ) AS named
    ) AS numbers
  ) AS judged
  CROSS JOIN (SELECT 0 AS part UNION ALL SELECT 1 UNION ALL SELECT 2) AS parts
) AS charges
WHERE part = 0
  OR (part = 1 AND fault IS NULL AND credited <> 0)
  OR (part = 2 AND fault IS NULL AND tax <> 0)
