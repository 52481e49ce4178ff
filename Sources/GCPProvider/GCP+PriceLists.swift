internal import Foundation
public import PlimsollCore

extension GCP {
    /// SKUs of the Cloud Billing Catalog API: a page of a service's list, or several pages in an array or one a line.
    public static let priceMappings: [PriceMapping] = [
        PriceMapping(
            id: "gcp-billing-catalog", title: "Google Cloud billing catalogue",
            source: "Cloud Billing API: services.skus.list",
            layout: .json([.init("sku", at: ["skus.[]", "[].skus.[]"])]),
            signature: ["skuId", "category", "pricingInfo"],
            sql: String(decoding: PackageResources.gcp_catalog_prices_sql, as: UTF8.self))
    ]
}
