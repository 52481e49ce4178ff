import AWSProvider
import AzureProvider
import Foundation
import GCPProvider
import Ledger
import PlimsollCore
import Testing

/// A folder with price lists that the test writes, gone when the test ends.
final class PriceListFixture {
    let folder: URL
    let duckdb: DuckDBProgram

    static let isAvailable = (try? DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)) != nil
    static let mappings = AWS.priceMappings + Azure.priceMappings + GCP.priceMappings

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-lists-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        duckdb = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A book and what its import said.
    struct Book {
        var rows: [PriceRow]
        var summary: PriceSummary
        var catalog: [CatalogRow]
        var rejects: [String]
        var path: String
    }

    func write(_ name: String, _ text: String) throws -> String {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    func pack(_ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-kf", path]
        try process.run()
        process.waitUntilExit()
        return path + ".gz"
    }

    /// Imports files; the identity of rows in and out is checked every time.
    func run(_ paths: [String], format: String? = nil, filter: PriceFilter = .init()) throws -> Book {
        let target = folder.appending(path: "book-\(UUID().uuidString).parquet").path
        let catalog = target + ".catalog.csv"
        let (draft, rejects) = try PriceImporter(duckdb, mappings: Self.mappings).write(
            paths, format: format, filter: filter, to: target, catalog: catalog
        ) { _ in }
        let sum = draft.summary
        let left = sum.leftOut.reduce(0) { $0 + $1.rows }
        #expect(
            sum.rowsIn + sum.inside == sum.prices + sum.fees + sum.duplicates + sum.outside + left + sum.rejected)
        let rows = try PriceQuery(duckdb, [PriceBookFile(path: target)]).rows(.init(), limit: 100_000)
        #expect(rows.count == sum.prices)
        let facts = try Interchange.catalog(Array(Data(contentsOf: URL(filePath: catalog))), file: "catalog.csv").value
        let lines = try rejects.map {
            try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n").dropFirst().map(String.init)
        }
        return Book(rows: rows, summary: sum, catalog: facts, rejects: lines ?? [], path: target)
    }

    /// The failure that importing throws.
    func failure(_ paths: [String], format: String? = nil) -> Failure? {
        do {
            _ = try run(paths, format: format)
            return nil
        } catch {
            return error as? Failure
        }
    }
}

extension PriceRow {
    /// What a test compares: `region service sku os license tenancy offer term payment upfront price unit`, empty as `-`.
    var short: String {
        let cells = [
            region, service, sku, os, license, tenancy, offer.rawValue, term, payment, upfront.description,
            price.description, unit,
        ]
        return cells.map { $0.isEmpty ? "-" : $0 }.joined(separator: " ")
    }
}

/// A synthetic price list file of an AWS service, in the vendor's published columns.
struct OfferFile {
    static let columns = [
        "SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange",
        "EndingRange", "Unit", "PricePerUnit", "Currency", "LeaseContractLength", "PurchaseOption", "OfferingClass",
        "Product Family", "serviceCode", "Location", "Location Type", "Instance Type", "vCPU", "Physical Processor",
        "Memory", "Network Performance", "Processor Architecture", "Tenancy", "Operating System", "License Model",
        "usageType", "operation", "CapacityStatus", "GPU", "MarketOption", "Normalization Size Factor",
        "Pre Installed S/W", "Region Code", "serviceName",
    ]

    var columns = OfferFile.columns
    var rows: [[String: String]] = []

    static let machine = [
        "TermType": "OnDemand", "OfferTermCode": "JRTCKXETXF", "EffectiveDate": "2026-11-01", "StartingRange": "0",
        "EndingRange": "Inf", "Unit": "Hrs", "PricePerUnit": "0.1070000000", "Currency": "USD",
        "PriceDescription": "$0.107 per On Demand Linux m5.large Instance Hour, \"shared\"",
        "Product Family": "Compute Instance", "serviceCode": "AmazonEC2", "Location": "EU (Ireland)",
        "Location Type": "AWS Region", "Instance Type": "m5.large", "vCPU": "2",
        "Physical Processor": "Example Xeon", "Memory": "8 GiB", "Network Performance": "Up to 10 Gigabit",
        "Processor Architecture": "64-bit", "Tenancy": "Shared", "Operating System": "Linux",
        "License Model": "No License required", "usageType": "EU-BoxUsage:m5.large", "operation": "RunInstances",
        "CapacityStatus": "Used", "MarketOption": "OnDemand", "Normalization Size Factor": "4",
        "Pre Installed S/W": "NA", "Region Code": "eu-west-1", "serviceName": "Amazon Elastic Compute Cloud",
    ]

