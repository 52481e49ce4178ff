public import PlimsollCore

extension GCP {
    /// The billing export of BigQuery, standard or detailed, saved as CSV, JSON
    /// lines or Parquet: with nested columns, or flattened.
    ///
    /// One row becomes several charges where it holds credits that stand by
    /// themselves, or pays the fee of a commitment.
    public static let billMappings: [BillMapping] = [
        BillMapping(
            id: "gcp-billing-export", provider: descriptor.id, title: "Google Cloud billing export",
            source: document,
            signature: [
                "billing_account_id", "service", "sku", "usage_start_time", "usage_end_time", "cost", "currency",
                "invoice",
            ],
            columns: columns, sql: sql),
        BillMapping(
            id: "gcp-billing-export-flat", provider: descriptor.id, title: "Google Cloud billing export, flattened",
            source: document,
            signature: [
                "billing_account_id", "service.id", "sku.id", "usage_start_time", "usage_end_time", "cost",
                "currency", "invoice.month",
            ],
            columns: columns, sql: sql),
        BillMapping(
            id: "gcp-billing-export-underscored", provider: descriptor.id,
            title: "Google Cloud billing export, flattened with underscores", source: document,
            signature: [
                "billing_account_id", "service_id", "sku_id", "usage_start_time", "usage_end_time", "cost",
                "currency", "invoice_month",
            ],
            columns: columns, sql: sql),
    ]

    /// Google Cloud's words in its bills.
    ///
    /// Source: "Structure of Standard data export" (types of credits). Prices of a contract are unit prices of
    /// the rows; credits of type DISCOUNT are discounts on them. Credits
    /// for sustained use stay in what usage cost: the rules bill them.
    public static let billVocabulary: BillVocabulary = {
        var words = BillVocabulary(
            provider: descriptor.id, names: ["google cloud", "google", "gcp", "google cloud platform"],
            planOffers: ["flexible": Offer(rawValue: "cud-flex")],
            reservationOffers: ["resource": Offer(rawValue: "cud-resource")])
        words.feeParts = ["FEE_UTILIZATION_OFFSET"]
        words.scopeRemedy =
            "set `sharing: account` in commitments.csv where a commitment is not shared beyond its project"
        words.creditedUse = "x_CommitmentCredit"
        words.innerAmounts = [
            .init(column: "x_NegotiatedCredit", isDeduction: false, name: "negotiated discount", role: .discount),
            .init(column: "x_FreeTierCredit", isDeduction: false, name: "free tier", role: .carried),
        ]
        return words
    }()

    private static let document = "Structure of Standard data export; Structure of Detailed data export"

    private static let sql = String(decoding: PackageResources.gcp_billing_export_sql, as: UTF8.self)

    private static let columns = [
        "billing_account_id", "cost", "cost_at_list", "cost_at_effective_price_default", "currency",
        "cost_type", "transaction_type", "seller_name", "usage_start_time", "usage_end_time",
        "invoice.month", "invoice_month", "invoice", "service.id", "service_id", "service",
        "service.description", "service_description", "sku.id", "sku_id", "sku", "sku.description",
        "sku_description", "project.id", "project_id", "project", "project.name", "project_name",
        "project.number", "project_number", "location.region", "location_region", "location",
        "location.location", "location_location", "location.zone", "location_zone", "usage.amount",
        "usage_amount", "usage", "usage.unit", "usage_unit", "usage.amount_in_pricing_units",
        "usage_amount_in_pricing_units", "usage.pricing_unit", "usage_pricing_unit", "price.list_price",
        "price_list_price", "price", "price.effective_price", "price_effective_price",
        "price.effective_price_default", "price_effective_price_default", "price.pricing_unit_quantity",
        "price_pricing_unit_quantity", "price.tier_start_amount", "price_tier_start_amount",
        "resource.name", "resource_name", "resource", "resource.global_name", "resource_global_name",
        "consumption_model.description", "consumption_model_description", "consumption_model",
        "subscription.instance_id", "subscription_instance_id", "subscription", "adjustment_info.type",
        "adjustment_info_type", "adjustment_info", "labels", "system_labels", "credits", "credits.amount",
        "credits.type", "credits.name",
    ]
}
