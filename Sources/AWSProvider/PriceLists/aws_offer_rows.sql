-- The JSON form of an AWS price list file, with the column names of its CSV form.
(SELECT nullif(COLUMNS(* EXCLUDE (_part, _row)), ''), _part, _row FROM (SELECT
  term.p[3] AS "SKU",
  term.t.offerTermCode AS "OfferTermCode",
  term.p[2] AS "TermType",
  term.t.effectiveDate AS "EffectiveDate",
  term.t.termAttributes.LeaseContractLength AS "LeaseContractLength",
  term.t.termAttributes.PurchaseOption AS "PurchaseOption",
  term.t.termAttributes.OfferingClass AS "OfferingClass",
  json_text(term.d, '$.beginRange') AS "StartingRange",
  json_text(term.d, '$.endRange') AS "EndingRange",
  json_text(term.d, '$.unit') AS "Unit",
  json_keys(term.d, '$.pricePerUnit')[1] AS "Currency",
  json_text(term.d, '$.pricePerUnit.' || json_keys(term.d, '$.pricePerUnit')[1]) AS "PricePerUnit",
  product.t.productFamily AS "Product Family",
  product.t.attributes.servicecode AS "serviceCode",
  product.t.attributes.location AS "Location",
  product.t.attributes.locationType AS "Location Type",
  product.t.attributes.regionCode AS "Region Code",
  product.t.attributes.instanceType AS "Instance Type",
  product.t.attributes.vcpu AS "vCPU",
  product.t.attributes.memory AS "Memory",
  product.t.attributes.physicalProcessor AS "Physical Processor",
  product.t.attributes.processorArchitecture AS "Processor Architecture",
  product.t.attributes.networkPerformance AS "Network Performance",
  product.t.attributes.gpu AS "GPU",
  product.t.attributes.gpuMemory AS "GPU Memory",
  product.t.attributes.normalizationSizeFactor AS "Normalization Size Factor",
  product.t.attributes.tenancy AS "Tenancy",
  product.t.attributes.operatingSystem AS "Operating System",
  product.t.attributes.licenseModel AS "License Model",
  product.t.attributes.preInstalledSw AS "Pre Installed S/W",
  product.t.attributes.capacitystatus AS "CapacityStatus",
  product.t.attributes.marketoption AS "MarketOption",
  product.t.attributes.usagetype AS "usageType",
  product.t.attributes.operation AS "operation",
  term._part,
  term._row
FROM (
  SELECT p, _row, t, unnest(dimensions) AS d, unnest(range(len(dimensions))) AS _part
  FROM (
    SELECT
      p,
      _row,
      json_transform(v, '{"offerTermCode": "VARCHAR", "effectiveDate": "VARCHAR", "termAttributes": {"LeaseContractLength": "VARCHAR", "PurchaseOption": "VARCHAR", "OfferingClass": "VARCHAR"}}') AS t,
      CASE WHEN len(json_keys(v, '$.priceDimensions')) > 0 THEN json_extract(v, '$.priceDimensions.*') ELSE [CAST('{}' AS JSON)] END AS dimensions
    FROM term
  ) AS whole
) AS term
LEFT JOIN (
  SELECT
    p[2] AS sku,
    json_transform(v, '{"productFamily": "VARCHAR", "attributes": {"servicecode": "VARCHAR", "location": "VARCHAR", "locationType": "VARCHAR", "regionCode": "VARCHAR", "instanceType": "VARCHAR", "vcpu": "VARCHAR", "memory": "VARCHAR", "physicalProcessor": "VARCHAR", "processorArchitecture": "VARCHAR", "networkPerformance": "VARCHAR", "gpu": "VARCHAR", "gpuMemory": "VARCHAR", "normalizationSizeFactor": "VARCHAR", "tenancy": "VARCHAR", "operatingSystem": "VARCHAR", "licenseModel": "VARCHAR", "preInstalledSw": "VARCHAR", "capacitystatus": "VARCHAR", "marketoption": "VARCHAR", "usagetype": "VARCHAR", "operation": "VARCHAR"}}') AS t
  FROM product
) AS product ON product.sku = term.p[3]))
