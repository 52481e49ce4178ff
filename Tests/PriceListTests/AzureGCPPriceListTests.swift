import Foundation
import Ledger
import PlimsollCore
import Testing

/// Files are synthetic, in the fields that the vendors publish.
@Suite(
    "Azure and Google price lists",
    .enabled(if: PriceListFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct AzureGCPPriceListTests {
    private static func item(
        _ price: String, _ more: String = "", sku: String = "D2s v5", product: String = "Virtual Machines Dsv5 Series",
        meter: String = "m-1"
    ) -> String {
        """
        {"currencyCode": "USD", "tierMinimumUnits": 0.0, "retailPrice": \(price), "unitPrice": \(price), "armRegionName": "eastus",
         "location": "US East", "effectiveStartDate": "2025-11-01T00:00:00Z", "meterId": "\(meter)", "meterName": "\(sku)",
         "productId": "P", "skuId": "P/1", "productName": "\(product)", "skuName": "\(sku)", "serviceName": "Virtual Machines",
         "serviceFamily": "Compute", "unitOfMeasure": "1 Hour", "isPrimaryMeterRegion": true, "armSkuName": "Standard_D2s_v5",
         \(more.isEmpty ? #""type": "Consumption""# : more)}
        """
    }

    private static let items = [
        item(
            "0.096",
            #""type": "Consumption", "savingsPlan": [{"unitPrice": 0.0441792, "retailPrice": 0.0441792, "term": "3 Years"}, {"unitPrice": 0.0658368, "retailPrice": 0.0658368, "term": "1 Year"}]"#
        ),
        item("0.188", product: "Virtual Machines Dsv5 Series Windows", meter: "m-2"),
        item("1.92E-02", sku: "D2s v5 Spot", meter: "m-3"),
        item("0.0201", sku: "D2s v5 Low Priority", meter: "m-4"),
        item("519.0", #""type": "Reservation", "reservationTerm": "1 Year""#),
        item("0.05", #""type": "DevTestConsumption""#, meter: "m-5"),
    ]

    private static let expected = [
        "eastus compute Standard_D2s_v5 linux - shared compute-savings-plan 1y all 0 0.0658368 Hrs",
        "eastus compute Standard_D2s_v5 linux - shared compute-savings-plan 1y monthly 0 0.0658368 Hrs",
        "eastus compute Standard_D2s_v5 linux - shared compute-savings-plan 3y all 0 0.0441792 Hrs",
        "eastus compute Standard_D2s_v5 linux - shared compute-savings-plan 3y monthly 0 0.0441792 Hrs",
        "eastus compute Standard_D2s_v5 linux - shared on-demand - - 0 0.096 Hrs",
        "eastus compute Standard_D2s_v5 linux - shared reservation 1y all 519 0 Hrs",
        "eastus compute Standard_D2s_v5 linux - shared reservation 1y monthly 0 0.059246575342 Hrs",
        "eastus compute Standard_D2s_v5 linux - shared spot - - 0 0.0192 Hrs",
        "eastus compute Standard_D2s_v5 linux dev-test shared on-demand - - 0 0.05 Hrs",
        "eastus compute Standard_D2s_v5 windows - shared on-demand - - 0 0.188 Hrs",
        "eastus low-priority Standard_D2s_v5 linux - shared on-demand - - 0 0.0201 Hrs",
    ]

    @Test("a page, pages in an array, a page a line and an array of items are one book")
    func azureForms() throws {
        let lists = try PriceListFixture()
        let (first, second) = (
            Self.items.prefix(2).joined(separator: ","), Self.items.dropFirst(2).joined(separator: ",")
        )
        func page(_ items: String) -> String {
            #"{"BillingCurrency": "USD", "Items": [\#(items)], "NextPageLink": null, "Count": 3}"#
        }
        let forms = [
            page(Self.items.joined(separator: ",")), "[\(page(first)),\n\(page(second))]",
            page(first).replacing("\n", with: "") + "\n" + page(second).replacing("\n", with: "") + "\n",
            "[\(Self.items.joined(separator: ","))]",
            Self.items.map { $0.replacing("\n", with: "") }.joined(separator: "\n"),
        ]
        for (number, form) in forms.enumerated() {
            let book = try lists.run([lists.write("azure-\(number).json", form)])
            #expect(book.rows.map(\.short) == Self.expected, "form \(number)")
            #expect(book.summary.rowsIn == 6 && book.summary.inside == 5, "form \(number)")
            #expect(book.rows.allSatisfy { $0.validFrom == Day("2025-11-01") })
        }
    }

    @Test("numbers finer than 12 places are rounded half-even and counted; none passes through floating point")
    func azureNumbers() throws {
        let lists = try PriceListFixture()
        let prices = ["0.0000000000005", "0.0000000000015", "0.12345678901250000001", "123456789.123456789012", "1e-7"]
        let text = prices.enumerated().map {
            Self.item($0.element, meter: "m-\($0.offset)").replacing("Standard_D2s_v5", with: "Standard_N\($0.offset)")
        }
        let book = try lists.run([lists.write("numbers.json", "[\(text.joined(separator: ","))]")])
        #expect(
            book.rows.map(\.price.description) == [
                "0", "0.000000000002", "0.123456789013", "123456789.123456789012", "0.0000001",
            ])
        #expect(book.summary.rounded == 3)
    }

    @Test("tiers of a meter end where the next begins")
    func azureTiers() throws {
        let lists = try PriceListFixture()
        let base = Self.item("0.02").replacing(#""armSkuName": "Standard_D2s_v5""#, with: #""armSkuName": """#)
            .replacing("Virtual Machines\"", with: "Storage\"").replacing("1 Hour", with: "1 GB/Month")
        let items = [base.replacing(#"Units": 0.0"#, with: #"Units": 51200.0"#).replacing("0.02", with: "0.019"), base]
        let rows = try lists.run([lists.write("tiers.json", #"{"Items": [\#(items.joined(separator: ","))]}"#)]).rows
        #expect(rows.map(\.service) == ["Storage", "Storage"] && rows.map(\.sku) == ["m-1", "m-1"])
        #expect(rows.map(\.tierFrom) == [.zero, Quantity("51200")] && rows.map(\.tierTo) == [Quantity("51200"), nil])
    }

    @Test("a number that is none is rejected with its place, the rest is taken")
    func azureRejects() throws {
        let lists = try PriceListFixture()
        let bad = Self.item(#""x""#)
        let book = try lists.run([lists.write("bad.json", #"{"Items": [\#(Self.items[1]), \#(bad)]}"#)])
        #expect(book.rows.count == 1 && book.summary.rejected == 1)
        #expect(book.rejects.count == 1 && book.rejects[0].hasSuffix("bad.json,2,price,x,is no decimal number"))
    }

    private static func sku(
        _ id: String, _ text: String, _ use: String, regions: [String] = ["europe-west1"],
        _ rates: [(String, String, Int)], unit: String = "h"
    ) -> String {
        let tiers = rates.map {
            #"{"startUsageAmount": \#($0.0), "unitPrice": {"currencyCode": "USD", "units": "\#($0.1)", "nanos": \#($0.2)}}"#
        }.joined(separator: ", ")
        let places = regions.map { "\"\($0)\"" }.joined(separator: ", ")
        return
            #"{"name": "services/S/skus/\#(id)", "skuId": "\#(id)", "description": "\#(text)", "category": {"serviceDisplayName": "Compute Engine", "resourceFamily": "Compute", "resourceGroup": "CPU", "usageType": "\#(use)"}, "serviceRegions": [\#(places)], "pricingInfo": [{"summary": "", "pricingExpression": {"usageUnit": "\#(unit)", "displayQuantity": 1, "tieredRates": [\#(tiers)]}, "currencyConversionRate": 1, "effectiveTime": "2026-10-20T22:56:00.158911Z"}], "serviceProviderName": "Google"}"#
    }

    private static let skus = [
        sku("A1", "N2 Instance Core running in Belgium", "OnDemand", [("0", "0", 34_773_000)]),
        sku("A2", "N2 Instance Ram running in Belgium", "OnDemand", [("0", "0", 4_661_000)], unit: "GiBy.h"),
        sku("A3", "Spot Preemptible N2D AMD Instance Core running in Belgium", "Preemptible", [("0", "0", 8)]),
        sku("A4", "Commitment v1: N2 Cpu in Belgium for 1 Year", "Commit1Yr", [("0", "0", 21_907_000)]),
        sku(
            "A5", "Commitment v1: Ram in Belgium for 3 Years", "Commit3Yr", [("0", "0", 2_000_000)], unit: "GiBy.h"),
        sku("A6", "Compute optimized Core running in Belgium", "OnDemand", [("0", "0", 33_982_000)]),
        sku("A7", "N1 Predefined Instance Core running in Belgium", "OnDemand", [("0", "0", 34_806_000)]),
        sku("A8", "N2 Custom Instance Core running in Belgium", "OnDemand", [("0", "1", 5)]),
        sku(
            "B1", "Network Internet Egress", "OnDemand", regions: ["europe-west1", "europe-west4"],
            [("0", "0", 0), ("1", "1", 120_000_000), ("1024.5", "0", 85_000_000)], unit: "GiBy"),
        sku(
            "A9", "M3 Memory-optimized Instance Ram running in Belgium", "OnDemand", [("0", "0", 3_000_000)],
            unit: "GiBy.h"),
        sku("C1", "Commitment v1: Memory-optimized Core in Belgium for 1 Year", "Commit1Yr", [("0", "0", 20_000_000)]),
        sku("C2", "N2 Sole Tenancy Instance Core running in Belgium", "OnDemand", [("0", "0", 7_000_000)]),
        sku("B2", "Something", "Weekly", [("0", "0", 1)]),
        sku("B3", "Nothing", "OnDemand", []),
    ]

    @Test("cores and memory become SKUs of their series; the rest keeps the vendor's; money is units and nanos")
    func google() throws {
        let lists = try PriceListFixture()
        let book = try lists.run([
            lists.write("skus.json", #"{"skus": [\#(Self.skus.joined(separator: ", "))], "nextPageToken": ""}"#)
        ])
        #expect(
            book.rows.map(\.short) == [
                "europe-west1 Compute Engine A8 - - - on-demand - - 0 1.000000005 h",
                "europe-west1 Compute Engine B1 - - - on-demand - - 0 0 GiBy",
                "europe-west1 Compute Engine B1 - - - on-demand - - 0 1.12 GiBy",
                "europe-west1 Compute Engine B1 - - - on-demand - - 0 0.085 GiBy",
                "europe-west1 Compute Engine C2 - - - on-demand - - 0 0.007 h",
                "europe-west1 compute c2/vcpu - - - on-demand - - 0 0.033982 h",
                "europe-west1 compute m1/vcpu - - - cud-resource 1y monthly 0 0.02 h",
                "europe-west1 compute m3/gib - - - on-demand - - 0 0.003 GiBy.h",
                "europe-west1 compute n1/gib - - - cud-resource 3y monthly 0 0.002 GiBy.h",
                "europe-west1 compute n1/vcpu - - - on-demand - - 0 0.034806 h",
                "europe-west1 compute n2/gib - - - on-demand - - 0 0.004661 GiBy.h",
                "europe-west1 compute n2/vcpu - - - cud-resource 1y monthly 0 0.021907 h",
                "europe-west1 compute n2/vcpu - - - on-demand - - 0 0.034773 h",
                "europe-west1 compute n2d/vcpu - - - spot - - 0 0.000000008 h",
                "europe-west4 Compute Engine B1 - - - on-demand - - 0 0 GiBy",
                "europe-west4 Compute Engine B1 - - - on-demand - - 0 1.12 GiBy",
                "europe-west4 Compute Engine B1 - - - on-demand - - 0 0.085 GiBy",
            ])
        #expect(book.summary.rowsIn == 14 && book.summary.inside == 5)
        let reasons = book.summary.leftOut.map { "\($0.rows) \($0.reason)" }
        #expect(reasons == ["1 it has no rate", "1 its usage type is Weekly"])
        #expect(book.rows[2].tierFrom == Quantity("1") && book.rows[2].tierTo == Quantity("1024.5"))
        #expect(book.rows.allSatisfy { $0.validFrom == Day("2026-10-20") && $0.provider == "gcp" })
    }
}
