internal import PlimsollCore
internal import Rating

/// One row of a FOCUS dataset, cell by cell; what is not there is null.
struct FocusRow {
    private(set) var cells: [String: String]

    init(_ cells: [String: String]) { self.cells = cells }

    subscript(column: String) -> String {
        get { cells[column] ?? "" }
        set { cells[column] = newValue }
    }

    // MARK: What it is about

    /// What was used.
    mutating func identify(_ key: UsageKey) {
        set("SubAccountId", key.account)
        set("SubAccountName", key.account)
        if !key.account.isEmpty { self["SubAccountType"] = "Account" }
        set("RegionId", key.region)
        set("RegionName", key.region)
        set("AvailabilityZone", key.zone)
        set("ResourceId", key.resource)
        if !key.resource.isEmpty { self["ResourceType"] = key.service.isEmpty ? "resource" : key.service }
        serve(key.service)
        self["SkuId"] = key.sku
        self["SkuMeter"] = Self.unit(key.unit)
        self["SkuPriceId"] = [
            key.region, key.sku, key.os, key.tenancy, key.license,
            key.pricing == .onDemand ? "" : key.pricing.rawValue, key.unit,
        ].filter { !$0.isEmpty }.joined(separator: "/")
        self["ChargeDescription"] = [key.sku, key.os, key.region].filter { !$0.isEmpty }.joined(separator: " ")
        set("x_OperatingSystem", key.os)
        set("x_Tenancy", key.tenancy)
        set("x_License", key.license)
        set("x_ResourceGroup", key.resourceGroup)
    }

    /// A commitment itself; `service` is one that it serves.
    mutating func identify(_ commitment: Commitment, service: String?) {
        set("SubAccountId", commitment.account)
        set("SubAccountName", commitment.account)
        if !commitment.account.isEmpty { self["SubAccountType"] = "Account" }
        set("RegionId", commitment.region)
        set("RegionName", commitment.region)
        set("AvailabilityZone", commitment.zone)
        self["ResourceId"] = commitment.id
        self["ResourceType"] = commitment.offer.rawValue
        serve(service ?? commitment.offer.rawValue)
        let sku = [
            commitment.offer.rawValue, commitment.region, commitment.sku.isEmpty ? commitment.family : commitment.sku,
            commitment.os, commitment.tenancy, commitment.license, commitment.term?.rawValue ?? "",
            commitment.payment?.rawValue ?? "",
        ].filter { !$0.isEmpty }.joined(separator: "/")
        self["SkuId"] = sku
        self["SkuMeter"] = commitment.offer.rawValue
        self["SkuPriceId"] = sku
        set("x_OperatingSystem", commitment.os)
        set("x_Tenancy", commitment.tenancy)
        set("x_License", commitment.license)
        set("x_ResourceGroup", commitment.resourceGroup)
    }

    /// The service, in FOCUS's categories.
    mutating func serve(_ service: String) {
        self["ServiceName"] = service.isEmpty ? "other" : service
        let (category, part) = Self.services[service] ?? ("Other", nil)
        self["ServiceCategory"] = category
        self["ServiceSubcategory"] = part ?? "Other (\(category))"
    }

    /// Services of the interchange files that FOCUS has a category for.
    private static let services: [String: (String, String?)] = [
        "compute": ("Compute", "Virtual Machines"), "fargate": ("Compute", "Containers"),
        "lambda": ("Compute", "Serverless Compute"), "container": ("Compute", "Containers"),
        "database": ("Databases", nil), "cache": ("Databases", "Caching"),
        "warehouse": ("Databases", "Data Warehouses"),
        "storage": ("Storage", nil), "block-storage": ("Storage", "Block Storage"),
        "object-storage": ("Storage", "Object Storage"), "network": ("Networking", nil),
        "networking": ("Networking", nil), "sagemaker": ("AI and Machine Learning", "Machine Learning"),
        "support": ("Management and Governance", "Support"),
    ]

    // MARK: Commitments

    /// The commitment that it is about; `status` of usage only.
    mutating func cover(_ commitment: Commitment, status: String?) {
        self["CommitmentDiscountId"] = commitment.id
        self["CommitmentDiscountName"] = commitment.id
        self["CommitmentDiscountCategory"] = commitment.offer.isSpend ? "Spend" : "Usage"
        self["CommitmentDiscountType"] = commitment.offer.rawValue
        if let status { self["CommitmentDiscountStatus"] = status }
    }

    /// How much of it: money of a spend plan, else hours of what is held; in 10⁻¹².
    mutating func commit(_ quantity: Int128, _ commitment: Commitment, _ currency: String) {
        self["CommitmentDiscountQuantity"] = Self.text(quantity)
        self["CommitmentDiscountUnit"] = commitment.offer.isSpend ? currency : "Hours"
    }

    /// What people call it.
    static func title(_ commitment: Commitment) -> String {
        let sku = commitment.sku.isEmpty ? commitment.family : commitment.sku
        return [commitment.offer.rawValue, sku, commitment.region].filter { !$0.isEmpty }.joined(separator: " ")
    }

    // MARK: Money

    /// Costs, and the unit prices that they follow from.
    mutating func price(_ amounts: Amounts, quantity: Quantity, unit: String, _ currency: String) {
        cost(amounts)
        self["PricingQuantity"] = Self.text(quantity.raw)
        self["PricingUnit"] = unit
        let list = Self.quotient(amounts.list, quantity)
        let contracted = Self.quotient(amounts.contracted, quantity)
        self["ListUnitPrice"] = list
        self["ContractedUnitPrice"] = contracted
        self["PricingCurrencyListUnitPrice"] = list
        self["PricingCurrencyContractedUnitPrice"] = contracted
    }

    /// Costs alone.
    mutating func cost(_ amounts: Amounts) {
        self["BilledCost"] = Self.text(amounts.billed.raw)
        self["EffectiveCost"] = Self.text(amounts.effective.raw)
        self["ListCost"] = Self.text(amounts.list.raw)
        self["ContractedCost"] = Self.text(amounts.contracted.raw)
        self["PricingCurrencyEffectiveCost"] = Self.text(amounts.effective.raw)
        self["x_OnDemandCost"] = Self.text(amounts.onDemand.raw)
    }

    /// The price of a unit, to 12 places; 0 where there is no quantity.
    private static func quotient(_ cost: Money, _ quantity: Quantity) -> String {
        guard quantity.raw != 0 else { return text(0) }
        return text(FixedPoint.scaled(cost.raw, by: FixedPoint.one, over: quantity.raw) ?? 0)
    }

    /// A decimal with one place at least: readers that guess take a column of whole numbers for integers.
    static func text(_ raw: Int128) -> String {
        let text = FixedPoint.text(raw)
        return text.contains(".") ? text : text + ".0"
    }

    // MARK: Words

    /// Who pays: the account itself where no other is named.
    static func payer(_ billingAccount: String, _ account: String) -> String {
        billingAccount.isEmpty ? account : billingAccount
    }

    /// A unit as FOCUS writes it.
    static func unit(_ unit: String) -> String {
        let known = [
            "": "Units", "hrs": "Hours", "hr": "Hours", "hour": "Hours", "hours": "Hours", "h": "Hours",
            "gb-mo": "GB-Months", "gb-month": "GB-Months", "gb-hour": "GB-Hours", "vcpu-hour": "vCPU-Hours",
            "gib-hour": "GiB-Hours", "request": "Requests", "second": "Seconds", "seconds": "Seconds",
        ]
        return known[unit.lowercased()] ?? unit
    }

    private mutating func set(_ column: String, _ value: String) {
        if !value.isEmpty { cells[column] = value }
    }
}
