-- Azure cost details, actual and amortised views, EA and MCA columns, to FOCUS.
-- One charge per row. @VIEW@ is replaced by actual or amortized; it decides
-- only which rows belong to the other view, never an amount.
SELECT
  -- Money
  billed AS BilledCost,
  effective AS EffectiveCost,
  list AS ListCost,
  contracted AS ContractedCost,
  CASE
    WHEN NOT priced OR pay_go_text IS NULL THEN NULL
    WHEN same_currency THEN pay_go
    WHEN rate IS NOT NULL THEN money_times(pay_go, rate)
  END AS ListUnitPrice,
  CASE
    WHEN NOT priced OR unit_price_text IS NULL THEN NULL
    WHEN same_currency THEN unit_price
    WHEN rate IS NOT NULL THEN money_times(unit_price, rate)
  END AS ContractedUnitPrice,
  billing_currency AS BillingCurrency,
  pricing_currency AS PricingCurrency,
  CASE
    WHEN priced AND pay_go IS NOT NULL THEN pay_go
    WHEN kind = 'purchase' AND quantity = 1 THEN pricing_cost
  END AS PricingCurrencyListUnitPrice,
  CASE
    WHEN priced AND unit_price IS NOT NULL THEN unit_price
    WHEN kind = 'purchase' AND quantity = 1 THEN pricing_cost
  END AS PricingCurrencyContractedUnitPrice,
  CASE
    WHEN same_currency THEN effective
    WHEN commitment_purchase THEN CAST(0 AS DECIMAL(38, 12))
    ELSE pricing_cost
  END AS PricingCurrencyEffectiveCost,
  -- Who
  account_id AS BillingAccountId,
  account_name AS BillingAccountName,
  CASE WHEN family = 'mca' THEN 'Billing Account' ELSE 'Enrollment' END AS BillingAccountType,
  subscription_id AS SubAccountId,
  subscription_name AS SubAccountName,
  CASE WHEN subscription_id IS NOT NULL THEN 'Subscription' END AS SubAccountType,
  invoice_id AS InvoiceId,
  'Microsoft' AS InvoiceIssuerName,
  'Microsoft' AS ProviderName,
  coalesce(publisher_name, 'Microsoft') AS PublisherName,
  -- When
  CAST(CAST(period_start AS TIMESTAMP) AS STRING) AS BillingPeriodStart,
  CAST(CAST(period_end AS TIMESTAMP) + INTERVAL '1' DAY AS STRING) AS BillingPeriodEnd,
  CAST(CAST(day AS TIMESTAMP) AS STRING) AS ChargePeriodStart,
  CAST(CAST(day AS TIMESTAMP) + INTERVAL '1' DAY AS STRING) AS ChargePeriodEnd,
  -- What kind
  CASE
    WHEN kind IN ('usage', 'unusedreservation', 'unusedsavingsplan') THEN 'Usage'
    WHEN kind = 'purchase' THEN 'Purchase'
    WHEN kind = 'refund' AND (commitment IS NOT NULL OR frequency <> 'Usage-Based') THEN 'Purchase'
    WHEN kind = 'refund' THEN 'Usage'
    WHEN kind = 'tax' THEN 'Tax'
    WHEN kind = 'credit' THEN 'Credit'
    ELSE 'Adjustment'
  END AS ChargeCategory,
  CASE WHEN kind = 'refund' THEN 'Correction' END AS ChargeClass,
  coalesce(product, meter_name, meter_category, charge_type) AS ChargeDescription,
  CASE
    WHEN frequency = 'Usage-Based' AND (kind = 'purchase' OR (kind = 'refund' AND commitment IS NOT NULL)) THEN 'One-Time'
    ELSE frequency
  END AS ChargeFrequency,
  CASE
    WHEN kind IN ('tax', 'credit', 'adjustment', 'roundingadjustment') THEN NULL
    WHEN covered OR unused THEN 'Committed'
    WHEN commitment_purchase THEN 'Standard'
    WHEN pricing_model = 'spot' THEN 'Dynamic'
    WHEN pricing_model = 'ondemand' OR pricing_model IS NULL THEN 'Standard'
    ELSE 'Other'
  END AS PricingCategory,
  CASE WHEN kind <> 'tax' THEN quantity END AS PricingQuantity,
  CASE WHEN kind <> 'tax' AND quantity IS NOT NULL THEN coalesce(unit, 'Units') END AS PricingUnit,
  CASE WHEN kind = 'usage' THEN quantity END AS ConsumedQuantity,
  CASE WHEN kind = 'usage' AND quantity IS NOT NULL THEN coalesce(unit, 'Units') END AS ConsumedUnit,
  -- Commitments
  commitment AS CommitmentDiscountId,
  CASE WHEN commitment IS NOT NULL THEN commitment_name END AS CommitmentDiscountName,
  CASE
    WHEN commitment IS NULL THEN NULL
    WHEN spend THEN 'Spend'
    ELSE 'Usage'
  END AS CommitmentDiscountCategory,
  CASE
    WHEN commitment IS NULL THEN NULL
    WHEN spend THEN 'Savings plan'
    ELSE 'Reservation'
  END AS CommitmentDiscountType,
  CASE
    WHEN commitment IS NULL THEN NULL
    WHEN covered THEN 'Used'
    WHEN unused THEN 'Unused'
  END AS CommitmentDiscountStatus,
  CASE
    WHEN commitment IS NULL THEN NULL
    WHEN kind = 'purchase' AND NOT spend AND frequency = 'One-Time' THEN money_times(quantity, term_hours)
    WHEN NOT (covered OR unused) THEN NULL
    WHEN spend THEN effective
    WHEN ratio IS NOT NULL THEN money_times(quantity, ratio)
    ELSE quantity
  END AS CommitmentDiscountQuantity,
  CASE
    WHEN commitment IS NULL THEN NULL
    WHEN kind = 'purchase' AND NOT spend AND frequency = 'One-Time' AND term_hours IS NOT NULL THEN 'Hours'
    WHEN NOT (covered OR unused) THEN NULL
    WHEN spend THEN billing_currency
    -- Hours of the size that was reserved.
    WHEN ratio IS NOT NULL THEN 'Hours'
    ELSE coalesce(unit, 'Units')
  END AS CommitmentDiscountUnit,
  CAST(NULL AS STRING) AS CapacityReservationId,
  CAST(NULL AS STRING) AS CapacityReservationStatus,
  -- Service and SKU
  coalesce(meter_category, 'Azure') AS ServiceName,
  category AS ServiceCategory,
  CASE
    WHEN meter_category = 'Virtual Machines' THEN 'Virtual Machines'
    WHEN meter_category IN ('Azure Kubernetes Service', 'Container Instances', 'Azure Container Apps') THEN 'Containers'
    ELSE 'Other (' || category || ')'
  END AS ServiceSubcategory,
  CASE WHEN kind <> 'tax' THEN sku_id END AS SkuId,
  CASE WHEN kind <> 'tax' AND sku_id IS NOT NULL THEN coalesce(meter_name, product, product_id) END AS SkuMeter,
  CASE WHEN kind <> 'tax' AND sku_id IS NOT NULL THEN coalesce(part_number, product_id) END AS SkuPriceId,
  CAST(NULL AS STRING) AS SkuPriceDetails,
  -- Where and which
  lower(replace(location, ' ', '')) AS RegionId,
  location AS RegionName,
  zone AS AvailabilityZone,
  resource_id AS ResourceId,
  resource_name AS ResourceName,
  CASE WHEN resource_id IS NOT NULL THEN consumed_service END AS ResourceType,
  CASE
    WHEN tags IS NULL THEN NULL
    WHEN left(tags, 1) = '{' THEN tags
    ELSE '{' || tags || '}'
  END AS Tags,
  -- Faults
  CASE
    WHEN cost IS NULL THEN 'cost is no number: ' || coalesce(cost_text, 'empty')
    WHEN quantity IS NULL AND quantity_text IS NOT NULL THEN 'quantity is no number: ' || quantity_text
    WHEN unit_price IS NULL AND unit_price_text IS NOT NULL THEN 'unit price is no number: ' || unit_price_text
    WHEN pay_go IS NULL AND pay_go_text IS NOT NULL THEN 'pay-as-you-go price is no number: ' || pay_go_text
    WHEN day IS NULL THEN 'date is no day: ' || coalesce(date_text, 'empty')
    WHEN period_start IS NULL THEN 'start of the billing period is no day: ' || coalesce(period_start_text, 'empty')
    WHEN period_end IS NULL THEN 'end of the billing period is no day: ' || coalesce(period_end_text, 'empty')
    WHEN account_id IS NULL THEN 'no billing account'
    WHEN billing_currency IS NULL THEN 'no billing currency'
    WHEN kind IS NULL THEN 'no charge type'
    WHEN '@VIEW@' = 'actual' AND (unused OR (covered AND cost <> 0))
      THEN 'a row of the amortised view in an import of the actual one'
    WHEN '@VIEW@' = 'amortized' AND commitment_purchase
      THEN 'a row of the actual view in an import of the amortised one'
    WHEN list IS NULL THEN 'list cost is too large or no number'
    WHEN contracted IS NULL THEN 'contracted cost is too large or no number'
  END AS reject_reason,
  -- What scenarios need
  CASE
    WHEN unused THEN 'amortized'
    WHEN commitment_purchase THEN 'actual'
    WHEN covered THEN 'covered'
    ELSE 'shared'
  END AS x_ViewRole,
  '@VIEW@' AS x_View,
  charge_type AS x_LineItemType,
  resource_group AS x_ResourceGroup,
  consumed_service AS x_ConsumedService,
  meter_subcategory AS x_ProductFamily,
  coalesce(vm_size, reserved_size) AS x_InstanceType,
  CASE
    WHEN meter_subcategory ILIKE '%windows%' OR image_type ILIKE '%windows%' THEN 'Windows'
    WHEN coalesce(vm_size, reserved_size) IS NOT NULL THEN 'Linux'
  END AS x_OperatingSystem,
  CASE WHEN meter_category ILIKE '%licenses%' THEN meter_subcategory END AS x_License,
  CASE WHEN meter_category ILIKE '%dedicated host%' THEN 'host' WHEN coalesce(vm_size, reserved_size) IS NOT NULL THEN 'shared' END
    AS x_Tenancy,
  term AS x_PurchaseTerm,
  CASE
    WHEN NOT commitment_purchase THEN NULL
    WHEN frequency = 'One-Time' THEN 'All Upfront'
    WHEN frequency = 'Recurring' THEN 'Monthly'
  END AS x_PaymentOption,
  CASE
    WHEN NOT covered OR cost = 0 THEN NULL
    WHEN same_currency THEN effective_price
    WHEN rate IS NOT NULL THEN money_times(effective_price, rate)
  END AS x_PlanRate,
  CASE WHEN commitment IS NOT NULL AND spend THEN 'savings plan' END AS x_PlanType,
  CASE WHEN commitment IS NOT NULL AND NOT spend THEN 'reservation' END AS x_OfferingClass,
  CASE WHEN commitment_purchase AND NOT spend AND kind = 'purchase' THEN quantity END AS x_Reservations,
  -- Sizes that share a ratio serve each other; Windows is billed apart.
  CASE WHEN ratio IS NOT NULL THEN replace(meter_subcategory, ' Windows', '') END AS x_SizeFamily,
  CASE WHEN covered THEN unit_price END AS x_OnDemandRate,
  CASE WHEN covered THEN contracted END AS x_OnDemandCost,
  effective_price AS x_EffectivePrice,
  product_order AS x_CommitmentOrderId,
  ratio AS x_NormalizationRatio,
  invoice_section AS x_InvoiceSection,
  cost_center AS x_CostCenter,
  publisher_type AS x_PublisherType,
  rounded AS x_RoundedValues,
  _file,
  _row
