-- The JSON form of an AWS Savings Plans price list, with the column names of its CSV form.
(SELECT nullif(COLUMNS(* EXCLUDE (_row)), ''), _row FROM (SELECT
  json_text(rate.v, '$.discountedSku') AS "DiscountedSKU",
  json_text(rate.v, '$.discountedUsageType') AS "DiscountedUsageType",
  json_text(rate.v, '$.discountedOperation') AS "DiscountedOperation",
  json_text(rate.v, '$.discountedServiceCode') AS "DiscountedServiceCode",
  json_text(rate.v, '$.discountedRegionCode') AS "DiscountedRegionCode",
  json_text(rate.v, '$.discountedInstanceType') AS "DiscountedInstanceType",
  json_text(rate.v, '$.unit') AS "Unit",
  json_text(rate.v, '$.discountedRate.price') AS "DiscountedRate",
  json_text(rate.v, '$.discountedRate.currency') AS "Currency",
  json_text(plan.v, '$.effectiveDate') AS "EffectiveDate",
  json_text(plan.v, '$.leaseContractLength.duration') AS "LeaseContractLength",
  json_text(product.v, '$.productFamily') AS "Product Family",
  json_text(product.v, '$.attributes.purchaseOption') AS "PurchaseOption",
  json_text(product.v, '$.attributes.location') AS "Location",
  rate._row
FROM rate
LEFT JOIN plan ON plan.p[3] = rate.p[3]
LEFT JOIN product ON json_text(product.v, '$.sku') = json_text(plan.v, '$.sku')))
