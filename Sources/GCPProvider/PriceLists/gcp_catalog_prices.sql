-- Google Cloud's billing catalogue: one SKU a row, with a price for each of its regions, dates and tiers.
SELECT
  'gcp' AS provider,
  regions[place] AS region,
  CASE WHEN series <> '' THEN 'compute' ELSE json_text(v, '$.category.serviceDisplayName') END AS service,
  CASE WHEN series = '' THEN json_text(v, '$.skuId') WHEN re_match(text, ' Ram ') THEN series || '/gib' ELSE series || '/vcpu' END AS sku,
  CASE use WHEN 'OnDemand' THEN 'on-demand' WHEN 'Preemptible' THEN 'spot' ELSE 'cud-resource' END AS offer,
  CASE use WHEN 'Commit1Yr' THEN '1y' WHEN 'Commit3Yr' THEN '3y' END AS term,
  CASE WHEN use LIKE 'Commit%' THEN 'monthly' END AS payment,
  CASE
    WHEN json_text(rate, '$.unitPrice') IS NULL THEN NULL
    WHEN nanos LIKE '-%' THEN '-' || ltrim(units, '-') || '.' || lpad(ltrim(nanos, '-'), 9, '0')
    ELSE units || '.' || lpad(nanos, 9, '0')
  END AS price,
  json_text(rate, '$.unitPrice.currencyCode') AS currency,
  json_text(infos[time], '$.pricingExpression.usageUnit') AS unit,
  CASE WHEN NOT re_match(json_text(rate, '$.startUsageAmount'), '^0*[.]?0*$') THEN json_text(rate, '$.startUsageAmount') END AS tier_from,
  json_text(rates[tier + 1], '$.startUsageAmount') AS tier_to,
  left(json_text(infos[time], '$.effectiveTime'), 10) AS valid_from,
  'Google Cloud billing catalogue' AS source,
  CASE
    WHEN use IS NULL THEN 'it has no usage type'
    WHEN use NOT IN ('OnDemand', 'Preemptible', 'Commit1Yr', 'Commit3Yr') THEN 'its usage type is ' || use
    WHEN rate IS NULL THEN 'it has no rate'
  END AS left_out,
  place + time + tier - 3 AS _part,
  _row
FROM (
  SELECT
    *,
    rates[tier] AS rate,
    coalesce(json_text(rates[tier], '$.unitPrice.units'), '0') AS units,
    coalesce(json_text(rates[tier], '$.unitPrice.nanos'), '0') AS nanos
  FROM (
    SELECT *, unnest(range(1, greatest(1, coalesce(len(rates), 0)) + 1)) AS tier
    FROM (
      SELECT *, json_extract(infos[time], '$.pricingExpression.tieredRates[*]') AS rates
      FROM (
        SELECT *, unnest(range(1, greatest(1, coalesce(len(infos), 0)) + 1)) AS time
        FROM (
          SELECT
            *,
            unnest(range(1, len(regions) + 1)) AS place,
            lower(CASE
              WHEN use LIKE 'Commit%' AND re_match(text, '^Commitment v1: (Cpu|Ram) in ') THEN 'N1'
              WHEN use LIKE 'Commit%' THEN regexp_extract(text, '^Commitment v1: ([A-Z][0-9]+[A-Z]?)(?: AMD| Arm| Memory-optimized| Instance)* (?:Cpu|Core|Ram) in ', 1)
              WHEN use IN ('OnDemand', 'Preemptible')
                THEN regexp_extract(text, '^(?:Spot Preemptible )?([A-Z][0-9]+[A-Z]?)(?: Predefined| AMD| Arm| Memory-optimized)* Instance (?:Core|Ram) running in ', 1)
              ELSE ''
            END) AS series
          FROM (
            SELECT
              v,
              _row,
              json_text(v, '$.category.usageType') AS use,
              regexp_replace(regexp_replace(coalesce(json_text(v, '$.description'), ''),
                '^(Spot Preemptible |Commitment v1: |)Compute[ -]optimized (Instance )?(Core|Ram)', '\1C2 Instance \3'),
                '^(Spot Preemptible |Commitment v1: |)Memory-optimized (Instance )?(Core|Ram)', '\1M1 Instance \3') AS text,
              CASE WHEN len(json_extract(v, '$.serviceRegions[*]')) > 0 THEN json_extract_string(v, '$.serviceRegions[*]') ELSE [''] END AS regions,
              json_extract(v, '$.pricingInfo[*]') AS infos
            FROM sku
          ) AS skus
        ) AS regional
      ) AS dated
    ) AS listed
  ) AS tiered
) AS rows
