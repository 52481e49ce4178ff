extension FocusRule {
    /// The rules of FOCUS 1.2 by their ids in the FinOps Foundation's requirements model: what a cell of the column that the id
    /// begins with has to be, and in which rows. `_priced`: usage and purchases that correct nothing.
    ///
    /// Where the model's condition says something else than the rule's own text, the text holds:
    /// docs/reference/focus-conformance.md lists those rules.
    static let table = """
        CostAndUsage-D-003-C | should column AvailabilityZone
        CostAndUsage-D-004-C | column ListUnitPrice
        CostAndUsage-D-005-M | column BillingAccountName
        CostAndUsage-D-006-M | column BilledCost
        CostAndUsage-D-007-C | column BillingAccountType
        CostAndUsage-D-008-M | column ChargeCategory
        CostAndUsage-D-009-M | column BillingPeriodStart
        CostAndUsage-D-010-M | column BillingPeriodEnd
        CostAndUsage-D-011-C | column ConsumedQuantity
        CostAndUsage-D-012-C | column CommitmentDiscountName
        CostAndUsage-D-013-C | column CommitmentDiscountId
        CostAndUsage-D-014-C | column CommitmentDiscountType
        CostAndUsage-D-015-C | column CommitmentDiscountUnit
        CostAndUsage-D-016-C | column CommitmentDiscountCategory
        CostAndUsage-D-017-C | column CommitmentDiscountStatus
        CostAndUsage-D-018-C | column CommitmentDiscountQuantity
        CostAndUsage-D-019-C | column SubAccountId
        CostAndUsage-D-020-C | column CapacityReservationStatus
        CostAndUsage-D-021-M | column PublisherName
        CostAndUsage-D-022-C | column PricingCategory
        CostAndUsage-D-023-M | column InvoiceIssuerName
        CostAndUsage-D-024-M | column BillingAccountId
        CostAndUsage-D-025-M | column ChargeDescription
        CostAndUsage-D-026-M | column ChargeClass
        CostAndUsage-D-027-O | should column ChargeFrequency
        CostAndUsage-D-028-M | column ChargePeriodEnd
        CostAndUsage-D-029-C | column SubAccountName
        CostAndUsage-D-030-M | column ContractedCost
        CostAndUsage-D-031-M | column EffectiveCost
        CostAndUsage-D-032-M | column ListCost
        CostAndUsage-D-033-O | should column InvoiceId
        CostAndUsage-D-034-C | column ContractedUnitPrice
        CostAndUsage-D-035-M | column BillingCurrency
        CostAndUsage-D-036-M | column PricingQuantity
        CostAndUsage-D-037-M | column ChargePeriodStart
        CostAndUsage-D-038-M | column ProviderName
        CostAndUsage-D-039-C | column ResourceType
        CostAndUsage-D-040-M | column ServiceCategory
        CostAndUsage-D-041-M | column ServiceName
        CostAndUsage-D-042-O | should column ServiceSubcategory
        CostAndUsage-D-043-C | column ResourceId
        CostAndUsage-D-044-C | column ResourceName
        CostAndUsage-D-045-C | column PricingCurrency
        CostAndUsage-D-047-C | column PricingCurrencyContractedUnitPrice
        CostAndUsage-D-048-C | should column PricingCurrencyContractedUnitPrice
        CostAndUsage-D-051-C | column PricingCurrencyEffectiveCost
        CostAndUsage-D-052-C | should column PricingCurrencyEffectiveCost
        CostAndUsage-D-055-C | column PricingCurrencyListUnitPrice
        CostAndUsage-D-056-C | should column PricingCurrencyListUnitPrice
        CostAndUsage-D-058-C | column SkuPriceId
        CostAndUsage-D-059-C | column SkuMeter
        CostAndUsage-D-060-C | column SkuId
        CostAndUsage-D-061-C | column SkuPriceDetails
        CostAndUsage-D-062-C | column RegionName
        CostAndUsage-D-063-C | column RegionId
        CostAndUsage-D-064-C | column Tags
        CostAndUsage-D-065-C | column CapacityReservationId
        CostAndUsage-D-066-C | column ConsumedUnit
        CostAndUsage-D-067-C | column SubAccountType
        CostAndUsage-D-068-M | column PricingUnit
        AvailabilityZone-C-001-M | string
        BilledCost-C-001-M | decimal
        BilledCost-C-002-M | number
        BilledCost-C-003-M | filled
        BilledCost-C-004-M | decimal
        BilledCost-C-005-C | is 0 | ProviderName <> InvoiceIssuerName
        BillingAccountId-C-001-M | filled
        BillingAccountId-C-002-M | string
        BillingAccountName-C-001-M | string
        BillingAccountName-C-003-C | filled
        BillingAccountType-C-001-M | string
        BillingAccountType-C-004-C | empty | BillingAccountId IS NULL
        BillingAccountType-C-005-C | filled | BillingAccountId IS NOT NULL
        BillingCurrency-C-001-M | string
        BillingCurrency-C-003-M | code
        BillingCurrency-C-004-M | filled
        BillingCurrency-C-005-M | same per InvoiceId
        BillingCurrency-C-006-M | currency
        BillingPeriodEnd-C-001-M | time
        BillingPeriodEnd-C-002-M | time
        BillingPeriodEnd-C-003-M | filled
        BillingPeriodEnd-C-004-M | after BillingPeriodStart
        BillingPeriodStart-C-001-M | time
        BillingPeriodStart-C-002-M | time
        BillingPeriodStart-C-003-M | filled
        CapacityReservationId-C-001-M | string
        CapacityReservationId-C-005-C | filled | CapacityReservationStatus = 'Unused'
        CapacityReservationStatus-C-001-M | string
        CapacityReservationStatus-C-003-C | empty | CapacityReservationId IS NULL
        CapacityReservationStatus-C-004-C | filled | CapacityReservationId IS NOT NULL AND ChargeCategory = 'Usage'
        CapacityReservationStatus-C-006-M | in Used, Unused
        ChargeCategory-C-001-M | string
        ChargeCategory-C-002-M | filled
        ChargeCategory-C-003-M | in Usage, Purchase, Tax, Credit, Adjustment
        ChargeClass-C-001-M | string
        ChargeClass-C-005-C | is Correction | ChargeClass IS NOT NULL
        ChargeDescription-C-001-M | string
        ChargeDescription-C-003-O | should filled
        ChargeFrequency-C-001-M | string
        ChargeFrequency-C-002-M | filled
        ChargeFrequency-C-003-M | in One-Time, Recurring, Usage-Based
        ChargeFrequency-C-004-C | not Usage-Based | ChargeCategory = 'Purchase'
        ChargePeriodEnd-C-001-M | time
        ChargePeriodEnd-C-002-M | time
        ChargePeriodEnd-C-003-M | filled
        ChargePeriodEnd-C-004-M | after ChargePeriodStart
        ChargePeriodStart-C-001-M | time
        ChargePeriodStart-C-002-M | time
        ChargePeriodStart-C-003-M | filled
        CommitmentDiscountCategory-C-001-M | string
        CommitmentDiscountCategory-C-003-C | empty | CommitmentDiscountId IS NULL
        CommitmentDiscountCategory-C-004-C | filled | CommitmentDiscountId IS NOT NULL
        CommitmentDiscountCategory-C-005-M | in Spend, Usage
        CommitmentDiscountId-C-001-M | string
        CommitmentDiscountName-C-001-M | string
        CommitmentDiscountName-C-004-C | empty | CommitmentDiscountId IS NULL
        CommitmentDiscountQuantity-C-001-M | decimal
        CommitmentDiscountQuantity-C-002-M | number
        CommitmentDiscountQuantity-C-005-C | filled | CommitmentDiscountId IS NOT NULL AND _priced
        CommitmentDiscountQuantity-C-007-C | empty | ChargeCategory NOT IN ('Usage', 'Purchase') OR CommitmentDiscountId IS NULL OR ChargeClass = 'Correction'
        CommitmentDiscountQuantity-C-009-M | decimal
        CommitmentDiscountStatus-C-001-M | string
        CommitmentDiscountStatus-C-003-C | empty | CommitmentDiscountId IS NULL
        CommitmentDiscountStatus-C-004-C | filled | CommitmentDiscountId IS NOT NULL AND ChargeCategory = 'Usage'
        CommitmentDiscountStatus-C-005-M | in Used, Unused
        CommitmentDiscountType-C-001-M | string
        CommitmentDiscountType-C-004-C | empty | CommitmentDiscountId IS NULL
        CommitmentDiscountType-C-005-C | filled | CommitmentDiscountId IS NOT NULL
        CommitmentDiscountUnit-C-001-M | string
        CommitmentDiscountUnit-C-003-M | should unit
        CommitmentDiscountUnit-C-005-C | empty | CommitmentDiscountQuantity IS NULL
        CommitmentDiscountUnit-C-006-C | filled | CommitmentDiscountQuantity IS NOT NULL
        CommitmentDiscountUnit-C-008-M | same per CommitmentDiscountId
        ConsumedQuantity-C-001-M | decimal
        ConsumedQuantity-C-002-M | number
        ConsumedQuantity-C-004-C | empty | ChargeCategory <> 'Usage' OR CommitmentDiscountStatus = 'Unused'
        ConsumedQuantity-C-006-C | filled | ChargeCategory = 'Usage' AND _priced AND CommitmentDiscountStatus IS DISTINCT FROM 'Unused'
        ConsumedQuantity-C-008-C | decimal
        ConsumedUnit-C-001-M | string
        ConsumedUnit-C-003-O | should unit
        ConsumedUnit-C-005-C | empty | ConsumedQuantity IS NULL
        ConsumedUnit-C-006-C | filled | ConsumedQuantity IS NOT NULL
        ContractedCost-C-001-M | decimal
        ContractedCost-C-002-M | number
        ContractedCost-C-003-M | filled
        ContractedCost-C-004-M | filled
        ContractedCost-C-009-C | product ContractedUnitPrice PricingQuantity ContractedCost | ChargeClass IS DISTINCT FROM 'Correction'
        ContractedUnitPrice-C-002-M | decimal
        ContractedUnitPrice-C-003-M | number
        ContractedUnitPrice-C-005-C | empty | ChargeCategory = 'Tax'
        ContractedUnitPrice-C-006-C | filled | _priced
        ContractedUnitPrice-C-009-C | positive | ContractedUnitPrice IS NOT NULL
        ContractedUnitPrice-C-011-C | product ContractedUnitPrice PricingQuantity ContractedCost | ChargeClass IS DISTINCT FROM 'Correction'
        DiscountHandling-A-012-C | equal CommitmentDiscountId | ChargeCategory = 'Purchase' AND CommitmentDiscountId IS NOT NULL
        DiscountHandling-A-019-C | equal CommitmentDiscountId | CommitmentDiscountStatus = 'Unused'
        EffectiveCost-C-001-M | decimal
        EffectiveCost-C-002-M | number
        EffectiveCost-C-003-M | filled
        EffectiveCost-C-004-M | filled
        EffectiveCost-C-005-C | is 0 | ChargeCategory = 'Purchase' AND CommitmentDiscountId IS NOT NULL
        InvoiceId-C-001-M | string
        InvoiceId-C-007-C | one BillingAccountId
        InvoiceIssuerName-C-001-M | string
        InvoiceIssuerName-C-003-M | filled
        ListCost-C-001-M | decimal
        ListCost-C-002-M | number
        ListCost-C-003-M | filled
        ListCost-C-004-M | filled
        ListCost-C-009-C | product ListUnitPrice PricingQuantity ListCost | ChargeClass IS DISTINCT FROM 'Correction'
        ListUnitPrice-C-001-M | decimal
        ListUnitPrice-C-002-M | number
        ListUnitPrice-C-004-C | empty | ChargeCategory = 'Tax'
        ListUnitPrice-C-005-C | filled | _priced
        ListUnitPrice-C-008-M | positive
        PricingCategory-C-001-M | string
        PricingCategory-C-003-C | empty | ChargeCategory = 'Tax'
        PricingCategory-C-004-C | filled | _priced
        PricingCategory-C-007-M | in Standard, Committed, Dynamic, Other
        PricingCategory-C-009-C | is Committed | CommitmentDiscountId IS NOT NULL AND ChargeCategory = 'Usage' AND _priced
        PricingCurrency-C-001-M | string
        PricingCurrency-C-003-M | code
        PricingCurrency-C-004-M | filled
        PricingCurrencyContractedUnitPrice-C-001-M | decimal
        PricingCurrencyContractedUnitPrice-C-002-M | number
        PricingCurrencyContractedUnitPrice-C-004-C | empty | ChargeCategory = 'Tax'
        PricingCurrencyContractedUnitPrice-C-005-C | filled | _priced
        PricingCurrencyContractedUnitPrice-C-008-C | positive
        PricingCurrencyEffectiveCost-C-001-M | decimal
        PricingCurrencyEffectiveCost-C-002-M | number
        PricingCurrencyEffectiveCost-C-003-M | filled
        PricingCurrencyEffectiveCost-C-005-M | is 0 | ChargeCategory = 'Purchase' AND CommitmentDiscountId IS NOT NULL
        PricingCurrencyListUnitPrice-C-001-M | decimal
        PricingCurrencyListUnitPrice-C-002-M | number
        PricingCurrencyListUnitPrice-C-004-C | empty | ChargeCategory = 'Tax'
        PricingCurrencyListUnitPrice-C-005-C | filled | _priced
        PricingCurrencyListUnitPrice-C-008-M | positive
        PricingQuantity-C-001-M | decimal
        PricingQuantity-C-002-M | number
        PricingQuantity-C-004-C | empty | ChargeCategory = 'Tax'
        PricingQuantity-C-005-C | filled | _priced
        PricingUnit-C-001-M | string
        PricingUnit-C-003-O | should unit
        PricingUnit-C-005-C | empty | PricingQuantity IS NULL
        PricingUnit-C-006-C | filled | PricingQuantity IS NOT NULL
        ProviderName-C-001-M | string
        ProviderName-C-003-M | filled
        PublisherName-C-001-M | string
        PublisherName-C-003-M | filled
        RegionId-C-001-M | string
        RegionName-C-001-M | string
        RegionName-C-004-C | empty | RegionId IS NULL
        RegionName-C-005-C | filled | RegionId IS NOT NULL
        ResourceId-C-001-M | string
        ResourceName-C-001-M | string
        ResourceName-C-004-C | empty | ResourceId IS NULL
        ResourceType-C-001-M | string
        ResourceType-C-004-C | empty | ResourceId IS NULL
        ResourceType-C-005-C | filled | ResourceId IS NOT NULL
        ServiceCategory-C-001-M | string
        ServiceCategory-C-002-M | filled
        ServiceCategory-C-003-M | category
        ServiceName-C-001-M | string
        ServiceName-C-003-M | filled
        ServiceName-C-005-C | one ServiceCategory
        ServiceName-C-008-C | should one ServiceSubcategory
        ServiceSubcategory-C-001-M | string
        ServiceSubcategory-C-002-M | filled
        ServiceSubcategory-C-003-M | subcategory
        ServiceSubcategory-C-004-M | of its category
        SkuId-C-001-M | string
        SkuId-C-004-C | empty | ChargeCategory = 'Tax'
        SkuId-C-005-C | filled | _priced
        SkuMeter-C-001-M | string
        SkuMeter-C-004-C | empty | SkuId IS NULL
        SkuMeter-C-005-C | should filled | SkuId IS NOT NULL
        SkuPriceDetails-C-001-M | object
        SkuPriceDetails-C-004-C | empty | SkuPriceId IS NULL
        SkuPriceDetails-C-017-C | keys
        SkuPriceId-C-001-M | string
        SkuPriceId-C-004-C | empty | ChargeCategory = 'Tax'
        SkuPriceId-C-005-C | filled | _priced
        SkuPriceId-C-008-M | one SkuId
        SubAccountId-C-001-M | string
        SubAccountName-C-001-M | string
        SubAccountName-C-004-C | empty | SubAccountId IS NULL
        SubAccountName-C-005-C | filled | SubAccountId IS NOT NULL
        SubAccountType-C-001-M | string
        SubAccountType-C-004-C | empty | SubAccountId IS NULL
        SubAccountType-C-005-C | filled | SubAccountId IS NOT NULL
        Tags-C-001-M | object
        """
}
