-- AWS Cost and Usage Reports, legacy and 2.0, to FOCUS. Names in braces stand
-- for the columns of either. A fee row of a commitment is two charges: what was
-- billed (part 0) and what of the commitment nothing used (part 1).
SELECT
  -- Money
  CASE WHEN part = 0 THEN unblended ELSE CAST(0 AS DECIMAL(38, 12)) END AS BilledCost,
  CASE
    WHEN part = 1 THEN unused
    WHEN kind = 'DiscountedUsage' THEN money({reservation_effective_cost})
    WHEN kind = 'SavingsPlanCoveredUsage' THEN money({savings_plan_savings_plan_effective_cost})
    WHEN kind IN ('RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee', 'SavingsPlanNegation') THEN CAST(0 AS DECIMAL(38, 12))
    WHEN kind = 'Fee' AND commitment IS NOT NULL THEN CAST(0 AS DECIMAL(38, 12))
    ELSE unblended
  END AS EffectiveCost,
  CASE
    WHEN part = 1 OR kind = 'SavingsPlanNegation' THEN CAST(0 AS DECIMAL(38, 12))
    WHEN kind IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')
      THEN coalesce(money({pricing_public_on_demand_cost}), unblended)
    ELSE unblended
  END AS ListCost,
  CASE
    WHEN part = 1 OR kind = 'SavingsPlanNegation' THEN CAST(0 AS DECIMAL(38, 12))
    WHEN kind = 'DiscountedUsage' THEN coalesce(money({pricing_public_on_demand_cost}), unblended)
    ELSE unblended
  END AS ContractedCost,
  CASE WHEN usage AND part = 0 THEN {pricing_public_on_demand_rate} END AS ListUnitPrice,
  CASE WHEN kind IN ('Usage', 'SavingsPlanCoveredUsage') THEN {line_item_unblended_rate} END AS ContractedUnitPrice,
  {line_item_currency_code} AS BillingCurrency,
  CASE WHEN usage THEN coalesce({pricing_currency}, {line_item_currency_code}) END AS PricingCurrency,
  -- Who
  {bill_payer_account_id} AS BillingAccountId,
  coalesce({bill_payer_account_name}, {bill_payer_account_id}) AS BillingAccountName,
  'Payer account' AS BillingAccountType,
  {line_item_usage_account_id} AS SubAccountId,
  coalesce({line_item_usage_account_name}, {line_item_usage_account_id}) AS SubAccountName,
  'Account' AS SubAccountType,
  {bill_invoice_id} AS InvoiceId,
  'AWS' AS InvoiceIssuerName,
  'AWS' AS ProviderName,
  coalesce({line_item_legal_entity}, 'Amazon Web Services') AS PublisherName,
  -- When
  {bill_billing_period_start_date} AS BillingPeriodStart,
  {bill_billing_period_end_date} AS BillingPeriodEnd,
  {line_item_usage_start_date} AS ChargePeriodStart,
  {line_item_usage_end_date} AS ChargePeriodEnd,
  -- What kind
  CASE
    WHEN part = 1 OR usage OR kind = 'SavingsPlanNegation' THEN 'Usage'
    WHEN kind IN ('RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee', 'Fee') THEN 'Purchase'
    WHEN kind = 'Tax' THEN 'Tax'
    WHEN kind = 'Credit' THEN 'Credit'
    ELSE 'Adjustment'
  END AS ChargeCategory,
  CASE WHEN kind = 'Refund' THEN 'Correction' END AS ChargeClass,
  coalesce({line_item_line_item_description}, {line_item_usage_type}, kind) AS ChargeDescription,
  CASE
    WHEN usage OR part = 1 THEN 'Usage-Based'
    WHEN kind IN ('RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanNegation') THEN 'Recurring'
    ELSE 'One-Time'
  END AS ChargeFrequency,
  CASE
    WHEN kind IN ('DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation') OR part = 1 THEN 'Committed'
    WHEN kind = 'Usage' AND ({line_item_usage_type} LIKE '%SpotUsage%' OR {line_item_operation} LIKE '%SV%') THEN 'Dynamic'
    WHEN kind IN ('Tax', 'Credit') THEN NULL
    ELSE 'Standard'
  END AS PricingCategory,
  CASE WHEN usage AND part = 0 THEN {line_item_usage_amount} END AS PricingQuantity,
  CASE WHEN usage AND part = 0 THEN coalesce({pricing_unit}, 'Units') END AS PricingUnit,
  CASE WHEN usage AND part = 0 THEN {line_item_usage_amount} END AS ConsumedQuantity,
  CASE WHEN usage AND part = 0 THEN coalesce({pricing_unit}, 'Units') END AS ConsumedUnit,
  -- Commitments
  commitment AS CommitmentDiscountId,
  CASE WHEN commitment IS NOT NULL THEN commitment END AS CommitmentDiscountName,
  CASE WHEN commitment IS NULL THEN NULL WHEN reserved THEN 'Usage' ELSE 'Spend' END AS CommitmentDiscountCategory,
  CASE WHEN commitment IS NULL THEN NULL WHEN reserved THEN 'Reserved Instance' ELSE 'Savings Plan' END AS CommitmentDiscountType,
  CASE
    WHEN part = 1 THEN 'Unused'
    WHEN kind IN ('DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation') THEN 'Used'
  END AS CommitmentDiscountStatus,
  CASE
    WHEN commitment IS NULL OR kind = 'SavingsPlanNegation' THEN NULL
    WHEN kind = 'DiscountedUsage' THEN {line_item_usage_amount}
    WHEN kind = 'SavingsPlanCoveredUsage' THEN {savings_plan_savings_plan_effective_cost}
    WHEN part = 1 AND reserved THEN {reservation_unused_quantity}
    WHEN kind = 'RIFee' THEN {reservation_total_reserved_units}
    WHEN part = 1 THEN CAST(unused AS STRING)
  END AS CommitmentDiscountQuantity,
  CASE
    WHEN commitment IS NULL OR kind = 'SavingsPlanNegation' THEN NULL
    WHEN part = 0 AND NOT usage AND (kind <> 'RIFee' OR {reservation_total_reserved_units} IS NULL) THEN NULL
    WHEN reserved THEN coalesce({pricing_unit}, 'Hrs')
    ELSE {line_item_currency_code}
  END AS CommitmentDiscountUnit,
  -- Where and what
  {product_region_code} AS RegionId,
  {product_region_code} AS RegionName,
  {line_item_availability_zone} AS AvailabilityZone,
  {line_item_resource_id} AS ResourceId,
  CASE
    WHEN {line_item_resource_id} IS NULL THEN NULL
    WHEN {line_item_resource_id} LIKE 'i-%' THEN 'Instance'
    WHEN {line_item_resource_id} LIKE 'vol-%' THEN 'Volume'
    WHEN {line_item_resource_id} LIKE 'nat-%' THEN 'NAT gateway'
    ELSE coalesce({product_product_family}, {line_item_product_code})
  END AS ResourceType,
  coalesce({product_product_name}, {line_item_product_code}) AS ServiceName,
  CASE
    WHEN {line_item_product_code} IN ('AmazonEC2', 'AWSLambda', 'AmazonECS', 'AmazonEKS', 'AmazonLightsail') THEN 'Compute'
    WHEN {line_item_product_code} IN ('AmazonS3', 'AmazonEFS', 'AmazonGlacier', 'AmazonFSx', 'AWSBackup') THEN 'Storage'
    WHEN {line_item_product_code} IN ('AmazonRDS', 'AmazonDynamoDB', 'AmazonElastiCache', 'AmazonRedshift', 'AmazonDocDB') THEN 'Databases'
    WHEN {line_item_product_code} IN ('AmazonVPC', 'AmazonCloudFront', 'AmazonRoute53', 'AWSELB', 'AmazonApiGateway') THEN 'Networking'
    WHEN {line_item_product_code} = 'AmazonSageMaker' THEN 'AI and Machine Learning'
    WHEN {line_item_product_code} = 'AmazonES' THEN 'Analytics'
    WHEN {line_item_product_code} IN ('AmazonCloudWatch', 'AWSCloudTrail', 'AWSConfig')
      OR {line_item_product_code} LIKE 'AWSSupport%' OR {line_item_product_code} = 'AWSDeveloperSupport'
      THEN 'Management and Governance'
    ELSE 'Other'
  END AS ServiceCategory,
  CASE
    WHEN {line_item_product_code} IN ('AmazonEC2', 'AmazonLightsail') THEN 'Virtual Machines'
    WHEN {line_item_product_code} = 'AWSLambda' THEN 'Serverless Compute'
    WHEN {line_item_product_code} IN ('AmazonECS', 'AmazonEKS') THEN 'Containers'
    WHEN {line_item_product_code} IN ('AmazonS3', 'AmazonGlacier') THEN 'Object Storage'
    WHEN {line_item_product_code} IN ('AmazonEFS', 'AmazonFSx') THEN 'File Storage'
    WHEN {line_item_product_code} = 'AWSBackup' THEN 'Backup Storage'
    WHEN {line_item_product_code} = 'AmazonRDS' THEN 'Relational Databases'
    WHEN {line_item_product_code} IN ('AmazonDynamoDB', 'AmazonDocDB') THEN 'NoSQL Databases'
    WHEN {line_item_product_code} = 'AmazonElastiCache' THEN 'Caching'
    WHEN {line_item_product_code} = 'AmazonRedshift' THEN 'Data Warehouses'
    WHEN {line_item_product_code} = 'AmazonVPC' THEN 'Network Infrastructure'
    WHEN {line_item_product_code} = 'AmazonCloudFront' THEN 'Content Delivery'
    WHEN {line_item_product_code} = 'AmazonRoute53' THEN 'Network Routing'
    WHEN {line_item_product_code} IN ('AWSELB', 'AmazonApiGateway') THEN 'Application Networking'
    WHEN {line_item_product_code} = 'AmazonSageMaker' THEN 'Machine Learning'
    WHEN {line_item_product_code} = 'AmazonES' THEN 'Search'
    WHEN {line_item_product_code} IN ('AmazonCloudWatch', 'AWSCloudTrail', 'AWSConfig') THEN 'Observability'
    WHEN {line_item_product_code} LIKE 'AWSSupport%' OR {line_item_product_code} = 'AWSDeveloperSupport' THEN 'Support'
    ELSE 'Other (Other)'
  END AS ServiceSubcategory,
  coalesce({product_sku}, {line_item_usage_type}, {line_item_product_code}) AS SkuId,
  coalesce({line_item_usage_type}, {line_item_product_code}) AS SkuMeter,
  {pricing_rate_code} AS SkuPriceId,
  -- What scenarios are made from
  kind AS x_LineItemType,
  {line_item_product_code} AS x_ServiceCode,
  {line_item_usage_type} AS x_UsageType,
  {line_item_operation} AS x_Operation,
  {product_product_family} AS x_ProductFamily,
  {product_instance_type} AS x_InstanceType,
  {product_operating_system} AS x_OperatingSystem,
  {product_tenancy} AS x_Tenancy,
  {product_license_model} AS x_License,
  {pricing_offering_class} AS x_OfferingClass,
  coalesce({savings_plan_purchase_term}, {pricing_lease_contract_length}) AS x_PurchaseTerm,
  coalesce({savings_plan_payment_option}, {pricing_purchase_option}) AS x_PaymentOption,
  {savings_plan_savings_plan_rate} AS x_PlanRate,
  {savings_plan_offering_type} AS x_PlanType,
  {savings_plan_region} AS x_PlanRegion,
  {savings_plan_instance_type_family} AS x_PlanFamily,
  {savings_plan_total_commitment_to_date} AS x_PlanCommitment,
  coalesce({savings_plan_start_time}, {reservation_start_time}) AS x_CommitmentStart,
  coalesce({savings_plan_end_time}, {reservation_end_time}) AS x_CommitmentEnd,
  {reservation_number_of_reservations} AS x_Reservations,
  {reservation_units_per_reservation} AS x_UnitsPerReservation,
  {reservation_upfront_value} AS x_UpfrontValue,
  {line_item_net_unblended_cost} AS x_NetUnblendedCost,
  coalesce({bill_invoicing_entity}, {line_item_legal_entity}) AS x_InvoicingEntity,
  CASE
    WHEN kind IS NULL OR kind = '' THEN 'the row has no line item type'
    WHEN {line_item_unblended_cost} IS NOT NULL AND unblended IS NULL THEN 'the unblended cost is no decimal number of at most 12 places'
    WHEN kind NOT IN (
      'Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation', 'SavingsPlanRecurringFee',
      'SavingsPlanUpfrontFee', 'RIFee', 'Fee', 'Tax', 'Credit', 'Refund', 'Discount', 'BundledDiscount', 'EdpDiscount',
      'PrivateRateDiscount', 'SppDiscount', 'RiVolumeDiscount') THEN 'the line item type is not known: ' || kind
  END AS reject_reason,
  part AS x_Part,
  _file,
  _row
FROM (
  SELECT
    raw.*,
    parts.part,
    {line_item_line_item_type} AS kind,
    money_even({line_item_unblended_cost}) AS unblended,
    {line_item_line_item_type} IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage') AS usage,
    coalesce(nullif({savings_plan_savings_plan_a_r_n}, ''), nullif({reservation_reservation_a_r_n}, '')) AS commitment,
    nullif({savings_plan_savings_plan_a_r_n}, '') IS NULL AS reserved,
    CASE
      WHEN {line_item_line_item_type} = 'RIFee'
        THEN coalesce(money({reservation_unused_amortized_upfront_fee_for_billing_period}), 0)
          + coalesce(money({reservation_unused_recurring_fee}), 0)
      WHEN {line_item_line_item_type} = 'SavingsPlanRecurringFee'
        THEN coalesce(money({savings_plan_total_commitment_to_date}), 0)
          - coalesce(money({savings_plan_used_commitment}), 0)
    END AS unused
  FROM raw
  CROSS JOIN (SELECT 0 AS part UNION ALL SELECT 1 AS part) AS parts
) AS rows
WHERE part = 0 OR (unused IS NOT NULL AND unused <> 0)
