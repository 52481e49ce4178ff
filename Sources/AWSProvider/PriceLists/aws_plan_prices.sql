-- A price list file of AWS Savings Plans: what one unit of usage costs under one plan a row.
SELECT
  'aws' AS provider,
  coalesce("DiscountedRegionCode", @USAGE_REGION("DiscountedUsageType")@, places.code, "Location", '') AS region,
  CASE
    WHEN NOT machine THEN "DiscountedServiceCode"
    WHEN usage IN ('UnusedBox', 'UnusedDed', 'Unused') THEN 'unused-capacity-reservation'
    ELSE 'compute'
  END AS service,
  CASE WHEN machine THEN instance ELSE "DiscountedSKU" END AS sku,
  CASE WHEN machine THEN codes.os END AS os,
  CASE WHEN machine THEN coalesce(codes.license, CASE WHEN codes.os IS NULL THEN lower(operation) END) END AS license,
  CASE WHEN NOT machine THEN NULL WHEN usage IN ('DedicatedUsage', 'UnusedDed') THEN 'dedicated' WHEN usage = 'HostBoxUsage' THEN 'host' ELSE 'shared' END AS tenancy,
  CASE "Product Family"
    WHEN 'ComputeSavingsPlans' THEN 'compute-sp'
    WHEN 'EC2InstanceSavingsPlans' THEN 'family-sp'
    WHEN 'SageMakerSavingsPlans' THEN 'sagemaker-sp'
    WHEN 'DatabaseSavingsPlans' THEN 'database-sp'
  END AS offer,
  CASE lease WHEN '1' THEN '1y' WHEN '3' THEN '3y' END AS term,
  payment,
  "DiscountedRate" AS price,
  coalesce("Currency", 'USD') AS currency,
  CASE WHEN machine THEN 'Hrs' ELSE "Unit" END AS unit,
  left("EffectiveDate", 10) AS valid_from,
  'AWS price list ' || coalesce(about('OfferCode'), "Product Family", 'of Savings Plans') || coalesce(', version ' || coalesce(about('Version'), about('version')), '') AS source,
  CASE
    WHEN "Product Family" IS NULL THEN 'its plan is not in the file'
    WHEN "Product Family" NOT IN ('ComputeSavingsPlans', 'EC2InstanceSavingsPlans', 'SageMakerSavingsPlans', 'DatabaseSavingsPlans') THEN 'its plan is of the kind ' || "Product Family"
    WHEN payment IS NULL THEN 'its purchase option is ' || coalesce("PurchaseOption", 'missing')
    WHEN lease IS NULL OR lease NOT IN ('1', '3') THEN 'its lease is ' || coalesce("LeaseContractLength", 'missing')
  END AS left_out,
  _row
FROM (
  SELECT
    rates.*,
    re_match(usage, '^(BoxUsage|DedicatedUsage|HostBoxUsage|UnusedBox|UnusedDed|Unused)$') AND instance IS NOT NULL
      AND "DiscountedServiceCode" = 'AmazonEC2' AS machine
  FROM (
    SELECT
      raw.*,
      regexp_extract(split_part("DiscountedUsageType", ':', 1), '^(?:[A-Z]{2,4}[0-9]?-)?(.*)$', 1) AS usage,
      coalesce("DiscountedInstanceType", CASE WHEN contains(split_part("DiscountedUsageType", ':', 2), '.') THEN split_part("DiscountedUsageType", ':', 2) END) AS instance,
      coalesce(nullif(split_part("DiscountedOperation", ':', 2), ''), 'RunInstances') AS operation,
      CASE lower(replace("PurchaseOption", ' ', '')) WHEN 'noupfront' THEN 'none' WHEN 'partialupfront' THEN 'partial' WHEN 'allupfront' THEN 'all' END AS payment,
      regexp_extract("LeaseContractLength", '^([0-9]+)', 1) AS lease
    FROM @RAW@ AS raw
  ) AS rates
) AS rows
LEFT JOIN (VALUES @OPERATIONS@) AS codes(operation_code, os, license) ON codes.operation_code = rows.operation
LEFT JOIN (VALUES @PLACES@) AS places(name, code) ON places.name = "Location"
