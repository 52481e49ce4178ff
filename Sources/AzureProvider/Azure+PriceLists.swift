internal import Foundation
public import PlimsollCore

extension Azure {
    /// Retail prices as their API returns them: a page, several pages in an array or one a line, or an array of
    /// their items.
    public static let priceMappings: [PriceMapping] = [
        PriceMapping(
            id: "azure-retail-prices", title: "Azure retail prices",
            source: "Azure Retail Prices REST API overview",
            layout: .json([
                .init("item", at: ["Items.[]", "[].Items.[]"]),
                .init("item", at: ["", "[]"], needed: "retailPrice"),
            ]),
            signature: ["retailPrice", "meterId", "productName"],
            sql: String(decoding: PackageResources.azure_retail_prices_sql, as: UTF8.self))
    ]
}
