public import PlimsollCore

extension Azure {
    /// Cost details: two column sets, two views.
    ///
    /// The views of a month are one bill seen twice. Each row's `x_ViewRole`
    /// says how they join. Where both exports of a billing account and period
    /// are there, a reader takes from the actual one all rows but `covered` and
    /// from the amortised one all rows but `shared`: no charge twice, and
    /// every amount as it is. Where there is one, it takes all of it: the actual
    /// view alone lacks the effective cost of commitments, the amortised one
    /// alone the billed cost of buying them.
    ///
    /// Headers do not tell the views apart: the actual one comes first, and rows
    /// that can only be of the other view are rejected with that reason.
    public static let billMappings: [BillMapping] = [
        mapping(agreement: enterprise, view: actual), mapping(agreement: enterprise, view: amortized),
        mapping(agreement: customer, view: actual), mapping(agreement: customer, view: amortized),
    ]

    /// How exports lie in a storage account: a folder for each run in that of its period.
    public static let billDeliveries: [BillDelivery] = [
        BillDelivery(
            provider: descriptor.id, source: "Create and manage Cost Management exports: file partitioning, manifest",
            manifestSuffix: "manifest.json", files: ["blobs", "blobName"], written: ["runInfo", "submittedTime"],
            periodFolder: "[0-9]{8}-[0-9]{8}")
    ]

    /// Azure's words in its bills.
    ///
    /// Source: "Understand cost details fields" (charge types, pricing models). Negotiated prices are unit
    /// prices of the rows, so no discount is taken off the bill as well.
    public static let billVocabulary: BillVocabulary = {
        var words = BillVocabulary(
            provider: descriptor.id, names: ["microsoft", "azure", "microsoft azure"],
            planOffers: ["savings plan": Offer(rawValue: "compute-savings-plan")],
            reservationOffers: ["reservation": Offer(rawValue: "reservation")])
        // A purchase pays for a month or a term, whatever day it stands on.
        words.feeSource = .use
        words.scopeRemedy =
            "set `sharing` (and `resource_group`) in commitments.csv to the scope of each reservation and plan"
        return words
    }()

    private struct Agreement {
        var id: String
        var title: String
        var source: String
        var signature: [String]
        var without: [String]
    }

    private struct View {
        var id: String
        var title: String
    }

    private static let actual = View(id: "actual", title: "actual cost")
    private static let amortized = View(id: "amortized", title: "amortised cost")

    private static let enterprise = Agreement(
        id: "azure-ea", title: "Azure cost details, Enterprise Agreement",
        source: "Enterprise Agreement cost and usage details file schema",
        signature: ["Date", "MeterId", "Quantity", "EffectivePrice", "ChargeType", "BillingPeriodStartDate"],
        without: ["CostInPricingCurrency"])

    private static let customer = Agreement(
        id: "azure-mca", title: "Azure cost details, Microsoft Customer Agreement",
        source: "Microsoft Customer Agreement cost and usage details file schema",
        signature: [
            "date", "meterId", "quantity", "chargeType", "billingCurrency", "costInBillingCurrency",
            "costInPricingCurrency", "billingPeriodStartDate",
        ],
        without: [])

    private static func mapping(agreement: Agreement, view: View) -> BillMapping {
        BillMapping(
            id: "\(agreement.id)-\(view.id)", provider: descriptor.id, title: "\(agreement.title), \(view.title)",
            source: agreement.source, signature: agreement.signature, without: agreement.without, columns: columns,
            sql: costDetails.replacing("@VIEW@", with: view.id))
    }

    private static let costDetails = String(
        decoding: PackageResources.azure_cost_details_sql, as: UTF8.self)

    private static let columns = [
        "CostInBillingCurrency", "Cost", "CostInPricingCurrency", "PaygCostInBillingCurrency",
        "ExchangeRatePricingToBilling", "Quantity", "UnitPrice", "PayGPrice", "EffectivePrice",
        "BillingCurrencyCode", "BillingCurrency", "Currency", "PricingCurrency", "BillingAccountId",
        "BillingAccountName", "SubscriptionId", "SubscriptionName", "InvoiceId", "PublisherName",
        "PublisherType", "Date", "UsageDateTime", "UsageDate", "BillingPeriodStartDate",
        "BillingPeriodEndDate", "ChargeType", "Frequency", "PricingModel", "UnitOfMeasure", "ProductName",
        "Product", "ProductId", "ProductOrderId", "PartNumber", "MeterId", "MeterName", "MeterCategory",
        "MeterSubCategory", "ServiceFamily", "ConsumedService", "ResourceLocation", "AvailabilityZone",
        "ResourceId", "InstanceId", "InstanceName", "ResourceName", "ResourceGroup", "ResourceGroupName",
        "Tags", "ReservationId", "ReservationName", "BenefitId", "BenefitName", "Term",
        "InvoiceSectionName", "ServicePeriodStartDate", "CostCenter", "AdditionalInfo",
    ]
}
