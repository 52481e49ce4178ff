internal import CloudHTTP
internal import Foundation
internal import PlimsollCore

/// Retail prices of the machine sizes in use. "Azure Retail Prices REST API overview".
extension AzureListings {
    /// Whoever asks is told: there are no credentials.
    static let retailCall = AzureCall("/api/retail/prices", "2023-01-01-preview", "retail prices")

    static let prices: AzureListing = {
        var listing = AzureListing("prices", "retail prices of the sizes in use", machinesCall.permission) { reader in
            var used: Set<[String]> = []
            try await reader.pages(machinesCall) { page in
                for item in page {
                    let region = AzureReader.region(item["location"])
                    if reader.isAsked(region) { used.insert([region, item["properties.hardwareProfile.vmSize"]]) }
                }
            }
            for place in used.sorted(by: { $0.lexicographicallyPrecedes($1) }) where !place[1].isEmpty {
                let filter =
                    "serviceName eq 'Virtual Machines' and armRegionName eq '\(place[0])' "
                    + "and armSkuName eq '\(place[1])'"
                try await reader.session.retail([("$filter", filter)]) { page in
                    try await reader.push(page.flatMap(rows))
                }
            }
        }
        return listing
    }()

    /// Rows of an item, as the price list's mapping makes them.
    private static func rows(_ item: CloudItem) -> [PriceRow] {
        let words = [item["skuName"], item["meterName"]]
        let product = item["productName"].lowercased()
        let other = ["cloudservices", "cloud services", "dedicated host"]
        guard ["Consumption", "DevTestConsumption", "Reservation"].contains(item["type"]),
            ["1 Hour", "1 Hours"].contains(item["unitOfMeasure"]), !item["armSkuName"].isEmpty,
            !words.contains(where: { $0.hasSuffix(" Low Priority") }), !other.contains(where: product.contains)
        else { return [] }
        var row = PriceRow()
        row.provider = "azure"
        row.region = item["armRegionName"]
        row.service = "compute"
        row.sku = item["armSkuName"]
        row.os = product.contains("windows") ? "windows" : "linux"
        row.license = item["type"] == "DevTestConsumption" ? "dev-test" : ""
        row.tenancy = "shared"
        row.currency = item["currencyCode"]
        row.unit = "Hrs"
        row.validFrom = Day(String(item["effectiveStartDate"].prefix(10)))
        row.source = "Azure retail prices"
        guard let price = Decimals.number(item["retailPrice"]) else { return [] }
        if item["type"] == "Reservation" { return reserved(row, item, Decimals.money(price)) }
        if words.contains(where: { $0.hasSuffix(" Spot") }) { row.offer = .spot }
        row.price = Decimals.money(price)
        guard case .array(let plans) = item.item("savingsPlan").json else { return [row] }
        return [row] + plans.map(CloudItem.init).flatMap { planned(row, $0) }
    }

    /// The price of a whole term: at once, or month by month.
    private static func reserved(_ row: PriceRow, _ item: CloudItem, _ price: Money) -> [PriceRow] {
        guard let term = term(item["reservationTerm"]), let amount = Decimals.number(item["retailPrice"]) else {
            return []
        }
        var whole = row
        whole.offer = Offer(rawValue: "reservation")
        whole.term = term.rawValue
        whole.payment = Payment.all.rawValue
        whole.upfront = price
        var monthly = whole
        monthly.payment = Payment.monthly.rawValue
        monthly.upfront = .zero
        monthly.price = Decimals.money(amount / Decimals.whole(term.hours))
        return [whole, monthly]
    }

    private static func planned(_ row: PriceRow, _ plan: CloudItem) -> [PriceRow] {
        guard let term = term(plan["term"]), let rate = Decimals.number(plan["retailPrice"]) else { return [] }
        return [Payment.all, .monthly].map { payment in
            var result = row
            result.offer = Offer(rawValue: "compute-savings-plan")
            result.term = term.rawValue
            result.payment = payment.rawValue
            result.price = Decimals.money(rate)
            return result
        }
    }

    private static func term(_ text: String) -> Term? {
        switch text {
        case "1 Year": .oneYear
        case "3 Years": .threeYears
        case "5 Years": .fiveYears
        default: nil
        }
    }
}