FROM (
  SELECT
    priced_rows.*,
    -- A purchase that covers later usage costs nothing itself: the usage bears
    -- it in the amortised view. Covered and unused rows are never invoiced.
    CASE WHEN covered OR unused THEN CAST(0 AS DECIMAL(38, 12)) ELSE cost END AS billed,
    CASE WHEN commitment_purchase THEN CAST(0 AS DECIMAL(38, 12)) ELSE cost END AS effective,
    CASE
      WHEN unused THEN CAST(0 AS DECIMAL(38, 12))
      WHEN NOT priced THEN cost
      WHEN unit_price_text IS NULL THEN cost
      WHEN same_currency THEN unit_cost
      WHEN rate IS NOT NULL THEN money_times(unit_cost, rate)
      ELSE cost
    END AS contracted,
    CASE
      WHEN unused THEN CAST(0 AS DECIMAL(38, 12))
      WHEN NOT priced THEN cost
      WHEN pay_go_text IS NOT NULL AND same_currency THEN retail_cost
      WHEN pay_go_cost IS NOT NULL THEN pay_go_cost
      WHEN pay_go_text IS NOT NULL AND rate IS NOT NULL THEN money_times(retail_cost, rate)
      WHEN unit_price_text IS NULL THEN cost
      WHEN same_currency THEN unit_cost
      WHEN rate IS NOT NULL THEN money_times(unit_cost, rate)
      ELSE cost
    END AS list
  FROM (
    SELECT
      numbers.*,
      kind = 'usage' AND coalesce(pricing_model, '') IN ('reservation', 'savingsplan') AS covered,
      kind IN ('unusedreservation', 'unusedsavingsplan') AS unused,
      commitment IS NOT NULL AND kind IN ('purchase', 'refund') AS commitment_purchase,
      kind IN ('usage', 'purchase') AND quantity IS NOT NULL AS priced,
      money_times(unit_price, quantity) AS unit_cost,
      money_times(pay_go, quantity) AS retail_cost,
      CASE WHEN cost IS NOT NULL AND money(cost_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN quantity IS NOT NULL AND money(quantity_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN unit_price IS NOT NULL AND money(unit_price_text) IS NULL THEN 1 ELSE 0 END
      + CASE WHEN pay_go IS NOT NULL AND money(pay_go_text) IS NULL THEN 1 ELSE 0 END AS rounded,
      billing_currency = pricing_currency AS same_currency,
      CASE
        WHEN upper(term) IN ('P1Y', '12', '1 YEAR') THEN CAST(8760 AS DECIMAL(38, 12))
        WHEN upper(term) IN ('P3Y', '36', '3 YEARS') THEN CAST(26280 AS DECIMAL(38, 12))
      END AS term_hours,
      CASE
        WHEN pricing_model = 'savingsplan' OR kind = 'unusedsavingsplan' THEN TRUE
        ELSE coalesce(lower(benefit) LIKE '%savingsplan%', FALSE)
      END AS spend
    FROM (
      SELECT
        named.*,
        money_even(cost_text) AS cost,
        money_even(quantity_text) AS quantity,
        money_even(unit_price_text) AS unit_price,
        money_even(pay_go_text) AS pay_go,
        money_even(effective_price_text) AS effective_price,
        money_even(pay_go_cost_text) AS pay_go_cost,
        money_even(pricing_cost_text) AS pricing_cost,
        money_even(rate_text) AS rate,
        money_even(ratio_text) AS ratio,
        TRY_CAST(CASE
          WHEN re_match(date_text, '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$') THEN split_part(date_text, '/', 3) || '-'
            || lpad(split_part(date_text, '/', 1), 2, '0') || '-' || lpad(split_part(date_text, '/', 2), 2, '0')
          WHEN re_match(date_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00:00([.]0+)?Z?)?$') THEN left(date_text, 10)
        END AS DATE) AS day,
        TRY_CAST(CASE
          WHEN re_match(period_start_text, '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$')
            THEN split_part(period_start_text, '/', 3) || '-' || lpad(split_part(period_start_text, '/', 1), 2, '0')
              || '-' || lpad(split_part(period_start_text, '/', 2), 2, '0')
          WHEN re_match(period_start_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00:00([.]0+)?Z?)?$')
            THEN left(period_start_text, 10)
        END AS DATE) AS period_start,
        TRY_CAST(CASE
          WHEN re_match(period_end_text, '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$')
            THEN split_part(period_end_text, '/', 3) || '-' || lpad(split_part(period_end_text, '/', 1), 2, '0')
              || '-' || lpad(split_part(period_end_text, '/', 2), 2, '0')
          WHEN re_match(period_end_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+Z?)?$')
            THEN left(period_end_text, 10)
        END AS DATE) AS period_end,
        lower(replace(charge_type, ' ', '')) AS kind,
        lower(replace(pricing_model_text, ' ', '')) AS pricing_model,
        coalesce(lower(reservation), lower(benefit)) AS commitment,
        coalesce(benefit_name, reservation_name) AS commitment_name,
        -- What a commitment's own rows have where the meter is empty.
        coalesce(meter_id, product_id, part_number, product) AS sku_id,
        coalesce(pricing_currency_text, billing_currency) AS pricing_currency,
        CASE lower(replace(frequency_text, ' ', ''))
          WHEN 'onetime' THEN 'One-Time'
          WHEN 'recurring' THEN 'Recurring'
          WHEN 'usagebased' THEN 'Usage-Based'
          ELSE CASE WHEN lower(charge_type) = 'purchase' THEN 'One-Time' ELSE 'Usage-Based' END
        END AS frequency,
        -- A service has one category, so its name decides; its family where the
        -- name is not known here.
        CASE
          WHEN meter_category IN ('Virtual Machines', 'Virtual Machines Licenses', 'Azure App Service', 'Functions',
            'Container Instances', 'Azure Kubernetes Service', 'Azure Container Apps', 'Cloud Services',
            'Azure VMware Solution', 'Azure Dedicated Host') THEN 'Compute'
          WHEN meter_category IN ('Storage', 'Backup', 'Azure NetApp Files', 'Container Registry', 'Azure Site Recovery')
            THEN 'Storage'
          WHEN meter_category IN ('Virtual Network', 'Bandwidth', 'Load Balancer', 'VPN Gateway', 'Application Gateway',
            'ExpressRoute', 'Azure DNS', 'Content Delivery Network', 'Azure Front Door Service', 'NAT Gateway',
            'Traffic Manager', 'Virtual WAN') THEN 'Networking'
          WHEN meter_category IN ('SQL Database', 'SQL Managed Instance', 'Azure Cosmos DB', 'Redis Cache',
            'Azure Database for PostgreSQL', 'Azure Database for MySQL') THEN 'Databases'
          WHEN meter_category IN ('Event Hubs', 'Event Grid', 'Service Bus', 'Logic Apps', 'API Management',
            'Azure Data Factory', 'Azure Data Factory v2') THEN 'Integration'
          WHEN meter_category IN ('Azure Machine Learning', 'Cognitive Services', 'Azure Cognitive Search',
            'Azure OpenAI', 'Foundry Models') THEN 'AI and Machine Learning'
          WHEN meter_category IN ('Azure Synapse Analytics', 'Azure Databricks', 'Azure Data Explorer',
            'Stream Analytics', 'HDInsight', 'Microsoft Fabric', 'Power BI Embedded') THEN 'Analytics'
          WHEN meter_category IN ('Key Vault', 'Microsoft Defender for Cloud', 'Sentinel', 'Azure Firewall',
            'Azure DDOS Protection') THEN 'Security'
          WHEN meter_category IN ('Azure Monitor', 'Log Analytics', 'Automation', 'Application Insights')
            THEN 'Management and Governance'
          WHEN lower(service_family) LIKE 'ai %' THEN 'AI and Machine Learning'
          WHEN lower(service_family) IN ('compute', 'containers') THEN 'Compute'
          WHEN lower(service_family) IN ('developer tools', 'devops') THEN 'Developer Tools'
          WHEN lower(service_family) = 'analytics' THEN 'Analytics'
          WHEN lower(service_family) = 'databases' THEN 'Databases'
          WHEN lower(service_family) = 'identity' THEN 'Identity'
          WHEN lower(service_family) = 'integration' THEN 'Integration'
          WHEN lower(service_family) = 'internet of things' THEN 'Internet of Things'
          WHEN lower(service_family) = 'management and governance' THEN 'Management and Governance'
          WHEN lower(service_family) = 'media' THEN 'Media'
          WHEN lower(service_family) = 'migration' THEN 'Migration'
          WHEN lower(service_family) = 'mobile' THEN 'Mobile'
          WHEN lower(service_family) = 'networking' THEN 'Networking'
          WHEN lower(service_family) = 'security' THEN 'Security'
          WHEN lower(service_family) = 'storage' THEN 'Storage'
          WHEN lower(service_family) = 'web' THEN 'Web'
          ELSE 'Other'
        END AS category,
        CASE WHEN mca_marker IS NOT NULL THEN 'mca' ELSE 'ea' END AS family
      FROM (
        SELECT
          _file,
          _row,
          coalesce(nullif(CostInBillingCurrency, ''), nullif(Cost, '')) AS cost_text,
          nullif(CostInPricingCurrency, '') AS pricing_cost_text,
          nullif(PaygCostInBillingCurrency, '') AS pay_go_cost_text,
          nullif(ExchangeRatePricingToBilling, '') AS rate_text,
          nullif(Quantity, '') AS quantity_text,
          nullif(UnitPrice, '') AS unit_price_text,
          nullif(PayGPrice, '') AS pay_go_text,
          nullif(EffectivePrice, '') AS effective_price_text,
          coalesce(nullif(BillingCurrencyCode, ''), nullif(BillingCurrency, ''), nullif(Currency, ''))
            AS billing_currency,
          nullif(PricingCurrency, '') AS pricing_currency_text,
          nullif(BillingAccountId, '') AS account_id,
          nullif(BillingAccountName, '') AS account_name,
          nullif(SubscriptionId, '') AS subscription_id,
          nullif(SubscriptionName, '') AS subscription_name,
          nullif(InvoiceId, '') AS invoice_id,
          nullif(PublisherName, '') AS publisher_name,
          nullif(PublisherType, '') AS publisher_type,
          coalesce(nullif("Date", ''), nullif(UsageDateTime, ''), nullif(UsageDate, '')) AS date_text,
          nullif(BillingPeriodStartDate, '') AS period_start_text,
          nullif(BillingPeriodEndDate, '') AS period_end_text,
          nullif(ChargeType, '') AS charge_type,
          nullif(Frequency, '') AS frequency_text,
          nullif(PricingModel, '') AS pricing_model_text,
          CASE
            WHEN UnitOfMeasure IN ('1 Hour', '1 Hours') THEN 'Hours'
            WHEN UnitOfMeasure = '1 GB' THEN 'GB'
            WHEN UnitOfMeasure = '1 GB/Month' THEN 'GB-Months'
            WHEN UnitOfMeasure = '1/Month' THEN 'Months'
            WHEN UnitOfMeasure = '1/Day' THEN 'Days'
            WHEN UnitOfMeasure = '1' THEN 'Units'
            WHEN UnitOfMeasure = '1K' THEN '1000 Units'
            WHEN UnitOfMeasure = '10K' THEN '10000 Units'
            WHEN UnitOfMeasure = '100K' THEN '100000 Units'
            WHEN UnitOfMeasure = '1M' THEN '1000000 Units'
            ELSE nullif(UnitOfMeasure, '')
          END AS unit,
          coalesce(nullif(ProductName, ''), nullif(Product, '')) AS product,
          nullif(ProductId, '') AS product_id,
          nullif(ProductOrderId, '') AS product_order,
          nullif(PartNumber, '') AS part_number,
          nullif(MeterId, '') AS meter_id,
          nullif(MeterName, '') AS meter_name,
          nullif(MeterCategory, '') AS meter_category,
          nullif(MeterSubCategory, '') AS meter_subcategory,
          nullif(ServiceFamily, '') AS service_family,
          nullif(ConsumedService, '') AS consumed_service,
          nullif(ResourceLocation, '') AS location,
          nullif(AvailabilityZone, '') AS zone,
          coalesce(nullif(ResourceId, ''), nullif(InstanceId, ''), nullif(InstanceName, '')) AS resource_id,
          nullif(ResourceName, '') AS resource_name,
          coalesce(nullif(ResourceGroup, ''), nullif(ResourceGroupName, '')) AS resource_group,
          nullif(Tags, '') AS tags,
          nullif(ReservationId, '') AS reservation,
          nullif(ReservationName, '') AS reservation_name,
          nullif(BenefitId, '') AS benefit,
          nullif(BenefitName, '') AS benefit_name,
          nullif(Term, '') AS term,
          nullif(InvoiceSectionName, '') AS invoice_section,
          coalesce(nullif(ServicePeriodStartDate, ''), nullif(CostInPricingCurrency, '')) AS mca_marker,
          nullif(CostCenter, '') AS cost_center,
          coalesce(json_text(AdditionalInfo, '$.ServiceType'), json_text(AdditionalInfo, '$.VMSize')) AS vm_size,
          CASE WHEN coalesce(nullif(ProductName, ''), nullif(Product, '')) LIKE 'Reserved VM Instance, %'
            THEN split_part(coalesce(nullif(ProductName, ''), nullif(Product, '')), ', ', 2) END AS reserved_size,
          json_text(AdditionalInfo, '$.ImageType') AS image_type,
          json_text(AdditionalInfo, '$.RINormalizationRatio') AS ratio_text
        FROM raw
      ) AS named
    ) AS numbers
  ) AS priced_rows
) AS charges