    /// Adds a machine's price with some cells of its own.
    mutating func add(_ sku: String, _ cells: [String: String] = [:]) {
        rows.append(Self.machine.merging(["SKU": sku]) { $1 }.merging(cells) { $1 })
    }

    /// Adds the two rows of a Reserved Instance, or one where an amount is nil.
    mutating func reserve(
        _ sku: String, _ term: String, _ lease: String, _ payment: String, fee: String?, hourly: String?,
        class offering: String = "standard", _ cells: [String: String] = [:]
    ) {
        let base = [
            "TermType": "Reserved", "OfferTermCode": term, "LeaseContractLength": lease, "PurchaseOption": payment,
            "OfferingClass": offering,
        ].merging(cells) { $1 }
        if let hourly { add(sku, base.merging(["PricePerUnit": hourly]) { $1 }) }
        if let fee {
            let own = ["Unit": "Quantity", "PricePerUnit": fee, "StartingRange": "", "EndingRange": ""]
            add(sku, base.merging(own) { $1 })
        }
    }

    private static let preamble = """
        "FormatVersion","v1.0"
        "Disclaimer","Synthetic, for tests: no price here is real"
        "Publication Date","2026-11-01T00:00:00Z"
        "Version","20261101000000"
        "OfferCode","AmazonEC2"

        """

    private static func cell(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }

    var csv: String {
        let lines = rows.map { row in columns.map { Self.cell(row[$0] ?? "") }.joined(separator: ",") }
        return Self.preamble + ([columns.map(Self.cell).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
    }

    private static let attributes = [
        "serviceCode": "servicecode", "Location": "location", "Location Type": "locationType",
        "Instance Type": "instanceType", "vCPU": "vcpu", "Physical Processor": "physicalProcessor",
        "Memory": "memory", "Network Performance": "networkPerformance",
        "Processor Architecture": "processorArchitecture", "Tenancy": "tenancy", "Operating System": "operatingSystem",
        "License Model": "licenseModel", "usageType": "usagetype", "operation": "operation",
        "CapacityStatus": "capacitystatus", "GPU": "gpu", "MarketOption": "marketoption",
        "Normalization Size Factor": "normalizationSizeFactor", "Pre Installed S/W": "preInstalledSw",
        "Region Code": "regionCode", "serviceName": "servicename",
    ]

    /// The same list as JSON.
    var json: String {
        var products: [String: Any] = [:]
        var terms: [String: [String: [String: [String: Any]]]] = [:]
        for (number, row) in rows.enumerated() {
            let (sku, type, term) = (row["SKU"] ?? "", row["TermType"] ?? "", row["OfferTermCode"] ?? "")
            var known: [String: String] = [:]
            for (column, key) in Self.attributes { known[key] = row[column] }
            products[sku] = ["sku": sku, "productFamily": row["Product Family"] ?? "", "attributes": known]
            let key = "\(sku).\(term)"
            var item =
                terms[type]?[sku]?[key] ?? [
                    "offerTermCode": term, "sku": sku, "effectiveDate": (row["EffectiveDate"] ?? "") + "T00:00:00Z",
                    "termAttributes": [
                        "LeaseContractLength": row["LeaseContractLength"], "PurchaseOption": row["PurchaseOption"],
                        "OfferingClass": row["OfferingClass"],
                    ].compactMapValues { $0 },
                ]
            var dimensions = item["priceDimensions"] as? [String: Any] ?? [:]
            dimensions["\(key).R\(number)"] =
                [
                    "unit": row["Unit"] ?? "", "beginRange": row["StartingRange"], "endRange": row["EndingRange"],
                    "pricePerUnit": [row["Currency"] ?? "USD": row["PricePerUnit"] ?? ""],
                ].compactMapValues { $0 } as [String: Any]
            item["priceDimensions"] = dimensions
            terms[type, default: [:]][sku, default: [:]][key] = item
        }
        let document: [String: Any] = [
            "formatVersion": "v1.0", "offerCode": "AmazonEC2", "version": "20261101000000", "products": products,
            "terms": terms,
        ]
        let data = (try? JSONSerialization.data(withJSONObject: document, options: [.prettyPrinted])) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}
