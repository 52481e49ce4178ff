-- Azure's retail prices: one item a row. A savings plan's rates stand inside of the item of the usage; a reservation's
-- item gives the price of the whole term.
SELECT
  'azure' AS provider,
  coalesce(t.armRegionName, '') AS region,
  CASE WHEN NOT machine THEN t.serviceName WHEN low THEN 'low-priority' ELSE 'compute' END AS service,
  CASE WHEN machine THEN t.armSkuName ELSE coalesce(t.meterId, t.skuId) END AS sku,
  CASE WHEN machine THEN CASE WHEN t.productName ILIKE '%windows%' THEN 'windows' ELSE 'linux' END END AS os,
  CASE WHEN t."type" = 'DevTestConsumption' THEN 'dev-test' END AS license,
  CASE WHEN machine THEN 'shared' END AS tenancy,
  CASE
    WHEN part.plan IS NOT NULL THEN 'compute-savings-plan'
    WHEN reserved THEN 'reservation'
    WHEN spot THEN 'spot'
    ELSE 'on-demand'
  END AS offer,
  CASE coalesce(json_text(part.plan, '$.term'), CASE WHEN reserved THEN t.reservationTerm END) WHEN '1 Year' THEN '1y' WHEN '3 Years' THEN '3y' WHEN '5 Years' THEN '5y' END AS term,
  part.payment,
  CASE WHEN reserved AND part.payment = 'all' THEN coalesce(t.retailPrice, t.unitPrice) END AS upfront,
  CASE
    WHEN part.plan IS NOT NULL THEN coalesce(json_text(part.plan, '$.retailPrice'), json_text(part.plan, '$.unitPrice'))
    WHEN reserved AND part.payment = 'all' AND coalesce(t.retailPrice, t.unitPrice) IS NOT NULL THEN '0'
    WHEN reserved THEN spread(coalesce(t.retailPrice, t.unitPrice), CASE t.reservationTerm WHEN '1 Year' THEN 8760 WHEN '3 Years' THEN 26280 ELSE 43800 END)
    ELSE coalesce(t.retailPrice, t.unitPrice)
  END AS price,
  t.currencyCode AS currency,
  CASE WHEN machine THEN 'Hrs' ELSE t.unitOfMeasure END AS unit,
  CASE WHEN NOT reserved AND NOT re_match(t.tierMinimumUnits, '^0*[.]?0*$') THEN t.tierMinimumUnits END AS tier_from,
  CASE WHEN NOT reserved THEN tier_end END AS tier_to,
  left(t.effectiveStartDate, 10) AS valid_from,
  CASE
    WHEN t.effectiveEndDate LIKE '%T00:00:00%' THEN left(t.effectiveEndDate, 10)
    ELSE strftime(TRY_CAST(left(t.effectiveEndDate, 10) AS DATE) + INTERVAL '1' DAY, '%Y-%m-%d')
  END AS valid_to,
  'Azure retail prices' AS source,
  CASE
    WHEN t."type" IS NULL THEN 'it has no type'
    WHEN t."type" NOT IN ('Consumption', 'DevTestConsumption', 'Reservation') THEN 'its type is ' || t."type"
    WHEN reserved AND (t.reservationTerm IS NULL OR t.reservationTerm NOT IN ('1 Year', '3 Years', '5 Years'))
      THEN 'its term is ' || coalesce(t.reservationTerm, 'missing')
    WHEN part.plan IS NOT NULL AND coalesce(json_text(part.plan, '$.term'), '') NOT IN ('1 Year', '3 Years', '5 Years')
      THEN 'its term is ' || coalesce(json_text(part.plan, '$.term'), 'missing')
  END AS left_out,
  part.number AS _part,
  _row
FROM (
  SELECT
    *,
    t."type" = 'Reservation' AS reserved,
    t.skuName LIKE '% Spot' OR t.meterName LIKE '% Spot' AS spot,
    t.skuName LIKE '% Low Priority' OR t.meterName LIKE '% Low Priority' AS low,
    t.serviceName = 'Virtual Machines' AND t.armSkuName IS NOT NULL AND t.armSkuName <> '' AND t.unitOfMeasure IN ('1 Hour', '1 Hours')
      AND t.productName NOT ILIKE '%cloudservices%' AND t.productName NOT ILIKE '%cloud services%'
      AND t.productName NOT ILIKE '%dedicated host%' AS machine,
    lead(t.tierMinimumUnits) OVER (
      PARTITION BY t.meterId, t.skuId, t.armRegionName, t."type", t.reservationTerm, t.currencyCode, t.unitOfMeasure, t.effectiveStartDate
      ORDER BY TRY_CAST(t.tierMinimumUnits AS DECIMAL(38, 12)), _row) AS tier_end,
    [{'number': 0, 'plan': NULL, 'payment': CASE WHEN t."type" = 'Reservation' THEN 'all' END}]
      || CASE WHEN t."type" = 'Reservation' AND t.unitOfMeasure LIKE '1 Hour%' THEN [{'number': 1, 'plan': NULL, 'payment': 'monthly'}] ELSE [] END
      || list_transform(range(2 * coalesce(len(plans), 0)),
        lambda i: {'number': i + 1, 'plan': plans[i // 2 + 1], 'payment': CASE WHEN i % 2 = 0 THEN 'all' ELSE 'monthly' END}) AS parts
  FROM (
    SELECT
      json_transform(v, '{"currencyCode": "VARCHAR", "tierMinimumUnits": "VARCHAR", "retailPrice": "VARCHAR", "unitPrice": "VARCHAR", "armRegionName": "VARCHAR", "effectiveStartDate": "VARCHAR", "effectiveEndDate": "VARCHAR", "meterId": "VARCHAR", "meterName": "VARCHAR", "skuId": "VARCHAR", "productName": "VARCHAR", "skuName": "VARCHAR", "serviceName": "VARCHAR", "unitOfMeasure": "VARCHAR", "type": "VARCHAR", "armSkuName": "VARCHAR", "reservationTerm": "VARCHAR"}') AS t,
      json_extract(v, '$.savingsPlan[*]') AS plans,
      _row
    FROM item
  ) AS items
) AS whole, unnest(parts) AS unnested(part)
