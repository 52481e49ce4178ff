-- A price list file of an AWS service ("offer file"): one price dimension a row.
SELECT
  'aws' AS provider,
  region,
  CASE
    WHEN NOT machine THEN coalesce("serviceCode", about('OfferCode'), 'AWS')
    WHEN place IN ('AWS Outposts', 'Outpost') THEN 'outposts'
    WHEN capacity = 'UnusedCapacityReservation' THEN 'unused-capacity-reservation'
    WHEN capacity = 'AllocatedCapacityReservation' THEN 'allocated-capacity-reservation'
    WHEN market <> 'OnDemand' THEN lower(market)
    ELSE 'compute'
  END AS service,
  CASE WHEN machine THEN "Instance Type" ELSE "SKU" END AS sku,
  CASE WHEN machine THEN os END AS os,
  CASE WHEN machine THEN license END AS license,
  CASE WHEN machine AND tenancy_word IN ('shared', 'dedicated', 'host') THEN tenancy_word END AS tenancy,
  CASE WHEN NOT reserved THEN 'on-demand' WHEN lower("OfferingClass") = 'convertible' THEN 'ri-convertible' ELSE 'ri-standard' END AS offer,
  CASE WHEN reserved THEN CASE lease WHEN '1' THEN '1y' WHEN '3' THEN '3y' END END AS term,
  CASE WHEN reserved THEN payment END AS payment,
  "PricePerUnit" AS price,
  "Currency" AS currency,
  CASE WHEN machine THEN 'Hrs' ELSE "Unit" END AS unit,
  nullif("StartingRange", '0') AS tier_from,
  nullif("EndingRange", 'Inf') AS tier_to,
  CASE
    WHEN re_match("EffectiveDate", '^[0-9]{2}/[0-9]{2}/[0-9]{4}$')
      THEN right("EffectiveDate", 4) || '-' || substr("EffectiveDate", 4, 2) || '-' || left("EffectiveDate", 2)
    ELSE left("EffectiveDate", 10)
  END AS valid_from,
  'AWS price list' || coalesce(' ' || coalesce(about('OfferCode'), "serviceCode"), '') || coalesce(', version ' || about('Version'), '') AS source,
  CASE
    WHEN "TermType" IS NULL THEN 'it has no term type'
    WHEN "TermType" NOT IN ('OnDemand', 'Reserved') THEN 'its term type is ' || "TermType"
    WHEN reserved AND payment IS NULL THEN 'its purchase option is ' || coalesce("PurchaseOption", 'missing')
    WHEN reserved AND (lease IS NULL OR lease NOT IN ('1', '3')) THEN 'its lease is ' || coalesce("LeaseContractLength", 'missing')
  END AS left_out,
  CASE WHEN reserved THEN "SKU" || '.' || "OfferTermCode" || '.' || "Currency" END AS pair,
  reserved AND "Unit" = 'Quantity' AS is_fee,
  reserved AND payment IN ('all', 'partial') AS needs_fee,
  _part,
  -- Facts of machines
  CASE WHEN machine THEN split_part("Instance Type", '.', 1) END AS family,
  CASE WHEN machine THEN "vCPU" END AS vcpu,
  CASE WHEN machine AND "Memory" ILIKE '% GiB' THEN replace(split_part("Memory", ' ', 1), ',', '') END AS memory_gib,
  CASE WHEN machine AND re_match("Normalization Size Factor", '^[0-9.]+$') THEN "Normalization Size Factor" END AS size_factor,
  CASE
    WHEN NOT machine THEN NULL
    WHEN "Physical Processor" ILIKE '%graviton%' OR "Physical Processor" ILIKE 'apple m%' THEN 'arm64'
    WHEN "Processor Architecture" = '32-bit or 64-bit' OR "Processor Architecture" = '64-bit' THEN 'x86_64'
  END AS arch,
  CASE WHEN machine AND re_match("GPU", '^[0-9]+$') THEN "GPU" END AS gpu_count,
  CASE WHEN machine AND re_match("GPU Memory", '^[0-9.]+ Gi?B$') THEN split_part("GPU Memory", ' ', 1) END AS gpu_memory_gib,
  CASE
    WHEN NOT machine THEN NULL
    WHEN re_match("Network Performance", '^(Up to )?[0-9.]+ Gigabit$') THEN split_part(replace("Network Performance", 'Up to ', ''), ' ', 1)
    WHEN re_match("Network Performance", '^(Up to )?[0-9]+ Megabit$')
      THEN CAST(CAST(split_part(replace("Network Performance", 'Up to ', ''), ' ', 1) AS DECIMAL(15, 0)) * 0.001 AS VARCHAR)
  END AS network_gbps,
  CASE WHEN machine AND re_match("Instance Type", '^t[0-9]') THEN 'true' END AS burstable,
  _row
FROM (
  SELECT
    offers.*,
    "TermType" = 'Reserved' AS reserved,
    "Product Family" ILIKE 'Compute Instance%' AND "operation" LIKE 'RunInstances%' AND "Instance Type" IS NOT NULL
      AND (capacity IS NULL OR capacity NOT IN ('NA', 'N/A')) AS machine,
    coalesce(codes.os, CASE
      WHEN "Operating System" ILIKE 'linux%' OR "Operating System" ILIKE 'ubuntu%' THEN 'linux'
      WHEN "Operating System" ILIKE 'windows%' THEN 'windows'
      WHEN "Operating System" ILIKE 'rhel%' OR "Operating System" ILIKE 'red hat%' THEN 'rhel'
      WHEN "Operating System" ILIKE 'suse%' THEN 'sles' END) AS os,
    CASE
      WHEN codes.os IS NOT NULL THEN codes.license
      ELSE concat_ws('+', lower(nullif(split_part("operation", ':', 2), '')),
        CASE WHEN "License Model" ILIKE 'bring your own%' THEN 'byol' END,
        CASE WHEN "Pre Installed S/W" NOT IN ('NA', '') THEN lower(replace("Pre Installed S/W", ' ', '-')) END)
    END AS license
  FROM (
    SELECT
      raw.*,
      lower("Tenancy") AS tenancy_word,
      "CapacityStatus" AS capacity,
      "Location Type" AS place,
      coalesce(nullif("MarketOption", 'NA'), 'OnDemand') AS market,
      CASE lower(replace("PurchaseOption", ' ', '')) WHEN 'noupfront' THEN 'none' WHEN 'partialupfront' THEN 'partial' WHEN 'allupfront' THEN 'all' END AS payment,
      regexp_extract("LeaseContractLength", '^([0-9]+) ?y', 1) AS lease,
      coalesce("Region Code", places.code, @USAGE_REGION("usageType")@, "Location", '') AS region,
      coalesce(nullif(split_part("operation", ':', 2), ''), 'RunInstances') AS operation_code
    FROM @RAW@ AS raw LEFT JOIN (VALUES @PLACES@) AS places(name, code) ON places.name = "Location"
  ) AS offers LEFT JOIN (VALUES @OPERATIONS@) AS codes(operation_code, os, license) ON codes.operation_code = offers.operation_code
) AS rows
